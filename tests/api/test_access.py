"""Who gets in, and what they see of others: nothing."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from api.playbook_examples import WRITTEN
from store.access import MAY_DECIDE, MAY_WRITE, ROLES, Role
from tests.api.office import Json, Office
from tests.summarizer.meeting import zoom


def test_no_wrong_expired_and_revoked_keys_are_answered_alike(office: Office) -> None:
    keyring, tenant_id, now = office.ground.keyring, office.tenant.tenant_id, office.ground.clock.now()
    expired = keyring.issue(tenant_id, "old", "admin", now=now, expires_at=now - dt.timedelta(seconds=1))
    revoked = keyring.issue(tenant_id, "gone", "admin", now=now)
    found = keyring.find(revoked, now=now)
    assert found
    keyring.revoke(tenant_id, found.key_id, now=now)
    tries = [{}, *({"Authorization": f"Bearer {key}"} for key in ("lw_nothing", "", expired, revoked, "x" * 5000))]
    tries += [{"Authorization": f"Basic {office.keys['admin']}"}, {"Authorization": office.keys["admin"]}]
    answers = [office.client.get("/v1/alerts", headers=headers) for headers in tries]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1
    assert {answer.headers["www-authenticate"] for answer in answers} == {"Bearer"}
    assert {answer.headers["content-type"] for answer in answers} == {"application/problem+json"}
    assert answers[0].json()["code"] == "unauthenticated"


def test_a_key_is_known_by_its_tenant_and_role(office: Office) -> None:
    for role in ROLES:
        me = office.get("/v1/me", role=role)
        assert (me["tenant"], me["role"], me["is_frozen"]) == ("looked-at", role, False)


PLAYBOOK_ID = "a1b2c3d4-0000-4000-8000-000000000000"
"""Of the form of an id, so that the walk below sees that it names one."""
PLAYBOOK = WRITTEN["application/json"] | {"id": PLAYBOOK_ID}
ORDER = {
    "playbook_id": PLAYBOOK_ID,
    "name": "Walked",
    "contract_signed_on": "2026-09-07",
    "external_ref": {"source": "crm", "id": "D-1"},
}


def started(office: Office) -> str:
    """A project that was started from a playbook."""
    office.call("POST", "/v1/playbooks", PLAYBOOK)
    answer = office.call("POST", "/v1/projects", ORDER, Idempotency_Key="walked-project")
    assert answer.status_code == 201, answer.text
    found: str = answer.json()["project"]["id"]
    return found


def operations(office: Office) -> Iterator[tuple[str, str, str]]:
    """Every operation: name, method, path with real ids of the tenant that is looked at."""
    call = office.client.post(
        f"/v1/projects/{office.id('project', 'P-1')}/transcripts",
        content=zoom(),
        params=CALL,
        headers={"Authorization": f"Bearer {office.keys['admin']}", "Content-Type": "text/vtt"},
    ).json()
    ids = {
        "summary_id": call["id"],
        "item_id": call["items"][0]["id"],
        "project_id": office.id("project", "P-1"),
        "alert_id": office.alert()["id"],
        "party_id": office.id("person", "Over"),
        "event_id": office.get("/v1/events")["data"][0]["id"],
        "playbook_id": PLAYBOOK_ID,
        "name": "walked",
        "engagement_id": office.id("engagement", "D-1"),
    }
    office.call("POST", f"/v1/projects/{ids['project_id']}/baselines", {"name": "walked"})
    with_playbook = ids | {"project_id": started(office)}
    handed = {"project_id": ids["project_id"], "name": "SFTP", "secret": "hush"}
    ids["secret_id"] = office.call("POST", "/v1/secrets", handed).json()["ref"]
    office.ground.settle(office.tenant.tenant_id)
    document: Json = office.client.get("/openapi.json").json()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            name = operation["operationId"]
            own = with_playbook if name == "read_project_playbook" else ids
            yield name, method.upper(), path.format(**own)


CALL = {"name": "Kickoff", "held_on": "2026-09-04"}
BODIES: dict[str, Json] = {
    "decide_on_item": {"verb": "drop"},
    "decide_alert": {"verb": "respond", "note": "Seen."},
    "publish_playbook": PLAYBOOK,
    "start_project": ORDER,
    "preview_project": ORDER,
    "enter_project_stage": {"stage": "setup"},
    "retire_playbook": {"reason": "Walked over"},
    "take_project_baseline": {"name": "walked too"},
    "keep_secret": {"project_id": PLAYBOOK_ID, "name": "SFTP", "secret": "hush"},
    "erase_person": {"confirm": "walked"},
    "record_events": {"events": [{"type": "project.stage_changed.v1", "payload": {"stage": "x"}}]},
}
FOREIGN: dict[str, Json] = {"publish_playbook": PLAYBOOK | {"id": "own"}}
OPEN = {"healthz", "readyz", "metrics"}
NAMING_ONE = {"keep_secret", "record_events", "start_project", "preview_project"}
"""Operations that name something of the tenant in their body."""


def asked(office: Office, operation: tuple[str, str, str], key: Mapping[str, str], body: Json | None = None) -> Any:
    """The answer to an operation with a body that fits it."""
    name, method, path = operation
    headers = {**key, "Idempotency-Key": "walker-0001"}
    if name == "receive_transcript":
        spoken = {**headers, "Content-Type": "text/vtt"}
        return office.client.request(method, path, content=zoom(), params=CALL, headers=spoken)
    return office.client.request(method, path, json=body or BODIES.get(name), headers=headers)


def test_every_operation_is_closed_to_strangers_and_revoked_keys(called: Office) -> None:
    now = called.ground.clock.now()
    revoked = called.ground.keyring.issue(called.tenant.tenant_id, "gone", "admin", now=now)
    called.ground.keyring.revoke(called.tenant.tenant_id, revoked[:9], now=now)
    walked = list(operations(called))
    assert len(walked) >= 16
    for name, method, path in walked:
        for key in ({}, {"Authorization": f"Bearer {revoked}"}):
            answer = asked(called, (name, method, path), key)
            assert answer.status_code == (200 if name in OPEN else 401), (name, answer.text)


def test_nothing_of_another_tenant_is_ever_answered(called: Office, neighbour: Office) -> None:
    own = {called.id("project", "P-1"), called.id("person", "Over"), called.alert()["id"], called.tenant.tenant_id}
    foreign = {"type": "project.stage_changed.v1", "payload": {"project_id": called.id("project", "P-1"), "stage": "x"}}
    walked = list(operations(called))
    before = called.ground.log.head(called.tenant.tenant_id)
    key = {"Authorization": f"Bearer {neighbour.keys['admin']}"}
    for name, method, path in walked:
        sent = FOREIGN.get(name) or ({"events": [foreign]} if name == "record_events" else None)
        answer = asked(neighbour, (name, method, path), key, sent)
        names_one = re.search("/[0-9a-f-]{36}", path) or name in NAMING_ONE
        expected = 404 if names_one else 201 if name == "publish_playbook" else 200
        assert answer.status_code == expected, (name, answer.text)
        assert names_one or not [i for i in own if i in answer.text]
    assert called.ground.log.head(called.tenant.tenant_id) == before


def test_what_is_anothers_looks_like_what_never_was(office: Office, neighbour: Office) -> None:
    pairs = [
        (f"/v1/projects/{office.id('project', 'P-1')}", "/v1/projects/0c64a3a5-4f0f-5f7c-8d26-5a1c1f0a9c22"),
        (f"/v1/alerts/{office.alert()['id']}", "/v1/alerts/0c64a3a5-4f0f-5f7c-8d26-5a1c1f0a9c22"),
        (f"/v1/alerts/{office.alert()['id']}/check", "/v1/alerts/none/check"),
        (f"/v1/events/{office.get('/v1/events')['data'][0]['id']}", "/v1/events/none"),
        (f"/v1/projects/{office.id('project', 'P-1')}?as_of=2026-09-07", "/v1/projects/none?as_of=2026-09-07"),
    ]
    for foreign, unknown in pairs:
        answers = [neighbour.call("GET", path) for path in (foreign, unknown)]
        assert [answer.status_code for answer in answers] == [404, 404], foreign
        assert answers[0].json() == answers[1].json()


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_do_what_it_may_and_no_more(called: Office, role: Role) -> None:
    alert_id = called.alert()["id"]
    wrong_fact = called.record("project.stage_changed.v1", {"stage": "x"}, key=f"role-of-{role}", role=role)
    assert wrong_fact.status_code == (422 if role in MAY_WRITE else 403)
    wrong_verb = called.decide(alert_id, role=role, verb="reject")
    assert wrong_verb.status_code == (422 if role in MAY_DECIDE else 403)
    for _name, method, path in operations(called):
        if method == "GET":
            assert called.call("GET", path, role=role).status_code == 200


def texts(value: object) -> Iterator[str]:
    """Every name and text in an answer."""
    if isinstance(value, dict):
        for name, entry in value.items():
            yield name
            yield from texts(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from texts(entry)
    elif value is not None:
        yield str(value)


def seen(office: Office, role: Role) -> tuple[Json, list[Json], Json]:
    project = office.get(f"/v1/projects/{office.id('project', 'P-1')}", role=role)
    return project, office.get("/v1/events?limit=200", role=role)["data"], office.alert(role=role)


@pytest.mark.parametrize("role", ["admin", "manager", "finance"])
def test_money_is_shown_to_those_who_may_see_it(office: Office, role: Role) -> None:
    project, _events, alert = seen(office, role)
    assert project["fee"] == {"amount": "11000", "currency": "EUR"}
    assert all(proposal["effect"]["margin"] is not None for proposal in alert["proposals"])
    assert any("Margin" in proposal["sentence"] for proposal in alert["proposals"])


@pytest.mark.parametrize("role", ["member", "viewer"])
def test_money_and_rates_are_hidden_from_the_others(office: Office, role: Role) -> None:
    project, events, alert = seen(office, role)
    check = office.get(f"/v1/alerts/{alert['id']}/check", role=role)
    said = list(texts([project, events, alert, check]))
    for secret in ("12000", "11000", "9000.50", "amount_per_hour", "cost_rate", "bill_rate"):
        assert secret not in said
    assert not any("margin" in text.lower() for text in texts([events, check, *alert["proposals"]]) if text != "margin")
    assert {proposal["effect"]["margin"] for proposal in alert["proposals"]} == {None}
    assert "margin" not in {number["name"] for number in check["numbers"]}
    changed = next(event for event in events if event["type"] == "project.field_changed.v1")
    assert changed["payload"] == {"project_id": project["id"], "field": "fee"}


def test_a_manager_sees_fees_but_no_cost_rates(office: Office) -> None:
    _project, events, _alert = seen(office, "manager")
    said = set(texts(events))
    assert {"12000", "bill_rate"} <= said
    assert not said & {"cost_rate", "amount_per_hour"}
    assert {"cost_rate", "amount_per_hour"} <= set(texts(seen(office, "finance")[1]))
