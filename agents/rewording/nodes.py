"""The steps of the rewording graph. `ask` and `repair` put a question to the model; none has another effect."""

from __future__ import annotations

from typing import Literal

from langgraph.runtime import Runtime

from agents.rewording.state import Attempt, Surroundings
from agents.wording import is_faithful, question


def ask(state: Attempt, runtime: Runtime[Surroundings]) -> Attempt:
    """Asks for the claim in other words."""
    reply = runtime.context.model.complete(question(state["claim"], state["values"]))
    return {"text": reply.value.text.strip() if reply else ""}


def what_came(state: Attempt) -> Literal["keep", "repair", "leave", "wait"]:
    """Where the run goes from `ask`: code reads the words, whoever wrote them is not asked."""
    if not state["text"]:
        return "wait"
    if state["text"] == state["claim"]:
        return "leave"
    return "keep" if _is_faithful(state) else "repair"


def repair(state: Attempt, runtime: Runtime[Surroundings]) -> Attempt:
    """Asks once more, with the words that have to come back; what the model said is not repeated to it."""
    reply = runtime.context.model.complete(question(state["claim"], state["values"], is_repair=True))
    return {"text": reply.value.text.strip() if reply else ""}


def what_came_then(state: Attempt) -> Literal["keep", "leave", "wait"]:
    """Where the run goes from `repair`: there is no third time."""
    came = what_came(state)
    return "leave" if came == "repair" else came


def keep(state: Attempt) -> Attempt:
    """The words say the same."""
    return {"outcome": "reworded", "wording": state["text"]}


def leave(state: Attempt) -> Attempt:
    """The claim stays as it is: the model has no other words, or none that say the same."""
    return {"outcome": "unchanged" if state["text"] == state["claim"] else "unfaithful", "wording": ""}


def wait(state: Attempt) -> Attempt:  # noqa: ARG001 - LangGraph calls it by name
    """Nothing came. The run ends here; a later one begins anew once the schedule says so."""
    return {"outcome": "unanswered", "wording": ""}


def _is_faithful(state: Attempt) -> bool:
    return is_faithful(state["text"], state["claim"], state["values"])
