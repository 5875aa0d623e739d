"""One project: where it stands, how likely it is late and why, what is to be done. Today or any day before."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api import reading
from api.deps import GroundDep, Moment, moment_of
from plan.calendar import zone_of
from plan.network import Forecast, calendars_of, forecast_of
from risk.assessment import Score
from risk.commands import model_in_force, think_of
from store.access import MAY_WRITE
from store.errors import Invalid, LeewayError, NotFound
from store.ground import Ground
from store.ids import is_uuid
from store.projections.alerts.rows import AlertFilter
from store.projections.projects import rows
from store.projections.projects.state import ProjectState
from summarizer.commands import summaries_of
from web.cards import briefs
from web.render import page
from web.views.playbooks import Followed, followed
from web.views.project import sheet
from web.views.risk import panel, stored_thought
from web.visitors import Visitor, VisitorDep

router = APIRouter()
LIMIT = 20


@router.get("/projects/{project_id}")
def project(
    request: Request,
    project_id: str,
    ground: GroundDep,
    visitor: VisitorDep,
    as_of: Annotated[str, Query(max_length=10)] = "",
) -> HTMLResponse:
    """The page; `as_of` is a day, at whose end the project is shown as it was known then."""
    return shown(request, ground, visitor, project_id, as_of)


def shown(
    request: Request,
    ground: Ground,
    visitor: Visitor,
    project_id: str,
    as_of: str,
    *,
    problem: LeewayError | None = None,
    status: int = 200,
) -> HTMLResponse:
    """The project's page, with what spoke against what was asked of it."""
    moment = moment_of(ground, visitor.tenant, as_of or None, None)
    if not is_uuid(project_id):
        raise NotFound("unknown_project", "There is no such project.", remedy="Find it in the portfolio.")
    state = reading.project_at(ground, visitor.tenant_id, project_id, moment)
    today = min(_day_of(moment, visitor), visitor.today)
    score = _score(ground, visitor, state, moment)
    found, _cursor = reading.alert_page(
        ground, visitor.tenant_id, AlertFilter(("open", "snoozed"), project_id=project_id), limit=LIMIT, cursor=None
    )
    return page(
        request,
        "project.html",
        status=status,
        problem=problem,
        stage_key=ground.clock.new_id(),
        may_write=visitor.principal.role in MAY_WRITE and moment.is_now,
        here="portfolio",
        sheet=sheet(state, visitor.state, _forecast(visitor, state, today), today),
        risk=panel(score, state) if score else None,
        alerts=briefs(ground, visitor, found) if moment.is_now else [],
        calls=summaries_of(ground.log, visitor.tenant_id, project_id) if state.transcripts and moment.is_now else [],
        followed=_followed(ground, visitor, state),
        today=today,
        is_past=not moment.is_now,
        first_day=state.created_at.date() if state.created_at else None,
    )


def _followed(ground: Ground, visitor: Visitor, state: ProjectState) -> Followed | None:
    """The project beside the playbook that it was started from; None where it was not."""
    if state.pin is None:
        return None
    return followed(state, ground.playbook(visitor.tenant_id, state.pin.playbook_id))


def _day_of(moment: Moment, visitor: Visitor) -> dt.date:
    at = moment.at if moment.is_now else moment.at - dt.timedelta(microseconds=1)
    return at.astimezone(zone_of(visitor.state.timezone)).date()


def _score(ground: Ground, visitor: Visitor, state: ProjectState, moment: Moment) -> Score | None:
    """Today's score as the worker stored it, a past one as it would have been; None until the worker came by."""
    if not moment.is_now:
        model = model_in_force(ground, visitor.tenant_id, moment.at)
        return think_of(state, visitor.state, moment.at, model).score
    with ground.database.tx(visitor.tenant_id) as connection:
        row = rows.one(connection, visitor.tenant_id, state.project_id)
    thought = stored_thought(row["body"] if row else None)
    return thought.score if thought else None


def _forecast(visitor: Visitor, state: ProjectState, today: dt.date) -> Forecast | None:
    """The same forecast that the worker makes; None for a plan that runs in a circle."""
    try:
        return forecast_of(state, visitor.state, calendars_of(visitor.state), today)
    except Invalid:
        return None
