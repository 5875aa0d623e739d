"""One alert on a page of its own, and every decision on an alert."""

from __future__ import annotations

import datetime as dt
from typing import Annotated
from urllib.parse import parse_qs, urlsplit

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, Field

from agents.commands import decide
from api.deps import GroundDep
from store.errors import Conflict, Invalid
from store.ground import Ground
from web.cards import alert_of
from web.pages.card import Refusal, card_context, refusal_context
from web.pages.inbox import Asked as InboxAsked
from web.pages.inbox import inbox_page
from web.render import page
from web.visitors import Visitor, VisitorDep, deciding

router = APIRouter()
Text = Annotated[str, Field(max_length=60)]


class DecisionForm(BaseModel):
    """What a card's forms send. `back` is the page to return to, `version` that of the alert that was seen."""

    verb: Text
    proposal_id: Text = ""
    reason: Text = ""
    note: Annotated[str, Field(max_length=2000)] = ""
    until_on: Text = ""
    assignee_id: Text = ""
    version: int | None = None
    back: Annotated[str, Field(max_length=500)] = ""
    form_token: Annotated[str, Field(max_length=200)] = ""


class Asked(BaseModel):
    """What the address of an alert's page adds: figures computed again, word of what was just done."""

    check: Annotated[str, Field(max_length=2)] = ""
    notice: Text = ""


@router.get("/alerts/{alert_id}")
def alert(
    request: Request, alert_id: str, ground: GroundDep, visitor: VisitorDep, asked: Annotated[Asked, Query()]
) -> HTMLResponse:
    """The card as a page."""
    return _alert_page(request, ground, visitor, alert_id, asked)


@router.post("/alerts/{alert_id}/decisions")
def decide_alert(
    request: Request, alert_id: str, ground: GroundDep, visitor: VisitorDep, form: Annotated[DecisionForm, Form()]
) -> Response:
    """Carries a decision out and goes back; what speaks against it is shown on the card."""
    deciding(request, visitor, form.form_token)
    alert_of(ground, visitor, alert_id)
    try:
        _decide(ground, visitor, alert_id, form)
    except (Conflict, Invalid) as problem:
        ground.settle(visitor.tenant_id)
        return _refused(request, ground, visitor, alert_id, form.back, Refusal(problem, form.version))
    ground.settle(visitor.tenant_id)
    place = f"{form.back}&" if form.back.startswith("/inbox?") else f"/alerts/{alert_id}?"
    return RedirectResponse(f"{place}notice={alert_id}", status_code=303)


def _decide(ground: Ground, visitor: Visitor, alert_id: str, form: DecisionForm) -> None:
    decide(
        ground.log,
        visitor.tenant_id,
        alert_id,
        form.verb,
        actor_id=visitor.principal.actor_id,
        now=visitor.now,
        appended_at=ground.clock.now(),
        new_id=ground.clock.new_id,
        proposal_id=form.proposal_id or None,
        reason=form.reason or None,
        note=form.note.strip(),
        until_on=_date(form.until_on),
        assignee_id=_known(visitor, form.assignee_id),
        expected_version=form.version,
    )


def _refused(
    request: Request, ground: Ground, visitor: Visitor, alert_id: str, back: str, refusal: Refusal
) -> Response:
    if not back.startswith("/inbox?"):
        return _alert_page(request, ground, visitor, alert_id, Asked(), refusal)
    query = parse_qs(urlsplit(back).query)
    place = InboxAsked(view=query.get("view", ["open"])[0], sel=alert_id, project=query.get("project", [""])[0])
    return inbox_page(request, ground, visitor, place, refusal)


def _alert_page(
    request: Request,
    ground: Ground,
    visitor: Visitor,
    alert_id: str,
    asked: Asked,
    refusal: Refusal | None = None,
) -> HTMLResponse:
    found = alert_of(ground, visitor, alert_id)
    return page(
        request,
        "alert.html",
        status=refusal.status if refusal else 200,
        here="inbox",
        notice=found if asked.notice else None,
        **refusal_context(ground, visitor, found, refusal),
        **card_context(ground, visitor, found, back=f"/alerts/{found.alert_id}", is_checked=bool(asked.check)),
    )


def _date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Invalid("bad_date", f"{text!r} is no date.", remedy="Choose a day such as 2026-09-01.") from error


def _known(visitor: Visitor, assignee_id: str) -> str | None:
    if assignee_id and assignee_id not in visitor.state.parties:
        raise Invalid("unknown_person", "There is no such person.", remedy="Choose somebody from the list.")
    return assignee_id or None
