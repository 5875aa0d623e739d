"""Capacity: who has how many hours, and what is booked, to do and worked against them."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from api import measuring, views_capacity
from api.answers import answer
from api.deps import GroundDep, MomentDep, TenantDep
from api.errors import READING
from api.windows import CapacityAskedDep

router = APIRouter(prefix="/v1/capacity", tags=["capacity"])


@router.get("", summary="Capacity by person and week", responses=READING)
def read_capacity(ground: GroundDep, tenant: TenantDep, moment: MomentDep, asked: CapacityAskedDep) -> Response:
    """People and roles, this week and the next five unless said otherwise, as known at `as_of`."""
    found = measuring.capacities_of(ground, tenant.tenant_id, moment, asked)
    return answer(views_capacity.capacity(found, moment))
