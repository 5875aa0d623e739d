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
from risk.burn import LeewayOn, leeway_weeks
from store.access import MAY_WRITE
from store.errors import Invalid, LeewayError, NotFound
from store.ground import Ground
from store.ids import is_uuid
from store.projections.projects.state import ProjectState
from store.streams import project_streams
from summarizer.commands import summaries_of
from web.cards import open_lines
from web.render import page
from web.views.playbooks import Followed, followed
from web.views.project import Thinking, sheet
from web.views.risk import panel
from web.visitors import Visitor, VisitorDep

router = APIRouter()


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
    thought = reading.thought_of(ground, visitor.tenant_id, state, moment)
    return page(
        request,
        "project.html",
        status=status,
        problem=problem,
        stage_key=ground.clock.new_id(),
        may_write=visitor.principal.role in MAY_WRITE and moment.is_now,
        here="portfolio",
        sheet=sheet(
            state,
            visitor.state,
            _forecast(visitor, state, today),
            today,
            Thinking(thought, _weeks(ground, visitor, state, moment), visitor.principal.role),
        ),
        risk=panel(thought.score, state) if thought else None,
        alerts=open_lines(ground, visitor, project_id) if moment.is_now else [],
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


def _weeks(ground: Ground, visitor: Visitor, state: ProjectState, moment: Moment) -> list[LeewayOn]:
    if not state.is_running:
        return []
    events = ground.log.read_many(visitor.tenant_id, project_streams(state.project_id), cut=moment.cut)
    return leeway_weeks(events, visitor.state, moment.at)


def _forecast(visitor: Visitor, state: ProjectState, today: dt.date) -> Forecast | None:
    """The same forecast that the worker makes; None for a plan that runs in a circle."""
    try:
        return forecast_of(state, visitor.state, calendars_of(visitor.state), today)
    except Invalid:
        return None
