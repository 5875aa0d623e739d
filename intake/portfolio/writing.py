"""Facts as the rows that would state them: what `stated` does, backwards. Pure.

A row written here is a proposal: `rendering` reads it again and keeps it only if the very same fact comes out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from intake.portfolio.cells import DATE, INSTANT, Zone, instant_text
from intake.portfolio.columns import RECORDED_AT, Column, Table
from intake.portfolio.history import BY_CHANGE, show_change
from intake.portfolio.references import kinds_of
from intake.portfolio.tables import BY_FACT, HISTORY
from store.events import (
    ChangeRequestDecided,
    Fact,
    InvoicePaid,
    ProjectFieldChanged,
    TaskFieldChanged,
    TimeApproved,
    TimeLogged,
)
from store.ids import TenantId, entity_id
from store.log import Event

CELL_CHARACTERS = 100_000
"""Longer texts travel in events.ndjson: readers of CSV have limits."""

ALWAYS_RECORDED = frozenset({"projects", "tasks"})
"""Other facts of the folder could pull these back, so their rows say when they were recorded."""

OUTCOMES: Mapping[type[Fact], tuple[str, str]] = {
    TimeApproved: ("entry_id", "approved_at"),
    ChangeRequestDecided: ("change_request_id", "decided_at"),
    InvoicePaid: ("invoice_id", "paid_on"),
}


@dataclass(slots=True)
class Written:
    """The row of a fact: its table, its cells by column (and by unknown column), and its record's id, if any.

    `facts` are the facts that it states, by recorded instant and place in the log.
    """

    table: Table
    cells: dict[str, str]
    record_id: str = ""
    extra: dict[str, str] = field(default_factory=dict)
    facts: list[tuple[datetime, int]] = field(default_factory=list)


class Names:
    """What the source calls each record, for those whose id comes from that name."""

    def __init__(self, events: Iterable[Event], tenant_id: TenantId, source: str) -> None:
        self._names: dict[str, tuple[str, str]] = {}
        for event in events:
            table = BY_FACT.get(type(event.fact))
            external_id = getattr(event.fact, "external_id", "")
            if table and table.record and external_id:
                found = getattr(event.fact, table.id_field)
                if found == entity_id(tenant_id, table.record, source, external_id):
                    self._names[found] = (table.record, external_id)

    def name_of(self, record: str, found: str) -> str | None:
        """The source's own id of a record of this kind (a party is a person or a contact)."""
        kind, external_id = self._names.get(found, ("", ""))
        return external_id if kind in kinds_of(record) else None


def written(event: Event, names: Names, zone: Zone) -> Written | None:
    """The row that could state this fact; None where no row can."""
    fact = event.fact
    table = BY_FACT.get(type(fact))
    row = _change(event, names) if table is None else _row(event, table, names, zone)
    if row is None or any(len(cell) > CELL_CHARACTERS for cell in (*row.cells.values(), *row.extra.values())):
        return None
    return row


def outcome_of(fact: Fact) -> tuple[str, dict[str, str]] | None:
    """For a fact that shares a row with its record's first one: the record's id, and the cells still to fill."""
    if type(fact) not in OUTCOMES:
        return None
    cells: dict[str, str] = {}
    if isinstance(fact, ChangeRequestDecided):
        cells["decision"] = fact.decision
    return getattr(fact, OUTCOMES[type(fact)][0]), cells


def add_outcome(row: Written, event: Event) -> bool:
    """Fills the row's cells for what became of its record; False when they are taken."""
    _record, column = OUTCOMES[type(event.fact)]
    found = outcome_of(event.fact)
    if found is None or row.cells.get(column):
        return False
    paid_on = getattr(event.fact, "paid_on", None)
    row.cells.update(found[1])
    row.cells[column] = paid_on.isoformat() if paid_on else instant_text(event.occurred_at)
    return True


def _row(event: Event, table: Table, names: Names, zone: Zone) -> Written | None:
    fact = event.fact
    extra = dict(getattr(fact, "extra", {}))
    known = {column.name for column in table.columns} | {RECORDED_AT, ""}
    if known & {key.strip() for key in extra} or any(key != key.strip() for key in extra):
        return None
    cells: dict[str, str] = {}
    for column in table.columns:
        cell = _cell(fact, column, names) if column.field else _own_cell(event, column, table)
        if cell is None or (column.is_required and not cell.strip()):
            return None
        cells[column.name] = cell
    cells[RECORDED_AT] = _recorded_at(event, table, zone)
    record_id = getattr(fact, table.id_field) if table.record else ""
    return Written(table, cells, record_id, extra)


def _cell(fact: Fact, column: Column, names: Names) -> str | None:
    value: Any = getattr(fact, column.field)
    if value is None or value == ():
        return ""
    if not column.ref:
        return value if isinstance(value, str) else column.kind.show(value)
    found = [names.name_of(column.ref, item) for item in (value if isinstance(value, tuple) else (value,))]
    return None if None in found else ";".join(name for name in found if name)


def _own_cell(event: Event, column: Column, table: Table) -> str:
    """A column whose value is in the envelope; what became of the record is filled in later."""
    if column.name == table.at and column.kind is INSTANT:
        return instant_text(event.occurred_at)
    if column.name == "submitted_at" and isinstance(event.fact, TimeLogged) and event.fact.is_submitted:
        return instant_text(event.recorded_at)
    return ""


def _recorded_at(event: Event, table: Table, zone: Zone) -> str:
    """Blank only where the row says it anyway."""
    at = next((column for column in table.columns if column.name == table.at), None)
    if at is None or table.is_planned or table.name in ALWAYS_RECORDED:
        return instant_text(event.recorded_at)
    own = event.occurred_at
    if isinstance(event.fact, TimeLogged) and event.fact.is_submitted:
        own = event.recorded_at
    elif at.kind is DATE:
        own = zone.end_of_day(getattr(event.fact, at.field))
    return "" if own == event.recorded_at else instant_text(event.recorded_at)


def _change(event: Event, names: Names) -> Written | None:
    fact = event.fact
    if isinstance(fact, (TaskFieldChanged, ProjectFieldChanged)):
        entity = "task" if isinstance(fact, TaskFieldChanged) else "project"
        name, value = fact.field, fact.value
    elif type(fact) in BY_CHANGE:
        entity, name, change = BY_CHANGE[type(fact)]
        shown = show_change(change, fact, names.name_of)
        if shown is None:
            return None
        value = shown
    else:
        return None
    project = names.name_of("project", getattr(fact, "project_id", ""))
    entity_name = names.name_of(entity, getattr(fact, f"{entity}_id"))
    if project is None or entity_name is None:
        return None
    actor = event.actor_id or ""
    cells = {
        "at": instant_text(event.occurred_at),
        "project_id": project,
        "entity": entity,
        "entity_id": entity_name,
        "field": name,
        "value": value,
        "actor_id": names.name_of("party", actor) or actor,
        RECORDED_AT: "" if event.recorded_at == event.occurred_at else instant_text(event.recorded_at),
    }
    return Written(HISTORY, cells)
