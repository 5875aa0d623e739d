"""What the rewording graph carries from node to node: texts, and what came of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypedDict

from outside.model import Model

Outcome = Literal["reworded", "unanswered", "unfaithful", "unchanged"]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Whom the nodes ask; handed to the run, and no part of the state."""

    model: Model


class Attempt(TypedDict, total=False):
    """One claim on its way to other words.

    `values` are what in the claim has to stay. `text` is what the model said last, "" where nothing came; nobody
    shows it. `outcome` is what came of it, and `wording` the words that may be shown, where there are any.
    """

    claim: str
    values: list[str]
    text: str
    outcome: Outcome
    wording: str
