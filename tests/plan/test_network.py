from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from plan.network import Calendars, calendars_of, forecast_of, holds_of, network_of, wait_of
from plan.schedule import LinkType
from plan.waiting import WaitState, waiting_clock
from store.errors import Invalid
from store.projections.people.fold import PersonState, TimeOff
from store.projections.projects.state import Link, ProjectState, StatusMove, Task
from store.projections.tenants.fold import CalendarEntry, CustomerEntry, PartyEntry, TenantState

MONDAY = date(2024, 6, 10)
TENANT = TenantState(timezone="Europe/Berlin")
ALONE = calendars_of(TENANT)


def at(day: int, hour: int = 10) -> datetime:
    return datetime(2024, 6, day, hour, tzinfo=UTC)


@dataclass
class Plan:
    """A project under construction; days count from the Monday."""

    project: ProjectState

    def add(
        self, name: str, first: int | None, last: int | None, *needs: str, status: str = "todo", owner: str = ""
    ) -> Task:
        task = Task(
            task_id=name,
            external_id=name,
            stage="setup",
            name=name,
            track="internal",
            owner_id=owner or None,
            role="",
            effort_hours=None,
            planned_start_on=None if first is None else MONDAY + timedelta(first),
            due_on=None if last is None else MONDAY + timedelta(last),
            first_due_on=None,
            scope_item_id=None,
            playbook_task="",
            milestone="go_live" if name == "live" else "",
            is_billable=None,
            created_at=at(3),
            created_event_id="e-1",
            status=status,
            links=[Link(depends_on_id=n, link="FS", lag_days=Decimal(0), event_id="e-2") for n in needs],
        )
        self.project.tasks[name] = task
        return task


@pytest.fixture
def plan() -> Plan:
    return Plan(ProjectState(project_id="p-1", baseline_go_live_on=MONDAY + timedelta(4)))


def dates(plan: Plan, calendars: Calendars = ALONE, as_of: date = MONDAY) -> dict[str, date]:
    forecast = forecast_of(plan.project, TENANT, calendars, as_of)
    return {i: t.finish_on for i, t in forecast.schedule.tasks.items()} if forecast else {}


def test_a_plan_that_is_kept_has_leeway_zero(plan: Plan) -> None:
    plan.add("a", 0, 2)
    plan.add("live", 3, 4, "a")
    forecast = forecast_of(plan.project, TENANT, ALONE, MONDAY)
    assert forecast is not None
    assert forecast.leeway_days == 0
    assert forecast.schedule.critical_path == ("a", "live")


def test_a_late_predecessor_costs_leeway(plan: Plan) -> None:
    task = plan.add("a", 0, 2, status="done")
    task.started_at, task.done_at = at(10), at(14)
    plan.add("live", 3, 4, "a")
    forecast = forecast_of(plan.project, TENANT, ALONE, MONDAY + timedelta(4))
    assert forecast is not None
    assert forecast.go_live_on == MONDAY + timedelta(8)
    assert forecast.leeway_days == -2


def test_leeway_is_held_against_the_commitment_in_force(plan: Plan) -> None:
    plan.add("live", 3, 4)
    plan.project.committed_go_live_on = MONDAY + timedelta(7)
    forecast = forecast_of(plan.project, TENANT, ALONE, MONDAY)
    assert forecast is not None
    assert forecast.leeway_days == 1


def test_a_project_without_tasks_has_no_forecast(plan: Plan) -> None:
    assert forecast_of(plan.project, TENANT, ALONE, MONDAY) is None


def test_a_project_without_a_promise_has_a_forecast_and_no_leeway(plan: Plan) -> None:
    plan.project.baseline_go_live_on = None
    plan.add("a", None, None)
    forecast = forecast_of(plan.project, TENANT, ALONE, MONDAY)
    assert forecast is not None
    assert forecast.go_live_on == MONDAY
    assert forecast.leeway_days is None


def test_a_task_with_a_due_date_only_is_planned_for_that_day(plan: Plan) -> None:
    plan.add("a", None, 3)
    assert dates(plan)["a"] == MONDAY + timedelta(3)


def test_links_through_a_cancelled_task_join_its_neighbours(plan: Plan) -> None:
    plan.add("a", 0, 2)
    plan.add("b", 3, 3, "a", status="cancelled")
    plan.add("c", None, None, "b")
    (link,) = network_of(plan.project, ALONE).links
    assert (link.predecessor_id, link.successor_id, link.type) == ("a", "c", LinkType.FS)
    assert dates(plan) == {"a": MONDAY + timedelta(2), "c": MONDAY + timedelta(3)}


def test_a_cycle_through_a_cancelled_task_is_none(plan: Plan) -> None:
    plan.add("a", 0, 0, "b")
    plan.add("b", 1, 1, "a", status="cancelled")
    assert dates(plan) == {"a": MONDAY}


def test_a_cycle_is_refused(plan: Plan) -> None:
    plan.add("a", 0, 0, "b")
    plan.add("b", 1, 1, "a")
    with pytest.raises(Invalid, match="a -> b -> a"):
        dates(plan)


def test_a_dependency_on_a_task_of_nobody_is_left_out(plan: Plan) -> None:
    plan.add("a", 0, 0, "elsewhere")
    assert network_of(plan.project, ALONE).links == ()


def test_a_part_of_a_day_of_lag_is_a_day(plan: Plan) -> None:
    plan.add("a", 0, 0)
    plan.add("b", 1, 1, "a").links[0].lag_days = Decimal("0.5")
    assert network_of(plan.project, ALONE).links[0].lag_days == 1


def test_work_waits_for_its_owner_to_come_back(plan: Plan) -> None:
    off = TimeOff(
        starts_on=MONDAY, ends_on=MONDAY + timedelta(1), hours_per_day=None, recorded_at=at(1), event_id="e-3"
    )
    half = TimeOff(
        starts_on=MONDAY, ends_on=MONDAY + timedelta(9), hours_per_day=Decimal(4), recorded_at=at(1), event_id="e-4"
    )
    anna = PersonState(person_id="anna", hours_per_day=Decimal(6), time_off=[off, half])
    plan.add("a", 0, 0, owner="anna")
    assert dates(plan, calendars_of(TENANT, [anna]))["a"] == MONDAY + timedelta(2)


def test_an_account_that_works_no_hours_is_taken_for_the_tenant(plan: Plan) -> None:
    plan.add("a", 0, 0, owner="bridge")
    assert dates(plan, calendars_of(TENANT, [PersonState(person_id="bridge", hours_per_day=Decimal(0))]))["a"] == MONDAY


def test_a_contact_keeps_the_customers_calendar_and_zone() -> None:
    entry = CalendarEntry(calendar_id="c", name="", timezone="", weekday_hours=(Decimal(8),) * 7, holidays=(MONDAY,))
    tenant = TenantState(timezone="Europe/Berlin", holidays=(MONDAY + timedelta(1),), calendars={"c": entry})
    for customer_id, zone, calendar_id in (("own", "", "c"), ("plain", "America/New_York", None)):
        tenant.customers[customer_id] = CustomerEntry(
            customer_id=customer_id, external_id="", name="", segment="", timezone=zone, calendar_id=calendar_id
        )
        tenant.parties[f"of-{customer_id}"] = PartyEntry(
            party_id=f"of-{customer_id}", external_id="", name="", email="", role="", customer_id=customer_id
        )
    calendars = calendars_of(tenant)
    assert not calendars.of("of-own").is_working_day(MONDAY)
    assert calendars.of("of-own").timezone == "Europe/Berlin"
    assert calendars.of("of-plain").timezone == "America/New_York"
    assert not calendars.of("of-plain").is_working_day(MONDAY + timedelta(1))
    assert calendars.of(None) == calendars.of("unheard-of") == calendars.tenant


def test_a_wait_starts_when_asked_and_stands_still_on_hold(plan: Plan) -> None:
    plan.add("before", 0, 0, status="done").done_at = at(11)
    task = plan.add("a", 0, 4, "before", status="waiting")
    task.status_moves = [StatusMove(at=at(10), status="waiting", event_id="e-5")]
    plan.project.status_moves = [
        StatusMove(at=at(12), status="on_hold", event_id="e-6"),
        StatusMove(at=at(14), status="active", event_id="e-7"),
    ]
    clock = waiting_clock(wait_of(plan.project, task), ALONE.tenant, ALONE.tenant, at(17))
    assert clock.state is WaitState.RUNNING
    assert clock.starts_at == at(11)
    assert clock.age_days == 2


def test_a_hold_that_lasts_has_no_end(plan: Plan) -> None:
    plan.project.status_moves = [StatusMove(at=at(12), status="on_hold", event_id="e-6")]
    (hold,) = holds_of(plan.project)
    assert hold.ends_at is None


def test_an_open_or_unstarted_predecessor_keeps_the_clock_from_starting(plan: Plan) -> None:
    plan.add("before", 0, 0)
    task = plan.add("a", 0, 4, "before")
    task.status_moves = [StatusMove(at=at(10), status="waiting", event_id="e-5")]
    assert wait_of(plan.project, task).predecessors_done_at == (None,)
    task.links[0].link = "FF"
    assert wait_of(plan.project, task).predecessors_done_at == ()


def test_a_reopened_project_is_forecast_by_its_open_work(plan: Plan) -> None:
    plan.add("live", 0, 1, status="done").done_at = at(11)
    plan.add("repair", 8, 9)
    plan.project.live_at = at(11)
    plan.project.committed_go_live_on = MONDAY + timedelta(9)
    plan.project.status = "active"
    forecast = forecast_of(plan.project, TENANT, ALONE, MONDAY + timedelta(7))
    assert forecast is not None
    assert (forecast.go_live_on, forecast.leeway_days) == (MONDAY + timedelta(9), 0)
