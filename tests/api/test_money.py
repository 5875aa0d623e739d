"""Money in alerts: whoever may see it reads all, the others nothing of it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from api.money import SILENT, is_money, shown_alert, shown_args, shown_numbers, shown_text
from store.events import Effect, Number, ProposedAction
from store.projections.alerts.fold import AlertState

ORDER = (
    "Raise a change order of 8 h for 800.00 EUR on P-1: 1 item beyond the clauses. Go-live stays. Margin +800.00 EUR."
)
DRIFT = "The margin of P-1 is forecast at 25.0 % against 50.0 % sold. It is below its floor of 40.0 %."


def test_the_manager_reads_every_word() -> None:
    assert shown_text(ORDER, "manager") == ORDER


def test_others_read_what_is_to_be_done_and_no_amount() -> None:
    shown = shown_text(ORDER, "viewer")
    assert shown == "Raise a change order of 8 h for an amount on P-1: 1 item beyond the clauses. Go-live stays."
    assert shown_text(DRIFT, "viewer") == SILENT
    assert shown_text("", "viewer") == ""


def test_figures_of_money_go_by_unit_and_by_name() -> None:
    numbers = [
        Number(name="eac", value=Decimal(1), unit="EUR"),
        Number(name="margin_sold", value=Decimal(1), unit="%"),
        Number(name="creep_percent", value=Decimal(1), unit="%"),
    ]
    assert [number.name for number in shown_numbers(numbers, "viewer")] == ["creep_percent"]
    assert shown_numbers(numbers, "finance") == numbers


@pytest.mark.parametrize(("name", "unit"), [("drift_points", "points"), ("margin_if_accepted", "EUR")])
def test_margins_are_money(name: str, unit: str) -> None:
    assert is_money(name, unit)


def test_an_amount_is_no_argument_for_others() -> None:
    assert shown_args({"hours": "8", "amount": "800"}, "viewer") == {"hours": "8"}


def test_an_alert_is_shown_without_its_money_and_stays_as_it_was() -> None:
    effect = Effect(days=Decimal(0), margin=Decimal(0), currency="EUR")
    offer = ProposedAction(
        proposal_id="p", action="raise_change_order", args={"amount": "800"}, sentence=ORDER, effect=effect
    )
    alert = AlertState(claim=DRIFT, numbers=(Number(name="eac", value=Decimal(1), unit="EUR"),), proposals=(offer,))
    shown = shown_alert(alert, "member")
    assert (shown.claim, shown.numbers, shown.proposals[0].args) == (SILENT, (), {})
    assert "800" not in shown.proposals[0].sentence
    assert shown_alert(alert, "admin") is alert
    assert alert.claim == DRIFT
