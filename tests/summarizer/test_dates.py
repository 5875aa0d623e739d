"""Days as said on Thursday the fifth of March 2026."""

from __future__ import annotations

from datetime import date

import pytest

from summarizer.dates import days_in
from tests.summarizer.days import HELD_ON


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("today", "2026-03-05"),
        ("tonight", "2026-03-05"),
        ("by tomorrow", "2026-03-06"),
        ("by Friday", "2026-03-06"),
        ("on Thursday", "2026-03-12"),
        ("this Friday", "2026-03-06"),
        ("next Tuesday", "2026-03-10"),
        ("next Friday", "2026-03-13"),
        ("Friday week", "2026-03-13"),
        ("a week from Tuesday", "2026-03-17"),
        ("a week on Tuesday", "2026-03-17"),
        ("a week today", "2026-03-12"),
        ("Friday next week", "2026-03-13"),
        ("in two weeks", "2026-03-19"),
        ("in ten days", "2026-03-15"),
        ("by the end of next week", "2026-03-13"),
        ("the end of the month", "2026-03-31"),
        ("the end of next month", "2026-04-30"),
        ("by end of May", "2026-05-31"),
        ("by the 14th", "2026-03-14"),
        ("on the first", "2026-04-01"),
        ("the twenty-fourth and twenty-fifth of March", "2026-03-24"),
        ("March sixth", "2026-03-06"),
        ("the second of January", "2027-01-02"),
        ("4 May 2027", "2027-05-04"),
        ("2026-04-30", "2026-04-30"),
    ],
)
def test_a_day_is_resolved_against_the_call(said: str, day: str) -> None:
    assert [found.day for found in days_in(f"I'll do it {said}.", HELD_ON)] == [date.fromisoformat(day)]


@pytest.mark.parametrize("said", ["in May sometime", "soon", "the first thing", "on the ninth floor", "by the summer"])
def test_no_day_is_made_up(said: str) -> None:
    assert days_in(said, HELD_ON) == []


@pytest.mark.parametrize("said", ["by 26 February", "on the fourth of March"])
def test_a_day_that_has_just_passed_is_left_open_and_not_moved_by_a_year(said: str) -> None:
    assert days_in(f"I'll do it {said}.", HELD_ON) == []


def test_a_year_that_was_said_is_taken_as_it_is() -> None:
    assert [found.day for found in days_in("It was due 26 February 2026.", HELD_ON)] == [date(2026, 2, 26)]
