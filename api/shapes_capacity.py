"""What the API answers about capacity, onboarding metrics and delays; otherwise like `api.shapes`."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta

from api.shapes import AsOf, Named, Shape

Reason = Annotated[str, Meta(description="Why there is no figure; empty where there is one", examples=["nothing_due"])]
Ratio = Annotated[Decimal, Meta(description="1.25 is 125 %", examples=["1.25"])]


class CapacityCell(Shape, frozen=True, kw_only=True):
    """Hours of a person or role in a week (or day), cut to the window."""

    starts_on: dt.date
    ends_on: dt.date
    contracted_hours: Decimal
    holiday_hours: Decimal
    time_off_hours: Decimal
    capacity_hours: Annotated[Decimal, Meta(description="Contracted less holidays less time off")]
    hard_hours: Annotated[Decimal, Meta(description="Firm bookings")]
    soft_hours: Annotated[Decimal, Meta(description="Tentative bookings: in no utilisation")]
    logged_hours: Annotated[Decimal | None, Meta(description="Null while the days lie ahead")]
    scheduled_utilisation: Annotated[Ratio | None, Meta(description="Firm hours over capacity; null without capacity")]
    actual_utilisation: Annotated[Ratio | None, Meta(description="Logged over capacity; null until the days are past")]
    has_hours_without_capacity: bool
    is_over_allocated: Annotated[bool, Meta(description="A day, week or four weeks of these days are over")]
    hours_over: Decimal


class CapacityRow(Shape, frozen=True, kw_only=True):
    """A person (or, without one, a role: the sum of its people), and the sum of the row."""

    person: Named | None
    role: str
    cells: list[CapacityCell]
    total: CapacityCell


class Unfilled(Shape, frozen=True, kw_only=True):
    """Hours of a role that nobody fills yet, per week; and effort of tasks due by then that nobody owns."""

    role: str
    placeholder_hours: list[Decimal]
    unowned_effort_hours: Decimal


class Gap(Shape, frozen=True, kw_only=True):
    """Booked, to do, worked: one person on one project."""

    person: Named
    project: Named
    allocated_hours: Annotated[Decimal, Meta(description="Firm bookings in the window")]
    effort_hours: Annotated[Decimal, Meta(description="Left to do on their tasks that are due by its end")]
    logged_hours: Annotated[Decimal, Meta(description="Logged in the window")]
    unbooked_hours: Annotated[Decimal, Meta(description="Effort less allocated; negative: booked beyond need")]
    booked_before_hours: Annotated[Decimal, Meta(description="Firm bookings of the four weeks before today")]
    logged_before_hours: Decimal


class Capacity(Shape, frozen=True, kw_only=True):
    as_of: AsOf
    first: dt.date
    last: dt.date
    grain: Literal["week", "day"]
    people: list[CapacityRow]
    roles: list[CapacityRow]
    total: CapacityRow | None
    unfilled: list[Unfilled]
    gaps: list[Gap]


class BehindFigure(Shape, frozen=True, kw_only=True):
    """A project that a figure counts, and as what."""

    id: str
    name: str
    outcome: str
    days: Annotated[Decimal | None, Meta(description="Working days, where the figure is of days")]


class CurvePoint(Shape, frozen=True, kw_only=True):
    days: int
    share: Ratio


class TimeToValue(Shape, frozen=True, kw_only=True):
    """Working days from contract signed to the success milestone, of the projects signed in the period."""

    median_days: Annotated[int | None, Meta(description="By when half of all signed have it; time on hold left out")]
    reason: Reason
    quarter_days: int | None
    three_quarters_days: int | None
    median_with_hold_days: int | None
    hold_days: Annotated[int, Meta(description="Working days on hold, of all these projects together")]
    signed: int
    reached: int
    open: int
    cancelled: int
    left_out: Annotated[int, Meta(description="Signed, but with no success milestone in the plan")]
    curve: list[CurvePoint]
    projects: list[BehindFigure]


class Punctuality(Shape, frozen=True, kw_only=True):
    """Of the projects due in the period: live by their date, and what became of the others."""

    share: Ratio | None
    reason: Reason
    due: int
    on_time: int
    late: int
    overdue: int
    on_hold: int
    cancelled: int
    projects: list[BehindFigure]


class OnTime(Shape, frozen=True, kw_only=True):
    original: Punctuality
    current: Punctuality


class Part(Shape, frozen=True, kw_only=True):
    """So many of so many."""

    share: Ratio | None
    reason: Reason
    count: int
    of: int
    projects: list[BehindFigure]


class ManagerCapacity(Shape, frozen=True, kw_only=True):
    """The mean load above which the on-time rate falls, from all finished projects; `load` is null with a reason."""

    load: Decimal | None
    lowest: Decimal | None
    highest: Decimal | None
    rate_up_to: Ratio | None
    rate_above: Ratio | None
    finished: int
    reason: Reason


class ManagerLoad(Shape, frozen=True, kw_only=True):
    manager: Named | None
    load: Annotated[int, Meta(description="Projects that run at the end of the period")]
    weighted: Annotated[Decimal, Meta(description="The same by effort: 1 is a project of mean effort")]
    unweighted: Annotated[int, Meta(description="Of these, with unknown effort: counted as 1")]
    mean_load: Annotated[Decimal, Meta(description="Mean number that ran at once over the period")]
    due: int
    on_time: int
    is_above_capacity: bool | None
    projects: list[BehindFigure]


class Burden(Shape, frozen=True, kw_only=True):
    managers: list[ManagerLoad]
    capacity: ManagerCapacity


class Delays(Shape, frozen=True, kw_only=True):
    """Slipped working days that lie in the period, by cause; the causes add up to `days`."""

    days: int
    by_cause: dict[str, Decimal]
    reason: Reason
    projects: list[BehindFigure]


class Month(Shape, frozen=True, kw_only=True):
    """The figures of one month of the period; time to value is that of the half year ending with it."""

    first: dt.date
    last: dt.date
    time_to_value_days: int | None
    on_time_share: Annotated[Ratio | None, Meta(description="Against the first commitment")]
    customer_task_share: Ratio | None
    escalation_share: Ratio | None
    lost_days: int


class Metrics(Shape, frozen=True, kw_only=True):
    as_of: AsOf
    first: dt.date
    last: dt.date
    projects: int
    time_to_value: TimeToValue
    on_time: OnTime
    customer_tasks: Part
    escalations: Part
    burden: Burden
    portal_adoption: Part
    delays: Delays
    statuses: dict[str, int]
    trend: list[Month]


class LostDay(Shape, frozen=True, kw_only=True):
    """A slipped working day; several causes share it in equal parts."""

    day: dt.date
    causes: list[str]
    tasks: list[Named]


class Delay(Shape, frozen=True, kw_only=True):
    """A project's slip, and whose days they were. Not signed off: no fact records that yet."""

    project_id: str
    as_of: AsOf
    original_go_live_on: dt.date | None
    current_go_live_on: dt.date | None
    ends_on: Annotated[dt.date, Meta(description="Go-live or the end; the day of `as_of` while it is open")]
    is_final: bool
    slipped_days: Annotated[int | None, Meta(description="Working days from the first commitment; null: not known")]
    committed_days: Annotated[int | None, Meta(description="By how much the commitment itself was moved")]
    won_back_days: int
    reason: Reason
    by_cause: Annotated[dict[str, Decimal], Meta(description="Adds up to `slipped_days` exactly")]
    days: list[LostDay]
    is_signed_off: bool
