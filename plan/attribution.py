"""Which cause each slipped working day of a project belongs to. Pure.

The way the project really went is walked back from go-live, each time over the predecessor that
finished last, and held against the first plan, step by step. A step that took longer than planned
lost its last days; a step that took less wins back the days lost last before it. What is left is
exactly the slip, day by day, because the steps' differences telescope.

A lost day belongs to the task it was spent on: a hold, the customer's track (or internal work that
waits), an approval, work added after the first plan (scope), work not begun (capacity), work begun
(estimate). Concurrent delay: where several tasks that the same next step needs stood past their
first dates that day, the day is split equally among their causes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from plan.calendar import Calendar
from plan.staffing import calendar_of
from store.projections.projects.state import ProjectState, StatusMove, Task
from store.projections.tenants.fold import TenantState

CENT = Decimal("0.01")
SETTLING_DAYS = 10
"""Tasks recorded within so many working days of the project belong to its first plan."""


class Cause(StrEnum):
    """What a slipped day was spent on; `unknown` where the plan names no task for it."""

    CUSTOMER = "customer"
    APPROVAL = "approval"
    CAPACITY = "capacity"
    SCOPE = "scope"
    ESTIMATE = "estimate"
    ON_HOLD = "on_hold"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class LostDay:
    """A slipped working day: its causes, in equal parts, and the tasks it was spent on."""

    day: date
    causes: tuple[Cause, ...]
    task_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Delay:
    """A project's slip in working days, first commitment to go-live (or to now), and every day of it.

    `reason` says why nothing can be told; `slipped_days` is None then. `won_back_days` were lost
    and caught up again. `committed_days`: by how much the promise itself was moved.
    """

    original_on: date | None
    current_on: date | None
    ends_on: date
    is_final: bool
    slipped_days: int | None
    won_back_days: int = 0
    committed_days: int | None = None
    days: tuple[LostDay, ...] = ()
    reason: str = ""

    @property
    def by_cause(self) -> dict[Cause, Decimal]:
        """Days per cause to 1/100, adding up to the slip exactly."""
        return shares(self.days)


def shares(days: Iterable[LostDay]) -> dict[Cause, Decimal]:
    """Days per cause, equal parts of shared days; rounding goes to the largest remainders, so the sum is exact."""
    exact: dict[Cause, Fraction] = defaultdict(Fraction)
    total = 0
    for lost in days:
        total += 1
        for cause in lost.causes:
            exact[cause] += Fraction(1, len(lost.causes))
    cents = {cause: int(part * 100) for cause, part in exact.items()}
    by_remainder = sorted(exact, key=lambda cause: (-(exact[cause] * 100 - cents[cause]), cause))
    for cause in by_remainder[: total * 100 - sum(cents.values())]:
        cents[cause] += 1
    return {cause: cents[cause] * CENT for cause in Cause if cause in cents}


@dataclass(frozen=True, slots=True)
class Step:
    """One task of the way: when it was planned to end and when it ended; `needed`: all that its successor needed."""

    task: Task | None
    planned_on: date | None
    ended_on: date
    needed: tuple[Task, ...] = ()


@dataclass
class _Walk:
    """The project while its way is walked."""

    project: ProjectState
    calendar: Calendar
    starts_on: date
    ends_on: date
    settled_on: date
    holds: Sequence[tuple[date, date | None]]
    tasks: Mapping[str, Task] = field(default_factory=dict)

    def finish(self, task: Task) -> date:
        done_on = self.calendar.local_date(task.done_at) if task.done_at else self.ends_on
        return min(done_on, self.ends_on)

    def is_added(self, task: Task) -> bool:
        return self.calendar.local_date(task.created_at) > self.settled_on

    def before(self, task: Task | None, original_on: date) -> tuple[Task, ...]:
        """What the task (None: go-live itself) had to wait for; by due dates where the plan has no links at all."""
        if task and task.links:
            ids = (link.depends_on_id for link in task.links)
            return tuple(self.tasks[i] for i in ids if i in self.tasks)
        if task and any(t.links for t in self.tasks.values()):
            return ()
        limit = (task.first_due_on if task else None) or original_on
        dated = [(t.first_due_on, t) for t in self.tasks.values() if t.first_due_on and t is not task]
        return tuple(t for due_on, t in dated if due_on < limit or (task is None and due_on == limit))


def delay_of(project: ProjectState, tenant: TenantState, as_of: date) -> Delay:
    """The project's slip as it stands at the end of `as_of`, counted on its own calendar."""
    calendar = calendar_of(tenant, project.calendar_id)
    original_on = project.baseline_go_live_on or next((m.on for m in project.commitments if m.on), None)
    ended_at = project.live_at or project.ended_at
    ends_on = calendar.local_date(ended_at) if ended_at else as_of
    if original_on is None:
        return Delay(None, project.committed_on, ends_on, ended_at is not None, None, reason="no_commitment")
    moved = calendar.working_days_between(original_on, project.committed_on or original_on)
    slip = max(calendar.working_days_between(original_on, ends_on), 0)
    days, won_back = _lost_days(_walk(project, calendar, ends_on), original_on) if slip else ((), 0)
    return Delay(original_on, project.committed_on, ends_on, ended_at is not None, slip, won_back, moved, days)


def held(moves: Sequence[StatusMove], calendar: Calendar) -> tuple[tuple[date, date | None], ...]:
    """Days on hold: the first of each hold, and the first day after it (None while it lasts)."""
    after = [*moves, None][1:]
    return tuple(
        (calendar.local_date(move.at), calendar.local_date(end.at) if end else None)
        for move, end in zip(moves, after, strict=True)
        if move.status == "on_hold"
    )


def _walk(project: ProjectState, calendar: Calendar, ends_on: date) -> _Walk:
    approved = [b.approved_at for b in project.baselines]
    planned_at = min(approved) if approved else project.created_at
    planned_on = calendar.local_date(planned_at) if planned_at else ends_on
    settled_on = calendar.add_working_days(planned_on, SETTLING_DAYS) if any(calendar.weekday_hours) else planned_on
    created_on = calendar.local_date(project.created_at) if project.created_at else ends_on
    kept = {i: task for i, task in sorted(project.tasks.items()) if task.status != "cancelled"}
    starts_on = project.contract_signed_on or created_on
    return _Walk(project, calendar, starts_on, ends_on, settled_on, held(project.status_moves, calendar), kept)


def _way(walk: _Walk, original_on: date) -> list[Step]:
    """The steps to go-live in order, the last being go-live itself."""
    go_lives = [task for task in walk.tasks.values() if task.milestone == "go_live"]
    at = max(go_lives, key=lambda task: (walk.finish(task), task.task_id), default=None)
    steps, seen = [Step(at, original_on, walk.ends_on, (at,) if at else ())], {at.task_id if at else ""}
    while True:
        before = tuple(task for task in walk.before(at, original_on) if task.task_id not in seen)
        if not before:
            return steps[::-1]
        at = max(before, key=lambda task: (walk.finish(task), task.first_due_on or date.min, task.task_id))
        seen.add(at.task_id)
        is_added = walk.is_added(at)
        if is_added or at.first_due_on:
            steps.append(Step(at, None if is_added else at.first_due_on, walk.finish(at), before))


def _lost_days(walk: _Walk, original_on: date) -> tuple[tuple[LostDay, ...], int]:
    """The days of the slip in order, and how many more were lost and won back."""
    index, lost, credit, won_back = walk.calendar.index, list[LostDay](), 0, 0
    for step, planned, start, end in _spans(walk, original_on):
        surplus = index(end) - index(start) - planned
        used = min(credit, max(surplus, 0))
        credit -= used
        lost += [_lost(walk, step, index(end) - n) for n in range(surplus - used - 1, -1, -1)]
        regained = min(len(lost), max(-surplus, 0))
        won_back += regained
        credit += max(-surplus, 0) - regained
        del lost[len(lost) - regained :]
    return tuple(lost), won_back


def _spans(walk: _Walk, original_on: date) -> list[tuple[Step, int, date, date]]:
    """Each step with its planned working days, its real start and its real end, made to follow one another."""
    steps = _way(walk, original_on)
    planned_on = ended_on = min(walk.starts_on, original_on)
    found = []
    for step in steps:
        is_last = step is steps[-1]
        next_on = original_on if is_last else min(max(planned_on, step.planned_on or planned_on), original_on)
        end = walk.ends_on if is_last else max(ended_on, min(step.ended_on, walk.ends_on))
        found.append((step, walk.calendar.working_days_between(planned_on, next_on), ended_on, end))
        planned_on, ended_on = next_on, end
    return found


def _lost(walk: _Walk, step: Step, index: int) -> LostDay:
    day = walk.calendar.day_at(index)
    if any(first <= day and (end is None or day < end) for first, end in walk.holds):
        return LostDay(day, (Cause.ON_HOLD,), ())
    if step.task is None:
        return LostDay(day, (Cause.UNKNOWN,), ())
    also = [t for t in step.needed if t is not step.task and _is_overdue(walk, t, day)]
    tasks = [step.task, *also]
    causes = tuple(sorted({_cause(walk, task, day) for task in tasks}))
    return LostDay(day, causes, tuple(task.task_id for task in tasks))


def _is_overdue(walk: _Walk, task: Task, day: date) -> bool:
    return task.first_due_on is not None and task.first_due_on < day <= walk.finish(task)


def _cause(walk: _Walk, task: Task, day: date) -> Cause:
    if task.track in {"customer", "approval"}:
        return Cause(task.track)
    on_day = [move.status for move in task.status_moves if walk.calendar.local_date(move.at) <= day]
    if on_day and on_day[-1] == "waiting":
        return Cause.CUSTOMER
    if walk.is_added(task):
        return Cause.SCOPE
    is_begun = task.started_at is not None and walk.calendar.local_date(task.started_at) <= day
    return Cause.ESTIMATE if is_begun else Cause.CAPACITY
