"""A project started from a playbook: a form, what it would come to, and the start itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import GroundDep
from api.errors import status_of
from api.starting import around_of, caller_of
from plan.playbook.commands import preview, start
from plan.playbook.order import Order
from store.access import MAY_WRITE, may_see
from store.errors import Invalid, LeewayError, Refused, Unavailable
from store.ground import Ground
from web.render import page
from web.views.playbooks import drawn
from web.visitors import Visitor, VisitorDep, own_form

router = APIRouter()
LONGEST = 300
DEAL_SOURCE, OWN_SOURCE = "crm", "console"

Fields = Mapping[str, str]


async def fields_of(request: Request) -> Fields:
    """What the form says, however it was sent; too long a text is cut."""
    sent = await request.form() if request.method == "POST" else request.query_params
    return {name: value[:LONGEST].strip() for name, value in sent.items() if isinstance(value, str)}


FieldsDep = Annotated[Fields, Depends(fields_of)]


@router.get("/playbooks/{playbook_id}/start")
def preview_start(
    request: Request, playbook_id: str, ground: GroundDep, visitor: VisitorDep, fields: FieldsDep
) -> HTMLResponse:
    """The form; with a contract date, what the project would come to."""
    return _form(request, ground, visitor, playbook_id, fields)


@router.post("/playbooks/{playbook_id}/start")
def start_project(
    request: Request, playbook_id: str, ground: GroundDep, visitor: VisitorDep, fields: FieldsDep
) -> Response:
    """Starts the project and goes to it; what speaks against it is shown on the form."""
    own_form(request, fields.get("form_token", ""))
    if visitor.principal.role not in MAY_WRITE:
        raise Refused("role_too_low", "This role may look but not start.", remedy="Sign in with a member's key.")
    try:
        order = _order(playbook_id, fields, visitor)
        around = around_of(ground, visitor.tenant_id)
        caller = caller_of(ground, visitor.tenant, visitor.principal.actor_id)
        started = start(ground.log, visitor.tenant_id, order, around, caller)
    except Unavailable:
        raise
    except LeewayError as problem:
        return _form(request, ground, visitor, playbook_id, fields, problem)
    ground.settle(visitor.tenant_id)
    return RedirectResponse(f"/projects/{started.project_id}", status_code=303)


def _form(
    request: Request,
    ground: Ground,
    visitor: Visitor,
    playbook_id: str,
    fields: Fields,
    problem: LeewayError | None = None,
) -> HTMLResponse:
    playbook = ground.playbook(visitor.tenant_id, playbook_id)
    plan = None
    if fields.get("contract_signed_on"):
        try:
            order = _order(playbook_id, fields, visitor)
            plan = preview(ground.log, visitor.tenant_id, order, around_of(ground, visitor.tenant_id))
        except Unavailable:
            raise
        except LeewayError as error:
            problem = problem or error
    people = [party for party in visitor.state.parties.values() if not party.customer_id]
    return page(
        request,
        "start.html",
        status=status_of(problem) if problem else 200,
        here="playbooks",
        playbook=playbook,
        template=playbook.latest.template,
        fields={"contract_signed_on": f"{visitor.today}", "start_key": ground.clock.new_id()} | dict(fields),
        plan=plan,
        sheet={"plan": drawn(plan)} if plan else None,
        today=visitor.today,
        customers=sorted(visitor.state.customers.values(), key=lambda customer: customer.name),
        people=sorted((p for p in people if p.employment != "integration"), key=lambda party: party.name),
        may_see_money=may_see(visitor.principal.role, "money"),
        may_start=visitor.principal.role in MAY_WRITE,
        problem=problem,
    )


def _order(playbook_id: str, fields: Fields, visitor: Visitor) -> Order:
    """The order that the form says; a blank field is left out. Without a deal the form's own key names it."""
    deal = fields.get("deal", "")
    signed = _day(fields, "contract_signed_on") or visitor.today
    return Order(
        playbook_id=playbook_id,
        name=fields.get("name") or playbook_id,
        contract_signed_on=signed,
        kickoff_on=_day(fields, "kickoff_on"),
        go_live_on=_day(fields, "go_live_on"),
        answers=_prefixed(fields, "answer_"),
        owners=_prefixed(fields, "owner_"),
        customer_id=fields.get("customer_id") or None,
        manager_id=fields.get("manager_id") or None,
        fee=_fee(fields, visitor),
        source=DEAL_SOURCE if deal else OWN_SOURCE,
        external_id=deal or fields.get("start_key") or f"{visitor.now.isoformat()}",
    )


def _prefixed(fields: Fields, prefix: str) -> dict[str, str]:
    return {name.removeprefix(prefix): value for name, value in fields.items() if name.startswith(prefix) and value}


def _day(fields: Fields, name: str) -> dt.date | None:
    text = fields.get(name, "")
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Invalid("bad_date", f"{text!r} is no day.", remedy="Write YYYY-MM-DD.", where=name) from error


def _fee(fields: Fields, visitor: Visitor) -> Decimal | None:
    text = fields.get("fee", "") if may_see(visitor.principal.role, "money") else ""
    try:
        return Decimal(text) if text else None
    except InvalidOperation as error:
        raise Invalid("bad_number", f"{text!r} is no amount.", remedy="Write 12500.00.", where="fee") from error
