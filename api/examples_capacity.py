"""Examples of capacity, onboarding metrics and delays, made of their shapes. Pure."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from api import shapes
from api import shapes_capacity as forms

_NOON = dt.datetime(2026, 9, 1, 12, 0, tzinfo=dt.UTC)
_NOW = shapes.AsOf(at=_NOON, basis="now", position=None)
_PERSON = shapes.Named(id="5f4f1f6a-7f4a-5c68-9a53-0c8f1a0b6a11", name="Sam Sample")
_MANAGER = shapes.Named(id="d2a7c9e4-1b3f-5e8d-8c6a-7e5f4d3c2b1a", name="Alex Example")
_PROJECT = shapes.Named(id="0c64a3a5-4f0f-5f7c-8d26-5a1c1f0a9c22", name="Example Logistics onboarding")
_TASK = shapes.Named(id="3a2b1c0d-9e8f-5a7b-8c6d-5e4f3a2b1c0d", name="Provide sample data")
_MONDAY, _SUNDAY = dt.date(2026, 9, 14), dt.date(2026, 9, 20)
_FIRST, _LAST = dt.date(2025, 9, 2), dt.date(2026, 9, 1)

_CELL = forms.CapacityCell(
    starts_on=_MONDAY,
    ends_on=_SUNDAY,
    contracted_hours=Decimal(40),
    holiday_hours=Decimal(0),
    time_off_hours=Decimal(8),
    capacity_hours=Decimal(32),
    hard_hours=Decimal(40),
    soft_hours=Decimal(4),
    logged_hours=None,
    scheduled_utilisation=Decimal("1.25"),
    actual_utilisation=None,
    has_hours_without_capacity=False,
    is_over_allocated=True,
    hours_over=Decimal(8),
)
_CAPACITY = forms.Capacity(
    as_of=_NOW,
    first=_MONDAY,
    last=_SUNDAY,
    grain="week",
    people=[forms.CapacityRow(person=_PERSON, role="engineer", cells=[_CELL], total=_CELL)],
    roles=[forms.CapacityRow(person=None, role="engineer", cells=[_CELL], total=_CELL)],
    total=forms.CapacityRow(person=None, role="", cells=[_CELL], total=_CELL),
    unfilled=[
        forms.Unfilled(role="trainer", placeholder_hours=[Decimal(12)], unowned_effort_hours=Decimal("18.5")),
    ],
    gaps=[
        forms.Gap(
            person=_PERSON,
            project=_PROJECT,
            allocated_hours=Decimal(24),
            effort_hours=Decimal("31.5"),
            logged_hours=Decimal(0),
            unbooked_hours=Decimal("7.5"),
            booked_before_hours=Decimal(40),
            logged_before_hours=Decimal(33),
        )
    ],
)
_LATE = forms.BehindFigure(id=_PROJECT.id, name=_PROJECT.name, outcome="late", days=Decimal(6))
_DUE = forms.Punctuality(
    share=Decimal("0.5"),
    reason="",
    due=2,
    on_time=1,
    late=1,
    overdue=0,
    on_hold=0,
    cancelled=0,
    projects=[_LATE],
)
_METRICS = forms.Metrics(
    as_of=_NOW,
    first=_FIRST,
    last=_LAST,
    projects=3,
    time_to_value=forms.TimeToValue(
        median_days=104,
        reason="",
        quarter_days=91,
        three_quarters_days=None,
        median_with_hold_days=106,
        hold_days=12,
        signed=3,
        reached=2,
        open=1,
        cancelled=0,
        left_out=0,
        curve=[forms.CurvePoint(days=91, share=Decimal("0.3333")), forms.CurvePoint(days=104, share=Decimal("0.6667"))],
        projects=[forms.BehindFigure(id=_PROJECT.id, name=_PROJECT.name, outcome="reached", days=Decimal(104))],
    ),
    on_time=forms.OnTime(original=_DUE, current=_DUE),
    customer_tasks=forms.Part(share=Decimal("0.75"), reason="", count=12, of=16, projects=[]),
    escalations=forms.Part(share=Decimal("0.3333"), reason="", count=1, of=3, projects=[]),
    burden=forms.Burden(
        managers=[
            forms.ManagerLoad(
                manager=_MANAGER,
                load=3,
                weighted=Decimal("3.40"),
                unweighted=0,
                mean_load=Decimal("2.61"),
                due=2,
                on_time=1,
                is_above_capacity=None,
                projects=[forms.BehindFigure(id=_PROJECT.id, name=_PROJECT.name, outcome="active", days=None)],
            )
        ],
        capacity=forms.ManagerCapacity(
            load=None,
            lowest=None,
            highest=None,
            rate_up_to=None,
            rate_above=None,
            finished=2,
            reason="too_few",
        ),
    ),
    portal_adoption=forms.Part(share=None, reason="nothing_invited", count=0, of=0, projects=[]),
    delays=forms.Delays(
        days=6, by_cause={"customer": Decimal("4.50"), "estimate": Decimal("1.50")}, reason="", projects=[_LATE]
    ),
    statuses={"active": 2, "on_hold": 0, "live": 1, "re_opened": 0, "closed": 0, "cancelled": 0},
    trend=[
        forms.Month(
            first=dt.date(2026, 8, 1),
            last=dt.date(2026, 8, 31),
            time_to_value_days=104,
            on_time_share=Decimal("0.5"),
            customer_task_share=Decimal("0.75"),
            escalation_share=Decimal("0.3333"),
            lost_days=6,
        )
    ],
)
_DELAY = forms.Delay(
    project_id=_PROJECT.id,
    as_of=_NOW,
    original_go_live_on=dt.date(2026, 8, 28),
    current_go_live_on=dt.date(2026, 9, 4),
    ends_on=dt.date(2026, 8, 31),
    is_final=True,
    slipped_days=1,
    committed_days=5,
    won_back_days=2,
    reason="",
    by_cause={"approval": Decimal("0.50"), "customer": Decimal("0.50")},
    days=[forms.LostDay(day=dt.date(2026, 8, 20), causes=["approval", "customer"], tasks=[_TASK])],
    is_signed_off=False,
)

ANSWERS: dict[str, dict[str, shapes.Shape | str]] = {
    "read_capacity": {"200": _CAPACITY},
    "read_metrics": {"200": _METRICS},
    "read_delay": {"200": _DELAY},
}
"""Operation -> what it answers, by status."""
