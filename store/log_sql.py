"""The log in PostgreSQL. See the port `store.log.Log`.

An append is one round trip: the function `append_facts` names the tenant for its transaction, lets
one writer at a time into a stream, checks the versions and inserts. Positions come from the sealer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from operator import itemgetter
from typing import Any, LiteralString

import msgspec
import psycopg

from store.admission import admit
from store.bulk_sql import CHUNK_ROWS, load
from store.collector import held_back
from store.conflicts import id_taken, same_or_conflict, stale_version
from store.connections import Connections, as_role
from store.ids import EventId, StreamId, TenantId
from store.keys import Keys, reveal
from store.keys_sql import SqlKeys
from store.log import NOW, BulkReport, Cut, Draft, Event, Head, Write, instant_text, replay_order
from store.log_rows import SELECT_LOG, Entry, columns_of, entry_of, event_of, subjects, subjects_of_rows
from store.sealing import pending, seal_all, seal_pending

PAGE_EVENTS = 5000
TRIES = 20

_APPEND = "select append_facts($1, $2, $3, $4)"
_APPEND_ONE = f"select append_fact({', '.join(f'${number}' for number in range(1, 16))})"
_SELECT: LiteralString = SELECT_LOG + "where tenant_id = %s "
_BY_POSITION: LiteralString = " order by position limit %s"
_BY_RECORDED: LiteralString = " order by recorded_at, position limit %s"


class SqlLog:
    """The log of one database. `url` may name the owner: then the roles are taken on as needed.

    `sealer_url` is needed only where something is sealed. Raises `Refused` at the first use of a
    server with durability switched off, unless `may_be_unsafe`, which is for tests.
    """

    def __init__(
        self,
        url: str,
        *,
        sealer_url: str | None = None,
        keys: Keys | None = None,
        most: int = 16,
        chunk_rows: int = CHUNK_ROWS,
        may_be_unsafe: bool = False,
    ) -> None:
        self.connections = Connections(as_role(url, "leeway_app"), most=most, may_be_unsafe=may_be_unsafe)
        self._chunk_rows = chunk_rows
        self.keys = keys or SqlKeys(self.connections)
        sealer = as_role(sealer_url or url, "leeway_sealer")
        self._sealer = Connections(sealer, most=2, may_be_unsafe=may_be_unsafe)

    def close(self) -> None:
        """Gives all connections back."""
        self.connections.close()
        self._sealer.close()

    def append(self, tenant_id: TenantId, writes: Sequence[Write], *, now: datetime) -> list[Event]:
        """See the port."""
        drafts = [draft for _stream_id, drafts, _expected in writes for draft in drafts]
        if not drafts:
            return []
        for stream_id, theirs, _expected in writes:
            for draft in theirs:
                admit(stream_id, draft)
        wanted = subjects(drafts)
        keys = self.keys.obtain(tenant_id, wanted) if wanted else {}
        entries = {id(draft): entry_of(draft, keys) for draft in drafts}
        streams, placed = _arranged(writes, entries)
        for _ in range(TRIES):
            try:
                starts = self._append(tenant_id, streams, placed, now)
                break
            except (psycopg.errors.UniqueViolation, StaleStream) as error:
                events = _events(tenant_id, placed, [0] * len(streams), now)
                stored = self.find(tenant_id, [event.event_id for event in events])
                if stored:
                    return same_or_conflict(events, stored)
                if isinstance(error, StaleStream):
                    raise error.conflict() from error
                if len({event.event_id for event in events}) < len(events):
                    raise id_taken([event.event_id for event in events]) from error
        return [_revealed(event, keys) for event in _events(tenant_id, placed, starts, now)]

    def bulk(
        self,
        tenant_id: TenantId,
        rows: Iterable[tuple[StreamId, Draft]],
        *,
        now: datetime,
        progress: Callable[[int], None] = lambda _count: None,
    ) -> BulkReport:
        """See the port. `progress` is told the size of each chunk once it is durable."""
        return load(
            self.connections, self.keys, tenant_id, rows, now=now, progress=progress, chunk_rows=self._chunk_rows
        )

    def read(self, tenant_id: TenantId, stream_id: StreamId, *, after_version: int = 0) -> list[Event]:
        """See the port."""
        query = _SELECT + "and stream_id = %s and stream_version > %s order by stream_version"
        return self._events_of(tenant_id, query, (stream_id, after_version))

    def read_many(self, tenant_id: TenantId, stream_ids: Sequence[StreamId], *, cut: Cut = NOW) -> list[Event]:
        """See the port."""
        query = _SELECT + "and stream_id = any(%s)"
        values: list[object] = [sorted(set(stream_ids))]
        if cut.basis == "recorded" and cut.recorded_at is not None:
            query += " and recorded_at <= %s"
            values.append(cut.recorded_at)
        if cut.basis == "position" and cut.position is not None:
            query += " and position <= %s"
            values.append(cut.position)
        order = replay_order if cut.basis == "recorded" else _own_order
        return sorted(self._events_of(tenant_id, query + " order by stream_id, stream_version", values), key=order)

    def read_all(self, tenant_id: TenantId, *, cut: Cut = NOW) -> Iterator[Event]:
        """See the port. Read page by page, so that the whole log need not fit into memory."""
        if cut.basis == "recorded":
            yield from self._replay(tenant_id, cut.recorded_at)
            return
        position, last = 0, cut.position if cut.position is not None else self.head(tenant_id).position
        while page := self.follow(tenant_id, after_position=position, limit=min(PAGE_EVENTS, last - position)):
            yield from page
            position = page[-1].position or last

    def follow(self, tenant_id: TenantId, *, after_position: int, limit: int = 1000) -> list[Event]:
        """See the port."""
        if limit <= 0:
            return []
        return self._events_of(tenant_id, _SELECT + "and position > %s" + _BY_POSITION, (after_position, limit))

    def find(self, tenant_id: TenantId, event_ids: Sequence[EventId]) -> list[Event]:
        """See the port."""
        events = self._events_of(tenant_id, _SELECT + "and event_id = any(%s::uuid[])", (list(event_ids),))
        by_id = {event.event_id: event for event in events}
        return [by_id[event_id] for event_id in event_ids if event_id in by_id]

    def seal(self, tenant_id: TenantId) -> int:
        """See the port."""
        return seal_all(self._sealer, tenant_id)

    def seal_pending(self) -> dict[TenantId, int]:
        """Seals up to a batch of every tenant that waits, with one commit; returns how many events of whom."""
        return seal_pending(self._sealer)

    def pending_tenants(self) -> list[TenantId]:
        """See the port."""
        return pending(self._sealer)

    def head(self, tenant_id: TenantId) -> Head:
        """See the port."""
        rows = self.connections.ask(
            tenant_id, "select position, hash from chain_heads where tenant_id = %s", (tenant_id,)
        )
        return Head(*rows[0]) if rows else Head()

    def _append(
        self, tenant_id: TenantId, streams: list[dict[str, Any]], placed: list[Placed], now: datetime
    ) -> list[int]:
        """The versions that the streams were at."""
        try:
            if len(placed) == len(streams) == 1:
                values = (tenant_id, instant_text(now), *_one(streams[0], placed[0][3]))
                return [int(self.connections.call("append_fact", _APPEND_ONE, values) or 0)]
            lists = (tenant_id, instant_text(now), msgspec.json.encode(streams).decode(), _facts(placed))
            answer = self.connections.call("append_facts", _APPEND, lists)
        except psycopg.Error as error:
            if error.sqlstate == "LW001":
                raise StaleStream(error.diag.message_detail or "{}") from error
            raise
        return [int(number) for number in (answer or b"{}")[1:-1].split(b",")]

    def _replay(self, tenant_id: TenantId, until: datetime | None) -> Iterator[Event]:
        last: tuple[object, ...] = ("-infinity", 0)
        limit = "infinity" if until is None else until
        query = _SELECT + "and position is not null and (recorded_at, position) > (%s, %s) and recorded_at <= %s"
        while page := self._events_of(tenant_id, query + _BY_RECORDED, (*last, limit, PAGE_EVENTS)):
            yield from page
            last = (page[-1].recorded_at, page[-1].position)

    def _events_of(self, tenant_id: TenantId, query: LiteralString, values: Sequence[object]) -> list[Event]:
        rows = self.connections.ask(tenant_id, query, (tenant_id, *values))
        wanted = subjects_of_rows(rows)
        keys = self.keys.read(tenant_id, wanted) if wanted else {}
        with held_back(is_worth_it=len(rows) >= PAGE_EVENTS):
            return [event_of(row, keys) for row in rows]


class StaleStream(Exception):
    """A stream is not at the version its writer expected."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self._detail = msgspec.json.decode(detail)

    def conflict(self) -> Exception:
        """The error as callers know it."""
        return stale_version(self._detail["stream_id"], self._detail["expected"], self._detail["current"])


Placed = tuple[int, StreamId, int, Entry]
"""Number of the stream in this append (from 1), its id, the entry's number in it (from 1), the entry."""


def _arranged(writes: Sequence[Write], entries: dict[int, Entry]) -> tuple[list[dict[str, Any]], list[Placed]]:
    """The streams in order of their ids with what is expected of them, and each entry with its place."""
    streams = [{"id": stream_id, "expected": expected} for stream_id, _drafts, expected in writes]
    streams.sort(key=itemgetter("id"))
    numbers = {stream["id"]: number for number, stream in enumerate(streams, start=1)}
    counts: dict[StreamId, int] = {}
    placed: list[Placed] = []
    for stream_id, drafts, _expected in writes:
        for draft in drafts:
            counts[stream_id] = counts.get(stream_id, 0) + 1
            placed.append((numbers[stream_id], stream_id, counts[stream_id], entries[id(draft)]))
    return streams, placed


def _one(stream: dict[str, Any], entry: Entry) -> tuple[str | None, ...]:
    draft, expected = entry.draft, stream["expected"]
    return (
        stream["id"],
        None if expected is None else str(expected),
        draft.event_id,
        entry.fact.TYPE,
        str(entry.fact.VERSION),
        instant_text(draft.occurred_at),
        instant_text(draft.recorded_at),
        draft.actor_id,
        draft.source,
        draft.causation_id,
        draft.correlation_id,
        msgspec.json.encode(entry.subject_keys).decode() if entry.subject_keys else "{}",
        entry.body.decode(),
    )


def _facts(placed: list[Placed]) -> str:
    rows = [
        {"stream": number, "stream_id": stream_id, "nth": nth, **columns_of(entry)}
        for number, stream_id, nth, entry in placed
    ]
    return msgspec.json.encode(rows).decode()


def _events(tenant_id: TenantId, placed: list[Placed], starts: list[int], now: datetime) -> list[Event]:
    return [
        Event(
            tenant_id=tenant_id,
            stream_id=stream_id,
            stream_version=starts[number - 1] + nth,
            event_id=entry.draft.event_id,
            fact=entry.fact,
            occurred_at=entry.draft.occurred_at,
            recorded_at=entry.draft.recorded_at,
            appended_at=now,
            source=entry.draft.source,
            actor_id=entry.draft.actor_id,
            causation_id=entry.draft.causation_id,
            correlation_id=entry.draft.correlation_id,
            type=entry.fact.TYPE,
            schema_version=entry.fact.VERSION,
            subject_keys=entry.subject_keys,
            body=entry.body,
        )
        for number, stream_id, nth, entry in placed
    ]


def _revealed(event: Event, keys: Mapping[str, bytes]) -> Event:
    if not event.subject_keys:
        return event
    return replace(event, fact=reveal(event.fact, event.event_id, event.subject_keys, keys))


def _own_order(event: Event) -> tuple[int, str, int]:
    return (event.position or 2**62, event.stream_id, event.stream_version)
