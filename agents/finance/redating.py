"""To which month the money goes that a month cannot bring. Pure.

It goes to the month of the forecast go-live where that is later, else to the next one; where a fixed
fee is used up it goes nowhere: there is no such money.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from agents import reforecasting
from agents.world import World
from plan.months import Month, last_day, month_of
from risk.detectors.forecast_not_credible import KIND
from risk.findings import Finding
from store.projections.projects.state import ProjectState

__all__ = ["KIND", "args_for", "month_for"]
DAY = dt.timedelta(days=1)
NOTHING = Decimal("0.00")


def args_for(world: World, finding: Finding) -> dict[str, str]:
    """The forecast of the month as it can come true, and of the month that takes the rest."""
    project = world.projects.get(finding.project_id) or ProjectState(project_id=finding.project_id)
    figures = {number.name: number for number in finding.numbers}
    period, missing = finding.inputs["period"], figures["shortfall"].value
    revenue = {period: figures["most_possible"].value}
    if "fee_used_up" not in finding.inputs["reasons"].split():
        later = month_for(finding)
        revenue[later] = reforecasting.in_force(project).get(later, NOTHING) + missing
    return reforecasting.args_for(project, revenue, figures["shortfall"].unit)


def month_for(finding: Finding) -> Month:
    """The month of the forecast go-live if it lies after the forecast's, else the next one."""
    ends_on, go_live = last_day(finding.inputs["period"]), finding.inputs["go_live_on"]
    go_live_on = dt.date.fromisoformat(go_live) if go_live else ends_on
    return month_of(max(go_live_on, ends_on + DAY))
