"""Holds, waiting clocks and promises as the API shows them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from store.events import ProjectGoLiveCommitted, ProjectStatusChanged, TaskStatusChanged
from store.events.projects import ProjectStatus
from store.ids import ProjectId, TaskId
from tests.api.office import NINE, Json, Office

DAY = dt.timedelta(days=1)
TWO_WEEKS_AGO = NINE - 14 * DAY


@pytest.fixture
def own(new_office: Callable[[], Office]) -> Office:
    office = new_office()
    waiting = TaskStatusChanged(
        task_id=TaskId(office.id("task", "T-1")), project_id=ProjectId(office.id("project", "P-1")), status="waiting"
    )
    office.tell([waiting], recorded_at=TWO_WEEKS_AGO)
    return office


def status(office: Office, status: ProjectStatus, at: dt.datetime) -> None:
    office.tell(
        [ProjectStatusChanged(project_id=ProjectId(office.id("project", "P-1")), status=status)], recorded_at=at
    )


def shown(office: Office) -> tuple[Json, Json]:
    office.ground.settle(office.tenant.tenant_id)
    project = office.get(f"/v1/projects/{office.id('project', 'P-1')}")
    return project, next(task for task in project["tasks"] if task["name"] == "T-1")


def test_a_task_that_never_waited_has_no_clock(own: Office) -> None:
    project, _task = shown(own)
    assert [task["waiting"] for task in project["tasks"] if task["name"] != "T-1"] == [None]
    assert project["hold"] == {"since": None, "held_days": 0}


def test_the_waiting_clock_stands_still_while_the_project_is_on_hold(own: Office) -> None:
    own.tell(
        [
            # Its planned start lies ahead, and a clock waits for it.
            TaskStatusChanged(
                task_id=TaskId(own.id("task", "T-2")),
                project_id=ProjectId(own.id("project", "P-1")),
                status="waiting",
            )
        ]
    )
    assert shown(own)[1]["waiting"]["state"] == "not_started"
    changed = own.record(
        "task.start_moved.v1",
        {
            "task_id": own.id("task", "T-1"),
            "project_id": own.id("project", "P-1"),
            "planned_start_on": "2026-08-24",
        },
        key="start-moved",
    )
    assert changed.status_code == 201, changed.text
    running = shown(own)[1]["waiting"]
    assert (running["state"], running["age_days"]) == ("running", 10)
    status(own, "on_hold", NINE - 7 * DAY)
    project, task = shown(own)
    assert (task["waiting"]["state"], task["waiting"]["age_days"]) == ("on_hold", 5)
    assert (project["hold"]["held_days"], project["hold"]["since"]) == (5, "2026-08-31T09:00:00Z")
    status(own, "active", NINE - 3 * DAY)
    project, task = shown(own)
    assert (task["waiting"]["state"], task["waiting"]["age_days"]) == ("running", 6)
    assert project["hold"] == {"since": None, "held_days": 4}


def test_a_reopened_project_shows_its_first_go_live_and_all_its_promises(own: Office) -> None:
    project_id = ProjectId(own.id("project", "P-1"))
    status(own, "live", NINE - 3 * DAY)
    status(own, "active", NINE - 2 * DAY)
    assert shown(own)[0]["lacks_commitment"]
    own.tell([ProjectGoLiveCommitted(project_id=project_id, committed_go_live_on=dt.date(2026, 12, 1))])
    project, _task = shown(own)
    assert (project["lacks_commitment"], project["live_at"]) == (False, "2026-09-04T09:00:00Z")
    assert (project["reopened_at"], project["committed_go_live_on"]) == ("2026-09-05T09:00:00Z", "2026-12-01")
    assert [each["on"] for each in project["commitments"]] == ["2026-12-01"]
