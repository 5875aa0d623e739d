from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plan.calendar import Calendar, weekly
from plan.capacity import (
    Booking,
    Contract,
    TimeOff,
    Utilisation,
    booked_hours,
    day_loads,
    effective_hours,
    free_hours,
    group_utilisation,
)
from tests.plan.strategies import calendars, days

MONDAY = date(2024, 6, 10)
SUNDAY = MONDAY + timedelta(6)
WEEK = weekly("Europe/Berlin", range(1, 6), Decimal(8))
ANNA = Contract("anna", WEEK)


def booked(hours: str, first: date = MONDAY, last: date = SUNDAY, *, is_soft: bool = False) -> Booking:
    return Booking("a-1", "p-1", first, last, Decimal(hours), is_soft)


def away(first: date, last: date, hours: str | None = None) -> Contract:
    return Contract("anna", WEEK, time_off=(TimeOff(first, last, Decimal(hours) if hours else None),))


def test_forty_contracted_hours_less_thirty_two_off_leave_eight() -> None:
    assert effective_hours(ANNA, MONDAY, SUNDAY) == 40
    assert effective_hours(away(MONDAY, MONDAY + timedelta(3)), MONDAY, SUNDAY) == 8


@pytest.mark.parametrize(("hours", "capacity", "percent"), [(100, 80, 125), (80, 112, 71), (20, 40, 50)])
def test_utilisation_is_hours_over_effective_capacity(hours: int, capacity: int, percent: int) -> None:
    share = Utilisation(Decimal(hours), Decimal(capacity)).share
    assert share is not None
    assert round(share * 100) == percent


def test_a_group_is_sum_over_sum() -> None:
    members = [Utilisation(Decimal(80), Decimal(40)), Utilisation(Decimal(0), Decimal(120))]
    assert group_utilisation(members).share == Decimal("0.5")


def test_no_capacity_gives_no_share_and_flags_hours() -> None:
    assert Utilisation(Decimal(0), Decimal(0)).share is None
    assert not Utilisation(Decimal(0), Decimal(0)).has_hours_without_capacity
    assert Utilisation(Decimal(3), Decimal(0)).has_hours_without_capacity
    assert group_utilisation([]).share is None


def test_half_an_allocation_across_a_day_off_books_nothing_that_day() -> None:
    off = away(MONDAY, MONDAY)
    assert booked_hours(booked("4"), off, MONDAY) == 0
    assert booked_hours(booked("4"), off, MONDAY + timedelta(1)) == 4


def test_an_allocation_books_nothing_on_a_weekend_or_outside_its_dates() -> None:
    assert booked_hours(booked("4"), ANNA, SUNDAY) == 0
    assert booked_hours(booked("4"), ANNA, MONDAY - timedelta(7)) == 0


def test_a_half_day_off_leaves_half_the_hours_and_the_booking_whole() -> None:
    (monday, *_) = day_loads(away(MONDAY, MONDAY, "4"), [booked("8")], MONDAY, SUNDAY)
    assert monday.capacity_hours == 4
    assert monday.hard_hours == 8


def test_two_half_days_off_on_one_day_make_a_day_off() -> None:
    half = TimeOff(MONDAY, MONDAY, Decimal(4))
    assert Contract("anna", WEEK, time_off=(half, half)).hours_on(MONDAY) == 0
    assert Contract("anna", WEEK, time_off=(half, half, half)).hours_on(MONDAY) == 0


def test_nobody_has_hours_before_the_first_or_after_the_last_day_employed() -> None:
    brief = Contract("anna", WEEK, starts_on=MONDAY + timedelta(1), ends_on=MONDAY + timedelta(2))
    assert effective_hours(brief, MONDAY, SUNDAY) == 16


def test_a_holiday_has_no_capacity() -> None:
    assert effective_hours(Contract("anna", WEEK.with_holidays([MONDAY])), MONDAY, SUNDAY) == 32


def test_soft_bookings_are_shown_apart() -> None:
    (load, *_) = day_loads(ANNA, [booked("5"), booked("4", is_soft=True)], MONDAY, MONDAY)
    assert load.hard_hours == 5
    assert load.soft_hours == 4
    assert free_hours([load]) == 0
    assert free_hours([load], is_soft_released=True) == 3


def test_an_overbooked_day_lends_nothing_to_the_others() -> None:
    loads = day_loads(ANNA, [booked("12", MONDAY, MONDAY)], MONDAY, MONDAY + timedelta(1))
    assert free_hours(loads) == 8


hours_off = st.none() | st.sampled_from([Decimal(2), Decimal(9)])
absences = st.builds(
    lambda day, span, hours: TimeOff(day, day + timedelta(span), hours), days, st.integers(0, 9), hours_off
)


@given(calendars, st.lists(absences, max_size=5), days, days, days)
def test_capacity_is_never_negative_nor_above_the_contract(
    calendar: Calendar, off: list[TimeOff], starts: date, ends: date, day: date
) -> None:
    contract = Contract("anna", calendar, starts, ends, tuple(off))
    assert 0 <= contract.hours_on(day) <= calendar.hours_on(day)


@given(calendars, st.lists(absences, max_size=5), days)
def test_only_days_with_capacity_carry_a_load(calendar: Calendar, off: list[TimeOff], day: date) -> None:
    contract, last = Contract("anna", calendar, time_off=tuple(off)), day + timedelta(20)
    booking = booked("5", day, last)
    loads = day_loads(contract, [booking], day, last)
    assert sum(load.capacity_hours for load in loads) == effective_hours(contract, day, last)
    every = (day + timedelta(n) for n in range(21))
    assert sum(load.hard_hours for load in loads) == sum(booked_hours(booking, contract, d) for d in every)
