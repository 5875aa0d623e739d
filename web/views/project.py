"""One project as its page shows it. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.views import customer_named, named
from plan.calendar import Calendar
from plan.network import Forecast
from plan.schedule import ScheduledTask
from plan.staffing import calendar_of
from risk.burn import LeewayOn
from risk.commands import Thought
from store.access import Role
from store.projections.projects.state import ProjectState, Task
from store.projections.tenants.fold import TenantState
from web.drawing.burn import Burn, burn
from web.drawing.gantt import Gantt, Place, Span, gantt
from web.drawing.leeway import Needle, needle
from web.views.margins import MarginLine, margin_line
from web.views.portfolio import GoLive, Track, go_live, tracks
from web.views.stages import Step, steps
from web.views.waits import Wait, waiting_since, waits
from web.words import TRACKS


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task of a track. `late_days` are working days past due; `float_days` None where it says nothing."""

    task_id: str
    name: str
    stage: str
    status: str
    owner: str
    due_on: dt.date | None
    forecast_on: dt.date | None
    done_on: dt.date | None
    waiting_since_on: dt.date | None
    late_days: int
    float_days: int | None
    is_critical: bool
    is_open: bool
    milestone: str


@dataclass(frozen=True, slots=True)
class TrackList:
    """One track: open tasks by due date, then those that are over; how many of the open ones are late."""

    track: Track
    open: Sequence[TaskLine]
    over: Sequence[TaskLine]
    late: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything the project's page says that is not risk or alert."""

    state: ProjectState
    customer: str
    manager: str
    steps: Sequence[Step]
    forecast_on: dt.date | None
    leeway_days: int | None
    needle: Needle | None
    slip_days: int | None
    tracks: Sequence[TrackList]
    waits: Sequence[Wait]
    go_live: GoLive | None
    margin: MarginLine | None
    burn: Burn | None
    plan: Gantt | None
    live_on: dt.date | None
    held_since_on: dt.date | None
    reopened_on: dt.date | None
    first_live_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Thinking:
    """What is thought of the project on that day, its leeway over the last weeks, and who looks at it."""

    thought: Thought | None = None
    weeks: Sequence[LeewayOn] = ()
    role: Role = "viewer"


def sheet(
    state: ProjectState, tenant: TenantState, forecast: Forecast | None, today: dt.date, thinking: Thinking
) -> Sheet:
    """The project on that day; without a forecast there are no floats and no leeway."""
    thought = thinking.thought
    customer, manager = customer_named(tenant, state.customer_id), named(tenant, state.manager_id)
    calendar = calendar_of(tenant, state.calendar_id)
    is_planned = forecast is not None and state.is_running
    leeway = forecast.leeway_days if forecast and is_planned else None
    forecast_on = forecast.go_live_on if forecast and is_planned else None
    slip = (
        calendar.working_days_between(state.baseline_go_live_on, forecast_on)
        if state.baseline_go_live_on and forecast_on
        else None
    )
    scheduled = forecast.schedule.tasks if forecast and is_planned else {}
    task_lines = {task.task_id: _task(task, tenant, calendar, scheduled, today) for task in state.tasks.values()}
    return Sheet(
        state=state,
        customer=customer.name if customer else "",
        manager=manager.name if manager else "",
        steps=steps(state),
        forecast_on=forecast_on,
        leeway_days=leeway,
        needle=needle(leeway) if leeway is not None else None,
        slip_days=slip,
        tracks=[_track(track, state, task_lines) for track in tracks(state)],
        waits=waits(thought.waiting, state, tenant) if thought else [],
        go_live=go_live(thought.outlook, state.committed_on) if thought and is_planned else None,
        margin=margin_line(thought.money, thinking.role) if thought else None,
        burn=burn(thinking.weeks) if is_planned else None,
        plan=gantt(
            _spans(state, tenant, scheduled),
            today,
            [(state.committed_on, "Committed", "committed"), (forecast_on, "Forecast", "forecast")],
        ),
        live_on=calendar.local_date(state.live_at) if state.live_at and not state.is_running else None,
        held_since_on=calendar.local_date(state.held_since) if state.held_since else None,
        reopened_on=calendar.local_date(state.reopened_at) if state.reopened_at and state.is_running else None,
        first_live_on=calendar.local_date(state.live_at) if state.live_at else None,
    )


def _track(track: Track, state: ProjectState, lines: Mapping[str, TaskLine]) -> TrackList:
    own = [lines[task.task_id] for task in state.tasks.values() if task.track == track.track]
    far = dt.date.max
    return TrackList(
        track=track,
        open=sorted((line for line in own if line.is_open), key=lambda line: (line.due_on or far, line.name)),
        over=sorted((line for line in own if not line.is_open), key=lambda line: (line.done_on or far, line.name)),
        late=sum(line.is_open and line.late_days > 0 for line in own),
    )


def _task(
    task: Task, tenant: TenantState, calendar: Calendar, scheduled: Mapping[str, ScheduledTask], today: dt.date
) -> TaskLine:
    owner, place = named(tenant, task.owner_id), scheduled.get(task.task_id)
    is_late = task.is_open and task.due_on is not None and task.due_on < today
    return TaskLine(
        task_id=task.task_id,
        name=task.name,
        stage=task.stage,
        status=task.status,
        owner=owner.name if owner else "",
        due_on=task.due_on,
        forecast_on=place.finish_on if place and task.is_open else None,
        done_on=calendar.local_date(task.done_at) if task.done_at else None,
        waiting_since_on=waiting_since(task, tenant),
        late_days=calendar.working_days_between(task.due_on, today) if is_late and task.due_on else 0,
        float_days=place.total_float_days if place and task.is_open else None,
        is_critical=bool(place and place.is_critical and task.is_open),
        is_open=task.is_open,
        milestone=task.milestone,
    )


def _spans(state: ProjectState, tenant: TenantState, scheduled: Mapping[str, ScheduledTask]) -> list[Span]:
    """What can be put on a time line, in the order of stages and dates."""
    zone = calendar_of(tenant, None)
    order = {step.stage: number for number, step in enumerate(steps(state))}
    found = [
        (order.get(task.stage, len(order)), span)
        for task in state.tasks.values()
        if (span := _span(task, zone, scheduled.get(task.task_id))) is not None
    ]
    return [
        span for _, span in sorted(found, key=lambda pair: (pair[0], pair[1].starts_on, pair[1].ends_on, pair[1].name))
    ]


def _span(task: Task, zone: Calendar, place: ScheduledTask | None) -> Span | None:
    started = zone.local_date(task.started_at) if task.started_at else None
    done = zone.local_date(task.done_at) if task.done_at else None
    start = place.start_on if place else started or task.planned_start_on or task.due_on or done
    end = place.finish_on if place else done or task.due_on or start
    if task.status == "cancelled" or start is None or end is None:
        return None
    places: dict[str, Place] = {"done": "done", "in_progress": "running", "waiting": "waiting"}
    return Span(
        task_id=task.task_id,
        name=task.name,
        track=task.track if task.track in TRACKS else "internal",
        starts_on=min(start, end),
        ends_on=end,
        due_on=task.due_on,
        place=places.get(task.status, "ahead"),
        is_critical=bool(place and place.is_critical and task.is_open),
        is_milestone=bool(task.milestone),
    )
