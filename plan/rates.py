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

    A dated rate of the person comes first, then the rate in the person's contract, then a dated rate
    of the role (the booking's `role` where given). Among dated ones the one for the project beats the
    one for all, and of two alike the later start holds.
    """
    dated = [r for r in tenant.rates if r.kind == kind and _is_valid(r, day) and r.project_id in (None, project_id)]
    mine = [r for r in dated if r.person_id is not None and r.person_id == person.person_id]
    own = person.cost_rate if kind == "cost" else person.bill_rate
    if not mine and own is not None:
        return own, person.currency or tenant.currency
    fitting = mine or [r for r in dated if r.person_id is None and r.role == (role or person.role)]
    best = max(fitting, key=lambda r: (r.project_id is not None, r.valid_from), default=None)
    return (best.amount_per_hour, best.currency) if best else None


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


def by_way_of_home(tenant: TenantState, amount: Decimal, currency: str, target: str, day: date) -> Decimal | None:
    """As `in_currency`; where the two have no rate, by way of the tenant's own currency."""
    home = tenant.currency
    known = in_currency(tenant, amount, currency, target, day)
    if known is None and home not in {currency, target}:
        at_home = in_currency(tenant, amount, currency, home, day)
        known = None if at_home is None else in_currency(tenant, at_home, home, target, day)
    return known


def _is_valid(rate: RateSet, day: date) -> bool:
    return rate.valid_from <= day and (rate.valid_to is None or day <= rate.valid_to)
