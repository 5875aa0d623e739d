"""The onboarding metrics: worked figures, censored cases, and what is not known."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plan.onboarding.burden import capacity_of
from plan.onboarding.journey import Journey, Period
from plan.onboarding.shares import by_status, customer_tasks, escalations, on_time, portal_adoption
from plan.onboarding.sheet import Wanted, delays, months, sheet
from plan.onboarding.survival import Spell, incidence
from plan.onboarding.value import time_to_value
from store.projections.projects.state import Task
from tests.plan.journeys import day, journey, move, task

D = Decimal
PERIOD = Period(day(0), day(60), day(60))


def valued(done: int | None) -> Task:
    return task("value", 20, done, milestone="success")


def test_kaplan_and_meier_is_what_is_left_without_cancellations() -> None:
    # Five cases: 2 and 5 days, then open at 3, 6 and 8: S = 4/5, then 4/5 · 2/3.
    spells = [Spell(2, "reached"), Spell(3, "open"), Spell(5, "reached"), Spell(6, "open"), Spell(8, "open")]
    curve = incidence(spells)
    assert curve.steps == ((2, Fraction(1, 5)), (5, 1 - Fraction(4, 5) * Fraction(2, 3)))
    assert curve.quantile(Fraction(1, 5)) == 2
    assert curve.quantile(Fraction(1, 2)) is None


def test_a_cancelled_case_never_arrives() -> None:
    ends = incidence([Spell(1, "cancelled"), Spell(2, "reached"), Spell(3, "reached"), Spell(4, "cancelled")])
    assert ends.points[-1].share == D("0.5")
    assert (
        incidence([Spell(1, "open"), Spell(2, "reached"), Spell(3, "reached"), Spell(4, "open")]).points[-1]
        != (ends.points[-1])
    )


spells = st.builds(Spell, st.integers(0, 30), st.sampled_from(["reached", "open", "cancelled"]))


@given(st.lists(spells, max_size=25))
def test_a_curve_only_rises_and_never_passes_one(cases: list[Spell]) -> None:
    shares = [share for _, share in incidence(cases).steps]
    assert shares == sorted(shares)
    assert all(0 < share <= 1 for share in shares)


@given(st.lists(st.integers(0, 30), min_size=1, max_size=25))
def test_without_open_cases_the_median_is_the_plain_one(days: list[int]) -> None:
    median = incidence([Spell(n, "reached") for n in days]).quantile(Fraction(1, 2))
    assert median == sorted(days)[(len(days) - 1) // 2]


def test_projects_still_on_the_way_are_not_dropped() -> None:
    found = time_to_value([journey(valued(10)), journey(valued(20)), journey(valued(None), name="Q")], PERIOD)
    assert (found.median_days, found.reached, found.open) == (20, 2, 1)
    assert [(p.outcome, p.days) for p in found.projects] == [("reached", D(10)), ("reached", D(20)), ("open", D(60))]


def test_time_on_hold_is_left_out_and_shown_apart() -> None:
    moves = [move("on_hold", day(5)), move("active", day(9))]
    found = time_to_value([journey(valued(20), moves=moves)], PERIOD)
    assert (found.median_days, found.median_with_hold_days, found.hold_days) == (16, 20, 4)


def test_time_to_value_that_is_not_known_says_why() -> None:
    assert time_to_value([], PERIOD).reason == "nothing_signed"
    assert time_to_value([journey(task("a", 1, 1))], PERIOD).reason == "no_success_milestone"
    half = time_to_value([journey(valued(10)), journey(valued(None)), journey(valued(None))], PERIOD)
    assert (half.median_days, half.reason, half.quarter_days) == (None, "half_not_reached", 10)


def test_on_time_is_held_against_both_commitments_and_drops_nobody() -> None:
    cancelled = [move("cancelled", day(8))]
    ways = [
        journey(live=10),
        journey(live=14, committed=15, name="moved"),
        journey(name="open"),
        journey(name="held", moves=[move("on_hold", day(9))]),
        journey(name="gone", moves=cancelled),
        journey(name="ahead", due=59, as_of=20),
    ]
    found = on_time(ways, Period(day(0), day(20), day(20)))
    original, current = found.original, found.current
    assert (original.due, original.on_time, original.late) == (5, 1, 1)
    assert (original.overdue, original.on_hold, original.cancelled) == (1, 1, 1)
    assert (original.share, current.share) == (D("0.2"), D("0.4"))
    assert {p.name: p.days for p in original.projects} == {"P": 0, "moved": 4, "open": 50, "held": 50, "gone": None} | {
        "open": 10,
        "held": 10,
    }


def test_a_date_counts_from_the_day_after_unless_it_is_kept() -> None:
    today = Period(day(0), day(10), day(10))
    assert on_time([journey(as_of=10)], today).original.reason == "nothing_due"
    assert on_time([journey(live=10)], today).original.share == 1


def test_customer_tasks_are_held_against_the_first_date() -> None:
    way = journey(
        task("a", 5, 5, track="customer"),
        task("b", 5, 6, track="customer"),
        task("c", 5, None, track="customer"),
        task("d", 5, 9),
        task("e", None, 9, track="customer"),
    )
    found = customer_tasks([way], PERIOD)
    assert (found.count, found.of, found.share) == (1, 3, D("0.3333"))
    assert found.projects[0].outcome == "2 of 3 late"


def test_projects_escalated_are_counted_once_among_those_that_ran() -> None:
    ways = [journey(escalated=[3, 4]), journey(name="Q"), journey(name="over", live=2), journey(signed=50, name="new")]
    found = escalations(ways, Period(day(3), day(20), day(60)))
    assert (found.count, found.of, found.share) == (1, 2, D("0.5"))
    assert escalations([], PERIOD).share is None


def test_what_nobody_recorded_is_no_zero() -> None:
    adoption = portal_adoption()
    assert (adoption.share, adoption.reason) == (None, "nothing_invited")
    assert customer_tasks([], PERIOD).reason == "nothing_due"
    assert delays([], PERIOD).reason == "nothing_slipped"


def test_a_project_that_runs_again_is_re_opened() -> None:
    again = journey(live=10, moves=[])
    assert by_status([again])["live"] == 1
    back = [move("live", day(10)), move("active", day(12))]
    counted = by_status([journey(moves=back), journey(moves=[move("on_hold", day(2))])])
    assert counted == {"active": 0, "on_hold": 1, "live": 0, "re_opened": 1, "closed": 0, "cancelled": 0}


def crowd(managers: int, load: int, live: int) -> list[Journey]:
    """So many managers who each carry that many projects at once; all of a load end alike."""
    return [
        journey(name=f"{load}-{m}-{n}", manager=f"{load}-{m}", live=live) for m in range(managers) for n in range(load)
    ]


def test_the_capacity_is_the_load_above_which_go_lives_come_late() -> None:
    found = capacity_of([*crowd(10, 2, 10), *crowd(6, 3, 10), *crowd(4, 6, 14), *crowd(3, 7, 14)], day(60))
    assert (found.load, found.rate_up_to, found.rate_above) == (D(3), D(1), D(0))
    assert found.lowest == found.highest == 3


@pytest.mark.parametrize(
    ("ways", "reason"),
    [([], "too_few"), (crowd(5, 2, 14), "too_few"), (crowd(20, 2, 10) + crowd(10, 6, 10), "no_fall_seen")],
)
def test_a_capacity_the_data_does_not_show_is_not_claimed(ways: list[Journey], reason: str) -> None:
    found = capacity_of(ways, day(60))
    assert (found.load, found.reason) == (None, reason)


def test_load_is_counted_over_all_projects_of_a_manager() -> None:
    ways = [journey(task("a", 5, None), name="Q"), journey(name="R"), journey(live=5), journey(manager="N")]
    found = sheet(ways, Period(day(0), day(60), day(60)), Wanted(manager_id="M"))
    (load,) = found.burden.managers
    assert (load.load, load.weighted, load.unweighted, load.is_above_capacity) == (2, D(2), 1, None)
    assert D(2) < load.mean_load < D(3)


def test_the_months_of_a_period_cover_it() -> None:
    found = list(months(Period(dt.date(2026, 1, 20), dt.date(2026, 4, 2), dt.date(2026, 3, 15))))
    assert [(m.first, m.last) for m in found] == [
        (dt.date(2026, 1, 20), dt.date(2026, 1, 31)),
        (dt.date(2026, 2, 1), dt.date(2026, 2, 28)),
        (dt.date(2026, 3, 1), dt.date(2026, 3, 31)),
    ]


def test_lost_days_of_the_months_add_up_to_the_period() -> None:
    data = task("data", 6, 30, track="customer")
    way = journey(data, task("live", 10, 34, "data", milestone="go_live"), live=34)
    found = sheet([way], PERIOD)
    assert (found.delays.days, sum(tick.lost_days for tick in found.trend)) == (24, 24)
    assert found.delays.projects[0].outcome == "customer"


def test_nothing_after_the_day_of_the_answer_is_used() -> None:
    early = Period(day(0), day(60), day(8))
    found = sheet([journey(valued(None), as_of=8)], early)
    assert (found.time_to_value.open, found.on_time.original.due, found.delays.days) == (1, 0, 0)
