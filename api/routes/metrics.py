"""Onboarding metrics of a period, and whose days a project slipped by."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from api import measuring, reading, views_capacity
from api.answers import answer
from api.deps import GroundDep, MomentDep, TenantDep
from api.errors import MISSING, READING
from api.windows import MetricsAskedDep, TodayDep
from plan.attribution import delay_of

router = APIRouter(prefix="/v1", tags=["metrics"])


@router.get("/metrics", summary="Onboarding metrics", responses=READING)
def read_metrics(ground: GroundDep, tenant: TenantDep, moment: MomentDep, asked: MetricsAskedDep) -> Response:
    """Every onboarding metric of the year that ends today, or of the period asked about, as known at `as_of`."""
    found = measuring.sheet_of(ground, tenant.tenant_id, moment, *asked)
    return answer(views_capacity.metrics(found, reading.tenant_at(ground, tenant.tenant_id, moment), moment))


@router.get("/projects/{project_id}/delay", summary="Whose days a project slipped by", responses=MISSING)
def read_delay(project_id: str, ground: GroundDep, tenant: TenantDep, moment: MomentDep, today: TodayDep) -> Response:
    """Each working day after the first commitment, with its cause; the causes add up to the slip."""
    state = reading.project_at(ground, tenant.tenant_id, project_id, moment)
    found = delay_of(state, reading.tenant_at(ground, tenant.tenant_id, moment), today)
    return answer(views_capacity.delay(found, state, moment))
