"""Capacity: people by weeks, coloured by how full they are; what nobody fills; booked against to do."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field

from api import measuring, reading, views_capacity
from api.deps import GroundDep, Moment
from api.windows import AHEAD_DAYS, DAY, CapacityAsked, window_of
from store.ground import Ground
from store.listing import PAGE_LIMIT
from store.log import NOW
from store.projections.alerts.fold import AlertState
from store.projections.alerts.rows import AlertFilter
from web.render import address, page
from web.views.measures import lines, whole
from web.visitors import Visitor, VisitorDep

router = APIRouter()
GAPS = 12


class Asked(BaseModel):
    """Which weeks and which role, as the address says it."""

    role: Annotated[str, Field(max_length=200)] = ""
    first: Annotated[str, Field(max_length=10, alias="from")] = ""


@router.get("/capacity")
def capacity(
    request: Request, ground: GroundDep, visitor: VisitorDep, asked: Annotated[Asked, Query()]
) -> HTMLResponse:
    """Six weeks of everybody, or of one role."""
    moment = Moment(visitor.now, NOW, is_now=True)
    window = window_of(asked.first or None, None, visitor.today, "week")
    whole_found = measuring.capacities_of(ground, visitor.tenant_id, moment, CapacityAsked(window))
    roles = sorted({roster.person.role for roster in whole_found.rosters if roster.person.role})
    wanted = CapacityAsked(window, role=asked.role or None)
    found = measuring.capacities_of(ground, visitor.tenant_id, moment, wanted) if asked.role else whole_found
    shown = views_capacity.capacity(found, moment)
    return page(
        request,
        "capacity.html",
        here="capacity",
        found=shown,
        lines=lines(shown, _alerts(ground, visitor)),
        whole=whole(shown),
        roles=roles,
        asked=asked,
        gaps=sorted(shown.gaps, key=lambda gap: (-abs(gap.unbooked_hours), gap.person.name, gap.project.id))[:GAPS],
        before=address("/capacity", role=asked.role, **{"from": window.first - AHEAD_DAYS * DAY}),
        after=address("/capacity", role=asked.role, **{"from": window.last + DAY}),
        address=address,
    )


def _alerts(ground: Ground, visitor: Visitor) -> list[AlertState]:
    """What stands open about people who are over-allocated."""
    wanted = AlertFilter(("open", "snoozed"), kind="over_allocation")
    found, _cursor = reading.alert_page(ground, visitor.tenant_id, wanted, limit=PAGE_LIMIT, cursor=None)
    return found
