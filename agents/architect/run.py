"""The architect's habits, and the way to its graph."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from agents import changes
from agents.lifecycle import Habits, is_graver
from agents.world import World
from risk.findings import Finding
from store.projections.alerts.fold import AlertState

AGENT = "architect"
WORSE_TIMES = 2


def work_up(world: World, finding: Finding) -> dict[str, Any]:
    """The alert that the finding deserves."""
    # LangGraph takes a second to import, and most reviews find nothing.
    graph = import_module("agents.architect.graph")
    alert: dict[str, Any] = graph.work_up(world, finding)
    return alert


def stands(world: World, alert: AlertState) -> bool:
    """Whether every change order that was offered could still be raised with the effect it names."""
    offers = [offer for offer in alert.proposals if offer.action in changes.KINDS]
    return all(changes.HAND.effect(world, o.action, o.args, alert.inputs) == o.effect for o in offers)


def is_worse(alert: AlertState, finding: Finding) -> bool:
    """Of a higher severity, or twice the leading figure of what was settled."""
    if is_graver(alert, finding) or not alert.numbers:
        return is_graver(alert, finding)
    return abs(finding.numbers[0].value) >= abs(alert.numbers[0].value) * WORSE_TIMES


HABITS = Habits(stands=stands, is_worse=is_worse)
