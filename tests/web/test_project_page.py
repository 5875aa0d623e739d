"""A project's page: today, on a day gone by, and for those who may not see it."""

import datetime as dt
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from risk.assessment import Driver, Score
from risk.burn import leeway_weeks
from risk.commands import Outlook, Thought
from risk.margins import Margins
from risk.waiting_on import WaitingOn, WaitingTask
from store.clock import FixedClock
from store.events import ProjectGoLiveCommitted, ProjectStatusChanged, TaskLinked, TaskStatusChanged
from store.ground import Ground
from store.ids import ProjectId, TaskId
from store.projections.projects.rows import Assessment, save_assessments
from store.streams import project_streams
from tests.api.office import NINE, Office
from tests.web.desk import application, furnished, signed_in, visit
from web.options import ConsoleOptions


def stored(office: Office, project_id: str, **thoughts: Any) -> str:
    """The project's path, with these thoughts stored of it."""
    score = Score(project_id=project_id, as_of=NINE, level="high", probability=0.71)
    thought = Thought(**{"score": score, "outlook": Outlook(), "features": {}, **thoughts})
    assessment = Assessment(
        project_id=project_id,
        as_of=NINE,
        position=1,
        model_hash="m",
        probability=0.71,
        level="high",
        leeway_days=-3,
        forecast_on=dt.date(2026, 9, 16),
        body=msgspec.json.encode(thought),
    )
    with office.ground.database.tx(office.tenant.tenant_id) as connection:
        save_assessments(connection, office.tenant.tenant_id, [assessment])
    return f"/projects/{project_id}"


@pytest.fixture
def path(office: Office) -> str:
    return f"/projects/{office.id('project', 'P-3')}"


def test_it_shows_stages_dates_tracks_and_who_is_waited_for(manager: TestClient, path: str) -> None:
    page = visit(manager, path)
    assert [step.text_content() for step in page.all("//ol[@class='flow']/li[@aria-current]/b")] == ["Setup"]
    assert len(page.all("//ol[@class='flow']/li")) == 8
    assert "Committed Fri 11 Sep in 4 days" in page.text
    for track in ("Internal", "Customer", "Approval"):
        assert f"{track} 0 of 1 done" in page.text
    assert "1 d late" in page.text
    assert "Waiting on 1 Customer Same Example since today" in page.text
    assert "Internal 0 of 1 done, 1 late" in page.text
    assert "critical" in page.text


def test_a_wait_says_how_long_what_float_is_left_and_what_hangs_on_it(app: FastAPI, own_office: Office) -> None:
    project_id, contact = ProjectId(own_office.id("project", "P-3")), own_office.id("person", "Same")
    waits = WaitingOn(
        party_id=contact,
        track="customer",
        since_on=dt.date(2026, 9, 2),
        age_days=3,
        float_days=0,
        tasks=(
            WaitingTask(
                task_id=own_office.id("task", "H-customer"), since_on=dt.date(2026, 9, 2), age_days=3, float_days=0
            ),
        ),
        held=1,
        holds_go_live=True,
    )
    page = visit(signed_in(app, own_office), stored(own_office, project_id, waiting=(waits,)))
    assert "3 of their working days since Wed 2 Sep · no float left: each day more moves go-live" in page.text
    assert "holds up 1 task, go-live among them" in page.text


def test_the_range_says_what_it_rests_on_or_why_there_is_none(app: FastAPI, own_office: Office) -> None:
    project_id = ProjectId(own_office.id("project", "P-3"))
    known = Outlook(
        forecast_on=dt.date(2026, 9, 16), p50_on=dt.date(2026, 9, 17), p80_on=dt.date(2026, 9, 30), projects=19
    )
    client = signed_in(app, own_office)
    page = visit(client, stored(own_office, project_id, outlook=known))
    assert "17–30 Sep" in page.text
    assert "19 earlier projects" in page.text
    unknown = Outlook(forecast_on=dt.date(2026, 9, 16), no_range="too_few_projects")
    assert "too few projects" in visit(client, stored(own_office, project_id, outlook=unknown)).text


def test_the_margin_is_taken_apart_for_those_who_see_money_only(app: FastAPI, own_office: Office) -> None:
    project_id = ProjectId(own_office.id("project", "P-3"))
    money = Margins(
        currency="EUR",
        sold=Decimal("0.48"),
        planned=Decimal("0.44"),
        forecast=Decimal("0.286"),
        floor=Decimal("0.4"),
        points=Decimal("-19.40"),
        eac=Decimal(10282),
        budget=Decimal(7488),
        stake=Decimal(2794),
    )
    path = stored(own_office, project_id, money=money)
    page = visit(signed_in(app, own_office), path)
    for words in ("28.6 % forecast of 48.0 % sold", "below its floor of 40.0 %", "−4.0 points", "−15.4 points"):
        assert words in page.text
    shut = visit(signed_in(app, own_office, "member"), path).text
    assert "Margin" not in shut
    assert "10,282" not in shut


def test_the_leeway_of_each_week_is_what_was_known_then(house: Ground, clock: FixedClock) -> None:
    office = furnished(house, "web-burn", frozen_at=clock.now())
    project_id = ProjectId(office.id("project", "P-1"))
    later = ProjectGoLiveCommitted(project_id=project_id, committed_go_live_on=dt.date(2026, 11, 6))
    office.tell([later], recorded_at=NINE + dt.timedelta(days=8))
    office.think()
    events = house.log.read_many(office.tenant.tenant_id, project_streams(project_id))
    tenant, at = house.tenant_state(office.tenant.tenant_id), NINE + dt.timedelta(days=14)
    found = leeway_weeks(events, tenant, at)
    unmoved = leeway_weeks([event for event in events if event.recorded_at == NINE], tenant, at)
    assert [week.on for week in found] == [dt.date(2026, 9, 7), dt.date(2026, 9, 14), dt.date(2026, 9, 21)]
    assert found[:2] == unmoved[:2]
    assert found[2].leeway_days == unmoved[2].leeway_days + 5
    charts = visit(
        TestClient(application(house, ConsoleOptions(open_tenant_slug="web-burn"))), f"/projects/{project_id}"
    )
    assert not charts.all("//*[local-name()='svg' and @class='burn']"), "one week is no trend"


def test_the_chart_has_a_table_that_says_the_same(manager: TestClient, path: str) -> None:
    page = visit(manager, path)
    assert page.all("//*[local-name()='svg' and @role='img' and contains(@aria-label, '3 tasks')]")
    rows = page.all("//section[@aria-labelledby='plan']//tbody/tr")
    assert len(rows) == 3
    assert all("4 Sep" in row.text_content() for row in rows)


def test_without_finished_projects_the_score_is_a_prior_and_says_so(manager: TestClient, path: str) -> None:
    page = visit(manager, path)
    assert "Prior From generated projects, not yours: 0 of your projects are finished, 12 are needed." in page.text


def test_the_drivers_name_the_value_who_can_act_and_the_next_step(app: FastAPI, own_office: Office) -> None:
    project_id, tenant_id = own_office.id("project", "P-3"), own_office.tenant.tenant_id
    driver = Driver(
        feature="customer_wait_days",
        direction="raises",
        value=7.25,
        unit="customer's working days",
        typical=1,
        contribution=0.9,
        subject_ids=(own_office.id("task", "H-customer"),),
        who_can_act="customer",
        next_step="Chase the oldest item.",
    )
    score = Score(project_id=project_id, as_of=NINE, level="high", probability=0.71, drivers=(driver,))
    stored = Assessment(
        project_id=project_id,
        as_of=NINE,
        position=1,
        model_hash="m",
        probability=0.71,
        level="high",
        leeway_days=-3,
        forecast_on=dt.date(2026, 9, 16),
        body=msgspec.json.encode(Thought(score=score, outlook=Outlook(), features={})),
    )
    with own_office.ground.database.tx(tenant_id) as connection:
        save_assessments(connection, tenant_id, [stored])
    page = visit(signed_in(app, own_office), f"/projects/{project_id}")
    assert "71 % ▲ High" in page.text
    words = page.text
    assert "Longest wait on the customer 7.2 customer's working days typical 1 customer's working day" in words
    assert "▲ raises Customer: Chase the oldest item." in words
    assert "1 task behind it" in words


def test_a_day_gone_by_shows_what_was_known_then_and_says_so(house: Ground, clock: FixedClock) -> None:
    office = furnished(house, "web-past", frozen_at=clock.now())
    project_id = ProjectId(office.id("project", "P-3"))
    office.tell(
        [
            ProjectGoLiveCommitted(project_id=project_id, committed_go_live_on=dt.date(2026, 9, 2)),
            TaskStatusChanged(task_id=TaskId(office.id("task", "H-internal")), project_id=project_id, status="done"),
        ],
        recorded_at=NINE + dt.timedelta(days=3),
    )
    office.think()
    client = TestClient(application(house, ConsoleOptions(open_tenant_slug="web-past")))
    now = visit(client, f"/projects/{project_id}")
    then = visit(client, f"/projects/{project_id}?as_of=2026-09-07")
    assert "Committed Wed 2 Sep" in now.text
    assert "Committed Fri 11 Sep" in then.text
    assert "This is the past." in then.text
    assert "This is the past." not in now.text
    assert "Internal 1 of 1 done" in now.text
    assert "Internal 0 of 1 done" in then.text
    assert then.link("Back to now").answer.url.query == b""


def test_a_day_before_the_project_was_known_says_so(manager: TestClient, path: str) -> None:
    assert "not known" in visit(manager, f"{path}?as_of=2020-01-01", status=404).text


@pytest.mark.parametrize("as_of", ["yesterday", "2026-13-01", "9999-12-31", "0001-01-01"])
def test_a_day_that_is_none_or_out_of_reach_is_a_page_not_a_crash(manager: TestClient, path: str, as_of: str) -> None:
    assert manager.get(f"{path}?as_of={as_of}").status_code in {200, 404, 422}


def test_what_belongs_to_another_tenant_does_not_exist(manager: TestClient, neighbour: Office) -> None:
    alert = neighbour.alert()
    for path in (
        f"/projects/{neighbour.id('project', 'P-1')}",
        f"/alerts/{alert['id']}",
        f"/inbox?sel={alert['id']}",
        f"/events/{alert['evidence'][0]}",
        "/projects/no-id",
        "/alerts/no-id",
        "/events/no-id",
    ):
        assert "There is nothing here" in visit(manager, path, status=404).text


def test_a_plan_that_runs_in_a_circle_still_has_a_page(app: FastAPI, own_office: Office) -> None:
    project_id = ProjectId(own_office.id("project", "P-1"))
    one, two = TaskId(own_office.id("task", "T-1")), TaskId(own_office.id("task", "T-2"))
    own_office.tell([TaskLinked(task_id=one, project_id=project_id, depends_on_id=two)])
    own_office.think()
    page = visit(signed_in(app, own_office), f"/projects/{project_id}")
    assert "no forecast to compare" in page.text


def test_a_hold_and_a_second_course_are_told(app: FastAPI, own_office: Office) -> None:
    project_id = ProjectId(own_office.id("project", "P-1"))
    own_office.tell([ProjectStatusChanged(project_id=project_id, status="on_hold")], recorded_at=NINE)
    own_office.think()
    held = visit(signed_in(app, own_office), f"/projects/{project_id}")
    assert "On hold since Mon 7 Sep clocks stand still" in held.text
    assert "Re-opened" not in held.text
    own_office.tell([ProjectStatusChanged(project_id=project_id, status="live")])
    own_office.tell([ProjectStatusChanged(project_id=project_id, status="active")])
    own_office.think()
    again = visit(signed_in(app, own_office), f"/projects/{project_id}")
    assert "On hold" not in again.text
    assert "Re-opened Mon 7 Sep first live Mon 7 Sep no date promised since" in again.text
