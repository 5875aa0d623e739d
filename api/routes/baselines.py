"""Baselines of a project: taken, listed, and the plan held against one."""

from __future__ import annotations

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from api import baseline_shapes, baseline_views
from api.answers import answer
from api.bodies import BaselineIn
from api.deps import GroundDep, MomentDep, PrincipalDep, TenantDep, WriterDep, json_only
from api.errors import MISSING, WRITING, within
from api.once import CallerDep, OptionalKey
from api.starting import caller_of
from plan.baselines.commands import Wanted, baselines_of, hold_against, take_baseline
from store.access import MAY_DECIDE
from store.errors import Invalid, Refused

router = APIRouter(prefix="/v1/projects/{project_id}/baselines", tags=["projects"])


@router.get("", summary="A project's baselines", responses=MISSING)
def list_baselines(project_id: str, ground: GroundDep, tenant: TenantDep) -> Response:
    """Every baseline by the instant whose plan it is: those taken here and those that the source sent."""
    state = ground.project(tenant.tenant_id, project_id)
    return answer(baseline_shapes.BaselineList(data=[baseline_views.brief(each) for each in baselines_of(state)]))


@router.get("/{name}", summary="The plan against a baseline", responses=MISSING)
def read_baseline(
    project_id: str, name: str, ground: GroundDep, tenant: TenantDep, principal: PrincipalDep, moment: MomentDep
) -> Response:
    """What differs between the baseline and the plan as known at `as_of`, in dates, hours and cost."""
    state = ground.project(tenant.tenant_id, project_id)
    now = tenant.now(ground.clock)
    held = hold_against(ground.log, tenant.tenant_id, state.project_id, name, cut=moment.cut, at=moment.at, now=now)
    return answer(baseline_views.variance(held, state.project_id, moment, principal.role))


@router.post("", summary="Take a baseline", status_code=201, responses=WRITING, dependencies=[Depends(json_only)])
def take_project_baseline(
    project_id: str,
    request: BaselineIn,
    ground: GroundDep,
    tenant: TenantDep,
    principal: WriterDep,
    caller: CallerDep,
    moment: MomentDep,
    idempotency_key: OptionalKey = None,
) -> Response:
    """The plan as known at `as_of` (now), under a name for good; another go-live than in the one before: an approval.

    A name that is taken is 409 `baseline_exists`.
    """
    if request.approval and principal.role not in MAY_DECIDE:
        raise Refused("role_too_low", "Only a manager approves another go-live.", remedy="It takes admin or manager.")

    def work(_key: str) -> baseline_shapes.BaselineBrief:
        state = ground.project(tenant.tenant_id, project_id)
        ground.settle(tenant.tenant_id)
        wanted = Wanted(request.name, moment.at, moment.cut, request.approval, principal.role in MAY_DECIDE)
        who = caller_of(ground, tenant, principal.actor_id)
        try:
            named = take_baseline(ground.log, tenant.tenant_id, state.project_id, wanted, who)
        except Invalid as error:
            raise within(error, "body") if error.where in {"name", "approval"} else error from error
        ground.settle(tenant.tenant_id)
        return baseline_views.brief(named)

    return caller.once(idempotency_key, request, work)
