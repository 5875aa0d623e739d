"""One call: what was found in it beside what was said, and every decision on an item."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, Field

from api.deps import GroundDep
from api.errors import status_of
from store.errors import Conflict, Invalid, LeewayError
from store.ground import Ground
from summarizer.commands import Choice, around_of, decide_item, load_summary, transcript_of
from web.render import page
from web.views.summary import MODALITIES, clock, groups, lines
from web.visitors import Visitor, VisitorDep, deciding

router = APIRouter()


class ItemForm(BaseModel):
    """What the buttons beside an item send."""

    verb: Annotated[str, Field(max_length=20)]
    text: Annotated[str, Field(max_length=2000)] = ""
    form_token: Annotated[str, Field(max_length=200)] = ""


@router.get("/summaries/{summary_id}")
def summary(request: Request, summary_id: str, ground: GroundDep, visitor: VisitorDep) -> HTMLResponse:
    """The page."""
    return _summary_page(request, ground, visitor, summary_id)


@router.post("/summaries/{summary_id}/items/{item_id}/decisions")
def decide_on_item(
    request: Request,
    summary_id: str,
    item_id: str,
    ground: GroundDep,
    visitor: VisitorDep,
    form: Annotated[ItemForm, Form()],
) -> Response:
    """Accepts, rewords or drops an item and goes back to it; what speaks against it is shown on the page."""
    deciding(request, visitor, form.form_token)
    found = load_summary(ground.log, visitor.tenant_id, summary_id)
    project = ground.project(visitor.tenant_id, found.project_id)
    try:
        decide_item(
            ground.log,
            visitor.tenant_id,
            summary_id,
            item_id,
            Choice(form.verb, form.text.replace("\0", "")),
            around_of(visitor.state, project),
            actor_id=visitor.principal.actor_id,
            now=visitor.now,
            appended_at=ground.clock.now(),
        )
    except (Conflict, Invalid) as problem:
        return _summary_page(request, ground, visitor, summary_id, problem)
    ground.settle(visitor.tenant_id)
    return RedirectResponse(f"/summaries/{summary_id}#item-{item_id}", status_code=303)


def _summary_page(
    request: Request, ground: Ground, visitor: Visitor, summary_id: str, problem: LeewayError | None = None
) -> HTMLResponse:
    found = load_summary(ground.log, visitor.tenant_id, summary_id)
    return page(
        request,
        "summary.html",
        status=status_of(problem) if problem else 200,
        here="portfolio",
        summary=found,
        project=ground.project(visitor.tenant_id, found.project_id),
        groups=groups(found),
        lines=lines(found, transcript_of(ground.log, visitor.tenant_id, found)),
        modalities=MODALITIES,
        clock=clock,
        problem=problem,
    )
