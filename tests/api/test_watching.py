"""Requests are named, counted and held to a pace."""

from __future__ import annotations

import structlog
from fastapi.testclient import TestClient
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from api.app import create_app
from tests.api.office import Office


def test_a_request_id_comes_back_and_a_strange_one_is_replaced(office: Office) -> None:
    assert office.call("GET", "/v1/me", X_Request_Id="mine-42").headers["x-request-id"] == "mine-42"
    made = office.call("GET", "/v1/me", X_Request_Id="a b\\nc").headers["x-request-id"]
    assert made != office.call("GET", "/v1/me").headers["x-request-id"]
    assert office.call("GET", "/v1/nothing").headers["x-request-id"]


def test_a_request_leaves_one_line(office: Office) -> None:
    structlog.reset_defaults()
    with capture_logs() as lines:
        office.call("GET", f"/v1/alerts/{office.id('alert', 'none')}", X_Request_Id="line-1")
        office.client.get("/healthz")
    (line,) = lines
    assert line.pop("ms") >= 0
    assert line == {
        "event": "request",
        "log_level": "info",
        "method": "GET",
        "route": "/v1/alerts/{alert_id}",
        "status": 404,
        "tenant": "looked-at",
        "request_id": "line-1",
    }


def count(route: str, status: str) -> float:
    labels = {"method": "GET", "route": route, "status": status}
    return REGISTRY.get_sample_value("leeway_http_requests_total", labels) or 0.0


def test_requests_are_counted_by_the_routes_template(office: Office) -> None:
    before = count("/v1/alerts/{alert_id}", "404"), count("unknown", "404")
    office.call("GET", "/v1/alerts/one")
    office.call("GET", "/v1/alerts/two")
    office.call("GET", "/v1/three")
    assert (count("/v1/alerts/{alert_id}", "404"), count("unknown", "404")) == (before[0] + 2, before[1] + 1)
    metrics = office.client.get("/metrics").text
    assert 'leeway_http_request_seconds_bucket{le="0.1",method="GET",route="/v1/alerts/{alert_id}"}' in metrics
    assert "two" not in metrics


def test_a_key_that_calls_too_often_is_told_to_wait(office: Office) -> None:
    slow = TestClient(create_app(office.ground, calls_per_minute=3))
    headers = {"Authorization": f"Bearer {office.keys['viewer']}"}
    answers = [slow.get("/v1/me", headers=headers) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert [answer.headers["ratelimit-remaining"] for answer in answers] == ["2", "1", "0", "0", "0"]
    assert {answer.headers["ratelimit-limit"] for answer in answers} == {"3"}
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 20
    assert answers[-1].json()["code"] == "too_many_calls"
    other = {"Authorization": f"Bearer {office.keys['member']}"}
    assert slow.get("/v1/me", headers=other).status_code == 200
    assert slow.get("/healthz").status_code == 200


def test_health_and_readiness_need_no_key(office: Office) -> None:
    assert office.client.get("/healthz").text == "ok"
    assert office.client.get("/readyz").json()["status"] == "ready"
