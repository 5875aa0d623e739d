"""Baselines over the API: taken by writers, re-planned by managers, priced for those who may see money."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from store.access import Role
from tests.api.office import Json, Office


@pytest.fixture
def own(new_office: Callable[[], Office]) -> Office:
    return new_office()


def path(office: Office, rest: str = "") -> str:
    return f"/v1/projects/{office.id('project', 'P-1')}/baselines{rest}"


def take(office: Office, name: str, *, role: Role = "admin", query: str = "", **more: object) -> Any:
    return office.call("POST", path(office, query), {"name": name, **more}, role=role)


def changed(office: Office, kind: str, **payload: object) -> None:
    answer = office.record(kind, {"project_id": office.id("project", "P-1"), **payload}, key=f"changed-{kind}")
    assert answer.status_code == 201, answer.text


def test_the_plan_is_held_against_the_baseline(own: Office) -> None:
    taken = take(own, "kickoff", role="member")
    assert (taken.status_code, taken.json()["kind"], taken.json()["go_live_on"]) == (201, "taken", "2026-10-30")
    changed(own, "task.due_moved.v1", task_id=own.id("task", "T-1"), due_on="2026-09-22")
    changed(own, "task.reestimated.v1", task_id=own.id("task", "T-2"), effort_hours="12")
    found: Json = own.get(path(own, "/kickoff"))
    assert (found["go_live_days"], found["hours"], found["missing"]) == (0, "4.00", [])
    assert found["cost"] == {"amount": "280.00", "currency": "EUR"}
    assert {(each["name"], each["due_days"], each["hours"]) for each in found["tasks"]} == {
        ("T-1", 2, "0"),
        ("T-2", 0, "4"),
    }
    assert [each["name"] for each in own.get(path(own))["data"]] == ["kickoff"]


def test_cost_is_money(own: Office) -> None:
    take(own, "kickoff")
    for role in ("member", "viewer"):
        found = own.get(path(own, "/kickoff"), role=role)
        assert (found["cost"], found["planned"]["cost"], found["present"]["cost"]) == (None, None, None)
        assert found["hours"] is not None


def test_a_name_is_taken_once_and_a_repeated_call_is_answered_alike(own: Office) -> None:
    first = own.call("POST", path(own), {"name": "kickoff"}, Idempotency_Key="baseline-1")
    again = own.call("POST", path(own), {"name": "kickoff"}, Idempotency_Key="baseline-1")
    other = take(own, "kickoff")
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    assert (other.status_code, other.json()["code"]) == (409, "baseline_exists")


def test_the_same_key_for_another_moment_is_another_call(own: Office) -> None:
    sent = [
        own.call("POST", path(own, query), {"name": "kickoff"}, Idempotency_Key="baseline-2")
        for query in ("", "?as_of=2026-09-06")
    ]
    assert [answer.status_code for answer in sent] == [201, 422]
    assert sent[1].json()["code"] == "key_reused"


def test_another_go_live_takes_a_manager_who_says_why(own: Office) -> None:
    take(own, "kickoff")
    changed(own, "project.go_live_committed.v1", committed_go_live_on="2026-11-06")
    silent, member = take(own, "again"), take(own, "again", role="member", approval="Please")
    assert (silent.status_code, silent.json()["code"], silent.json()["where"]) == (
        422,
        "approval_needed",
        "body.approval",
    )
    assert (member.status_code, member.json()["code"]) == (403, "role_too_low")
    agreed = take(own, "again", role="manager", approval="Agreed in the steering committee")
    assert (agreed.status_code, agreed.json()["go_live_on"]) == (201, "2026-11-06")
    assert own.get(path(own, "/kickoff"))["go_live_days"] == 5


def test_bad_baselines_are_refused_and_unknown_ones_are_not_there(own: Office) -> None:
    assert take(own, "x", role="viewer").status_code == 403
    assert [take(own, name).status_code for name in ("", "a/b", "x" * 101, " ")] == [422] * 4
    assert take(own, "x", query="?as_of=2999-01-01").json()["code"] == "in_the_future"
    assert take(own, "x", query="?as_of=2020-01-01").status_code == 404
    assert own.call("GET", path(own, "/none")).json()["code"] == "unknown_baseline"
    assert own.call("GET", "/v1/projects/none/baselines").json()["code"] == "unknown_project"
