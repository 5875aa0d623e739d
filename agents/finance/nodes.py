"""The steps of the finance agent's graph. Each reads the state and returns what it adds; none has an effect."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from langgraph.runtime import Runtime

from agents import messages, reforecasting
from agents.finance import prompts, redating
from agents.finance.state import Review, Surroundings
from agents.wording import named_in
from risk.findings import Finding
from store.projections.projects.state import ProjectState

SHARED = ("severity", "project_id", "other_project_ids", "subject_ids", "numbers", "inputs", "evidence", "expires_on")


def gather(state: Review) -> Review:
    """Checks that the finding is one: a finding without evidence goes no further."""
    finding = _finding(state)
    if not finding.evidence:
        raise ValueError(f"The finding {finding.subject_key} has no evidence.")
    return {"finding": state["finding"], "is_redated": False}


def what_is_asked(state: Review) -> Literal["redate", "escalate"]:
    """Where the run goes from `gather`: a forecast can be said anew, a budget is somebody's decision."""
    return "redate" if state["finding"]["kind"] == redating.KIND else "escalate"


def redate(state: Review, runtime: Runtime[Surroundings]) -> Review:
    """The forecast that can come true, with what does not fit moved to the month in which it can."""
    world, finding = runtime.context.world, _finding(state)
    args = redating.args_for(world, finding)
    offer = reforecasting.HAND.offered(world, reforecasting.RE_FORECAST, args, finding.inputs)
    kept = [msgspec.to_builtins(offer)] if offer.is_feasible else []
    return {"proposals": kept, "is_redated": bool(kept)}


def has_month(state: Review) -> Literal["phrase", "escalate"]:
    """Where the run goes from `redate`: code decides, never a model."""
    return "phrase" if state["is_redated"] else "escalate"


def escalate(state: Review, runtime: Runtime[Surroundings]) -> Review:
    """Nothing to say anew: whoever stands above the manager has to decide."""
    world, finding = runtime.context.world, _finding(state)
    project = world.projects.get(finding.project_id) or ProjectState(project_id=finding.project_id)
    args = messages.args_for(project, "", [], finding.kind)
    offer = messages.HAND.offered(world, messages.ESCALATE, args, finding.inputs)
    return {"proposals": [msgspec.to_builtins(offer)] if offer.is_feasible else []}


def phrase(state: Review, runtime: Runtime[Surroundings]) -> Review:
    """The claim by template, and what in it is no plain word."""
    world, finding = runtime.context.world, _finding(state)
    claim = prompts.claim(world, finding)
    return {"claim": claim, "values": named_in(claim, prompts.values(world, finding))}


def emit(state: Review) -> Review:
    """The alert as data; the shell appends it."""
    kept: dict[str, Any] = {name: state["finding"][name] for name in SHARED}
    words = {"claim": state["claim"], "values": state["values"]}
    as_of = state["finding"]["inputs"]["as_of"]
    return {"alert": {**kept, **words, "proposals": state["proposals"], "as_of": as_of}}


def _finding(state: Review) -> Finding:
    return msgspec.convert(state["finding"], Finding)
