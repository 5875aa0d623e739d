"""How tasks, their links and foreign activities change a project's state. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from store.events import (
    ActivityRecorded,
    Fact,
    TaskCreated,
    TaskDueMoved,
    TaskLinked,
    TaskReassigned,
    TaskReestimated,
    TaskStartMoved,
    TaskStatusChanged,
)
from store.log import Event
from store.projections.projects.state import Activity, DateMove, Link, ProjectState, StatusMove, Task


def _created(state: ProjectState, fact: TaskCreated, event: Event) -> None:
    state.tasks[fact.task_id] = Task(
        task_id=fact.task_id,
        external_id=fact.external_id,
        stage=fact.stage,
        name=fact.name,
        track=fact.track,
        owner_id=fact.owner_id,
        role=fact.role,
        effort_hours=fact.effort_hours,
        planned_start_on=fact.planned_start_on,
        due_on=fact.due_on,
        first_due_on=fact.due_on,
        scope_item_id=fact.scope_item_id,
        playbook_task=fact.playbook_task,
        milestone=fact.milestone,
        is_billable=fact.is_billable,
        created_at=event.occurred_at,
        created_event_id=event.event_id,
        status_event_id=event.event_id,
    )


def _status(state: ProjectState, fact: TaskStatusChanged | ActivityRecorded, event: Event) -> None:
    task = state.tasks.get(fact.task_id or "")
    if task is None or fact.status is None:
        return
    task.status, task.status_event_id = fact.status, event.event_id
    task.status_moves.append(StatusMove(at=event.occurred_at, status=fact.status, event_id=event.event_id))
    if fact.status in {"in_progress", "waiting", "done"} and task.started_at is None:
        task.started_at = event.occurred_at
    task.done_at = event.occurred_at if fact.status == "done" else None


def _due_moved(state: ProjectState, fact: TaskDueMoved, event: Event) -> None:
    if task := state.tasks.get(fact.task_id):
        task.due_on = fact.due_on
        task.first_due_on = task.first_due_on or fact.due_on
        task.due_moves.append(DateMove(at=event.occurred_at, on=fact.due_on, event_id=event.event_id))


def _start_moved(state: ProjectState, fact: TaskStartMoved, _event: Event) -> None:
    if task := state.tasks.get(fact.task_id):
        task.planned_start_on = fact.planned_start_on


def _reassigned(state: ProjectState, fact: TaskReassigned, _event: Event) -> None:
    if task := state.tasks.get(fact.task_id):
        task.owner_id = fact.owner_id


def _reestimated(state: ProjectState, fact: TaskReestimated, _event: Event) -> None:
    if task := state.tasks.get(fact.task_id):
        task.effort_hours = fact.effort_hours


def _linked(state: ProjectState, fact: TaskLinked, event: Event) -> None:
    if task := state.tasks.get(fact.task_id):
        link = Link(depends_on_id=fact.depends_on_id, link=fact.link, lag_days=fact.lag_days, event_id=event.event_id)
        task.links.append(link)


def _activity(state: ProjectState, fact: ActivityRecorded, event: Event) -> None:
    state.activities.append(
        Activity(
            at=event.occurred_at,
            activity=fact.activity,
            track=fact.track,
            event_id=event.event_id,
            task_id=fact.task_id,
        )
    )
    _status(state, fact, event)


HANDLERS: Mapping[type[Fact], Callable[[ProjectState, Any, Event], None]] = {
    TaskCreated: _created,
    TaskStatusChanged: _status,
    TaskDueMoved: _due_moved,
    TaskStartMoved: _start_moved,
    TaskReassigned: _reassigned,
    TaskReestimated: _reestimated,
    TaskLinked: _linked,
    ActivityRecorded: _activity,
}
