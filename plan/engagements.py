"""What the projects of an engagement come to together: per currency, and in one where dated rates allow it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from plan.money import Statement, margin
from plan.rates import by_way_of_home
from store.projections.projects.state import ProjectState
from store.projections.tenants.fold import TenantState

NOTHING = Decimal(0)
CENT = Decimal("0.01")
SHARE = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Part:
    """A project with its statement."""

    project: ProjectState
    money: Statement


@dataclass(frozen=True, slots=True)
class Sum:
    """Amounts of several projects in one currency; None where one of them is not assessed. `margin` is a share."""

    currency: str
    project_ids: tuple[str, ...]
    fee: Decimal | None
    revenue: Decimal | None
    cost: Decimal | None

    @property
    def margin(self) -> Decimal | None:
        """(revenue − cost) / revenue, to four places."""
        found = margin(self.revenue, self.cost)
        return None if found is None else found.quantize(SHARE)


@dataclass(frozen=True, slots=True)
class EngagementMoney:
    """Sums per currency, and `total` in one; `missing` says what kept an amount from being known."""

    sums: tuple[Sum, ...]
    total: Sum
    missing: tuple[str, ...]


def engagement_money(parts: Sequence[Part], tenant: TenantState, currency: str, as_of: date) -> EngagementMoney:
    """The projects added up; amounts of another currency at the rate stated by `as_of`, else not assessed.

    Cancelled projects count with what they cost; `cost` is EAC, expenses and subcontractors included.
    """
    ordered = sorted(parts, key=lambda part: part.project.project_id)
    by_currency: dict[str, list[Part]] = {}
    for part in ordered:
        by_currency.setdefault(part.money.currency, []).append(part)
    sums = tuple(_sum(own, theirs, lambda amount, _from: amount) for own, theirs in sorted(by_currency.items()))
    missing = {f"{p.project.external_id or p.project.project_id}: {why}" for p in ordered for why in _reasons(p)}

    def converted(amount: Decimal, own: str) -> Decimal | None:
        found = by_way_of_home(tenant, amount, own, currency, as_of)
        if found is None:
            missing.add(f"no exchange rate from {own} to {currency} by {as_of}")
        return found

    total = _sum(currency, ordered, converted)
    return EngagementMoney(sums, total, tuple(sorted(missing)))


def _reasons(part: Part) -> Iterable[str]:
    yield from part.money.missing
    if part.project.fee is None and part.project.fee_type != "non_billable":
        yield "no fee"


def _sum(currency: str, parts: Sequence[Part], convert: Callable[[Decimal, str], Decimal | None]) -> Sum:
    def added(amounts: Iterable[tuple[Decimal | None, str]]) -> Decimal | None:
        found = [None if amount is None else convert(amount, own) for amount, own in amounts]
        known = [amount for amount in found if amount is not None]
        return sum(known, NOTHING).quantize(CENT) if len(known) == len(found) else None

    return Sum(
        currency=currency,
        project_ids=tuple(part.project.project_id for part in parts),
        fee=added((part.project.fee, part.money.currency) for part in parts),
        revenue=added((part.money.revenue, part.money.currency) for part in parts),
        cost=added((part.money.eac, part.money.currency) for part in parts),
    )
