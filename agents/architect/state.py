"""What the architect's graph carries from node to node: ids, small dictionaries and texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypedDict

from agents.world import World


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the nodes read and never write: it is handed to the run and stays out of the state."""

    world: World


class Review(TypedDict, total=False):
    """One finding on its way to an alert.

    `finding` is a `risk.findings.Finding` as plain data, `proposals` are `ProposedAction`s as plain
    data, `is_sellable` says whether a change order can be raised for it, `alert` is what comes out:
    the fields that `AlertRaised` and `AlertUpdated` share.
    """

    finding: dict[str, Any]
    proposals: list[dict[str, Any]]
    is_sellable: bool
    claim: str
    values: list[str]
    alert: dict[str, Any]
