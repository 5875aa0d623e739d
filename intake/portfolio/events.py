"""events.ndjson: facts that have no file of their own, one envelope per line, kept as they are. Pure.

The first line says of which tenant and zone the export is: ids and bare dates hang on them. `index` is
the fact's place among all facts of the export, so that an import repeats the order of the log.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec

from intake.portfolio.cells import FIRST_YEAR, instant_text
from intake.portfolio.rows import Verdicts
from store.admission import CLOCK_SKEW
from store.errors import Invalid
from store.events import Fact, dump, parse
from store.ids import EventId, StreamId, TenantId, is_uuid
from store.log import Draft, Event

_STREAM = re.compile(r"[a-z_]+(?:/[^\s/]{1,200})?")
_REMEDY = "Take the line as `leeway export` wrote it."


class Preamble(msgspec.Struct, frozen=True, kw_only=True):
    """The first line. `timezone` is what bare dates in the files beside it mean."""

    leeway_export: int = 1
    tenant_id: TenantId
    timezone: str


class Envelope(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One fact with its circumstances."""

    type: str
    version: int
    stream_id: StreamId
    event_id: EventId
    occurred_at: datetime
    recorded_at: datetime
    source: str
    actor_id: str | None = None
    causation_id: str | None = None
    correlation_id: str | None = None
    index: int | None = None
    payload: msgspec.Raw


@dataclass(frozen=True, slots=True)
class Carried:
    """A fact of events.ndjson, ready to be appended; `index` is its place, if it has one."""

    line: int
    stream_id: StreamId
    draft: Draft
    index: int | None


@dataclass(slots=True)
class EventsFile:
    """What events.ndjson holds."""

    preamble: Preamble | None = None
    carried: list[Carried] = field(default_factory=list)


_ENVELOPE = msgspec.json.Decoder(Envelope)


def read_events(lines: Iterable[str], tenant_id: TenantId, verdicts: Verdicts) -> EventsFile:
    """The good lines. `Invalid` when the file is of another tenant: the ids in it would point nowhere."""
    found = EventsFile()
    seen: set[EventId] = set()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        if number == 1 and '"leeway_export"' in line:
            found.preamble = _preamble(line, tenant_id)
            continue
        verdicts.report.rows += 1
        try:
            carried = _carried(number, line)
        except (msgspec.DecodeError, UnicodeEncodeError) as error:
            verdicts.refuse(number, "broken_line", f"an event as JSON ({error})", _REMEDY, value=line.strip())
        except Invalid as error:
            verdicts.refuse(number, error.code, error.detail, error.remedy)
        else:
            if carried.draft.event_id in seen:
                verdicts.refuse(
                    number,
                    "duplicate_id",
                    "each event_id once",
                    "Keep one of the two.",
                    column="event_id",
                    value=carried.draft.event_id,
                )
                continue
            seen.add(carried.draft.event_id)
            found.carried.append(carried)
    return found


def write_events(preamble: Preamble, events: Iterable[tuple[int, Event]]) -> bytes:
    """The file of these events with their places."""
    lines = [msgspec.json.encode(preamble), *(_line(index, event) for index, event in events)]
    return b"\n".join(lines) + b"\n"


def _line(index: int, event: Event) -> bytes:
    envelope: dict[str, Any] = {
        "index": index,
        "type": event.fact.TYPE,
        "version": event.fact.VERSION,
        "stream_id": event.stream_id,
        "event_id": event.event_id,
        "occurred_at": instant_text(event.occurred_at),
        "recorded_at": instant_text(event.recorded_at),
        "source": event.source,
        "actor_id": event.actor_id,
        "causation_id": event.causation_id,
        "correlation_id": event.correlation_id,
        "payload": msgspec.Raw(dump(event.fact)),
    }
    return msgspec.json.encode({name: value for name, value in envelope.items() if value is not None})


def _preamble(line: str, tenant_id: TenantId) -> Preamble:
    try:
        preamble = msgspec.json.decode(line, type=Preamble)
    except msgspec.DecodeError as error:
        raise Invalid("export_unreadable", f"The first line is not an export's: {error}.", remedy=_REMEDY) from error
    if preamble.leeway_export != 1:
        raise Invalid(
            "export_newer", f"The export has version {preamble.leeway_export}; this program reads 1.", remedy="Upgrade."
        )
    if preamble.tenant_id != tenant_id:
        raise Invalid(
            "other_tenant",
            "The facts in events.ndjson belong to a tenant of another slug; their ids would point nowhere.",
            remedy="Nothing was imported. Import under the slug that was exported, or leave events.ndjson out.",
        )
    return preamble


def _carried(number: int, line: str) -> Carried:
    envelope = _ENVELOPE.decode(line)
    fact = parse(envelope.type, envelope.version, bytes(envelope.payload))
    _check(envelope, fact)
    draft = Draft(
        event_id=envelope.event_id,
        fact=fact,
        occurred_at=envelope.occurred_at.astimezone(UTC),
        recorded_at=envelope.recorded_at.astimezone(UTC),
        source=envelope.source,
        actor_id=envelope.actor_id,
        causation_id=envelope.causation_id,
        correlation_id=envelope.correlation_id,
    )
    return Carried(number, envelope.stream_id, draft, envelope.index)


def _check(envelope: Envelope, fact: Fact) -> None:
    if not is_uuid(envelope.event_id):
        raise Invalid("bad_event_id", "an event_id that is a UUID in lower case", remedy=_REMEDY)
    if not _STREAM.fullmatch(envelope.stream_id):
        raise Invalid("bad_stream_id", "a stream_id such as plan/PROJECT", remedy=_REMEDY)
    for at in (envelope.occurred_at, envelope.recorded_at):
        if at.tzinfo is None or at.year <= FIRST_YEAR - 1 or at.year >= 9999:
            raise Invalid("date_out_of_range", f"an instant with offset from {FIRST_YEAR} to 9998", remedy=_REMEDY)
    if not all(number.is_finite() for number in _numbers(msgspec.to_builtins(fact, builtin_types=(Decimal,)))):
        raise Invalid("not_finite", "finite numbers", remedy=_REMEDY)
    if envelope.occurred_at - envelope.recorded_at > CLOCK_SKEW:
        raise Invalid("recorded_before_occurred", "a recorded_at that is not before occurred_at", remedy=_REMEDY)


def _numbers(value: object) -> Iterator[Decimal]:
    if isinstance(value, Decimal):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _numbers(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _numbers(inner)
