"""Several projects of one engagement, added up."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from plan.engagements import EngagementMoney, Part, engagement_money
from plan.money import statement
from store.events import ExchangeRateSet
from store.projections.projects.state import Expense, ProjectState
from store.projections.tenants.fold import TenantState
from tests.plan.ledgers import AS_OF, entry, person, project, task


def dollar(rate: str, valid_on: date) -> ExchangeRateSet:
    return ExchangeRateSet(from_currency="USD", to_currency="EUR", rate=Decimal(rate), valid_on=valid_on)


def summed(
    *projects: ProjectState, rates: list[ExchangeRateSet] | None = None, currency: str = "EUR"
) -> EngagementMoney:
    tenant = TenantState(currency="EUR", exchange_rates=rates or [])
    people = {"ann": person(), "bob": person("bob", currency="USD")}
    parts = [Part(each, statement(each, tenant, people, AS_OF)) for each in projects]
    return engagement_money(parts, tenant, currency, AS_OF)


def euro(project_id: str = "p", **frame: object) -> ProjectState:
    return project([task("a", "20")], [], project_id=project_id, **frame)


def american(project_id: str = "q") -> ProjectState:
    return project([task("a", "20", owner_id="bob")], [], project_id=project_id, currency="USD")


def amounts(*values: object) -> tuple[object, ...]:
    return values


def test_projects_of_one_currency_are_added() -> None:
    found = summed(euro("p"), euro("q", fee=Decimal(1000)))
    assert amounts(found.total.fee, found.total.revenue, found.total.cost) == (5000, 5000, 2000)
    assert (found.total.margin, found.missing) == (Decimal("0.6"), ())
    assert [each.project_ids for each in found.sums] == [("p", "q")]


def test_expenses_are_in_the_cost() -> None:
    spent = Expense(
        expense_id="x", incurred_on=AS_OF, amount=Decimal(300), currency="EUR", is_planned=False, event_id="e"
    )
    with_expense = euro()
    with_expense.expenses["x"] = spent
    assert amounts(summed(with_expense).total.cost) == (1300,)


def test_currencies_are_kept_apart_and_joined_only_by_a_dated_rate() -> None:
    apart = summed(euro(), american())
    assert [(each.currency, each.cost) for each in apart.sums] == [("EUR", Decimal(1000)), ("USD", Decimal(1000))]
    assert (apart.total.fee, apart.total.cost, apart.total.margin) == (None, None, None)
    assert apart.missing == (f"no exchange rate from USD to EUR by {AS_OF}",)
    joined = summed(euro(), american(), rates=[dollar("0.5", date(2026, 1, 1)), dollar("9", date(2026, 12, 1))])
    assert amounts(joined.total.fee, joined.total.cost) == (6000, 1500)


def test_a_rate_of_a_later_day_joins_nothing() -> None:
    assert summed(euro(), american(), rates=[dollar("0.5", date(2026, 12, 1))]).total.cost is None


def test_what_one_project_does_not_know_the_sum_does_not_know() -> None:
    no_rate = project([task("a", "20", owner_id="nobody")], [entry("a", "1", person_id="nobody")], project_id="q")
    no_rate.external_id = "P-2"
    found = summed(euro(), no_rate)
    assert (found.total.cost, found.total.margin) == (None, None)
    assert amounts(found.total.fee) == (8000,)
    assert found.missing == ("P-2: no cost rate of anybody", "P-2: no cost rate of engineer")


def test_a_project_without_a_fee_says_so() -> None:
    found = summed(euro(fee=None))
    assert (found.total.fee, found.missing) == (None, ("p: no fee",))
