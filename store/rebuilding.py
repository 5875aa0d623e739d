"""Stored states made anew from the log beside the ones in use, and compared with them. Memory stays that of one batch.

A subject's events are read by its streams and folded in one go: nothing of the old states is read,
and no reader sees a half-built portfolio. The swap is one transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

import sqlalchemy as sa

from store import snapshots
from store.database import Database
from store.ids import StreamId, TenantId
from store.log import Cut, Event, Log
from store.projections.snapshot import dump_state, load_state
from store.projector import BY_NAME, PROJECTIONS, READER, Projection, fold_batch
from store.streams import subjects_of

BATCH_EVENTS = 20_000
BATCH_STATES = 500
_STREAMS = sa.text(
    "select stream_id, type, count(*) as events from log_events"
    " where tenant_id = :tenant_id and position <= :position group by stream_id, type order by stream_id, type"
)


@dataclass(frozen=True, slots=True)
class Fresh:
    """A subject's state from nothing but the log, and the position of its last event."""

    projection: str
    subject_id: str
    body: bytes
    position: int


def rebuild(
    database: Database, log: Log, tenant_id: TenantId, *, progress: Callable[[int], None] = lambda _count: None
) -> int:
    """Folds the log into new states beside the old ones, then swaps them; returns the position reached.

    Readers see the old states or the new ones, never a part. What a new fold sees otherwise is marked
    to be thought of again. A broken rebuild leaves the old states; the next one starts over.
    """
    target = log.head(tenant_id).position
    with database.tx(tenant_id) as connection:
        snapshots.drop_next(connection, tenant_id)
    for batch in _batches(fresh_states(database, log, tenant_id, target, progress=progress)):
        with database.tx(tenant_id) as connection:
            for name, states in batch.items():
                rows = [(state.subject_id, state.body, state.position) for state in states]
                snapshots.save(connection, tenant_id, snapshots.next_of(name), rows)
    with database.tx(tenant_id) as connection:
        reached = snapshots.position_of(connection, tenant_id, READER, is_locked=True)
        _swap(connection, tenant_id, target)
        _save_rows(connection, tenant_id)
        while target < reached and (events := log.follow(tenant_id, after_position=target, limit=BATCH_EVENTS)):
            fold_batch(connection, tenant_id, events)
            target = events[-1].position or target
        snapshots.advance(connection, tenant_id, READER, target)
    return target


def differences(
    database: Database, log: Log, tenant_id: TenantId, *, progress: Callable[[int], None] = lambda _count: None
) -> list[str]:
    """Subjects whose stored state is not, byte for byte, what a fresh fold of the log gives. Writes nothing."""
    with database.tx(tenant_id) as connection:
        position = snapshots.position_of(connection, tenant_id, READER)
        left = {(p.name, subject) for p in PROJECTIONS for subject in snapshots.subjects(connection, tenant_id, p.name)}
    found: list[tuple[str, str]] = []
    for batch in _batches(fresh_states(database, log, tenant_id, position, progress=progress)):
        with database.tx(tenant_id) as connection:
            for name, states in batch.items():
                stored = snapshots.load_at(connection, tenant_id, name, [state.subject_id for state in states])
                # What has moved on since is no difference: it is judged by the next call.
                judged = [s for s in states if stored.get(s.subject_id, (b"", 0))[1] <= position]
                found += [(name, s.subject_id) for s in judged if stored.get(s.subject_id, (b"", 0))[0] != s.body]
                left -= {(name, state.subject_id) for state in states}
    order = {projection.name: number for number, projection in enumerate(PROJECTIONS)}
    differing = sorted((*found, *left), key=lambda pair: (order[pair[0]], pair[1]))
    return [f"{name}/{subject}" if subject else name for name, subject in differing]


def fresh_states(
    database: Database,
    log: Log,
    tenant_id: TenantId,
    position: int,
    *,
    progress: Callable[[int], None] = lambda _count: None,
) -> Iterator[Fresh]:
    """Every subject's state at a position, projection by projection; `progress` is told how many events were folded."""
    for projection, subjects in _batched_subjects(database, tenant_id, position):
        streams = sorted({stream for theirs in subjects.values() for stream in theirs})
        of_subject: dict[str, list[Event]] = {subject: [] for subject in subjects}
        for event in log.read_many(tenant_id, streams, cut=Cut(position=position)):
            for name, subject in subjects_of(event.stream_id, event.type):
                if name == projection.name and subject in of_subject:
                    of_subject[subject].append(event)
        for subject, events in of_subject.items():
            body = dump_state(projection.fold(events, None))
            yield Fresh(projection.name, subject, body, events[-1].position or 0)
            progress(len(events))


def _batched_subjects(
    database: Database, tenant_id: TenantId, position: int
) -> Iterator[tuple[Projection, dict[str, set[StreamId]]]]:
    """Subjects with their streams, as many at a time as have about `BATCH_EVENTS` events between them."""
    with database.tx(tenant_id) as connection:
        rows = connection.execute(_STREAMS, {"tenant_id": tenant_id, "position": position}).all()
    streams: dict[tuple[str, str], set[StreamId]] = defaultdict(set)
    sizes: dict[tuple[str, str], int] = defaultdict(int)
    for row in rows:
        for key in subjects_of(row.stream_id, row.type):
            streams[key].add(row.stream_id)
            sizes[key] += row.events
    for projection in PROJECTIONS:
        batch: dict[str, set[StreamId]] = {}
        size = 0
        for key in sorted(key for key in streams if key[0] == projection.name):
            batch[key[1]] = streams[key]
            size += sizes[key]
            if size >= BATCH_EVENTS:
                yield projection, batch
                batch, size = {}, 0
        if batch:
            yield projection, batch


def _batches(states: Iterator[Fresh]) -> Iterator[dict[str, list[Fresh]]]:
    while batch := list(islice(states, BATCH_STATES)):
        by_name: dict[str, list[Fresh]] = defaultdict(list)
        for state in batch:
            by_name[state.projection].append(state)
        yield by_name


def _swap(connection: sa.Connection, tenant_id: TenantId, position: int) -> None:
    for projection in PROJECTIONS:
        changed = snapshots.swap(connection, tenant_id, projection.name)
        snapshots.mark(connection, tenant_id, [(projection.name, subject) for subject in changed], position)


def _save_rows(connection: sa.Connection, tenant_id: TenantId) -> None:
    for projection in BY_NAME.values():
        if projection.save_rows is None:
            continue
        subjects = iter(snapshots.subjects(connection, tenant_id, projection.name))
        while some := list(islice(subjects, BATCH_STATES)):
            stored = snapshots.load_at(connection, tenant_id, projection.name, some)
            states = [(s, load_state(body, projection.state_type), at) for s, (body, at) in sorted(stored.items())]
            projection.save_rows(connection, tenant_id, states)
