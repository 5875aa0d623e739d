"""What today's findings mean for yesterday's alerts, for every agent. Returns drafts, appends nothing. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from agents.world import World
from risk.findings import Finding
from store.events import AlertCleared, AlertRaised, AlertUpdated, Fact
from store.ids import AlertId, derived_id, fact_id
from store.log import Draft
from store.projections.alerts.fold import OPEN_STATES, AlertState

SEVERITIES = ("low", "medium", "high", "critical")
CLOSED_ITSELF = frozenset({"cleared", "expired", "superseded"})
FORGOTTEN_AFTER = dt.timedelta(days=28)
"""How long after its condition was gone a rejection still speaks."""
REVIEW_ONLY = ("as_of", "position")
"""Inputs that say when a finding was looked at, not what it is."""

WorkUp = Callable[[World, Finding], dict[str, Any]]
"""From a finding to the fields that `AlertRaised` and `AlertUpdated` share, as plain data."""


def is_same_subject(alert: AlertState, finding: Finding) -> bool:
    """Whether the alert tells of the finding: the same rule on the same subject."""
    return alert.kind == finding.kind and alert.subject_key == finding.subject_key


def is_graver(alert: AlertState, finding: Finding) -> bool:
    """Whether the finding is of a higher severity than the alert was."""
    return SEVERITIES.index(finding.severity) > SEVERITIES.index(alert.severity)


def _always(_world: World, _alert: AlertState) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Habits:
    """Where agents differ.

    `stands`: whether what an open alert offers could still be done as it says. `is_worse`: whether a
    finding is materially worse than the alert that was rejected. `rests_when_done`: whether an
    approved action settles the alert although its condition lasts (a message has been sent and waits
    for its answer); then it comes back, as after a rejection, only when it got worse.
    """

    is_same: Callable[[AlertState, Finding], bool] = is_same_subject
    stands: Callable[[World, AlertState], bool] = _always
    is_worse: Callable[[AlertState, Finding], bool] = is_graver
    rests_when_done: bool = True


DEFAULT = Habits()


@dataclass(frozen=True, slots=True)
class _Review:
    """One review: what every step of it reads."""

    world: World
    own: Sequence[AlertState]
    work_up: WorkUp
    agent: str
    position: int
    habits: Habits


def review(
    world: World,
    findings: Sequence[Finding],
    own_alerts: Sequence[AlertState],
    work_up: WorkUp,
    *,
    agent: str,
    position: int,
    causation_id: str | None = None,
    habits: Habits = DEFAULT,
) -> list[Draft]:
    """The facts that bring the agent's alerts about one subject up to date at `world.as_of`.

    `world` was folded up to `position`. `findings` are all that hold now, `own_alerts` all the
    agent's alerts about the subject, closed ones too; an alert that no finding matches is cleared.
    An unchanged finding gives nothing, one that may not raise keeps what is open; ids follow from rule,
    subject and episode, so that a repeat is harmless; what a reviewer rejected comes back only when it
    got materially worse.
    """
    own = [alert for alert in own_alerts if alert.agent == agent]
    at = _Review(world, own, work_up, agent, position, habits)
    facts: list[tuple[Fact, AlertState | None]] = []
    matched: set[str] = set()
    for finding in findings:
        alert = _match(at, finding, matched)
        if alert:
            matched.add(alert.alert_id)
        facts += _bring_up_to_date(at, finding, alert)
    facts += [(_closing(at, alert, findings), alert) for alert in own if _is_over(alert, matched)]
    return [_draft(at, fact, alert, causation_id) for fact, alert in facts]


def _match(at: _Review, finding: Finding, taken: set[str]) -> AlertState | None:
    """The alert that tells of this finding already; open ones first, then the newest."""
    fitting = [alert for alert in at.own if alert.alert_id not in taken and at.habits.is_same(alert, finding)]
    return max(fitting, key=lambda a: (a.lifecycle in OPEN_STATES, _episode_key(a)), default=None)


def _episode_key(alert: AlertState) -> tuple[float, str]:
    return (alert.raised_at.timestamp() if alert.raised_at else 0.0, alert.alert_id)


def _bring_up_to_date(at: _Review, finding: Finding, alert: AlertState | None) -> list[tuple[Fact, AlertState | None]]:
    is_open = alert is not None and alert.lifecycle in OPEN_STATES
    if not finding.may_raise and not is_open:
        return []
    if alert is None:
        return [(_raised(at, finding), None)]
    if is_open or alert.lifecycle in CLOSED_ITSELF:
        is_news = not is_open or differs(alert, finding) or not at.habits.stands(at.world, alert)
        is_news = is_news or _is_woken(at, finding, alert)
        update = _updated(at, finding, alert) if is_news else None
        return [(update, alert)] if update else []
    if _rests(at, alert) and not at.habits.is_worse(alert, finding):
        return []
    return [(_raised(at, finding), None), *_superseded(alert)]


def _is_woken(at: _Review, finding: Finding, alert: AlertState) -> bool:
    """Whether a snoozed alert got materially worse than it was when it was put to sleep, however slowly."""
    if alert.lifecycle != "snoozed" or not finding.may_raise or not alert.snoozed_severity:
        return False
    asleep = msgspec.structs.replace(alert, severity=alert.snoozed_severity, numbers=alert.snoozed_numbers)
    return at.habits.is_worse(asleep, finding)


def _rests(at: _Review, alert: AlertState) -> bool:
    """Whether a settled alert keeps the same finding quiet: not once its condition was gone (if rejected, for long)."""
    if alert.lifecycle == "rejected":
        return alert.cleared_at is None or at.world.now - alert.cleared_at < FORGOTTEN_AFTER
    return at.habits.rests_when_done and alert.cleared_at is None


def _superseded(alert: AlertState) -> Iterator[tuple[Fact, AlertState | None]]:
    """The settled alert that a new one follows is over, if it was not already."""
    if alert.cleared_at is None:
        yield AlertCleared(alert_id=AlertId(alert.alert_id), reason="superseded"), alert


def differs(alert: AlertState, finding: Finding) -> bool:
    """Whether the finding says anything else than the alert does."""
    shared = ("severity", "project_id", "other_project_ids", "subject_ids", "numbers")
    is_other = any(getattr(alert, name) != getattr(finding, name) for name in shared)
    return is_other or _lasting(alert.inputs) != _lasting(finding.inputs)


def _lasting(inputs: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in inputs.items() if name not in REVIEW_ONLY}


def _is_over(alert: AlertState, matched: set[str]) -> bool:
    return alert.alert_id not in matched and alert.cleared_at is None


def _closing(at: _Review, alert: AlertState, findings: Iterable[Finding]) -> AlertCleared:
    reason: Literal["condition_gone", "expired", "superseded"] = "condition_gone"
    if any(at.habits.is_same(alert, finding) for finding in findings):
        reason = "superseded"
    elif alert.expires_on is not None and alert.expires_on < at.world.as_of:
        reason = "expired"
    return AlertCleared(alert_id=AlertId(alert.alert_id), reason=reason)


def _raised(at: _Review, finding: Finding) -> AlertRaised:
    same = (a for a in at.own if a.rule_id == finding.rule_id and a.subject_key == finding.subject_key)
    episode = 1 + sum(1 for _ in same)
    frame = {
        "alert_id": derived_id(at.world.tenant_id, "alert", finding.rule_id, finding.subject_key, str(episode)),
        "agent": finding.agent,
        "rule_id": finding.rule_id,
        "kind": finding.kind,
        "subject_key": finding.subject_key,
    }
    return msgspec.convert({**_content(at, finding), **frame}, AlertRaised)


def _updated(at: _Review, finding: Finding, alert: AlertState) -> AlertUpdated | None:
    """The alert as it reads now; None when it would read the same but for the day it was looked at."""
    woken = {"is_woken": _is_woken(at, finding, alert), "alert_id": alert.alert_id}
    fact = msgspec.convert({**_content(at, finding), **woken}, AlertUpdated)
    is_same = (
        not fact.is_woken
        and alert.lifecycle in OPEN_STATES
        and not differs(alert, finding)
        and fact.proposals == alert.proposals
        and fact.claim == alert.claim
    )
    return None if is_same else fact


def _content(at: _Review, finding: Finding) -> dict[str, Any]:
    alert = at.work_up(at.world, finding)
    return {**alert, "inputs": {**alert["inputs"], "position": str(at.position)}}


def _draft(at: _Review, fact: Fact, alert: AlertState | None, causation_id: str | None) -> Draft:
    alert_id: str = fact.alert_id  # type: ignore[attr-defined]
    source = f"agent/{at.agent}"
    return Draft(
        event_id=fact_id(at.world.tenant_id, source, alert_id, fact.TYPE, str(alert.version if alert else 0)),
        fact=fact,
        occurred_at=at.world.now,
        recorded_at=at.world.now,
        source=source,
        causation_id=causation_id,
        correlation_id=alert_id,
    )
