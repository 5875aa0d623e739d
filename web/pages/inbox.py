"""The inbox: what needs a decision, one card per project or person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field

from agents.cards import Card
from api.cards import VIEWS as LIFECYCLES
from api.cards import Deck, View, counts
from api.deps import GroundDep
from store.ground import Ground
from store.ids import is_uuid
from store.projections.alerts.fold import AlertState
from web.cards import alert_of, card_of_alert, deck_of, names_of, rows_of, view_of, wanted_of
from web.pages.card import Refusal, card_context, refusal_context
from web.render import address, page
from web.visitors import Visitor, VisitorDep

router = APIRouter()
VIEWS: dict[View, str] = {
    "open": "Needs a decision",
    "snoozed": "Snoozed",
    "done": "Done",
    "rejected": "Rejected",
    "closed": "Closed by itself",
}
Chosen = tuple[Card, Mapping[str, AlertState]]


class Asked(BaseModel):
    """What part of the inbox is wanted.

    `sel` is a card's id or that of an alert on it, `at` a place in the list where the card is gone; `notice` an
    alert just decided, `many` how many with it; `check` the alert whose figures are computed again.
    """

    view: Annotated[str, Field(max_length=20)] = "open"
    sel: Annotated[str, Field(max_length=80)] = ""
    at: Annotated[int, Field(ge=0, le=10_000)] = 0
    project: Annotated[str, Field(max_length=60)] = ""
    cursor: Annotated[str | None, Field(max_length=400)] = None
    notice: Annotated[str, Field(max_length=60)] = ""
    many: Annotated[int, Field(ge=0, le=10_000)] = 0
    check: Annotated[str, Field(max_length=60)] = ""


@router.get("/inbox")
def inbox(request: Request, ground: GroundDep, visitor: VisitorDep, asked: Annotated[Asked, Query()]) -> HTMLResponse:
    """Views, the list of one of them, and the card that is chosen or next."""
    return inbox_page(request, ground, visitor, asked)


@router.get("/inbox/news")
def news(request: Request, visitor: VisitorDep, seen: int = 0) -> HTMLResponse:
    """Whether more needs a decision than the page shows: asked for by the open page, never moves what is read."""
    return page(request, "news.html", now=visitor.needs_decision, seen=seen)


def inbox_page(
    request: Request, ground: Ground, visitor: Visitor, asked: Asked, refusal: Refusal | None = None
) -> HTMLResponse:
    """The page; `refusal` is why a decision on the chosen card was not taken."""
    view: View = next((name for name in LIFECYCLES if name == asked.view), "open")
    found = deck_of(ground, visitor, wanted_of(visitor, view, asked.project), asked.cursor)
    chosen = _chosen(ground, visitor, asked, found)
    refused = alert_of(ground, visitor, refusal.alert_id) if refusal and refusal.alert_id else None
    numbers = counts(ground, visitor.tenant_id, visitor.today)
    is_project = is_uuid(asked.project)
    return page(
        request,
        "inbox.html",
        status=refusal.status if refusal else 200,
        here="inbox",
        asked=asked.model_copy(update={"view": view}),
        views={name: (title, numbers[name]) for name, title in VIEWS.items()},
        rows=rows_of(ground, visitor, found),
        next_cursor=found.next_cursor,
        project_name=names_of(ground, visitor, [asked.project]).project(asked.project) if is_project else "",
        notice=_notice(ground, visitor, asked.notice),
        many=asked.many,
        **refusal_context(ground, visitor, refused, refusal),
        address=address,
        wait_seconds=max(request.app.state.console.check_seconds, 5),
        **_context(ground, visitor, asked, view, found, chosen),
    )


def _context(
    ground: Ground, visitor: Visitor, asked: Asked, view: View, found: Deck, chosen: Chosen | None
) -> dict[str, object]:
    if chosen is None:
        return {"card": None}
    card, alerts = chosen
    at = next((n for n, each in enumerate(found.cards) if each.card_id == card.card_id), 0)
    back = address("/inbox", view=view, sel=card.card_id, at=at, project=asked.project, cursor=asked.cursor)
    return card_context(
        ground, visitor, card, alerts, back=back, checked_id=asked.check, unfolded_id=asked.notice or asked.sel
    )


def _chosen(ground: Ground, visitor: Visitor, asked: Asked, found: Deck) -> Chosen | None:
    """The card with that id, the one an alert with that id stands on, or the one at the place."""
    for card in found.cards:
        if card.card_id == asked.sel or asked.sel in {cause.alert_id for cause in card.causes}:
            return card, found.alerts
    if is_uuid(asked.sel):
        alert = alert_of(ground, visitor, asked.sel)
        return card_of_alert(ground, visitor, wanted_of(visitor, view_of(alert, visitor.today)), alert)
    return (found.cards[min(asked.at, len(found.cards) - 1)], found.alerts) if found.cards else None


def _notice(ground: Ground, visitor: Visitor, alert_id: str) -> AlertState | None:
    return ground.alerts(visitor.tenant_id, [alert_id]).get(alert_id) if is_uuid(alert_id) else None
