"""From a project's folded facts to what the arithmetic of schedule and waiting clock asks for.

Poor plans are taken as they are: a task without dates lasts one day and follows its predecessors,
one with a due date only is planned for that day, a dependency on a task the project does not have
is left out, and dependencies through a cancelled task join what lies before and after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING

from plan.calendar import Calendar
from plan.schedule import Link, LinkType, Schedule, Task, leeway_days, schedule
from plan.staffing import calendar_of, contract_of
from plan.waiting import Hold, Wait
from store.projections.people.fold import PersonState
from store.projections.projects.state import ProjectState
from store.projections.projects.state import Task as TaskState
from store.projections.tenants.fold import TenantState

DAY = timedelta(days=1)
HOLDS_START = frozenset({"FS", "SS"})


@dataclass(frozen=True, slots=True)
class Calendars:
    """The calendar of each person and contact; of everybody else the tenant's own."""

    tenant: Calendar
    by_party: Mapping[str, Calendar] = field(default_factory=dict)

    def of(self, party_id: str | None) -> Calendar:
        """The party's calendar; the tenant's for nobody and for an account that works no hours."""
        own = self.by_party.get(party_id or "", self.tenant)
        return own if any(own.weekday_hours) else self.tenant


def calendars_of(tenant: TenantState, people: Iterable[PersonState] = ()) -> Calendars:
    """Everybody's calendar: a person's contract with whole days off, a contact's customer's week and zone."""
    base = calendar_of(tenant, None)
    by_party = {person.person_id: _of_person(person, tenant) for person in people}
    of_customer: dict[str, Calendar] = {}
    for customer in tenant.customers.values():
        own = calendar_of(tenant, customer.calendar_id)
        is_named = customer.calendar_id in tenant.calendars
        of_customer[customer.customer_id] = (
            own if is_named else base.with_timezone(customer.timezone or tenant.timezone)
        )
    for party in tenant.parties.values():
        if party.customer_id in of_customer:
            by_party[party.party_id] = of_customer[party.customer_id]
    return Calendars(base, by_party)


def _of_person(person: PersonState, tenant: TenantState) -> Calendar:
    contract = contract_of(person, tenant)
    away = (off for off in contract.time_off if off.hours_per_day is None)
    days = (off.starts_on + n * DAY for off in away for n in range((off.ends_on - off.starts_on).days + 1))
    return contract.calendar.with_holidays(days)


@dataclass(frozen=True, slots=True)
class Network:
    """A project as tasks and links; `go_live_id` is its go-live task, None where it has none."""

    tasks: tuple[Task, ...]
    links: tuple[Link, ...]
    go_live_id: str | None


def network_of(project: ProjectState, calendars: Calendars) -> Network:
    """The project's tasks that are not cancelled and the links among them, each in order of ids.

    A re-opened project has been live once: what it promises anew is the end of its open work.
    """
    kept = {i: task for i, task in sorted(project.tasks.items()) if task.status != "cancelled"}
    is_reopened = project.is_running and project.live_at is not None
    go_lives = [task for task in kept.values() if task.milestone == "go_live" and not (is_reopened and task.done_at)]
    last = max(go_lives, key=lambda t: (t.due_on or date.min, t.task_id), default=None)
    tasks = tuple(_task(task, calendars) for task in kept.values())
    return Network(tasks, _links(project, kept), last.task_id if last else None)


def _task(task: TaskState, calendars: Calendars) -> Task:
    owner, zone = calendars.of(task.owner_id), calendars.tenant
    planned = task.planned_start_on or task.due_on
    days = owner.working_days_between(planned - DAY, task.due_on) if planned and task.due_on else 1
    return Task(
        task_id=task.task_id,
        calendar=owner,
        duration_days=max(days, 1),
        planned_start_on=planned,
        started_on=zone.local_date(task.started_at) if task.started_at else None,
        finished_on=zone.local_date(task.done_at) if task.done_at else None,
        committed_on=task.due_on,
    )


def _links(project: ProjectState, kept: Mapping[str, TaskState]) -> tuple[Link, ...]:
    found = {
        Link(link.depends_on_id, task.task_id, LinkType(link.link), int(link.lag_days.to_integral_value(ROUND_CEILING)))
        for task in project.tasks.values()
        for link in task.links
        if link.depends_on_id in project.tasks
    }
    for task_id in sorted(project.tasks.keys() - kept.keys()):
        found = _bridged(found, task_id)
    return tuple(sorted(found, key=lambda k: (k.predecessor_id, k.successor_id, k.type, k.lag_days)))


def _bridged(links: set[Link], task_id: str) -> set[Link]:
    """The links without the task, its predecessors tied to its successors instead."""
    before = [link for link in links if link.successor_id == task_id]
    after = [link for link in links if link.predecessor_id == task_id]
    bridges = {
        Link(a.predecessor_id, b.successor_id, LinkType(a.type[0] + b.type[1]), a.lag_days + b.lag_days)
        for a in before
        for b in after
        if a.predecessor_id != b.successor_id
    }
    return links.difference(before, after) | bridges


@dataclass(frozen=True, slots=True)
class Forecast:
    """What the plan says of a project: its schedule, when it goes live, and the working days to spare.

    `go_live_on` is the finish of the last task where no task is marked go-live. `leeway_days` is
    negative when late and None without a committed date.
    """

    schedule: Schedule
    go_live_on: date
    committed_on: date | None
    leeway_days: int | None


def forecast_of(project: ProjectState, tenant: TenantState, calendars: Calendars, as_of: date) -> Forecast | None:
    """The deterministic forecast as known on `as_of`; None for a project without tasks.

    Floats are measured to the forecast go-live. `Invalid` prints a cycle of dependencies.
    """
    network = network_of(project, calendars)
    if not network.tasks:
        return None
    plan = schedule(network.tasks, network.links, as_of=as_of, target_id=network.go_live_id)
    committed_on = project.committed_on
    calendar = calendar_of(tenant, project.calendar_id)
    spare = None if committed_on is None else leeway_days(calendar, committed_on, plan.finish_on)
    return Forecast(plan, plan.finish_on, committed_on, spare)


def wait_of(project: ProjectState, task: TaskState, told_at: datetime | None = None) -> Wait:
    """What the waiting clock needs to know of a task.

    `told_at` None takes the moment the task was first set waiting as the moment its owner was told.
    Only links that hold back the start count, and none to a cancelled task.
    """
    asked = (move.at for move in task.status_moves if move.status == "waiting")
    before = [
        (project.tasks[link.depends_on_id], link.link)
        for link in task.links
        if link.link in HOLDS_START and link.depends_on_id in project.tasks
    ]
    return Wait(
        told_at=told_at or next(asked, None),
        planned_start_on=task.planned_start_on,
        predecessors_done_at=tuple(
            t.done_at if link == "FS" else t.started_at for t, link in before if t.status != "cancelled"
        ),
        done_at=task.done_at,
        holds=holds_of(project),
    )


def holds_of(project: ProjectState) -> tuple[Hold, ...]:
    """The project's times on hold, in order; the last one is open while it lasts."""
    moves = project.status_moves
    ends = [*(move.at for move in moves[1:]), None]
    return tuple(Hold(move.at, end) for move, end in zip(moves, ends, strict=False) if move.status == "on_hold")
