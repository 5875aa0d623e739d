"""A person's facts become a contract: own calendar, contracted hours, dated rates."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from plan.rates import in_currency, rate_on
from plan.staffing import calendar_of, contract_of
from store.events import ExchangeRateSet, RateSet
from store.ids import PersonId, ProjectId
from store.projections.people.fold import PersonState
from store.projections.tenants.fold import CalendarEntry, TenantState

DAY = dt.date(2024, 5, 6)
FOUR_LONG_DAYS = CalendarEntry(
    calendar_id="four",
    name="Four long days",
    timezone="",
    weekday_hours=tuple(map(Decimal, (10, 10, 10, 10, 0, 0, 0))),
    holidays=(DAY,),
)
PERSON = PersonState(person_id="p", role="engineer", cost_rate=Decimal(80), currency="EUR")


def rate(amount: int, **more: object) -> RateSet:
    return RateSet(
        **{"kind": "cost", "currency": "EUR", "valid_from": DAY, "amount_per_hour": Decimal(amount), **more}  # type: ignore[arg-type]
    )


def test_a_named_calendar_beats_the_tenants_week() -> None:
    tenant = TenantState(calendars={"four": FOUR_LONG_DAYS}, timezone="Europe/Berlin")
    person = PersonState(person_id="p", calendar_id="four", hours_per_day=Decimal(9))
    contract = contract_of(person, tenant)
    days = (DAY, dt.date(2024, 5, 7), dt.date(2024, 5, 10))
    assert [contract.hours_on(day) for day in days] == [Decimal(0), Decimal(9), Decimal(0)]
    assert calendar_of(tenant, "four").timezone == "Europe/Berlin"
    assert calendar_of(tenant, "unknown").hours_on(DAY) == 8


@pytest.mark.parametrize(
    ("rates", "expected"),
    [
        ([], 80),
        ([rate(60, role="engineer")], 80),
        ([rate(90, person_id=PersonId("p"))], 90),
        ([rate(90, person_id=PersonId("p")), rate(95, person_id=PersonId("p"), project_id=ProjectId("q"))], 95),
        ([rate(90, person_id=PersonId("p"), valid_to=dt.date(2024, 5, 5))], 80),
        ([rate(90, person_id=PersonId("p"), valid_from=dt.date(2024, 5, 7))], 80),
        ([rate(90, person_id=PersonId("p"), kind="bill")], 80),
    ],
)
def test_the_most_particular_rate_in_force_holds(rates: list[RateSet], expected: int) -> None:
    assert rate_on(TenantState(rates=rates), PERSON, "q", DAY) == (Decimal(expected), "EUR")


def test_without_a_personal_rate_the_role_of_the_booking_counts() -> None:
    tenant = TenantState(rates=[rate(60, role="engineer"), rate(55, role="trainer")])
    nobody = PersonState(person_id="p", role="engineer")
    assert rate_on(tenant, nobody, "q", DAY) == (Decimal(60), "EUR")
    assert rate_on(tenant, nobody, "q", DAY, role="trainer") == (Decimal(55), "EUR")
    assert rate_on(TenantState(), nobody, "q", DAY) is None


def test_money_changes_currency_only_at_a_dated_rate() -> None:
    known = ExchangeRateSet(from_currency="EUR", to_currency="USD", rate=Decimal("1.25"), valid_on=DAY)
    tenant = TenantState(exchange_rates=[known])
    assert in_currency(tenant, Decimal(10), "EUR", "USD", DAY) == Decimal("12.5")
    assert in_currency(tenant, Decimal(10), "USD", "EUR", DAY) == 8
    assert in_currency(tenant, Decimal(10), "EUR", "USD", DAY - dt.timedelta(days=1)) is None
    assert in_currency(tenant, Decimal(10), "EUR", "EUR", DAY) == 10
