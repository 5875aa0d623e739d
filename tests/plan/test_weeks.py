"""Weeks of people and roles: hours, utilisation, and where more is booked than there is."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from plan.calendar import Calendar, weekly
from plan.capacity import Booking, Contract, TimeOff, effective_hours
from plan.weeks import Cell, Window, cells, placeholder_hours, summed
from tests.plan.strategies import calendars, days

MONDAY = date(2024, 6, 10)
DAY = timedelta(1)
SUNDAY = MONDAY + 6 * DAY
WEEK = weekly("Europe/Berlin", range(1, 6), Decimal(8), [MONDAY + DAY])
ANNA = Contract("anna", WEEK, time_off=(TimeOff(MONDAY, MONDAY, Decimal(4)),))
D = Decimal


def booked(hours: str, *, first: date = MONDAY, last: date = SUNDAY, soft: bool = False, name: str = "a") -> Booking:
    return Booking(name, f"p-{name}", first, last, D(hours), soft)


def one(*bookings: Booking, today: date = MONDAY, contract: Contract = ANNA, **logged: int) -> Cell:
    hours = {("anna", MONDAY): D(logged["logged"])} if logged else {}
    (cell,) = cells(contract, bookings, hours, Window(MONDAY, SUNDAY, today))
    return cell


def test_capacity_is_contract_less_holidays_less_time_off() -> None:
    cell = one()
    assert (cell.contracted, cell.holiday, cell.time_off, cell.capacity) == (D(40), D(8), D(4), D(28))


def test_soft_hours_stand_apart_and_count_for_no_utilisation() -> None:
    cell = one(booked("7"), booked("2", soft=True, name="b"))
    assert (cell.hard, cell.soft, cell.scheduled.share) == (D(28), D(8), D(1))
    assert cell.over == 3  # seven hours on a half day
    assert one(booked("7", first=MONDAY + 2 * DAY)).is_over_allocated is False


def test_logged_hours_are_the_past_and_no_claim_of_the_future() -> None:
    ahead = one(today=MONDAY - DAY, logged=3)
    assert (ahead.logged, ahead.actual) == (None, None)
    under_way = one(today=MONDAY + DAY, logged=3)
    assert (under_way.logged, under_way.actual) == (D(3), None)
    past = one(today=SUNDAY + DAY, logged=7).actual
    assert past is not None
    assert past.share == D("0.25")


def test_no_capacity_gives_no_share_and_flags_hours() -> None:
    away = Contract("anna", WEEK, time_off=(TimeOff(MONDAY, SUNDAY),))
    cell = one(booked("8"), contract=away, today=SUNDAY + DAY, logged=5)
    assert (cell.hard, cell.scheduled.share, cell.is_over_allocated) == (D(0), None, False)
    assert cell.actual is not None
    assert cell.actual.has_hours_without_capacity


def test_eighty_and_sixty_per_cent_are_one_week_over_by_forty() -> None:
    plain = Contract("ben", weekly("UTC", range(1, 6), D(8)))
    cell = one(booked("6.4"), booked("4.8", name="b"), contract=plain)
    assert (cell.scheduled.share, cell.over, cell.is_over_allocated) == (D("1.4"), D(16), True)


def test_a_window_that_cuts_a_week_is_not_over_by_what_it_does_not_show() -> None:
    window = Window(MONDAY + 2 * DAY, SUNDAY + 3 * DAY, MONDAY)
    found = cells(ANNA, [booked("8", first=MONDAY, last=MONDAY)], {}, window)
    assert [(c.starts_on, c.ends_on) for c in found] == [
        (MONDAY + 2 * DAY, SUNDAY),
        (SUNDAY + DAY, SUNDAY + 3 * DAY),
    ]
    assert not any(c.is_over_allocated for c in found)


def test_placeholders_count_from_today_on_only() -> None:
    window = Window(MONDAY, SUNDAY + 7 * DAY, MONDAY + 3 * DAY)
    assert placeholder_hours([booked("4", last=SUNDAY + 7 * DAY)], ANNA, window) == (D(8), D(20))


hours = st.decimals(0, 12, places=1)
bookings = st.builds(
    lambda first, length, hours, soft: Booking("a", "p", first, first + length * DAY, hours, soft),
    days,
    st.integers(0, 40),
    hours,
    st.booleans(),
)


@given(calendars, st.lists(bookings, max_size=4), days, st.integers(0, 60), days)
def test_weeks_and_days_add_up_to_the_same_window(
    calendar: Calendar, booked: list[Booking], first: date, length: int, today: date
) -> None:
    contract = Contract("anna", calendar)
    last = first + length * DAY
    by_week = cells(contract, booked, {}, Window(first, last, today))
    by_day = cells(contract, booked, {}, Window(first, last, today, "day"))
    for name in ("contracted", "holiday", "time_off", "capacity", "hard", "soft"):
        assert sum(getattr(c, name) for c in by_week) == sum(getattr(c, name) for c in by_day), name
    assert sum((c.capacity for c in by_week), D(0)) == effective_hours(contract, first, last)


def test_a_role_is_sum_over_sum() -> None:
    ben = Contract("ben", weekly("UTC", range(1, 6), D(8)))
    window = Window(MONDAY, SUNDAY, MONDAY)
    (both,) = summed([cells(ANNA, [booked("7")], {}, window), cells(ben, [], {}, window)])
    assert (both.capacity, both.hard, both.scheduled.share) == (D(68), D(28), D("0.4118"))
