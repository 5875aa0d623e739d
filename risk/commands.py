"""Scoring a tenant's projects: reads the store, thinks, writes scores. Knows nothing of how a model is fitted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

from plan.calendar import Calendar
from plan.network import Forecast, calendars_of, forecast_of
from plan.staffing import calendar_of
from risk.artifacts import load_model, prior
from risk.assessment import Score, assess
from risk.detectors.view import ProjectView
from risk.features import features, setting_of
from risk.features.registry import NAMES
from risk.features.row import FeatureRow
from risk.margins import Margins, margins_of
from risk.model import LEAST_PROJECTS, Model, NotFitted
from risk.outlook import go_live_range
from risk.waiting_on import WaitingOn, waiting_on
from store.errors import Invalid, NotFound
from store.ground import Ground
from store.ids import TenantId
from store.models import SqlShelf
from store.projections.people.fold import PersonState
from store.projections.projects.rows import Assessment, finished_count, save_assessments
from store.projections.projects.state import ProjectState
from store.projections.tenants.fold import TenantState

_ENCODER = msgspec.json.Encoder(order="sorted")


class Outlook(msgspec.Struct, kw_only=True, frozen=True):
    """The plan's own word beside the score: forecast go-live and leeway in working days. None where it cannot say.

    By `p50_on` half, by `p80_on` four in five of such projects were live; it rests on how far the
    forecasts of so many `projects` were off. Without a range `no_range` says why.
    """

    forecast_on: dt.date | None = None
    leeway_days: int | None = None
    p50_on: dt.date | None = None
    p80_on: dt.date | None = None
    projects: int = 0
    no_range: str = ""


class Thought(msgspec.Struct, kw_only=True, frozen=True):
    """Everything that is thought of a project at a moment, as stored and as answered.

    `money` is None where nothing is earned, or where nobody said who works on the project.
    """

    score: Score
    outlook: Outlook
    features: dict[str, float | None]
    money: Margins | None = None
    waiting: tuple[WaitingOn, ...] = ()


_DECODER = msgspec.json.Decoder(Thought)


def model_in_force(ground: Ground, tenant_id: TenantId, at: dt.datetime) -> tuple[str, Model | NotFitted]:
    """The newest model that knew nothing later than `at`, with its hash; the prior where the tenant has none."""
    shelf = SqlShelf(ground.database, tenant_id, at)
    model_hash = shelf.in_force()
    return (model_hash, load_model(shelf, model_hash)) if model_hash else _prior(ground, tenant_id, at)


def _prior(ground: Ground, tenant_id: TenantId, at: dt.datetime) -> tuple[str, Model]:
    """The prior, which says that it is one and what is missing for a model of the tenant's own."""
    model_hash, model = prior()
    on = calendar_of(ground.tenant_state(tenant_id), None).local_date(at)
    with ground.database.tx(tenant_id) as connection:
        finished = finished_count(connection, tenant_id, on)
    missing = f"{LEAST_PROJECTS} are needed" if finished < LEAST_PROJECTS else "`leeway train` fits a model on them"
    verb = "is" if finished == 1 else "are"
    return model_hash, msgspec.structs.replace(
        model, note=f"{model.note.rstrip('.')}: {finished} of your projects {verb} finished, {missing}."
    )


def think_of(
    project: ProjectState,
    tenant: TenantState,
    at: dt.datetime,
    model: tuple[str, Model | NotFitted],
    people: Mapping[str, PersonState] | None = None,
) -> Thought:
    """Score, outlook, margins and waits of a project as it stands in these states.

    `people` are those who work on it; without them there are no margins.
    """
    setting = setting_of(tenant, project)
    row = features(project, setting, at)
    as_of = setting.calendar.local_date(at)
    view = ProjectView(project, tenant, people or {}, at, as_of)
    forecast = _forecast_of(project, tenant, as_of) if project.is_running else None
    return Thought(
        score=assess(row, model[1], model_hash=model[0]),
        outlook=outlook_of(forecast, model[1], setting.calendar, as_of),
        features=_named(row),
        money=margins_of(project, tenant, people, as_of) if people is not None else None,
        waiting=waiting_on(project, view.waits, forecast, setting.calendar),
    )


def stored_thought(body: bytes | None) -> Thought | None:
    """What was stored of a project; None where nothing was, or in a form of another version."""
    try:
        return _DECODER.decode(body) if body else None
    except msgspec.DecodeError:
        return None


class ScoreOf(Protocol):
    """Gives the score of a project as the model of that hash sees it, None where there is no such model."""

    def __call__(self, project: ProjectState, tenant: TenantState, at: dt.datetime, model_hash: str) -> Score | None:
        """See the class."""
        ...


def scorer(ground: Ground, tenant_id: TenantId) -> ScoreOf:
    """Scores by the tenant's stored models, and by the prior of this version."""

    def score_of(project: ProjectState, tenant: TenantState, at: dt.datetime, model_hash: str) -> Score | None:
        prior_hash, model = prior()
        if model_hash != prior_hash:
            try:
                model = load_model(SqlShelf(ground.database, tenant_id, at), model_hash)
            except NotFound:
                return None
        return assess(features(project, setting_of(tenant, project), at), model, model_hash=model_hash)

    return score_of


def assess_projects(
    ground: Ground, tenant_id: TenantId, project_ids: Sequence[str], *, now: dt.datetime, position: int
) -> int:
    """Scores these projects as they stand and stores what came of it; returns how many."""
    tenant, model = ground.tenant_state(tenant_id), model_in_force(ground, tenant_id, now)
    states, people = ground.projects(tenant_id, list(project_ids)), ground.people(tenant_id)
    thoughts = [think_of(state, tenant, now, model, people) for state in states.values() if state.project_id]
    with ground.database.tx(tenant_id) as connection:
        save_assessments(connection, tenant_id, [_assessment(thought, position) for thought in thoughts])
    return len(thoughts)


def _forecast_of(project: ProjectState, tenant: TenantState, as_of: dt.date) -> Forecast | None:
    try:
        return forecast_of(project, tenant, calendars_of(tenant), as_of)
    except Invalid:
        # Links that run in a circle: an import refuses them, an older log may hold them.
        return None


def outlook_of(forecast: Forecast | None, model: Model | NotFitted, calendar: Calendar, as_of: dt.date) -> Outlook:
    """The plan's forecast and the range around it, as far as the model knows how forecasts were off."""
    if forecast is None:
        return Outlook(no_range="no_forecast")
    known = model.bands if isinstance(model, Model) else ()
    found = go_live_range(forecast.go_live_on, as_of, known, calendar)
    return Outlook(
        forecast_on=forecast.go_live_on,
        leeway_days=forecast.leeway_days,
        p50_on=found.p50_on if found else None,
        p80_on=found.p80_on if found else None,
        projects=found.projects if found else 0,
        no_range="" if found else "too_few_projects",
    )


def _named(row: FeatureRow) -> dict[str, float | None]:
    return dict(zip(NAMES, row.values, strict=True))


def _assessment(thought: Thought, position: int) -> Assessment:
    score = thought.score
    return Assessment(
        project_id=score.project_id,
        as_of=score.as_of,
        position=position,
        model_hash=score.model_hash,
        probability=score.probability,
        level=score.level,
        leeway_days=thought.outlook.leeway_days,
        forecast_on=thought.outlook.forecast_on,
        body=_ENCODER.encode(thought),
    )
