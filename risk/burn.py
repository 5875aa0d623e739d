"""Buffer burn: a project's leeway at the end of each of the last weeks, as it was known then. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from plan.network import calendars_of, forecast_of
from plan.staffing import calendar_of
from store.errors import Invalid
from store.log import Event
from store.projections.projects import fold as project_fold
from store.projections.projects.state import ProjectState
from store.projections.tenants.fold import TenantState

WEEKS = 12


class LeewayOn(NamedTuple):
    """The leeway in working days as known at the end of a day; negative is late."""

    on: dt.date
    leeway_days: int


def leeway_weeks(events: Iterable[Event], tenant: TenantState, at: dt.datetime, weeks: int = WEEKS) -> list[LeewayOn]:
    """One point a week up to `at`, oldest first; weeks in which nothing could be told are left out.

    `events` are the project's; each point knows only what was recorded by then. Calendars are those of `tenant`.
    """
    rest = sorted(events, key=lambda e: (e.recorded_at, e.position or 0, e.stream_id, e.stream_version))
    today = calendar_of(tenant, None).local_date(at)
    state, found = ProjectState(), list[LeewayOn]()
    for back in range(weeks - 1, -1, -1):
        on = today - dt.timedelta(weeks=back)
        until = min(calendar_of(tenant, None).end_of_day(on), at)
        known = [event for event in rest if event.recorded_at <= until]
        state, rest = project_fold.extend(state, known), rest[len(known) :]
        days = _leeway_days(state, tenant, on)
        if days is not None:
            found.append(LeewayOn(on, days))
    return found


def _leeway_days(state: ProjectState, tenant: TenantState, on: dt.date) -> int | None:
    if not state.project_id or not state.is_running:
        return None
    try:
        forecast = forecast_of(state, tenant, calendars_of(tenant), on)
    except Invalid:
        return None
    return forecast.leeway_days if forecast else None
