"""How much of a fee is earned so far: a management forecast, not a ledger. Pure.

Cumulative revenue never passes the fee, is trued up by computing it anew when the plan changes, and
is None where the method's divisor is nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

NOTHING, ONE = Decimal(0), Decimal(1)
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Recognised:
    """Revenue to date. `accrued` is the part that awaits approval, `loss_provision` a loss that is foreseen."""

    amount: Decimal
    accrued: Decimal = NOTHING
    loss_provision: Decimal = NOTHING


def cost_to_cost(
    fee: Decimal, cost_incurred: Decimal, cost_to_complete: Decimal, *, wasted: Decimal = NOTHING
) -> Recognised | None:
    """Default for a fixed fee: cost incurred / (incurred + ETC) x fee.

    Wasted effort earns nothing and is left out of both. A project that will lose money has the loss
    still to come provided for at once.
    """
    useful = max(cost_incurred - wasted, NOTHING)
    whole = useful + cost_to_complete
    if not whole:
        return None
    share = useful / whole
    loss = max(cost_incurred + cost_to_complete - fee, NOTHING)
    return Recognised(_capped(fee * share, fee), loss_provision=(loss * (ONE - share)).quantize(CENT))


def by_budgeted_hours(fee: Decimal, tracked_hours: Decimal, budgeted_hours: Decimal) -> Recognised | None:
    """M1: tracked / budgeted hours x fee. 8 of 80 h on 16,000 are 1,600."""
    return Recognised(_capped(fee * tracked_hours / budgeted_hours, fee)) if budgeted_hours > 0 else None


def by_allocated_hours(fee: Decimal, tracked_hours: Decimal, allocated_hours: Decimal) -> Recognised | None:
    """M2: tracked / total allocated hours x fee."""
    return by_budgeted_hours(fee, tracked_hours, allocated_hours)


def by_milestones(fee: Decimal, accepted: Iterable[Decimal]) -> Recognised:
    """Milestone acceptance: the amounts of those accepted."""
    return Recognised(_capped(sum(accepted, NOTHING), fee))


def straight_line(fee: Decimal, starts_on: date, ends_on: date, as_of: date) -> Recognised | None:
    """Equal parts per calendar day, both ends included; also for a set-up that is deferred over the term."""
    if ends_on < starts_on:
        return None
    days = min(max((as_of - starts_on).days + 1, 0), (ends_on - starts_on).days + 1)
    return Recognised(_capped(fee * days / ((ends_on - starts_on).days + 1), fee))


def by_approved_time(approved: Decimal, unapproved: Decimal, *, cap: Decimal | None = None) -> Recognised:
    """Time and material: what approved time bills; unapproved time is accrued and marked. A cap binds both."""
    amount = approved if cap is None else min(approved, cap)
    accrued = unapproved if cap is None else min(unapproved, cap - amount)
    return Recognised(amount.quantize(CENT), accrued=accrued.quantize(CENT))


def _capped(amount: Decimal, fee: Decimal) -> Decimal:
    return min(max(amount, NOTHING), fee).quantize(CENT)
