"""An alert's life folded to what a reviewer sees now. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any, Literal

import msgspec

from store.events import (
    AlertCleared,
    AlertDecided,
    AlertRaised,
    AlertReworded,
    AlertRewordingMissed,
    AlertUpdated,
    Effect,
    Fact,
    Number,
    ProposalApplied,
    ProposalUndone,
    ProposedAction,
)
from store.log import Event
from store.projections.snapshot import copied

Lifecycle = Literal["open", "snoozed", "approved", "done", "rejected", "cleared", "expired", "superseded"]

OPEN_STATES: frozenset[Lifecycle] = frozenset({"open", "snoozed"})


class Decision(msgspec.Struct, kw_only=True):
    """One thing a reviewer did."""

    at: dt.datetime
    actor_id: str | None
    verb: str
    proposal_id: str | None = None
    reason: str | None = None
    note: str = ""
    until_on: dt.date | None = None
    event_id: str = ""


class AppliedProposal(msgspec.Struct, kw_only=True):
    """An action that was carried out, the facts it became, and the facts that took it back, if any."""

    proposal_id: str
    event_ids: tuple[str, ...]
    effect: Effect
    applied_at: dt.datetime
    undone_at: dt.datetime | None = None
    undo_event_ids: tuple[str, ...] = ()


class AlertState(msgspec.Struct, kw_only=True):
    """One alert. `version` is that of its stream, `said_version` that of the last fact that was not about words.

    `snoozed_severity` and `snoozed_numbers` are what it said when it was snoozed.
    `unanswered` counts how often words for this claim were asked for in vain, `asked_at` is when last;
    `is_left_unworded` once what came was not to be shown.
    """

    alert_id: str = ""
    agent: str = ""
    rule_id: str = ""
    kind: str = ""
    severity: str = ""
    subject_key: str = ""
    project_id: str = ""
    other_project_ids: tuple[str, ...] = ()
    subject_ids: tuple[str, ...] = ()
    claim: str = ""
    wording: str = ""
    values: tuple[str, ...] = ()
    numbers: tuple[Number, ...] = ()
    inputs: dict[str, str] = {}
    evidence: tuple[str, ...] = ()
    proposals: tuple[ProposedAction, ...] = ()
    as_of: dt.date | None = None
    expires_on: dt.date | None = None
    lifecycle: Lifecycle = "open"
    raised_at: dt.datetime | None = None
    updated_at: dt.datetime | None = None
    cleared_at: dt.datetime | None = None
    cleared_reason: str = ""
    snoozed_until_on: dt.date | None = None
    snoozed_severity: str = ""
    snoozed_numbers: tuple[Number, ...] = ()
    assignee_id: str | None = None
    decisions: list[Decision] = []
    applied: list[AppliedProposal] = []
    version: int = 0
    said_version: int = 0
    unanswered: int = 0
    asked_at: dt.datetime | None = None
    is_left_unworded: bool = False


def fold(events: Iterable[Event], state: AlertState | None = None) -> AlertState:
    """The state after these events; the given state is left as it is."""
    result = copied(state) if state else AlertState()
    for event in events:
        handler = _HANDLERS.get(type(event.fact))
        if handler:
            handler(result, event.fact, event)
        result.version = max(result.version, event.stream_version)
        if not isinstance(event.fact, AlertReworded | AlertRewordingMissed):
            result.said_version = result.version
    return result


_SHARED = (
    "severity",
    "project_id",
    "other_project_ids",
    "subject_ids",
    "claim",
    "wording",
    "values",
    "numbers",
    "inputs",
    "evidence",
    "proposals",
    "as_of",
    "expires_on",
)


def _raised(state: AlertState, fact: AlertRaised, event: Event) -> None:
    for name in ("alert_id", "agent", "rule_id", "kind", "subject_key", *_SHARED):
        setattr(state, name, getattr(fact, name))
    state.raised_at = state.updated_at = event.occurred_at
    state.lifecycle = "open"


def _updated(state: AlertState, fact: AlertUpdated, event: Event) -> None:
    # Words for a claim last as long as the claim.
    wording = fact.wording or (state.wording if fact.claim == state.claim else "")
    if fact.claim != state.claim:
        state.unanswered, state.asked_at, state.is_left_unworded = 0, None, False
    for name in _SHARED:
        setattr(state, name, getattr(fact, name))
    state.wording = wording
    state.updated_at = event.occurred_at
    state.cleared_at, state.cleared_reason = None, ""
    if fact.is_woken or state.lifecycle in {"cleared", "expired", "superseded"}:
        state.lifecycle = "open"
        state.snoozed_until_on = None


def _reworded(state: AlertState, fact: AlertReworded, _event: Event) -> None:
    if fact.claim == state.claim:
        state.wording = fact.wording


def _rewording_missed(state: AlertState, fact: AlertRewordingMissed, event: Event) -> None:
    if fact.claim != state.claim:
        return
    # By the wall clock: that of a frozen tenant stands still, its endpoint's does not.
    state.unanswered, state.asked_at = state.unanswered + 1, event.appended_at
    state.is_left_unworded = state.is_left_unworded or fact.reason != "unanswered"


def _cleared(state: AlertState, fact: AlertCleared, event: Event) -> None:
    state.cleared_at, state.cleared_reason = event.occurred_at, fact.reason
    if state.lifecycle in OPEN_STATES:
        outcomes: dict[str, Lifecycle] = {"condition_gone": "cleared", "expired": "expired", "superseded": "superseded"}
        state.lifecycle = outcomes[fact.reason]


def _decided(state: AlertState, fact: AlertDecided, event: Event) -> None:
    state.decisions.append(
        Decision(
            at=event.occurred_at,
            actor_id=event.actor_id,
            verb=fact.verb,
            proposal_id=fact.proposal_id,
            reason=fact.reason,
            note=fact.note,
            until_on=fact.until_on,
            event_id=event.event_id,
        )
    )
    outcomes: dict[str, Lifecycle] = {"approve": "approved", "reject": "rejected", "snooze": "snoozed", "undo": "open"}
    state.lifecycle = outcomes.get(fact.verb, state.lifecycle)
    if fact.verb in outcomes:
        state.snoozed_until_on = fact.until_on if fact.verb == "snooze" else None
    if fact.verb == "snooze":
        state.snoozed_severity, state.snoozed_numbers = state.severity, state.numbers
    if fact.verb == "assign":
        state.assignee_id = fact.assignee_id


def _applied(state: AlertState, fact: ProposalApplied, event: Event) -> None:
    state.applied.append(
        AppliedProposal(
            proposal_id=fact.proposal_id, event_ids=fact.event_ids, effect=fact.effect, applied_at=event.occurred_at
        )
    )
    state.lifecycle = "done"


def _undone(state: AlertState, fact: ProposalUndone, event: Event) -> None:
    for entry in state.applied:
        if entry.proposal_id == fact.proposal_id and entry.undone_at is None:
            entry.undone_at, entry.undo_event_ids = event.occurred_at, fact.event_ids
    state.lifecycle = "open"
    state.cleared_at, state.cleared_reason = None, ""


_HANDLERS: dict[type[Fact], Callable[[AlertState, Any, Event], None]] = {
    AlertRaised: _raised,
    AlertUpdated: _updated,
    AlertReworded: _reworded,
    AlertRewordingMissed: _rewording_missed,
    AlertCleared: _cleared,
    AlertDecided: _decided,
    ProposalApplied: _applied,
    ProposalUndone: _undone,
}
