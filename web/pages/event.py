"""One event of the log, whole: what an alert cites."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api import reading, views
from api.deps import GroundDep
from web.cards import names_of
from web.render import page
from web.views.facts import line
from web.visitors import VisitorDep

router = APIRouter()


@router.get("/events/{event_id}")
def event(request: Request, event_id: str, ground: GroundDep, visitor: VisitorDep) -> HTMLResponse:
    """What happened, when, who said so, and its place in the chain."""
    found = reading.event(ground, visitor.tenant_id, event_id)
    names = names_of(ground, visitor, [str(getattr(found.fact, "project_id", "") or "")])
    shown = views.event(found, visitor.principal.role)
    return page(
        request, "event.html", event=shown, line=line(found.fact, names), who=names.actor(found.actor_id), names=names
    )


@router.get("/keys")
def keys(request: Request, _visitor: VisitorDep) -> HTMLResponse:
    """The keyboard's keys, for those who cannot open the dialog."""
    return page(request, "keys.html")
