"""Scoring a tenant's projects: reads the store, thinks, writes scores. Knows nothing of how a model is fitted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Protocol

import msgspec

from plan.network import calendars_of, forecast_of
from plan.staffing import calendar_of
from risk.artifacts import load_model
from risk.assessment import Score, assess
from risk.features import features, setting_of
from risk.features.registry import NAMES
from risk.features.row import FeatureRow
from risk.model import Model, NotFitted
from store.errors import Invalid, NotFound
from store.ground import Ground
from store.ids import TenantId
from store.models import SqlShelf
from store.projections.projects.rows import Assessment, save_assessments
from store.projections.projects.state import ProjectState
from store.projections.tenants.fold import TenantState

NO_MODEL = NotFitted(
    reason="no_model",
    sentence="No model has been fitted on what was known at that moment; `leeway train` fits one.",
)
_ENCODER = msgspec.json.Encoder(order="sorted")


class Outlook(msgspec.Struct, kw_only=True, frozen=True):
    """The plan's own word beside the score: forecast go-live and leeway in working days. None where it cannot say."""

    forecast_on: dt.date | None = None
    leeway_days: int | None = None


class Thought(msgspec.Struct, kw_only=True, frozen=True):
    """Everything that is thought of a project at a moment, as stored and as answered."""

    score: Score
    outlook: Outlook
    features: dict[str, float | None]


def model_in_force(ground: Ground, tenant_id: TenantId, at: dt.datetime) -> tuple[str, Model | NotFitted]:
    """The newest model that knew nothing later than `at`, with its hash."""
    shelf = SqlShelf(ground.database, tenant_id, at)
    model_hash = shelf.in_force()
    return (model_hash, load_model(shelf, model_hash)) if model_hash else ("", NO_MODEL)


def think_of(
    project: ProjectState, tenant: TenantState, at: dt.datetime, model: tuple[str, Model | NotFitted]
) -> Thought:
    """Score and outlook of a project as it stands in these states."""
    row = features(project, setting_of(tenant, project), at)
    score = assess(row, model[1], model_hash=model[0])
    return Thought(score=score, outlook=_outlook(project, tenant, at), features=_named(row))


class ScoreOf(Protocol):
    """Gives the score of a project as the model of that hash sees it, None where there is no such model."""

    def __call__(self, project: ProjectState, tenant: TenantState, at: dt.datetime, model_hash: str) -> Score | None:
        """See the class."""
        ...


def scorer(ground: Ground, tenant_id: TenantId) -> ScoreOf:
    """Scores by the tenant's stored models."""

    def score_of(project: ProjectState, tenant: TenantState, at: dt.datetime, model_hash: str) -> Score | None:
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
    states = ground.projects(tenant_id, list(project_ids))
    thoughts = [think_of(state, tenant, now, model) for state in states.values() if state.project_id]
    with ground.database.tx(tenant_id) as connection:
        save_assessments(connection, tenant_id, [_assessment(thought, position) for thought in thoughts])
    return len(thoughts)


def _outlook(project: ProjectState, tenant: TenantState, at: dt.datetime) -> Outlook:
    if not project.is_running:
        return Outlook()
    calendar = calendar_of(tenant, project.calendar_id)
    try:
        forecast = forecast_of(project, tenant, calendars_of(tenant), calendar.local_date(at))
    except Invalid:
        # Links that run in a circle: an import refuses them, an older log may hold them.
        return Outlook()
    return Outlook(forecast_on=forecast.go_live_on, leeway_days=forecast.leeway_days) if forecast else Outlook()


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
