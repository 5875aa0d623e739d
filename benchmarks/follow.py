"""From a write to the follower that sees it, against LISTEN/NOTIFY: `.venv/bin/python benchmarks/follow.py [facts]`.

Ours: append (commit), seal, notice, and the follower reads the event from the log. Bare: one connection commits an
INSERT with a notice, another one hears it; nothing is read. Times run from the call of the write, so the durable
commit is in both (a notice may arrive before the commit returns). All ends are threads of this process. Facts come
at a steady rate, ours and bare in turns. Prints JSON.
"""

import json
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from store import embedded
from store.clock import SystemClock
from store.embedded import Server
from store.events import TaskStatusChanged
from store.following import SETTLING_SECONDS, Notices, follow_live
from store.ids import EventId, ProjectId, StreamId, TaskId, tenant_id_of
from store.log import Draft
from store.log_sql import SqlLog
from store.migrations import migrate

PER_SECOND = 50
ROUNDS = 3
SEAL_PAUSE_SECONDS = 0.02
GRACE_SECONDS = 10.0
TENANT_ID = tenant_id_of("follow")
CLOCK = SystemClock()

Write = Callable[[int], None]


class Stopwatch:
    """When the write of each number began and when it was seen."""

    def __init__(self) -> None:
        self.began: dict[int, float] = {}
        self.seen: dict[int, float] = {}

    def milliseconds(self) -> list[float]:
        both = self.began.keys() & self.seen.keys()
        return sorted((self.seen[number] - self.began[number]) * 1000 for number in both)


def pace(watch: Stopwatch, first: int, count: int, write: Write) -> None:
    """Writes at a steady rate, then waits until all is seen."""
    next_at = time.monotonic()
    for number in range(first, first + count):
        watch.began[number] = time.monotonic()
        write(number)
        next_at += 1 / PER_SECOND
        time.sleep(max(0.0, next_at - time.monotonic()))
    deadline = time.monotonic() + GRACE_SECONDS
    while len(watch.seen) < first + count and time.monotonic() < deadline:
        time.sleep(0.01)


@contextmanager
def threads(*targets: Callable[[threading.Event], None]) -> Any:
    """Runs each until the block ends."""
    is_over = threading.Event()
    running = [threading.Thread(target=target, args=(is_over,)) for target in targets]
    for thread in running:
        thread.start()
    time.sleep(SETTLING_SECONDS + 1)
    yield
    is_over.set()
    for thread in running:
        thread.join()


def ours(server: Server, watch: Stopwatch) -> tuple[SqlLog, Write, list[Callable[[threading.Event], None]]]:
    """The log, a writer, and what runs beside: a sealer as in service, a follower that is woken by notices."""
    log = SqlLog(server.app_url, sealer_url=server.sealer_url)
    notices = Notices(server.app_url)

    def write(number: int) -> None:
        now, project_id = CLOCK.now(), ProjectId("project-1")
        fact = TaskStatusChanged(task_id=TaskId(str(number)), project_id=project_id, status="done")
        draft = Draft(EventId(CLOCK.new_id()), fact, now, now, "benchmark")
        log.append(TENANT_ID, [(StreamId("plan/project-1"), [draft], None)], now=now)

    def seal(is_over: threading.Event) -> None:
        while not is_over.wait(SEAL_PAUSE_SECONDS):
            log.seal_pending()

    def follow(is_over: threading.Event) -> None:
        position = 0
        while not is_over.is_set():
            for events in follow_live(log, notices, TENANT_ID, after_position=position, seconds=0.5):
                at, position = time.monotonic(), events[-1].position or position
                watch.seen.update((int(getattr(event.fact, "task_id", 0)), at) for event in events)
        notices.close()

    return log, write, [seal, follow]


def bare(server: Server, watch: Stopwatch) -> tuple[Write, Callable[[threading.Event], None]]:
    """The least that PostgreSQL can do."""
    writer = psycopg.connect(server.owner_url, autocommit=True)
    writer.execute("create table bare (number integer primary key)")

    def write(number: int) -> None:
        with writer.transaction():
            writer.execute("insert into bare values (%s)", (number,))
            writer.execute("select pg_notify('bare', %s)", (str(number),))

    def listen(is_over: threading.Event) -> None:
        with psycopg.connect(server.owner_url, autocommit=True) as connection:
            connection.execute("listen bare")
            while not is_over.is_set():
                for notice in connection.notifies(timeout=0.5):
                    watch.seen[int(notice.payload)] = time.monotonic()

    return write, listen


def shares(found: list[float]) -> dict[str, float]:
    return {f"p{share}": round(found[min(len(found) - 1, len(found) * share // 100)], 1) for share in (50, 95)}


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 600
    each, watch, limit = count // ROUNDS, Stopwatch(), Stopwatch()
    with tempfile.TemporaryDirectory() as folder, embedded.start(Path(folder, "data")) as server:
        migrate(server.owner_url)
        log, write, targets = ours(server, watch)
        write_bare, listen = bare(server, limit)
        with threads(*targets, listen):
            for turn in range(ROUNDS):
                pace(limit, turn * each, each, write_bare)
                pace(watch, turn * each, each, write)
        log.close()
    found, least = shares(watch.milliseconds()), shares(limit.milliseconds())
    result = {
        "facts_per_second": PER_SECOND,
        "seal_pause_milliseconds": SEAL_PAUSE_SECONDS * 1000,
        "written": len(watch.began),
        "seen": len(watch.seen),
        "until_seen_milliseconds": found,
        "bare_notice_milliseconds": least,
        "beyond_bare_milliseconds": {name: round(found[name] - least[name], 1) for name in found},
    }
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
