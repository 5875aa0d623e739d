"""Examples of the operations on engagements, made of the shapes themselves. Pure."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import msgspec

from api import engagement_shapes as shapes
from api.shapes import AsOf, Named

_IDS = ["0c64a3a5-4f0f-5f7c-8d26-5a1c1f0a9c22", "b1b6ad10-7f0e-5d0a-9a51-2f4a7b0c6d33"]
_EURO = shapes.EngagementSum(
    currency="EUR",
    project_ids=_IDS[:1],
    fee=Decimal("48000.00"),
    revenue=Decimal("48000.00"),
    cost=Decimal("31200.00"),
    margin=Decimal("0.3500"),
)
_DOLLAR = msgspec.structs.replace(_EURO, currency="USD", project_ids=_IDS[1:])
_TOTAL = shapes.EngagementSum(currency="EUR", project_ids=_IDS, fee=None, revenue=None, cost=None, margin=None)
_WHOLE = shapes.Engagement(
    id="aa11bb22-cc33-5d44-8e55-ff6600771199",
    external_id="D-4711",
    name="Example Logistics roll-out",
    customer=Named(id="aa11bb22-cc33-5d44-8e55-ff6600771188", name="Example Logistics"),
    deal_ref="D-4711",
    contract_starts_on=dt.date(2026, 6, 1),
    billing_starts_on=None,
    project_ids=_IDS,
    as_of=AsOf(at=dt.datetime(2026, 9, 1, 12, 0, tzinfo=dt.UTC), basis="now", position=None),
    arr=Decimal(120000),
    projects=[
        shapes.EngagementProject(
            id=_IDS[0],
            name="Example Logistics onboarding",
            status="active",
            stage="configuration",
            committed_go_live_on=dt.date(2026, 10, 9),
        )
    ],
    money=shapes.EngagementMoneyOut(
        by_currency=[_EURO, _DOLLAR], total=_TOTAL, missing=["no exchange rate from USD to EUR by 2026-09-01"]
    ),
)
ANSWERS: dict[str, dict[str, Any]] = {
    "list_engagements": {
        "200": shapes.EngagementList(data=[msgspec.convert(_WHOLE, shapes.EngagementBrief, from_attributes=True)])
    },
    "read_engagement": {"200": _WHOLE},
}
