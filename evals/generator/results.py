"""What the money came to: margins against those sold, forecasts against what was recognised."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from evals.generator.calendars import DAY
from evals.generator.plan import Project
from evals.generator.simulate import Simulation
from evals.generator.waits import Record
from evals.generator.world import TO_EUR

MARGIN_POINTS, MARGIN_GREY = -5.0, -3.0
MARGIN_EARLY_DAYS = 75
FORECAST_GAP, FORECAST_GREY = 0.35, 0.15


def margin_drift(sim: Simulation, project: Project, spent: dict[str, float]) -> Iterator[Record]:
    """Fixed price: cost to date plus what the rest will really take, against the margin sold."""
    if project.fee <= 0 or project.fee_type not in ("fixed", "subscription") or not project.live_on:
        return
    rate = {p.person_id: p.cost_rate * TO_EUR[p.currency] for p in sim.world.people}
    to_eur = TO_EUR[project.customer.currency]
    paid = sim.steering.growth.paid[project.project_id]
    series = []
    for month in _months(project.created_on, project.ended_on or project.live_on):
        known = [t for t in project.tasks if t.created_on <= month and t.track == "internal"]
        cost = spent[project.project_id] + sum(t.needs_hours * rate[t.owner_id] for t in known)
        fee = to_eur * (project.fee + sum(amount for day, amount in paid if day <= month))
        series.append((month, round(100 * ((fee - cost) / fee - project.sold_margin), 2)))
    final = series[-1][1]
    if final > MARGIN_GREY:
        return
    is_grey = final > MARGIN_POINTS
    first = next(m for m, points in series if points <= (MARGIN_GREY if is_grey else MARGIN_POINTS))
    accept = max(project.created_on, first - timedelta(days=MARGIN_EARLY_DAYS))
    is_ahead = first > sim.world.horizon_on
    if accept <= sim.world.horizon_on:
        yield {
            "record": "incident",
            "kind": "margin_drift",
            "project_ids": [project.project_id],
            "subject_ids": [project.project_id],
            "from_on": first,
            "accept_from_on": accept,
            "to_on": max(first, project.ended_on or project.live_on),
            "harm_on": None if is_grey else first,
            "final_points": final,
            "series": [[m.isoformat()[:7], points] for m, points in series],
            "grey": is_grey or is_ahead,
        }


def _months(first: date, last: date) -> list[date]:
    out: list[date] = []
    day = first
    while not out or out[-1] < last:
        end = (day.replace(day=1) + timedelta(days=32)).replace(day=1) - DAY
        out.append(end)
        day = end + DAY
    return out


def forecasts_not_credible(sim: Simulation, project: Project) -> Iterator[Record]:
    hours: dict[str, float] = defaultdict(float)
    for _, project_id, _, day, worked in sim.worked:
        if project_id == project.project_id:
            hours[day.isoformat()[:7]] += worked
    total = sum(hours.values()) or 1.0
    seen: set[str] = set()
    for made, period, revenue in sim.steering.watch.forecasts[project.project_id]:
        real = project.fee * hours[period] / total
        gap = (revenue - real) / revenue
        if made > sim.world.horizon_on or period in seen or gap < FORECAST_GREY or revenue < 0.05 * project.fee:
            continue
        seen.add(period)
        end = _months(date.fromisoformat(period + "-01"), date.fromisoformat(period + "-01"))[0]
        yield {
            "record": "incident",
            "kind": "forecast_not_credible",
            "project_ids": [project.project_id],
            "subject_ids": sorted([period, project.project_id]),
            "period": period,
            "made_on": made,
            "from_on": made,
            "accept_from_on": made,
            "to_on": end,
            "harm_on": end,
            "forecast": revenue,
            "recognised": round(real, 2),
            "grey": gap < FORECAST_GAP,
        }
