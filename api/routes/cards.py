"""Cards: what a person sees of one project or person, its alerts as causes."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from api.answers import answer
from api.cards import View, Wanted, card_page, day_of
from api.deps import Cursor, GroundDep, Limit, PrincipalDep, TenantDep
from api.errors import READING
from api.texts import Text

router = APIRouter(prefix="/v1/cards", tags=["alerts"])


@router.get("", summary="List cards", responses=READING)
def list_cards(
    ground: GroundDep,
    tenant: TenantDep,
    principal: PrincipalDep,
    state: Annotated[View, Query(description="A snoozed alert whose day has come is open")] = "open",
    project_id: Annotated[Text | None, Query(description="Only cards with an alert that names it")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """One card per project (or over-booked person), gravest first and then by days times money at stake."""
    on = day_of(ground.tenant_state(tenant.tenant_id), tenant.now(ground.clock))
    wanted = Wanted(state, on, principal.role, project_id)
    return answer(card_page(ground, tenant.tenant_id, wanted, limit=limit, cursor=cursor))
