"""Recomputes a tenant's chain from the stored bytes and names the first place where it does not hold.

Covered: every column of every sealed event, their number and order, and the chain's head. Only a
head kept elsewhere (an anchor) can show that the newest events and the head were cut off together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, LiteralString, Protocol

from store.ids import StreamId, TenantId
from store.log import Event, Head, chain_hash, header
from store.log_rows import SELECT_LOG, unread_event_of

PAGE_EVENTS = 5000

_PAGE = SELECT_LOG + "where tenant_id = %s and position > %s order by position limit %s"
# Asked only after the bodies' hashes hold, so that the bytes are known to be JSON.
_OTHER_PAYLOAD = """
    select position from events where tenant_id = %s and position between %s and %s
    and payload is distinct from convert_from(body, 'UTF8')::jsonb order by position limit 1
"""
_UNSEALED = "select count(*) from events where tenant_id = %s and position is null"
_COUNT = "select count(*) from log_events where tenant_id = %s and position <= %s"
_HEAD = "select position, hash from chain_heads where tenant_id = %s"


class Asked(Protocol):
    """Who answers a question about one tenant: connections, or one transaction."""

    def ask(self, tenant_id: TenantId, query: LiteralString, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """The rows."""
        ...


@dataclass(frozen=True, slots=True)
class Fault:
    """Where the log does not hold: `code` is stable, `detail` a sentence."""

    code: str
    position: int
    detail: str
    event_id: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many events hold, the head that they compute to, how many wait unsealed, and the first fault."""

    events: int
    head: Head
    unsealed: int
    fault: Fault | None

    @property
    def is_clean(self) -> bool:
        """Whether everything holds."""
        return self.fault is None


class _Broken(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.detail)
        self.fault = fault


@dataclass(slots=True)
class _Chain:
    """What has been recomputed so far."""

    head: Head = field(default_factory=Head)
    versions: dict[StreamId, int] = field(default_factory=dict)

    def extend(self, row: tuple[Any, ...]) -> None:
        event, position = unread_event_of(row), self.head.position + 1
        if event.position != position:
            raise _Broken(_gap(event, position))
        computed = chain_hash(self.head.hash, header(event, position), event.body)
        if computed != event.hash:
            detail = f"The event at position {position} of {event.stream_id} was changed after it was sealed."
            raise _Broken(Fault("changed_event", position, detail, event.event_id))
        if row[17] is not None:
            detail = f"The event at position {position} waits for a seal that it has."
            raise _Broken(Fault("changed_event", position, detail, event.event_id))
        self._follow_stream(event, position)
        self.head = Head(position, computed)

    def _follow_stream(self, event: Event, position: int) -> None:
        expected = self.versions.get(event.stream_id, 0) + 1
        if event.stream_version != expected:
            detail = f"{event.stream_id} goes from version {expected - 1} to {event.stream_version}."
            raise _Broken(Fault("stream_gap", position, detail, event.event_id))
        self.versions[event.stream_id] = expected


def verify(
    connections: Asked,
    tenant_id: TenantId,
    *,
    anchor: Head | None = None,
    progress: Callable[[int], None] = lambda _count: None,
) -> Verdict:
    """Reads the whole log of a tenant (about 20 s for a million events) and stops at the first fault.

    `anchor` is a head that was exported earlier; `progress` is told how many more events hold.
    """
    chain, fault = _Chain(), None
    try:
        for page in _pages(connections, tenant_id):
            before = chain.head.position
            for row in page:
                chain.extend(row)
                _compare(anchor, chain.head)
            _check_payloads(connections, tenant_id, before + 1, chain.head.position)
            progress(chain.head.position - before)
        _check_end(connections, tenant_id, chain.head, anchor)
    except _Broken as broken:
        fault = broken.fault
    unsealed = connections.ask(tenant_id, _UNSEALED, (tenant_id,))[0][0]
    return Verdict(chain.head.position, chain.head, unsealed, fault)


def _pages(connections: Asked, tenant_id: TenantId) -> Iterator[list[tuple[Any, ...]]]:
    """Pages in order of position, up to the stored head: a sealer may be adding to the end meanwhile."""
    position = -(2**62)
    while True:
        stored = _stored_head(connections, tenant_id)
        rows = connections.ask(tenant_id, _PAGE, (tenant_id, position, PAGE_EVENTS))
        if rows:
            yield rows
            position = rows[-1][15]
        elif position >= stored.position or stored.position == 0:
            return
        else:
            detail = f"There are no events after position {max(position, 0)}, but {stored.position} were sealed."
            raise _Broken(Fault("missing_events", max(position, 0) + 1, detail))


def _stored_head(connections: Asked, tenant_id: TenantId) -> Head:
    rows = connections.ask(tenant_id, _HEAD, (tenant_id,))
    return Head(*rows[0]) if rows else Head()


def _check_payloads(connections: Asked, tenant_id: TenantId, first: int, last: int) -> None:
    rows = connections.ask(tenant_id, _OTHER_PAYLOAD, (tenant_id, first, last))
    if rows:
        detail = f"The searchable payload at position {rows[0][0]} says something else than the sealed bytes."
        raise _Broken(Fault("changed_payload", rows[0][0], detail))


def _check_end(connections: Asked, tenant_id: TenantId, computed: Head, anchor: Head | None) -> None:
    stored = _stored_head(connections, tenant_id)
    # The head moves with the events in one transaction: it may be ahead of what was read, never behind.
    if stored.position < computed.position or (stored.position == computed.position and stored.hash != computed.hash):
        raise _Broken(Fault("changed_head", stored.position, "The stored head is not the hash of the last event."))
    count = connections.ask(tenant_id, _COUNT, (tenant_id, computed.position))[0][0]
    if count != computed.position:
        detail = f"{count} events stand at the first {computed.position} positions."
        raise _Broken(Fault("position_taken_twice", computed.position, detail))
    if anchor is not None and anchor.position > computed.position:
        detail = f"The anchor speaks of {anchor.position} events; there are {computed.position}."
        raise _Broken(Fault("missing_events", computed.position + 1, detail))


def _compare(anchor: Head | None, head: Head) -> None:
    if anchor is not None and anchor.position == head.position and anchor.hash != head.hash:
        detail = f"The history up to position {head.position} is not the one of the anchor."
        raise _Broken(Fault("other_history", head.position, detail))


def _gap(event: Event, expected: int) -> Fault:
    if event.position is not None and event.position < expected:
        return Fault(
            "position_taken_twice", event.position, f"Two events have position {event.position}.", event.event_id
        )
    detail = f"There is no event at position {expected}; the next one is at {event.position}."
    return Fault("position_gap", expected, detail)
