"""What the API answers about engagements: a deal, its projects, and what they come to together."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated

from msgspec import Meta

from api.shapes import AsOf, Named, Shape


class EngagementBrief(Shape, frozen=True, kw_only=True):
    id: str
    external_id: str
    name: str
    customer: Named | None
    deal_ref: str
    contract_starts_on: dt.date | None
    billing_starts_on: dt.date | None
    project_ids: list[str]


class EngagementList(Shape, frozen=True, kw_only=True):
    data: list[EngagementBrief]


class EngagementSum(Shape, frozen=True, kw_only=True):
    """Amounts in one currency; null is "not assessed". `margin` is a share: (revenue − cost) / revenue."""

    currency: Annotated[str, Meta(examples=["EUR"])]
    project_ids: list[str]
    fee: Decimal | None
    revenue: Annotated[Decimal | None, Meta(description="The fee with accepted changes, or hours at the bill rate")]
    cost: Annotated[Decimal | None, Meta(description="At completion, expenses and subcontractors included")]
    margin: Decimal | None


class EngagementMoneyOut(Shape, frozen=True, kw_only=True):
    """`total` is in one currency, at the exchange rates stated by the day; `missing`: what is not known."""

    by_currency: list[EngagementSum]
    total: EngagementSum
    missing: list[str]


class EngagementProject(Shape, frozen=True, kw_only=True):
    id: str
    name: str
    status: str
    stage: str
    committed_go_live_on: dt.date | None


class Engagement(EngagementBrief, frozen=True, kw_only=True):
    """An engagement as of a moment. `money` is null for roles that may not see it."""

    as_of: AsOf
    arr: Decimal | None
    projects: list[EngagementProject]
    money: EngagementMoneyOut | None
