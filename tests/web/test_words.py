"""Figures and dates read the same everywhere."""

import datetime as dt
from decimal import Decimal

import pytest

from store.projections.tenants.fold import PartyEntry, TenantState
from web import words
from web.views.names import Names
from web.views.risk import figure
from web.words import HARD

TODAY = dt.date(2026, 9, 7)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (Decimal("7.50"), "h", "7.5 h"),
        (Decimal(-3), "days", "−3 days"),
        (Decimal(1), "days", "1 day"),
        (Decimal("110.44"), "%", "110.4 %"),
        (Decimal("1234567.5"), "", "1,234,567.5"),
        (Decimal("1E+2"), "h", "100 h"),
        (Decimal(0), "h", "0 h"),
        (None, "h", "–"),
    ],
)
def test_amounts(value: Decimal | None, unit: str, text: str) -> None:
    assert words.amount(value, unit).replace(HARD, " ") == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.0, "0 %"), (0.004, "< 1 %"), (0.625, "62 %"), (0.996, "> 99 %"), (None, "–")]
)
def test_a_probability_never_rounds_to_certainty(value: float | None, text: str) -> None:
    assert words.share(value).replace(HARD, " ") == text


def test_differences_carry_their_sign() -> None:
    assert [words.signed(n, "d").replace(HARD, " ") for n in (3, -2, 0)] == ["+3 d", "−2 d", "0 d"]
    assert words.money(Decimal("-45.40"), "EUR").replace(HARD, " ") == "−45 EUR"


def test_dates_say_the_year_only_where_it_is_another() -> None:
    assert words.day(dt.date(2026, 11, 27), today=TODAY) == "Fri 27 Nov"
    assert words.day(dt.date(2027, 1, 1), today=TODAY) == "Fri 1 Jan 2027"
    assert words.days(dt.date(2026, 9, 14), dt.date(2026, 9, 18)) == "14–18 Sep"
    assert words.days(dt.date(2026, 9, 28), dt.date(2026, 10, 2)) == "28 Sep – 2 Oct"
    assert words.relative(dt.date(2026, 9, 8), TODAY) == "tomorrow"
    assert words.relative(dt.date(2026, 9, 1), TODAY) == "6 days ago"


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.375, "share", "38 %"),
        (-2.26, "working days", "−2.3 working days"),
        (1.0, "times", "1 time"),
        (4.9, "log10 of money", "about 79,000"),
        (None, "working days", "not known"),
        (None, "name", ""),
    ],
)
def test_a_driver_says_its_value_with_the_unit(value: float | None, unit: str, text: str) -> None:
    assert figure(value, unit).replace(HARD, " ") == text


def test_names_and_days_stand_for_ids_and_dates_and_nothing_else_changes() -> None:
    party = PartyEntry(party_id="u1", external_id="ppl-1", name="Ada Example", email="", role="")
    names = Names(TenantState(parties={"u1": party}), {"u2": ("prj-1", "Rollout")}, TODAY)
    told = names.spoken("ppl-1 gives ppl-11 3 h on prj-1 from 2026-09-14 to 2026-09-18, 2026-99-99", ("u1",), ("u2",))
    assert told == "Ada Example gives ppl-11 3 h on Rollout 14–18 Sep, 2026-99-99"
    assert names.spoken("ppl-1", (), ()) == "ppl-1"
    assert names.spoken("1,912 for 2026-09, not 2026-13 or prj-2026-09", (), ()) == (
        "1,912 for September 2026, not 2026-13 or prj-2026-09"
    )


def test_an_erased_name_falls_back_to_the_sources_id() -> None:
    party = PartyEntry(party_id="u1", external_id="ppl-1", name="", email="", role="")
    names = Names(TenantState(parties={"u1": party}), {}, TODAY)
    assert names.party("u1") == "ppl-1"
    assert names.party(None) == "nobody yet"
    assert names.actor("key:lw_abc") == "key lw_abc"
