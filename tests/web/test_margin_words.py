"""A margin's words: what is lost is said in points and money, and the steps add up."""

from __future__ import annotations

from decimal import Decimal

from risk.margins import Margins
from web.views.margins import margin_line

LOST = Margins(
    currency="EUR",
    sold=Decimal("0.48"),
    planned=Decimal("0.44"),
    forecast=Decimal("0.286"),
    points=Decimal("-19.40"),
    eac=Decimal("10282.25"),
    stake=Decimal("2794.25"),
)


def test_the_steps_lead_from_sold_to_forecast() -> None:
    line = margin_line(LOST, "manager")
    assert line is not None
    assert [step.text.replace("\u00a0", " ") for step in line.steps] == [
        "48.0 %",
        "−4.0 points",
        "−15.4 points",
        "28.6 %",
    ]
    assert [step.is_loss for step in line.steps] == [False, True, True, False]
    assert line.stake.replace("\u00a0", " ") in {"2 794 EUR", "2,794 EUR"}


def test_money_is_not_for_everybody() -> None:
    assert margin_line(LOST, "viewer") is None
    assert margin_line(None, "admin") is None


def test_what_is_not_assessed_has_no_steps_and_a_reason() -> None:
    line = margin_line(Margins(currency="EUR", sold=Decimal("0.5"), missing=("no cost rate of anybody",)), "admin")
    assert line is not None
    assert (line.forecast, line.steps, line.stake) == ("", [], "")
    assert line.missing == ("no cost rate of anybody",)
