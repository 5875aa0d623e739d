"""What of a project's margin is left, in few figures: sold, planned, forecast, and what of it is at stake. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

import msgspec

from plan.money import CENT, NOTHING, Statement, statement
from plan.rates import in_currency
from store.projections.people.fold import PersonState
from store.projections.projects.state import ProjectState
from store.projections.tenants.fold import TenantState


class Margins(msgspec.Struct, frozen=True, kw_only=True):
    """Margins as shares, amounts in `currency`; None is "not assessed", and `missing` says why.

    `points` = forecast − sold in percentage points, negative is lost. `stake` = the part of the revenue
    by which the forecast falls short of the margin sold, never below 0; `stake_home` the same in the
    tenant's currency at the last rate stated.
    """

    currency: str
    sold: Decimal | None = None
    planned: Decimal | None = None
    forecast: Decimal | None = None
    floor: Decimal | None = None
    points: Decimal | None = None
    eac: Decimal | None = None
    budget: Decimal | None = None
    stake: Decimal | None = None
    stake_home: Decimal | None = None
    missing: tuple[str, ...] = ()

    @property
    def is_below_floor(self) -> bool:
        """Below the floor that was set; a floor above the margin sold says nothing about a drift."""
        if self.floor is None or self.forecast is None or (self.sold is not None and self.floor > self.sold):
            return False
        return self.forecast < self.floor


def margins_of(
    project: ProjectState, tenant: TenantState, people: Mapping[str, PersonState], as_of: dt.date
) -> Margins | None:
    """The project's margins as known; None where nothing is earned on it or no fee was ever stated."""
    if project.fee_type == "non_billable" or project.fee is None:
        return None
    money = statement(project, tenant, people, as_of)
    stake = _stake(money)
    return Margins(
        currency=money.currency,
        sold=money.margin_sold,
        planned=money.margin_planned,
        forecast=money.margin_forecast,
        floor=project.margin_floor,
        points=money.drift_points,
        eac=money.eac,
        budget=money.budget_cost,
        stake=stake,
        stake_home=_at_home(stake, money.currency, tenant, as_of),
        missing=money.missing,
    )


def _stake(money: Statement) -> Decimal | None:
    if money.revenue is None or money.margin_sold is None or money.eac is None:
        return None
    lost = money.margin_sold * money.revenue - (money.revenue - money.eac)
    return max(lost, NOTHING).quantize(CENT)


def _at_home(stake: Decimal | None, currency: str, tenant: TenantState, as_of: dt.date) -> Decimal | None:
    known = None if stake is None else in_currency(tenant, stake, currency, tenant.currency, as_of)
    return None if known is None else known.quantize(CENT)
