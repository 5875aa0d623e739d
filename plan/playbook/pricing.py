"""What a planned project takes in hours, costs and brings, at the rates in force on its days. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from plan.playbook.choosing import Choice
from plan.playbook.order import Around, Order
from plan.rates import RateKind, in_currency, rate_on
from store.events.playbooks import PlaybookFee, PlaybookRole, PlaybookTask
from store.projections.people.fold import PersonState

NOTHING = Decimal(0)
CENT = Decimal("0.01")
SHARE = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class RoleHours:
    """A role of our side: its hours, and what they cost; None where somebody has no rate."""

    role: str
    name: str
    hours: Decimal
    cost: Decimal | None


@dataclass(frozen=True, slots=True)
class Price:
    """`margin` = (revenue − cost) / revenue as a share; None where a rate, or the revenue, is not known.

    `unrated` are the roles without a rate. The fee is what is written into the contract, None where none is.
    """

    currency: str
    fee: Decimal | None
    revenue: Decimal | None
    hours: Decimal
    cost: Decimal | None
    margin: Decimal | None
    margin_floor: Decimal | None
    roles: tuple[RoleHours, ...]
    unrated: tuple[str, ...]

    @property
    def is_below_floor(self) -> bool:
        """Whether the margin is known and lower than the playbook allows."""
        return self.margin is not None and self.margin_floor is not None and self.margin < self.margin_floor


Work = tuple[PlaybookTask, date]
"""A task and the day it starts: the rate of that day counts."""


def price_of(
    fee: PlaybookFee, roles: Sequence[PlaybookRole], choice: Choice, order: Order, work: Iterable[Work], around: Around
) -> Price:
    """Hours of our own side only: the customer's work costs us nothing."""
    currency = fee.currency or around.tenant.currency
    ours = {role.role: role.name for role in roles if role.side == "vendor"}
    done = [(task, day) for task, day in work if task.role in ours and task.effort_hours > 0]
    rates = _Rates(order, around, currency)
    agreed = _agreed(fee, choice, order)
    by_role = tuple(
        RoleHours(role, name, sum((task.effort_hours for task, _ in own), NOTHING), _sum(rates, own, "cost"))
        for role, name in ours.items()
        if (own := [(task, day) for task, day in done if task.role == role])
    )
    costs = [row.cost for row in by_role]
    cost = None if None in costs else sum((c for c in costs if c is not None), NOTHING)
    billed = _sum(rates, [(task, day) for task, day in done if task.is_billable], "bill")
    revenue = _revenue(fee, agreed, billed)
    return Price(
        currency=currency,
        fee=agreed,
        revenue=revenue,
        hours=sum((row.hours for row in by_role), NOTHING),
        cost=cost,
        margin=((revenue - cost) / revenue).quantize(SHARE) if revenue and cost is not None else None,
        margin_floor=fee.margin_floor,
        roles=by_role,
        unrated=tuple(row.role for row in by_role if row.cost is None),
    )


def _agreed(fee: PlaybookFee, choice: Choice, order: Order) -> Decimal | None:
    if order.fee is not None:
        return order.fee
    if fee.amount is None:
        return None
    return fee.amount + sum((fee.by_module.get(module.key, NOTHING) for module in choice.modules), NOTHING)


def _revenue(fee: PlaybookFee, agreed: Decimal | None, billed: Decimal | None) -> Decimal | None:
    if fee.fee_type == "non_billable":
        return None
    if fee.fee_type != "time_and_material":
        return agreed
    return billed if agreed is None or billed is None else min(agreed, billed)


class _Rates:
    """An hour's amount of a role: its owner's rate, else the role's, else the mean of the people who have the role."""

    def __init__(self, order: Order, around: Around, currency: str) -> None:
        self._owners: Mapping[str, str] = order.owners
        self._around = around
        self._currency = currency

    def per_hour(self, role: str, day: date, kind: RateKind) -> Decimal | None:
        owner = self._around.people.get(self._owners.get(role, ""))
        found = self._of(owner or PersonState(role=role), role, day, kind)
        if found is not None or owner is not None:
            return found
        people = [person for _, person in sorted(self._around.people.items()) if person.role == role]
        rates = [rate for person in people if (rate := self._of(person, role, day, kind)) is not None]
        return sum(rates, NOTHING) / len(rates) if rates else None

    def _of(self, person: PersonState, role: str, day: date, kind: RateKind) -> Decimal | None:
        rate = rate_on(self._around.tenant, person, "", day, kind, role=role)
        return in_currency(self._around.tenant, *rate, self._currency, day) if rate else None


def _sum(rates: _Rates, work: Sequence[Work], kind: RateKind) -> Decimal | None:
    total = NOTHING
    for task, day in work:
        rate = rates.per_hour(task.role, day, kind)
        if rate is None:
            return None
        total += rate * task.effort_hours
    return total.quantize(CENT)
