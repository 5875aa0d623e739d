"""A reviewer's decisions through the API."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from store.events import AllocationReleased, alerts
from store.ids import AlertId, AllocationId, PersonId, ProjectId
from tests.api.office import Json, Office


def choice(alert: Json) -> str:
    """The first proposal that can be carried out."""
    return str(next(proposal["proposal_id"] for proposal in alert["proposals"] if proposal["is_feasible"]))


def bookings(office: Office) -> dict[str, tuple[str, str, str]]:
    person = office.ground.people(office.tenant.tenant_id)[office.id("person", "Over")]
    return {i: (str(a.starts_on), str(a.ends_on), str(a.hours_per_day)) for i, a in person.allocations.items()}


def test_a_proposal_approved_is_carried_out_and_taken_back(new_office: Callable[[], Office]) -> None:
    office = new_office()
    alert, before = office.alert(), bookings(office)
    read = office.call("GET", f"/v1/alerts/{alert['id']}")
    assert read.headers["etag"] == f'"{alert["version"]}"'
    answer = office.decide(
        alert["id"],
        role="manager",
        headers={"If_Match": read.headers["etag"]},
        verb="approve",
        proposal_id=choice(alert),
    )
    done = answer.json()
    assert (answer.status_code, done["state"], done["decisions"][0]["verb"]) == (201, "done", "approve")
    assert bookings(office) != before
    (applied,) = done["applied"]
    for event_id in applied["event_ids"]:
        assert office.get(f"/v1/events/{event_id}")["correlation_id"] == alert["id"]
    undone = office.decide(alert["id"], verb="undo")
    assert (undone.status_code, undone.json()["state"]) == (201, "open")
    assert undone.json()["applied"][0]["undone_at"]
    assert bookings(office) == before


def test_members_see_no_margin_of_what_was_applied(new_office: Callable[[], Office]) -> None:
    office = new_office()
    alert = office.alert()
    assert office.decide(alert["id"], verb="approve", proposal_id=choice(alert)).status_code == 201

    def applied(role: Any) -> Json:
        events = office.get("/v1/events?limit=200", role=role)["data"]
        return next(event["payload"] for event in events if event["type"] == "proposal.applied.v1")

    assert applied("manager")["effect"]["margin"] is not None
    assert (applied("member")["effect"]["margin"], applied("member")["effect"]["currency"]) == (None, "")


@pytest.mark.parametrize(
    ("decision", "state"),
    [
        ({"verb": "reject", "reason": "wrong", "note": "He left."}, "rejected"),
        ({"verb": "snooze", "until_on": "2026-09-10"}, "snoozed"),
        ({"verb": "respond", "note": "On it."}, "open"),
        ({"verb": "escalate"}, "open"),
    ],
)
def test_other_decisions_leave_bookings_alone(new_office: Callable[[], Office], decision: Json, state: str) -> None:
    office = new_office()
    alert, before = office.alert(), bookings(office)
    answer = office.decide(alert["id"], **decision)
    assert (answer.status_code, answer.json()["state"]) == (201, state)
    assert answer.json()["version"] == alert["version"] + 1
    assert bookings(office) == before


def test_an_alert_is_assigned_to_somebody_who_exists(new_office: Callable[[], Office]) -> None:
    office = new_office()
    alert_id = office.alert()["id"]
    assert office.decide(alert_id, verb="assign", assignee_id=office.id("person", "Same")).status_code == 201
    answer = office.decide(alert_id, verb="assign", assignee_id=office.id("person", "Nobody"))
    assert (answer.status_code, answer.json()["where"]) == (404, "body.assignee_id")


def test_an_edit_makes_another_proposal_and_changes_nothing_else(new_office: Callable[[], Office]) -> None:
    office = new_office()
    alert, before = office.alert(), bookings(office)
    former = next(p for p in alert["proposals"] if p["is_feasible"])
    less = {"hours_per_day": "3"}
    answer = office.decide(alert["id"], verb="edit", proposal_id=former["proposal_id"], args=less)
    assert answer.status_code in {201, 409}, answer.text
    assert bookings(office) == before
    assert office.get(f"/v1/alerts/{alert['id']}")["state"] == "open"
    for nonsense in ({"hours_per_day": "NaN"}, {"allocation_id": "x"}, {"x": "y"}, {}):
        answer = office.decide(alert["id"], verb="edit", proposal_id=choice(alert), args=nonsense)
        assert answer.status_code in {404, 422}, answer.text


def test_a_stale_version_is_refused(new_office: Callable[[], Office]) -> None:
    office = new_office()
    alert = office.alert()
    assert office.decide(alert["id"], verb="respond", note="First").status_code == 201
    for stale in (f'"{alert["version"]}"', '"99"'):
        answer = office.decide(alert["id"], headers={"If_Match": stale}, verb="approve", proposal_id=choice(alert))
        assert (answer.status_code, answer.json()["code"]) == (412, "stale_version")
        assert answer.json()["current_version"] == alert["version"] + 1
    for bad in ("three", 'W/"3"', '"3", "4"', "-1"):
        answer = office.decide(alert["id"], headers={"If_Match": bad}, verb="respond", note="x")
        assert (answer.status_code, answer.json()["where"]) == (422, "header.If-Match")
    assert office.decide(alert["id"], headers={"If_Match": "*"}, verb="respond", note="x").status_code == 201


@pytest.mark.parametrize(
    ("decision", "status", "code"),
    [
        ({"verb": "approve", "proposal_id": "none"}, 404, "unknown_proposal"),
        ({"verb": "edit", "proposal_id": "none"}, 404, "unknown_proposal"),
        ({"verb": "approve"}, 422, "incomplete_decision"),
        ({"verb": "reject"}, 422, "incomplete_decision"),
        ({"verb": "snooze", "until_on": "2026-09-07"}, 422, "incomplete_decision"),
        ({"verb": "snooze", "until_on": "2999-01-01"}, 422, "snoozed_too_long"),
        ({"verb": "undo"}, 409, "nothing_to_undo"),
        ({"verb": "delete"}, 422, "invalid_request"),
        ({"verb": "reject", "reason": "mood"}, 422, "invalid_request"),
        ({"verb": "snooze", "until_on": 86400}, 422, "invalid_request"),
        ({"verb": "snooze", "until_on": "tomorrow"}, 422, "invalid_request"),
        ({"verb": "respond", "note": "x" * 2001}, 422, "invalid_request"),
        ({"verb": "respond", "note": "a\0b"}, 422, "invalid_request"),
        ({"verb": "respond", "note": "x", "colour": "red"}, 422, "invalid_request"),
        ({"verb": "edit", "proposal_id": "p", "args": {"a": 1}}, 422, "invalid_request"),
        ({}, 422, "invalid_request"),
        ([], 422, "invalid_request"),
        (None, 422, "invalid_request"),
    ],
)
def test_a_decision_without_what_it_needs_is_refused(office: Office, decision: Any, status: int, code: str) -> None:
    path = f"/v1/alerts/{office.alert()['id']}/decisions"
    answer = office.call("POST", path, decision, Content_Type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.json()["remedy"]
    assert office.alert()["version"] == 1


def test_a_viewer_decides_nothing(office: Office) -> None:
    for role in ("viewer", "member", "finance"):
        answer = office.decide(office.alert()["id"], role=role, verb="respond", note="x")
        assert (answer.status_code, answer.json()["code"]) == (403, "role_too_low")


def test_an_expired_alert_is_not_decided(new_office: Callable[[], Office]) -> None:
    office = new_office()
    alert = office.alert()
    office.tell([alerts.AlertCleared(alert_id=AlertId(alert["id"]), reason="expired")])
    answer = office.decide(alert["id"], verb="approve", proposal_id=choice(alert))
    assert (answer.status_code, answer.json()["code"]) == (409, "alert_expired")
    assert "Nothing was changed" in answer.json()["remedy"]


def test_a_proposal_overtaken_by_events_is_not_carried_out(new_office: Callable[[], Office]) -> None:
    office = new_office()
    alert = office.alert()
    office.tell(
        [
            AllocationReleased(
                allocation_id=AllocationId(office.id("allocation", name)),
                person_id=PersonId(office.id("person", "Over")),
                project_id=ProjectId(office.id("project", project)),
            )
            for name, project in (("A-1", "P-1"), ("A-2", "P-2"))
        ]
    )
    answer = office.decide(alert["id"], verb="approve", proposal_id=choice(alert))
    assert answer.status_code in {404, 409, 422}, answer.text
    assert answer.json()["remedy"]


def test_the_same_key_decides_once_even_at_once(new_office: Callable[[], Office]) -> None:
    office = new_office()
    alert = office.alert()
    answers: list[Any] = []

    def approve() -> None:
        headers = {"Idempotency_Key": "approve-once"}
        answers.append(office.decide(alert["id"], headers=headers, verb="approve", proposal_id=choice(alert)))

    threads = [threading.Thread(target=approve) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} == {201}, [answer.text for answer in answers]
    assert len({answer.content for answer in answers}) == 1
    assert len(office.get(f"/v1/alerts/{alert['id']}")["applied"]) == 1


def test_two_reviewers_at_once_carry_out_one_decision(new_office: Callable[[], Office]) -> None:
    office = new_office()
    alert = office.alert()
    answers: list[Any] = []

    def approve() -> None:
        answers.append(office.decide(alert["id"], verb="approve", proposal_id=choice(alert)))

    threads = [threading.Thread(target=approve) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert min(answer.status_code for answer in answers) == 201
    assert all(answer.status_code in {409, 412} for answer in answers if answer.status_code != 201)
    assert len(office.get(f"/v1/alerts/{alert['id']}")["applied"]) == 1


def test_a_key_belongs_to_one_alert(office: Office) -> None:
    first = office.decide(office.alert()["id"], headers={"Idempotency_Key": "one-alert-1"}, verb="reject")
    assert first.status_code == 422
    body = {"verb": "respond", "note": "x"}
    unknown = office.call("POST", "/v1/alerts/none/decisions", body, Idempotency_Key="one-alert-2")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_alert")


def test_every_figure_of_an_alert_comes_out_again(office: Office) -> None:
    alert = office.alert()
    check = office.get(f"/v1/alerts/{alert['id']}/check")
    assert (check["is_confirmed"], check["still_holds"], check["missing_evidence"]) == (True, True, [])
    assert [number["is_equal"] for number in check["numbers"]] == [True] * len(check["numbers"])
    stated = {(n["place"], n["name"]): n["stated"] for n in check["numbers"]}
    assert {("claim", n["name"]): n["value"] for n in alert["numbers"]}.items() <= stated.items()
    for proposal in alert["proposals"]:
        assert stated[proposal["proposal_id"], "days"] == proposal["effect"]["days"]
    assert check["numbers_now"] == alert["numbers"]


def test_a_check_says_when_the_condition_is_gone(new_office: Callable[[], Office]) -> None:
    office = new_office()
    alert = office.alert()
    office.decide(alert["id"], verb="approve", proposal_id=choice(alert))
    check = office.get(f"/v1/alerts/{alert['id']}/check")
    assert (check["is_confirmed"], check["still_holds"]) == (True, False)
