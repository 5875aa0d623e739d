"""What a key that is limited to some projects may reach. Whatever is not said here is closed to it.

Everything about another project is a 404, as if it were not there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import Request

from api.bodies import EventsIn
from api.deps import GroundDep, PrincipalDep, TenantDep
from store.access import Principal
from store.engagements import projects_by_engagement
from store.errors import NotFound, Refused
from store.events import projects_of_fact
from store.ground import Ground
from store.ids import EventId, TenantId, is_uuid
from store.projections.alerts.fold import AlertState
from store.streams import PLACEHOLDER
from store.vault import find
from summarizer.commands import load_summary

FILTERED = frozenset(
    {"list_projects", "list_alerts", "follow_events", "list_engagements", "record_events", "keep_secret"}
)
"""Operations that leave out, or refuse, what is out of reach themselves."""
OPEN = frozenset({"who_am_i", "list_playbooks", "read_playbook"})
"""Operations that tell of no project."""


def scoped(request: Request, ground: GroundDep, principal: PrincipalDep, tenant: TenantDep) -> None:
    """Lets a limited key through to what is about its own projects; raises `NotFound` or `Refused`."""
    if principal.project_ids is None:
        return
    operation = request.scope["route"].name
    named = [name for name in _PROJECTS_OF if name in request.path_params]
    for name in named:
        about = _PROJECTS_OF[name](ground, tenant.tenant_id, str(request.path_params[name]))
        if not principal.may_reach(about):
            raise not_there(name.removesuffix("_id"))
    if not named and operation not in FILTERED | OPEN:
        raise limited()


def not_there(what: str) -> NotFound:
    """The error for what is out of reach: that of what never was."""
    remedies = {
        "project": "List them with GET /v1/projects.",
        "alert": "List them with GET /v1/alerts.",
        "engagement": "List them with GET /v1/engagements.",
        "secret": "Use the reference that keeping it gave.",
        "event": "Use an id that an alert or a list gave.",
    }
    return NotFound(f"unknown_{what}", f"There is no such {what}.", remedy=remedies.get(what, "Use one that exists."))


def limited() -> Refused:
    """The error for what is about more than single projects."""
    return Refused(
        "key_is_limited", "This key sees some projects only.", remedy="Use a key that is not limited to projects."
    )


def projects_of_alert(alert: AlertState) -> list[str]:
    """The projects that an alert names."""
    return [each for each in (alert.project_id, *alert.other_project_ids) if each]


def reachable(ground: Ground, principal: Principal, request: EventsIn) -> None:
    """Raises `NotFound` where a limited key reports on a project out of reach, `Refused` on none in particular."""
    if principal.project_ids is None:
        return
    for entry in request.events:
        project_id = entry.payload.get("project_id")
        if not isinstance(project_id, str) or entry.type.startswith("project.created."):
            raise limited()
        if not principal.may_reach([project_id, *_booked_for(ground, principal.tenant_id, entry.payload)]):
            raise not_there("project")


def _booked_for(ground: Ground, tenant_id: TenantId, payload: dict[str, Any]) -> list[str]:
    """The project that a booking really is for, whatever the payload says."""
    person_id = str(payload.get("person_id") or PLACEHOLDER)
    known = ground.people(tenant_id, [person_id]).get(person_id) if "allocation_id" in payload else None
    booking = known.allocations.get(str(payload["allocation_id"])) if known else None
    return [booking.project_id] if booking else []


def _of_project(_ground: Ground, _tenant_id: TenantId, project_id: str) -> list[str]:
    return [project_id]


def _of_alert(ground: Ground, tenant_id: TenantId, alert_id: str) -> list[str]:
    return projects_of_alert(ground.alert(tenant_id, alert_id))


def _of_event(ground: Ground, tenant_id: TenantId, event_id: str) -> list[str]:
    found = ground.log.find(tenant_id, [EventId(event_id)]) if is_uuid(event_id) else []
    return projects_of_fact(found[0].fact) if found else []


def _of_summary(ground: Ground, tenant_id: TenantId, summary_id: str) -> list[str]:
    return [load_summary(ground.log, tenant_id, summary_id).project_id]


def _of_engagement(ground: Ground, tenant_id: TenantId, engagement_id: str) -> list[str]:
    return projects_by_engagement(ground, tenant_id).get(engagement_id, [])


def _of_secret(ground: Ground, tenant_id: TenantId, secret_id: str) -> list[str]:
    return [find(ground, tenant_id, secret_id).project_id]


_PROJECTS_OF: dict[str, Callable[[Ground, TenantId, str], list[str]]] = {
    "project_id": _of_project,
    "alert_id": _of_alert,
    "event_id": _of_event,
    "summary_id": _of_summary,
    "engagement_id": _of_engagement,
    "secret_id": _of_secret,
}
"""Name in a path -> the projects that what it names is about."""
