"""The steps of the resource agent's graph. Each reads the state and returns what it adds; none has an effect."""

from __future__ import annotations

from types import ModuleType
from typing import Any, Literal

import msgspec
from langgraph.runtime import Runtime

from agents.actions import Action
from agents.proposals import proposed
from agents.resource import prompts, solver, timeline
from agents.resource.state import Review, Surroundings
from agents.wording import named_in
from agents.world import World
from risk.findings import Finding
from store.events import Effect, ProposedAction

SHARED = ("severity", "project_id", "other_project_ids", "subject_ids", "numbers", "inputs", "evidence", "expires_on")


def gather(state: Review) -> Review:
    """Checks that the finding is one: a finding without evidence goes no further."""
    finding = _finding(state)
    if not finding.evidence:
        raise ValueError(f"The finding {finding.subject_key} has no evidence.")
    return {"finding": state["finding"]}


def what_is_asked(state: Review) -> Literal["propose", "relax"]:
    """Where the run goes from `gather`: the two rules have different ways out."""
    return "relax" if state["finding"]["kind"] == timeline.KIND else "propose"


def propose(state: Review, runtime: Runtime[Surroundings]) -> Review:
    """What would clear the finding, verified, the best first."""
    world, finding = runtime.context.world, _finding(state)
    found = [_proposal(world, finding, action, effect) for action, effect in solver.solve(world, finding.inputs)]
    return {"proposals": [_plain(proposal) for proposal in found], "is_solved": bool(found)}


def relax(state: Review, runtime: Runtime[Surroundings]) -> Review:
    """What would make an impossible date possible, verified, the best first."""
    found = timeline.offers(runtime.context.world, _finding(state))
    return {"proposals": [_plain(proposal) for proposal in found], "is_solved": bool(found)}


def is_there_a_way(state: Review) -> Literal["phrase", "admit"]:
    """Where the run goes from `propose` and `relax`: code decides, never a model."""
    return "phrase" if state["is_solved"] else "admit"


def admit(state: Review, runtime: Runtime[Surroundings]) -> Review:
    """Nothing clears it with the people there are: who yet to be found, or who above the manager, must help."""
    world, finding = runtime.context.world, _finding(state)
    if finding.kind == timeline.KIND:
        return {"proposals": [_plain(offer) for offer in timeline.admitted(world, finding)]}
    last = solver.fallback(world, finding.inputs)
    return {"proposals": [_plain(_proposal(world, finding, *last, is_feasible=False))] if last else []}


def phrase(state: Review, runtime: Runtime[Surroundings]) -> Review:
    """The claim by template, and what in it is no plain word."""
    world, finding = runtime.context.world, _finding(state)
    claim = _words_for(finding).claim(world, finding, is_solved=state["is_solved"])
    return {"claim": claim, "values": named_in(claim, _words_for(finding).values(world, finding))}


def emit(state: Review) -> Review:
    """The alert as data; the shell appends it."""
    kept = {name: state["finding"][name] for name in SHARED}
    as_of = state["finding"]["inputs"]["as_of"]
    return {"alert": {**kept, **_words(state), "proposals": state["proposals"], "as_of": as_of}}


def _words(state: Review) -> dict[str, Any]:
    return {"claim": state["claim"], "values": state["values"]}


def _words_for(finding: Finding) -> ModuleType:
    return timeline if finding.kind == timeline.KIND else prompts


def _finding(state: Review) -> Finding:
    return msgspec.convert(state["finding"], Finding)


def _proposal(
    world: World, finding: Finding, action: Action, effect: Effect, *, is_feasible: bool = True
) -> ProposedAction:
    sentence = prompts.sentence(world, action, effect)
    return proposed(world, action, finding.inputs, sentence, is_feasible=is_feasible)


def _plain(value: msgspec.Struct) -> Any:
    return msgspec.to_builtins(value)
