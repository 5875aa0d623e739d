"""A call sent in, its summary read, its items decided."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from api.examples import TRANSCRIPTS
from store.access import Role
from store.ids import ProjectId
from tests.api.office import Json, Office
from tests.summarizer.meeting import CARO, zoom

DAY = {"name": "Kickoff", "held_on": "2026-09-04"}


def sent(
    office: Office,
    data: bytes = b"",
    *,
    project: str = "P-1",
    media: str = "text/vtt",
    role: Role = "member",
    params: Mapping[str, str] = DAY,
) -> Any:
    headers = {"Authorization": f"Bearer {office.keys[role]}", "Content-Type": media}
    path = f"/v1/projects/{office.id('project', project)}/transcripts"
    return office.client.post(path, content=data or zoom(), headers=headers, params=dict(params))


def summary_of(office: Office) -> Json:
    answer = sent(office)
    assert answer.status_code == 201, answer.text
    found: Json = answer.json()
    return found


def action_of(summary: Json) -> Json:
    found: Json = next(i for i in summary["items"] if i["kind"] == "action_item" and i["owner"] == CARO)
    return found


def decide(office: Office, summary: Json, item_id: str, role: Role = "manager", **body: object) -> Any:
    return office.call("POST", f"/v1/summaries/{summary['id']}/items/{item_id}/decisions", body, role=role)


def test_a_call_is_read_with_its_words_cues_and_times(new_office: Callable[[], Office]) -> None:
    office = new_office()
    summary = summary_of(office)
    item = action_of(summary)
    number = item["cues"][0]["cue"]
    assert item["quote"] in zoom().decode()
    assert item["cues"][0]["start_ms"] == number * 5000
    assert (item["state"], item["due_on"], item["track"]) == ("open", "2026-09-08", "customer")
    assert office.get(f"/v1/summaries/{summary['id']}", role="viewer") == summary
    (listed,) = office.get(f"/v1/projects/{office.id('project', 'P-1')}/summaries")["data"]
    assert listed == {name: value for name, value in summary.items() if name not in ("items", "notes")}
    assert sent(office, params=DAY | {"held_on": "2026-09-05"}).json() == summary


def test_an_accepted_action_is_a_task_of_the_project(new_office: Callable[[], Office]) -> None:
    office = new_office()
    summary = summary_of(office)
    item, owner = action_of(summary), office.id("person", "Same")
    answer = decide(office, summary, item["id"], verb="accept", owner_id=owner)
    assert answer.status_code == 201, answer.text
    (accepted,) = (i for i in answer.json()["items"] if i["id"] == item["id"])
    assert accepted["state"] == "accepted"
    assert answer.json()["open_count"] == summary["open_count"] - 1
    office.think()
    project = office.get(f"/v1/projects/{ProjectId(office.id('project', 'P-1'))}")
    (task,) = (task for task in project["tasks"] if task["id"] == accepted["task_id"])
    assert (task["name"], task["track"], task["due_on"]) == (item["text"], "customer", item["due_on"])
    assert task["owner"]["id"] == owner
    again = decide(office, summary, item["id"], verb="accept")
    assert (again.status_code, again.json()["code"]) == (409, "item_decided")


def test_who_may_only_look_decides_and_sends_nothing(office: Office) -> None:
    summary = summary_of(office)
    item = action_of(summary)
    assert decide(office, summary, item["id"], role="member", verb="drop").status_code == 403
    assert sent(office, role="viewer").status_code == 403


def test_another_tenant_sees_nothing_of_it(office: Office, neighbour: Office) -> None:
    summary = summary_of(office)
    assert neighbour.call("GET", f"/v1/summaries/{summary['id']}").json()["code"] == "unknown_summary"


@pytest.mark.parametrize("media", TRANSCRIPTS)
def test_every_form_shown_is_read(office: Office, media: str) -> None:
    body = TRANSCRIPTS[media]
    data = body if isinstance(body, str) else json.dumps(body)
    answer = sent(office, data.encode(), media=media, params={"name": media, "held_on": "2026-09-01"})
    assert answer.status_code == 201, answer.text
    (item,) = answer.json()["items"]
    assert (item["owner"], item["due_on"]) == (CARO, "2026-09-04")


@pytest.mark.parametrize(
    ("data", "media", "params", "status", "code", "where"),
    [
        (b"\x00\x01\x02", "text/vtt", DAY, 422, "bad_transcript", "body"),
        (b'{"colour": 1}', "application/json", DAY, 422, "", "body"),
        (zoom(), "video/mp4", DAY, 415, "unsupported_media_type", "header.Content-Type"),
        (zoom(), "text/vtt", DAY | {"held_on": "soon"}, 422, "bad_date", "query.held_on"),
        (zoom(), "text/vtt", {"name": "Kickoff"}, 422, "invalid_request", "query.held_on"),
        (b"x" * (10 * 1024 * 1024 + 1), "text/plain", DAY, 413, "too_large", ""),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_was_expected(
    office: Office, data: bytes, media: str, params: Mapping[str, str], status: int, code: str, where: str
) -> None:
    answer = sent(office, data, media=media, params=params)
    problem = answer.json()
    assert (answer.status_code, problem["where"].partition(".body")[0]) == (status, where)
    assert problem["code"] == code or not code
    assert problem["remedy"]


def test_what_is_not_there_is_not_found(office: Office) -> None:
    summary = summary_of(office)
    assert sent(office, project="P-99").status_code == 404
    assert decide(office, summary, "nothing", verb="drop").json()["code"] == "unknown_item"
    assert decide(office, {"id": "nothing"}, "nothing", verb="drop").json()["code"] == "unknown_summary"
    assert decide(office, summary, action_of(summary)["id"], verb="edit").json()["code"] == "bad_text"
