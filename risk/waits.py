"""What waits on somebody now, since when and how long: the waiting clocks of a project that run. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from plan.calendar import Calendar
from plan.network import wait_of
from plan.waiting import Wait, WaitState, waiting_clock
from store.projections.projects.state import ProjectState, StatusMove, Task

UNDER_WAY = frozenset({"active", "live"})
"""After go-live the first value still waits on the customer."""
TOLD = frozenset({"in_progress", "waiting"})


@dataclass(frozen=True, slots=True)
class OpenWait:
    """A task that its owner has been able to deliver since `starts_at` and has not.

    `age_days`: the owner's working days after the day the clock started, up to and including today.
    `told_event_id` is the fact that told the owner.
    """

    task: Task
    starts_at: dt.datetime
    age_days: int
    told_event_id: str


def open_waits(
    project: ProjectState, tenant: Calendar, of: Callable[[str | None], Calendar], now: dt.datetime
) -> Iterator[OpenWait]:
    """Customer work and approvals that wait, and internal work that was set waiting, in order of task ids.

    `of` gives the calendar of an owner. Nothing waits while the project is not under way.
    """
    if project.status not in UNDER_WAY:
        return
    for task_id, task in sorted(project.tasks.items()):
        told = _told(task)
        if told is None:
            continue
        clock = waiting_clock(_wait(project, task, told.at), of(task.owner_id), tenant, now)
        if clock.state is WaitState.RUNNING and clock.starts_at is not None and clock.age_days is not None:
            yield OpenWait(project.tasks[task_id], clock.starts_at, clock.age_days, told.event_id)


def _wait(project: ProjectState, task: Task, told_at: dt.datetime) -> Wait:
    """Where every predecessor is done the plan was overtaken: its start does not hold the clock."""
    wait = wait_of(project, task, told_at)
    return replace(wait, planned_start_on=None) if wait.predecessors_done_at else wait


def _told(task: Task) -> StatusMove | None:
    """When the owner was told for the last time: the first of the moves since which the task has been with them."""
    if task.status not in TOLD or (task.track == "internal" and task.status != "waiting"):
        return None
    told: StatusMove | None = None
    for move in reversed(task.status_moves):
        if move.status not in TOLD:
            break
        told = move
    return told
