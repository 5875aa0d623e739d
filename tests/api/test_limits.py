"""Keys that see some projects only: what is of another project is not there, at every door."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from store.access import Role, key_id_of
from store.errors import Invalid, NotFound
from store.limits import limit_key, may_be_limited, projects_named
from terminal.carrying import issue_key, limit_of_key
from tests.api.office import Json, Office
from tests.api.test_access import BODIES, asked, operations, texts


@dataclass(frozen=True)
class Limited:
    """An office, and a key of it that sees the project P-2 only."""

    office: Office
    role: Role
    token: str

    @property
    def key(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def get(self, path: str) -> Any:
        return self.office.client.get(path, headers=self.key)

    def post(self, path: str, body: Json, key: str) -> Any:
        return self.office.client.post(path, json=body, headers=self.key | {"Idempotency-Key": key})


def limited(office: Office, role: Role, *projects: str) -> Limited:
    ground, tenant = office.ground, office.tenant
    token = ground.keyring.issue(tenant.tenant_id, "limited", role, now=ground.clock.now())
    limit_key(ground, tenant, key_id_of(token), projects_named(ground, tenant, projects), "test")
    return Limited(office, role, token)


@pytest.fixture(params=["member", "viewer"])
def guest(called: Office, request: pytest.FixtureRequest) -> Limited:
    return limited(called, request.param, "P-2")


def test_every_operation_about_another_project_finds_nothing(guest: Limited) -> None:
    office = guest.office
    secret = {office.id("project", "P-1"), "Rollout P-1", office.alert()["id"], office.id("engagement", "D-1")}
    walked = list(operations(office))
    before = office.ground.log.head(office.tenant.tenant_id)
    for name, method, path in walked:
        body = {"events": [foreign(office)]} if name == "record_events" else BODIES.get(name)
        answer = asked(office, (name, method, path), guest.key, body)
        names_one = any(
            f"/{kind}/" in path for kind in ("projects", "alerts", "events", "summaries", "engagements", "secrets")
        )
        may_write = guest.role == "member"
        if names_one:
            # A role that may not write learns that first, of its own project and of others alike.
            assert answer.status_code in ({404} if method == "GET" else {403, 404}), (name, answer.text)
        elif name in {"record_events", "keep_secret"}:
            assert answer.status_code == (404 if may_write else 403), answer.text
        else:
            assert answer.status_code in {200, 403}, (name, answer.text)
        assert not [each for each in texts_of(answer) if each in secret], name
    assert office.ground.log.head(office.tenant.tenant_id) == before


def foreign(office: Office) -> Json:
    payload = {"project_id": office.id("project", "P-1"), "stage": "x"}
    return {"type": "project.stage_changed.v1", "payload": payload}


def texts_of(answer: Any) -> list[str]:
    is_json = "json" in answer.headers.get("content-type", "")
    return list(texts(answer.json())) if is_json else []


def test_what_is_out_of_reach_looks_like_what_never_was(guest: Limited) -> None:
    office, never = guest.office, "0c64a3a5-4f0f-5f7c-8d26-5a1c1f0a9c22"
    event_id = office.get(f"/v1/projects/{office.id('project', 'P-1')}/events")["data"][0]["id"]
    pairs = [
        (f"/v1/projects/{office.id('project', 'P-1')}", f"/v1/projects/{never}"),
        (f"/v1/alerts/{office.alert()['id']}", f"/v1/alerts/{never}"),
        (f"/v1/events/{event_id}", f"/v1/events/{never}"),
        (f"/v1/engagements/{office.id('engagement', 'D-1')}", f"/v1/engagements/{never}"),
    ]
    for hidden, unknown in pairs:
        answers = [guest.get(path) for path in (hidden, unknown)]
        assert [answer.status_code for answer in answers] == [404, 404], hidden
        assert answers[0].json() == answers[1].json()


def test_lists_hold_its_own_projects_only(guest: Limited) -> None:
    office, own = guest.office, guest.office.id("project", "P-2")
    assert [each["id"] for each in guest.get("/v1/projects").json()["data"]] == [own]
    assert guest.get(f"/v1/projects/{own}").status_code == 200
    # The only alert names both projects.
    assert guest.get("/v1/alerts").json()["data"] == []
    assert guest.get("/v1/engagements").json()["data"] == []
    followed = guest.get("/v1/events?limit=200").json()["data"]
    assert {each["payload"]["project_id"] for each in followed} == {own}
    assert guest.get("/v1/me").json()["project_ids"] == [own]
    assert office.get("/v1/me", role=guest.role)["project_ids"] is None


def test_one_who_sees_both_projects_of_an_alert_sees_the_alert(called: Office) -> None:
    both = limited(called, "viewer", "P-1", called.id("project", "P-2"))
    assert [each["id"] for each in both.get("/v1/alerts").json()["data"]] == [called.alert()["id"]]
    assert both.get(f"/v1/alerts/{called.alert()['id']}/check").status_code == 200
    assert both.get(f"/v1/engagements/{called.id('engagement', 'D-1')}").status_code == 200


def test_a_limited_member_writes_on_its_own_project_only(new_office: Callable[[], Office]) -> None:
    office = new_office()
    guest = limited(office, "member", "P-2")
    own = {"type": "project.stage_changed.v1", "payload": {"project_id": office.id("project", "P-2"), "stage": "x"}}
    moved = {
        "type": "allocation.released.v1",
        "payload": {
            "allocation_id": office.id("allocation", "A-1"),
            "person_id": office.id("person", "Over"),
            "project_id": office.id("project", "P-2"),
        },
    }
    new = {"type": "project.created.v1", "payload": {"name": "Mine", "project_id": office.id("project", "P-2")}}
    nobody = {"type": "customer.registered.v1", "payload": {"name": "New"}}
    tries = [[own], [foreign(office)], [own, foreign(office)], [moved], [new], [nobody]]
    found = [guest.post("/v1/events", {"events": each}, f"limited-{n}").status_code for n, each in enumerate(tries)]
    assert found == [201, 404, 404, 404, 403, 403]
    assert guest.post("/v1/projects", BODIES["start_project"], "limited-start").json()["code"] == "key_is_limited"


def test_a_limit_can_be_lifted(new_office: Callable[[], Office]) -> None:
    office = new_office()
    guest = limited(office, "viewer", "P-2")
    limit_key(office.ground, office.tenant, key_id_of(guest.token), [], "test")
    assert guest.get("/v1/projects").json()["data"] == []
    limit_key(office.ground, office.tenant, key_id_of(guest.token), None, "test")
    assert len(guest.get("/v1/projects").json()["data"]) == 2


def test_only_members_and_viewers_are_limited_and_only_to_projects_that_are_there(office: Office) -> None:
    for role in ("admin", "manager", "finance"):
        with pytest.raises(Invalid):
            may_be_limited(role)
    with pytest.raises(NotFound):
        projects_named(office.ground, office.tenant, ["P-1", "P-99"])


def test_the_commands_limit_a_key_and_lift_the_limit(new_office: Callable[[], Office]) -> None:
    office = new_office()
    ground, slug = office.ground, office.tenant.slug
    guest = Limited(office, "viewer", issue_key(ground, slug, "partner", "viewer", ["P-1"]))
    assert [each["name"] for each in guest.get("/v1/projects").json()["data"]] == ["Rollout P-1"]
    assert limit_of_key(ground, slug, key_id_of(guest.token), ["P-2"]).endswith(" sees 1 project from now on.")
    assert [each["name"] for each in guest.get("/v1/projects").json()["data"]] == ["Rollout P-2"]
    limit_of_key(ground, slug, key_id_of(guest.token), None)
    assert len(guest.get("/v1/projects").json()["data"]) == 2


def test_the_command_refuses_what_makes_no_sense_and_leaves_no_key(new_office: Callable[[], Office]) -> None:
    office = new_office()
    ground, slug = office.ground, office.tenant.slug
    before = ground.log.connections.ask(office.tenant.tenant_id, "select count(*) from api_keys", ())
    with pytest.raises(Invalid):
        issue_key(ground, slug, "boss", "manager", ["P-1"])
    with pytest.raises(NotFound):
        issue_key(ground, slug, "partner", "viewer", ["P-99"])
    assert ground.log.connections.ask(office.tenant.tenant_id, "select count(*) from api_keys", ()) == before
    with pytest.raises(NotFound):
        limit_of_key(ground, slug, "lw_nobody", None)
    with pytest.raises(Invalid):
        limit_of_key(ground, slug, key_id_of(office.keys["viewer"]), [])
    with pytest.raises(Invalid):
        limit_of_key(ground, slug, key_id_of(office.keys["admin"]), ["P-1"])
