"""Onboarding metrics as the API tells them, and what each rests on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest

from store.access import ROLES, Role
from store.events import EscalationRaised, ProjectCreated, TaskCreated, TaskStatusChanged
from store.ids import CustomerId, PersonId, ProjectId, TaskId
from tests.api.office import Json, Office

D = Decimal


def late(office: Office) -> list[object]:
    """A project whose go-live was due on Tuesday 1 September and waits for a customer since 28 August."""
    project = ProjectId(office.id("project", "P-9"))
    task = TaskId(office.id("task", "T-9"))
    return [
        ProjectCreated(
            project_id=project,
            external_id="P-9",
            name="Late example",
            customer_id=CustomerId(office.id("customer", "C-1")),
            manager_id=PersonId(office.id("person", "Same")),
            playbook="quick",
            contract_signed_on=dt.date(2026, 8, 3),
            baseline_go_live_on=dt.date(2026, 9, 1),
        ),
        TaskCreated(
            task_id=task,
            external_id="T-9",
            project_id=project,
            name="Send the data",
            track="customer",
            due_on=dt.date(2026, 8, 28),
        ),
        TaskStatusChanged(task_id=task, project_id=project, status="waiting"),
        EscalationRaised(escalation_id=office.id("escalation", "X"), external_id="X", project_id=project, text="Help"),
    ]


@pytest.fixture
def slow(new_office: Callable[[], Office]) -> Office:
    office = new_office()
    office.tell(late(office))  # type: ignore[arg-type]
    office.ground.settle(office.tenant.tenant_id)
    return office


def test_what_nobody_can_tell_has_a_reason(new_office: Callable[[], Office]) -> None:
    office = new_office()
    found = office.get("/v1/metrics")
    assert (found["first"], found["last"], found["projects"]) == ("2025-09-08", "2026-09-07", 2)
    for name, reason in {
        "time_to_value": "nothing_signed",
        "customer_tasks": "nothing_due",
        "portal_adoption": "nothing_invited",
    }.items():
        figure = found[name].get("share", found[name].get("median_days"))
        assert (figure, found[name]["reason"]) == (None, reason)
    assert found["on_time"]["original"]["reason"] == "nothing_due"
    assert found["burden"]["capacity"]["reason"] == "too_few"
    assert (found["delays"]["days"], found["delays"]["reason"]) == (0, "nothing_slipped")
    assert found["statuses"]["active"] == 2


def test_each_figure_names_the_projects_behind_it(slow: Office) -> None:
    found = slow.get("/v1/metrics")
    assert (found["on_time"]["original"]["share"], found["on_time"]["original"]["overdue"]) == ("0.0000", 1)
    assert found["on_time"]["original"]["projects"] == [
        {"id": slow.id("project", "P-9"), "name": "Late example", "outcome": "overdue", "days": "4"}
    ]
    assert (found["customer_tasks"]["count"], found["customer_tasks"]["of"]) == (0, 1)
    assert (found["escalations"]["count"], found["escalations"]["of"]) == (1, 3)
    assert found["time_to_value"]["reason"] == "no_success_milestone"
    assert found["delays"]["by_cause"] == {"customer": "4.00"}
    loads = {load["manager"]["name"]: load["load"] for load in found["burden"]["managers"]}
    assert loads == {"Over Example": 2, "Same Example": 1}


def test_filters_leave_the_others_out(slow: Office) -> None:
    same = slow.id("person", "Same")
    for query in (f"manager_id={same}", "playbook=quick"):
        found = slow.get(f"/v1/metrics?{query}")
        assert (found["projects"], found["escalations"]["share"]) == (1, "1.0000")
    assert slow.get(f"/v1/metrics?customer_id={slow.id('customer', 'C-1')}")["projects"] == 3
    assert slow.get("/v1/metrics?manager_id=nobody")["projects"] == 0


def test_the_causes_of_a_project_add_up_to_its_slip(slow: Office) -> None:
    found = slow.get(f"/v1/projects/{slow.id('project', 'P-9')}/delay")
    assert (found["slipped_days"], found["is_final"], found["is_signed_off"]) == (4, False, False)
    assert sum(map(D, found["by_cause"].values())) == found["slipped_days"] == len(found["days"])
    assert {task["name"] for day in found["days"] for task in day["tasks"]} == {"Send the data"}
    one = slow.get(f"/v1/projects/{slow.id('project', 'P-1')}/delay")
    assert (one["slipped_days"], one["days"]) == (0, [])


def test_the_past_is_as_it_was_known(slow: Office) -> None:
    assert slow.get("/v1/metrics?as_of=2026-09-06")["projects"] == 0
    assert slow.get("/v1/metrics?as_of=2026-09-07")["projects"] == 3
    answer = slow.call("GET", f"/v1/projects/{slow.id('project', 'P-9')}/delay?as_of=2026-09-06")
    assert answer.json()["code"] == "not_known_then"


def test_a_new_fact_is_in_the_next_answer(slow: Office) -> None:
    assert slow.get("/v1/metrics")["customer_tasks"]["projects"][0]["outcome"] == "1 of 1 late"
    project, done = ProjectId(slow.id("project", "P-9")), TaskId(slow.id("task", "T-8"))
    slow.tell(
        [
            TaskCreated(
                task_id=done,
                external_id="T-8",
                project_id=project,
                name="x",
                track="customer",
                due_on=dt.date(2026, 9, 7),
            ),
            TaskStatusChanged(task_id=done, project_id=project, status="done"),
        ]
    )
    slow.ground.settle(slow.tenant.tenant_id)
    assert slow.get("/v1/metrics")["customer_tasks"]["share"] == "0.5000"


@pytest.mark.parametrize("role", ROLES)
def test_every_role_reads_the_same_figures(office: Office, role: Role) -> None:
    def figures(found: Json) -> Json:
        return {name: value for name, value in found.items() if name != "as_of"}

    assert figures(office.get("/v1/metrics", role=role)) == figures(office.get("/v1/metrics"))


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("from=2026-02-30", "bad_date"),
        ("to=1969-12-31", "bad_date"),
        ("from=2026-09-10&to=2026-09-09", "bad_period"),
        ("from=2010-01-01", "period_too_long"),
        ("to=20260901", "invalid_request"),
    ],
)
def test_a_period_that_cannot_be_is_refused(office: Office, query: str, code: str) -> None:
    answer = office.call("GET", f"/v1/metrics?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, code)
