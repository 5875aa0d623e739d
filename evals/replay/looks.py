"""Every project at every cut, by the live functions: its features, its plan's forecast, and what plain rules see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from evals.replay.portfolio import Offices, Portfolio
from evals.replay.workers import Workers
from plan.calendar import Calendar
from plan.network import Calendars, forecast_of
from risk.features import features, setting_of
from risk.training import Week
from store.errors import Invalid
from store.log import Event
from store.projections.projects import fold as project_fold
from store.projections.projects.state import ProjectState
from store.projections.tenants.fold import TenantState

Cuts = Sequence[tuple[dt.date, dt.datetime]]


@dataclass(frozen=True, slots=True)
class Look:
    """A running project at a cut. `as_of_on` is the tenant's date; `signals` are the rules' values by name.

    Signals: open share of the tasks due by then; 1 where the latest due date before the transition
    lies past the first plan's go-live; the customer's working days since the customer last did
    anything; working days by which the plan's forecast passes the date in force. None: no data.
    """

    project_id: str
    external_id: str
    as_of_on: dt.date
    week: Week
    calendar: Calendar
    signals: Mapping[str, float | None]


OVERDUE, DUE_PAST, QUIET, FORECAST = (
    "overdue share",
    "latest due past planned end",
    "days since customer activity",
    "plan's forecast past the date",
)
RULES = (OVERDUE, DUE_PAST, QUIET, FORECAST)


def looks(
    portfolio: Portfolio,
    cuts: Cuts,
    progress: Callable[[str], None] = lambda _text: None,
    at_work: Workers[Portfolio] | None = None,
) -> list[Look]:
    """All looks, in order of cut and then of the source's project id."""
    found: list[Look] = []
    at_work = at_work or Workers(portfolio)
    answers = at_work.ask(partial(looks_at, cuts), sorted(portfolio.projects))
    for count, (_, had) in enumerate(answers, start=1):
        found += had
        if count % 10 == 0:
            progress(f"{count} of {len(portfolio.projects)} projects, {len(found)} looks")
    return sorted(found, key=lambda look: (look.week.row.as_of, look.external_id, look.project_id))


def looks_at(cuts: Cuts, portfolio: Portfolio, project_id: str) -> list[Look]:
    """One project's looks, in order of cut."""
    return list(_project(portfolio.projects[project_id], cuts, portfolio.offices))


def _project(events: Sequence[Event], cuts: Cuts, offices: Offices) -> Iterator[Look]:
    state, known = ProjectState(), 0
    for day, as_of in cuts:
        start = known
        while known < len(events) and events[known].recorded_at <= as_of:
            known += 1
        state = project_fold.extend(state, events[start:known])
        if state.project_id and state.is_running:
            yield _look(state, day, as_of, *offices.at(as_of))


def _look(state: ProjectState, day: dt.date, as_of: dt.datetime, tenant: TenantState, calendars: Calendars) -> Look:
    setting = setting_of(tenant, state)
    row = features(state, setting, as_of)
    forecast_on = _forecast_on(state, tenant, calendars, setting.calendar.local_date(as_of))
    late_days: float | None = None
    if forecast_on is not None and row.committed_on is not None:
        late_days = float(setting.calendar.working_days_between(row.committed_on, forecast_on))
    overdue, due_past = _due(state, day)
    return Look(
        project_id=state.project_id,
        external_id=state.external_id or state.project_id,
        as_of_on=day,
        week=Week(row, state.baseline_go_live_on, forecast_on),
        calendar=setting.calendar,
        signals={
            OVERDUE: overdue,
            DUE_PAST: due_past,
            QUIET: row.value("customer_quiet_days"),
            FORECAST: late_days,
        },
    )


def _forecast_on(state: ProjectState, tenant: TenantState, calendars: Calendars, on: dt.date) -> dt.date | None:
    try:
        forecast = forecast_of(state, tenant, calendars, on)
    except Invalid:
        return None
    return forecast.go_live_on if forecast else None


def _due(state: ProjectState, day: dt.date) -> tuple[float, float]:
    due = [task for task in state.tasks.values() if task.due_on and task.due_on <= day]
    share = sum(task.is_open for task in due) / len(due) if due else 0.0
    before = [task.due_on for task in state.tasks.values() if task.due_on and task.stage != "transition"]
    planned = state.baseline_go_live_on
    return share, float(bool(planned and before and max(before) > planned))
