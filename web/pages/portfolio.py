"""The portfolio: running projects, riskiest first."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import AfterValidator, BaseModel, Field

from api.deps import GroundDep
from store.access import MAY_SEE_MONEY
from store.ground import Ground
from store.listing import Page
from store.projections.alerts import rows as alert_rows
from store.projections.projects import rows
from web.render import address, page
from web.views.portfolio import lines, sums
from web.visitors import Visitor, VisitorDep
from web.words import LEVELS, STATUSES

router = APIRouter()
RUNNING = ("active", "on_hold")
LIMIT = 25
SORTS = {"risk": "Risk", "go_live": "Committed date", "name": "Name"}
MONEY_SORTS = {"margin": "Margin lost", "stake": "Money at stake"}
Choice = Annotated[str, Field(max_length=60, pattern=r"^[\w-]*$")]


class Asked(BaseModel):
    """Which projects are wanted, as the address says it."""

    q: Annotated[str, Field(max_length=200), AfterValidator(str.strip)] = ""
    status: Choice = "running"
    level: Choice = ""
    manager: Choice = ""
    sort: Choice = "risk"
    cursor: Annotated[str | None, Field(max_length=400)] = None


@router.get("/")
def portfolio(
    request: Request, ground: GroundDep, visitor: VisitorDep, asked: Annotated[Asked, Query()]
) -> HTMLResponse:
    """A page of projects with their risk, and how many there are of each kind."""
    query = asked.model_dump(exclude_defaults=True, exclude={"cursor"})
    role, sorts = visitor.principal.role, _sorts(visitor)
    found, counts, totals = _read(ground, visitor, asked)
    ids = [row["project_id"] for row in found.rows]
    with ground.database.tx(visitor.tenant_id) as connection:
        open_alerts = alert_rows.open_by_project(connection, visitor.tenant_id, ids)
    return page(
        request,
        "portfolio.html",
        here="portfolio",
        lines=lines(found.rows, ground.projects(visitor.tenant_id, ids), visitor.state, open_alerts, role),
        sums=sums(totals, visitor.state.currency, role),
        asked=asked,
        query=query,
        counts=counts,
        levels=LEVELS,
        statuses=STATUSES,
        sorts=sorts,
        sees_money=role in MAY_SEE_MONEY,
        address=address,
        is_later_page=asked.cursor is not None,
        next_cursor=found.next_cursor,
        managers=sorted((_manager_name(visitor, one), one) for one in counts["managers"]),
    )


def _sorts(visitor: Visitor) -> dict[str, str]:
    return SORTS | (MONEY_SORTS if visitor.principal.role in MAY_SEE_MONEY else {})


def _read(ground: Ground, visitor: Visitor, asked: Asked) -> tuple[Page, dict[str, dict[str, int]], rows.Totals]:
    tenant_id = visitor.tenant_id
    text = asked.q.casefold()
    customers = [c.customer_id for c in visitor.state.customers.values() if text and text in c.name.casefold()]
    wanted = rows.ProjectFilter(
        statuses=_statuses(asked.status),
        levels=(asked.level,) if asked.level in LEVELS else (),
        manager_id=asked.manager or None,
        search=asked.q,
        or_customer_ids=customers,
    )
    sort = asked.sort if asked.sort in _sorts(visitor) else "risk"
    with ground.database.tx(tenant_id) as connection:
        found = rows.page(connection, tenant_id, wanted, sort=sort, limit=LIMIT, cursor=asked.cursor)
        kinds = rows.counts(connection, tenant_id)
        managers = rows.by_manager(connection, tenant_id, RUNNING)
        totals = rows.totals(connection, tenant_id)
    return found, {"kinds": kinds, "managers": managers}, totals


def _statuses(chosen: str) -> tuple[str, ...]:
    if chosen == "all":
        return ()
    return (chosen,) if chosen in STATUSES else RUNNING


def _manager_name(visitor: Visitor, manager_id: str) -> str:
    party = visitor.state.parties.get(manager_id)
    return party.name if party and party.name else manager_id
