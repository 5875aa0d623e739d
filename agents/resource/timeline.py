"""A date that cannot be kept, in words and with ways out: promise a later one, or do less. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from agents import messages, recommitting
from agents.messages import ESCALATE
from agents.world import World
from plan.network import calendars_of
from plan.relaxations import smallest_cut
from plan.timeline import Staff, timeline_of
from risk.detectors.impossible_timeline import KIND
from risk.findings import Finding
from store.errors import Invalid
from store.events import ProposedAction
from store.projections.projects.state import ProjectState

__all__ = ["KIND", "admitted", "claim", "offers", "values"]
NO_WAY_OUT = "No later date and no smaller scope would do."


def offers(world: World, finding: Finding) -> list[ProposedAction]:
    """What makes the date feasible, each verified on the folded facts, the one that moves go-live least first."""
    found = [offer for offer in _tried(world, finding) if offer.is_feasible]
    return sorted(found, key=lambda offer: (-offer.effect.days, offer.action))


def _tried(world: World, finding: Finding) -> Iterator[ProposedAction]:
    project, inputs = _project(world, finding), finding.inputs
    earliest_on = dt.date.fromisoformat(inputs["earliest_on"])
    move = recommitting.move_args(project.project_id, earliest_on)
    yield recommitting.HAND.offered(world, recommitting.MOVE_GO_LIVE, move, inputs)
    cut = _cut(world, project, finding)
    if cut:
        args = recommitting.cut_args(project, cut)
        yield recommitting.HAND.offered(world, recommitting.CUT_SCOPE, args, inputs)


def _cut(world: World, project: ProjectState, finding: Finding) -> dict[str, Decimal] | None:
    due_on = dt.date.fromisoformat(finding.inputs["due_on"])
    if due_on < world.as_of:
        return None
    allowances = recommitting.allowances_of(finding.inputs)
    try:
        cut = smallest_cut(project, recommitting.staff_of(world), due_on, world.as_of, allowances)
        everybody = Staff(world.tenant, world.people, calendars_of(world.tenant))
        smaller = replace(allowances, cut_hours=cut or {})
        proof = timeline_of(project, everybody, due_on, world.as_of, smaller)
    except Invalid:
        return None
    return cut if proof and not proof.is_impossible else None


def admitted(world: World, finding: Finding) -> list[ProposedAction]:
    """Nothing makes it feasible: whoever stands above the manager has to decide."""
    project = _project(world, finding)
    args = messages.args_for(project, "", [], finding.kind)
    offer = messages.HAND.offered(world, ESCALATE, args, finding.inputs)
    return [offer] if offer.is_feasible else []


def claim(world: World, finding: Finding, *, is_solved: bool) -> str:
    """What cannot be kept and why: the two numbers, and the earliest date that can."""
    inputs = finding.inputs
    figures = {number.name: number.value for number in finding.numbers}
    said = [f"Go-live of {world.external('project', finding.project_id)} on {inputs['due_on']} cannot be kept:"]
    if figures["days_left"] <= 0:
        said.append(f"the work left takes {figures['days_needed']} working days at the least, and none is left.")
    elif figures["days_short"]:
        said.append(
            f"the work left takes {figures['days_needed']} working days at the least, {figures['days_left']} are left."
        )
    else:
        said.append("too few hours are free for the work left.")
    for role in inputs["short_roles"].split() if not figures["days_short"] else ():
        needed, free = figures[f"{role}_hours_needed"], figures[f"{role}_hours_free"]
        said.append(f"The role {role} has {needed} h to do and {free} h free before it.")
    said.append(f"The earliest date is {inputs['earliest_on']}.")
    return " ".join(said) if is_solved else " ".join([*said, NO_WAY_OUT])


def values(world: World, finding: Finding) -> list[str]:
    """What the claim may name besides plain words."""
    figures = [f"{number.value}" for number in finding.numbers]
    return [*figures, *finding.inputs.values(), world.external("project", finding.project_id)]


def _project(world: World, finding: Finding) -> ProjectState:
    return world.projects.get(finding.project_id) or ProjectState(project_id=finding.project_id)
