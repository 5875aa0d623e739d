"""A log's facts as portfolio files that import to exactly the same facts. Pure.

A fact goes into a CSV row only if reading the row again gives its very id, content and instants, in its
place among the others; every other fact goes to events.ndjson. So the round trip is exact by construction.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from intake.portfolio.cells import Zone
from intake.portfolio.columns import RECORDED_AT, Table
from intake.portfolio.events import Preamble, write_events
from intake.portfolio.order import arranged, longest_rise
from intake.portfolio.parsing import Parsed, Placed, Progress, parse_portfolio
from intake.portfolio.reading import Budget, Opener, contents_of
from intake.portfolio.tables import MANDATORY, TABLES, TENANT
from intake.portfolio.transcripts import transcript_path
from intake.portfolio.writing import Names, Written, add_outcome, outcome_of, written
from store.errors import Invalid
from store.events import TenantConfigured, TranscriptReceived, dump
from store.ids import EventId, TenantId, fact_id
from store.log import Draft, Event

EVENTS = "events.ndjson"
SOURCE = "portfolio"
ROUNDS = 8
NO_LIMIT = Budget(limit=2**62)


@dataclass(slots=True)
class Rendered:
    """The files by relative name, and how many rows each holds."""

    files: dict[str, bytes] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)


def render_portfolio(events: Sequence[Event], tenant_id: TenantId, *, now: datetime, progress: Progress) -> Rendered:
    """The files of a tenant's facts, given in the log's order. `Invalid` when a fact cannot be carried at all."""
    pages = _Pages(events, tenant_id)
    for attempt in range(ROUNDS):
        progress("checking the export", attempt, None)
        rendered = pages.render()
        parsed = _read_again(rendered, tenant_id, now, progress)
        misfits = pages.misfits(parsed)
        if not misfits:
            return rendered
        # The last resort carries everything as it is.
        pages.left_out |= misfits if attempt < ROUNDS - 2 else {event.event_id for event in events}
    raise Invalid(
        "export_inexact", "A fact cannot be exported as it is.", remedy="Run `leeway verify`; nothing was written."
    )


class _Pages:
    """The facts with the rows that could state them; `left_out` are those that go to events.ndjson."""

    def __init__(self, events: Sequence[Event], tenant_id: TenantId) -> None:
        self._events = events
        self._tenant_id = tenant_id
        self._names = Names(events, tenant_id, SOURCE)
        self._zone = Zone(_timezone(events, tenant_id))
        self._places = {event.event_id: place for place, event in enumerate(events)}
        self.left_out = {event.event_id for event in events if not _may_stand_in_a_row(event)}

    def render(self) -> Rendered:
        """All facts, each in its row or in events.ndjson."""
        rendered = Rendered()
        tables: dict[str, list[Written]] = {name: [] for name in MANDATORY}
        by_record: dict[str, Written] = {}
        carried = []
        for place, event in enumerate(self._events):
            if event.event_id in self.left_out or not self._put(place, event, tables, by_record, rendered):
                carried.append((place, event))
        self.left_out |= {event.event_id for _place, event in carried}
        for name, unordered in tables.items():
            rows = [unordered[number] for number in arranged([row.facts for row in unordered])]
            file, body = _file(rows, next(table for table in TABLES if table.name == name))
            rendered.files[file], rendered.rows[file] = body, len(rows)
        preamble = Preamble(tenant_id=self._tenant_id, timezone=self._zone.name)
        rendered.files[EVENTS], rendered.rows[EVENTS] = write_events(preamble, carried), len(carried)
        return rendered

    def _put(
        self,
        place: int,
        event: Event,
        tables: dict[str, list[Written]],
        by_record: dict[str, Written],
        rendered: Rendered,
    ) -> bool:
        if isinstance(event.fact, TranscriptReceived):
            return self._put_transcript(event.fact, rendered)
        outcome = outcome_of(event.fact)
        if outcome:
            row = by_record.get(outcome[0])
            if row is None or not add_outcome(row, event):
                return False
        else:
            row = written(event, self._names, self._zone)
            if row is None:
                return False
            tables.setdefault(row.table.name, []).append(row)
            if row.record_id:
                by_record[row.record_id] = row
        row.facts.append((event.recorded_at, place))
        return True

    def _put_transcript(self, fact: TranscriptReceived, rendered: Rendered) -> bool:
        project = self._names.name_of("project", fact.project_id)
        path = transcript_path(project, fact) if project else None
        if path is None or path in rendered.files:
            return False
        rendered.files[path] = fact.text.encode()
        rendered.rows["transcripts"] = rendered.rows.get("transcripts", 0) + 1
        return True

    def misfits(self, parsed: Parsed) -> set[EventId]:
        """The facts that came back otherwise, or out of their order, and stood in a row."""
        found = {placed.draft.event_id: placed.draft for placed in parsed.facts}
        wrong = {event.event_id for event in self._events if not _is_same(found.get(event.event_id), event)}
        if wrong:
            if wrong <= self.left_out:
                raise _lost(next(event for event in self._events if event.event_id in wrong))
            return wrong - self.left_out
        in_rows = [placed for placed in parsed.facts if placed.draft.event_id not in self.left_out]
        places = [self._places[placed.draft.event_id] for placed in in_rows if placed.draft.event_id in self._places]
        kept = set(longest_rise(places))
        return _strangers(in_rows, self._places) | {
            self._events[place].event_id for place in places if place not in kept
        }


class _Nothing:
    """The knowledge of an empty log."""

    def find(self, _event_ids: Sequence[EventId], /) -> Iterable[Event]:
        """Nothing."""
        return ()

    def links(self, _project_ids: Iterable[str], /) -> Iterable[tuple[str, str]]:
        """None."""
        return ()

    def timezone(self) -> str | None:
        """Not configured."""
        return None


def _read_again(rendered: Rendered, tenant_id: TenantId, now: datetime, progress: Progress) -> Parsed:
    def opener(body: bytes) -> Opener:
        return lambda: io.BytesIO(body)

    budget = Budget(limit=NO_LIMIT.limit)
    contents = contents_of({name: opener(body) for name, body in rendered.files.items()}, budget)
    return parse_portfolio(contents, tenant_id, SOURCE, _Nothing(), budget, now=now, progress=progress)


def _may_stand_in_a_row(event: Event) -> bool:
    return event.source == SOURCE and event.causation_id is None and event.correlation_id is None


def _is_same(draft: Draft | None, event: Event) -> bool:
    return (
        draft is not None
        and draft.fact == event.fact
        and draft.occurred_at == event.occurred_at
        and draft.recorded_at == event.recorded_at
        and draft.actor_id == event.actor_id
        and draft.source == event.source
        and dump(draft.fact) == dump(event.fact)
    )


def _strangers(in_rows: Iterable[Placed], places: dict[EventId, int]) -> set[EventId]:
    """Facts that nobody wrote: a row that says more than it should. There are none unless a rule is broken."""
    return {placed.draft.event_id for placed in in_rows if placed.draft.event_id not in places}


def _timezone(events: Sequence[Event], tenant_id: TenantId) -> str:
    """The zone that bare dates had in the import: that of tenant.json, else the first one said."""
    configured = [event for event in events if isinstance(event.fact, TenantConfigured)]
    own = fact_id(tenant_id, SOURCE, TENANT.name)
    said = next((event for event in configured if event.event_id == own), configured[0] if configured else None)
    return said.fact.timezone if said and isinstance(said.fact, TenantConfigured) else "UTC"


def _file(rows: Sequence[Written], table: Table) -> tuple[str, bytes]:
    if table is TENANT:
        return "tenant.json", _tenant_json(rows[0])
    names = [column.name for column in table.columns]
    if any(row.cells.get(RECORDED_AT) for row in rows):
        names.append(RECORDED_AT)
    extra = sorted({name for row in rows for name in row.extra})
    text = io.StringIO()
    # RFC 4180 ends lines so; it also makes Python quote every cell with a line break of any kind.
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([*names, *extra])
    writer.writerows(
        [*(row.cells.get(name, "") for name in names), *(row.extra.get(name, "") for name in extra)] for row in rows
    )
    return f"{table.name}.csv", text.getvalue().encode()


def _tenant_json(row: Written) -> bytes:
    said: dict[str, Any] = {**row.cells, **row.extra}
    for name in ("weekdays", "holidays"):
        items = [item for item in row.cells[name].split(";") if item]
        said[name] = [int(item) for item in items] if name == "weekdays" else items
    said["hours_per_day"] = msgspec.Raw(row.cells["hours_per_day"].encode())
    return msgspec.json.format(msgspec.json.encode(said), indent=1) + b"\n"


def _lost(event: Event) -> Invalid:
    return Invalid(
        "export_inexact",
        f"The fact {event.event_id} ({event.fact.TYPE}) cannot be exported as it is.",
        remedy="Nothing was written. Run `leeway verify`.",
    )
