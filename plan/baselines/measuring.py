"""What a plan amounted to at an instant, and how far another one lies from it: in dates, hours and cost. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from plan.baselines.knowing import Surroundings
from plan.calendar import Calendar
from plan.money import statement
from store.projections.projects.state import Baseline, ProjectState, Task

NO_HOURS = Decimal(0)
Change = Literal["kept", "added", "removed"]


@dataclass(frozen=True, slots=True)
class Line:
    """A task as it was planned."""

    name: str
    starts_on: date | None
    due_on: date | None
    hours: Decimal | None


@dataclass(frozen=True, slots=True)
class Figures:
    """A plan in figures. `hours` and `cost` are those at completion, in `currency`; None with reasons in `missing`.

    `has_all_tasks`: false for a baseline of the project alone, which says nothing of its tasks.
    """

    go_live_on: date | None
    lines: Mapping[str, Line]
    hours: Decimal | None
    cost: Decimal | None
    currency: str
    missing: tuple[str, ...] = ()
    has_all_tasks: bool = True


@dataclass(frozen=True, slots=True)
class TaskVariance:
    """How a task differs. Days are working days of the project; positive is later, or more."""

    task_id: str
    name: str
    change: Change
    starts_days: int | None
    due_days: int | None
    hours: Decimal | None

    @property
    def is_different(self) -> bool:
        """Whether there is anything to tell."""
        return self.change != "kept" or any((self.starts_days, self.due_days, self.hours))


@dataclass(frozen=True, slots=True)
class Variance:
    """Present less baseline: positive is later, or more. None is "not assessed", with the reason in `missing`."""

    go_live_days: int | None
    hours: Decimal | None
    cost: Decimal | None
    tasks: tuple[TaskVariance, ...]
    missing: tuple[str, ...]


def figures_of(known: Surroundings) -> Figures:
    """The plan as known: open and finished tasks, the date in force, hours and cost at completion."""
    project, money = known.project, statement(known.project, known.tenant, known.people, known.as_of)
    hours = money.actual_hours + money.accrued_hours + money.etc_hours
    has_hours = bool(hours) or any(task.effort_hours is not None for task in project.tasks.values())
    reasons = money.missing if has_hours else (*money.missing, "no hours")
    return Figures(
        go_live_on=promised_on(project),
        lines={i: _line(task) for i, task in sorted(project.tasks.items()) if task.status != "cancelled"},
        hours=hours if has_hours else None,
        cost=money.eac,
        currency=money.currency,
        missing=tuple(reasons),
    )


def promised_on(project: ProjectState) -> date | None:
    """The date in force, else the due date of the last go-live task."""
    due = [t.due_on for t in project.tasks.values() if t.milestone == "go_live" and t.due_on]
    return project.committed_on or max(due, default=None)


def figures_of_lines(rows: Sequence[Baseline], project: ProjectState, currency: str) -> Figures:
    """A baseline that the source sent line by line; the line of no task is the project's own."""
    own = [row for row in rows if row.task_id is None]
    of_tasks = [row for row in rows if row.task_id is not None]
    cost = _total([row.cost for row in own or of_tasks])
    return Figures(
        go_live_on=next((row.due_on for row in reversed(own) if row.due_on), None) or _go_live_of(of_tasks, project),
        lines={row.task_id: _line_of(row, project) for row in of_tasks if row.task_id is not None},
        hours=_total([row.effort_hours for row in own or of_tasks]),
        cost=cost,
        currency=currency,
        missing=("the baseline was sent without cost",)
        if _total([row.cost for row in own or of_tasks]) is None
        else (),
        has_all_tasks=bool(of_tasks),
    )


def variance(base: Figures, present: Figures, calendar: Calendar) -> Variance:
    """How far `present` lies from `base`; amounts in two currencies are not held against each other."""
    reasons = {*base.missing, *present.missing}
    is_one_currency = base.currency == present.currency
    if not is_one_currency:
        reasons.add(f"the baseline is in {base.currency}, the plan in {present.currency}")
    return Variance(
        go_live_days=_days(calendar, base.go_live_on, present.go_live_on),
        hours=_less(present.hours, base.hours),
        cost=_less(present.cost, base.cost) if is_one_currency else None,
        tasks=tuple(_task_variances(base, present, calendar)) if base.has_all_tasks else (),
        missing=tuple(sorted(reasons)),
    )


def _task_variances(base: Figures, present: Figures, calendar: Calendar) -> list[TaskVariance]:
    found = []
    for task_id in sorted({*base.lines, *present.lines}):
        then, now = base.lines.get(task_id), present.lines.get(task_id)
        if then is None or now is None:
            only = then or now
            hours = only.hours if only else None
            sign = -1 if now is None else 1
            change: Change = "removed" if now is None else "added"
            delta = None if hours is None else sign * hours
            found.append(TaskVariance(task_id, only.name if only else "", change, None, None, delta))
            continue
        starts, due = (_days(calendar, a, b) for a, b in ((then.starts_on, now.starts_on), (then.due_on, now.due_on)))
        found.append(TaskVariance(task_id, now.name, "kept", starts, due, _less(now.hours, then.hours)))
    return [each for each in found if each.is_different]


def _line(task: Task) -> Line:
    return Line(task.name, task.planned_start_on, task.due_on, task.effort_hours)


def _line_of(row: Baseline, project: ProjectState) -> Line:
    task = project.tasks.get(row.task_id or "")
    return Line(task.name if task else "", row.start_on, row.due_on, row.effort_hours)


def _go_live_of(rows: Sequence[Baseline], project: ProjectState) -> date | None:
    marked = {task.task_id for task in project.tasks.values() if task.milestone == "go_live"}
    return max((row.due_on for row in rows if row.task_id in marked and row.due_on), default=None)


def _total(amounts: Sequence[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known, NO_HOURS) if known else None


def _days(calendar: Calendar, then: date | None, now: date | None) -> int | None:
    return None if then is None or now is None else calendar.working_days_between(then, now)


def _less(now: Decimal | None, then: Decimal | None) -> Decimal | None:
    return None if now is None or then is None else now - then
