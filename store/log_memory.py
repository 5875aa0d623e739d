"""The log in memory: for tests, previews and replays. The same contract as the SQL log."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from store.admission import admit, body_of
from store.conflicts import id_taken, same_or_conflict, stale_version
from store.events import personal_fields
from store.ids import EventId, StreamId, TenantId
from store.keys import KEY_BYTES, Keys, conceal, reveal
from store.log import (
    NOW,
    BulkReport,
    Cut,
    Draft,
    Event,
    Head,
    Write,
    chain_hash,
    header,
    replay_order,
)


class MemoryKeys:
    """Keys of persons in a dictionary."""

    def __init__(self) -> None:
        self._keys: dict[tuple[str, str], bytes | None] = {}

    def obtain(self, tenant_id: TenantId, subject_ids: Iterable[str]) -> Mapping[str, bytes]:
        """See the port."""
        for subject_id in subject_ids:
            self._keys.setdefault((tenant_id, subject_id), os.urandom(KEY_BYTES))
        return self.read(tenant_id, subject_ids)

    def read(self, tenant_id: TenantId, subject_ids: Iterable[str]) -> Mapping[str, bytes]:
        """See the port."""
        found = {subject_id: self._keys.get((tenant_id, subject_id)) for subject_id in subject_ids}
        return {subject_id: key for subject_id, key in found.items() if key is not None}

    def destroy(self, tenant_id: TenantId, subject_id: str) -> None:
        """See the port."""
        self._keys[(tenant_id, subject_id)] = None


class MemoryLog:
    """Streams in dictionaries, sealed events in a list per tenant."""

    def __init__(self, keys: Keys | None = None) -> None:
        self._keys = keys or MemoryKeys()
        self._streams: dict[tuple[str, str], list[Event]] = {}
        self._ids: dict[tuple[str, str], tuple[str, int]] = {}
        self._sealed: dict[str, list[Event]] = {}
        self._pending: dict[str, list[Event]] = {}
        self._lock = threading.RLock()

    def append(self, tenant_id: TenantId, writes: Sequence[Write], *, now: datetime) -> list[Event]:
        """See the port."""
        with self._lock:
            events = [event for write in writes for event in self._prepare(tenant_id, write, now)]
            stored = self.find(tenant_id, [event.event_id for event in events])
            if stored:
                return same_or_conflict(events, stored)
            if len({event.event_id for event in events}) < len(events):
                raise id_taken([event.event_id for event in events])
            for stream_id, drafts, expected in writes:
                self._check_version(tenant_id, stream_id, expected, len(drafts))
            for event in events:
                self._store(event)
            return self.find(tenant_id, [event.event_id for event in events])

    def bulk(
        self,
        tenant_id: TenantId,
        rows: Iterable[tuple[StreamId, Draft]],
        *,
        now: datetime,
        progress: Callable[[int], None] = lambda _count: None,
    ) -> BulkReport:
        """See the port."""
        new = known = 0
        differing: list[EventId] = []
        with self._lock:
            for stream_id, draft in rows:
                (event,) = self._prepare(tenant_id, (stream_id, [draft], None), now)
                stored = self.find(tenant_id, [event.event_id])
                if not stored:
                    self._store(event)
                    new += 1
                elif stored[0].body == event.body:
                    known += 1
                else:
                    differing.append(event.event_id)
                progress(1)
        return BulkReport(new, known, tuple(differing))

    def read(self, tenant_id: TenantId, stream_id: StreamId, *, after_version: int = 0) -> list[Event]:
        """See the port."""
        return [self._open(event) for event in self._streams.get((tenant_id, stream_id), [])[after_version:]]

    def read_many(self, tenant_id: TenantId, stream_ids: Sequence[StreamId], *, cut: Cut = NOW) -> list[Event]:
        """See the port."""
        events = [event for stream_id in dict.fromkeys(stream_ids) for event in self.read(tenant_id, stream_id)]
        return sorted((event for event in events if cut.admits(event)), key=_order(cut))

    def read_all(self, tenant_id: TenantId, *, cut: Cut = NOW) -> list[Event]:
        """See the port."""
        events = [self._open(event) for event in self._sealed.get(tenant_id, []) if cut.admits(event)]
        return sorted(events, key=_order(cut))

    def follow(self, tenant_id: TenantId, *, after_position: int, limit: int = 1000) -> list[Event]:
        """See the port."""
        sealed = self._sealed.get(tenant_id, [])
        return [self._open(event) for event in sealed[after_position : after_position + limit]]

    def find(self, tenant_id: TenantId, event_ids: Sequence[EventId]) -> list[Event]:
        """See the port."""
        places = [self._ids.get((tenant_id, event_id)) for event_id in event_ids]
        return [self._open(self._streams[(tenant_id, place[0])][place[1] - 1]) for place in places if place]

    def seal(self, tenant_id: TenantId) -> int:
        """See the port."""
        with self._lock:
            pending = self._pending.pop(tenant_id, [])
            head = self.head(tenant_id)
            for offset, event in enumerate(pending, start=1):
                position = head.position + offset
                previous = self.head(tenant_id).hash
                sealed = replace(
                    event,
                    position=position,
                    hash=chain_hash(previous, header(event, position), event.body),
                )
                self._streams[(tenant_id, event.stream_id)][event.stream_version - 1] = sealed
                self._sealed.setdefault(tenant_id, []).append(sealed)
            return len(pending)

    def pending_tenants(self) -> list[TenantId]:
        """See the port."""
        return [TenantId(tenant_id) for tenant_id in sorted(self._pending)]

    def head(self, tenant_id: TenantId) -> Head:
        """See the port."""
        sealed = self._sealed.get(tenant_id)
        return Head(sealed[-1].position or 0, sealed[-1].hash or b"") if sealed else Head()

    def _prepare(self, tenant_id: TenantId, write: Write, now: datetime) -> list[Event]:
        stream_id, drafts, _expected = write
        version = len(self._streams.get((tenant_id, stream_id), []))
        return [self._event(tenant_id, stream_id, version + n, draft, now) for n, draft in enumerate(drafts, start=1)]

    def _event(
        self,
        tenant_id: TenantId,
        stream_id: StreamId,
        version: int,
        draft: Draft,
        now: datetime,
    ) -> Event:
        admit(stream_id, draft)
        keys = self._keys.obtain(tenant_id, personal_fields(draft.fact).values())
        fact, subject_keys = conceal(draft.fact, draft.event_id, keys)
        return Event(
            tenant_id=tenant_id,
            stream_id=stream_id,
            stream_version=version,
            event_id=draft.event_id,
            fact=fact,
            occurred_at=draft.occurred_at,
            recorded_at=draft.recorded_at,
            appended_at=now,
            source=draft.source,
            actor_id=draft.actor_id,
            causation_id=draft.causation_id,
            correlation_id=draft.correlation_id,
            type=fact.TYPE,
            schema_version=fact.VERSION,
            subject_keys=subject_keys,
            body=body_of(draft, fact),
        )

    def _open(self, event: Event) -> Event:
        if not event.subject_keys:
            return event
        keys = self._keys.read(event.tenant_id, event.subject_keys.values())
        return replace(event, fact=reveal(event.fact, event.event_id, event.subject_keys, keys))

    def _store(self, event: Event) -> None:
        stream = self._streams.setdefault((event.tenant_id, event.stream_id), [])
        stored = replace(event, stream_version=len(stream) + 1)
        stream.append(stored)
        self._ids[(event.tenant_id, event.event_id)] = (
            event.stream_id,
            stored.stream_version,
        )
        self._pending.setdefault(event.tenant_id, []).append(stored)

    def _check_version(
        self,
        tenant_id: TenantId,
        stream_id: StreamId,
        expected: int | None,
        _count: int,
    ) -> None:
        current = len(self._streams.get((tenant_id, stream_id), []))
        if expected is not None and expected != current:
            raise stale_version(stream_id, expected, current)


def _order(cut: Cut) -> Callable[[Event], tuple[object, ...]]:
    if cut.basis == "recorded":
        return replay_order
    return lambda event: (
        event.position or 2**62,
        event.stream_id,
        event.stream_version,
    )
