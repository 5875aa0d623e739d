"""The inbox: what needs a decision, one card at a time."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field

from api import reading
from api.deps import GroundDep
from store.ground import Ground
from store.ids import is_uuid
from store.projections.alerts import rows as alert_rows
from store.projections.alerts.fold import AlertState
from web.cards import alert_of, briefs, names_of
from web.pages.card import Refusal, card_context, refusal_context
from web.render import address, page
from web.visitors import Visitor, VisitorDep

router = APIRouter()
LIMIT = 40
VIEWS: dict[str, tuple[str, tuple[str, ...]]] = {
    "open": ("Needs a decision", ("open",)),
    "snoozed": ("Snoozed", ("snoozed",)),
    "done": ("Done", ("approved", "done")),
    "rejected": ("Rejected", ("rejected",)),
    "closed": ("Closed by itself", ("cleared", "expired", "superseded")),
}


class Asked(BaseModel):
    """What part of the inbox is wanted. `sel` is an alert's id, `at` a place in the list, `notice` one just decided."""

    view: Annotated[str, Field(max_length=20)] = "open"
    sel: Annotated[str, Field(max_length=60)] = ""
    at: Annotated[int, Field(ge=0, le=10_000)] = 0
    project: Annotated[str, Field(max_length=60)] = ""
    cursor: Annotated[str | None, Field(max_length=400)] = None
    notice: Annotated[str, Field(max_length=60)] = ""
    check: Annotated[str, Field(max_length=2)] = ""


@router.get("/inbox")
def inbox(request: Request, ground: GroundDep, visitor: VisitorDep, asked: Annotated[Asked, Query()]) -> HTMLResponse:
    """Views, the list of one of them, and the alert that is chosen or next."""
    return inbox_page(request, ground, visitor, asked)


@router.get("/inbox/news")
def news(request: Request, visitor: VisitorDep, seen: int = 0) -> HTMLResponse:
    """Whether more needs a decision than the page shows: asked for by the open page, never moves what is read."""
    return page(request, "news.html", now=visitor.needs_decision, seen=seen)


def inbox_page(
    request: Request,
    ground: Ground,
    visitor: Visitor,
    asked: Asked,
    refusal: Refusal | None = None,
) -> HTMLResponse:
    """The page; `refusal` is why a decision on the chosen alert was not taken."""
    asked = asked if asked.view in VIEWS else asked.model_copy(update={"view": "open"})
    wanted = alert_rows.AlertFilter(VIEWS[asked.view][1], project_id=asked.project if is_uuid(asked.project) else None)
    found, next_cursor = reading.alert_page(ground, visitor.tenant_id, wanted, limit=LIMIT, cursor=asked.cursor)
    found = _with_awake(ground, visitor, asked, found)
    chosen = _chosen(ground, visitor, asked, found)
    index = next((n for n, alert in enumerate(found) if chosen and alert.alert_id == chosen.alert_id), 0)
    back = address("/inbox", view=asked.view, at=index, project=asked.project)
    context = (
        card_context(ground, visitor, chosen, back=back, is_checked=bool(asked.check)) if chosen else {"card": None}
    )
    return page(
        request,
        "inbox.html",
        status=refusal.status if refusal else 200,
        here="inbox",
        asked=asked,
        views={name: (title, _count(visitor, name)) for name, (title, _states) in VIEWS.items()},
        briefs=briefs(ground, visitor, found),
        next_cursor=next_cursor,
        project_name=names_of(ground, visitor, [asked.project]).project(asked.project)
        if is_uuid(asked.project)
        else "",
        notice=_notice(ground, visitor, asked.notice),
        **refusal_context(ground, visitor, chosen, refusal),
        address=address,
        wait_seconds=max(request.app.state.console.check_seconds, 5),
        **context,
    )


def _count(visitor: Visitor, view: str) -> int:
    shift = {"open": len(visitor.awake), "snoozed": -len(visitor.awake)}.get(view, 0)
    return sum(visitor.alerts.get(state, 0) for state in VIEWS[view][1]) + shift


def _with_awake(ground: Ground, visitor: Visitor, asked: Asked, found: list[AlertState]) -> list[AlertState]:
    """Alerts whose sleep is over stand before the open ones and no longer among the snoozed."""
    if asked.view == "snoozed":
        return [alert for alert in found if alert.alert_id not in visitor.awake]
    if asked.view != "open" or asked.cursor or not visitor.awake:
        return found
    states = ground.alerts(visitor.tenant_id, list(visitor.awake))
    awake = [states[alert_id] for alert_id in visitor.awake]
    return [a for a in awake if not asked.project or asked.project in (a.project_id, *a.other_project_ids)] + found


def _chosen(ground: Ground, visitor: Visitor, asked: Asked, found: list[AlertState]) -> AlertState | None:
    if asked.sel:
        return alert_of(ground, visitor, asked.sel)
    return found[min(asked.at, len(found) - 1)] if found else None


def _notice(ground: Ground, visitor: Visitor, alert_id: str) -> AlertState | None:
    return ground.alerts(visitor.tenant_id, [alert_id]).get(alert_id) if is_uuid(alert_id) else None
