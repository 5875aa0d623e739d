"""Projections are made anew beside those in use: whoever reads meanwhile sees them whole."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa

from store import snapshots
from store.events import ProjectCreated, TaskCreated
from store.ground import Ground
from store.ids import CustomerId, ProjectId, TaskId, TenantId, fact_id
from store.log import Draft
from store.rebuilding import rebuild
from store.streams import stream_of

PROJECTS, TASKS = 30, 20


def told(ground: Ground, tenant_id: TenantId, number: int, *, first_task: int = 0) -> None:
    """A project with tasks."""
    project, now = ProjectId(f"project-{number}"), ground.clock.now()
    created = ProjectCreated(
        project_id=project, external_id=f"P{number}", name=f"Project {number}", customer_id=CustomerId("customer-1")
    )
    tasks = [
        TaskCreated(
            task_id=TaskId(f"task-{number}-{n}"), external_id=f"T{n}", project_id=project, name="Task", stage=""
        )
        for n in range(first_task, first_task + TASKS)
    ]
    facts = tasks if first_task else [created, *tasks]
    drafts = [
        Draft(fact_id(tenant_id, "test", f"{number}-{first_task}-{n}"), fact, now, now, "test")
        for n, fact in enumerate(facts)
    ]
    ground.log.append(tenant_id, [(stream_of(created), drafts, None)], now=now)


@pytest.fixture
def filled(ground: Ground, request: pytest.FixtureRequest) -> tuple[Ground, TenantId]:
    tenant_id = ground.tenants.open(f"rebuilt-{request.node.name[5:25].strip('_').replace('_', '-')}").tenant_id
    for number in range(PROJECTS):
        told(ground, tenant_id, number)
    ground.settle(tenant_id)
    return ground, tenant_id


def ids() -> list[str]:
    return [f"project-{number}" for number in range(PROJECTS)]


def test_a_reader_never_misses_a_project_while_projections_are_made_anew(filled: tuple[Ground, TenantId]) -> None:
    ground, tenant_id = filled
    seen: set[int] = set()
    is_over = threading.Event()

    def read() -> None:
        while not is_over.is_set():
            seen.add(len(ground.projects(tenant_id, ids())))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for _ in range(5):
            assert ground.rebuild(tenant_id) == ground.log.head(tenant_id).position
    finally:
        is_over.set()
        reader.join()
    assert seen == {PROJECTS}
    assert ground.differences(tenant_id) == []


def test_what_was_folded_while_a_rebuild_ran_is_in_it(filled: tuple[Ground, TenantId]) -> None:
    ground, tenant_id = filled
    written: list[int] = []

    def meanwhile(_count: int) -> None:
        # Halfway through, another project comes, an old one grows, and both are folded into the present states.
        if len(written) == PROJECTS // 2:
            told(ground, tenant_id, PROJECTS)
            told(ground, tenant_id, 0, first_task=TASKS)
            ground.settle(tenant_id)
        written.append(_count)

    assert rebuild(ground.database, ground.log, tenant_id, progress=meanwhile) == ground.log.head(tenant_id).position
    assert ground.differences(tenant_id) == []
    assert len(ground.project(tenant_id, "project-0").tasks) == 2 * TASKS
    assert ground.project(tenant_id, f"project-{PROJECTS}").name == f"Project {PROJECTS}"


def test_a_broken_rebuild_leaves_the_old_states_and_the_next_one_completes(filled: tuple[Ground, TenantId]) -> None:
    ground, tenant_id = filled

    def break_off(_count: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ground.rebuild(tenant_id, progress=break_off)
    assert ground.differences(tenant_id) == []
    ground.rebuild(tenant_id)
    with ground.database.tx(tenant_id) as connection:
        query = sa.select(snapshots.SNAPSHOTS.c.projection).where(snapshots.SNAPSHOTS.c.projection.like("next/%"))
        assert connection.execute(query).all() == []


def test_a_state_that_is_not_what_the_log_gives_is_named_mended_and_thought_of_again(
    filled: tuple[Ground, TenantId],
) -> None:
    ground, tenant_id = filled
    table = snapshots.SNAPSHOTS
    with ground.database.tx(tenant_id) as connection:
        snapshots.unmark(connection, tenant_id, snapshots.marked(connection, tenant_id, limit=1000))
        spoiled = table.update().where(table.c.subject_id == "project-3", table.c.projection == "projects")
        connection.execute(spoiled.values(state=b"{}"))
        connection.execute(table.delete().where(table.c.subject_id == "project-4"))
        stray = {"projection": "projects", "subject_id": "nobody", "position": 1, "state": b"{}"}
        connection.execute(table.insert().values(tenant_id=tenant_id, **stray))
    assert ground.differences(tenant_id) == ["projects/nobody", "projects/project-3", "projects/project-4"]
    ground.rebuild(tenant_id)
    assert ground.differences(tenant_id) == []
    with ground.database.tx(tenant_id) as connection:
        marked = {mark.subject_id for mark in snapshots.marked(connection, tenant_id, limit=1000)}
    assert marked == {"project-3", "project-4"}
