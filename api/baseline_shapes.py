"""What the API answers about baselines."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta

from api.shapes import AsOf, Money, Shape


class BaselineBrief(Shape, frozen=True, kw_only=True):
    """A baseline. `taken`: the plan as known at `at`; `sent`: line by line from its source. Neither ever changes."""

    name: Annotated[str, Meta(examples=["kickoff"])]
    kind: Literal["taken", "sent"]
    at: Annotated[dt.datetime, Meta(description="The instant whose plan it is")]
    taken_at: dt.datetime | None
    basis: Literal["position", "recorded"] | None
    position: int | None
    go_live_on: dt.date | None
    approval: Annotated[str, Meta(description="Why the go-live may be another than in the baseline before")]
    actor_id: str | None
    event_id: str | None


class BaselineList(Shape, frozen=True, kw_only=True):
    data: list[BaselineBrief]


class PlanFiguresOut(Shape, frozen=True, kw_only=True):
    """Hours and cost at completion; cost is null for roles that may not see money and where it is not assessed."""

    go_live_on: dt.date | None
    hours: Decimal | None
    cost: Money | None
    task_count: int


class TaskVarianceOut(Shape, frozen=True, kw_only=True):
    """A task that differs, in working days and hours; positive is later, or more."""

    task_id: str
    name: str
    change: Literal["kept", "added", "removed"]
    starts_days: int | None
    due_days: int | None
    hours: Decimal | None


class BaselineVariance(Shape, frozen=True, kw_only=True):
    """The plan as of a moment against a baseline: plan less baseline, in working days, hours and cost.

    Null is "not assessed"; `missing` says why. Tasks are those that differ.
    """

    project_id: str
    as_of: AsOf
    baseline: BaselineBrief
    planned: PlanFiguresOut
    present: PlanFiguresOut
    go_live_days: int | None
    hours: Decimal | None
    cost: Money | None
    tasks: list[TaskVarianceOut]
    missing: list[str]
