"""Onboarding: the metrics of a period, each with its trend and the projects behind it.

At /onboarding, as /metrics is what the machine counts of itself.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field

from api import measuring, views_capacity
from api.deps import GroundDep, Moment
from api.windows import period_of
from plan.onboarding.sheet import Wanted
from store.log import NOW
from web.render import address, page
from web.views.measures import CAUSES, OUTCOMES, REASONS, drawn, ordered
from web.visitors import VisitorDep

router = APIRouter()
Choice = Annotated[str, Field(max_length=60, pattern=r"^[\w-]*$")]


class Asked(BaseModel):
    """Period and projects, as the address says it."""

    first: Annotated[str, Field(max_length=10, alias="from")] = ""
    last: Annotated[str, Field(max_length=10, alias="to")] = ""
    manager: Choice = ""
    customer: Choice = ""


@router.get("/onboarding")
def onboarding(
    request: Request, ground: GroundDep, visitor: VisitorDep, asked: Annotated[Asked, Query()]
) -> HTMLResponse:
    """The year that ends today, or the period asked for."""
    moment = Moment(visitor.now, NOW, is_now=True)
    period = period_of(asked.first or None, asked.last or None, visitor.today)
    wanted = Wanted(asked.manager or None, asked.customer or None)
    journeys = [digest.journey for digest in measuring.known_at(ground, visitor.tenant_id, moment).digests]
    sheet = measuring.sheet_of(ground, visitor.tenant_id, moment, period, wanted)
    found = views_capacity.metrics(sheet, visitor.state, moment)
    parties, customers = visitor.state.parties, visitor.state.customers
    return page(
        request,
        "metrics.html",
        here="onboarding",
        found=found,
        drawn=drawn(found),
        causes=CAUSES,
        by_cause=ordered(found.delays.by_cause),
        outcomes=OUTCOMES,
        reasons=REASONS,
        asked=asked,
        has_projects=bool(journeys),
        managers=sorted((parties[i].name, i) for i in {j.manager_id for j in journeys} if i in parties),
        customers=sorted((customers[i].name, i) for i in {j.customer_id for j in journeys} if i in customers),
        address=address,
    )
