"""Facts about work: tasks on three tracks, their dates, owners, links, and activities of foreign logs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar, Literal

from store.events.fact import Fact
from store.ids import PartyId, ProjectId, TaskId

Track = Literal["internal", "customer", "approval"]
TaskStatus = Literal["todo", "in_progress", "waiting", "done", "cancelled"]
LinkType = Literal["FS", "SS", "FF", "SF"]
Milestone = Literal["", "go_live", "success", "billing"]


class TaskCreated(Fact, frozen=True, kw_only=True):
    """A unit of work, as first recorded. The owner is a person or a contact."""

    TYPE: ClassVar[str] = "task.created"
    ACCESS: ClassVar[Mapping[str, str]] = {
        "name": "public",
        "due_on": "public",
        "owner_id": "public",
    }
    task_id: TaskId
    external_id: str
    project_id: ProjectId
    stage: str = ""
    name: str
    track: Track = "internal"
    owner_id: PartyId | None = None
    role: str = ""
    effort_hours: Decimal | None = None
    planned_start_on: dt.date | None = None
    due_on: dt.date | None = None
    scope_item_id: str | None = None
    playbook_task: str = ""
    milestone: Milestone = ""
    is_billable: bool | None = None
    extra: dict[str, str] = {}


class TaskStatusChanged(Fact, frozen=True, kw_only=True):
    """The task's new status; "waiting" waits on its owner's counterpart."""

    TYPE: ClassVar[str] = "task.status_changed"
    ACCESS: ClassVar[Mapping[str, str]] = {"status": "public"}
    task_id: TaskId
    project_id: ProjectId
    status: TaskStatus


class TaskDueMoved(Fact, frozen=True, kw_only=True):
    """Another due date; none means it has none any more."""

    TYPE: ClassVar[str] = "task.due_moved"
    ACCESS: ClassVar[Mapping[str, str]] = {"due_on": "public"}
    task_id: TaskId
    project_id: ProjectId
    due_on: dt.date | None


class TaskStartMoved(Fact, frozen=True, kw_only=True):
    """Another planned start; none means it has none any more."""

    TYPE: ClassVar[str] = "task.start_moved"
    task_id: TaskId
    project_id: ProjectId
    planned_start_on: dt.date | None


class TaskReassigned(Fact, frozen=True, kw_only=True):
    """Another owner, or none."""

    TYPE: ClassVar[str] = "task.reassigned"
    ACCESS: ClassVar[Mapping[str, str]] = {"owner_id": "public"}
    task_id: TaskId
    project_id: ProjectId
    owner_id: PartyId | None


class TaskReestimated(Fact, frozen=True, kw_only=True):
    """Another effort, in hours."""

    TYPE: ClassVar[str] = "task.reestimated"
    task_id: TaskId
    project_id: ProjectId
    effort_hours: Decimal | None


class TaskFieldChanged(Fact, frozen=True, kw_only=True):
    """A change of a field that Leeway keeps but does not interpret."""

    TYPE: ClassVar[str] = "task.field_changed"
    task_id: TaskId
    project_id: ProjectId
    field: str
    value: str


class TaskLinked(Fact, frozen=True, kw_only=True):
    """`task_id` depends on `depends_on_id`; lag in working days."""

    TYPE: ClassVar[str] = "task.linked"
    task_id: TaskId
    project_id: ProjectId
    depends_on_id: TaskId
    link: LinkType = "FS"
    lag_days: Decimal = Decimal(0)
    extra: dict[str, str] = {}


class ActivityRecorded(Fact, frozen=True, kw_only=True):
    """One line of a foreign event log, under the name it has there, and what it did to a task, if anything."""

    TYPE: ClassVar[str] = "activity.recorded"
    project_id: ProjectId
    activity: str
    track: Track
    task_id: TaskId | None = None
    status: TaskStatus | None = None
    actor_role: str = ""
    attributes: dict[str, str] = {}
