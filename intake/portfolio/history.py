"""A row of history.csv as the typed change it states, and back. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from intake.portfolio.cells import AMOUNT, DATE, ID, TEXT, Kind, Zone, choice, problem_of
from intake.portfolio.references import Records
from intake.portfolio.rows import Row, Verdicts
from store.events import (
    Fact,
    ProjectFieldChanged,
    ProjectGoLiveCommitted,
    ProjectGoLiveMoved,
    ProjectHealthReported,
    ProjectManagerChanged,
    ProjectStageChanged,
    ProjectStatusChanged,
    TaskDueMoved,
    TaskFieldChanged,
    TaskReassigned,
    TaskReestimated,
    TaskStartMoved,
    TaskStatusChanged,
)


@dataclass(frozen=True, slots=True)
class Change:
    """A field that Leeway understands: its fact, what its value may be, whether it may become unknown."""

    fact: type[Fact]
    field: str
    kind: Kind
    ref: str = ""
    may_be_blank: bool = False


CHANGES: Mapping[tuple[str, str], Change] = {
    ("task", "status"): Change(
        TaskStatusChanged, "status", choice("todo", "in_progress", "waiting", "done", "cancelled")
    ),
    ("task", "due_on"): Change(TaskDueMoved, "due_on", DATE, may_be_blank=True),
    ("task", "planned_start_on"): Change(TaskStartMoved, "planned_start_on", DATE, may_be_blank=True),
    ("task", "owner_id"): Change(TaskReassigned, "owner_id", ID, "party", may_be_blank=True),
    ("task", "effort_hours"): Change(TaskReestimated, "effort_hours", AMOUNT, may_be_blank=True),
    ("project", "status"): Change(
        ProjectStatusChanged, "status", choice("active", "on_hold", "live", "closed", "cancelled")
    ),
    ("project", "stage"): Change(ProjectStageChanged, "stage", ID),
    ("project", "go_live_on"): Change(ProjectGoLiveMoved, "go_live_on", DATE),
    ("project", "committed_go_live_on"): Change(ProjectGoLiveCommitted, "committed_go_live_on", DATE),
    ("project", "health"): Change(ProjectHealthReported, "health", TEXT),
    ("project", "manager_id"): Change(ProjectManagerChanged, "manager_id", ID, "person"),
}
BY_CHANGE = {change.fact: (entity, field, change) for (entity, field), change in CHANGES.items()}
_NO_ZONE = Zone()


def history_fact(
    row: Row, values: dict[str, Any], records: Records, verdicts: Verdicts
) -> tuple[Fact, str | None] | None:
    """The change and who made it (an actor nobody knows stays as written); None when the row is refused."""
    entity, field, cell = values["entity"], values["field"], values["value"]
    ids = {"project_id": values["project_id"]}
    if entity == "task":
        ids["task_id"] = values["entity_id"]
        if records.task_project.get(values["entity_id"]) != values["project_id"]:
            _refuse(row, verdicts, "task_of_other_project", "the project that the task belongs to", "project_id")
            return None
    elif values["entity_id"] != values["project_id"]:
        _refuse(row, verdicts, "entity_of_other_project", "the row's own project_id", "entity_id")
        return None
    actor = row.values["actor_id"]
    actor_id = (records.resolve("party", actor) or actor) if actor else None
    change = CHANGES.get((entity, field))
    if change is None:
        kept: Callable[..., Fact] = TaskFieldChanged if entity == "task" else ProjectFieldChanged
        return kept(**ids, field=field, value=cell), actor_id
    is_known, value = _value(change, cell, row, records, verdicts)
    return (change.fact(**ids, **{change.field: value}), actor_id) if is_known else None


def show_change(change: Change, fact: Fact, name_of: Callable[[str, str], str | None]) -> str | None:
    """The cell that states this change; None when its party has no name in the files."""
    value = getattr(fact, change.field)
    if value is None:
        return ""
    return name_of(change.ref, value) if change.ref else change.kind.show(value)


def _value(change: Change, cell: str, row: Row, records: Records, verdicts: Verdicts) -> tuple[bool, Any]:
    stripped = cell.strip()
    if not stripped:
        if not change.may_be_blank:
            verdicts.refuse(row.line, "blank", change.kind.expected, "Fill in value.", column="value")
        return change.may_be_blank, None
    try:
        value = change.kind.parse(cell if change.kind.is_verbatim else stripped, _NO_ZONE)
    except ValueError as error:
        code, expected, remedy = problem_of(change.kind, error)
        verdicts.refuse(row.line, code, expected, remedy, column="value", value=cell)
        return False, None
    if not change.ref:
        return True, value
    found = records.resolve(change.ref, value)
    if found is None:
        verdicts.refuse(
            row.line,
            f"unknown_{change.ref}",
            f"the id of a known {'person or contact' if change.ref == 'party' else change.ref}",
            "Mend the id, or add the row it names.",
            column="value",
            value=cell,
        )
    return found is not None, found


def _refuse(row: Row, verdicts: Verdicts, code: str, expected: str, column: str) -> None:
    verdicts.refuse(
        row.line,
        code,
        expected,
        "Compare project_id and entity_id with tasks.csv.",
        column=column,
        value=str(row.values[column]),
    )
