"""Who a project waits on, with the clock of each. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from api.views import named
from plan.calendar import zone_of
from risk.waiting_on import WaitingOn, WaitingTask, held_by
from store.projections.projects.state import ProjectState, Task
from store.projections.tenants.fold import TenantState

NOBODY = {"customer": "the customer", "approval": "an approver"}


@dataclass(frozen=True, slots=True)
class WaitLine:
    """A task that waits: what it is, its clock, and the names of what cannot go on before, the next first."""

    name: str
    since_on: dt.date
    age_days: int
    float_days: int | None
    is_over: bool
    held: Sequence[str]


@dataclass(frozen=True, slots=True)
class Wait:
    """A party that something waits on; days are that party's working days. `is_over`: it takes leeway."""

    who: str
    track: str
    task_name: str
    count: int
    since_on: dt.date
    age_days: int
    float_days: int | None
    is_over: bool
    held: int
    holds_go_live: bool
    lines: Sequence[WaitLine]


def waits(found: Iterable[WaitingOn], project: ProjectState, tenant: TenantState) -> list[Wait]:
    """The parties that waiting tasks wait on, in the order given."""
    return [_wait(one, project, tenant) for one in found]


def waiting_since(task: Task, tenant: TenantState) -> dt.date | None:
    """The day the task last began to wait; None where it does not."""
    if not task.status_moves or task.status_moves[-1].status != "waiting":
        return None
    return task.status_moves[-1].at.astimezone(zone_of(tenant.timezone)).date()


def _wait(one: WaitingOn, project: ProjectState, tenant: TenantState) -> Wait:
    party = named(tenant, one.party_id or None)
    return Wait(
        who=party.name if party else NOBODY.get(one.track, "somebody"),
        track=one.track,
        task_name=_name(project, one.tasks[0].task_id) if one.tasks else "",
        count=len(one.tasks),
        since_on=one.since_on,
        age_days=one.age_days,
        float_days=one.float_days,
        is_over=one.consumes_leeway,
        held=one.held,
        holds_go_live=one.holds_go_live,
        lines=[_line(task, project) for task in one.tasks],
    )


def _line(task: WaitingTask, project: ProjectState) -> WaitLine:
    far = dt.date.max
    held = sorted((project.tasks[i] for i in held_by(project, [task.task_id])), key=lambda t: (t.due_on or far, t.name))
    return WaitLine(
        name=_name(project, task.task_id),
        since_on=task.since_on,
        age_days=task.age_days,
        float_days=task.float_days,
        is_over=task.float_days is not None and task.age_days > task.float_days,
        held=[after.name for after in held],
    )


def _name(project: ProjectState, task_id: str) -> str:
    task = project.tasks.get(task_id)
    return task.name if task else task_id
