"""What a project costs, will cost and earns."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from plan.money import Statement, drift, margin, staffing, statement, variance
from store.events import ExchangeRateSet, RateSet
from store.ids import PersonId
from store.projections.people.fold import PersonState
from store.projections.projects.state import ChangeRequest, Expense, ProjectState
from store.projections.tenants.fold import TenantState
from tests.plan.ledgers import AS_OF, TENANT, booked, entry, person, project, task


def _of(state: ProjectState, *people: PersonState, tenant: TenantState = TENANT) -> Statement:
    return statement(state, tenant, {each.person_id: each for each in people or (person(),)}, AS_OF)


def _amounts(*values: int | Decimal | None) -> tuple[Decimal | None, ...]:
    return tuple(None if value is None else Decimal(value) for value in values)


def test_actual_and_remaining_work_at_its_rates_make_the_cost_at_completion() -> None:
    money = _of(project([task("a", "10", status="done"), task("b", "30")], [entry("a", "10")]))
    assert (money.actual_cost, money.etc_cost, money.eac) == _amounts(500, 1500, 2000)
    assert (money.margin_forecast, money.drift_points, money.variance) == _amounts(Decimal("0.5000"), 0, 0)


def test_an_hour_costs_what_it_cost_on_its_day() -> None:
    rates = [
        RateSet(
            person_id=PersonId("ann"), kind="cost", amount_per_hour=Decimal(amount), currency="EUR", valid_from=first
        )
        for amount, first in ((40, date(2026, 1, 1)), (60, date(2026, 3, 10)))
    ]
    state = project([task("a", "20", status="done")], [entry("a", "10"), entry("a", "10", date(2026, 3, 12))])
    assert _of(state, tenant=TenantState(currency="EUR", rates=rates)).actual_cost == 1000


def test_finished_work_that_overran_makes_the_rest_dearer_and_one_that_went_well_not_cheaper() -> None:
    over = _of(project([task("a", "10", status="done"), task("b", "30")], [entry("a", "20")]))
    under = _of(project([task("a", "10", status="done"), task("b", "30")], [entry("a", "5")]))
    assert over.performance > 1 > under.performance
    assert over.etc_hours > 30 == under.etc_hours


def test_hours_beyond_the_estimate_leave_something_to_do_while_the_task_is_open() -> None:
    assert _of(project([task("a", "10", status="in_progress")], [entry("a", "40")])).etc_hours >= 1


def test_a_finished_task_without_any_sheet_is_accrued_and_not_free() -> None:
    money = _of(project([task("a", "10", status="done")], []))
    assert (money.actual_cost, money.accrued_hours, money.accrued_cost, money.eac) == _amounts(0, 10, 500, 500)


def test_booked_weeks_without_a_sheet_are_accrued_and_not_counted_twice() -> None:
    ann = booked(person(), date(2026, 3, 2), date(2026, 3, 13))
    money = _of(project([task("a", "60", status="in_progress")], []), ann)
    assert (money.accrued_hours, money.etc_hours, money.eac) == _amounts(40, 20, 3000)
    submitted = _of(project([task("a", "60", status="in_progress")], [entry("a", "20")]), ann)
    assert submitted.accrued_hours == 20


def test_what_was_submitted_later_replaces_what_was_accrued() -> None:
    ann = booked(person(), date(2026, 3, 2), date(2026, 3, 6))
    before = _of(project([task("a", "60", status="in_progress")], []), ann)
    after = _of(project([task("a", "60", status="in_progress")], [entry("a", "20")]), ann)
    assert before.eac == after.eac


def test_an_accepted_change_raises_fee_and_budget_and_others_do_not() -> None:
    state = project([task("a", "40")], [])
    for number, decision in enumerate(("accepted", "absorbed", "pending", "rejected")):
        state.change_requests[str(number)] = ChangeRequest(
            change_request_id=str(number),
            at=datetime(2026, 3, 1, tzinfo=UTC),
            hours=Decimal(10),
            amount=Decimal(1000),
            currency="EUR",
            decision=decision,
        )
    money = _of(state)
    assert (money.revenue, money.budget_cost) == _amounts(5000, 2500)


def test_expenses_are_spent_when_their_day_has_come_and_still_to_spend_before() -> None:
    state = project([], [], budget_hours=Decimal(0))
    for expense_id, day in (("past", date(2026, 3, 1)), ("ahead", date(2026, 4, 1))):
        state.expenses[expense_id] = Expense(
            expense_id=expense_id, incurred_on=day, amount=Decimal(100), currency="EUR", is_planned=True, event_id="e"
        )
    money = _of(state)
    assert (money.actual_cost, money.etc_cost, money.eac) == _amounts(100, 100, 200)


def test_no_currency_is_added_to_another_without_a_dated_rate() -> None:
    state = project([task("a", "10")], [], currency="USD")
    money = _of(state)
    assert money.eac is None
    assert money.missing == ("no exchange rate from EUR to USD",)
    late = ExchangeRateSet(from_currency="EUR", to_currency="USD", rate=Decimal(2), valid_on=date(2026, 5, 1))
    known = ExchangeRateSet(from_currency="EUR", to_currency="USD", rate=Decimal("1.1"), valid_on=date(2026, 1, 1))
    assert _of(state, tenant=TenantState(currency="EUR", exchange_rates=[known])).eac == 550
    due = project([task("a", "10", status="done")], [entry("a", "10")], currency="USD")
    assert _of(due, tenant=TenantState(currency="EUR", exchange_rates=[late])).actual_cost is None


def test_two_foreign_currencies_meet_in_the_tenants() -> None:
    rates = [
        ExchangeRateSet(from_currency=foreign, to_currency="EUR", rate=Decimal(rate), valid_on=date(2026, 1, 1))
        for foreign, rate in (("GBP", "1.2"), ("USD", "0.8"))
    ]
    state = project([task("a", "10")], [], currency="USD")
    assert _of(state, person(currency="GBP"), tenant=TenantState(currency="EUR", exchange_rates=rates)).eac == 750


def test_a_missing_rate_is_said_and_not_taken_for_nothing() -> None:
    money = _of(project([task("a", "10")], []), person(cost=None))
    assert (money.eac, money.margin_forecast, money.drift_points) == _amounts(None, None, None)
    assert money.missing == ("no cost rate of engineer",)


def test_time_and_material_is_capped_and_what_stays_below_is_lost() -> None:
    below = _of(project([task("a", "30")], [], fee_type="time_and_material"))
    above = _of(project([task("a", "50")], [], fee_type="time_and_material"))
    assert (below.revenue, above.revenue) == _amounts(3000, 4000)


def test_work_without_efforts_is_judged_by_the_budget_of_hours() -> None:
    money = _of(project([task("a", None), task("b", None)], [entry("a", "10")]))
    assert (money.etc_hours, money.eac) == _amounts(30, 2000)
    unknown = _of(project([task("a", None)], [], budget_hours=None))
    assert unknown.eac is None
    assert "neither effort on tasks nor budgeted hours" in unknown.missing


def test_unbilled_projects_have_a_cost_and_no_margin() -> None:
    money = _of(project([task("a", "10")], [], fee_type="non_billable", fee=None))
    assert (money.eac, money.margin_forecast) == _amounts(500, None)


def test_work_that_nobody_is_booked_for_is_shown() -> None:
    ann = booked(person(), AS_OF, date(2026, 3, 17), "8")
    staffed = staffing(project([task("a", "40")], []), TENANT, {"ann": ann}, AS_OF)
    assert (staffed.booked_hours, staffed.unstaffed_hours, staffed.unstaffed_cost) == _amounts(16, 24, 1200)
    assert staffed.peers_eac == 800


def test_margins_and_variance_have_their_signs() -> None:
    assert margin(Decimal(100), Decimal(60)) == Decimal("0.4")
    assert margin(Decimal(0), Decimal(60)) is None
    assert drift(Decimal("0.40"), Decimal("0.455")) == Decimal("-5.50")
    assert variance(Decimal(100), Decimal(120)) == -20


HOURS = st.decimals(min_value=0, max_value=200, places=2)
STATUSES = st.sampled_from(["todo", "in_progress", "waiting", "done", "cancelled"])
WORKS = st.lists(st.tuples(HOURS, STATUSES, HOURS), min_size=1, max_size=5)


@given(WORKS)
def test_cost_is_never_negative_and_completion_never_below_what_is_spent(
    works: list[tuple[Decimal, str, Decimal]],
) -> None:
    tasks = [task(str(n), str(effort), status=status) for n, (effort, status, _) in enumerate(works)]
    time = [entry(str(n), str(hours)) for n, (_, _, hours) in enumerate(works)]
    money = _of(project(tasks, time), booked(person(), date(2026, 3, 2), date(2026, 4, 2)))
    assert money.actual_cost is not None
    assert money.cost_incurred is not None
    assert money.eac is not None
    assert 0 <= money.actual_cost <= money.cost_incurred <= money.eac
    assert money.etc_hours >= 0
    assert money.revenue == 4000


@given(WORKS, HOURS)
def test_more_work_to_do_never_costs_less(works: list[tuple[Decimal, str, Decimal]], more: Decimal) -> None:
    tasks = [task(str(n), str(effort), status=status) for n, (effort, status, _) in enumerate(works)]
    base = _of(project([*tasks, task("x", "0")], []))
    grown = _of(project([*tasks, task("x", str(more))], []))
    assert base.eac is not None
    assert grown.eac is not None
    assert grown.eac >= base.eac
