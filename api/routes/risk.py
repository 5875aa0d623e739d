"""Risk scores: one project's, as of any moment, and what was thought of it before."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from api import reading, shapes, views
from api.answers import answer
from api.deps import Cursor, GroundDep, Limit, MomentDep, PrincipalDep, TenantDep
from api.errors import MISSING

router = APIRouter(prefix="/v1/projects/{project_id}/risk", tags=["risk"])


@router.get("", summary="A project's risk score", responses=MISSING)
def read_risk(
    project_id: str, ground: GroundDep, tenant: TenantDep, principal: PrincipalDep, moment: MomentDep
) -> Response:
    """The score at `as_of`, computed now from what was known then, by the model that knew nothing later."""
    state = reading.project_at(ground, tenant.tenant_id, project_id, moment)
    directory = reading.tenant_at(ground, tenant.tenant_id, moment)
    thought = reading.thought_at(ground, tenant.tenant_id, state, moment)
    return answer(views.score(thought, state, directory, moment, principal.role))


@router.get("/history", summary="Earlier scores", responses=MISSING)
def read_risk_history(
    project_id: str,
    ground: GroundDep,
    tenant: TenantDep,
    principal: PrincipalDep,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Scores as they were recorded, newest first; nothing rewrites them."""
    state = ground.project(tenant.tenant_id, project_id)
    thoughts, next_cursor = reading.score_page(ground, tenant.tenant_id, project_id, limit, cursor)
    directory = ground.tenant_state(tenant.tenant_id)
    data = [views.recorded_score(found, state, directory, principal.role) for found in thoughts]
    return answer(shapes.ScorePage(data=data, next_cursor=next_cursor))
