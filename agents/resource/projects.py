"""What the resource agent does with a finding about a project, and its habits with such alerts."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from agents import messages, recommitting
from agents.lifecycle import Habits, is_graver
from agents.standing import standing
from agents.world import World
from risk.findings import Finding
from store.projections.alerts.fold import AlertState

AGENT = "resource"
WORSE_BY_DAYS = 5


def work_up(world: World, finding: Finding) -> dict[str, Any]:
    """The alert that the finding deserves, as plain data."""
    # LangGraph takes a second to import, and most projects have no finding.
    alert: dict[str, Any] = import_module("agents.resource.graph").work_up(world, finding)
    return alert


def is_worse(alert: AlertState, finding: Finding) -> bool:
    """Of a higher severity, or a working week further from the date than what was settled."""
    was, is_now = (
        next((n.value for n in numbers if n.name == "days_short"), None) for numbers in (alert.numbers, finding.numbers)
    )
    return is_graver(alert, finding) or (was is not None and is_now is not None and is_now >= was + WORSE_BY_DAYS)


HABITS = Habits(stands=standing(messages.HAND, recommitting.HAND), is_worse=is_worse)
