"""The steps of the architect's graph. Each reads the state and returns what it adds; none has an effect."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

import msgspec
from langgraph.runtime import Runtime

from agents import changes, messages
from agents.architect import prompts
from agents.architect.state import Review, Surroundings
from agents.wording import named_in
from agents.world import World
from risk.detectors import scope_drift
from risk.detectors.view import ProjectView
from risk.findings import Finding
from store.events import ProposedAction
from store.projections.projects.state import ProjectState

SHARED = ("severity", "project_id", "other_project_ids", "subject_ids", "numbers", "inputs", "evidence", "expires_on")


def gather(state: Review) -> Review:
    """Checks that the finding is one: a finding without evidence goes no further."""
    finding = _finding(state)
    if not finding.evidence:
        raise ValueError(f"The finding {finding.subject_key} has no evidence.")
    return {"finding": state["finding"]}


def propose(state: Review, runtime: Runtime[Surroundings]) -> Review:
    """A change order for what nobody has decided on, and doing it for nothing: the two honest ways."""
    world, finding = runtime.context.world, _finding(state)
    project = _project(world, finding)
    hours, covers = open_items(world, finding, project)
    if not covers:
        return {"proposals": [], "is_sellable": False}
    args = changes.args_for(world, project, hours, covers)
    offers = [changes.HAND.offered(world, kind, args, finding.inputs) for kind in changes.KINDS]
    kept = [offer for offer in offers if offer.is_feasible or offer.action == changes.RAISE]
    is_sellable = any(offer.is_feasible and offer.action == changes.RAISE for offer in kept)
    return {"proposals": [_plain(offer) for offer in kept], "is_sellable": is_sellable}


def open_items(world: World, finding: Finding, project: ProjectState) -> tuple[Decimal, list[str]]:
    """Hours and ids of what was asked for or begun beyond the clauses, and is undecided.

    A scope finding names them; for a margin the work that was added counts, as the plan tells it.
    """
    if finding.kind == scope_drift.KIND:
        rows = [row.partition("=") for row in finding.inputs["items"].split()]
        found = {subject: value.split(":") for subject, _, value in rows}
        still = {subject: Decimal(hours) for subject, (_, hours, decision) in found.items() if decision == "open"}
    else:
        view = ProjectView(project, world.tenant, world.people, world.now, world.as_of)
        ledger = scope_drift.ledger(view) if project.scope_items else []
        still = {entry.subject_id: entry.hours for entry in ledger if entry.decision == "open"}
    return sum(still.values(), Decimal(0)), sorted(still)


def is_there_something_to_sell(state: Review) -> Literal["phrase", "escalate"]:
    """Where the run goes from `propose`: code decides, never a model."""
    return "phrase" if state["is_sellable"] else "escalate"


def escalate(state: Review, runtime: Runtime[Surroundings]) -> Review:
    """Nothing can be sold: whoever stands above the manager has to know."""
    world, finding = runtime.context.world, _finding(state)
    project = _project(world, finding)
    about = [subject for subject in finding.subject_ids if subject in project.tasks]
    args = messages.args_for(project, "", about, finding.kind)
    offer = messages.HAND.offered(world, messages.ESCALATE, args, finding.inputs)
    return {"proposals": [*state["proposals"], *([_plain(offer)] if offer.is_feasible else [])]}


def phrase(state: Review, runtime: Runtime[Surroundings]) -> Review:
    """The claim by template, and what in it is no plain word."""
    world, finding = runtime.context.world, _finding(state)
    claim = prompts.claim(world, finding)
    return {"claim": claim, "values": named_in(claim, prompts.values(world, finding))}


def emit(state: Review) -> Review:
    """The alert as data; the shell appends it."""
    kept = {name: state["finding"][name] for name in SHARED}
    words = {"claim": state["claim"], "values": state["values"]}
    as_of = state["finding"]["inputs"]["as_of"]
    return {"alert": {**kept, **words, "proposals": state["proposals"], "as_of": as_of}}


def _finding(state: Review) -> Finding:
    return msgspec.convert(state["finding"], Finding)


def _project(world: World, finding: Finding) -> ProjectState:
    return world.projects.get(finding.project_id) or ProjectState(project_id=finding.project_id)


def _plain(value: ProposedAction) -> Any:
    return msgspec.to_builtins(value)
