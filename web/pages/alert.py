"""One alert on a page of its own, and every decision on an alert or on all that stand on a card."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Annotated
from urllib.parse import parse_qs, urlsplit

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from agents.commands import decide
from agents.messages import ESCALATE
from api.deps import GroundDep
from store.errors import Conflict, Invalid
from store.ground import Ground
from store.projections.alerts.fold import AlertState
from web.cards import alert_of
from web.pages.card import Refusal, decision_context, refusal_context, shown
from web.pages.inbox import Asked as InboxAsked
from web.pages.inbox import inbox_page
from web.render import page
from web.visitors import Visitor, VisitorDep, deciding

router = APIRouter()
Text = Annotated[str, Field(max_length=60)]
EDITED = "arg."
MOST_AT_ONCE = 200
FOR_ALL = frozenset({"reject", "snooze", "assign", "escalate"})
"""What may be decided on a whole card: nothing that carries out a proposal unseen."""


class DecisionForm(BaseModel):
    """What a card's forms send. `back` is the page to return to, `version` that of the alert that was seen.

    Edited arguments of a proposal come as fields `arg.NAME`.
    """

    model_config = ConfigDict(extra="allow")
    verb: Text
    proposal_id: Text = ""
    reason: Text = ""
    note: Annotated[str, Field(max_length=2000)] = ""
    until_on: Text = ""
    assignee_id: Text = ""
    version: int | None = None
    back: Annotated[str, Field(max_length=500)] = ""
    form_token: Annotated[str, Field(max_length=200)] = ""

    @property
    def edits(self) -> dict[str, str]:
        """The arguments that were edited, by their names in the proposal."""
        extra = self.model_extra or {}
        return {name.removeprefix(EDITED): str(value) for name, value in extra.items() if name.startswith(EDITED)}


class CardDecisionForm(DecisionForm):
    """A decision on every alert of a card: `alerts` are `ID:VERSION`."""

    alerts: Annotated[list[Annotated[str, Field(max_length=80)]], Field(max_length=MOST_AT_ONCE)]


class Asked(BaseModel):
    """What the address of an alert's page adds: figures computed again, word of what was just done."""

    check: Text = ""
    notice: Text = ""


@router.get("/alerts/{alert_id}")
def alert(
    request: Request, alert_id: str, ground: GroundDep, visitor: VisitorDep, asked: Annotated[Asked, Query()]
) -> HTMLResponse:
    """The alert as a page."""
    return _alert_page(request, ground, visitor, alert_id, asked)


@router.post("/alerts/{alert_id}/decisions")
def decide_alert(
    request: Request, alert_id: str, ground: GroundDep, visitor: VisitorDep, form: Annotated[DecisionForm, Form()]
) -> Response:
    """Carries a decision out and goes back; what speaks against it is shown on the card."""
    deciding(request, visitor, form.form_token)
    found = alert_of(ground, visitor, alert_id)
    try:
        _decide(ground, visitor, found, form, form.version)
    except (Conflict, Invalid) as problem:
        ground.settle(visitor.tenant_id)
        return _refused(request, ground, visitor, form.back, Refusal(problem, form.version, alert_id))
    ground.settle(visitor.tenant_id)
    place = f"{form.back}&" if form.back.startswith("/inbox?") else f"/alerts/{alert_id}?"
    return RedirectResponse(f"{place}notice={alert_id}", status_code=303)


@router.post("/cards/decisions")
def decide_card(
    request: Request, ground: GroundDep, visitor: VisitorDep, form: Annotated[CardDecisionForm, Form()]
) -> Response:
    """Decides the same on every alert of a card that still allows it; what did not is said."""
    deciding(request, visitor, form.form_token)
    if form.verb not in FOR_ALL:
        raise Invalid("not_for_all", f"{form.verb!r} is decided one by one.", remedy="Decide on each cause by itself.")
    refusals: list[Refusal] = []
    done: list[str] = []
    for found, version in _named(ground, visitor, form.alerts):
        try:
            _decide_one_of_all(ground, visitor, found, form, version, is_first=not done)
            done.append(found.alert_id)
        except (Conflict, Invalid) as problem:
            refusals.append(Refusal(problem, version, found.alert_id))
    ground.settle(visitor.tenant_id)
    if refusals:
        return _refused(request, ground, visitor, form.back, refusals[0])
    place = form.back if form.back.startswith("/inbox?") else "/inbox?view=open"
    return RedirectResponse(f"{place}&notice={done[0]}&many={len(done)}", status_code=303)


def _named(ground: Ground, visitor: Visitor, alerts: list[str]) -> Iterator[tuple[AlertState, int | None]]:
    for named in dict.fromkeys(alerts):
        alert_id, _, version = named.partition(":")
        yield alert_of(ground, visitor, alert_id), int(version) if version.isdecimal() and len(version) < 10 else None


def _decide_one_of_all(
    ground: Ground, visitor: Visitor, found: AlertState, form: DecisionForm, version: int | None, *, is_first: bool
) -> None:
    """Snoozed no longer than each lives; escalated once for the whole card, by the proposal where there is one."""
    changed = form.model_copy()
    if form.verb == "snooze" and found.expires_on:
        until = _date(form.until_on)
        changed.until_on = min(until, found.expires_on).isoformat() if until else ""
    if form.verb == "escalate":
        offered = next((p for p in found.proposals if p.action == ESCALATE and p.is_feasible), None)
        if is_first and offered:
            changed.verb, changed.proposal_id = "approve", offered.proposal_id
    _decide(ground, visitor, found, changed, version)


def _decide(ground: Ground, visitor: Visitor, found: AlertState, form: DecisionForm, version: int | None) -> None:
    decide(
        ground.log,
        visitor.tenant_id,
        found.alert_id,
        form.verb,
        actor_id=visitor.principal.actor_id,
        now=visitor.now,
        appended_at=ground.clock.now(),
        new_id=ground.clock.new_id,
        proposal_id=form.proposal_id or None,
        args=_changed(found, form),
        reason=form.reason or None,
        note=form.note.strip(),
        until_on=_date(form.until_on),
        assignee_id=_known(visitor, form.assignee_id),
        expected_version=version,
    )


def _changed(found: AlertState, form: DecisionForm) -> dict[str, str]:
    """The edited arguments that say something else than the proposal does."""
    offered = next((p.args for p in found.proposals if p.proposal_id == form.proposal_id), {})
    return {name: value.strip() for name, value in form.edits.items() if offered.get(name) != value.strip()}


def _refused(request: Request, ground: Ground, visitor: Visitor, back: str, refusal: Refusal) -> Response:
    if not back.startswith("/inbox?"):
        return _alert_page(request, ground, visitor, refusal.alert_id, Asked(), refusal)
    query = parse_qs(urlsplit(back).query)
    view, project = query.get("view", ["open"])[0], query.get("project", [""])[0]
    place = InboxAsked(view=view, sel=refusal.alert_id, project=project)
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
    path = f"/alerts/{found.alert_id}"
    return page(
        request,
        "alert.html",
        status=refusal.status if refusal else 200,
        here="inbox",
        notice=found if asked.notice else None,
        many=0,
        one=shown(ground, visitor, found, f"{path}?check=1#check-1", is_checked=bool(asked.check), is_unfolded=True),
        **refusal_context(ground, visitor, found, refusal),
        **decision_context(visitor, path),
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
