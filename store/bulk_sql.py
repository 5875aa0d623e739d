"""Bulk load: COPY into a staging table of this session, then one INSERT .. SELECT as the application role.

COPY into the log itself is refused under row-level security. Each chunk is one transaction: a
killed load leaves whole chunks, and a rerun finds them known and goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice

import msgspec
import psycopg

from store.admission import admit
from store.connections import Connection, Connections
from store.ids import EventId, StreamId, TenantId
from store.keys import Keys
from store.log import BulkReport, Draft, instant_text
from store.log_rows import Entry, entry_of, subjects

CHUNK_ROWS = 5000
TRIES = 20

_STAGING = """
    create temporary table if not exists staging (
      nth integer, stream_id text, event_id uuid, type text, schema_version smallint, occurred_at timestamptz,
      recorded_at timestamptz, actor_id text, source text, causation_id text, correlation_id text, subject_keys jsonb,
      body bytea
    ) on commit delete rows
"""
# A young table has no statistics, and the planner would read all of it once per chunk.
_NARROW = "select set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true)"
_COPY = "copy staging from stdin"
_INSERT = """
    insert into events (tenant_id, stream_id, stream_version, event_id, type, schema_version, occurred_at, recorded_at,
      appended_at, actor_id, source, causation_id, correlation_id, subject_keys, body, payload)
    with bases as materialized (
      select d.stream_id, (select coalesce(max(e.stream_version), 0) from log_events e
                           where e.tenant_id = %(tenant)s and e.stream_id = d.stream_id) as base
      from (select distinct stream_id from staging) d
    ), fresh as (
      -- A lookup for each row: a join might be planned as a scan of the whole log.
      select s.*, row_number() over (partition by s.stream_id order by s.nth) as nth_in_stream from staging s
      where (select true from log_events e where e.tenant_id = %(tenant)s and e.event_id = s.event_id limit 1) is null
    )
    select %(tenant)s::uuid, f.stream_id, b.base + f.nth_in_stream, f.event_id, f.type, f.schema_version,
      f.occurred_at, f.recorded_at, %(now)s::timestamptz, f.actor_id, f.source, f.causation_id, f.correlation_id,
      f.subject_keys, f.body, convert_from(f.body, 'UTF8')::jsonb
    from fresh f join bases b on b.stream_id = f.stream_id order by f.nth
"""
_DIFFERING = """
    select s.event_id from staging s where s.body <>
      (select e.body from log_events e where e.tenant_id = %s and e.event_id = s.event_id limit 1)
    order by s.nth
"""


def load(
    connections: Connections,
    keys: Keys,
    tenant_id: TenantId,
    rows: Iterable[tuple[StreamId, Draft]],
    *,
    now: datetime,
    progress: Callable[[int], None],
    chunk_rows: int = CHUNK_ROWS,
) -> BulkReport:
    """Loads chunk after chunk; see `store.log.Log.bulk`."""
    new = known = 0
    differing: list[EventId] = []
    for chunk in _chunks(rows, chunk_rows):
        entries, repeated, changed = _prepared(keys, tenant_id, chunk)
        inserted, found = _load_chunk(connections, tenant_id, entries, now)
        new += inserted
        known += len(entries) - inserted - len(found) + repeated
        differing += [*found, *changed]
        progress(len(chunk))
    return BulkReport(new, known, tuple(differing))


def _chunks(rows: Iterable[tuple[StreamId, Draft]], size: int) -> Iterator[list[tuple[StreamId, Draft]]]:
    iterator = iter(rows)
    while chunk := list(islice(iterator, size)):
        yield chunk


def _prepared(
    keys: Keys, tenant_id: TenantId, chunk: list[tuple[StreamId, Draft]]
) -> tuple[list[tuple[StreamId, Entry]], int, list[EventId]]:
    """The chunk's entries, each id once; how many came again with the same bytes, and which with others."""
    for stream_id, draft in chunk:
        admit(stream_id, draft)
    wanted = subjects([draft for _stream_id, draft in chunk])
    found = keys.obtain(tenant_id, wanted) if wanted else {}
    entries: dict[EventId, tuple[StreamId, Entry]] = {}
    repeated, changed = 0, []
    for stream_id, draft in chunk:
        entry = entry_of(draft, found)
        _first_stream, first = entries.setdefault(draft.event_id, (stream_id, entry))
        if first is entry:
            continue
        if first.body == entry.body:
            repeated += 1
        else:
            changed.append(draft.event_id)
    return list(entries.values()), repeated, changed


def _load_chunk(
    connections: Connections, tenant_id: TenantId, entries: list[tuple[StreamId, Entry]], now: datetime
) -> tuple[int, list[EventId]]:
    """How many were new, and which are there with other bytes. Another writer in the same stream means once more."""
    for left in range(TRIES - 1, -1, -1):
        try:
            return connections.in_tenant(tenant_id, lambda connection: _one_pass(connection, tenant_id, entries, now))
        except psycopg.errors.UniqueViolation:
            if not left:
                raise
    raise AssertionError("unreachable")


def _one_pass(
    connection: Connection, tenant_id: TenantId, entries: list[tuple[StreamId, Entry]], now: datetime
) -> tuple[int, list[EventId]]:
    connection.execute(_STAGING)
    with connection.cursor().copy(_COPY) as copy:
        for nth, (stream_id, entry) in enumerate(entries):
            copy.write_row(_row(nth, stream_id, entry))
    connection.execute(_NARROW)
    inserted = connection.execute(_INSERT, {"tenant": tenant_id, "now": instant_text(now)}).rowcount
    if inserted == len(entries):
        return inserted, []
    return inserted, [EventId(row[0]) for row in connection.execute(_DIFFERING, (tenant_id,)).fetchall()]


def _row(nth: int, stream_id: StreamId, entry: Entry) -> tuple[object, ...]:
    draft = entry.draft
    return (
        nth,
        stream_id,
        draft.event_id,
        entry.fact.TYPE,
        entry.fact.VERSION,
        instant_text(draft.occurred_at),
        instant_text(draft.recorded_at),
        draft.actor_id,
        draft.source,
        draft.causation_id,
        draft.correlation_id,
        msgspec.json.encode(entry.subject_keys).decode(),
        entry.body,
    )
