"""Risk scores: one project's, as of any moment, and what was thought of it before."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from api import reading, shapes, views
from api.answers import answer
from api.deps import Cursor, GroundDep, Limit, MomentDep, TenantDep
from api.errors import MISSING
from risk.commands import model_in_force, think_of

router = APIRouter(prefix="/v1/projects/{project_id}/risk", tags=["risk"])


@router.get("", summary="A project's risk score", responses=MISSING)
def read_risk(project_id: str, ground: GroundDep, tenant: TenantDep, moment: MomentDep) -> Response:
    """The score at `as_of`, computed now from what was known then, by the model that knew nothing later."""
    state = reading.project_at(ground, tenant.tenant_id, project_id, moment)
    model = model_in_force(ground, tenant.tenant_id, moment.at)
    thought = think_of(state, reading.tenant_at(ground, tenant.tenant_id, moment), moment.at, model)
    return answer(views.score(thought, state, moment))


@router.get("/history", summary="Earlier scores", responses=MISSING)
def read_risk_history(
    project_id: str, ground: GroundDep, tenant: TenantDep, limit: Limit = 50, cursor: Cursor = None
) -> Response:
    """Scores as they were recorded, newest first; nothing rewrites them."""
    state = ground.project(tenant.tenant_id, project_id)
    thoughts, next_cursor = reading.score_page(ground, tenant.tenant_id, project_id, limit, cursor)
    return answer(
        shapes.ScorePage(data=[views.recorded_score(found, state) for found in thoughts], next_cursor=next_cursor)
    )
