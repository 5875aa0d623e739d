"""Risk scores: one project's, as of any moment, and what was thought of it before."""

from __future__ import annotations

import msgspec
from fastapi import APIRouter

from api import reading, shapes, views
from api.deps import GroundDep, Limit, MomentDep, TenantDep
from api.errors import MISSING
from risk.commands import model_in_force, think_of
from store.projections.projects import rows

router = APIRouter(prefix="/v1/projects/{project_id}/risk", tags=["risk"])


@router.get("", summary="A project's risk score", responses=MISSING)
def read_risk(project_id: str, ground: GroundDep, tenant: TenantDep, moment: MomentDep) -> shapes.Score:
    """The score at `as_of`, computed now from what was known then, by the model that knew nothing later."""
    state = reading.project_at(ground, tenant.tenant_id, project_id, moment)
    model = model_in_force(ground, tenant.tenant_id, moment.at)
    thought = think_of(state, ground.tenant_state(tenant.tenant_id), moment.at, model)
    return views.score(thought, state, moment)


@router.get("/history", summary="Earlier scores", responses=MISSING)
def read_risk_history(project_id: str, ground: GroundDep, tenant: TenantDep, limit: Limit = 50) -> shapes.ScoreHistory:
    """Scores as they were recorded, newest first; nothing rewrites them."""
    ground.project(tenant.tenant_id, project_id)
    with ground.database.tx(tenant.tenant_id) as connection:
        stored = rows.score_history(connection, tenant.tenant_id, project_id, limit=limit)
    return shapes.ScoreHistory(data=[msgspec.json.decode(body) for body in stored])
