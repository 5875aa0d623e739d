"""More hours or money than the budget allows: expected at completion, and spent already. Two findings apart.

Time and cost have a threshold each, in per cent of the budget with its accepted changes. What cannot
be priced is not held against anything: hours still are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from plan.money import Statement
from risk.detectors.view import THRESHOLD, ProjectView
from risk.findings import Finding
from store.events import Number
from store.events.alerts import Severity

KIND = "eac_over_budget"
RULE_ID = "eac_over_budget.v1"
DEFAULTS: Mapping[str, Decimal] = {
    "eac_hours_percent": Decimal(110),
    "eac_cost_percent": Decimal(110),
    "actual_hours_percent": Decimal(100),
    "actual_cost_percent": Decimal(100),
}
GRAVE_POINTS = Decimal(20)
LASTS = dt.timedelta(days=28)
HUNDRED, NOTHING = Decimal(100), Decimal(0)
OVER = frozenset({"closed", "cancelled"})


@dataclass(frozen=True, slots=True)
class Measure:
    """An amount beside its budget; `percent` None where either is not known."""

    name: str
    unit: str
    amount: Decimal | None
    budget: Decimal | None

    @property
    def percent(self) -> Decimal | None:
        """The amount as per cent of the budget, to a tenth."""
        if self.amount is None or not self.budget or self.budget < 0:
            return None
        return (self.amount / self.budget * HUNDRED).quantize(Decimal("0.1"))


def detect(view: ProjectView) -> list[Finding]:
    """Up to two findings: what is spent is over budget, what it will come to is."""
    project = view.project
    if project.status in OVER or not project.budget_hours or not project.tasks:
        return []
    money = view.money
    return [
        _finding(view, basis, money, measures)
        for basis, measures in bases(view, money).items()
        if any(_points_over(view, measure) is not None for measure in measures)
    ]


def bases(view: ProjectView, money: Statement) -> dict[str, tuple[Measure, ...]]:
    """What is held against the budget: by basis, hours and cost."""
    accepted = [r for r in view.project.change_requests.values() if r.decision == "accepted"]
    hours = sum((r.hours or NOTHING for r in accepted), view.project.budget_hours or NOTHING)
    spent = money.actual_hours + money.accrued_hours
    return {
        "eac": (
            Measure("eac_hours", "h", spent + money.etc_hours, hours),
            Measure("eac_cost", money.currency, money.eac, money.budget_cost),
        ),
        "actual": (
            Measure("actual_hours", "h", spent, hours),
            Measure("actual_cost", money.currency, money.cost_incurred, money.budget_cost),
        ),
    }


def _points_over(view: ProjectView, measure: Measure) -> Decimal | None:
    """Points beyond the threshold; None while it is kept or nothing is known."""
    limit = _limit(view, measure)
    return None if measure.percent is None or measure.percent <= limit else measure.percent - limit


def _limit(view: ProjectView, measure: Measure) -> Decimal:
    name = f"{measure.name}_percent"
    return view.threshold(name, DEFAULTS[name])


def figures(view: ProjectView, measures: tuple[Measure, ...]) -> Iterator[Number]:
    """Each measure, its budget and its per cent against the threshold."""
    for measure in measures:
        if measure.percent is not None and measure.amount is not None and measure.budget is not None:
            yield Number(name=measure.name, value=measure.amount, unit=measure.unit)
            budget = "budget_hours" if measure.unit == "h" else "budget_cost"
            yield Number(name=budget, value=measure.budget, unit=measure.unit)
            yield Number(
                name=f"{measure.name}_percent", value=measure.percent, unit="%", threshold=_limit(view, measure)
            )


def _finding(view: ProjectView, basis: str, money: Statement, measures: tuple[Measure, ...]) -> Finding:
    project = view.project
    over = [measure.name for measure in measures if _points_over(view, measure) is not None]
    return Finding(
        rule_id=RULE_ID,
        kind=KIND,
        agent="finance",
        severity=_severity(view, measures),
        subject_key=f"{project.project_id}/{basis}",
        project_id=project.project_id,
        subject_ids=(project.project_id,),
        numbers=tuple(figures(view, measures)),
        inputs={
            "as_of": view.as_of.isoformat(),
            "basis": basis,
            "over": " ".join(over),
            "missing": "; ".join(money.missing),
            **{f"{THRESHOLD}{name}": f"{view.threshold(name, limit)}" for name, limit in DEFAULTS.items()},
        },
        evidence=tuple(dict.fromkeys(_evidence(view))),
        first_on=view.as_of,
        last_on=view.as_of,
        expires_on=view.as_of + LASTS,
    )


def _evidence(view: ProjectView) -> Iterator[str]:
    """The contract, and the open tasks whose hours are still to come."""
    yield view.project.created_event_id
    for _, task in sorted(view.project.tasks.items()):
        if task.is_open and task.effort_hours:
            yield task.status_event_id or task.created_event_id


def _severity(view: ProjectView, measures: tuple[Measure, ...]) -> Severity:
    worst = max(_points_over(view, measure) or NOTHING for measure in measures)
    return "high" if worst >= GRAVE_POINTS else "medium"
