"""The architect's words, by template. A language model may say them again; it never adds a figure. Pure.

What a customer wrote is never repeated here: a claim is stored in clear, a message is not.
"""

from __future__ import annotations

from agents.world import World
from risk.detectors import scope_drift
from risk.findings import Finding
from store.events import Number


def claim(world: World, finding: Finding) -> str:
    """What is wrong, in one or two sentences of figures."""
    figures = {number.name: number for number in finding.numbers}
    where = world.external("project", finding.project_id)
    return _scope(where, figures) if finding.kind == scope_drift.KIND else _margin(where, figures)


def _scope(where: str, figures: dict[str, Number]) -> str:
    hours, items = figures["unapproved_hours"], int(figures["unapproved_items"].value)
    creep = figures.get("creep_percent")
    share = f", {creep.value} % of the hours sold" if creep else ""
    estimated = figures["estimated_hours"].value
    guess = f" {estimated} h of it are estimated: nobody has said how long they take." if estimated else ""
    limit = f" (limit {hours.threshold} h)" if hours.threshold is not None else ""
    return (
        f"{where} has {items} item{'' if items == 1 else 's'} beyond its clauses that nobody approved:"
        f" {hours.value} h{share}{limit}.{guess}"
    )


def _margin(where: str, figures: dict[str, Number]) -> str:
    forecast, cost = figures["margin_forecast"], figures["eac"]
    sold, drift = figures.get("margin_sold"), figures.get("drift_points")
    against = f" against {sold.value} % sold" if sold else ""
    lost = f", {abs(drift.value)} points less" if drift and drift.value < 0 else ""
    floor = forecast.threshold
    below = f" It is below its floor of {floor} %." if floor is not None and forecast.value < floor else ""
    over = figures.get("variance")
    budget = f", {abs(over.value)} {over.unit} over its budget" if over and over.value < 0 else ""
    accrued = figures["accrued_hours"].value
    late = f" {accrued} h without a sheet are counted in." if accrued else ""
    return (
        f"The margin of {where} is forecast at {forecast.value} %{against}{lost}: it will cost"
        f" {cost.value} {cost.unit}{budget}.{below}{late}"
    )


def values(world: World, finding: Finding) -> list[str]:
    """What the claim may name besides plain words: figures, units and the project's id."""
    stated = [f"{abs(number.value)}" for number in finding.numbers]
    limits = [f"{number.threshold}" for number in finding.numbers if number.threshold is not None]
    units = sorted({number.unit for number in finding.numbers})
    return [*stated, *limits, *units, world.external("project", finding.project_id)]
