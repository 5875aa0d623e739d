"""Announced absences: read in several languages and date forms, never invented."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.absences import announced

SAID_ON = dt.date(2024, 5, 30)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Hi,\n\nOut of office 05 July 2024 to 18 July 2024, back 19 July 2024.", "2024-07-05", "2024-07-18"),
        ("Urlaub von 06.07.2024 bis 26.07.2024, zurück am 27.07.2024.\n\nMarta", "2024-07-06", "2024-07-26"),
        ("De vacaciones 01/07/2024 - 21/07/2024, de vuelta 22/07/2024.", "2024-07-01", "2024-07-21"),
        ("Je suis en congé du 3 juin au 14 juin.", "2024-06-03", "2024-06-14"),
        ("I am away from June 3rd to June 14th.", "2024-06-03", "2024-06-14"),
        ("On leave 2024-12-20 to 2025-01-06.", "2024-12-20", "2025-01-06"),
        ("I am on vacation until 7 June.", "2024-05-30", "2024-06-07"),
    ],
)
def test_an_announcement_gives_its_first_and_last_day(text: str, first: str, last: str) -> None:
    assert announced(text, SAID_ON) == ((dt.date.fromisoformat(first), dt.date.fromisoformat(last)),)


@pytest.mark.parametrize(
    "text",
    [
        "We leave that out; due 2024-07-01 to 2024-07-05.",
        "The trial load runs from 2024-07-01 to 2024-07-05.",
        "I am on vacation soon.",
        "Out of office 2024-07-18 to 2024-07-05.",
        "Out of office 2024-01-01 to 2024-12-31.",
        "Out of office 31.02.2024 to 45.13.2024.",
        "Your holiday list is missing. Please send 2024-07-01 and 2024-07-05 figures.",
    ],
)
def test_what_is_no_announcement_gives_none(text: str) -> None:
    assert announced(text, SAID_ON) == ()


@given(st.text(alphabet="0123456789-./ urlabfotheicMyjn\n.,", max_size=60))
def test_no_text_breaks_the_reader_and_no_absence_is_endless(text: str) -> None:
    for first, last in announced(f"On leave {text}", SAID_ON):
        assert first <= last <= first + dt.timedelta(days=92)


def test_far_dates_are_nobodys_leave() -> None:
    assert announced("On leave 9999-12-30 to 9999-12-31.", SAID_ON) == ()
