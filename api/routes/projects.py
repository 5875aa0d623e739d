"""Projects: the portfolio's lines, one project as of any moment, and its events."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from api import reading, shapes, views
from api.answers import answer
from api.deps import Cursor, GroundDep, Limit, MomentDep, PrincipalDep, TenantDep
from api.errors import MISSING, READING
from store.events.projects import ProjectStatus
from store.projections.projects.rows import ProjectFilter

router = APIRouter(prefix="/v1/projects", tags=["projects"])

Sort = Literal["risk", "go_live", "name", "margin", "stake"]


async def wanted_of(
    status: Annotated[list[ProjectStatus] | None, Query(description="May be repeated")] = None,
    level: Annotated[list[shapes.Level] | None, Query(description="Of risk; may be repeated")] = None,
    manager_id: str | None = None,
    external_id: Annotated[str | None, Query(description="The id in the source system")] = None,
    q: Annotated[str, Query(max_length=200, description="Part of the name")] = "",
) -> ProjectFilter:
    """Which projects the caller wants."""
    return ProjectFilter(status or (), level or (), manager_id, external_id, q)


@router.get("", summary="List projects", responses=READING)
def list_projects(
    ground: GroundDep,
    tenant: TenantDep,
    principal: PrincipalDep,
    wanted: Annotated[ProjectFilter, Depends(wanted_of)],
    sort: Sort = "risk",
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Projects with their present assessment, riskiest first unless sorted otherwise."""
    wanted = replace(wanted, only_ids=principal.project_ids)
    return answer(
        reading.project_page(
            ground, tenant.tenant_id, wanted, sort=sort, limit=limit, cursor=cursor, role=principal.role
        )
    )


@router.get("/{project_id}", summary="One project as of a moment", responses=MISSING)
def read_project(
    project_id: str, ground: GroundDep, tenant: TenantDep, principal: PrincipalDep, moment: MomentDep
) -> Response:
    """The project with its tasks, as known at `as_of`."""
    state = reading.project_at(ground, tenant.tenant_id, project_id, moment)
    directory = reading.tenant_at(ground, tenant.tenant_id, moment)
    people = reading.owners_at(ground, tenant.tenant_id, state, moment)
    thought = reading.thought_of(ground, tenant.tenant_id, state, moment)
    return answer(views.project(state, directory, moment, principal.role, thought, people))


@router.get("/{project_id}/events", summary="A project's events", responses=MISSING)
def list_project_events(
    project_id: str,
    ground: GroundDep,
    tenant: TenantDep,
    principal: PrincipalDep,
    moment: MomentDep,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """What happened on the project, oldest first, as known at `as_of`."""
    events, next_cursor = reading.project_events(ground, tenant.tenant_id, project_id, moment, (limit, cursor))
    return answer(
        shapes.EventPage(data=[views.event(event, principal.role) for event in events], next_cursor=next_cursor)
    )
