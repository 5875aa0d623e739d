"""Live followers: woken by the sealer's notices (LISTEN/NOTIFY), by polling where notices do not come through.

A notice says only that there is something; what there is, is read from the log. A lost notice, or a
pooler between that passes none on, costs a moment and no event.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import psycopg

from store.connections import as_role, connect
from store.errors import Unavailable
from store.ids import TenantId
from store.log import Event, Log

POLL_SECONDS = 0.25
DOUBT_SECONDS = 5.0
"""How long a follower that is listening trusts that silence means that nothing was sealed."""
SETTLING_SECONDS = 2.0
_TURN_SECONDS = 0.5


class Notices:
    """One listening connection of a process, opened by the first who waits; shared by all its threads."""

    def __init__(self, url: str, *, may_listen: bool = True) -> None:
        self._url = as_role(url, "leeway_app")
        self._may_listen = may_listen
        self._sealed: dict[str, int] = {}
        self._changed = threading.Condition()
        self._is_listening = False
        self._since = 0.0
        self._is_over = False
        self._thread: threading.Thread | None = None

    @property
    def is_listening(self) -> bool:
        """Whether notices come through now."""
        return self._is_listening

    def wait(self, tenant_id: TenantId, after_position: int, *, seconds: float) -> None:
        """Returns once more may be sealed than `after_position`, or after a while: the caller looks anyway."""
        self._start()
        with self._changed:
            # What was sealed between the caller's look and the start of the listening had no notice.
            is_sure = self._is_listening and time.monotonic() - self._since > SETTLING_SECONDS
            patience = DOUBT_SECONDS if is_sure else POLL_SECONDS
            self._changed.wait_for(
                lambda: self._is_over or self._sealed.get(tenant_id, 0) > after_position, min(seconds, patience)
            )

    def close(self) -> None:
        """Ends the listening and wakes whoever waits."""
        with self._changed:
            self._is_over = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()

    def _start(self) -> None:
        with self._changed:
            if self._thread is None and self._may_listen:
                self._thread = threading.Thread(target=self._keep_listening, daemon=True)
                self._thread.start()

    def _keep_listening(self) -> None:
        while not self._is_over:
            with suppress(psycopg.Error, Unavailable):
                self._listen()
            self._say(is_listening=False)
            time.sleep(POLL_SECONDS)

    def _listen(self) -> None:
        with connect(self._url) as connection:
            connection.autocommit = True
            connection.execute("listen leeway_sealed")
            self._say(is_listening=True)
            while not self._is_over:
                for notice in connection.notifies(timeout=_TURN_SECONDS):
                    self._note(notice.payload)

    def _say(self, *, is_listening: bool) -> None:
        with self._changed:
            self._is_listening, self._since = is_listening, time.monotonic()

    def _note(self, payload: str) -> None:
        tenant_id, _, position = payload.partition(" ")
        with self._changed:
            self._sealed[tenant_id] = max(self._sealed.get(tenant_id, 0), int(position or 0))
            self._changed.notify_all()


def follow_live(
    log: Log, notices: Notices, tenant_id: TenantId, *, after_position: int, seconds: float, limit: int = 1000
) -> Iterator[list[Event]]:
    """Batches of sealed events as they come, none skipped, for so many seconds."""
    deadline, position = time.monotonic() + seconds, after_position
    while True:
        while events := log.follow(tenant_id, after_position=position, limit=limit):
            position = events[-1].position or position
            yield events
        left = deadline - time.monotonic()
        if left <= 0:
            return
        notices.wait(tenant_id, position, seconds=left)
