"""One person reviewed: what the findings of today mean for the alerts of yesterday. Returns drafts, appends nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from importlib import import_module
from typing import Any, Literal

import msgspec

from agents.proposals import is_still_true
from agents.world import World
from risk.detectors import over_allocation
from risk.findings import Finding
from store.events import AlertCleared, AlertRaised, AlertUpdated, Fact
from store.ids import AlertId, derived_id, fact_id
from store.log import Draft
from store.projections.alerts.fold import OPEN_STATES, AlertState

AGENT = "resource"
SOURCE = "agent/resource"
WORSE_BY_SHARE, WORSE_BY_HOURS = Decimal("1.25"), Decimal(2)
SEVERITIES = ("low", "medium", "high", "critical")
REVIEW_ONLY = ("as_of", "position")
"""Inputs that say when a finding was looked at, not what it is."""


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
    projects of this person's bookings. `alerts` are all the alerts about this person, closed ones
    too. An unchanged finding gives nothing; ids follow from rule, subject and episode, so that a
    repeat is harmless; what a reviewer rejected comes back only when it got materially worse.
    """
    own = [alert for alert in alerts if _is_about(alert, person_id)]
    findings = over_allocation.detect(world.person(person_id), world.tenant, world.as_of, settings)
    facts: list[tuple[Fact, AlertState | None]] = []
    matched: set[str] = set()
    for finding in findings:
        alert = _match(finding, [alert for alert in own if alert.alert_id not in matched])
        if alert:
            matched.add(alert.alert_id)
        facts += _bring_up_to_date(world, finding, alert, own, position)
    facts += [(_closing(world, alert, findings), alert) for alert in own if _is_over(alert, matched)]
    return [_draft(world, fact, alert, causation_id) for fact, alert in facts]


def _is_about(alert: AlertState, person_id: str) -> bool:
    return alert.agent == AGENT and alert.kind == over_allocation.KIND and (alert.inputs.get("person_id") == person_id)


def _match(finding: Finding, alerts: Iterable[AlertState]) -> AlertState | None:
    """The alert that tells of this finding already: same subject or common days; open ones first, then the newest."""
    fitting = [alert for alert in alerts if alert.subject_key == finding.subject_key or _meet(alert, finding)]
    return max(fitting, key=lambda a: (a.lifecycle in OPEN_STATES, _episode_key(a)), default=None)


def _episode_key(alert: AlertState) -> tuple[float, str]:
    return (alert.raised_at.timestamp() if alert.raised_at else 0.0, alert.alert_id)


def _meet(alert: AlertState, finding: Finding) -> bool:
    first, last = alert.inputs.get("first_on", ""), alert.inputs.get("last_on", "")
    return first <= finding.last_on.isoformat() and finding.first_on.isoformat() <= last


def _bring_up_to_date(
    world: World, finding: Finding, alert: AlertState | None, own: Sequence[AlertState], position: int
) -> list[tuple[Fact, AlertState | None]]:
    if alert is None:
        return [(_raised(world, finding, own, position), None)]
    if alert.lifecycle in OPEN_STATES or alert.lifecycle in {"cleared", "expired", "superseded"}:
        is_news = alert.lifecycle not in OPEN_STATES or _differs(alert, finding) or not _stands(world, alert)
        update = _updated(world, finding, alert, position) if is_news else None
        return [(update, alert)] if update else []
    if alert.lifecycle == "rejected" and not _is_worse(alert, finding):
        return []
    return [(_raised(world, finding, own, position), None), *_superseded(alert)]


def _superseded(alert: AlertState) -> list[tuple[Fact, AlertState | None]]:
    """The settled alert that a new one follows is over, if it was not already."""
    fact = AlertCleared(alert_id=AlertId(alert.alert_id), reason="superseded")
    return [(fact, alert)] if alert.cleared_at is None else []


def _differs(alert: AlertState, finding: Finding) -> bool:
    shared = ("severity", "project_id", "other_project_ids", "subject_ids", "numbers")
    is_other = any(getattr(alert, name) != getattr(finding, name) for name in shared)
    return is_other or _lasting(alert.inputs) != _lasting(finding.inputs)


def _lasting(inputs: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in inputs.items() if name not in REVIEW_ONLY}


def _stands(world: World, alert: AlertState) -> bool:
    """Whether there is a way out and every one that was offered could still be taken."""
    has_way_out = any(proposal.is_feasible for proposal in alert.proposals)
    return has_way_out and all(is_still_true(world, proposal, alert.inputs) for proposal in alert.proposals)


def _is_worse(alert: AlertState, finding: Finding) -> bool:
    """A quarter and two hours more than what was rejected, or of a higher severity."""
    was, is_now = (_hours_over(numbers) for numbers in (alert.numbers, finding.numbers))
    is_graver = SEVERITIES.index(finding.severity) > SEVERITIES.index(alert.severity)
    return is_graver or (is_now >= was * WORSE_BY_SHARE and is_now >= was + WORSE_BY_HOURS)


def _hours_over(numbers: Iterable[Any]) -> Decimal:
    return next((number.value for number in numbers if number.name == "hours_over"), Decimal(0))


def _is_over(alert: AlertState, matched: set[str]) -> bool:
    return alert.alert_id not in matched and alert.cleared_at is None


def _closing(world: World, alert: AlertState, findings: Sequence[Finding]) -> AlertCleared:
    reason: Literal["condition_gone", "expired", "superseded"] = "condition_gone"
    if any(_meet(alert, finding) for finding in findings):
        reason = "superseded"
    elif alert.expires_on is not None and alert.expires_on < world.as_of:
        reason = "expired"
    return AlertCleared(alert_id=AlertId(alert.alert_id), reason=reason)


def _raised(world: World, finding: Finding, own: Sequence[AlertState], position: int) -> AlertRaised:
    episode = 1 + sum(alert.rule_id == finding.rule_id and alert.subject_key == finding.subject_key for alert in own)
    frame = {
        "alert_id": derived_id(world.tenant_id, "alert", finding.rule_id, finding.subject_key, str(episode)),
        "agent": finding.agent,
        "rule_id": finding.rule_id,
        "kind": finding.kind,
        "subject_key": finding.subject_key,
    }
    return msgspec.convert({**_content(world, finding, position), **frame}, AlertRaised)


def _updated(world: World, finding: Finding, alert: AlertState, position: int) -> AlertUpdated | None:
    """The alert as it reads now; None when it would read the same but for the day it was looked at."""
    content = {**_content(world, finding, position), "alert_id": alert.alert_id}
    fact = msgspec.convert(content, AlertUpdated)
    is_same = (
        alert.lifecycle in OPEN_STATES
        and not _differs(alert, finding)
        and fact.proposals == alert.proposals
        and fact.claim == alert.claim
    )
    return None if is_same else fact


def _content(world: World, finding: Finding, position: int) -> dict[str, Any]:
    # LangGraph takes a second to import, and most reviews find nothing.
    graph = import_module("agents.resource.graph")
    alert: dict[str, Any] = graph.work_up(world, finding)
    return {**alert, "inputs": {**alert["inputs"], "position": str(position)}}


def _draft(world: World, fact: Fact, alert: AlertState | None, causation_id: str | None) -> Draft:
    alert_id: str = fact.alert_id  # type: ignore[attr-defined]
    version = alert.version if alert else 0
    return Draft(
        event_id=fact_id(world.tenant_id, SOURCE, alert_id, fact.TYPE, str(version)),
        fact=fact,
        occurred_at=world.now,
        recorded_at=world.now,
        source=SOURCE,
        causation_id=causation_id,
        correlation_id=alert_id,
    )
