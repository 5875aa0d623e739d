"""What is thought of a project beside its score, as the API says it: range, margins, waits. Pure."""

from __future__ import annotations

from decimal import Decimal

from api import shapes
from api.texts import plain
from risk.commands import Outlook, Thought
from risk.margins import Margins
from risk.waiting_on import WaitingOn
from store.access import MAY_SEE_MONEY, Role
from store.projections.tenants.fold import TenantState


def go_live_range(outlook: Outlook) -> shapes.GoLiveRange:
    """The range of the go-live, or why there is none."""
    return shapes.GoLiveRange(
        p50_on=outlook.p50_on, p80_on=outlook.p80_on, projects=outlook.projects, reason=outlook.no_range
    )


def margin(money: Margins | None, role: Role) -> shapes.Margin | None:
    """The margins, for those who may see money."""
    if money is None or role not in MAY_SEE_MONEY:
        return None
    return shapes.Margin(
        sold=money.sold,
        planned=money.planned,
        forecast=money.forecast,
        floor=money.floor,
        points=money.points,
        is_below_floor=money.is_below_floor,
        eac=_money(money.eac, money.currency),
        budget=_money(money.budget, money.currency),
        stake=_money(money.stake, money.currency),
        missing=list(money.missing),
    )


def waiting_on(thought: Thought, tenant: TenantState) -> list[shapes.WaitingOn]:
    """The parties that something waits on, by name."""
    return [_party(found, tenant) for found in thought.waiting]


def _party(found: WaitingOn, tenant: TenantState) -> shapes.WaitingOn:
    known = tenant.parties.get(found.party_id)
    name = known.name if known and known.name else found.party_id
    return shapes.WaitingOn(
        party=shapes.Named(id=found.party_id, name=name) if found.party_id else None,
        track=found.track,
        since_on=found.since_on,
        age_days=found.age_days,
        float_days=found.float_days,
        task_ids=[task.task_id for task in found.tasks],
        held_tasks=found.held,
        holds_go_live=found.holds_go_live,
    )


def _money(amount: Decimal | None, currency: str) -> shapes.Money | None:
    return None if amount is None else shapes.Money(amount=plain(amount), currency=currency)
