"""The worked figures of revenue recognition, and what holds for every method."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from plan.revenue import (
    Recognised,
    by_allocated_hours,
    by_approved_time,
    by_budgeted_hours,
    by_milestones,
    cost_to_cost,
    straight_line,
)

AMOUNTS = st.decimals(min_value=0, max_value=10**7, places=2)


def _amount(recognised: Recognised | None) -> Decimal | None:
    return recognised.amount if recognised else None


def test_eight_of_eighty_hours_on_sixteen_thousand_are_sixteen_hundred() -> None:
    assert _amount(by_budgeted_hours(Decimal(16000), Decimal(8), Decimal(80))) == 1600
    assert _amount(by_allocated_hours(Decimal(16000), Decimal(8), Decimal(80))) == 1600


def test_cost_to_cost_earns_the_share_of_the_whole_cost() -> None:
    assert cost_to_cost(Decimal(10000), Decimal(2000), Decimal(6000)) == Recognised(Decimal("2500.00"))


def test_wasted_effort_earns_nothing() -> None:
    assert _amount(cost_to_cost(Decimal(10000), Decimal(3000), Decimal(6000), wasted=Decimal(1000))) == 2500


def test_a_loss_that_is_foreseen_is_provided_for_at_once() -> None:
    recognised = cost_to_cost(Decimal(8000), Decimal(5000), Decimal(5000))
    assert recognised == Recognised(Decimal("4000.00"), loss_provision=Decimal("1000.00"))


def test_nothing_is_divided_by_zero() -> None:
    assert cost_to_cost(Decimal(100), Decimal(0), Decimal(0)) is None
    assert by_budgeted_hours(Decimal(100), Decimal(8), Decimal(0)) is None
    assert by_allocated_hours(Decimal(100), Decimal(8), Decimal(0)) is None
    assert straight_line(Decimal(100), date(2026, 2, 1), date(2026, 1, 1), date(2026, 1, 1)) is None


def test_straight_line_counts_both_ends() -> None:
    first, last = date(2026, 1, 1), date(2026, 1, 10)
    shares = [_amount(straight_line(Decimal(1000), first, last, day)) for day in (date(2025, 12, 31), first, last)]
    assert shares == [Decimal(0), Decimal(100), Decimal(1000)]


def test_unapproved_time_is_accrued_and_marked_and_the_cap_binds_both() -> None:
    assert by_approved_time(Decimal(900), Decimal(300)) == Recognised(Decimal("900.00"), accrued=Decimal("300.00"))
    assert by_approved_time(Decimal(900), Decimal(300), cap=Decimal(1000)).accrued == 100


def test_milestones_earn_what_was_accepted_up_to_the_fee() -> None:
    assert by_milestones(Decimal(1000), [Decimal(400), Decimal(700)]).amount == 1000


@given(AMOUNTS, AMOUNTS, AMOUNTS)
def test_no_method_passes_the_fee_or_falls_below_nothing(fee: Decimal, done: Decimal, rest: Decimal) -> None:
    for recognised in (cost_to_cost(fee, done, rest), by_budgeted_hours(fee, done, rest)):
        assert recognised is None or 0 <= recognised.amount <= fee
