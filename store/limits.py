"""Keys that see some projects only: a fact of the log, in force as soon as this returns."""

from __future__ import annotations

from collections.abc import Sequence

from store.access import MAY_BE_LIMITED, Role
from store.errors import Invalid, NotFound
from store.events import AccessLimited
from store.ground import Ground
from store.ids import EventId, ProjectId
from store.log import Draft
from store.streams import stream_of
from store.tenants import Tenant

SOURCE = "access"


def may_be_limited(role: Role) -> None:
    """Raises `Invalid` for a role that sees all of a tenant by what it is for."""
    if role not in MAY_BE_LIMITED:
        raise Invalid(
            "role_sees_all",
            f"The role {role} sees all projects.",
            remedy=f"Limit a key of the role {' or '.join(sorted(MAY_BE_LIMITED))}.",
            where="role",
        )


def projects_named(ground: Ground, tenant: Tenant, names: Sequence[str]) -> tuple[ProjectId, ...]:
    """Projects by their own id or that of their source; raises `NotFound` for a name of none."""
    query = "select project_id, external_id from project_rows where tenant_id = %s"
    rows = ground.log.connections.ask(tenant.tenant_id, query, (tenant.tenant_id,))
    found: list[ProjectId] = []
    for name in names:
        fitting = [project_id for project_id, external_id in rows if name in {project_id, external_id}]
        if not fitting:
            raise NotFound("unknown_project", f"There is no project {name!r}.", remedy="Use its id or its source's.")
        found.extend(ProjectId(project_id) for project_id in fitting)
    return tuple(dict.fromkeys(found))


def limit_key(ground: Ground, tenant: Tenant, key_id: str, project_ids: Sequence[ProjectId] | None, actor: str) -> None:
    """From now on the key sees these projects only; None: all of them again."""
    fact = AccessLimited(key_id=key_id, project_ids=tuple(project_ids or ()), is_limited=project_ids is not None)
    now = tenant.now(ground.clock)
    draft = Draft(EventId(ground.clock.new_id()), fact, now, now, SOURCE, actor)
    ground.log.append(tenant.tenant_id, [(stream_of(fact), [draft], None)], now=ground.clock.now())
    ground.settle(tenant.tenant_id)
