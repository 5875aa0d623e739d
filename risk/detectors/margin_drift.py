"""A fixed fee whose forecast margin has drifted from the one sold, or fell below its floor.

Cost at completion is what was spent (sheets that are not in are accrued) and what is left, at dated
rates; see plan/money. Time and material is left out: what it takes longer is billed. Where a rate or
an exchange rate is missing, or there is neither effort nor a budget of hours, nothing is assessed.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal

from plan.money import Statement
from risk.detectors.view import THRESHOLD, ProjectView
from risk.findings import Finding
from store.events import Number
from store.events.alerts import Severity
from store.projections.projects.state import Task

KIND = "margin_drift"
RULE_ID = "margin_drift.v1"
DRIFT_POINTS = Decimal(5)
KEPT_POINTS = Decimal("0.5")
"""An alert that stands stays until next to nothing is lost: a forecast moves by some points from day to day."""
GRAVE_POINTS = Decimal(10)
FIXED = frozenset({"fixed", "subscription"})
WATCHED = frozenset({"active", "on_hold", "live"})
LASTS = dt.timedelta(days=28)
SHOWN_TASKS = 3
HUNDRED = Decimal(100)
TENTH = Decimal("0.1")


def detect(view: ProjectView) -> list[Finding]:
    """The project's drift at this moment: one finding or none."""
    project = view.project
    if project.fee_type not in FIXED or project.status not in WATCHED or not project.tasks or not project.fee:
        return []
    money = view.money
    if money.margin_forecast is None:
        return []
    points = view.threshold("drift_points", DRIFT_POINTS)
    kept = view.threshold("kept_points", min(KEPT_POINTS, points))
    lost = -money.drift_points if money.drift_points is not None else Decimal(0)
    is_below = _is_below_floor(view, money)
    if lost < kept and not is_below:
        return []
    return [_finding(view, money, points, kept, may_raise=lost >= points or is_below)]


def _is_below_floor(view: ProjectView, money: Statement) -> bool:
    """Below the floor that was set for it; a floor above the margin sold says nothing about a drift."""
    floor, sold, forecast = view.project.margin_floor, money.margin_sold, money.margin_forecast
    if floor is None or forecast is None or (sold is not None and floor > sold):
        return False
    return forecast < floor


def _finding(view: ProjectView, money: Statement, points: Decimal, kept: Decimal, *, may_raise: bool) -> Finding:
    project = view.project
    overrun = overrun_tasks(view)
    return Finding(
        rule_id=RULE_ID,
        kind=KIND,
        agent="architect",
        severity=_severity(view, money),
        subject_key=project.project_id,
        project_id=project.project_id,
        subject_ids=(project.project_id, *(task.task_id for task, _ in overrun)),
        numbers=numbers(view, money, points),
        inputs={
            "as_of": view.as_of.isoformat(),
            "currency": money.currency,
            f"{THRESHOLD}drift_points": f"{points}",
            f"{THRESHOLD}kept_points": f"{kept}",
        },
        evidence=_evidence(view, [task for task, _ in overrun]),
        first_on=view.as_of,
        last_on=view.as_of,
        expires_on=view.as_of + LASTS,
        may_raise=may_raise,
    )


def numbers(view: ProjectView, money: Statement, points: Decimal) -> tuple[Number, ...]:
    """The figures of the finding; those that are not known are left out."""
    floor, currency = view.project.margin_floor, money.currency
    figures = (
        ("drift_points", money.drift_points, "points", -points),
        ("margin_forecast", _percent(money.margin_forecast), "%", _percent(floor)),
        ("margin_sold", _percent(money.margin_sold), "%", None),
        ("eac", money.eac, currency, money.budget_cost),
        ("variance", money.variance, currency, None),
        ("actual_cost", money.actual_cost, currency, None),
        ("accrued_hours", money.accrued_hours, "h", None),
        ("etc_hours", money.etc_hours, "h", None),
        ("performance", money.performance, "h per planned h", None),
    )
    return tuple(
        Number(name=name, value=value, unit=unit, threshold=threshold)
        for name, value, unit, threshold in figures
        if value is not None
    )


def _percent(share: Decimal | None) -> Decimal | None:
    return None if share is None else (share * HUNDRED).quantize(TENTH)


def overrun_tasks(view: ProjectView) -> list[tuple[Task, Decimal]]:
    """The tasks with the most hours beyond their effort, and how many: at most three."""
    logged: dict[str | None, Decimal] = defaultdict(Decimal)
    for entry in view.project.time:
        logged[entry.task_id] += entry.hours
    over = [(task, logged[task.task_id] - (task.effort_hours or 0)) for task in view.project.tasks.values()]
    found = [(task, hours) for task, hours in over if hours > 0 and task.effort_hours is not None]
    return sorted(found, key=lambda pair: (-pair[1], pair[0].task_id))[:SHOWN_TASKS]


def _evidence(view: ProjectView, overrun: list[Task]) -> tuple[str, ...]:
    """What was sold, and the last word on the tasks that took more."""
    accepted = (r.event_id for r in view.project.change_requests.values() if r.decision == "accepted" and r.event_id)
    return tuple(dict.fromkeys([view.project.created_event_id, *(t.status_event_id for t in overrun), *accepted]))


def _severity(view: ProjectView, money: Statement) -> Severity:
    """Critical when it loses money, high when it is below its floor or far off, else medium."""
    if money.margin_forecast is not None and money.margin_forecast < 0:
        return "critical"
    is_far = money.drift_points is not None and money.drift_points <= -GRAVE_POINTS
    return "high" if is_far or _is_below_floor(view, money) else "medium"
