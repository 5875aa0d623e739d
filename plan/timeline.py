"""Whether the plan can still keep its date: a proof from what is left to do, not a score.

Everything is counted as favourably as it can be: today is a whole day, every internal task is
worked on full time, by somebody who is there when its owner is away, and only for the hours left of
its effort; tasks follow each other within a day, no appointment is waited for, an answer takes the
least time an answer takes. A date that cannot be kept even so cannot be kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from itertools import accumulate
from typing import NamedTuple

from plan.calendar import NO_HOURS, Calendar
from plan.capacity import day_loads
from plan.network import Calendars, network_of
from plan.ordering import driving_chain, topological_order
from plan.schedule import Link
from plan.staffing import bookings_of, calendar_of, contract_of
from store.projections.people.fold import PersonState
from store.projections.projects.state import ProjectState
from store.projections.projects.state import Task as TaskState
from store.projections.tenants.fold import TenantState

DAY = timedelta(days=1)
REACH = timedelta(days=366)
GRAIN = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Staff:
    """Who could work on a project: the tenant, the people who are known, everybody's calendar.

    What a role can give is known only where everybody is: with some of the people no role is ever short.
    """

    tenant: TenantState
    people: Mapping[str, PersonState]
    calendars: Calendars

    @property
    def is_everybody(self) -> bool:
        """Whether all of the tenant's own people are known."""
        return all(party.customer_id or party.party_id in self.people for party in self.tenant.parties.values())


class Moment(NamedTuple):
    """A point in working time: a date and how much of that working day has passed, 0 to 1."""

    on: date
    share: Decimal


@dataclass(frozen=True, slots=True)
class Work:
    """What is left of a task, in working days of `calendar`; `hours` is the effort left of internal work.

    A contact works on the customer's days; our own people stand in for each other, on the tenant's.
    """

    task_id: str
    calendar: Calendar
    days: Decimal
    hours: Decimal
    role: str
    is_internal: bool
    done_on: date | None
    started_on: date | None


@dataclass(frozen=True, slots=True)
class LeastPath:
    """The longest chain of remaining work, at its least: when it ends and which open tasks it consists of."""

    finish_on: date
    task_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RoleGap:
    """Hours a role still has to give before the milestone against the hours its people are free for it until the date.

    Nobody is counted any more once the hours suffice. `enough_on`: the first day by which they have had
    enough free hours, None within a year.
    """

    role: str
    needed_hours: Decimal
    free_hours: Decimal
    enough_on: date | None
    task_ids: tuple[str, ...]
    person_ids: tuple[str, ...]

    @property
    def hours_short(self) -> Decimal:
        """Hours that are missing, never negative."""
        return max(self.needed_hours - self.free_hours, NO_HOURS)


@dataclass(frozen=True, slots=True)
class Timeline:
    """A project's remaining work held against a date.

    `days_needed` and `days_left` are working days of the project's calendar from `as_of` on, both ends
    included. `earliest_on` is the first day on which path and roles would allow the milestone.
    """

    milestone_id: str
    due_on: date
    as_of: date
    path: LeastPath
    roles: tuple[RoleGap, ...]
    days_needed: int
    days_left: int
    earliest_on: date

    @property
    def short_roles(self) -> tuple[RoleGap, ...]:
        """The roles that have not enough free hours."""
        return tuple(gap for gap in self.roles if gap.hours_short > 0)

    @property
    def days_short(self) -> int:
        """Working days of the critical path that do not fit."""
        return max(self.days_needed - self.days_left, 0)

    @property
    def is_impossible(self) -> bool:
        """Whether the date cannot be kept, whatever goes well."""
        return self.path.finish_on > self.due_on or bool(self.short_roles)


@dataclass(frozen=True, slots=True)
class Allowances:
    """What the proof takes for granted: no customer and no approver answers in less than `least_answer_days`."""

    least_answer_days: Decimal = Decimal(1)
    cut_hours: Mapping[str, Decimal] = field(default_factory=dict)


DEFAULT = Allowances()


def timeline_of(
    project: ProjectState, staff: Staff, due_on: date, as_of: date, allowances: Allowances = DEFAULT
) -> Timeline | None:
    """The remaining work of the project held against `due_on`.

    None where no open task is marked go-live. `cut_hours` of the allowances takes hours out of tasks,
    to try a smaller scope. `Invalid` prints a cycle of dependencies.
    """
    network = network_of(project, staff.calendars)
    milestone_id = network.go_live_id
    if milestone_id is None or not project.tasks[milestone_id].is_open:
        return None
    before = _before(milestone_id, network.links)
    work = {i: work_of(project.tasks[i], staff, as_of, allowances) for i in sorted(before)}
    path = least_path(work, network.links, milestone_id, as_of)
    roles = tuple(_gaps(project, staff, work.values(), due_on, as_of))
    calendar = calendar_of(staff.tenant, project.calendar_id)
    ends = [path.finish_on, *(gap.enough_on for gap in roles if gap.hours_short and gap.enough_on)]
    return Timeline(
        milestone_id=milestone_id,
        due_on=due_on,
        as_of=as_of,
        path=path,
        roles=roles,
        days_needed=calendar.working_days_between(as_of - DAY, path.finish_on),
        days_left=calendar.working_days_between(as_of - DAY, due_on),
        earliest_on=calendar.on_or_after(max(ends)),
    )


def _before(milestone_id: str, links: Sequence[Link]) -> set[str]:
    """The milestone and every task it depends on."""
    into: dict[str, list[str]] = {}
    for link in links:
        into.setdefault(link.successor_id, []).append(link.predecessor_id)
    found, ahead = {milestone_id}, [milestone_id]
    while ahead:
        new = set(into.get(ahead.pop(), ())) - found
        found |= new
        ahead += sorted(new)
    return found


def work_of(task: TaskState, staff: Staff, as_of: date, allowances: Allowances = DEFAULT) -> Work:
    """What is left of the task, at its least."""
    calendar = _calendar(task, staff)
    zone = staff.calendars.tenant
    started_on = zone.local_date(task.started_at) if task.started_at else None
    is_internal = task.track == "internal"
    hours = NO_HOURS if not task.is_open or not is_internal else _hours_left(task, calendar, started_on, as_of)
    hours = max(hours - allowances.cut_hours.get(task.task_id, NO_HOURS), NO_HOURS)
    days = (hours / max(calendar.weekday_hours)).quantize(GRAIN)
    if not is_internal and task.is_open and task.status == "todo" and not task.milestone:
        days = allowances.least_answer_days
    owner = staff.people.get(task.owner_id or "")
    done_on = zone.local_date(task.done_at) if task.done_at and not task.is_open else None
    role = task.role or (owner.role if owner else "")
    return Work(task.task_id, calendar, days, hours, role, is_internal, done_on, started_on)


def _calendar(task: TaskState, staff: Staff) -> Calendar:
    party = staff.tenant.parties.get(task.owner_id or "")
    return staff.calendars.of(task.owner_id) if party and party.customer_id else staff.calendars.tenant


def _hours_left(task: TaskState, calendar: Calendar, started_on: date | None, as_of: date) -> Decimal:
    """The effort less every hour its owner could have worked since it was begun: time sheets may be late."""
    effort = task.effort_hours or NO_HOURS
    if started_on is None:
        return effort
    return max(effort - calendar.hours_between(started_on - DAY, as_of - DAY), NO_HOURS)


# The critical path at its least


@dataclass(frozen=True, slots=True)
class LeastSpans:
    """When each task starts and ends at the earliest, and the predecessor that sets its end, if one does."""

    starts: Mapping[str, Moment]
    ends: Mapping[str, Moment]
    drivers: Mapping[str, str | None]


def least_spans(work: Mapping[str, Work], links: Iterable[Link], as_of: date) -> LeastSpans:
    """Forward pass in working time without planned starts: FS follows at once, lags are the successor's days."""
    known = [link for link in links if link.predecessor_id in work and link.successor_id in work]
    order = topological_order(list(work), ((link.predecessor_id, link.successor_id) for link in known))
    into: dict[str, list[Link]] = {task_id: [] for task_id in order}
    for link in known:
        into[link.successor_id].append(link)
    starts: dict[str, Moment] = {}
    ends: dict[str, Moment] = {}
    drivers: dict[str, str | None] = {}
    spans = LeastSpans(starts, ends, drivers)
    for task_id in order:
        item = work[task_id]
        if item.done_on is not None:
            starts[task_id] = _opening(item.calendar, item.started_on or item.done_on)
            ends[task_id], drivers[task_id] = Moment(item.done_on, Decimal(1)), None
        else:
            starts[task_id], ends[task_id], drivers[task_id] = _placed(item, into[task_id], spans, as_of)
    return spans


def least_path(work: Mapping[str, Work], links: Iterable[Link], target_id: str, as_of: date) -> LeastPath:
    """The chain of open tasks that sets the target's earliest end."""
    spans = least_spans(work, links, as_of)
    chain = (task_id for task_id in driving_chain(target_id, spans.drivers) if work[task_id].done_on is None)
    return LeastPath(max(spans.ends[target_id].on, as_of), tuple(chain))


def _placed(item: Work, links: Iterable[Link], spans: LeastSpans, as_of: date) -> tuple[Moment, Moment, str | None]:
    start = _opening(item.calendar, as_of)
    driver_id: str | None = None
    end = after(item.calendar, start, item.days)
    for link in links:
        at = (spans.ends if link.type.is_from_finish else spans.starts)[link.predecessor_id]
        bound = after(item.calendar, at, Decimal(link.lag_days))
        reached = bound
        if link.type.is_to_start and item.started_on is None:
            start = max(start, bound)
            reached = after(item.calendar, start, item.days)
        elif link.type.is_to_start:
            continue
        if reached > end:
            end, driver_id = reached, link.predecessor_id
    return start, end, driver_id


def _opening(calendar: Calendar, day: date) -> Moment:
    return Moment(calendar.on_or_after(day), NO_HOURS)


def after(calendar: Calendar, at: Moment, days: Decimal) -> Moment:
    """The moment this much working time later (or earlier) on the calendar; nothing later is the moment itself."""
    if days == 0:
        return at
    is_working = calendar.is_working_day(at.on)
    position = Decimal(calendar.index(at.on - DAY)) + (at.share if is_working else NO_HOURS) + days
    index = int(position.to_integral_value(ROUND_CEILING))
    return Moment(calendar.day_at(index), position - (index - 1))


# The roles


def _gaps(project: ProjectState, staff: Staff, work: Iterable[Work], due_on: date, as_of: date) -> Iterable[RoleGap]:
    """One per role that has work left and people who can do it."""
    if not staff.is_everybody:
        return
    by_role: dict[str, list[Work]] = {}
    for item in work:
        if item.hours and item.role:
            by_role.setdefault(item.role, []).append(item)
    for role, items in sorted(by_role.items()):
        owners = {project.tasks[item.task_id].owner_id for item in items}
        able = [p for i, p in sorted(staff.people.items()) if i in owners or may_do(p, role)]
        if able:
            needed = sum((item.hours for item in items), NO_HOURS)
            free, enough_on = _free(project, staff.tenant, able, needed, due_on, as_of)
            ids = tuple(item.task_id for item in items)
            yield RoleGap(role, needed, free, enough_on, ids, tuple(p.person_id for p in able))


def may_do(person: PersonState, role: str) -> bool:
    """Whether somebody who can own work has the role, as role or skill."""
    return person.employment != "integration" and (role == person.role or role in person.skills)


def _free(
    project: ProjectState,
    tenant: TenantState,
    people: Sequence[PersonState],
    needed: Decimal,
    due_on: date,
    as_of: date,
) -> tuple[Decimal, date | None]:
    """Free hours of these people until the date, and the day on which they have had enough."""
    spare: dict[date, Decimal] = {}
    free = NO_HOURS
    for person in people:
        for day, hours in _spare_hours(project, tenant, [person], as_of, due_on).items():
            spare[day] = spare.get(day, NO_HOURS) + hours
            free += hours
        if free >= needed:
            break
    else:
        spare |= _spare_hours(project, tenant, people, max(as_of, due_on + DAY), as_of + REACH)
    days = sorted(spare)
    totals = accumulate(spare[day] for day in days)
    return free, next((day for day, total in zip(days, totals, strict=True) if total >= needed), None)


def _spare_hours(
    project: ProjectState, tenant: TenantState, people: Sequence[PersonState], first: date, last: date
) -> dict[date, Decimal]:
    """By day; what is firmly booked on other projects is taken, soft bookings and those on this project are not."""
    spare: dict[date, Decimal] = {}
    for person in people:
        taken = [b for b in bookings_of(person) if b.project_id != project.project_id and not b.is_soft]
        for load in day_loads(contract_of(person, tenant), taken, first, last):
            hours = max(load.capacity_hours - load.hard_hours, NO_HOURS)
            spare[load.day] = spare.get(load.day, NO_HOURS) + hours
    return spare
