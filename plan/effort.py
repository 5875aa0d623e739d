"""How many hours of a project's work are left, are worked but not submitted, and are booked. Pure.

Re-estimated: the task's latest effort less what was logged on it. Performance-based: the same effort
times how finished tasks went against theirs. The larger of the two is left to do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from plan.capacity import DAY, booked_hours, days_from
from plan.staffing import bookings_of, contract_of
from store.projections.people.fold import PersonState
from store.projections.projects.state import ProjectState, Task
from store.projections.tenants.fold import TenantState

NO_HOURS, ONE = Decimal(0), Decimal(1)
PRIOR_SHARE = Decimal("0.3")
"""The plan is believed as if this share of it had already run exactly as estimated."""
STARTED_FLOOR = Decimal("0.1")
"""An open task that was begun has at least this share of its effort left, whatever was logged on it."""
ESTIMATED_SHARE = Decimal("0.5")
"""Below this share of tasks with an effort the budgeted hours say more than the tasks do."""
ACCRUED_DAYS = 28
"""Sheets later than this are taken for hours that were not worked."""
OVER = frozenset({"closed", "cancelled"})
HOUR_PLACES = Decimal("0.01")

PersonDay = tuple[str, date]


@dataclass(frozen=True, slots=True)
class Work:
    """Hours of a task still to do, by whom (None: nobody in particular) and by when; no task: of the budget."""

    task_id: str | None
    person_id: str | None
    role: str
    day: date | None
    hours: Decimal
    is_billable: bool


@dataclass(frozen=True, slots=True)
class Accrued:
    """Hours that were worked as far as can be told and that nobody has submitted: estimated, by person and day.

    `under_way`: on begun tasks. `finished`: on tasks that are done and have no hours at all.
    """

    under_way: Mapping[PersonDay, Decimal]
    finished: Mapping[PersonDay, Decimal]

    @property
    def by_day(self) -> dict[PersonDay, Decimal]:
        """Both together."""
        keys = dict.fromkeys([*self.under_way, *self.finished])
        return {key: self.under_way.get(key, NO_HOURS) + self.finished.get(key, NO_HOURS) for key in keys}

    @property
    def hours(self) -> Decimal:
        """All of them."""
        return sum(self.by_day.values(), NO_HOURS)


@dataclass(frozen=True, slots=True)
class Remaining:
    """The work left. `performance` is hours worked per hour estimated on finished work, drawn towards 1.

    `is_assessed` is false where there is neither effort on tasks nor a budget of hours.
    """

    works: tuple[Work, ...]
    performance: Decimal
    is_assessed: bool = True

    @property
    def hours(self) -> Decimal:
        """All hours left."""
        return sum((work.hours for work in self.works), NO_HOURS)


def remaining_of(project: ProjectState, people: Mapping[str, PersonState], accrued: Accrued) -> Remaining:
    """What is left to do; hours accrued but not submitted are taken off, so that nothing counts twice."""
    if project.status in OVER:
        return Remaining((), ONE)
    own = [task for _, task in sorted(project.tasks.items()) if _is_ours(task, people) and task.status != "cancelled"]
    estimated = [task for task in own if task.effort_hours is not None]
    if not own or len(estimated) < ESTIMATED_SHARE * len(own):
        return _from_budget(project, accrued)
    logged, loose = _logged(project)
    pace = performance(estimated, logged, loose)
    works = [_work(task, logged[task.task_id], max(pace, ONE)) for task in estimated if task.is_open]
    spare = loose - sum((_effort(task) for task in estimated if _is_unlogged(task, logged)), NO_HOURS)
    return Remaining(tuple(_less(works, accrued.under_way, max(spare, NO_HOURS))), pace)


def performance(tasks: Sequence[Task], logged: Mapping[str, Decimal], loose: Decimal = NO_HOURS) -> Decimal:
    """Hours worked per hour estimated, over finished tasks and open ones beyond their estimate.

    `loose` hours name no task and are held against finished tasks that nobody logged on. The plan
    as a whole counts as evidence for 1 with `PRIOR_SHARE` of its hours, so that one task proves little.
    """
    told = [task for task in tasks if logged[task.task_id] and _tells(task, logged[task.task_id])]
    silent = [task for task in tasks if _is_unlogged(task, logged)] if loose else []
    prior = PRIOR_SHARE * sum((_effort(task) for task in tasks), NO_HOURS)
    silent_hours = sum((_effort(task) for task in silent), NO_HOURS)
    worked = sum((logged[task.task_id] for task in told), NO_HOURS) + (loose if silent_hours else NO_HOURS)
    planned = sum((_effort(task) for task in told), NO_HOURS) + silent_hours
    return ((worked + prior) / (planned + prior)).quantize(Decimal("0.0001")) if planned + prior else ONE


def accrued_hours(
    project: ProjectState, tenant: TenantState, people: Mapping[str, PersonState], as_of: date
) -> Accrued:
    """What is worked and not submitted.

    On a begun task: its owner's firm bookings in past weeks without a sheet of theirs, at most
    `ACCRUED_DAYS` back. On a finished task without any hours: its effort, on the day it was done; a
    sheet that never comes must not make the work free.
    """
    if project.status in OVER and not project.time:
        return Accrued({}, {})
    logged, loose = _logged(project)
    finished: dict[PersonDay, Decimal] = defaultdict(Decimal)
    for _, task in sorted(project.tasks.items()):
        if task.owner_id in people and task.done_at and not loose and _is_unlogged(task, logged) and _effort(task):
            finished[task.owner_id or "", task.done_at.date()] += _effort(task)
    return Accrued(_unsubmitted(project, tenant, people, as_of), dict(finished))


def _unsubmitted(
    project: ProjectState, tenant: TenantState, people: Mapping[str, PersonState], as_of: date
) -> dict[PersonDay, Decimal]:
    first, last = as_of - timedelta(days=ACCRUED_DAYS), as_of - DAY
    begun = {
        task.owner_id: task.started_at.date() for task in project.tasks.values() if task.is_open and task.started_at
    }
    at_work = {person_id: person for person_id, person in people.items() if person_id in begun}
    if not at_work:
        return {}
    week_before = first - timedelta(days=7)
    submitted = {(e.person_id, _week(e.worked_on)) for e in project.time if e.worked_on >= week_before}
    return {
        (person_id, day): booked
        for (person_id, day), booked in _booked(project, tenant, at_work, first, last).items()
        if (person_id, _week(day)) not in submitted and begun[person_id] <= day
    }


def booked_hours_from(
    project: ProjectState, tenant: TenantState, people: Mapping[str, PersonState], as_of: date
) -> dict[PersonDay, Decimal]:
    """Firmly booked hours on the project by person and day, from `as_of` on; placeholders are nobody."""
    ends = [a.ends_on for p in people.values() for a in p.allocations.values() if a.project_id == project.project_id]
    return _booked(project, tenant, people, as_of, max(ends, default=as_of))


def _is_ours(task: Task, people: Mapping[str, PersonState]) -> bool:
    return task.track == "internal" or (task.owner_id or "") in people


def _effort(task: Task) -> Decimal:
    return task.effort_hours or NO_HOURS


def _is_unlogged(task: Task, logged: Mapping[str, Decimal]) -> bool:
    return task.status == "done" and not logged[task.task_id]


def _tells(task: Task, logged: Decimal) -> bool:
    return task.status == "done" or logged > _effort(task)


def _logged(project: ProjectState) -> tuple[dict[str, Decimal], Decimal]:
    """Hours by task, and those that name none of the project's tasks."""
    by_task: dict[str, Decimal] = defaultdict(Decimal)
    for entry in project.time:
        by_task[entry.task_id if entry.task_id in project.tasks else ""] += entry.hours
    return by_task, by_task.pop("", NO_HOURS)


def _work(task: Task, logged: Decimal, pace: Decimal) -> Work:
    effort = _effort(task)
    is_begun = task.status in {"in_progress", "waiting"} or logged > 0
    least = effort * STARTED_FLOOR if is_begun else NO_HOURS
    hours = max(effort * pace - logged, least).quantize(HOUR_PLACES)
    return Work(task.task_id, task.owner_id, task.role, task.due_on, hours, task.is_billable is not False)


def _from_budget(project: ProjectState, accrued: Accrued) -> Remaining:
    """What the budget leaves: all that can be said where few tasks have an effort."""
    if project.budget_hours is None:
        return Remaining((), ONE, is_assessed=False)
    added = [r.hours for r in project.change_requests.values() if r.decision == "accepted" and r.hours is not None]
    worked = sum((entry.hours for entry in project.time), NO_HOURS) + accrued.hours
    hours = max(sum(added, project.budget_hours) - worked, NO_HOURS)
    return Remaining((Work(None, None, "", None, hours, is_billable=True),), ONE)


def _less(works: Sequence[Work], accrued: Mapping[PersonDay, Decimal], spare: Decimal) -> Iterator[Work]:
    """The works without what is worked already: each person's accrued hours, then hours that name no task."""
    to_take: dict[str | None, Decimal] = defaultdict(Decimal)
    for (person_id, _), hours in accrued.items():
        to_take[person_id] += hours
    for work in works:
        own = min(to_take[work.person_id], work.hours)
        loose = min(spare, work.hours - own)
        to_take[work.person_id] -= own
        spare -= loose
        yield replace(work, hours=work.hours - own - loose)


def _booked(
    project: ProjectState, tenant: TenantState, people: Mapping[str, PersonState], first: date, last: date
) -> dict[PersonDay, Decimal]:
    hours: dict[PersonDay, Decimal] = defaultdict(Decimal)
    for person_id, person in sorted(people.items()):
        due = [b for b in bookings_of(person) if b.project_id == project.project_id and not b.is_soft]
        contract = contract_of(person, tenant) if due and person.person_id else None
        for booking in due if contract else ():
            for day in days_from(max(first, booking.starts_on), min(last, booking.ends_on)):
                taken = booked_hours(booking, contract, day) if contract else NO_HOURS
                if taken:
                    hours[person_id, day] += taken
    return dict(hours)


def _week(day: date) -> tuple[int, int]:
    return day.isocalendar()[:2]
