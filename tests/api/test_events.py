"""The log's own door: following and recording."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable

import pytest

from store.access import Role
from store.events import FACT_TYPES
from store.repeats import TABLE
from tests.api.office import Json, Office

STAGED = "project.stage_changed.v1"
MINUTES = dt.timedelta(minutes=2)


def followed(office: Office, limit: int) -> list[Json]:
    found: list[Json] = []
    after = 0
    while page := office.get(f"/v1/events?after={after}&limit={limit}")["data"]:
        found += page
        after = page[-1]["position"]
    return found


def test_following_skips_and_repeats_nothing(office: Office) -> None:
    head = office.ground.log.head(office.tenant.tenant_id).position
    for limit in (1, 7, 200):
        assert [event["position"] for event in followed(office, limit)] == list(range(1, head + 1))


def test_the_cursor_of_a_page_leads_to_the_next(office: Office) -> None:
    first = office.get("/v1/events?limit=3")
    second = office.get(f"/v1/events?limit=3&cursor={first['next_cursor']}")
    assert [event["position"] for event in second["data"]] == [4, 5, 6]
    assert office.get("/v1/events?after=100000") == {"data": [], "next_cursor": None}


def test_a_reader_that_meets_writers_misses_nothing(new_office: Callable[[], Office]) -> None:
    office = new_office()
    project, stop = office.id("project", "P-1"), threading.Event()

    def write(number: int) -> None:
        for n in range(6):
            payload = {"project_id": project, "stage": f"{number}-{n}"}
            assert office.record(STAGED, payload, key=f"writer-{number}-{n}").status_code == 201
            office.ground.log.seal(office.tenant.tenant_id)

    seen: list[int] = []

    def read() -> None:
        after = 0
        while not stop.is_set() or office.get(f"/v1/events?after={after}")["data"]:
            for event in office.get(f"/v1/events?after={after}&limit=2")["data"]:
                after = event["position"]
                seen.append(after)

    reader = threading.Thread(target=read)
    writers = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in (reader, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    reader.join()
    assert seen == list(range(1, office.ground.log.head(office.tenant.tenant_id).position + 1))


def stage(office: Office, name: str) -> Json:
    return {"project_id": office.id("project", "P-1"), "stage": name}


def head(office: Office) -> int:
    office.ground.settle(office.tenant.tenant_id)
    return office.ground.log.head(office.tenant.tenant_id).position


def test_a_fact_sent_is_a_fact_stored(new_office: Callable[[], Office]) -> None:
    office = new_office()
    payload = {
        "person_id": office.id("person", "Same"),
        "project_id": office.id("project", "P-2"),
        "starts_on": "2026-10-05",
        "ends_on": "2026-10-09",
        "hours_per_day": 4.5,
    }
    body = {
        "events": [{"type": "allocation.booked.v1", "payload": payload, "occurred_at": "2026-09-06T10:00:00+02:00"}]
    }
    answer = office.call("POST", "/v1/events", body, role="member", Idempotency_Key="booked-01")
    (event,) = answer.json()["data"]
    assert (answer.status_code, event["payload"]["hours_per_day"]) == (201, "4.5")
    assert (event["occurred_at"], event["recorded_at"]) == ("2026-09-06T08:00:00Z", "2026-09-07T09:00:00Z")
    assert event["actor_id"] == f"key:{office.get('/v1/me', role='member')['key_id']}"
    head(office)
    stored = office.get(f"/v1/events/{event['id']}", role="member")
    assert stored | {"position": None, "hash": None} == event
    assert len(stored["hash"]) == 64


def test_facts_of_one_call_may_rest_on_each_other(new_office: Callable[[], Office]) -> None:
    office = new_office()
    new = {name: office.id(name, "new") for name in ("project", "task", "person", "customer")}
    new_task = {"task_id": new["task"], "project_id": new["project"]}
    facts = [
        ("customer.registered.v1", {"customer_id": new["customer"], "name": "Example Foods"}),
        ("person.registered.v1", {"person_id": new["person"], "role": "engineer"}),
        ("project.created.v1", {"project_id": new["project"], "name": "New", "customer_id": new["customer"]}),
        (
            "task.created.v1",
            {"task_id": new["task"], "project_id": new["project"], "name": "A", "owner_id": new["person"]},
        ),
        ("task.created.v1", {"project_id": new["project"], "name": "B"}),
        ("task.status_changed.v1", {**new_task, "status": "done"}),
    ]
    body = {"events": [{"type": kind, "payload": payload} for kind, payload in facts]}
    answer = office.call("POST", "/v1/events", body, Idempotency_Key="new-project-1")
    assert answer.status_code == 201, answer.text
    head(office)
    project = office.get(f"/v1/projects/{new['project']}")
    assert sorted((task["name"], task["status"]) for task in project["tasks"]) == [("A", "done"), ("B", "todo")]
    assert project["customer"]["name"] == "Example Foods"


def test_a_call_with_one_bad_fact_writes_none(new_office: Callable[[], Office]) -> None:
    office = new_office()
    before = head(office)
    good = {"type": STAGED, "payload": stage(office, "x")}
    bad = {"type": STAGED, "payload": {"project_id": office.id("project", "none"), "stage": "x"}}
    answer = office.call("POST", "/v1/events", {"events": [good, good, bad]}, Idempotency_Key="half-written")
    assert (answer.status_code, answer.json()["where"]) == (404, "body.events[2].payload.project_id")
    assert head(office) == before


def test_the_same_key_gives_the_same_stored_answer(new_office: Callable[[], Office]) -> None:
    office = new_office()
    first = office.record(STAGED, stage(office, "a"), key="same-key-1")
    before = head(office)
    again = office.record(STAGED, stage(office, "a"), key="same-key-1")
    assert (again.status_code, again.content) == (201, first.content)
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    other = office.record(STAGED, stage(office, "b"), key="same-key-1")
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    assert head(office) == before


def test_a_refused_call_leaves_its_key_free(new_office: Callable[[], Office]) -> None:
    office = new_office()
    assert office.record(STAGED, {"stage": "a"}, key="mended-key").status_code == 422
    assert office.record(STAGED, stage(office, "a"), key="mended-key").status_code == 201


def test_callers_who_chose_the_same_key_do_not_meet(new_office: Callable[[], Office], neighbour: Office) -> None:
    office = new_office()
    before = head(office)
    roles: tuple[Role, ...] = ("admin", "member")
    answers = [office.record(STAGED, stage(office, role), key="shared-key", role=role) for role in roles]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert head(office) == before + 2
    assert neighbour.record(STAGED, stage(neighbour, "x"), key="shared-key").status_code == 201


def test_fifty_calls_of_one_key_are_one_effect_and_one_answer(new_office: Callable[[], Office]) -> None:
    office = new_office()
    before, answers = head(office), []

    def call() -> None:
        answers.append(office.record(STAGED, stage(office, "a"), key="fifty-at-once"))

    threads = [threading.Thread(target=call) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert head(office) == before + 1


def test_a_call_that_died_between_commit_and_answer_is_taken_over(new_office: Callable[[], Office]) -> None:
    office = new_office()
    allocation = office.id("allocation", "A-2")
    payload = {
        "allocation_id": allocation,
        "person_id": office.id("person", "Over"),
        "project_id": office.id("project", "P-2"),
    }
    first = office.record("allocation.released.v1", payload, key="died-half-way")
    before = head(office)
    with office.ground.database.tx(office.tenant.tenant_id) as connection:
        # As a killed process leaves it: begun long ago, no answer kept.
        connection.execute(TABLE.update().values(status=None, body=None, created_at=TABLE.c.created_at - MINUTES))
    again = office.record("allocation.released.v1", payload, key="died-half-way")
    assert again.status_code == 201, again.text
    assert again.json()["data"][0]["id"] == first.json()["data"][0]["id"]
    assert head(office) == before


OURS = [fact.TYPE for fact in FACT_TYPES if fact.__module__.endswith(("alerts", "summaries"))]


@pytest.mark.parametrize("kind", [*OURS, "tenant.configured", "nothing.known"])
def test_what_only_the_house_may_say_cannot_be_recorded(office: Office, kind: str) -> None:
    answer = office.record(f"{kind}.v1", {}, key=f"only-house-{kind}")
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_event_type")
    assert answer.json()["where"] == "body.events[0].type"
