"""What is left of the margin sold, and what of it is at stake."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from risk.margins import Margins, margins_of
from store.events import ExchangeRateSet
from store.projections.projects.state import ProjectState
from store.projections.tenants.fold import TenantState
from tests.plan.ledgers import AS_OF, TENANT, entry, person, project, task


def of(state: ProjectState, tenant: TenantState = TENANT) -> Margins:
    found = margins_of(state, tenant, {"ann": person()}, AS_OF)
    assert found is not None
    return found


def test_what_is_at_stake_is_what_the_forecast_lacks_of_the_margin_sold() -> None:
    money = of(project([task("a", "60")], []))
    assert (money.sold, money.forecast, money.points) == (Decimal("0.5"), Decimal("0.2500"), Decimal("-25.00"))
    assert money.stake == money.stake_home == Decimal("1000.00")
    assert money.eac is not None
    assert money.budget is not None
    assert money.eac - money.budget == money.stake


def test_a_margin_better_than_sold_puts_nothing_at_stake() -> None:
    assert of(project([task("a", "10")], [])).stake == 0


def test_the_plan_says_what_was_lost_before_anything_took_longer() -> None:
    money = of(project([task("a", "40", status="done"), task("b", "20")], [entry("a", "50")]))
    assert money.planned == Decimal("0.2500")
    assert money.forecast is not None
    assert money.forecast < money.planned


def test_a_stake_without_an_exchange_rate_is_not_added_up_with_others() -> None:
    foreign = TenantState(currency="GBP")
    state = project([task("a", "60")], [])
    assert of(state, foreign).stake_home is None
    foreign.exchange_rates.append(
        ExchangeRateSet(from_currency="EUR", to_currency="GBP", valid_on=dt.date(2026, 1, 1), rate=Decimal("0.8"))
    )
    assert of(state, foreign).stake_home == Decimal("800.00")


def test_what_cannot_be_priced_is_not_assessed_and_says_why() -> None:
    money = margins_of(project([task("a", "60")], []), TENANT, {}, AS_OF)
    assert money is not None
    assert (money.forecast, money.stake) == (None, None)
    assert money.missing


def test_nothing_is_sold_on_work_that_is_not_billed() -> None:
    assert margins_of(project([task("a", "60")], [], fee_type="non_billable"), TENANT, {}, AS_OF) is None
    assert margins_of(project([task("a", "60")], [], fee=None), TENANT, {}, AS_OF) is None


def test_a_floor_above_the_margin_sold_says_nothing() -> None:
    low = Margins(currency="EUR", sold=Decimal("0.5"), forecast=Decimal("0.3"), floor=Decimal("0.4"))
    assert low.is_below_floor
    assert not Margins(
        currency="EUR", sold=Decimal("0.3"), forecast=Decimal("0.2"), floor=Decimal("0.4")
    ).is_below_floor
    assert not Margins(currency="EUR", sold=Decimal("0.5"), floor=Decimal("0.4")).is_below_floor
