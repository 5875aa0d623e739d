"""What stands still while a project is on hold, and what waits: read from the states at a moment. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from api import shapes
from plan.calendar import Calendar
from plan.network import calendars_of, holds_of, wait_of
from plan.staffing import calendar_of
from plan.waiting import waiting_clock
from store.projections.people.fold import PersonState
from store.projections.projects.state import ProjectState
from store.projections.tenants.fold import TenantState


def waits_of(
    project: ProjectState, tenant: TenantState, people: Mapping[str, PersonState], at: dt.datetime
) -> dict[str, shapes.WaitOut]:
    """Task -> its waiting clock, for open tasks that were ever set waiting; of the owner's own working days."""
    asked = [
        task
        for task in project.tasks.values()
        if task.is_open and any(m.status == "waiting" for m in task.status_moves)
    ]
    if not asked:
        return {}
    calendars = calendars_of(tenant, people.values())
    found = {}
    for task in asked:
        clock = waiting_clock(wait_of(project, task), calendars.of(task.owner_id), calendars.tenant, at)
        found[task.task_id] = shapes.WaitOut(
            state=clock.state.value, since=clock.starts_at, age_days=clock.age_days, age_hours=clock.age_hours
        )
    return found


def hold_of(project: ProjectState, tenant: TenantState, at: dt.datetime) -> shapes.HoldOut:
    """Whether the project is on hold, and for how many working days of its calendar it has been, all in all."""
    calendar = calendar_of(tenant, project.calendar_id)
    return shapes.HoldOut(
        since=project.held_since,
        held_days=sum(_days(calendar, hold.starts_at, hold.ends_at or at) for hold in holds_of(project)),
    )


def _days(calendar: Calendar, start: dt.datetime, end: dt.datetime) -> int:
    return max(calendar.working_days_between(calendar.local_date(start), calendar.local_date(end)), 0)
