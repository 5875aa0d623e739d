"""Erasing over the API: an administrator's, confirmed, once, and nothing readable is left."""

from __future__ import annotations

from collections.abc import Callable

from store.access import ROLES, Role
from tests.api.office import Json, Office


def ask(
    office: Office, person_id: str, *, key: str = "erase-0001", role: Role = "admin", **body: str
) -> tuple[int, Json]:
    answer = office.call(
        "POST", f"/v1/people/{person_id}/erasure", body or {"confirm": person_id}, role=role, Idempotency_Key=key
    )
    return answer.status_code, answer.json()


def test_a_person_is_erased_once(new_office: Callable[[], Office]) -> None:
    office = new_office()
    person_id, tenant_id = office.id("person", "Same"), office.tenant.tenant_id
    before = office.ground.tenant_state(tenant_id).parties[person_id]
    status, erased = ask(office, person_id)
    assert (status, erased["party_id"], erased["was_erased"]) == (201, person_id, False)
    assert office.ground.tenant_state(tenant_id).parties[person_id].name != before.name
    assert ask(office, person_id, key="erase-0002")[1]["was_erased"]
    facts = [event for event in office.get("/v1/events?limit=200")["data"] if event["type"] == "party.erased.v1"]
    assert [fact["payload"]["party_id"] for fact in facts] == [person_id]
    assert before.name not in office.call("GET", "/v1/events?limit=200").text


def test_it_takes_an_administrator_and_the_id_twice(new_office: Callable[[], Office]) -> None:
    office = new_office()
    person_id, head = office.id("person", "Same"), office.ground.log.head(office.tenant.tenant_id)
    for role in ROLES:
        assert role == "admin" or ask(office, person_id, role=role)[0] == 403
    status, problem = ask(office, person_id, confirm="somebody")
    assert (status, problem["code"], problem["where"]) == (422, "not_confirmed", "body.confirm")
    unknown = "0c64a3a5-4f0f-5f7c-8d26-5a1c1f0a9c22"
    assert ask(office, unknown)[0] == 404
    office.ground.settle(office.tenant.tenant_id)
    assert office.ground.log.head(office.tenant.tenant_id) == head
