from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from plan.calendar import weekly
from plan.capacity import Booking, Contract, DayLoad, TimeOff, day_loads
from plan.over_allocation import Grain, Limits, OverAllocation, Window, clearing_set, over_allocations

MONDAY = date(2024, 6, 10)
WEEK = weekly("Europe/Berlin", range(1, 6), Decimal(8))
ANNA = Contract("anna", WEEK)


def on(name: str, first: int, last: int, hours: str, *, project: str = "p-1", is_soft: bool = False) -> Booking:
    """A booking from the `first` to the `last` day after the Monday."""
    return Booking(name, project, MONDAY + timedelta(first), MONDAY + timedelta(last), Decimal(hours), is_soft)


def found(bookings: Sequence[Booking], contract: Contract = ANNA, limits: Limits | None = None) -> list[OverAllocation]:
    loads = day_loads(contract, bookings, MONDAY, MONDAY + timedelta(41))
    return list(over_allocations(loads, limits or Limits()))


def over(finding: OverAllocation) -> dict[int, Decimal | int]:
    return {(w.starts_on - MONDAY).days: w.hours_over for w in finding.windows}


def test_an_uneven_week_of_forty_hours_is_over_on_its_long_days_only() -> None:
    uneven = [on(f"a-{day}", day, day, hours) for day, hours in enumerate(["6", "12", "8", "4", "10"])]
    tuesday, friday = found(uneven)
    assert over(tuesday) == {1: 4}
    assert over(friday) == {4: 2}
    assert tuesday.grain is friday.grain is Grain.DAY
    assert tuesday.violated_grains == (Grain.DAY,)
    assert tuesday.peak_week_share == 1


def test_eighty_and_sixty_percent_on_two_projects_are_one_finding_naming_both() -> None:
    (finding,) = found([on("a-1", 0, 4, "6.4", project="p-1"), on("a-2", 0, 4, "4.8", project="p-2")])
    assert finding.project_ids == ("p-1", "p-2")
    assert finding.allocation_ids == ("a-1", "a-2")
    assert over(finding) == dict.fromkeys(range(5), Decimal("3.2"))
    assert finding.hours_over == 16
    assert finding.violated_grains == (Grain.DAY, Grain.WEEK)


def test_eight_hours_on_an_eight_hour_day_are_no_finding() -> None:
    assert found([on("a-1", 0, 41, "8")]) == []
    assert found([on("a-1", 0, 41, "3.5"), on("a-2", 0, 41, "4.5")]) == []


def test_soft_bookings_violate_nothing_and_do_not_contribute() -> None:
    assert found([on("a-1", 0, 4, "8"), on("a-2", 0, 4, "8", is_soft=True)]) == []
    (finding,) = found([on("a-1", 0, 0, "9"), on("a-2", 0, 0, "8", is_soft=True)])
    assert finding.allocation_ids == ("a-1",)


def test_days_without_capacity_are_never_over() -> None:
    assert found([on("a-1", 5, 6, "12")]) == []
    off = Contract("anna", WEEK, time_off=(TimeOff(MONDAY, MONDAY + timedelta(4)),))
    assert found([on("a-1", 0, 4, "12")], off) == []


def test_a_half_day_off_makes_a_full_booking_too_much() -> None:
    off = Contract("anna", WEEK, time_off=(TimeOff(MONDAY, MONDAY, Decimal(4)),))
    (finding,) = found([on("a-1", 0, 4, "8")], off)
    assert over(finding) == {0: 4}


def test_a_run_passes_over_weekends_holidays_and_days_off() -> None:
    off = Contract("anna", WEEK.with_holidays([MONDAY + timedelta(7)]), time_off=(TimeOff(MONDAY, MONDAY),))
    (finding,) = found([on("a-1", 0, 8, "9")], off)
    assert list(over(finding)) == [1, 2, 3, 4, 8]


def test_a_day_that_fits_breaks_the_run() -> None:
    first, second = found([on("a-1", 0, 4, "8"), on("a-2", 0, 1, "1"), on("a-3", 3, 4, "1")])
    assert (first.allocation_ids, second.allocation_ids) == (("a-1", "a-2"), ("a-1", "a-3"))


def test_a_run_names_every_allocation_that_comes_and_goes_within_it() -> None:
    (finding,) = found([on("a-1", 0, 1, "5"), on("a-2", 0, 2, "4"), on("a-3", 2, 2, "5")])
    assert finding.allocation_ids == ("a-1", "a-2", "a-3")
    assert finding.clearing.allocation_ids == ("a-2",)


def test_the_clearing_set_is_the_smallest_and_then_the_lightest() -> None:
    (finding,) = found([on("a-1", 0, 0, "6"), on("a-2", 0, 0, "4"), on("a-3", 0, 0, "3")])
    assert finding.hours_over == 5
    assert finding.clearing.allocation_ids == ("a-1",)
    (finding,) = found([on("a-1", 0, 0, "4"), on("a-2", 0, 0, "5"), on("a-3", 0, 0, "6")])
    assert finding.clearing.allocation_ids == ("a-1", "a-2")


def test_a_tolerated_day_still_counts_for_its_week() -> None:
    lenient = Limits(day=Decimal("1.5"))
    (finding,) = found([on("a-1", 0, 4, "9")], limits=lenient)
    assert finding.grain is Grain.WEEK
    assert finding.hours_over == 5
    assert (finding.starts_on, finding.ends_on) == (MONDAY, MONDAY + timedelta(4))
    assert finding.clearing.allocation_ids == ("a-1",)


def test_four_weeks_are_reported_only_where_no_finer_grain_is() -> None:
    lenient = Limits(day=Decimal("1.5"), week=Decimal("1.5"))
    (finding,) = found([on("a-1", 0, 41, "9")], limits=lenient)
    assert finding.grain is Grain.FOUR_WEEKS
    assert finding.hours_over == 20
    assert found([on("a-1", 0, 13, "9"), on("a-2", 14, 41, "7")], limits=lenient) == []


def test_a_limit_of_a_tenth_more_lets_a_tenth_more_pass() -> None:
    tenth = Limits(Decimal("1.1"), Decimal("1.1"), Decimal("1.1"))
    assert found([on("a-1", 0, 4, "8.8")], limits=tenth) == []
    assert len(found([on("a-1", 0, 4, "8.9")], limits=tenth)) == 1


bookings = st.lists(
    st.builds(
        lambda n, first, span, hours, is_soft: on(f"a-{n}", first, first + span, hours, is_soft=is_soft),
        st.integers(0, 99),
        st.integers(0, 25),
        st.integers(0, 9),
        st.sampled_from(["1.5", "4", "8"]),
        st.booleans(),
    ),
    max_size=6,
    unique_by=lambda b: b.allocation_id,
)


@given(bookings)
def test_findings_name_exactly_the_days_that_are_over(booked: list[Booking]) -> None:
    loads = day_loads(ANNA, booked, MONDAY, MONDAY + timedelta(41))
    named = [w.starts_on for finding in over_allocations(loads) for w in finding.windows]
    assert named == [load.day for load in loads if load.hard_hours > load.capacity_hours]


@given(bookings)
def test_taking_the_clearing_set_away_clears_and_no_smaller_part_of_it_does(booked: list[Booking]) -> None:
    for finding in found(booked):
        chosen = set(finding.clearing.allocation_ids)
        assert _is_clear(finding.windows, chosen)
        assert not any(_is_clear(finding.windows, chosen - {one}) for one in chosen)


def _is_clear(windows: Sequence[Window], removed: set[str]) -> bool:
    loads = [load for w in windows for load in w.loads]
    return all(
        sum(b.hours_per_day for b in load.bookings if not b.is_soft and b.allocation_id not in removed)
        <= load.capacity_hours
        for load in loads
    )


def test_a_crowded_day_says_when_not_every_set_was_tried() -> None:
    crowd = tuple(on(f"a-{n:02}", 0, 0, str(1 + n % 3)) for n in range(60))
    load = DayLoad(MONDAY, Decimal(8), crowd)
    cleared = clearing_set([Window(MONDAY, MONDAY, load.capacity_hours, load.hard_hours, (load,))])
    assert not cleared.is_minimal
    assert _is_clear(
        [Window(MONDAY, MONDAY, load.capacity_hours, load.hard_hours, (load,))], set(cleared.allocation_ids)
    )


def test_what_fits_needs_no_allocation_taken_away() -> None:
    (load, *_) = day_loads(ANNA, [on("a-1", 0, 0, "8")], MONDAY, MONDAY)
    window = Window(MONDAY, MONDAY, load.capacity_hours, load.hard_hours, (load,))
    assert clearing_set([window]).allocation_ids == ()
