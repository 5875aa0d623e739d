"""Playbooks: published, read, retired."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from api import playbook_shapes, playbook_views
from api.answers import answer
from api.bodies import RetirementIn
from api.deps import DeciderDep, GroundDep, PrincipalDep, TenantDep, json_only
from api.errors import MISSING, READING, WRITING, within
from api.playbook_examples import WRITTEN
from api.starting import caller_of
from plan.playbook.commands import publish, retire
from plan.playbook.reading import PlaybookDraft, read_json, read_toml
from store.errors import Invalid

router = APIRouter(prefix="/v1/playbooks", tags=["playbooks"])

_READERS = {"application/toml": read_toml, "application/json": read_json}
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "A playbook as JSON, or the same as TOML (application/toml); docs/playbooks.md has the form.",
        "content": {"application/json": {"schema": {}, "example": WRITTEN["application/json"]}},
    }
}


async def draft_of(request: Request) -> PlaybookDraft:
    """The playbook in the body, by its media type."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in _READERS:
        raise Invalid(
            "unsupported_media_type",
            f"The body is {kind[:100] or 'of no stated type'}.",
            remedy=f"Send a playbook as {' or '.join(_READERS)}.",
            where="header.Content-Type",
        )
    try:
        return _READERS[kind](await request.body())
    except Invalid as error:
        raise within(error, "body") from error


@router.get("", summary="List playbooks", responses=READING)
def list_playbooks(ground: GroundDep, tenant: TenantDep) -> Response:
    """The latest version of every playbook, without its tasks."""
    found = ground.playbooks(tenant.tenant_id)
    return answer(playbook_shapes.PlaybookList(data=[playbook_views.playbook_brief(state) for state in found.values()]))


@router.get("/{playbook_id}", summary="One playbook", responses=MISSING)
def read_playbook(
    playbook_id: str,
    ground: GroundDep,
    tenant: TenantDep,
    principal: PrincipalDep,
    version: Annotated[int | None, Query(ge=1, le=1_000_000, description="The latest unless said otherwise")] = None,
) -> Response:
    """A version whole: stages with their conditions, tasks by track, questions and the modules their answers add."""
    state = ground.playbook(tenant.tenant_id, playbook_id)
    return answer(playbook_views.playbook(state, state.numbered(version), principal.role))


@router.post("", summary="Publish a playbook", status_code=201, responses=WRITING, openapi_extra=_BODY)
def publish_playbook(
    ground: GroundDep, tenant: TenantDep, principal: DeciderDep, draft: Annotated[PlaybookDraft, Depends(draft_of)]
) -> Response:
    """The next version of the playbook with this id. What the latest version says already is not published again."""
    try:
        publish(ground.log, tenant.tenant_id, draft, caller_of(ground, tenant, principal.actor_id))
    except Invalid as error:
        raise within(error, "body") from error
    ground.settle(tenant.tenant_id)
    state = ground.playbook(tenant.tenant_id, draft.playbook_id)
    return answer(playbook_views.playbook(state, state.latest, principal.role), 201)


@router.post(
    "/{playbook_id}/retirement",
    summary="Retire a playbook",
    status_code=201,
    responses=WRITING,
    dependencies=[Depends(json_only)],
)
def retire_playbook(
    playbook_id: str, request: RetirementIn, ground: GroundDep, tenant: TenantDep, principal: DeciderDep
) -> Response:
    """No project starts from it any more; those that did keep their version. Publishing it again revives it."""
    caller = caller_of(ground, tenant, principal.actor_id)
    try:
        retire(ground.log, tenant.tenant_id, playbook_id, request.reason, caller)
    except Invalid as error:
        raise within(error, "body") from error
    ground.settle(tenant.tenant_id)
    return answer(playbook_views.playbook_brief(ground.playbook(tenant.tenant_id, playbook_id)), 201)
