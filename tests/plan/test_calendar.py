from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plan.calendar import Calendar, weekly
from store.errors import Invalid
from tests.plan.strategies import calendars, days

BERLIN = weekly("Europe/Berlin", range(1, 6), Decimal(8), [date(2024, 5, 1), date(2024, 5, 9)])
instants = st.datetimes(datetime(2023, 1, 1), datetime(2026, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def walked(calendar: Calendar, start: date, end: date) -> list[date]:
    span = (start + timedelta(n) for n in range(1, (end - start).days + 1))
    return [day for day in span if calendar.is_working_day(day)]


@given(calendars, days, st.integers(0, 400))
def test_counting_equals_walking(calendar: Calendar, start: date, length: int) -> None:
    end = start + timedelta(length)
    worked = walked(calendar, start, end)
    assert calendar.working_days_between(start, end) == len(worked)
    assert calendar.working_days_between(end, start) == -len(worked)
    assert calendar.hours_between(start, end) == sum(map(calendar.hours_on, worked))


@given(calendars, days, st.integers(-300, 300))
def test_adding_and_counting_are_inverse(calendar: Calendar, day: date, count: int) -> None:
    there = calendar.add_working_days(day, count)
    assert calendar.working_days_between(day, there) == count
    assert count == 0 or calendar.is_working_day(there)


@given(calendars, days)
def test_nearest_working_days_enclose_a_date(calendar: Calendar, day: date) -> None:
    before, after = calendar.on_or_before(day), calendar.on_or_after(day)
    assert before <= day <= after
    assert calendar.working_days_between(before, after) == int(before != after)


@given(calendars, instants, instants, instants)
def test_working_time_adds_up(calendar: Calendar, a: datetime, b: datetime, c: datetime) -> None:
    whole = calendar.working_time_between(a, c)
    assert whole == calendar.working_time_between(a, b) + calendar.working_time_between(b, c)
    assert a > c or timedelta(0) <= whole <= c - a


@given(calendars, instants)
def test_no_working_time_passes_before_the_next_working_instant(calendar: Calendar, at: datetime) -> None:
    opening = calendar.next_working_instant(at)
    assert at <= opening
    assert not calendar.working_time_between(at, opening)
    assert calendar.working_time_between(opening, opening + timedelta(seconds=1)) > timedelta(0)


def test_a_holiday_is_no_working_day() -> None:
    assert BERLIN.working_days_between(date(2024, 4, 30), date(2024, 5, 2)) == 1
    assert BERLIN.add_working_days(date(2024, 4, 30), 1) == date(2024, 5, 2)


def test_a_holiday_on_a_weekend_changes_nothing() -> None:
    more = BERLIN.with_holidays([date(2024, 6, 1)])
    assert more.working_days_between(date(2024, 5, 31), date(2024, 6, 3)) == 1


def test_from_a_weekend_one_day_back_passes_friday() -> None:
    saturday = date(2024, 6, 15)
    assert BERLIN.add_working_days(saturday, 0) == saturday
    assert BERLIN.add_working_days(saturday, 1) == date(2024, 6, 17)
    assert BERLIN.add_working_days(saturday, -1) == date(2024, 6, 13)


def test_a_working_day_spans_nine_to_five() -> None:
    opens, closes = BERLIN.working_window(date(2024, 6, 14))
    assert opens == datetime(2024, 6, 14, 7, tzinfo=UTC)
    assert closes - opens == timedelta(hours=8)


def test_work_over_a_weekend_counts_friday_and_monday_only() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    friday, monday = datetime(2024, 6, 14, 15, tzinfo=berlin), datetime(2024, 6, 17, 10, 30, tzinfo=berlin)
    assert BERLIN.working_hours_between(friday, monday) == Decimal("3.5")


def test_a_clock_change_costs_no_working_time() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    for saturday in (date(2024, 3, 30), date(2024, 10, 26)):
        before, after = saturday - timedelta(1), saturday + timedelta(2)
        start = datetime(before.year, before.month, before.day, 12, tzinfo=berlin)
        end = datetime(after.year, after.month, after.day, 12, tzinfo=berlin)
        assert BERLIN.working_hours_between(start, end) == 5 + 3


def test_a_day_that_loses_an_hour_to_summer_time_is_counted_as_it_elapses() -> None:
    always = weekly("Europe/Berlin", range(1, 8), Decimal(24))
    lost = always.start_of_day(date(2024, 4, 1)) - always.start_of_day(date(2024, 3, 31))
    assert lost == timedelta(hours=23)
    assert always.local_date(always.end_of_day(date(2024, 3, 31))) == date(2024, 3, 31)


def test_a_day_whose_midnight_does_not_exist_starts_an_hour_later() -> None:
    cairo = weekly("Africa/Cairo", range(1, 6), Decimal(8))
    friday = date(2024, 4, 26)
    assert cairo.start_of_day(friday) == datetime(2024, 4, 25, 22, tzinfo=UTC)
    assert cairo.local_date(cairo.end_of_day(date(2024, 4, 25))) == date(2024, 4, 25)


def test_a_bare_date_means_the_end_of_that_day_in_the_zone() -> None:
    assert BERLIN.end_of_day(date(2024, 6, 14)) == datetime(2024, 6, 14, 21, 59, 59, 999999, tzinfo=UTC)
    tokyo = BERLIN.with_timezone("Asia/Tokyo")
    assert tokyo.local_date(datetime(2024, 6, 14, 21, 59, tzinfo=UTC)) == date(2024, 6, 15)


def test_a_half_day_has_half_the_hours_and_is_still_a_working_day() -> None:
    eve = date(2024, 12, 24)
    half = Calendar("Europe/Berlin", BERLIN.weekday_hours, frozenset(), frozenset([(eve, Decimal(4))]))
    assert half.hours_on(eve) == 4
    assert half.is_working_day(eve)
    noon = datetime(2024, 12, 24, 12, tzinfo=UTC)
    assert half.next_working_instant(noon) == datetime(2024, 12, 25, 8, tzinfo=UTC)


def test_a_short_day_never_adds_hours() -> None:
    sunday = date(2024, 6, 16)
    odd = Calendar("UTC", BERLIN.weekday_hours, frozenset(), frozenset([(sunday, Decimal(4))]))
    assert odd.hours_on(sunday) == 0


def test_a_part_time_day_is_shorter_and_a_short_friday_stays_short() -> None:
    week = tuple(map(Decimal, (8, 8, 8, 8, 4, 0, 0)))
    part = Calendar("UTC", week).with_full_day(Decimal(6))
    assert part.weekday_hours == tuple(map(Decimal, (6, 6, 6, 6, 4, 0, 0)))


def test_a_calendar_without_work_says_so() -> None:
    never = BERLIN.with_full_day(Decimal(0))
    assert never.working_days_between(date(2024, 1, 1), date(2025, 1, 1)) == 0
    with pytest.raises(Invalid, match="no such working day"):
        never.add_working_days(date(2024, 1, 1), 1)
    with pytest.raises(Invalid, match="no such working day"):
        BERLIN.add_working_days(date(9999, 12, 30), 30)


@pytest.mark.parametrize("week", [(8,) * 6, (8, 8, 8, 8, 25, 0, 0), (8, 8, 8, 8, -1, 0, 0)])
def test_a_week_that_is_none_is_refused(week: tuple[int, ...]) -> None:
    with pytest.raises(Invalid, match="seven hour counts"):
        Calendar("UTC", tuple(map(Decimal, week)))


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(Invalid, match="Mars/Olympus"):
        Calendar("Mars/Olympus", BERLIN.weekday_hours)


def test_an_instant_without_offset_is_refused() -> None:
    with pytest.raises(Invalid, match="no offset"):
        BERLIN.local_date(datetime(2024, 1, 1))  # noqa: DTZ001
