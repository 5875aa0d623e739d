"""One project reviewed as the worker does it: every detector, then the life of each agent's alerts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from agents.lifecycle import DEFAULT, review
from agents.minds import MINDS, findings_of
from agents.world import World
from risk.detectors.view import ProjectView
from risk.findings import Finding
from store.log import Draft
from store.projections.alerts.fold import AlertState

SHARED = ("severity", "project_id", "other_project_ids", "subject_ids", "numbers", "inputs", "evidence", "expires_on")


def project_drafts(world: World, view: ProjectView, own: Sequence[AlertState], *, position: int) -> list[Draft]:
    """The facts that bring the project's alerts up to date."""
    findings = findings_of(view) if view.project.is_running else []
    agents = {str(finding.agent) for finding in findings} | {alert.agent for alert in own}
    return [draft for agent in sorted(agents) for draft in _reviewed(world, findings, own, agent, position)]


def _reviewed(
    world: World, findings: Sequence[Finding], own: Sequence[AlertState], agent: str, position: int
) -> list[Draft]:
    of_agent = [finding for finding in findings if finding.agent == agent]
    habits = MINDS[agent].habits if agent in MINDS else DEFAULT
    return review(world, of_agent, own, _work_up(agent), agent=agent, position=position, habits=habits)


def _work_up(agent: str) -> Callable[[World, Finding], dict[str, Any]]:
    mind = MINDS.get(agent)
    if mind is None:
        return _plain
    return mind.work_up


def _plain(_world: World, finding: Finding) -> dict[str, Any]:
    """The finding in figures, for rules whose agent does not word them yet."""
    said = ", ".join(f"{number.name} {number.value} {number.unit}".strip() for number in finding.numbers)
    kept = {name: msgspec.to_builtins(getattr(finding, name)) for name in SHARED}
    return {**kept, "claim": f"{finding.kind}: {said}", "proposals": [], "as_of": finding.inputs.get("as_of", "")}
