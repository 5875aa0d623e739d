"""One project's way from contract to value, as the metrics need it: days instead of facts. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from plan.attribution import Delay, delay_of, held
from plan.calendar import Calendar
from plan.staffing import calendar_of
from store.projections.projects.state import ProjectState
from store.projections.tenants.fold import TenantState

DAY = timedelta(days=1)
RUNNING = frozenset({"active", "on_hold"})
ENDED = frozenset({"live", "closed"})


@dataclass(frozen=True, slots=True)
class Period:
    """Days asked about, both included, and the last day of which anything is known."""

    first: date
    last: date
    as_of: date

    def holds(self, day: date | None) -> bool:
        """Whether the day is known and lies within."""
        return day is not None and self.first <= day <= min(self.last, self.as_of)


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `first` up to, not including, `end`; None while it lasts."""

    first: date
    end: date | None

    def overlap(self, first: date, last: date) -> tuple[date, date] | None:
        """The part of the span within both days included; None where they do not meet."""
        start, stop = max(self.first, first), min((self.end or date.max) - DAY, last)
        return (start, stop) if start <= stop else None


@dataclass(frozen=True, slots=True)
class CustomerTask:
    """Work of the customer: when it was first agreed to be due, and when it was done."""

    task_id: str
    first_due_on: date
    done_on: date | None


@dataclass(frozen=True, slots=True)
class Journey:
    """A project in days. `status` may be `re_opened`; `value_on` is when the success milestone was reached.

    `runs` are the spans in which it was active or on hold, `holds` the latter alone. `effort_hours`
    is None where neither tasks nor budget say.
    """

    project_id: str
    name: str
    manager_id: str | None
    customer_id: str | None
    playbook: str
    calendar: Calendar
    status: str
    created_on: date
    signed_on: date | None
    has_success_milestone: bool
    value_on: date | None
    live_on: date | None
    cancelled_on: date | None
    ended_on: date | None
    original_on: date | None
    current_on: date | None
    runs: tuple[Span, ...]
    holds: tuple[Span, ...]
    escalated_on: tuple[date, ...]
    customer_tasks: tuple[CustomerTask, ...]
    effort_hours: Decimal | None
    delay: Delay

    def is_running_within(self, first: date, last: date) -> bool:
        """Whether the project was active or on hold on any of these days."""
        return any(span.overlap(first, last) for span in self.runs)

    def held_days(self, first: date, last: date) -> int:
        """Working days on hold after `first` up to and including `last`."""
        found = (span.overlap(first + DAY, last) for span in self.holds)
        return sum(self.calendar.working_days_between(a - DAY, b) for a, b in filter(None, found))


@dataclass(frozen=True, slots=True)
class Behind:
    """A project behind a figure, and what became of it there; `days` where the figure is of days."""

    project_id: str
    name: str
    outcome: str
    days: Decimal | None = None


def behind(journey: Journey, outcome: str, days: Decimal | int | None = None) -> Behind:
    """The project with its outcome."""
    return Behind(journey.project_id, journey.name, outcome, None if days is None else Decimal(days))


def journey_of(project: ProjectState, tenant: TenantState, as_of: date) -> Journey:
    """The project as it stands in this state, at the end of `as_of`."""
    calendar = calendar_of(tenant, project.calendar_id)
    on = calendar.local_date
    success = [task for task in project.tasks.values() if task.milestone == "success" and task.status != "cancelled"]
    reached = [on(task.done_at) for task in success if task.done_at]
    return Journey(
        project_id=project.project_id,
        name=project.name or project.external_id,
        manager_id=project.manager_id,
        customer_id=project.customer_id,
        playbook=project.playbook,
        calendar=calendar,
        status=_status(project),
        created_on=on(project.created_at) if project.created_at else as_of,
        signed_on=project.contract_signed_on,
        has_success_milestone=bool(success),
        value_on=max(reached) if success and len(reached) == len(success) else None,
        live_on=_live_on(project, calendar),
        cancelled_on=on(project.ended_at) if project.ended_at and project.status == "cancelled" else None,
        ended_on=on(project.ended_at) if project.ended_at else None,
        original_on=project.baseline_go_live_on or next((m.on for m in project.commitments if m.on), None),
        current_on=project.committed_on,
        runs=_runs(project, calendar, as_of),
        holds=tuple(Span(first, end) for first, end in held(project.status_moves, calendar)),
        escalated_on=tuple(on(move.at) for move in project.escalations),
        customer_tasks=tuple(_customer_tasks(project, calendar)),
        effort_hours=_effort(project),
        delay=delay_of(project, tenant, as_of),
    )


def _live_on(project: ProjectState, calendar: Calendar) -> date | None:
    """The first go-live, or the closing where nobody recorded one."""
    at = project.live_at or (project.ended_at if project.status == "closed" else None)
    return calendar.local_date(at) if at else None


def _status(project: ProjectState) -> str:
    before = {move.status for move in project.status_moves[:-1]}
    return "re_opened" if project.status == "active" and before & {"live", "closed", "cancelled"} else project.status


def _runs(project: ProjectState, calendar: Calendar, as_of: date) -> tuple[Span, ...]:
    """Spans in which the project was active or on hold, joined; it is active from its creation."""
    created_on = calendar.local_date(project.created_at) if project.created_at else as_of
    spans: list[Span] = [Span(created_on, None)]
    for move in project.status_moves:
        on, is_open = calendar.local_date(move.at), spans[-1].end is None
        if move.status in RUNNING and not is_open:
            spans.append(Span(on, None))
        elif move.status not in RUNNING and is_open:
            spans[-1] = Span(spans[-1].first, on)
    return tuple(spans)


def _customer_tasks(project: ProjectState, calendar: Calendar) -> Iterable[CustomerTask]:
    for task_id, task in sorted(project.tasks.items()):
        if task.track == "customer" and task.first_due_on and task.status != "cancelled":
            done_on = calendar.local_date(task.done_at) if task.done_at else None
            yield CustomerTask(task_id, task.first_due_on, done_on)


def _effort(project: ProjectState) -> Decimal | None:
    own = [t.effort_hours for t in project.tasks.values() if t.track == "internal" and t.status != "cancelled"]
    known = [hours for hours in own if hours is not None]
    return sum(known, Decimal(0)) if known and len(known) * 2 >= len(own) else project.budget_hours
