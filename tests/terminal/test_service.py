"""The service as a user has it: import, serve, a fact over HTTP, the alert, approve, undo, verify, export."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.terminal.service import Service, write_portfolio

pytestmark = pytest.mark.xdist_group("service")

MONDAY, FRIDAY = "2027-02-08", "2027-02-12"
AS_OF_DAY = "2027-01-20T12:00:00+01:00"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    base = tmp_path_factory.mktemp("service")
    running = Service(base / "data")
    folder = write_portfolio(base / "portfolio")
    # The history ends on the day that the tests look from.
    with (folder / "history.csv").open("w", encoding="utf-8") as file:
        file.write("at,project_id,entity,entity_id,field,value,actor_id\n")
        file.write(f"{AS_OF_DAY},P-1,project,P-1,stage,setup,U-1\n")
    done = running.run("import", str(folder), "--freeze")
    assert done.returncode == 0, done.stderr
    running.key = running.run("key").stdout.strip()
    running.start()
    yield running
    running.stop()


def the(rows: list[dict[str, Any]], external_id: str) -> dict[str, Any]:
    return next(row for row in rows if row["external_ref"]["id"] == external_id)


def people_of(service: Service) -> dict[str, str]:
    events = service.call("GET", "/v1/events?limit=200")[1]["data"]
    registered = [event["payload"] for event in events if event["type"] == "person.registered.v1"]
    return {payload["external_id"]: payload["person_id"] for payload in registered}


def booking(service: Service, external_id: str, hours: str) -> dict[str, Any]:
    project = the(service.call("GET", "/v1/projects")[1]["data"], external_id)
    payload = {"person_id": people_of(service)["U-1"], "project_id": project["id"], "role": "engineer"}
    return {
        "type": "allocation.booked.v1",
        "payload": payload | {"starts_on": MONDAY, "ends_on": FRIDAY, "hours_per_day": hours},
    }


def alert_about(service: Service, *, state: str) -> dict[str, Any]:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        found: list[dict[str, Any]] = service.call("GET", f"/v1/alerts?state={state}")[1]["data"]
        if found:
            return found[0]
        time.sleep(0.1)
    raise AssertionError(f"no alert is {state} after 60 s")


def test_a_booking_becomes_an_alert_is_approved_and_undone(service: Service) -> None:
    body = {"events": [booking(service, "P-1", "6.4"), booking(service, "P-2", "4.8")]}
    status, _ = service.call("POST", "/v1/events", body, Idempotency_Key="eighty-and-sixty")
    assert status == 201
    alert = alert_about(service, state="open")
    over = next(number for number in alert["numbers"] if number["name"] == "hours_over")
    assert (over["value"], over["unit"]) == ("16", "h")
    assert {alert["project_id"], *alert["other_project_ids"]} == {
        row["id"] for row in service.call("GET", "/v1/projects")[1]["data"]
    }
    checked = service.call("GET", f"/v1/alerts/{alert['id']}/check")[1]
    assert checked["is_confirmed"]
    assert checked["still_holds"]

    proposal = next(proposal for proposal in alert["proposals"] if proposal["is_feasible"])
    decision = {"verb": "approve", "proposal_id": proposal["proposal_id"]}
    status, approved = service.call(
        "POST", f"/v1/alerts/{alert['id']}/decisions", decision, Idempotency_Key="approve-1"
    )
    assert (status, approved["state"]) == (201, "done")
    after = service.call("GET", f"/v1/alerts/{alert['id']}/check")[1]
    assert not after["still_holds"]
    now = {number["name"]: number["value"] for number in after["numbers_now"]}
    assert now == {number["name"]: number["value"] for number in proposal["effect"]["numbers"]}

    undo = {"verb": "undo", "proposal_id": proposal["proposal_id"]}
    status, undone = service.call("POST", f"/v1/alerts/{alert['id']}/decisions", undo, Idempotency_Key="undo-0001")
    assert (status, undone["state"]) == (201, "open")
    assert service.call("GET", f"/v1/alerts/{alert['id']}/check")[1]["still_holds"]


def test_the_log_verifies_and_moves_elsewhere_byte_for_byte(service: Service, tmp_path: Path) -> None:
    verified = service.run("verify", "--json")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    exported = service.run("export", str(tmp_path / "out"))
    assert exported.returncode == 0, exported.stderr
    elsewhere = Service(tmp_path / "data")
    assert elsewhere.run("import", str(tmp_path / "out"), "--strict").returncode == 0
    again = elsewhere.run("export", str(tmp_path / "again"))
    assert again.returncode == 0, again.stderr
    first = {path.name: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert first == {path.name: path.read_bytes() for path in (tmp_path / "again").rglob("*") if path.is_file()}


def test_a_taken_port_is_said_plainly(service: Service, tmp_path: Path) -> None:
    other = Service(tmp_path / "data", port=service.port)
    done = other.run("serve")
    assert done.returncode == 2
    assert f"Port {service.port}" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_refused_import_leaves_nothing_behind(tmp_path: Path) -> None:
    broken = Service(tmp_path / "data")
    folder = write_portfolio(tmp_path / "broken")
    with (folder / "tasks.csv").open("a", encoding="utf-8") as file:
        file.write("T-9,P-unknown,setup,Lost,internal,,,,,,,2026-01-06T09:00:00+01:00\n")
    refused = broken.run("import", str(folder), "--strict")
    assert refused.returncode == 2
    assert "P-unknown" in refused.stderr
    assert broken.run("tenants", "--json").stdout.strip() == "[]"
    reported = broken.run("import", str(folder), "--json")
    assert reported.returncode == 3
    assert '"line": 5' in reported.stdout
