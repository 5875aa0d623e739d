"""One person reviewed: what their over-allocations mean for the alerts about them. Returns drafts, appends nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from importlib import import_module
from typing import Any

from agents import lifecycle
from agents.lifecycle import Habits, is_graver
from agents.proposals import is_still_true
from agents.world import World
from risk.detectors import over_allocation
from risk.findings import Finding
from store.log import Draft
from store.projections.alerts.fold import AlertState

AGENT = "resource"
WORSE_BY_SHARE, WORSE_BY_HOURS = Decimal("1.25"), Decimal(2)


def review(
    world: World,
    person_id: str,
    alerts: Sequence[AlertState],
    *,
    position: int,
    causation_id: str | None = None,
    settings: over_allocation.Settings = over_allocation.DEFAULT,
) -> list[Draft]:
    """The facts that bring this person's alerts up to date at `world.as_of`.

    `world` was folded up to `position` and holds everybody who could take hours over and the
    projects of this person's bookings. `alerts` are all the alerts about this person, closed ones too.
    """
    own = [alert for alert in alerts if _is_about(alert, person_id)]
    findings = over_allocation.detect(world.person(person_id), world.tenant, world.as_of, settings)
    return lifecycle.review(
        world, findings, own, _work_up, agent=AGENT, position=position, causation_id=causation_id, habits=HABITS
    )


def _is_about(alert: AlertState, person_id: str) -> bool:
    return alert.agent == AGENT and alert.kind == over_allocation.KIND and (alert.inputs.get("person_id") == person_id)


def _is_same(alert: AlertState, finding: Finding) -> bool:
    """The same subject or common days."""
    first, last = alert.inputs.get("first_on", ""), alert.inputs.get("last_on", "")
    meets = first <= finding.last_on.isoformat() and finding.first_on.isoformat() <= last
    return meets or alert.subject_key == finding.subject_key


def _stands(world: World, alert: AlertState) -> bool:
    """Whether there is a way out and every one that was offered could still be taken."""
    has_way_out = any(proposal.is_feasible for proposal in alert.proposals)
    return has_way_out and all(is_still_true(world, proposal, alert.inputs) for proposal in alert.proposals)


def _is_worse(alert: AlertState, finding: Finding) -> bool:
    """A quarter and two hours more than what was rejected, or of a higher severity."""
    was, is_now = (_hours_over(numbers) for numbers in (alert.numbers, finding.numbers))
    return is_graver(alert, finding) or (is_now >= was * WORSE_BY_SHARE and is_now >= was + WORSE_BY_HOURS)


def _hours_over(numbers: Iterable[Any]) -> Decimal:
    return next((number.value for number in numbers if number.name == "hours_over"), Decimal(0))


def _work_up(world: World, finding: Finding) -> dict[str, Any]:
    # LangGraph takes a second to import, and most reviews find nothing.
    alert: dict[str, Any] = import_module("agents.resource.graph").work_up(world, finding)
    return alert


HABITS = Habits(_is_same, _stands, _is_worse, rests_when_done=False)
