"""Projects and their playbook: started from it, held against it, going from stage to stage."""

from __future__ import annotations

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from api import playbook_shapes, playbook_views, reading
from api.answers import answer
from api.bodies import ProjectIn, StageIn
from api.deps import GroundDep, MomentDep, PrincipalDep, TenantDep, WriterDep, json_only
from api.errors import MISSING, WRITING, within
from api.once import CallerDep, NeededKey, OptionalKey
from api.starting import begin, caller_of, held_against, planned
from plan.playbook.commands import enter_stage
from store.access import MAY_DECIDE
from store.errors import Invalid, Refused

router = APIRouter(prefix="/v1", tags=["projects"])


@router.post(
    "/projects", summary="Start a project", status_code=201, responses=WRITING, dependencies=[Depends(json_only)]
)
def start_project(
    request: ProjectIn,
    ground: GroundDep,
    tenant: TenantDep,
    principal: WriterDep,
    caller: CallerDep,
    idempotency_key: NeededKey,
) -> Response:
    """A project from a playbook: stages, scope, tasks with dates and links, bookings, the version pinned.

    An `external_ref` that has a project gives that project; another manager is recorded, anything else that differs
    is a 409.
    """
    return caller.once(idempotency_key, request, lambda key: begin(ground, tenant, request, principal, key))


@router.post(
    "/project-previews", summary="What a start would come to", responses=WRITING, dependencies=[Depends(json_only)]
)
def preview_project(request: ProjectIn, ground: GroundDep, tenant: TenantDep, principal: PrincipalDep) -> Response:
    """Dates, hours, fee and margin of the project that this order would start. Nothing is written."""
    return answer(planned(ground, tenant, request, principal.role))


@router.get("/projects/{project_id}/playbook", summary="A project beside its playbook", responses=MISSING)
def read_project_playbook(project_id: str, ground: GroundDep, tenant: TenantDep, moment: MomentDep) -> Response:
    """What is missing, went out of order or was added, and how the conditions of every stage stand, as of a moment."""
    state = reading.project_at(ground, tenant.tenant_id, project_id, moment)
    return answer(playbook_views.comparison(held_against(ground, tenant.tenant_id, state)))


@router.post(
    "/projects/{project_id}/stage",
    summary="Enter a stage",
    status_code=201,
    responses=WRITING,
    dependencies=[Depends(json_only)],
)
def enter_project_stage(
    project_id: str,
    request: StageIn,
    ground: GroundDep,
    tenant: TenantDep,
    principal: WriterDep,
    caller: CallerDep,
    idempotency_key: OptionalKey = None,
) -> Response:
    """Enters the stage, or 409 `gate_held` with what is missing; a manager may override that with a reason."""
    if request.override_reason and principal.role not in MAY_DECIDE:
        raise Refused("role_too_low", "Only a manager overrides a gate.", remedy="It takes admin or manager.")

    def work(key: str) -> playbook_shapes.StageEntered:
        who, reason = caller_of(ground, tenant, principal.actor_id), request.override_reason
        found = ground.project(tenant.tenant_id, project_id)
        try:
            held = enter_stage(
                ground.log, tenant.tenant_id, found.project_id, request.stage, who, key=key, reason=reason
            )
        except Invalid as error:
            raise within(error, "body") from error
        ground.settle(tenant.tenant_id)
        overridden = [condition.sentence for condition in held]
        return playbook_shapes.StageEntered(project_id=found.project_id, stage=request.stage, overridden=overridden)

    return caller.once(idempotency_key, request, work)
