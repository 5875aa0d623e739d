"""Baselines: taken once, never changed, and how far the plan has come from them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from plan.baselines.commands import Held, Named, Wanted, baselines_of, hold_against, take_baseline
from plan.playbook.commands import Caller
from store.errors import Conflict, Invalid, NotFound
from store.events import (
    BaselineApproved,
    Fact,
    PersonRegistered,
    ProjectCreated,
    ProjectGoLiveCommitted,
    RateSet,
    TaskCreated,
    TaskDueMoved,
    TaskReestimated,
    TaskStatusChanged,
)
from store.ids import PartyId, PersonId, ProjectId, TaskId, TenantId, entity_id, fact_id
from store.log import NOW, Cut, Draft
from store.log_memory import MemoryLog
from store.projections.projects.fold import fold
from store.streams import project_streams, stream_of

TENANT_ID = TenantId("0c64a3a5-4f0f-5f7c-8d26-5a1c1f0a9c22")
NINE = dt.datetime(2026, 9, 7, 9, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def made(kind: str, name: str) -> str:
    return entity_id(TENANT_ID, kind, "test", name)


PROJECT, ANN = ProjectId(made("project", "P")), PersonId(made("person", "Ann"))


def said(*values: object) -> tuple[object, ...]:
    """Values to be compared with whole numbers."""
    return values


class Desk:
    """A log that is told facts day by day."""

    def __init__(self) -> None:
        self.log, self.now, self.count = MemoryLog(), NINE, 0
        self.tell(
            PersonRegistered(
                person_id=ANN, external_id="Ann", role="engineer", hours_per_day=Decimal(8), currency="EUR"
            ),
            RateSet(person_id=ANN, kind="cost", amount_per_hour=Decimal(50), currency="EUR", valid_from=NINE.date()),
            ProjectCreated(
                project_id=PROJECT,
                external_id="P",
                name="P",
                currency="EUR",
                baseline_go_live_on=dt.date(2026, 10, 30),
            ),
            task("a", "10"),
            task("b", "20"),
        )

    def tell(self, *facts: Fact, recorded_at: dt.datetime | None = None) -> None:
        for fact in facts:
            self.count += 1
            at = recorded_at or self.now
            draft = Draft(fact_id(TENANT_ID, "test", str(self.count)), fact, at, at, "test")
            self.log.append(TENANT_ID, [(stream_of(fact), [draft], None)], now=self.now)
        self.log.seal(TENANT_ID)

    def later(self, days: int = 1) -> Desk:
        self.now += days * DAY
        return self

    def take(self, name: str, *, approval: str = "", at: dt.datetime | None = None, cut: Cut = NOW) -> Named:
        wanted = Wanted(name, at or self.now, cut, approval, may_approve=bool(approval))
        found = take_baseline(self.log, TENANT_ID, PROJECT, wanted, Caller("tester", self.now, self.now))
        self.log.seal(TENANT_ID)
        return found

    def held(self, name: str, *, cut: Cut = NOW, at: dt.datetime | None = None) -> Held:
        return hold_against(self.log, TENANT_ID, PROJECT, name, cut=cut, at=at or self.now, now=self.now)

    def names(self) -> list[str]:
        return [each.name for each in baselines_of(fold(self.log.read_many(TENANT_ID, project_streams(PROJECT))))]


def task(name: str, hours: str) -> Fact:
    return TaskCreated(
        task_id=TaskId(made("task", name)),
        external_id=name,
        project_id=PROJECT,
        name=name,
        owner_id=PartyId(ANN),
        effort_hours=Decimal(hours),
        planned_start_on=dt.date(2026, 9, 14),
        due_on=dt.date(2026, 9, 18),
    )


def moved(name: str, due_on: dt.date) -> Fact:
    return TaskDueMoved(task_id=TaskId(made("task", name)), project_id=PROJECT, due_on=due_on)


def estimated(name: str, hours: str) -> Fact:
    return TaskReestimated(task_id=TaskId(made("task", name)), project_id=PROJECT, effort_hours=Decimal(hours))


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_what_changes_after_a_baseline_is_its_variance_in_dates_hours_and_cost(desk: Desk) -> None:
    desk.take("kickoff")
    desk.later().tell(
        moved("a", dt.date(2026, 9, 22)),
        estimated("b", "26"),
        task("c", "4"),
        ProjectGoLiveCommitted(project_id=PROJECT, committed_go_live_on=dt.date(2026, 11, 6)),
    )
    found = desk.held("kickoff")
    assert said(found.base.go_live_on, found.variance.go_live_days) == (dt.date(2026, 10, 30), 5)
    assert said(found.base.hours, found.base.cost, found.base.currency) == (30, 1500, "EUR")
    assert said(found.variance.hours, found.variance.cost, found.variance.missing) == (10, 500, ())
    told = {each.name: said(each.change, each.starts_days, each.due_days, each.hours) for each in found.variance.tasks}
    assert told == {"a": ("kept", 0, 2, 0), "b": ("kept", 0, 0, 6), "c": ("added", None, None, 4)}


def test_a_cancelled_task_is_gone_from_the_plan(desk: Desk) -> None:
    desk.take("kickoff")
    desk.later().tell(TaskStatusChanged(task_id=TaskId(made("task", "a")), project_id=PROJECT, status="cancelled"))
    (only,) = desk.held("kickoff").variance.tasks
    assert said(only.name, only.change, only.hours) == ("a", "removed", -10)


def test_a_plan_that_nobody_touched_has_no_variance(desk: Desk) -> None:
    desk.take("kickoff")
    found = desk.later().held("kickoff").variance
    assert said(found.go_live_days, found.hours, found.cost, found.tasks) == (0, 0, 0, ())


def test_a_name_is_taken_once_and_for_ever(desk: Desk) -> None:
    desk.take("kickoff")
    desk.later().tell(estimated("a", "99"))
    with pytest.raises(Conflict) as caught:
        desk.take(" kickoff ")
    assert caught.value.code == "baseline_exists"
    assert desk.held("kickoff").base.hours == 30
    desk.take("second")
    assert desk.names() == ["kickoff", "second"]


def test_a_baseline_of_an_earlier_instant_knows_nothing_later(desk: Desk) -> None:
    position = desk.log.head(TENANT_ID).position
    desk.later().tell(estimated("a", "99"))
    found = desk.take("as it was", at=NINE, cut=Cut(position=position))
    assert said(found.at, desk.held("as it was").base.hours) == (NINE, 30)


def test_what_was_recorded_long_ago_and_comes_later_changes_no_baseline(desk: Desk) -> None:
    desk.take("as known", at=NINE, cut=Cut(basis="recorded", recorded_at=NINE))
    desk.later().tell(estimated("a", "99"), recorded_at=NINE)
    found = desk.held("as known")
    assert said(found.base.hours, found.variance.hours) == (30, 89)


def test_the_variance_of_a_past_day_is_that_of_then(desk: Desk) -> None:
    desk.take("kickoff")
    desk.later().tell(estimated("a", "12"))
    position, then = desk.log.head(TENANT_ID).position, desk.now
    desk.later().tell(estimated("a", "50"))
    assert desk.held("kickoff", cut=Cut(position=position), at=then).variance.hours == 2
    assert desk.held("kickoff").variance.hours == 40


def test_another_go_live_takes_an_approval(desk: Desk) -> None:
    desk.take("kickoff")
    desk.later().tell(ProjectGoLiveCommitted(project_id=PROJECT, committed_go_live_on=dt.date(2026, 11, 6)))
    with pytest.raises(Invalid) as caught:
        desk.take("replanned")
    assert said(caught.value.code, caught.value.where) == ("approval_needed", "approval")
    found = desk.take("replanned", approval="Agreed in the steering committee")
    assert found.taken is not None
    assert said(found.go_live_on, found.taken.approval) == (dt.date(2026, 11, 6), "Agreed in the steering committee")
    desk.later().take("replanned, week 2")
    assert desk.held("kickoff").variance.go_live_days == 5
    assert desk.held("replanned").variance.go_live_days == 0


def test_a_baseline_sent_line_by_line_is_held_against_too(desk: Desk) -> None:
    desk.tell(
        BaselineApproved(project_id=PROJECT, name="sold", due_on=dt.date(2026, 10, 28), effort_hours=Decimal(25)),
        BaselineApproved(
            project_id=PROJECT, name="sold", task_id=TaskId(made("task", "a")), due_on=dt.date(2026, 9, 17)
        ),
    )
    found = desk.held("sold")
    assert said(found.variance.go_live_days, found.variance.hours, found.variance.cost) == (2, 5, None)
    assert found.variance.missing == ("the baseline was sent without cost",)
    with pytest.raises(Conflict):
        desk.take("sold")


def test_the_cost_of_a_sent_baseline_is_held_against_the_cost_at_completion(desk: Desk) -> None:
    desk.tell(
        BaselineApproved(project_id=PROJECT, name="sold", effort_hours=Decimal(30), cost=Decimal(1200)),
    )
    assert desk.held("sold").variance.cost == 300


def test_bad_names_days_to_come_and_unknown_projects_are_refused(desk: Desk) -> None:
    for name in ("", "  ", "a/b", "x" * 101):
        with pytest.raises(Invalid):
            desk.take(name)
    with pytest.raises(Invalid) as caught:
        desk.take("tomorrow", at=desk.now + DAY)
    assert caught.value.code == "in_the_future"
    with pytest.raises(NotFound):
        desk.held("never taken")
    with pytest.raises(NotFound):
        desk.take("before", at=NINE - DAY, cut=Cut(position=1))
