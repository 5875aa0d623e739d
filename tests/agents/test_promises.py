"""From a fact to an applied proposal and back: an impossible date and a forecast that cannot come true."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from agents.check import check
from agents.minds import review_project
from agents.reading import load_world
from agents.world import World
from risk.detectors.view import ProjectView
from store.events import Fact, ProjectCreated, RevenueForecastMade, TaskCreated, TaskLinked
from store.ids import PartyId, ProjectId, derived_id
from store.projections.alerts.fold import AlertState
from store.projections.projects.state import ProjectState
from store.streams import stream_of
from tests.agents.staging import MONDAY, TENANT, Stage, day, person_id, task_id
from tests.agents.test_commands import say

PROJECT = ProjectId(derived_id(TENANT, "promised"))


def work(name: str, hours: int, *, milestone: str = "") -> Fact:
    return TaskCreated(
        task_id=task_id(name),
        external_id=name,
        project_id=PROJECT,
        name=name,
        role="engineer",
        owner_id=PartyId(person_id("Same")),
        effort_hours=Decimal(hours),
        planned_start_on=MONDAY,
        due_on=day("2024-01-16"),
        milestone=milestone,  # type: ignore[arg-type]
    )


class Promised(Stage):
    """40 h of work from Monday on and a go-live promised for Tuesday; 16,000 for 160 h, 9,000 forecast for January."""

    def __init__(self) -> None:
        super().__init__(
            [
                ProjectCreated(
                    project_id=PROJECT,
                    external_id="P-7",
                    name="Promised",
                    manager_id=person_id("Same"),
                    baseline_go_live_on=day("2024-01-16"),
                    fee_type="fixed",
                    fee=Decimal(16_000),
                    budget_hours=Decimal(160),
                    currency="EUR",
                ),
                work("build", 32),
                work("launch", 8, milestone="go_live"),
                TaskLinked(task_id=task_id("launch"), project_id=PROJECT, depends_on_id=task_id("build")),
                RevenueForecastMade(
                    project_id=PROJECT, made_on=MONDAY, period="2024-01", revenue=Decimal(9000), currency="EUR"
                ),
            ]
        )

    def look(self) -> list[str]:
        """What the agents say of the project now, appended; the types of the facts."""
        self.clock.advance(dt.timedelta(minutes=1))
        self.log.seal(self.tenant_id)
        position = self.log.head(self.tenant_id).position
        world = self._world()
        view = ProjectView(world.projects[PROJECT], world.tenant, world.people, world.now, world.as_of)
        drafts = review_project(world, view, self.alerts(), position=position)
        for draft in drafts:
            self.log.append(self.tenant_id, [(stream_of(draft.fact), [draft], None)], now=self.now)
        self.log.seal(self.tenant_id)
        return [draft.fact.TYPE for draft in drafts]

    def _world(self) -> World:
        everybody = [person_id(name) for name in ("Over", "Same", "Other")]
        return load_world(self.log, self.tenant_id, everybody, [PROJECT], now=self.now)

    def of(self, kind: str) -> AlertState:
        (alert,) = [alert for alert in self.alerts() if alert.kind == kind]
        return alert

    def project(self) -> ProjectState:
        self.log.seal(self.tenant_id)
        state: ProjectState = self._world().projects[PROJECT]
        return state


@pytest.fixture
def stage() -> Promised:
    stage = Promised()
    stage.look()
    return stage


def offered(alert: AlertState, action: str) -> str:
    return next(offer.proposal_id for offer in alert.proposals if offer.action == action)


def test_every_figure_is_the_same_when_checked(stage: Promised) -> None:
    for kind in ("impossible_timeline", "forecast_not_credible"):
        report = check(stage.log, TENANT, stage.of(kind).alert_id, now=stage.now)
        assert report.is_confirmed, [n for n in report.numbers if not n.is_equal]
        assert report.still_holds


def test_a_later_promise_is_kept_and_the_alert_closes(stage: Promised) -> None:
    alert = stage.of("impossible_timeline")
    say(stage, "approve", alert_id=alert.alert_id, proposal_id=offered(alert, "move_go_live"))
    assert stage.project().committed_on == day("2024-01-19")
    assert "alert.cleared" in stage.look()


def test_a_later_promise_that_is_undone_is_the_former_one(stage: Promised) -> None:
    alert = stage.of("impossible_timeline")
    proposal_id = offered(alert, "move_go_live")
    say(stage, "approve", alert_id=alert.alert_id, proposal_id=proposal_id)
    say(stage, "undo", alert_id=alert.alert_id, proposal_id=proposal_id)
    assert stage.project().committed_on == day("2024-01-16")


def test_less_work_makes_the_date_possible(stage: Promised) -> None:
    alert = stage.of("impossible_timeline")
    say(stage, "approve", alert_id=alert.alert_id, proposal_id=offered(alert, "cut_scope"))
    assert stage.project().tasks[task_id("build")].effort_hours == 8
    assert stage.of("impossible_timeline").proposals[0].effect.margin == Decimal("1680.00")


def test_a_forecast_said_anew_is_what_the_card_showed_and_can_be_taken_back(stage: Promised) -> None:
    """40 of 160 h earn 4,000 of the 9,000; the rest goes to February."""
    alert = stage.of("forecast_not_credible")
    proposal_id = offered(alert, "re_forecast")
    say(stage, "approve", alert_id=alert.alert_id, proposal_id=proposal_id)
    last = {forecast.period: forecast.revenue for forecast in stage.project().forecasts}
    assert last == {"2024-01": Decimal(4000), "2024-02": Decimal(5000)}
    say(stage, "undo", alert_id=alert.alert_id, proposal_id=proposal_id)
    last = {forecast.period: forecast.revenue for forecast in stage.project().forecasts}
    assert last == {"2024-01": Decimal(9000), "2024-02": Decimal(0)}


def test_looking_twice_says_nothing_new(stage: Promised) -> None:
    assert stage.look() == []
