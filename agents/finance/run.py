"""What the finance agent does with a finding, and its habits with alerts."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from agents import messages, reforecasting
from agents.lifecycle import Habits, is_graver
from agents.standing import standing
from agents.world import World
from risk.findings import Finding
from store.projections.alerts.fold import AlertState

AGENT = "finance"
WORSE_TIMES = 2


def work_up(world: World, finding: Finding) -> dict[str, Any]:
    """The alert that the finding deserves, as plain data."""
    # LangGraph takes a second to import, and most projects have no finding.
    alert: dict[str, Any] = import_module("agents.finance.graph").work_up(world, finding)
    return alert


def is_worse(alert: AlertState, finding: Finding) -> bool:
    """Of a higher severity, or twice the shortfall of what was settled."""
    was, is_now = (
        next((n.value for n in numbers if n.name == "shortfall"), None) for numbers in (alert.numbers, finding.numbers)
    )
    is_twice = was is not None and is_now is not None and was > 0 and is_now >= was * WORSE_TIMES
    return is_graver(alert, finding) or is_twice


HABITS = Habits(stands=standing(messages.HAND, reforecasting.HAND), is_worse=is_worse)
