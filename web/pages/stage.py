"""A project goes to its next stage; where the playbook holds it, a manager says why it goes on."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, Field

from api.deps import GroundDep
from api.errors import status_of
from api.starting import caller_of
from plan.playbook.commands import enter_stage
from store.access import MAY_DECIDE, MAY_WRITE
from store.errors import Conflict, Invalid, Refused
from web.pages.project import shown
from web.visitors import VisitorDep, own_form

router = APIRouter()


class StageForm(BaseModel):
    """What the form beside the stages sends; the key makes pressing twice harmless."""

    stage: Annotated[str, Field(max_length=200)]
    reason: Annotated[str, Field(max_length=2000)] = ""
    key: Annotated[str, Field(max_length=100)] = ""
    form_token: Annotated[str, Field(max_length=200)] = ""


@router.post("/projects/{project_id}/stage")
def enter_project_stage(
    request: Request, project_id: str, ground: GroundDep, visitor: VisitorDep, form: Annotated[StageForm, Form()]
) -> Response:
    """Enters the stage and goes back to the project; what speaks against it is shown there."""
    own_form(request, form.form_token)
    needed = MAY_DECIDE if form.reason else MAY_WRITE
    if visitor.principal.role not in needed:
        raise Refused("role_too_low", "This role may not do this.", remedy="Sign in with a manager's key.")
    caller, reason = caller_of(ground, visitor.tenant, visitor.principal.actor_id), form.reason.replace("\0", "")
    key = f"{visitor.principal.key_id}/{form.key or ground.clock.new_id()}"
    try:
        enter_stage(ground.log, visitor.tenant_id, project_id, form.stage, caller, key=key, reason=reason)
    except (Conflict, Invalid) as problem:
        return _with_problem(request, project_id, ground, visitor, problem)
    ground.settle(visitor.tenant_id)
    return RedirectResponse(f"/projects/{project_id}#followed", status_code=303)


def _with_problem(
    request: Request, project_id: str, ground: GroundDep, visitor: VisitorDep, problem: Conflict | Invalid
) -> HTMLResponse:
    return shown(request, ground, visitor, project_id, "", problem=problem, status=status_of(problem))
