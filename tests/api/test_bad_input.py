"""Whatever is sent: a clear problem with place and remedy, nothing written, nothing broken."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from tests.api.office import Json, Office

UNKNOWN = "0c64a3a5-4f0f-5f7c-8d26-5a1c1f0a9c22"


def refused(office: Office, content: bytes, *, path: str = "/v1/events", **headers: str) -> Json:
    """The problem that a body meets, with its status; nothing was written by it."""
    before = office.ground.log.head(office.tenant.tenant_id)
    sent = {"Authorization": f"Bearer {office.keys['admin']}", "Idempotency-Key": "bad-input-1"}
    sent |= {"Content-Type": "application/json"} | {name.replace("_", "-"): value for name, value in headers.items()}
    answer = office.client.post(path, content=content, headers=sent)
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    found: Json = answer.json()
    assert found["status"] == answer.status_code
    assert all(found[part] for part in ("code", "title", "detail", "remedy"))
    assert not [word for word in ("Traceback", ".py") if word in answer.text]
    office.ground.settle(office.tenant.tenant_id)
    assert office.ground.log.head(office.tenant.tenant_id) == before
    return found


def fact(office: Office, kind: str, **fields: object) -> bytes:
    return json.dumps({"events": [{"type": kind, "payload": fields}]}).encode()


def booking(office: Office, **fields: object) -> bytes:
    whole = {
        "person_id": office.id("person", "Same"),
        "project_id": office.id("project", "P-1"),
        "starts_on": "2026-10-05",
        "ends_on": "2026-10-09",
        "hours_per_day": "4",
    }
    return fact(office, "allocation.booked.v1", **whole | fields)


@pytest.mark.parametrize(
    ("fields", "status", "code", "field"),
    [
        ({"starts_on": "1969-12-31"}, 422, "date_out_of_range", "starts_on"),
        ({"ends_on": "9999-12-31"}, 422, "date_out_of_range", "ends_on"),
        ({"ends_on": "2026-10-04"}, 422, "ends_before_start", "ends_on"),
        ({"starts_on": "2026-02-30"}, 422, "malformed_event", ""),
        ({"starts_on": 1757230000}, 422, "malformed_event", ""),
        ({"starts_on": None}, 422, "malformed_event", ""),
        ({"hours_per_day": "NaN"}, 422, "bad_hours", "hours_per_day"),
        ({"hours_per_day": "-Infinity"}, 422, "bad_hours", "hours_per_day"),
        ({"hours_per_day": "1E+999999"}, 422, "bad_hours", "hours_per_day"),
        ({"hours_per_day": "1E-999999"}, 422, "bad_hours", "hours_per_day"),
        ({"hours_per_day": "25"}, 422, "bad_hours", "hours_per_day"),
        ({"hours_per_day": -1}, 422, "bad_hours", "hours_per_day"),
        ({"hours_per_day": "four"}, 422, "malformed_event", ""),
        ({"hours_per_day": True}, 422, "malformed_event", ""),
        ({"hours_per_day": ["4"]}, 422, "malformed_event", ""),
        ({"firmness": "perhaps"}, 422, "malformed_event", ""),
        ({"colour": "red"}, 422, "unknown_field", "colour"),
        ({"role": "x" * 501}, 422, "too_long", "role"),
        ({"person_id": "Same"}, 422, "bad_id", "person_id"),
        ({"person_id": UNKNOWN.upper()}, 422, "bad_id", "person_id"),
        ({"person_id": UNKNOWN}, 404, "unknown_person", "person_id"),
        ({"project_id": UNKNOWN}, 404, "unknown_project", "project_id"),
        ({"allocation_id": 5}, 422, "malformed_event", ""),
    ],
)
def test_a_bad_booking_is_refused(office: Office, fields: Json, status: int, code: str, field: str) -> None:
    problem = refused(office, booking(office, **fields))
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["where"] == f"body.events[0].payload{field and f'.{field}'}"


def test_a_record_is_not_made_a_second_time(office: Office) -> None:
    project, task = office.id("project", "P-1"), office.id("task", "T-1")
    for content in (
        booking(office, person_id=office.id("person", "Over"), allocation_id=office.id("allocation", "A-1")),
        fact(office, "project.created.v1", project_id=project, name="Again"),
        fact(office, "task.created.v1", task_id=task, project_id=project, name="Again"),
    ):
        problem = refused(office, content)
        assert (problem["status"], problem["code"]) == (409, "already_there")


@pytest.mark.parametrize(
    ("kind", "fields", "status", "code"),
    [
        ("task.status_changed.v1", {"task_id": UNKNOWN, "status": "done"}, 404, "unknown_task"),
        ("task.reassigned.v1", {"task": "T-1", "owner_id": UNKNOWN}, 404, "unknown_person"),
        ("task.linked.v1", {"task": "T-1", "depends_on": "T-2"}, 422, "schedule.cycle"),
        ("task.linked.v1", {"task": "T-1", "depends_on": "T-1"}, 422, "schedule.cycle"),
        ("task.linked.v1", {"task": "T-1", "depends_on": "T-2", "lag_days": "1e9"}, 422, "bad_number"),
        ("task.reestimated.v1", {"task": "T-1", "effort_hours": "-1"}, 422, "bad_hours"),
        ("scope_item.added.v1", {"text": "x", "hours": "sNaN"}, 422, "bad_hours"),
        ("invoice.paid.v1", {"invoice_id": "x", "paid_on": "2026-01-01"}, 422, "bad_id"),
        ("invoice.issued.v1", {"amount": "1e30", "currency": "EUR", "issued_on": "2026-01-01"}, 422, "bad_number"),
        ("invoice.issued.v1", {"amount": "1", "currency": "Euro", "issued_on": "2026-01-01"}, 422, "bad_currency"),
        ("revenue.forecast_made.v1", {"made_on": "2026-01-01", "period": "2026-13", "revenue": "1", "currency": "EUR"},
         422, "bad_period"),
        ("allocation.released.v1", {"allocation_id": UNKNOWN}, 404, "unknown_allocation"),
    ],
)  # fmt: skip
def test_a_bad_fact_of_a_project_is_refused(office: Office, kind: str, fields: Json, status: int, code: str) -> None:
    ids = {f"{name}_id": office.id("task", fields[name]) for name in ("task", "depends_on") if name in fields}
    rest = {name: value for name, value in fields.items() if name not in {"task", "depends_on"}}
    problem = refused(office, fact(office, kind, project_id=office.id("project", "P-1"), **ids, **rest))
    assert (problem["status"], problem["code"]) == (status, code), problem
    assert problem["where"].startswith("body.events[0].payload")


@pytest.mark.parametrize(
    ("kind", "fields", "code"),
    [
        ("calendar.defined.v1", {"name": "x", "weekday_hours": ["8"] * 6}, "bad_hours"),
        ("calendar.defined.v1", {"name": "x", "weekday_hours": ["25"] * 7}, "bad_hours"),
        ("calendar.defined.v1", {"name": "x", "weekday_hours": ["8"] * 7, "timezone": "Mars/Base"}, "unknown_timezone"),
        ("calendar.defined.v1", {"name": "x", "weekday_hours": ["8"] * 7, "timezone": "../x"}, "unknown_timezone"),
        ("calendar.defined.v1", {"name": "x", "weekday_hours": ["8"] * 7, "holidays": ["1900-01-01"]},
         "date_out_of_range"),
        ("exchange_rate.set.v1", {"from_currency": "USD", "to_currency": "EUR", "rate": "0", "valid_on": "2026-01-01"},
         "bad_number"),
        ("customer.registered.v1", {"name": "x", "timezone": "nowhere"}, "unknown_timezone"),
        ("contact.registered.v1", {"customer_id": UNKNOWN}, "unknown_customer"),
        ("time_off.booked.v1", {"person_id": UNKNOWN, "starts_on": "2026-01-01", "ends_on": "2026-01-01"},
         "unknown_person"),
        ("allocation.booked", {}, "unknown_event_type"),
        ("allocation.booked.v2", {}, "unknown_event_type"),
        ("'; drop table events; --", {}, "unknown_event_type"),
    ],
)  # fmt: skip
def test_a_bad_fact_of_the_directory_is_refused(office: Office, kind: str, fields: Json, code: str) -> None:
    assert refused(office, fact(office, kind, **fields))["code"] == code


@pytest.mark.parametrize(
    ("occurred_at", "code"),
    [
        ("1969-12-31T23:59:59Z", "date_out_of_range"),
        ("9999-12-31T23:59:59-14:00", "date_out_of_range"),
        ("0001-01-01T00:00:00+14:00", "date_out_of_range"),
        ("2026-09-01T12:00:00", "invalid_request"),
        ("yesterday", "invalid_request"),
        (1757230000, "invalid_request"),
        (False, "invalid_request"),
    ],
)
def test_a_bad_moment_is_refused(office: Office, occurred_at: object, code: str) -> None:
    payload = {"project_id": office.id("project", "P-1"), "stage": "x"}
    event = {"type": "project.stage_changed.v1", "payload": payload, "occurred_at": occurred_at}
    problem = refused(office, json.dumps({"events": [event]}).encode())
    assert (problem["status"], problem["code"]) == (422, code)
    assert problem["where"] == "body.events[0].occurred_at"


def raw(text: str) -> bytes:
    return b'{"events": [{"type": "project.stage_changed.v1", "payload": {"stage": %s}}]}' % text.encode()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"x"',
        b'{"events": []}',
        b'{"events": {}}',
        b'{"events": [{}]}',
        b'{"events": [{"type": "x"}]}',
        b'{"events": [{"type": "x", "payload": []}]}',
        b'{"events": [{"type": "x", "payload": {}, "more": 1}]}',
        b'{"events": [{"type": "x", "payload": {}}], "more": 1}',
        b'{"events": [' + b'{"type": "x", "payload": {}},' * 500 + b'{"type": "x", "payload": {}}]}',
        b'{"events": [{"type": "\\ud800", "payload": {}}]}',
        b'{"events": [{"\\ud800": 1}]}',
        b'{"\\ud800": 1}',
        b'{"events": [{"type": "' + b"x" * 101 + b'", "payload": {}}]}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"a":' * 50_000,
        raw("NaN"),
        raw("Infinity"),
        raw("1e999"),
        raw("9" * 5000),
        raw(str(2**63)),
        raw("-" + "9" * 30),
        raw('"\\u0000"'),
        raw('"\\ud800"'),
        raw('{"\\udfff": 1}'),
        raw('{"\\u0000": 1}'),
        raw('{"a":' * 20 + "1" + "}" * 20),
        raw("[" * 900 + "]" * 900),
        raw('"' + "x" * 600 + '"'),
    ],
)
def test_a_body_that_is_no_report_is_refused(office: Office, content: bytes) -> None:
    assert refused(office, content)["status"] in {400, 422}


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "", "application/jsonx"])
def test_only_json_is_taken(office: Office, kind: str) -> None:
    problem = refused(office, b"{}", Content_Type=kind)
    assert (problem["status"], problem["where"]) == (415, "header.Content-Type")


@pytest.mark.parametrize("key", ["short", "x" * 201, "with space in it", "ümlaut-key-1"])
def test_a_bad_idempotency_key_is_refused(office: Office, key: str) -> None:
    content = fact(office, "project.stage_changed.v1", project_id=office.id("project", "P-1"), stage="x")
    sent = [(b"Authorization", f"Bearer {office.keys['admin']}".encode()), (b"Idempotency-Key", key.encode("latin-1"))]
    sent.append((b"Content-Type", b"application/json"))
    answer = office.client.post("/v1/events", content=content, headers=sent)
    assert (answer.status_code, answer.json()["where"]) == (422, "header.Idempotency-Key")
    missing = office.call("POST", "/v1/events", json.loads(content))
    assert (missing.status_code, missing.json()["remedy"]) == (422, "Send it.")


def test_a_large_body_is_refused_before_it_is_read(office: Office) -> None:
    taken = 0

    def chunks() -> Iterator[bytes]:
        nonlocal taken
        for _ in range(50):
            taken += 1
            yield b"x" * 1024 * 1024

    key = {"Authorization": f"Bearer {office.keys['admin']}", "Content-Type": "application/json"}
    for content in (b"x" * (10 * 1024 * 1024 + 1), chunks()):
        answer = office.client.post("/v1/events", content=content, headers=key)
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
        assert answer.headers["connection"] == "close"
    announced = {**key, "Content-Length": "9" * 30}
    assert office.client.post("/v1/events", content=b"{}", headers=announced).status_code == 413


def test_a_body_up_to_the_limit_is_read(office: Office) -> None:
    content = b'{"events": []' + b" " * (10 * 1024 * 1024 - 14) + b"}"
    assert len(content) == 10 * 1024 * 1024
    assert refused(office, content)["status"] == 422


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v1/nothing", 404, "not_found"),
        ("GET", "/v1", 404, "not_found"),
        ("GET", "/v1/alerts/a/b/c", 404, "not_found"),
        ("GET", "/v1/alerts/" + "x" * 5000, 404, "unknown_alert"),
        ("GET", "/v1/alerts/%ff%fe", 404, "unknown_alert"),
        ("GET", "/v1/events/" + "x" * 5000, 404, "unknown_event"),
        ("GET", "/v1/projects/..%2F..%2Fetc", 404, "not_found"),
        ("DELETE", "/v1/alerts", 405, "method_not_allowed"),
        ("PUT", "/v1/events", 405, "method_not_allowed"),
        ("BREW", "/v1/alerts", 405, "method_not_allowed"),
        ("TRACE", "/v1/me", 405, "method_not_allowed"),
    ],
)
def test_what_is_not_there_is_a_problem_too(office: Office, method: str, path: str, status: int, code: str) -> None:
    answer = office.call(method, path)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["remedy"]


def test_only_its_own_names_are_answered(office: Office) -> None:
    for host in ("evil.example", "localhost.evil.example", "", "127.0.0.1.evil.example:80"):
        answer = office.client.get("/healthz", headers={"Host": host})
        assert (answer.status_code, answer.json()["code"]) == (400, "unknown_host")
    for host in ("localhost", "LOCALHOST:8000", "127.0.0.1:1", "[::1]:8000", "[::1]"):
        assert office.client.get("/healthz", headers={"Host": host}).status_code == 200
    other = TestClient(create_app(office.ground, hosts=["leeway.example"]))
    assert other.get("/healthz", headers={"Host": "leeway.example:443"}).status_code == 200
    assert other.get("/healthz").status_code == 400


def test_what_breaks_says_nothing_of_its_inside(office: Office) -> None:
    app = create_app(office.ground)

    @app.get("/v1/broken")
    def broken() -> Any:
        secret = "inner-secret"
        raise RuntimeError(secret)

    answer = TestClient(app).get("/v1/broken", headers={"X-Request-Id": "mine-1"})
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert answer.headers["x-request-id"] == "mine-1"
    assert not [word for word in ("secret", "Traceback") if word in answer.text]
