"""Playbooks: which there are, and one of them whole, with the projects that follow it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.deps import GroundDep
from store.access import MAY_WRITE, may_see
from store.ground import Ground
from store.ids import TenantId
from store.projections.projects import rows
from store.projections.projects.state import ProjectState
from web.render import page
from web.views.playbooks import followers, line_of, module_cards, stage_rows
from web.visitors import VisitorDep

router = APIRouter()
MOST = 200


@router.get("/playbooks")
def playbooks(request: Request, ground: GroundDep, visitor: VisitorDep) -> HTMLResponse:
    """Every playbook with its latest version and its projects counted."""
    found = ground.playbooks(visitor.tenant_id)
    projects = _projects(ground, visitor.tenant_id, list(found))
    lines = [line_of(playbook, projects) for playbook in found.values()]
    return page(
        request,
        "playbooks.html",
        here="playbooks",
        lines=sorted(lines, key=lambda line: (line.playbook.retired_at is not None, line.latest.name)),
        may_see_money=may_see(visitor.principal.role, "money"),
    )


@router.get("/playbooks/{playbook_id}")
def playbook(
    request: Request,
    playbook_id: str,
    ground: GroundDep,
    visitor: VisitorDep,
    version: Annotated[int | None, Query(ge=1, le=1_000_000)] = None,
) -> HTMLResponse:
    """Stages by tracks, modules, versions, and the projects started from it."""
    state = ground.playbook(visitor.tenant_id, playbook_id)
    chosen = state.numbered(version)
    return page(
        request,
        "playbook.html",
        here="playbooks",
        playbook=state,
        version=chosen,
        rows=stage_rows(chosen.template),
        modules=module_cards(chosen),
        followers=followers(state, _projects(ground, visitor.tenant_id, [playbook_id])),
        may_see_money=may_see(visitor.principal.role, "money"),
        may_start=visitor.principal.role in MAY_WRITE and state.retired_at is None,
    )


def _projects(ground: Ground, tenant_id: TenantId, playbook_ids: list[str]) -> list[ProjectState]:
    """The projects of these playbooks, the first two hundred."""
    if not playbook_ids:
        return []
    with ground.database.tx(tenant_id) as connection:
        wanted = rows.ProjectFilter(playbooks=playbook_ids)
        found = rows.page(connection, tenant_id, wanted, sort="name", limit=MOST)
    return list(ground.projects(tenant_id, [row["project_id"] for row in found.rows]).values())
