from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from plan.calendar import Calendar, weekly
from plan.waiting import Hold, Wait, WaitingClock, WaitState, clock_start, waiting_clock
from tests.plan.strategies import calendars

TENANT = weekly("Europe/Berlin", range(1, 6), Decimal(8))
NEW_YORK = weekly("America/New_York", range(1, 6), Decimal(8), [date(2024, 6, 19)])


def at(day: int, hour: int = 10) -> datetime:
    return datetime(2024, 6, day, hour, tzinfo=UTC)


def read(wait: Wait, now: datetime, owner: Calendar = TENANT) -> WaitingClock:
    return waiting_clock(wait, owner, TENANT, now)


def test_the_clock_starts_at_the_latest_of_its_three_conditions() -> None:
    done, told, planned = at(10), at(11), date(2024, 6, 12)
    assert clock_start(Wait(told, None, (done,)), TENANT) == told
    assert clock_start(Wait(done, None, (told, done)), TENANT) == told
    assert clock_start(Wait(told, planned, (done,)), TENANT) == datetime(2024, 6, 11, 22, tzinfo=UTC)


def test_an_owner_who_was_never_told_does_not_wait() -> None:
    clock = read(Wait(None, date(2024, 6, 3)), at(28))
    assert clock.state is WaitState.NOT_STARTED
    assert clock.age_days is None


def test_an_open_predecessor_keeps_the_clock_from_starting() -> None:
    assert read(Wait(at(3), None, (at(4), None)), at(28)).state is WaitState.NOT_STARTED


def test_without_links_the_other_two_conditions_decide() -> None:
    clock = read(Wait(at(10), date(2024, 6, 11)), at(14))
    assert clock.state is WaitState.RUNNING
    assert clock.age_days == 3


def test_the_age_is_counted_on_the_owners_calendar() -> None:
    wait = Wait(at(18, 15))
    assert read(wait, at(20, 15)).age_days == 2
    theirs = read(wait, at(20, 15), NEW_YORK)
    assert theirs.age_days == 1
    assert theirs.age_hours == 8


def test_the_owners_day_counts_not_the_tenants() -> None:
    late = datetime(2024, 6, 11, 3, tzinfo=UTC)  # still Monday evening in New York
    assert read(Wait(late), at(11, 20), NEW_YORK).age_days == 1
    assert read(Wait(late), at(11, 20)).age_days == 0


def test_a_hold_stops_the_clock() -> None:
    wait = Wait(at(10), holds=(Hold(at(11), at(13)),))
    assert read(wait, at(12)).state is WaitState.ON_HOLD
    assert read(wait, at(12)).age_days == 1
    resumed = read(wait, at(14))
    assert resumed.state is WaitState.RUNNING
    assert resumed.age_days == 2
    assert resumed.age_hours == 16


def test_overlapping_holds_stop_the_clock_once() -> None:
    wait = Wait(at(10), holds=(Hold(at(12)), Hold(at(11), at(13))))
    assert read(wait, at(20)).age_hours == 8


def test_the_clock_stops_when_the_task_is_done() -> None:
    wait = Wait(at(10), done_at=at(12))
    assert read(wait, at(11)).state is WaitState.RUNNING
    clock = read(wait, at(28))
    assert clock.state is WaitState.STOPPED
    assert clock.stops_at == at(12)
    assert clock.age_days == 2


def test_work_done_before_anyone_was_told_never_waited() -> None:
    for told in (None, at(20)):
        clock = read(Wait(told, done_at=at(12)), at(13))
        assert clock.state is WaitState.STOPPED
        assert clock.age_days == 0


instants = st.integers(0, 60 * 24).map(lambda hours: at(1) + timedelta(hours=hours))
holds = st.lists(st.builds(Hold, instants, st.none() | instants), max_size=3).map(tuple)


@given(calendars, instants, holds, instants, instants)
def test_the_age_never_falls_and_never_exceeds_the_time_passed(
    owner: Calendar, told: datetime, held: tuple[Hold, ...], now: datetime, later: datetime
) -> None:
    now, later = min(now, later), max(now, later)
    wait = Wait(
        told, holds=tuple(Hold(h.starts_at, h.ends_at) for h in held if h.ends_at is None or h.ends_at > h.starts_at)
    )
    first, second = read(wait, now, owner), read(wait, later, owner)
    if first.age_hours is not None and second.age_hours is not None:
        assert 0 <= first.age_hours <= second.age_hours + Decimal("0.001")
        assert timedelta(hours=float(second.age_hours)) <= later - told + timedelta(seconds=1)
        assert first.age_days is not None
        assert second.age_days is not None
        assert 0 <= first.age_days <= second.age_days
