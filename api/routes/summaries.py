"""Calls: a transcript sent in, its summary, and what is made of each item."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from api import shapes, views
from api.answers import answer
from api.bodies import ItemDecisionIn
from api.deps import DeciderDep, GroundDep, TenantDep, WriterDep, json_only
from api.errors import MISSING, WRITING, within
from api.examples import TRANSCRIPTS
from api.once import CallerDep, OptionalKey
from store.errors import Invalid, LeewayError
from store.ids import ProjectId
from summarizer.commands import Choice, around_of, decide_item, load_summary, receive, summaries_of

router = APIRouter(prefix="/v1", tags=["summaries"])

_SHOWN = ("text/vtt", "text/plain", "application/json")
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "Zoom, Teams or other WebVTT, SRT, Meet, Fathom or Fireflies JSON, or lines of `Name: words`; "
        "at most 10 MB. What is in it decides, not the media type; SRT may also come as application/x-subrip.",
        "content": {media: {"schema": {}, "example": TRANSCRIPTS[media]} for media in _SHOWN},
    }
}


def transcript_only(request: Request) -> None:
    """Refuses media types that no transcript has."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in TRANSCRIPTS:
        raise Invalid(
            "unsupported_media_type",
            f"The body is {kind[:100] or 'of no stated type'}.",
            remedy=f"Send a transcript as {', '.join(TRANSCRIPTS)}.",
            where="header.Content-Type",
        )


async def body_of(request: Request) -> bytes:
    """The body as it came."""
    return await request.body()


@router.post(
    "/projects/{project_id}/transcripts",
    summary="Send a call in",
    status_code=201,
    responses=WRITING,
    dependencies=[Depends(transcript_only)],
    openapi_extra=_BODY,
)
def receive_transcript(
    project_id: str,
    ground: GroundDep,
    tenant: TenantDep,
    principal: WriterDep,
    data: Annotated[bytes, Depends(body_of)],
    name: Annotated[str, Query(min_length=1, max_length=500, description="What to call it", examples=["Kickoff"])],
    held_on: Annotated[
        str,
        Query(
            description="The day of the call; what was said about dates is counted from it.",
            max_length=40,
            examples=["2026-09-01"],
            json_schema_extra={"format": "date"},
        ),
    ],
) -> Response:
    """The call's summary. The same file sent again gives the summary that is there and changes nothing."""
    state = ground.project(tenant.tenant_id, project_id)
    try:
        found = receive(
            ground.log,
            tenant.tenant_id,
            ProjectId(state.project_id),
            name,
            data,
            _day(held_on),
            around_of(ground.tenant_state(tenant.tenant_id), state),
            actor_id=principal.actor_id,
            now=tenant.now(ground.clock),
            appended_at=ground.clock.now(),
        )
    except Invalid as error:
        raise _in_request(error, name) from error
    return answer(views.summary(found), 201)


@router.get("/projects/{project_id}/summaries", summary="A project's calls", responses=MISSING)
def list_summaries(project_id: str, ground: GroundDep, tenant: TenantDep) -> Response:
    """The project's summarised calls, newest first, without their items."""
    state = ground.project(tenant.tenant_id, project_id)
    found = summaries_of(ground.log, tenant.tenant_id, state.project_id)
    return answer(shapes.SummaryList(data=[views.summary_brief(summary) for summary in found]))


@router.get("/summaries/{summary_id}", summary="One summary", responses=MISSING)
def read_summary(summary_id: str, ground: GroundDep, tenant: TenantDep) -> Response:
    """A call's items, each with the words, the cues and the time it comes from."""
    return answer(views.summary(load_summary(ground.log, tenant.tenant_id, summary_id)))


@router.post(
    "/summaries/{summary_id}/items/{item_id}/decisions",
    summary="Decide on an item",
    status_code=201,
    responses=WRITING,
    dependencies=[Depends(json_only)],
)
def decide_on_item(
    summary_id: str,
    item_id: str,
    request: ItemDecisionIn,
    ground: GroundDep,
    tenant: TenantDep,
    principal: DeciderDep,
    caller: CallerDep,
    idempotency_key: OptionalKey = None,
) -> Response:
    """Accept, reword or drop an item. An accepted action item becomes a task of its track, with its owner and date."""

    def work(_key: str) -> shapes.Summary:
        summary = load_summary(ground.log, tenant.tenant_id, summary_id)
        state = ground.project(tenant.tenant_id, summary.project_id)
        decided = decide_item(
            ground.log,
            tenant.tenant_id,
            summary_id,
            item_id,
            Choice(request.verb, request.text, request.track, request.owner_id, request.due_on),
            around_of(ground.tenant_state(tenant.tenant_id), state),
            actor_id=principal.actor_id,
            now=tenant.now(ground.clock),
            appended_at=ground.clock.now(),
        )
        return views.summary(decided)

    return caller.once(idempotency_key, request, work)


def _day(text: str) -> dt.date:
    try:
        if len(text) == 10:
            return dt.date.fromisoformat(text)
    except ValueError:
        pass
    raise Invalid("bad_date", f"held_on is {text!r}.", remedy="Expected a date: 2026-09-01.", where="query.held_on")


def _in_request(error: Invalid, name: str) -> LeewayError:
    """The error with its place in the request: the parsers name the file."""
    if error.where.startswith(("query.", "body")):
        return error
    if error.where == name:
        error.where = ""
    return within(error, "body")
