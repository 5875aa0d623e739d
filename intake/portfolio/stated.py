"""Facts that rows state, before their instants are settled. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from intake.portfolio.cells import Zone
from intake.portfolio.columns import RECORDED_AT, Table
from intake.portfolio.history import history_fact
from intake.portfolio.references import Records
from intake.portfolio.rows import Row, Verdicts
from intake.portfolio.tables import HISTORY, RANKS, TABLES
from store.events import ChangeRequestDecided, Fact, InvoicePaid, TimeApproved
from store.ids import EventId, ProjectId


@dataclass(slots=True)
class Stated:
    """A fact with its place (file, line, number within the row) and what is known of its instants.

    `occurred_at` and `recorded_at` are None where the source does not say; `is_fixed` means that the
    row says when it was recorded; `is_late` means that an unknown instant is taken as late as can be, so
    that no replay learns of it too early; a `follows` fact is never recorded before the one it follows.
    `record` is what the fact creates, `mentions` what it is about.
    """

    fact: Fact
    event_id: EventId
    rank: int
    line: int
    number: int = 0
    occurred_at: datetime | None = None
    recorded_at: datetime | None = None
    is_fixed: bool = False
    is_planned: bool = False
    is_late: bool = False
    actor_id: str | None = None
    record: tuple[str, str] | None = None
    mentions: tuple[tuple[str, str], ...] = ()
    follows: Stated | None = None


def stated(
    row: Row, values: dict[str, Any], table: Table, records: Records, zone: Zone, verdicts: Verdicts
) -> list[Stated]:
    """The facts of one row, the record's own first; none when the row is refused."""
    if table is HISTORY:
        change = history_fact(row, values, records, verdicts)
        if change is None:
            return []
        fact, actor_id = change
    else:
        fact, actor_id = _fact(row, values, table, records), None
    first = Stated(
        fact,
        records.fact_id_of(table.name, *row.key),
        RANKS[table.name],
        row.line,
        is_planned=table.is_planned,
        actor_id=actor_id,
        record=(table.record, row.key[0]) if table.record else None,
        mentions=_mentions(row, table),
    )
    _date(first, row, table, zone)
    return [first, *_outcomes(first, row, table, records, zone)]


def _fact(row: Row, values: dict[str, Any], table: Table, records: Records) -> Fact:
    fields = {column.field: values[column.name] for column in table.columns if column.field}
    if table.record:
        fields["external_id"] = row.key[0]
        fields[table.id_field] = values[table.id_field]
    if table.name == "dependencies":
        fields["project_id"] = records.task_project[values["task_id"]]
    if table.name == "time_entries":
        fields["is_submitted"] = values["submitted_at"] is not None
    if table.name == "tasks":
        records.task_project[values["task_id"]] = values["project_id"]
    make: Callable[..., Fact] = table.fact or Fact
    return make(**fields, extra=row.extra)


def _date(first: Stated, row: Row, table: Table, zone: Zone) -> None:
    """What the row says of its instants. A planned day says when it was known at the latest, not when it happened."""
    at = row.values.get(table.at) if table.at else None
    if at is not None and not isinstance(at, datetime):
        at = zone.end_of_day(at)
    if table.name == "projects" and at is None and row.values["contract_signed_on"]:
        at = zone.end_of_day(row.values["contract_signed_on"])
    first.occurred_at = None if table.is_planned else at
    given = row.values[RECORDED_AT]
    first.is_fixed = given is not None
    first.recorded_at = given or row.values.get("submitted_at") or at


def _mentions(row: Row, table: Table) -> tuple[tuple[str, str], ...]:
    """The records that the source must have known when it knew this row: people, and for the plan its project, task."""
    found = []
    for column in table.columns:
        value = row.values[column.name]
        if column.ref in {"person", "party"} and isinstance(value, str):
            found.append(("person", value))
        elif value and table.is_plan_stream and column.ref in {"project", "task"}:
            found.append((column.ref, value))
    if table is HISTORY:
        found.append((row.values["entity"], row.values["entity_id"]))
        found.append(("person", row.values["actor_id"] or ""))
    return tuple(found)


def _outcomes(first: Stated, row: Row, table: Table, records: Records, zone: Zone) -> list[Stated]:
    """What became of the row's record later: approved, decided, paid."""
    fact: Fact
    values = row.values
    at: datetime | None = None
    match table.name:
        case "time_entries" if values["approved_at"]:
            fact, at = TimeApproved(entry_id=_id(first), project_id=_project(first)), values["approved_at"]
        case "change_requests" if values["decision"] not in {None, "pending"}:
            fact = ChangeRequestDecided(
                change_request_id=_id(first), project_id=_project(first), decision=values["decision"]
            )
            at = values["decided_at"]
        case "invoices" if values["paid_on"]:
            fact = InvoicePaid(invoice_id=_id(first), project_id=_project(first), paid_on=values["paid_on"])
            at = zone.end_of_day(values["paid_on"])
        case _:
            return []
    event_id = records.fact_id_of(table.name, *row.key, fact.TYPE)
    return [
        Stated(fact, event_id, first.rank, first.line, 1, at, at, is_late=True, follows=first),
    ]


def _id(first: Stated) -> str:
    table = TABLES[first.rank]
    return str(getattr(first.fact, table.id_field))


def _project(first: Stated) -> ProjectId:
    return ProjectId(getattr(first.fact, "project_id", ""))
