"""Examples of the operations on baselines, made of the shapes themselves. Pure."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from api import baseline_shapes as shapes
from api.shapes import AsOf, Money

_PROJECT_ID = "0c64a3a5-4f0f-5f7c-8d26-5a1c1f0a9c22"
_NOON = dt.datetime(2026, 9, 1, 12, 0, tzinfo=dt.UTC)
_BASELINE = shapes.BaselineBrief(
    name="kickoff",
    kind="taken",
    at=_NOON,
    taken_at=_NOON,
    basis="position",
    position=1204,
    go_live_on=dt.date(2026, 10, 2),
    approval="",
    actor_id="key:lw_4fT9aQ",
    event_id="1f2e3d4c-5b6a-5798-8796-a5b4c3d2e1f0",
)
_VARIANCE = shapes.BaselineVariance(
    project_id=_PROJECT_ID,
    as_of=AsOf(at=_NOON, basis="now", position=None),
    baseline=_BASELINE,
    planned=shapes.PlanFiguresOut(
        go_live_on=dt.date(2026, 10, 2),
        hours=Decimal(320),
        cost=Money(amount="25600.00", currency="EUR"),
        task_count=20,
    ),
    present=shapes.PlanFiguresOut(
        go_live_on=dt.date(2026, 10, 9),
        hours=Decimal("334.5"),
        cost=Money(amount="26760.00", currency="EUR"),
        task_count=21,
    ),
    go_live_days=5,
    hours=Decimal("14.5"),
    cost=Money(amount="1160.00", currency="EUR"),
    tasks=[
        shapes.TaskVarianceOut(
            task_id="3a2b1c0d-9e8f-5a7b-8c6d-5e4f3a2b1c0d",
            name="Data migration",
            change="kept",
            starts_days=0,
            due_days=3,
            hours=Decimal("6.5"),
        )
    ],
    missing=[],
)

REQUESTS: dict[str, Any] = {"take_project_baseline": {"name": "kickoff"}}
ANSWERS: dict[str, dict[str, Any]] = {
    "list_baselines": {"200": shapes.BaselineList(data=[_BASELINE])},
    "read_baseline": {"200": _VARIANCE},
    "take_project_baseline": {"201": _BASELINE},
}
