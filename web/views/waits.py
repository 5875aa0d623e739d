"""Who a project waits on. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from api.views import named
from plan.calendar import zone_of
from store.projections.projects.state import ProjectState, Task
from store.projections.tenants.fold import TenantState


@dataclass(frozen=True, slots=True)
class Wait:
    """A party that something waits on: what, how many, since when."""

    who: str
    track: str
    task_name: str
    count: int
    since_on: dt.date | None


def waits(project: ProjectState, tenant: TenantState) -> list[Wait]:
    """The parties that waiting tasks wait on, the longest wait first."""
    by_party: dict[tuple[str, str], list[tuple[dt.date | None, Task]]] = {}
    for task in project.tasks.values():
        if task.status == "waiting":
            by_party.setdefault((task.owner_id or "", task.track), []).append((waiting_since(task, tenant), task))
    found = [_wait(party_id, track, tasks, tenant) for (party_id, track), tasks in by_party.items()]
    return sorted(found, key=lambda wait: (wait.since_on or dt.date.max, wait.who))


def waiting_since(task: Task, tenant: TenantState) -> dt.date | None:
    """The day the task last began to wait; None where it does not."""
    if not task.status_moves or task.status_moves[-1].status != "waiting":
        return None
    return task.status_moves[-1].at.astimezone(zone_of(tenant.timezone)).date()


def _wait(party_id: str, track: str, tasks: list[tuple[dt.date | None, Task]], tenant: TenantState) -> Wait:
    since_on, oldest = min(tasks, key=lambda pair: (pair[0] or dt.date.max, pair[1].task_id))
    party = named(tenant, party_id or None)
    nobody = {"customer": "the customer", "approval": "an approver"}.get(track, "somebody")
    return Wait(party.name if party else nobody, track, oldest.name, len(tasks), since_on)
