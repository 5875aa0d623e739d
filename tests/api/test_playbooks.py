"""Playbooks published, projects started from them, held against them and held by their gates."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.playbook_examples import WRITTEN
from store.access import Role
from store.ground import Ground
from tests.api.office import Json, Office, opened

JSON: Json = WRITTEN["application/json"]


def published(office: Office, body: object = JSON, *, role: Role = "manager") -> Any:
    return office.call("POST", "/v1/playbooks", body, role=role)


def order(**changes: object) -> Json:
    plain: Json = {
        "playbook_id": "fast-start",
        "name": "Example onboarding",
        "contract_signed_on": "2026-09-07",
        "external_ref": {"source": "crm", "id": "D-1"},
    }
    return plain | changes


def started(office: Office, *, key: str = "start-key", role: Role = "member", **changes: object) -> Any:
    return office.call("POST", "/v1/projects", order(**changes), role=role, Idempotency_Key=key)


@pytest.fixture(scope="module")
def steady(house: Ground, client: TestClient) -> Office:
    """A tenant with a playbook, in which nothing is changed."""
    office = opened(house, client, "with-a-playbook")
    assert published(office).status_code == 201
    return office


@pytest.fixture
def ready(new_office: Callable[[], Office]) -> Office:
    office = new_office()
    assert published(office).status_code == 201
    return office


def test_a_playbook_comes_as_toml_or_json_and_is_one_version(ready: Office) -> None:
    headers = {"Authorization": f"Bearer {ready.keys['manager']}", "Content-Type": "application/toml"}
    answer = ready.client.post("/v1/playbooks", content=WRITTEN["application/toml"], headers=headers)
    assert (answer.status_code, answer.json()["version"]) == (201, 1)
    changed = published(ready, JSON | {"summary": "Other words"}).json()
    assert (changed["version"], changed["latest_version"]) == (2, 2)
    (listed,) = ready.get("/v1/playbooks", role="viewer")["data"]
    assert (listed["id"], listed["version"], listed["task_count"], listed["module_count"]) == ("fast-start", 2, 5, 1)
    first = ready.get("/v1/playbooks/fast-start?version=1", role="viewer")
    assert (first["version"], first["latest_version"], first["summary"]) == (1, 2, "")
    assert ready.call("GET", "/v1/playbooks/fast-start?version=3").json()["code"] == "unknown_playbook_version"


def test_a_bad_playbook_is_refused_with_all_its_faults(steady: Office) -> None:
    body = copy.deepcopy(JSON)
    body["tasks"][0]["role"] = "nobody"
    body["tasks"][1]["after"] = [{"on": "nothing"}]
    answer = published(steady, body)
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["where"]) == (
        422,
        "playbook.unknown_role",
        "body.tasks.meet.role",
    )
    assert [fault["where"] for fault in problem["faults"]] == ["tasks.meet.role", "tasks.build.after"]


@pytest.mark.parametrize(
    ("body", "media", "status", "code"),
    [
        (b"{", "application/json", 422, "playbook.malformed"),
        (b"id = ", "application/toml", 422, "playbook.malformed"),
        (b"a = " + b"[" * 20000, "application/toml", 422, "playbook.malformed"),
        (b'{"id": ' + b"[" * 20000, "application/json", 422, "playbook.malformed"),
        (b"id: x", "application/yaml", 415, "unsupported_media_type"),
    ],
)
def test_what_is_no_playbook_is_refused(office: Office, body: bytes, media: str, status: int, code: str) -> None:
    headers = {"Authorization": f"Bearer {office.keys['manager']}", "Content-Type": media}
    answer = office.client.post("/v1/playbooks", content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_who_may_publish_start_and_see_money(steady: Office) -> None:
    assert published(steady, role="member").status_code == 403
    assert started(steady, role="viewer").status_code == 403
    preview = order(answers={"sso": "yes"})
    seen = {
        role: steady.call("POST", "/v1/project-previews", preview, role=role).json() for role in ("manager", "viewer")
    }
    assert seen["manager"]["fee"] == {"amount": "10500", "currency": "EUR"}
    assert (seen["viewer"]["fee"], seen["viewer"]["margin_floor"]) == (None, None)
    assert seen["viewer"]["hours"] == seen["manager"]["hours"] == "41"
    assert steady.get("/v1/playbooks/fast-start", role="viewer")["fee"] is None
    assert steady.get("/v1/playbooks/fast-start", role="finance")["fee"]["by_module"]["sso"]["amount"] == "1500"


def test_a_start_is_what_its_preview_said_and_can_be_read_at_once(ready: Office) -> None:
    preview = ready.call("POST", "/v1/project-previews", order(), role="member").json()
    answer = started(ready)
    assert answer.status_code == 201, answer.text
    project = answer.json()["project"]
    dates = {task["name"]: (task["planned_start_on"], task["due_on"]) for task in project["tasks"]}
    assert dates == {task["name"]: (task["starts_on"], task["due_on"]) for task in preview["tasks"]}
    assert project["baseline_go_live_on"] == preview["promised_go_live_on"]
    assert ready.get(f"/v1/projects/{project['id']}", role="member")["tasks"] == project["tasks"]
    assert project["id"] in [row["id"] for row in ready.get("/v1/projects")["data"]]


def test_one_deal_one_project(ready: Office) -> None:
    first = started(ready).json()
    assert started(ready).headers["idempotency-replayed"] == "true"
    again = started(ready, key="another-key").json()
    assert (again["is_new"], again["project"]) == (False, first["project"])
    named = started(ready, key="third-key", manager_id=ready.id("person", "Same")).json()
    assert named["project"]["manager"]["id"] == ready.id("person", "Same")
    clash = started(ready, key="fourth-key", contract_signed_on="2026-10-05")
    assert (clash.status_code, clash.json()["code"]) == (409, "already_started")
    assert clash.json()["project_id"] == first["project"]["id"]
    other = started(ready, key="fifth-key", external_ref=None).json()
    assert other["project"]["id"] != first["project"]["id"]


@pytest.mark.parametrize(
    ("changes", "status", "code", "where"),
    [
        ({"playbook_id": "nothing"}, 404, "unknown_playbook", ""),
        ({"version": 7}, 404, "unknown_playbook_version", ""),
        ({"answers": {"sso": "perhaps"}}, 422, "playbook.bad_answer", "body.answers.sso"),
        ({"kickoff_on": "2026-09-01"}, 422, "dates_out_of_order", "body.kickoff_on"),
        ({"owners": {"lead": "nobody"}}, 404, "unknown_person", "body.owners.lead"),
        ({"customer_id": "nobody"}, 404, "unknown_customer", "body.customer_id"),
        ({"contract_signed_on": "soon"}, 422, "invalid_request", "body.contract_signed_on"),
        ({"external_ref": {"source": "C R M", "id": "x"}}, 422, "invalid_request", "body.external_ref.source"),
        ({"fee": -1}, 422, "invalid_request", "body.fee"),
        ({"colour": "red"}, 422, "invalid_request", "body.colour"),
    ],
)
def test_an_order_that_cannot_be_names_its_field(
    steady: Office, changes: Json, status: int, code: str, where: str
) -> None:
    for path in ("/v1/projects", "/v1/project-previews"):
        answer = steady.call("POST", path, order(**changes), Idempotency_Key="bad-order")
        problem = answer.json()
        assert (answer.status_code, problem["code"], problem["where"]) == (status, code, where)


def test_a_held_stage_says_what_is_missing_and_a_manager_may_override(ready: Office) -> None:
    project_id = started(ready).json()["project"]["id"]

    def enter(stage: str, role: Role = "member", **more: object) -> Any:
        return ready.call("POST", f"/v1/projects/{project_id}/stage", {"stage": stage, **more}, role=role)

    assert enter("kickoff").status_code == 201
    held = enter("setup")
    assert (held.status_code, held.json()["code"]) == (409, "gate_held")
    assert held.json()["missing"] == ["kickoff exit: “Hold the kickoff” is done"]
    fact = {"project_id": project_id, "stage": "setup"}
    assert ready.record("project.stage_changed.v1", fact, key="by-a-fact").json()["code"] == "gate_held"
    assert enter("setup", override_reason="In a hurry").status_code == 403
    entered = enter("setup", "manager", override_reason="In a hurry").json()
    assert entered["overridden"] == held.json()["missing"]
    assert ready.get(f"/v1/projects/{project_id}")["stage"] == "setup"
    assert enter("limbo").json()["where"] == "body.stage"


def test_a_project_is_held_against_its_playbook_as_of_any_moment(ready: Office) -> None:
    project = started(ready).json()["project"]
    path = f"/v1/projects/{project['id']}/playbook"
    fresh = ready.get(path, role="viewer")
    assert (fresh["is_pinned"], fresh["version"], fresh["steps"], fresh["missing"]) == (True, 1, 5, [])
    task = next(task for task in project["tasks"] if task["name"] == "Accept the workspace")
    done = {"project_id": project["id"], "task_id": task["id"], "status": "done"}
    assert ready.record("task.status_changed.v1", done, key="accepted").status_code == 201
    ready.think()
    found = ready.get(path)
    assert [entry["name"] for entry in found["out_of_order"]] == ["Accept the workspace"]
    kickoff = next(stage for stage in found["stages"] if stage["stage"] == "kickoff")
    assert kickoff["exit"][0]["is_met"] is False
    assert ready.call("GET", f"{path}?as_of=2020-01-01").json()["code"] == "not_known_then"
    plain = ready.call("GET", f"/v1/projects/{ready.id('project', 'P-1')}/playbook")
    assert (plain.status_code, plain.json()["code"]) == (404, "no_playbook")


def test_nothing_starts_from_a_retired_playbook(ready: Office) -> None:
    path = "/v1/playbooks/fast-start/retirement"
    assert ready.call("POST", path, {"reason": "Replaced"}, role="member").status_code == 403
    retired = ready.call("POST", path, {"reason": "Replaced"}, role="manager").json()
    assert (retired["is_retired"], retired["retired_because"]) == (True, "Replaced")
    assert started(ready).json()["code"] == "playbook_retired"
    assert published(ready).json()["version"] == 2
    assert started(ready, key="after-revival").status_code == 201


def test_the_fee_of_a_published_version_is_money_in_the_log_too(steady: Office) -> None:
    def published_facts(role: Role) -> list[Json]:
        events = steady.get("/v1/events?limit=200", role=role)["data"]
        return [event["payload"] for event in events if event["type"] == "playbook.published.v1"]

    (shown,), (hidden,) = published_facts("manager"), published_facts("viewer")
    assert shown["fee"]["amount"] == "9000"
    assert "fee" not in hidden
    assert hidden["template"] == shown["template"]
