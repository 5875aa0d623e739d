"""Projects started from a playbook: what a caller sends, carried to plan."""

from __future__ import annotations

from api import playbook_shapes, playbook_views, views
from api.bodies import ProjectIn
from api.deps import Moment
from api.errors import within
from plan.playbook.commands import Caller, Started, preview, start
from plan.playbook.comparing import Comparison, compare, playbook_of
from plan.playbook.order import Around, Order
from store.access import Principal, Role
from store.errors import Conflict, LeewayError, NotFound
from store.ground import Ground
from store.ids import TenantId, fact_id
from store.log import NOW
from store.projections.projects.state import ProjectState
from store.tenants import Tenant

SOURCE = "api"


def caller_of(ground: Ground, tenant: Tenant, actor_id: str) -> Caller:
    """Who does something now."""
    return Caller(actor_id, tenant.now(ground.clock), ground.clock.now())


def around_of(ground: Ground, tenant_id: TenantId) -> Around:
    """The tenant with its people."""
    return Around(ground.tenant_state(tenant_id), ground.people(tenant_id))


def order_of(tenant_id: TenantId, request: ProjectIn, key: str) -> Order:
    """The order; without an external_ref the call's own key is what the project is called outside."""
    ref = request.external_ref
    return Order(
        playbook_id=request.playbook_id,
        version=request.version,
        name=request.name,
        contract_signed_on=request.contract_signed_on,
        kickoff_on=request.kickoff_on,
        go_live_on=request.go_live_on,
        answers=request.answers,
        owners=request.owners,
        customer_id=request.customer_id,
        manager_id=request.manager_id,
        fee=request.fee,
        source=ref.source if ref else SOURCE,
        external_id=ref.id if ref else fact_id(tenant_id, SOURCE, "project", key),
    )


def planned(ground: Ground, tenant: Tenant, request: ProjectIn, role: Role) -> playbook_shapes.ProjectPlan:
    """What the order would come to."""
    order = order_of(tenant.tenant_id, request, "")
    try:
        plan = preview(ground.log, tenant.tenant_id, order, around_of(ground, tenant.tenant_id))
    except LeewayError as error:
        raise _in_body(error) from error
    return playbook_views.plan(plan, order.playbook_id, role)


def begin(
    ground: Ground, tenant: Tenant, request: ProjectIn, principal: Principal, key: str
) -> playbook_shapes.ProjectStarted:
    """Starts the project and folds it, so that the caller reads their own write."""
    caller = caller_of(ground, tenant, principal.actor_id)
    order = order_of(tenant.tenant_id, request, key)
    try:
        started = start(ground.log, tenant.tenant_id, order, around_of(ground, tenant.tenant_id), caller)
    except LeewayError as error:
        raise _in_body(error) from error
    ground.settle(tenant.tenant_id)
    return _started(ground, tenant, started, principal.role)


def held_against(ground: Ground, tenant_id: TenantId, project: ProjectState) -> Comparison:
    """The project beside its playbook; raises `NotFound` where it follows none that is published."""
    try:
        return compare(project, ground.playbook(tenant_id, playbook_of(project)))
    except NotFound as error:
        if error.code != "unknown_playbook":
            raise
        raise NotFound(
            "no_playbook",
            f"The project follows {project.playbook!r}, which is no playbook published here.",
            remedy="Publish it with POST /v1/playbooks under that id.",
        ) from error


def _started(ground: Ground, tenant: Tenant, started: Started, role: Role) -> playbook_shapes.ProjectStarted:
    state = ground.project(tenant.tenant_id, started.project_id)
    moment = Moment(tenant.now(ground.clock), NOW, is_now=True)
    return playbook_shapes.ProjectStarted(
        is_new=started.is_new,
        playbook_id=started.playbook_id,
        version=started.version,
        project=views.project(state, ground.tenant_state(tenant.tenant_id), moment, role, None),
    )


def _in_body(error: LeewayError) -> LeewayError:
    """The error with its place in the request; a conflict is about no field."""
    if isinstance(error, Conflict) or (isinstance(error, NotFound) and not error.where):
        return error
    return within(error, "body")
