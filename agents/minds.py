"""One project looked at: every detector, then the life of each agent's alerts. Returns drafts, appends nothing.

An agent that thinks about projects is one more line in `MINDS`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from agents import watch
from agents.architect import run as architect
from agents.finance import run as finance
from agents.lifecycle import DEFAULT, Habits, WorkUp, review
from agents.resource import projects as resource
from agents.world import World
from risk.detectors import PROJECT_DETECTORS
from risk.detectors.view import ProjectView
from risk.findings import Finding
from store.events import MessageSent
from store.log import Draft, Event
from store.projections.alerts.fold import AlertState


@dataclass(frozen=True, slots=True)
class Mind:
    """How an agent works a finding up to an alert, and its habits with alerts."""

    work_up: WorkUp
    habits: Habits = DEFAULT


MINDS: Mapping[str, Mind] = {
    watch.AGENT: Mind(watch.work_up, watch.HABITS),
    architect.AGENT: Mind(architect.work_up, architect.HABITS),
    resource.AGENT: Mind(resource.work_up, resource.HABITS),
    finance.AGENT: Mind(finance.work_up, finance.HABITS),
}
KINDS = frozenset(detector.kind for detector in PROJECT_DETECTORS)


def findings_of(view: ProjectView) -> list[Finding]:
    """Everything that the project detectors find."""
    return [finding for detector in PROJECT_DETECTORS for finding in detector.detect(view)]


def review_project(
    world: World,
    view: ProjectView,
    alerts: Sequence[AlertState],
    *,
    position: int,
) -> list[Draft]:
    """The facts that bring the project's alerts up to date at `world.as_of`.

    `world` was folded up to `position` and holds the project; `alerts` are all that name it, closed ones too.
    """
    found = findings_of(view)
    own = [alert for alert in alerts if alert.project_id == view.project.project_id and alert.kind in KINDS]
    drafts: list[Draft] = []
    for agent, mind in MINDS.items():
        theirs = [finding for finding in found if finding.agent == agent]
        drafts += review(world, theirs, own, mind.work_up, agent=agent, position=position, habits=mind.habits)
    return drafts


def texts_of(events: Iterable[Event]) -> dict[str, str]:
    """The texts of messages by their ids, as far as they can be read."""
    return {event.fact.message_id: event.fact.text for event in events if isinstance(event.fact, MessageSent)}
