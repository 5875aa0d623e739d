"""Facts of an alert's life: raised, updated, cleared, decided; a proposal applied and undone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar, Literal

import msgspec

from store.events.fact import Fact
from store.ids import AlertId, EventId, ProjectId

Agent = Literal["architect", "resource", "finance", "risk"]
Severity = Literal["critical", "high", "medium", "low"]
Verb = Literal["approve", "edit", "reject", "respond", "snooze", "assign", "escalate", "undo"]
RejectReason = Literal["wrong", "known", "not_now", "duplicate"]


class Number(msgspec.Struct, frozen=True, kw_only=True):
    """One figure of a claim: what it is, how much, of what unit, against which threshold."""

    name: str
    value: Decimal
    unit: str
    threshold: Decimal | None = None


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """What applying an action changes: go-live in working days (negative is later), margin in money.

    `numbers` are the claim's own figures as they will be afterwards.
    """

    days: Decimal = Decimal(0)
    margin: Decimal | None = None
    currency: str = ""
    numbers: tuple[Number, ...] = ()


class ProposedAction(msgspec.Struct, frozen=True, kw_only=True):
    """A typed action with its computed effect, awaiting review. `args` are the action's own, as text."""

    proposal_id: str
    action: str
    args: dict[str, str]
    sentence: str
    effect: Effect
    is_feasible: bool = True


class AlertRaised(Fact, frozen=True, kw_only=True):
    """A finding is shown to a person. `subject_key` is what makes two findings the same.

    `claim` is the template's; `values` are the figures, dates, ids and names in it that other words for it
    must keep. `wording` is such other words where they were found before it was raised (`AlertReworded` since).
    """

    TYPE: ClassVar[str] = "alert.raised"
    ACCESS: ClassVar[Mapping[str, str]] = {"proposals": "money"}
    alert_id: AlertId
    agent: Agent
    rule_id: str
    kind: str
    severity: Severity
    subject_key: str
    project_id: ProjectId
    other_project_ids: tuple[ProjectId, ...] = ()
    subject_ids: tuple[str, ...] = ()
    claim: str
    wording: str = ""
    values: tuple[str, ...] = ()
    numbers: tuple[Number, ...] = ()
    inputs: dict[str, str] = {}
    evidence: tuple[EventId, ...]
    proposals: tuple[ProposedAction, ...] = ()
    as_of: dt.date
    expires_on: dt.date | None = None


class AlertUpdated(Fact, frozen=True, kw_only=True):
    """The same finding with other figures; the alert's words and proposals follow.

    `is_woken`: it got materially worse than it was when it was snoozed, and is shown again.
    """

    TYPE: ClassVar[str] = "alert.updated"
    ACCESS: ClassVar[Mapping[str, str]] = {"proposals": "money"}
    alert_id: AlertId
    severity: Severity
    project_id: ProjectId
    other_project_ids: tuple[ProjectId, ...] = ()
    subject_ids: tuple[str, ...] = ()
    claim: str
    wording: str = ""
    values: tuple[str, ...] = ()
    numbers: tuple[Number, ...] = ()
    inputs: dict[str, str] = {}
    evidence: tuple[EventId, ...]
    proposals: tuple[ProposedAction, ...] = ()
    as_of: dt.date
    expires_on: dt.date | None = None
    is_woken: bool = False


class AlertReworded(Fact, frozen=True, kw_only=True):
    """A model's words for the claim were found to say the same; they are shown in its place."""

    TYPE: ClassVar[str] = "alert.reworded"
    alert_id: AlertId
    claim: str
    wording: str


class AlertRewordingMissed(Fact, frozen=True, kw_only=True):
    """Words were asked for and none came (they are asked for again later), or none to show (they are not)."""

    TYPE: ClassVar[str] = "alert.rewording_missed"
    alert_id: AlertId
    claim: str
    reason: Literal["unanswered", "unfaithful", "unchanged"]


class AlertCleared(Fact, frozen=True, kw_only=True):
    """The condition is gone, or its time has passed ("expired")."""

    TYPE: ClassVar[str] = "alert.cleared"
    alert_id: AlertId
    reason: Literal["condition_gone", "expired", "superseded"]


class AlertDecided(Fact, frozen=True, kw_only=True):
    """What the reviewer did."""

    TYPE: ClassVar[str] = "alert.decided"
    alert_id: AlertId
    verb: Verb
    proposal_id: str | None = None
    reason: RejectReason | None = None
    note: str = ""
    until_on: dt.date | None = None
    assignee_id: str | None = None


class ProposalApplied(Fact, frozen=True, kw_only=True):
    """An approved action was carried out as these facts."""

    TYPE: ClassVar[str] = "proposal.applied"
    alert_id: AlertId
    proposal_id: str
    event_ids: tuple[EventId, ...]
    effect: Effect


class ProposalUndone(Fact, frozen=True, kw_only=True):
    """An applied action was taken back by these compensating facts."""

    TYPE: ClassVar[str] = "proposal.undone"
    alert_id: AlertId
    proposal_id: str
    event_ids: tuple[EventId, ...]
