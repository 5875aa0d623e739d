"""Engagements: deals that hold one or several projects."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from api import engagement_shapes, engagement_views, reading
from api.answers import answer
from api.deps import GroundDep, MomentDep, PrincipalDep, TenantDep
from api.errors import MISSING, READING
from store.engagements import projects_by_engagement

router = APIRouter(prefix="/v1/engagements", tags=["engagements"])


@router.get("", summary="List engagements", responses=READING)
def list_engagements(ground: GroundDep, tenant: TenantDep, principal: PrincipalDep) -> Response:
    """Every engagement with the ids of its projects."""
    state, found = ground.tenant_state(tenant.tenant_id), projects_by_engagement(ground, tenant.tenant_id)
    entries = sorted(state.engagements.values(), key=lambda entry: (entry.name, entry.engagement_id))
    own = [(entry, found.get(entry.engagement_id, [])) for entry in entries]
    data = [engagement_views.brief(entry, state, ids) for entry, ids in own if principal.may_reach(ids)]
    return answer(engagement_shapes.EngagementList(data=data))


@router.get("/{engagement_id}", summary="One engagement", responses=MISSING)
def read_engagement(
    engagement_id: str, ground: GroundDep, tenant: TenantDep, principal: PrincipalDep, moment: MomentDep
) -> Response:
    """Its projects, and their fee, cost and margin together: per currency, and in one where rates are stated."""
    state = reading.tenant_at(ground, tenant.tenant_id, moment)
    entry = engagement_views.entry_of(state, engagement_id)
    ids = projects_by_engagement(ground, tenant.tenant_id).get(engagement_id, [])
    parts = engagement_views.parts_of(ground, tenant.tenant_id, ids, moment)
    return answer(engagement_views.engagement(entry, state, parts, moment, principal.role))
