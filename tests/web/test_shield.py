"""A page keeps to itself: policy, forms, hosts, escaping, size."""

import re

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.api.office import Office
from tests.web.desk import HOSTILE, post, signed_in, visit

MOST_BYTES = 30_000


@pytest.fixture(scope="module")
def paths(office: Office) -> list[str]:
    """Every page there is."""
    alert = office.alert()
    return [
        "/",
        "/?q=Hostile&status=all",
        *(f"/projects/{office.id('project', name)}" for name in ("P-1", "P-2", "P-3")),
        "/inbox",
        f"/inbox?sel={alert['id']}&check=1",
        f"/alerts/{alert['id']}",
        f"/events/{alert['evidence'][0]}",
        "/keys",
        "/sign-in",
        "/inbox/news?seen=0",
    ]


def test_every_page_has_the_headers_and_nothing_inline(manager: TestClient, paths: list[str]) -> None:
    for path in paths:
        answer = visit(manager, path).answer
        policy = answer.headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["cache-control"] == "no-store"
        assert "HX-Request" in answer.headers["vary"]
        assert not re.search(r"<script(?![^>]*\ssrc=\"/static/)|<style|\sstyle=|\son\w+=\"|javascript:", answer.text)
        assert not re.search(r"(?:src|href|action)=\"(?:https?:)?//", answer.text)


def test_what_customers_write_stays_text(manager: TestClient, paths: list[str]) -> None:
    seen = 0
    for path in paths:
        found = visit(manager, path)
        assert "<script>alert" not in found.answer.text
        assert "<img" not in found.answer.text
        assert "49" not in re.findall(r"onerror=alert\(2\)&gt;(\d+)", found.answer.text)
        seen += HOSTILE in str(found.tree.text_content())
    assert seen >= 2


def test_pages_are_small(manager: TestClient, paths: list[str]) -> None:
    sizes = {}
    for path in paths:
        with manager.stream("GET", path, headers={"Accept-Encoding": "gzip"}) as answer:
            sizes[path] = sum(len(part) for part in answer.iter_raw())
    assert max(sizes.values()) < MOST_BYTES, sizes


def test_a_form_without_its_token_changes_nothing(app: FastAPI, own_office: Office) -> None:
    client, alert = signed_in(app, own_office), own_office.alert()
    page = visit(client, "/inbox")
    action = f"/alerts/{alert['id']}/decisions"
    fields = {"verb": "reject", "reason": "wrong", "form_token": page.hidden("form_token")}
    stranger = visit(TestClient(app), "/sign-in").hidden("form_token")
    attempts = [
        post(client, action, fields | {"form_token": ""}),
        post(client, action, fields | {"form_token": stranger}),
        post(client, action, fields, Origin="https://evil.example"),
        post(client, action, fields, Origin="null"),
        post(client, action, fields, Sec_Fetch_Site="cross-site"),
        post(client, action, fields, Sec_Fetch_Site="same-site"),
    ]
    assert [attempt.answer.status_code for attempt in attempts] == [403] * 6
    assert own_office.alert()["state"] == "open"
    done = post(client, action, fields, Origin="http://testserver", Sec_Fetch_Site="same-origin")
    assert done.answer.status_code == 200
    assert own_office.get(f"/v1/alerts/{alert['id']}")["state"] == "rejected"


def test_another_host_name_is_not_answered(manager: TestClient) -> None:
    assert manager.get("/", headers={"Host": "evil.example"}).status_code == 400


def test_the_machines_door_keeps_its_manners(app: FastAPI, office: Office) -> None:
    client = TestClient(app)
    for method, path, status in (("GET", "/v1/nothing", 404), ("DELETE", "/v1/alerts", 405)):
        answer = client.request(method, path, headers={"Authorization": f"Bearer {office.keys['viewer']}"})
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"


def test_errors_are_pages_that_say_what_to_do(manager: TestClient) -> None:
    missing = visit(manager, "/nowhere", status=404)
    assert "There is nothing here" in missing.text
    assert missing.all("//a[@href='/inbox']")
    odd = visit(manager, "/inbox?at=many", status=422)
    assert "Nothing was changed" in odd.text


def test_the_style_and_script_are_ours_and_kept_for_an_hour(manager: TestClient) -> None:
    page = visit(manager, "/")
    for address in [e.get("href") for e in page.all("//link")] + [e.get("src") for e in page.all("//script")]:
        answer = manager.get(address)
        assert answer.status_code == 200
        assert "max-age=3600" in answer.headers["cache-control"]
