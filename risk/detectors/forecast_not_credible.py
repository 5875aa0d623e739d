"""A stored revenue forecast that can no longer come true, by more than a tolerance.

Held against it is the most its month can bring (`plan.months`): what was recognised by now and all the
work that could still be done before the month ends. A subscription earns nothing before go-live: there
the earliest feasible go-live decides. The last forecast of a month counts, made at most a month ahead.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from plan.months import Month, MonthOutlook, last_day, month_of, months_between
from plan.timeline import Allowances, Timeline
from risk.detectors.view import THRESHOLD, ProjectView
from risk.findings import Finding
from store.errors import Invalid
from store.events import Number
from store.events.alerts import Severity
from store.projections.projects.state import RevenueForecast

KIND = "forecast_not_credible"
RULE_ID = "forecast_not_credible.v1"
DEFAULTS: Mapping[str, Decimal] = {
    "shortfall_percent": Decimal(30),
    "still_percent": Decimal(25),
    "material_percent": Decimal(5),
    "months_ahead": Decimal(1),
}
GRAVE_PERCENT = Decimal(10)
HUNDRED, NOTHING = Decimal(100), Decimal(0)
OVER = frozenset({"closed", "cancelled"})


def detect(view: ProjectView) -> list[Finding]:
    """One finding per month whose forecast cannot come true; none for a project that is over or has no fee."""
    project = view.project
    if project.status in OVER or not project.forecasts or not project.fee or not project.tasks:
        return []
    try:
        cases = [case_of(view, forecast) for forecast in in_force(view)]
        return [_finding(view, case) for case in cases if case and _is_short(view, case)]
    except Invalid:
        return []


@dataclass(frozen=True, slots=True)
class Case:
    """A stored forecast beside the most its month can bring."""

    forecast: RevenueForecast
    outlook: MonthOutlook | None
    most: Decimal
    go_live_on: dt.date | None
    earliest_on: dt.date | None

    @property
    def shortfall(self) -> Decimal:
        """Money that cannot come, never negative."""
        return max(self.forecast.revenue - self.most, NOTHING)

    @property
    def shortfall_percent(self) -> Decimal:
        """The same as per cent of the forecast."""
        return (self.shortfall / self.forecast.revenue * HUNDRED).quantize(Decimal("0.1"))


def in_force(view: ProjectView) -> list[RevenueForecast]:
    """The last forecast of each month that is not over, as far as it was made near enough to be held to it."""
    now, most_ahead = month_of(view.as_of), _threshold(view, "months_ahead")
    last: dict[Month, RevenueForecast] = {}
    for forecast in sorted(view.project.forecasts, key=lambda f: f.made_on):
        is_near = months_between(month_of(forecast.made_on), forecast.period) <= most_ahead
        if is_near and 0 <= months_between(now, forecast.period) <= most_ahead:
            last[forecast.period] = forecast
    least = (view.project.fee or NOTHING) * _threshold(view, "material_percent") / HUNDRED
    return [forecast for _, forecast in sorted(last.items()) if forecast.revenue > 0 and forecast.revenue >= least]


def case_of(view: ProjectView, forecast: RevenueForecast) -> Case | None:
    """The forecast's month as it stands; None where nothing says what it can bring."""
    project = view.project
    go_live_on = view.forecast.go_live_on if view.forecast and project.live_at is None else None
    proof = _proof(view)
    earliest_on = proof.earliest_on if proof else None
    if project.fee_type == "subscription":
        if go_live_on is None or earliest_on is None:
            return None
        is_after = earliest_on > last_day(forecast.period)
        return Case(forecast, None, NOTHING if is_after else forecast.revenue, go_live_on, earliest_on)
    if not project.budget_hours or project.fee_type == "non_billable":
        return None
    outlook = view.earnings.outlook(forecast.period)
    return Case(forecast, outlook, outlook.most, go_live_on, earliest_on)


def _proof(view: ProjectView) -> Timeline | None:
    due_on = view.project.committed_on
    return view.timeline(due_on, Allowances(), judges_roles=True) if due_on else None


def _is_short(view: ProjectView, case: Case) -> bool:
    return case.shortfall_percent >= _threshold(view, "still_percent")


def _threshold(view: ProjectView, name: str) -> Decimal:
    return view.threshold(name, DEFAULTS[name])


def figures(view: ProjectView, case: Case) -> Iterator[Number]:
    """The rule's figures, whether the forecast holds or not."""
    limit = _threshold(view, "shortfall_percent")
    currency = case.forecast.currency or view.project.currency or view.tenant.currency
    yield Number(name="forecast_revenue", value=case.forecast.revenue, unit=currency)
    yield Number(name="most_possible", value=case.most, unit=currency)
    yield Number(name="shortfall", value=case.shortfall, unit=currency)
    yield Number(name="shortfall_percent", value=case.shortfall_percent, unit="%", threshold=limit)
    if case.outlook:
        yield Number(name="recognised", value=case.outlook.recognised, unit=currency)
        yield Number(name="accrued", value=case.outlook.accrued, unit=currency)
        yield Number(name="most_to_come", value=case.outlook.most_to_come, unit=currency)
    bias = _bias(view)
    if bias is not None:
        yield Number(name="earlier_bias_percent", value=bias, unit="%")


def _bias(view: ProjectView) -> Decimal | None:
    """How far the project's earlier forecasts lay above what was recognised, in all; None without a month to judge."""
    now = month_of(view.as_of)
    last = {f.period: f for f in view.project.forecasts if f.period < now}
    said = sum((forecast.revenue for forecast in last.values()), NOTHING)
    if not said or view.project.fee_type == "subscription":
        return None
    real = sum((view.earnings.recognised(period) for period in last), NOTHING)
    return ((said - real) / said * HUNDRED).quantize(Decimal("0.1"))


def _finding(view: ProjectView, case: Case) -> Finding:
    project, forecast = view.project, case.forecast
    return Finding(
        rule_id=RULE_ID,
        kind=KIND,
        agent="finance",
        severity=_severity(view, case),
        subject_key=f"{project.project_id}/{forecast.period}",
        project_id=project.project_id,
        subject_ids=(project.project_id, forecast.period),
        numbers=tuple(figures(view, case)),
        inputs={
            "as_of": view.as_of.isoformat(),
            "period": forecast.period,
            "made_on": forecast.made_on.isoformat(),
            "go_live_on": case.go_live_on.isoformat() if case.go_live_on else "",
            "earliest_on": case.earliest_on.isoformat() if case.earliest_on else "",
            "committed_on": project.committed_on.isoformat() if project.committed_on else "",
            "reasons": " ".join(_reasons(view, case)),
            **{f"{THRESHOLD}{name}": f"{_threshold(view, name)}" for name in DEFAULTS},
        },
        evidence=tuple(dict.fromkeys(_evidence(view, case))),
        first_on=last_day(forecast.period).replace(day=1),
        last_on=last_day(forecast.period),
        expires_on=last_day(forecast.period),
        may_raise=case.shortfall_percent >= _threshold(view, "shortfall_percent"),
    )


def _reasons(view: ProjectView, case: Case) -> Iterator[str]:
    """What stands behind it, by name: the plan's go-live, a plan that is infeasible, a fee that is used up."""
    due_on, ends_on = view.project.committed_on, last_day(case.forecast.period)
    if case.go_live_on and case.go_live_on > ends_on:
        yield "go_live_after_month"
    if case.earliest_on and due_on and case.earliest_on > due_on:
        yield "plan_infeasible"
    if case.outlook and case.outlook.fee_left is not None and case.outlook.fee_left <= case.most:
        yield "fee_used_up"
    if case.outlook:
        yield "too_little_work_in_month"


def _evidence(view: ProjectView, case: Case) -> Iterator[str]:
    """The forecast itself, the contract, the promise, and the open tasks that were due by the month's end."""
    project, ends_on = view.project, last_day(case.forecast.period)
    yield case.forecast.event_id
    yield project.created_event_id
    yield from (move.event_id for move in project.commitments[-1:])
    for _, task in sorted(project.tasks.items()):
        if task.is_open and task.effort_hours and task.due_on and task.due_on <= ends_on:
            yield task.due_moves[-1].event_id if task.due_moves else task.created_event_id


def _severity(view: ProjectView, case: Case) -> Severity:
    share = case.shortfall / (view.project.fee or case.forecast.revenue) * HUNDRED
    return "high" if share >= GRAVE_PERCENT else "medium"
