"""The facts of a start: the same each time, and a project that the schedule agrees with."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from plan.network import calendars_of, forecast_of
from plan.playbook.order import Around, Order
from plan.playbook.planning import Plan, plan_of
from plan.playbook.reading import PlaybookDraft
from plan.playbook.starting import Names, facts_of
from plan.recordable import check_alone
from plan.staffing import calendar_of
from store.events import AllocationBooked, Fact, ProjectCreated, ProjectPlaybookPinned, TaskCreated, dump, parse
from store.ids import EventId, tenant_id_of
from store.log import Event
from store.projections.projects.fold import fold
from store.projections.projects.state import ProjectState
from store.projections.tenants.fold import TenantState
from store.streams import stream_of
from tests.plan.playbook.templates import AT, SHIPPED, drafted, drafts, order, shipped, version_of

TENANT = tenant_id_of("test")


def begun(draft: PlaybookDraft, number: int = 1, **changes: Any) -> tuple[Plan, Order, list[tuple[EventId, Fact]]]:
    asked = order(playbook_id=draft.playbook_id, **changes)
    around = Around(TenantState())
    plan = plan_of(version_of(draft, number), asked, around)
    names = Names(TENANT, asked, draft.playbook_id, number)
    return plan, asked, facts_of(plan, asked, names, calendar_of(around.tenant, None))


def folded(facts: list[tuple[EventId, Fact]]) -> ProjectState:
    events = [
        Event(TENANT, stream_of(fact), n, event_id, fact, AT, AT, AT, "test")
        for n, (event_id, fact) in enumerate(facts, start=1)
    ]
    return fold(event for event in events if event.stream_id.startswith("plan/"))


def test_a_project_is_pinned_to_its_version_and_has_all_its_parts() -> None:
    plan, _asked, facts = begun(drafted(), 3, answers={"sso": "yes"})
    state = folded(facts)
    assert state.pin is not None
    assert (state.pin.playbook_id, state.pin.version, state.pin.modules) == ("small", 3, ("sso",))
    assert (state.playbook, state.stage, state.fee) == ("small", "contract_signed", Decimal(11500))
    assert (state.baseline_go_live_on, state.budget_hours) == (plan.target_on, Decimal(43))
    assert {task.playbook_task for task in state.tasks.values()} == {task.task.key for task in plan.tasks}
    assert [stage.position for stage in state.stages.values()] == list(range(1, 9))
    assert len(state.scope_items) == 1
    by_key = {task.playbook_task: task for task in state.tasks.values()}
    assert by_key["agree"].links[1].depends_on_id == by_key["connect"].task_id
    assert by_key["build"].scope_item_id in state.scope_items
    assert by_key["live"].milestone == "go_live"


def test_nobody_named_means_a_placeholder_of_the_role() -> None:
    _plan, _asked, facts = begun(drafted())
    bookings = [fact for _, fact in facts if isinstance(fact, AllocationBooked)]
    assert {(b.person_id, b.role, b.firmness) for b in bookings} == {(None, "lead", "soft"), (None, "builder", "soft")}
    (build,) = (b for b in bookings if b.role == "builder")
    assert (build.starts_on, build.ends_on) == (dt.date(2026, 3, 10), dt.date(2026, 3, 12))
    assert build.hours_per_day == Decimal(8)


def test_bookings_hold_at_least_the_hours_of_the_tasks() -> None:
    for path in SHIPPED:
        plan, _asked, facts = begun(shipped(path))
        calendar = calendar_of(TenantState(), None)
        bookings = [fact for _, fact in facts if isinstance(fact, AllocationBooked)]
        booked = sum(b.hours_per_day * (calendar.working_days_between(b.starts_on, b.ends_on) + 1) for b in bookings)
        assert plan.price.hours <= booked <= plan.price.hours * Decimal("1.25")


@given(drafts())
def test_a_start_twice_gives_the_same_facts(draft: PlaybookDraft) -> None:
    _, _, one = begun(draft)
    _, _, other = begun(draft)
    assert one == other
    assert [dump(fact) for _, fact in one] == [dump(fact) for _, fact in other]
    assert len({event_id for event_id, _ in one}) == len(one)


@given(drafts())
def test_every_fact_of_a_start_could_have_been_recorded_by_hand(draft: PlaybookDraft) -> None:
    _, _, facts = begun(draft, answers={question.key: "yes" for question in draft.template.questions})
    for _, fact in facts:
        assert parse(fact.TYPE, fact.VERSION, dump(fact)) == fact
        if not isinstance(fact, ProjectPlaybookPinned):
            check_alone(fact, "fact")


@given(drafts())
def test_the_schedule_of_a_started_project_is_the_plan(draft: PlaybookDraft) -> None:
    plan, _, facts = begun(draft, answers={question.key: "yes" for question in draft.template.questions})
    state, tenant = folded(facts), TenantState()
    forecast = forecast_of(state, tenant, calendars_of(tenant), plan.dates.contract_signed_on)
    assert forecast is not None
    found = {
        state.tasks[task_id].playbook_task: (task.start_on, task.finish_on)
        for task_id, task in forecast.schedule.tasks.items()
    }
    assert found == {task.task.key: (task.starts_on, task.due_on) for task in plan.tasks}
    assert forecast.leeway_days == plan.leeway_days


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_playbook_starts_a_project_whose_critical_path_is_the_plans(path: Path) -> None:
    plan, _, facts = begun(shipped(path))
    state, tenant = folded(facts), TenantState()
    forecast = forecast_of(state, tenant, calendars_of(tenant), plan.dates.contract_signed_on)
    assert forecast is not None
    critical = {state.tasks[i].playbook_task for i, task in forecast.schedule.tasks.items() if task.is_critical}
    assert critical == {task.task.key for task in plan.tasks if task.is_critical} >= set(plan.critical_path)
    assert forecast.leeway_days == plan.leeway_days > 0


def test_ids_follow_from_tenant_version_and_deal() -> None:
    def ids(number: int = 1, **changes: Any) -> tuple[str, str]:
        _, _, facts = begun(drafted(), number, **changes)
        (project,) = (fact for _, fact in facts if isinstance(fact, ProjectCreated))
        task = next(fact for _, fact in facts if isinstance(fact, TaskCreated))
        return project.project_id, task.task_id

    assert ids() == ids()
    assert ids()[0] == ids(2)[0], "one deal is one project"
    assert ids()[1] != ids(2)[1]
    assert not set(ids()) & set(ids(external_id="D-2"))
    assert not set(ids()) & set(ids(source="other"))
