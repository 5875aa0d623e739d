"""Facts of a made-up tenant for the benchmarks: plans, status changes, moved dates, hours, in the order of time."""

import datetime as dt
import random
from collections.abc import Iterator
from decimal import Decimal

from store.events import Fact, ProjectCreated, TaskCreated, TaskDueMoved, TaskStatusChanged, TimeLogged
from store.events.tasks import TaskStatus
from store.ids import PersonId, ProjectId, StreamId, TaskId, TenantId, entity_id, fact_id
from store.log import Draft
from store.streams import stream_of

SOURCE = "benchmark"
START = dt.datetime(2024, 1, 1, 9, tzinfo=dt.UTC)
AT_ONCE = 100
"""Projects that run at the same time."""
PER_PROJECT = 400
TASKS_PER_PROJECT = 40
STATUSES: tuple[TaskStatus, ...] = ("todo", "in_progress", "done")


def project_id_of(tenant_id: TenantId, number: int) -> ProjectId:
    return ProjectId(entity_id(tenant_id, "project", SOURCE, str(number)))


def portfolio(tenant_id: TenantId, count: int, *, apart: dt.timedelta) -> Iterator[tuple[StreamId, Draft]]:
    """So many facts, a hundred projects of 400 at a time, one fact after another in time."""
    chance = random.Random(count)
    for number in range(count):
        wave, rest = divmod(number, AT_ONCE * PER_PROJECT)
        nth, project = divmod(rest, AT_ONCE)
        project_id = project_id_of(tenant_id, wave * AT_ONCE + project)
        at = START + number * apart
        yield drafted(tenant_id, number, _fact(tenant_id, project_id, nth, at, TASKS_PER_PROJECT, chance), at)


def project(tenant_id: TenantId, tasks: int, count: int, *, apart: dt.timedelta) -> Iterator[tuple[StreamId, Draft]]:
    """So many facts of one project with so many tasks."""
    chance, project_id = random.Random(count), project_id_of(tenant_id, 0)
    for nth in range(count):
        at = START + nth * apart
        yield drafted(tenant_id, nth, _fact(tenant_id, project_id, nth, at, tasks, chance), at)


def drafted(tenant_id: TenantId, number: int, fact: Fact, at: dt.datetime) -> tuple[StreamId, Draft]:
    return stream_of(fact), Draft(fact_id(tenant_id, SOURCE, str(number)), fact, at, at, SOURCE)


def _fact(
    tenant_id: TenantId, project_id: ProjectId, nth: int, at: dt.datetime, tasks: int, chance: random.Random
) -> Fact:
    """First the project, then its tasks, then what happens to them."""
    if nth == 0:
        return ProjectCreated(project_id=project_id, external_id=project_id[:8], name="Example project")
    if nth <= tasks:
        return TaskCreated(
            task_id=_task_id(tenant_id, project_id, nth - 1),
            external_id=str(nth),
            project_id=project_id,
            name=f"Task number {nth} of the plan",
            stage="setup",
            effort_hours=Decimal(8),
            due_on=at.date() + dt.timedelta(days=30),
        )
    task_id, kind = _task_id(tenant_id, project_id, chance.randrange(tasks)), chance.random()
    if kind < 0.5:
        return TaskStatusChanged(task_id=task_id, project_id=project_id, status=chance.choice(STATUSES))
    if kind < 0.7:
        return TaskDueMoved(task_id=task_id, project_id=project_id, due_on=at.date() + dt.timedelta(days=20))
    return TimeLogged(
        entry_id=str(nth),
        external_id=str(nth),
        person_id=PersonId(entity_id(tenant_id, "person", SOURCE, str(nth % 20))),
        project_id=project_id,
        task_id=task_id,
        worked_on=at.date(),
        hours=Decimal("2.5"),
    )


def _task_id(tenant_id: TenantId, project_id: ProjectId, number: int) -> TaskId:
    return TaskId(entity_id(tenant_id, "task", SOURCE, f"{project_id}/{number}"))
