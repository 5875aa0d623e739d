"""Over-allocation: found when true, silent on everything that only looks like it, the same on every day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plan.over_allocation import Grain, Limits
from risk.detectors.over_allocation import DEFAULT, Settings, detect, measure, settings_of, spans_of
from risk.findings import Finding
from store.events import Fact
from tests.agents.staging import (
    CONFLICT,
    MONDAY,
    Stage,
    allocation_id,
    away,
    booking,
    day,
    person,
    person_id,
    project_id,
)


def found(
    facts: Sequence[Fact], *, on: dt.date = MONDAY, settings: Settings = DEFAULT, who: str = "Over"
) -> list[Finding]:
    world = Stage(facts, on=on).world()
    return detect(world.people[person_id(who)], world.tenant, on, settings)


def week(name: str, project: str, hours: str, *, firmness: str = "hard") -> Fact:
    return booking(name, "Over", project, "2024-01-22", "2024-01-26", hours, firmness=firmness)


def figures(finding: Finding) -> dict[str, Decimal]:
    return {number.name: number.value for number in finding.numbers}


def test_two_bookings_beyond_the_day_are_one_finding_that_names_both() -> None:
    (finding,) = found(CONFLICT)
    assert finding.rule_id == "over_allocation.day.v1"
    assert (finding.first_on, finding.last_on) == (day("2024-01-24"), day("2024-01-26"))
    assert set(finding.subject_ids) == {person_id("Over"), allocation_id("A-1"), allocation_id("A-2")}
    assert finding.project_id == project_id("P-2")
    assert finding.other_project_ids == (project_id("P-1"),)
    assert figures(finding) == {
        "hours_over": 6,
        "peak_hours_over": 2,
        "booked_hours": 30,
        "capacity_hours": 24,
        "utilisation": 125,
        "peak_week_utilisation": 105,
        "windows_over": 3,
    }
    assert finding.severity == "medium"


def test_eighty_and_sixty_per_cent_are_one_finding() -> None:
    (finding,) = found(
        [
            booking("A", "Over", "P-1", "2024-01-16", "2024-01-16", "6.4"),
            booking("B", "Over", "P-2", "2024-01-16", "2024-01-16", "4.8"),
        ]
    )
    assert figures(finding)["utilisation"] == 140


@pytest.mark.parametrize(
    "facts",
    [
        [booking("A", "Over", "P-1", "2024-01-22", "2024-01-26", "8")],
        [week("A", "P-1", "5"), week("B", "P-2", "3")],
        [booking("A", "Over", "P-1", "2024-01-20", "2024-01-21", "20")],
        [booking("A", "Over", "P-1", "2024-01-22", "2024-01-23", "12"), away("Over", "2024-01-22", "2024-01-23")],
        [week("A", "P-1", "8"), week("B", "P-2", "8", firmness="soft")],
        [booking("A", None, "P-1", "2024-01-22", "2024-01-26", "30")],
        [booking("A", "Over", "P-1", "2024-01-22", "2024-01-22", "8.2")],
    ],
    ids=["full", "full_by_two", "weekend", "time_off", "soft", "placeholder", "immaterial"],
)
def test_look_alikes_are_no_finding(facts: list[Fact]) -> None:
    assert found(facts) == []


def test_an_integration_account_owns_nothing() -> None:
    facts = [person("Bot", employment="integration"), booking("A", "Bot", "P-1", "2024-01-22", "2024-01-26", "12")]
    assert found(facts, who="Bot") == []


def test_a_half_day_off_halves_the_day() -> None:
    half = away("Over", "2024-01-23", "2024-01-23", "4")
    (finding,) = found([booking("A", "Over", "P-1", "2024-01-22", "2024-01-24", "8"), half])
    assert (finding.first_on, finding.last_on) == (day("2024-01-23"), day("2024-01-23"))
    assert figures(finding)["hours_over"] == 4


def test_a_finding_is_reported_from_six_weeks_before_its_first_day_until_its_last_has_passed() -> None:
    silent = [day("2023-12-12"), day("2024-01-27")]
    spoken = [day("2023-12-13"), day("2024-01-24"), day("2024-01-26")]
    assert [len(found(CONFLICT, on=on)) for on in silent] == [0, 0]
    assert [len(found(CONFLICT, on=on)) for on in spoken] == [1, 1, 1]


@given(st.integers(0, 44))
def test_a_finding_is_the_same_on_every_day_it_is_looked_at(later: int) -> None:
    on = day("2023-12-13") + dt.timedelta(days=later)
    (finding,) = found(CONFLICT, on=on)
    (first,) = found(CONFLICT, on=day("2023-12-13"))
    assert (finding.subject_key, finding.numbers, finding.subject_ids) == (
        first.subject_key,
        first.numbers,
        first.subject_ids,
    )


def test_the_booking_that_tipped_it_over_names_the_project_whatever_comes_later() -> None:
    (finding,) = found([week("A", "P-1", "6"), week("B", "P-2", "4"), week("C", "P-1", "20")])
    assert finding.project_id == project_id("P-2")


def test_a_looser_day_reports_the_week() -> None:
    settings = Settings(limits=Limits(day=Decimal(2), week=Decimal(1), four_weeks=Decimal(1)))
    (finding,) = found(CONFLICT, settings=settings)
    assert finding.rule_id == "over_allocation.week.v1"
    assert figures(finding)["hours_over"] == 2


def test_a_finding_repeats_from_its_own_inputs() -> None:
    (finding,) = found(CONFLICT)
    world = Stage(CONFLICT).world()
    again = measure(
        world.contract(person_id("Over")),
        world.bookings(person_id("Over")),
        Grain(finding.inputs["grain"]),
        spans_of(finding.inputs),
        settings_of(finding.inputs),
    )
    assert again == finding.numbers


def test_the_evidence_is_the_facts_that_make_it_so() -> None:
    stage = Stage()
    ids = stage.tell(
        [
            *CONFLICT,
            away("Over", "2024-01-25", "2024-01-25", "2"),
            booking("far", "Over", "P-1", "2024-05-01", "2024-05-02", "1"),
        ]
    )
    world = stage.world()
    (finding,) = detect(world.people[person_id("Over")], world.tenant, MONDAY)
    assert set(finding.evidence) == {*ids[:3], world.people[person_id("Over")].event_id}
