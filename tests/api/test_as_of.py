"""The past as it was known then, by this log's order or by the source's own clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from store.clock import FixedClock
from store.embedded import Server
from store.events import (
    CalendarDefined,
    PersonRegistered,
    ProjectGoLiveCommitted,
    ProjectStageChanged,
    TaskStatusChanged,
)
from store.ground import Ground, ground_at
from store.ids import PersonId, ProjectId, TaskId
from store.log import Cut
from store.projections.projects.fold import fold
from store.projections.snapshot import dump_state
from store.streams import project_streams
from tests.api.office import NINE, Office, opened
from tests.databases import clone

DAY = dt.timedelta(days=1)


@pytest.fixture(scope="module")
def moving(server: Server, worker_id: str) -> Iterator[tuple[Ground, FixedClock, TestClient]]:
    """A ground whose clock the tests move."""
    clock = FixedClock(NINE)
    ground = ground_at(clone(server, f"api_past_{worker_id}"), clock=clock, may_be_unsafe=True)
    with TestClient(create_app(ground), raise_server_exceptions=False) as client:
        yield ground, clock, client
    ground.close()


@pytest.fixture(scope="module")
def grown(moving: tuple[Ground, FixedClock, TestClient]) -> Office:
    """A live tenant on whose first project something happened on each of three days."""
    ground, clock, client = moving
    office = opened(ground, client, "grown")
    project = ProjectId(office.id("project", "P-1"))
    for number, stage in enumerate(("design", "build", "test"), start=1):
        clock.advance(DAY)
        office.tell([ProjectStageChanged(project_id=project, stage=stage)])
        # What the source knew long before, and this log learns only now.
        task = TaskId(office.id("task", "T-1"))
        late = TaskStatusChanged(task_id=task, project_id=project, status="in_progress")
        office.tell([late] if number == 3 else [], recorded_at=NINE)
        office.think()
    return office


def stage(office: Office, query: str) -> str:
    found = office.get(f"/v1/projects/{office.id('project', 'P-1')}?{query}")
    return str(found["stage"])


def test_a_live_tenant_answers_what_its_log_held_then(grown: Office) -> None:
    assert stage(grown, "") == "test"
    assert [stage(grown, f"as_of=2026-09-0{day}") for day in (7, 8, 9)] == ["", "design", "build"]
    assert stage(grown, "as_of=2026-09-08T08:59:59Z") == ""
    assert stage(grown, "as_of=2026-09-08T11:00:00%2B02:00") == "design"
    assert stage(grown, "as_of=2026-09-08T11:00:00+02:00") == "design"  # a plus sign that nobody escaped
    assert stage(grown, "as_of=9000-01-01") == "test"


def test_both_bases_are_to_be_had(grown: Office) -> None:
    def status(query: str) -> tuple[str, str]:
        found = grown.get(f"/v1/projects/{grown.id('project', 'P-1')}?{query}")
        tasks = {task["external_ref"]["id"]: task["status"] for task in found["tasks"]}
        return tasks["T-1"], found["as_of"]["basis"]

    assert status("as_of=2026-09-08") == ("todo", "position")
    assert status("as_of=2026-09-08&basis=recorded") == ("in_progress", "recorded")
    assert status("") == ("in_progress", "now")


def test_every_day_is_a_fresh_fold_up_to_that_day(grown: Office) -> None:
    ground, tenant_id, project = grown.ground, grown.tenant.tenant_id, grown.id("project", "P-1")
    for day in range(7, 12):
        found = grown.get(f"/v1/projects/{project}?as_of=2026-09-{day:02}")
        cut = Cut(position=found["as_of"]["position"])
        state = fold(ground.log.read_many(tenant_id, project_streams(project), cut=cut))
        assert (found["stage"], len(found["tasks"])) == (state.stage, len(state.tasks))
        events = grown.get(f"/v1/projects/{project}/events?limit=200&as_of=2026-09-{day:02}")["data"]
        assert max(event["position"] for event in events) <= found["as_of"]["position"]
    assert dump_state(ground.project(tenant_id, project)) == dump_state(
        fold(ground.log.read_many(tenant_id, project_streams(project)))
    )


def test_a_date_is_the_end_of_that_day_where_the_tenant_is(grown: Office) -> None:
    found = grown.get(f"/v1/projects/{grown.id('project', 'P-1')}?as_of=2026-09-08")
    assert found["as_of"]["at"] == "2026-09-08T21:59:59.999999Z"  # Berlin, in summer
    score = grown.get(f"/v1/projects/{grown.id('project', 'P-1')}/risk?as_of=2026-12-08")
    assert score["as_of"]["at"] == "2026-12-08T22:59:59.999999Z"


@pytest.mark.parametrize("path", ["", "/risk"])
def test_what_was_not_known_then_is_not_found_and_said_so(grown: Office, path: str) -> None:
    answer = grown.call("GET", f"/v1/projects/{grown.id('project', 'P-1')}{path}?as_of=2026-09-06")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_known_then")
    unknown = grown.call("GET", f"/v1/projects/{grown.id('project', 'none')}{path}?as_of=2026-09-06")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_project")


@pytest.mark.parametrize(
    "bad",
    ["yesterday", "2026-13-01", "2026-02-30", "2026-09-01T12:00:00", "20260901", "2026-W36-1", "1757230000", "",
     "0001-01-01", "9999-12-31", "0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-14:00", "٢٠٢٦-٠٩-٠١",
     "2026-09-01T12:00:00Z0", "2026-09-01T25:00:00Z"],
)  # fmt: skip
def test_a_bad_instant_is_refused_with_the_form_expected(grown: Office, bad: str) -> None:
    answer = grown.call("GET", f"/v1/projects/{grown.id('project', 'P-1')}?as_of={bad}")
    assert answer.status_code in {422, 404}, answer.text
    assert answer.json()["where"] == "query.as_of"
    if bad != "0001-01-01":  # a date like any other, long before there was anything
        assert (answer.status_code, answer.json()["code"]) == (422, "bad_instant")
        assert "2026-09-01" in answer.json()["remedy"]


def test_an_overlong_instant_and_an_unknown_basis_are_refused(grown: Office) -> None:
    for query in ("as_of=" + "9" * 41, "basis=future"):
        answer = grown.call("GET", f"/v1/projects/{grown.id('project', 'P-1')}?{query}")
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


def test_alerts_stand_as_they_stood_then(moving: tuple[Ground, FixedClock, TestClient]) -> None:
    ground, clock, client = moving
    office = opened(ground, client, "judged")
    raised, alert = clock.now(), office.alert()
    clock.advance(DAY)
    assert office.decide(alert["id"], verb="reject", reason="known").status_code == 201

    def listed(query: str) -> list[tuple[str, str]]:
        found = office.get(f"/v1/alerts?{query}")["data"]
        return [(one["id"], one["state"]) for one in found]

    def instant(at: dt.datetime) -> str:
        return at.strftime("%Y-%m-%dT%H:%M:%SZ")

    then = f"as_of={instant(raised)}"
    assert (listed(""), listed(then)) == ([], [(alert["id"], "open")])
    assert (listed("state=rejected"), listed(f"state=rejected&{then}")) == ([(alert["id"], "rejected")], [])
    for wanted in (f"project_id={alert['project_id']}", f"subject_id={alert['subject_ids'][0]}", "agent=resource"):
        assert listed(f"{wanted}&{then}") == [(alert["id"], "open")]
    for unwanted in ("project_id=none", "subject_id=none", "agent=finance", "kind=blocker"):
        assert listed(f"{unwanted}&{then}") == []
    assert office.get(f"/v1/alerts/{alert['id']}?{then}") == alert
    before = f"as_of={instant(raised - DAY)}"
    assert listed(before) == []
    answer = office.call("GET", f"/v1/alerts/{alert['id']}?{before}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_known_then")


def test_an_imported_history_answers_by_its_own_clock(moving: tuple[Ground, FixedClock, TestClient]) -> None:
    ground, _clock, client = moving
    office = opened(ground, client, "imported", frozen_at=NINE + 10 * DAY)
    project = ProjectId(office.id("project", "P-1"))
    office.tell([ProjectStageChanged(project_id=project, stage="old")], recorded_at=NINE + 4 * DAY)
    office.tell(
        [ProjectGoLiveCommitted(project_id=project, committed_go_live_on=dt.date(2026, 11, 2))],
        recorded_at=NINE + 6 * DAY,
    )
    ground.settle(office.tenant.tenant_id)
    path = f"/v1/projects/{project}"
    assert office.get("/v1/me")["is_frozen"]
    assert office.get(f"{path}?as_of=2026-09-12")["as_of"]["basis"] == "recorded"
    assert [office.get(f"{path}?as_of=2026-09-{day}")["committed_go_live_on"] for day in (12, 13)] == [
        "2026-10-30",
        "2026-11-02",
    ]
    assert office.get(path)["as_of"] == {"at": "2026-09-17T09:00:00Z", "basis": "now", "position": None}


def test_a_calendar_learnt_later_changes_no_earlier_score(moving: tuple[Ground, FixedClock, TestClient]) -> None:
    ground, clock, client = moving
    office = opened(ground, client, "calendars")
    query = f"as_of={clock.now().isoformat().replace('+00:00', 'Z')}"
    path = f"/v1/projects/{office.id('project', 'P-1')}"
    before = office.get(f"{path}/risk?{query}")
    clock.advance(DAY)
    over, idle = PersonId(office.id("person", "Over")), office.id("calendar", "K")
    hours = (Decimal(0),) * 7
    office.tell(
        [
            CalendarDefined(calendar_id=idle, external_id="K", name="None", weekday_hours=hours),
            PersonRegistered(person_id=over, external_id="Over", name="New name", calendar_id=idle),
        ]
    )
    office.think()
    assert office.get(f"{path}/risk?{query}") == before
    assert office.get(f"{path}?{query}")["manager"]["name"] == "Over Example"
    assert office.get(path)["manager"]["name"] == "New name"
