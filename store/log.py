"""The port to the log: what may be asked of it, whichever backend holds it. Pure.

Three times: `occurred_at` when it happened, `recorded_at` when the source knew it, `position`
(with `appended_at`) when this log got it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, Protocol

import msgspec

from store.events.fact import Fact
from store.ids import EventId, StreamId, TenantId

GENESIS = b"\x00" * 32


@dataclass(frozen=True, slots=True)
class Draft:
    """A fact about to be appended, with its circumstances."""

    event_id: EventId
    fact: Fact
    occurred_at: datetime
    recorded_at: datetime
    source: str
    actor_id: str | None = None
    causation_id: str | None = None
    correlation_id: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """A fact in the log. `position` and `hash` are None until it is sealed.

    `type`, `schema_version` and `body` are as stored and hashed (personal fields are ciphertext
    there); `fact` is the payload brought up to the present version, revealed where the key exists.
    `subject_keys` says which person's key encrypts which field.
    """

    tenant_id: TenantId
    stream_id: StreamId
    stream_version: int
    event_id: EventId
    fact: Fact
    occurred_at: datetime
    recorded_at: datetime
    appended_at: datetime
    source: str
    actor_id: str | None = None
    causation_id: str | None = None
    correlation_id: str | None = None
    type: str = ""
    schema_version: int = 1
    subject_keys: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    position: int | None = None
    hash: bytes | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """What was known at a moment: by this log's order, or by the source's own clock. No bound means all of it."""

    basis: Literal["position", "recorded"] = "position"
    position: int | None = None
    recorded_at: datetime | None = None

    def admits(self, event: Event) -> bool:
        """Whether the event was known at the cut. An unsealed event is newer than any position."""
        if self.basis == "recorded":
            return self.recorded_at is None or event.recorded_at <= self.recorded_at
        return self.position is None or (event.position is not None and event.position <= self.position)


NOW = Cut()


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a tenant's chain: how many events are sealed and the hash over all of them."""

    position: int = 0
    hash: bytes = GENESIS


@dataclass(frozen=True, slots=True)
class BulkReport:
    """What a bulk load did: how many facts were new, already there with the same bytes, and which ids differ."""

    new: int
    known: int
    differing: tuple[EventId, ...] = ()


Write = tuple[StreamId, Sequence[Draft], int | None]
"""A stream, what to append to it, and the version it must be at (None: whatever it is at)."""


class Log(Protocol):
    """An append-only log of several tenants. Every call names its tenant."""

    def append(self, tenant_id: TenantId, writes: Sequence[Write], *, now: datetime) -> list[Event]:
        """Appends to one or several streams, all or nothing, durable when it returns.

        A repeat of facts that are all there already (same ids, same bytes) returns the stored
        events. Raises `Conflict` ("stale_version", with the current version in `data`;
        "event_id_taken" when an id is there with other bytes).
        """
        ...

    def bulk(
        self,
        tenant_id: TenantId,
        rows: Iterable[tuple[StreamId, Draft]],
        *,
        now: datetime,
        progress: Callable[[int], None] = lambda _count: None,
    ) -> BulkReport:
        """Appends many facts in chunks; facts whose id is known stay as they are. A rerun completes a broken load."""
        ...

    def read(self, tenant_id: TenantId, stream_id: StreamId, *, after_version: int = 0) -> list[Event]:
        """A stream's events in order, sealed or not: a writer reads its own."""
        ...

    def read_many(self, tenant_id: TenantId, stream_ids: Sequence[StreamId], *, cut: Cut = NOW) -> list[Event]:
        """The events of several streams that the cut admits, in the order of the cut's basis."""
        ...

    def read_all(self, tenant_id: TenantId, *, cut: Cut = NOW) -> Iterable[Event]:
        """All sealed events that the cut admits, in the order of the cut's basis."""
        ...

    def follow(self, tenant_id: TenantId, *, after_position: int, limit: int = 1000) -> list[Event]:
        """The next sealed events."""
        ...

    def find(self, tenant_id: TenantId, event_ids: Sequence[EventId]) -> list[Event]:
        """The events of these ids that exist, in the order asked."""
        ...

    def seal(self, tenant_id: TenantId) -> int:
        """Gives positions and hashes to what is committed and unsealed; returns how many."""
        ...

    def pending_tenants(self) -> list[TenantId]:
        """The tenants that have something to seal."""
        ...

    def head(self, tenant_id: TenantId) -> Head:
        """The end of the tenant's chain."""
        ...


def instant_text(at: datetime) -> str:
    """An instant in its canonical form: UTC, microseconds, `Z`."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def header(event: Event, position: int) -> bytes:
    """The canonical bytes of the envelope around a payload: a JSON array in the order of log.md."""
    return msgspec.json.encode(
        [
            event.tenant_id,
            event.stream_id,
            event.stream_version,
            event.event_id,
            event.type,
            event.schema_version,
            instant_text(event.occurred_at),
            instant_text(event.recorded_at),
            position,
            instant_text(event.appended_at),
            event.actor_id,
            event.source,
            event.causation_id,
            event.correlation_id,
            event.subject_keys,
        ],
        order="sorted",
    )


def chain_hash(previous: bytes, head: bytes, body: bytes) -> bytes:
    """SHA-256 over the previous hash, the header and the payload, each length-prefixed."""
    digest = hashlib.sha256(previous)
    for part in (head, body):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()


def replay_order(event: Event) -> tuple[datetime, int, int]:
    """The order of the recorded basis: the source's clock, then this log's own order."""
    return (event.recorded_at, event.position or 2**62, event.stream_version)
