"""The finance agent's words, by template. Pure.

Projects are named by the source's own id; doors put names in where the reader may see them.
"""

from __future__ import annotations

from agents.finance import redating
from agents.world import World
from risk.findings import Finding
from store.events import Number

Figures = dict[str, Number]


def claim(world: World, finding: Finding) -> str:
    """What does not hold, in figures, and what stands behind it."""
    figures = {number.name: number for number in finding.numbers}
    says = _forecast if finding.kind == redating.KIND else _budget
    return says(world.external("project", finding.project_id), finding, figures)


def _forecast(project: str, finding: Finding, figures: Figures) -> str:
    inputs = finding.inputs
    return (
        f"The forecast of {_money(figures['forecast_revenue'])} for {inputs['period']} on {project}, made"
        f" {inputs['made_on']}, cannot come true: at most {_money(figures['most_possible'])} can be recognised,"
        f" {_money(figures['shortfall'])} less.{_because(finding)}"
    )


def _because(finding: Finding) -> str:
    """The reason that says most; figures are the finding's own."""
    inputs, reasons = finding.inputs, finding.inputs["reasons"].split()
    if "go_live_after_month" in reasons:
        return f" The plan goes live on {inputs['go_live_on']}."
    if "fee_used_up" in reasons:
        return " The fee is used up."
    if "plan_infeasible" in reasons:
        return f" The committed date {inputs['committed_on']} cannot be kept: {inputs['earliest_on']} is the earliest."
    return ""


def _money(number: Number) -> str:
    return f"{number.value} {number.unit}"


def _budget(project: str, finding: Finding, figures: Figures) -> str:
    basis = finding.inputs["basis"]
    verb = "will come to" if basis == "eac" else "has come to"
    parts = [
        f"{_money(figures[name])} of {_money(figures[_budget_name(name)])}, {figures[f'{name}_percent'].value} %"
        for name in (f"{basis}_hours", f"{basis}_cost")
        if name in finding.inputs["over"].split()
    ]
    return f"{project} {verb} more than its budget: {' and '.join(parts)}."


def _budget_name(name: str) -> str:
    return "budget_hours" if name.endswith("hours") else "budget_cost"


def values(world: World, finding: Finding) -> list[str]:
    """What the claim may name besides plain words."""
    figures = [f"{number.value}" for number in finding.numbers]
    units = [number.unit for number in finding.numbers]
    return [*figures, *units, *finding.inputs.values(), world.external("project", finding.project_id)]
