"""A value that a cell holds comes back as it was written."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.portfolio.cells import DATE, FLAG, INSTANT, NUMBER, WEEK, BadCell, Kind, Zone, choice

BERLIN = Zone("Europe/Berlin")


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (DATE, st.dates(date(1970, 1, 1))),
        (INSTANT, st.datetimes(datetime(1970, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))),  # noqa: DTZ001
        (NUMBER, st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9)),
        (FLAG, st.booleans()),
        (WEEK, st.tuples(*[st.decimals(0, 24, places=2)] * 7)),
    ],
    ids=lambda value: value.name if isinstance(value, Kind) else "",
)
def test_what_is_shown_is_read_back(kind: Kind, values: st.SearchStrategy[object]) -> None:
    @given(value=values)
    def check(value: object) -> None:
        assert kind.parse(kind.show(value), BERLIN) == value

    check()


def test_a_date_among_instants_is_the_end_of_that_day() -> None:
    assert INSTANT.parse("2025-03-30", BERLIN) == datetime(2025, 3, 30, 21, 59, 59, 999999, UTC)
    assert INSTANT.parse("9999-12-31", BERLIN) == datetime(9999, 12, 31, 23, 59, 59, 999999, UTC)


@pytest.mark.parametrize("cell", ["NaN", "Infinity", "1e5", "1_000", "1,5", "٣", "--1", ".", "0x10", "9" * 41])
def test_only_plain_decimals_are_numbers(cell: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        NUMBER.parse(cell, BERLIN)


def test_numbers_keep_their_digits() -> None:
    assert str(NUMBER.parse("42300.00", BERLIN)) == "42300.00"
    assert NUMBER.show(Decimal("1E+3")) == "1000"


def test_an_instant_needs_its_offset() -> None:
    with pytest.raises(BadCell, match="offset"):
        INSTANT.parse("2025-01-01T10:00:00", BERLIN)
    assert INSTANT.parse("2025-01-01T10:00:00", Zone("Europe/Berlin", may_be_naive=True)).hour == 9


def test_a_choice_is_the_very_word_that_the_program_uses() -> None:
    word = "staff"
    assert choice(word, "other").parse("staffing"[:5], BERLIN) is word
