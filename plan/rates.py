"""What an hour of a person costs or bills on a day: dated rates, the most particular one first."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from store.events import RateSet
from store.projections.people.fold import PersonState
from store.projections.tenants.fold import TenantState

RateKind = Literal["cost", "bill"]
Rate = tuple[Decimal, str]
"""An amount per hour and its currency."""


def rate_on(
    tenant: TenantState, person: PersonState, project_id: str, day: date, kind: RateKind = "cost", *, role: str = ""
) -> Rate | None:
    """The person's rate on the project that day; None where nobody stated one.

    A rate of the person beats one of the role, one for the project beats one for all, of two alike
    the later start holds; without any the person's own rate. `role` is that of the booking.
    """
    fitting = [
        rate
        for rate in tenant.rates
        if rate.kind == kind and _is_valid(rate, day) and _is_about(rate, person, project_id, role or person.role)
    ]
    if fitting:
        best = max(fitting, key=lambda r: (r.person_id is not None, r.project_id is not None, r.valid_from))
        return best.amount_per_hour, best.currency
    own = person.cost_rate if kind == "cost" else person.bill_rate
    return None if own is None else (own, person.currency or tenant.currency)


def in_currency(tenant: TenantState, amount: Decimal, currency: str, target: str, day: date) -> Decimal | None:
    """The amount at the last exchange rate stated by that day, either way round; None without one."""
    if currency == target:
        return amount
    known = [
        r for r in tenant.exchange_rates if r.valid_on <= day and {r.from_currency, r.to_currency} == {currency, target}
    ]
    if not known:
        return None
    last = max(known, key=lambda r: r.valid_on)
    return amount * last.rate if last.from_currency == currency else amount / last.rate


def _is_valid(rate: RateSet, day: date) -> bool:
    return rate.valid_from <= day and (rate.valid_to is None or day <= rate.valid_to)


def _is_about(rate: RateSet, person: PersonState, project_id: str, role: str) -> bool:
    if rate.project_id not in (None, project_id):
        return False
    return rate.person_id == person.person_id if rate.person_id else rate.role == role
