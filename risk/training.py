"""From the log to a model: what was known at the cut, and nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import msgspec

from plan.calendar import Calendar
from plan.network import Calendars, calendars_of, forecast_of
from risk.artifacts import save_model
from risk.estimators import Example, Fitting, fit
from risk.features import FeatureRow, features, setting_of
from risk.model import Model, NotFitted
from risk.outcome import live_on, outcome
from risk.outlook import Seen, bands, seen_forecasts
from store.errors import Invalid
from store.ground import Ground
from store.ids import TenantId
from store.log import NOW, Cut, Event, Log
from store.models import SqlShelf
from store.projections.projects import fold as project_fold
from store.projections.projects.state import ProjectState
from store.projections.tenants import fold as tenant_fold
from store.projections.tenants.fold import TenantState
from store.streams import subjects_of

WEEK = dt.timedelta(days=7)


def train(
    log: Log,
    tenant_id: TenantId,
    *,
    as_of: dt.datetime,
    cut: Cut = NOW,
    fitting: Fitting | None = None,
    progress: Callable[[str], None] = lambda _text: None,
) -> Model | NotFitted:
    """A model of the tenant's finished projects as known at the cut; `as_of` is the cut's instant.

    Each project gives a row a week from its creation to the earlier of go-live and the date it is
    held against. Rows are folded by what the source knew at the time, whichever basis the cut has.
    How far the plan's forecasts of those weeks were off goes with it as `bands`.
    """
    fitting = fitting or Fitting()
    tenant, projects = read(log, tenant_id, cut, as_of)
    examples: list[Example] = []
    seen: list[Seen] = []
    for count, project_id in enumerate(sorted(projects), start=1):
        end = project_fold.fold(projects[project_id])
        weeks = list(weeks_of(projects[project_id], end, tenant, as_of))
        calendar = setting_of(tenant, end).calendar
        examples += labelled(weeks, end, calendar, as_of, fitting)
        forecasts = [(calendar.local_date(week.row.as_of), week.forecast_on) for week in weeks]
        seen += seen_forecasts(project_id, forecasts, end, calendar, as_of)
        progress(f"{count} of {len(projects)} projects, {len(examples)} rows")
    model = fit(examples, replace(fitting, known_at=as_of.astimezone(dt.UTC).isoformat()))
    return model if isinstance(model, NotFitted) else msgspec.structs.replace(model, bands=bands(seen))


def fit_model(
    ground: Ground, tenant_id: TenantId, *, as_of: dt.datetime, progress: Callable[[str], None] = lambda _text: None
) -> tuple[str | None, Model | NotFitted]:
    """Fits on what was known at `as_of` and keeps the model; its hash, or None and why there is none."""
    model = train(ground.log, tenant_id, as_of=as_of, progress=progress)
    if isinstance(model, NotFitted):
        return None, model
    return save_model(SqlShelf(ground.database, tenant_id, as_of), model), model


def read(log: Log, tenant_id: TenantId, cut: Cut, as_of: dt.datetime) -> tuple[TenantState, Mapping[str, list[Event]]]:
    """The tenant, and each project's events in the order in which the source knew them, none later than `as_of`."""
    frame: list[Event] = []
    projects: dict[str, list[Event]] = {}
    for event in log.read_all(tenant_id, cut=cut):
        if event.recorded_at > as_of:
            continue
        for projection, subject in subjects_of(event.stream_id, event.type):
            if projection == "projects":
                projects.setdefault(subject, []).append(event)
            elif projection == "tenants":
                frame.append(event)
    for events in projects.values():
        events.sort(key=lambda e: (e.recorded_at, e.position or 0, e.stream_id, e.stream_version))
    return tenant_fold.fold(frame), projects


@dataclass(frozen=True, slots=True)
class Week:
    """A project's row at a week's end, with the first plan's date and the plan's forecast of then."""

    row: FeatureRow
    baseline_on: dt.date | None
    forecast_on: dt.date | None = None


def examples_of(events: list[Event], tenant: TenantState, known_at: dt.datetime, fitting: Fitting) -> Iterator[Example]:
    """The weekly rows of one project whose outcome is known at `known_at`."""
    end = project_fold.fold(events)
    weeks = weeks_of(events, end, tenant, known_at)
    return labelled(weeks, end, setting_of(tenant, end).calendar, known_at, fitting)


def weeks_of(events: Iterable[Event], end: ProjectState, tenant: TenantState, known_at: dt.datetime) -> Iterator[Week]:
    """The rows of one project up to its go-live; a forecast only while it ran."""
    setting, calendars = setting_of(tenant, end), calendars_of(tenant)
    for state, as_of in weekly_states(events, setting.calendar, until=_last_row_at(end, setting.calendar, known_at)):
        on = setting.calendar.local_date(as_of)
        forecast_on = _forecast_on(state, tenant, calendars, on) if state.is_running else None
        yield Week(features(state, setting, as_of), state.baseline_go_live_on, forecast_on)


def _forecast_on(state: ProjectState, tenant: TenantState, calendars: Calendars, on: dt.date) -> dt.date | None:
    """None for a plan without tasks, or one that runs in a circle."""
    try:
        forecast = forecast_of(state, tenant, calendars, on)
    except Invalid:
        return None
    return forecast.go_live_on if forecast else None


def labelled(
    weeks: Iterable[Week], end: ProjectState, calendar: Calendar, known_at: dt.datetime, fitting: Fitting
) -> Iterator[Example]:
    """The rows, up to go-live and the date they are held against, whose outcome is known at `known_at`.

    `end` is the project as known at `known_at`; of it only its life (status, live, ended) is read.
    """
    until = _last_row_at(end, calendar, known_at)
    for week in weeks:
        row = week.row
        held_against = week.baseline_on if fitting.target == "baseline" else row.committed_on
        if held_against is None or row.as_of >= until or calendar.local_date(row.as_of) > held_against:
            continue
        is_late = outcome(end, held_against, calendar, known_at, k_days=fitting.k_days)
        if is_late is not None and not row.not_assessed:
            yield Example(row, is_late)


def weekly_states(
    events: Iterable[Event], calendar: Calendar, *, until: dt.datetime
) -> Iterator[tuple[ProjectState, dt.datetime]]:
    """The project at the end of every seventh day from the one it was created on, by what was recorded then.

    One state grows through all weeks; whoever keeps it must copy it.
    """
    rest = iter(events)
    pending = next(rest, None)
    if pending is None:
        return
    state = ProjectState()
    # Weeks are counted in dates: seven times 24 hours would cross midnight when clocks change.
    on = calendar.local_date(pending.recorded_at)
    while (as_of := calendar.end_of_day(on)) < until:
        known: list[Event] = []
        while pending is not None and pending.recorded_at <= as_of:
            known.append(pending)
            pending = next(rest, None)
        state = project_fold.extend(state, known)
        if state.project_id:
            yield state, as_of
        on += WEEK


def _last_row_at(end: ProjectState, calendar: Calendar, known_at: dt.datetime) -> dt.datetime:
    went_on = live_on(end, calendar)
    return min(known_at, calendar.start_of_day(went_on)) if went_on else known_at
