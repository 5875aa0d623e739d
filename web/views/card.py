"""An alert's card: what is claimed, what proves it, what can be done, what was decided. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from store.access import Role, may_see
from store.events import Number, ProposedAction
from store.log import Event
from store.projections.alerts.fold import OPEN_STATES, AlertState
from web.drawing.loads import Loads
from web.views.alerts import Brief, brief, projects_of, spoken
from web.views.facts import line
from web.views.names import Names
from web.words import ACTIONS, HARD, REASONS, amount, number_label, plain

# The figures after the sentence stand in chips of their own, and margin only where it may be seen.
_FIGURES = re.compile(r"\s*Go-live (?:stays|\d+ working days? (?:later|earlier))\. Margin .*$", re.DOTALL)
RULES = {
    "over_allocation.day.v1": "booked beyond the hours of a day",
    "over_allocation.week.v1": "booked beyond the hours of a week",
    "over_allocation.four_weeks.v1": "booked beyond the hours of four weeks",
    "customer_silent.v1": "the customer is silent while something waits on it",
    "approval_ageing.v1": "an approval waits too long",
    "blocker.v1": "a wait that moves go-live",
    "overdue_critical.v1": "overdue on the critical path",
    "go_live_slipped.v1": "go-live moved later twice or more",
    "late_risk.v1": "a high score of being late",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the claim against its threshold."""

    label: str
    value: str
    threshold: str
    is_over: bool


@dataclass(frozen=True, slots=True)
class Change:
    """A figure before and after a proposal."""

    label: str
    before: str
    after: str
    is_same: bool


@dataclass(frozen=True, slots=True)
class Option:
    """A proposal. `margin` None: not to be seen, or not known (then `margin_text` says so)."""

    proposal_id: str
    title: str
    sentence: str
    days: Decimal
    margin: Decimal | None
    margin_text: str
    currency: str
    changes: Sequence[Change]
    is_feasible: bool
    is_applied: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """A cited event in one line."""

    event_id: str
    text: str
    recorded_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Step:
    """Something a reviewer did."""

    at: dt.datetime
    text: str
    who: str


@dataclass(frozen=True, slots=True)
class Card:
    """Everything that a person needs to decide."""

    alert: AlertState
    brief: Brief
    claim: str
    rule: str
    project_ids: Sequence[str]
    figures: Sequence[Figure]
    evidence: Sequence[Evidence]
    options: Sequence[Option]
    history: Sequence[Step]
    loads: Loads | None
    may_be_decided: bool
    may_be_undone: bool
    applied_sentence: str


def card(alert: AlertState, names: Names, events: Sequence[Event], loads: Loads | None, role: Role) -> Card:
    """The alert with its evidence and picture, as this role may see it."""
    standing = [entry for entry in alert.applied if entry.undone_at is None]
    done = {entry.proposal_id for entry in standing}
    options = [
        _option(alert, proposal, names, role, is_applied=proposal.proposal_id in done) for proposal in alert.proposals
    ]
    return Card(
        alert=alert,
        brief=brief(alert, names),
        claim=spoken(alert, alert.wording or alert.claim, names),
        rule=RULES.get(alert.rule_id, plain(alert.kind).lower()),
        project_ids=projects_of(alert),
        figures=[_figure(number) for number in alert.numbers],
        evidence=_evidence(alert, events, names),
        options=options,
        history=[step(alert, n, names) for n in range(len(alert.decisions))],
        loads=loads,
        may_be_decided=alert.lifecycle in OPEN_STATES,
        may_be_undone=bool(standing),
        applied_sentence=next((option.sentence for option in options if option.is_applied), ""),
    )


def _figure(number: Number) -> Figure:
    threshold = number.threshold
    return Figure(
        label=number_label(number.name, number.unit),
        value=amount(number.value, "" if number.name == "windows_over" else number.unit),
        threshold=f"limit{HARD}{amount(threshold, number.unit)}" if threshold is not None else "",
        is_over=threshold is not None and number.value > threshold,
    )


def _option(alert: AlertState, proposal: ProposedAction, names: Names, role: Role, *, is_applied: bool) -> Option:
    effect, is_shown = proposal.effect, may_see(role, "money")
    before = {number.name: number for number in alert.numbers}
    changes = [
        _change(before[number.name], number)
        for number in effect.numbers
        if number.name in before
        and number.name in {"hours_over", "booked_hours", "utilisation", "peak_week_utilisation"}
    ]
    unknown = "not known: a cost rate is missing" if effect.margin is None else ""
    return Option(
        proposal_id=proposal.proposal_id,
        title=ACTIONS.get(proposal.action, plain(proposal.action)),
        sentence=spoken(alert, _FIGURES.sub("", proposal.sentence), names),
        days=effect.days,
        margin=effect.margin if is_shown else None,
        margin_text=unknown if is_shown else "for managers and finance",
        currency=effect.currency,
        changes=changes,
        is_feasible=proposal.is_feasible,
        is_applied=is_applied,
    )


def _change(before: Number, after: Number) -> Change:
    unit = before.unit
    return Change(
        label=number_label(before.name, unit),
        before=amount(before.value, unit),
        after=amount(after.value, unit),
        is_same=before.value == after.value,
    )


def _evidence(alert: AlertState, events: Sequence[Event], names: Names) -> list[Evidence]:
    known: dict[str, Event] = {event.event_id: event for event in events}
    found = []
    for event_id in alert.evidence:
        event = known.get(event_id)
        text = line(event.fact, names) if event else "This event is not in the log."
        found.append(Evidence(event_id, text, event.recorded_at if event else None))
    return found


def step(alert: AlertState, number: int, names: Names) -> Step:
    """The alert's n-th decision in words."""
    decision = alert.decisions[number]
    words = {
        "approve": "Approved",
        "undo": "Undone",
        "reject": f"Rejected: {REASONS.get(decision.reason or '', '').lower()}",
        "snooze": f"Snoozed until {decision.until_on}" if decision.until_on else "Snoozed",
        "assign": "Assigned",
        "respond": "Noted",
    }
    text = words.get(decision.verb, plain(decision.verb))
    if decision.until_on:
        text = names.spoken(text, (), ())
    note = f" – {decision.note}" if decision.note else ""
    return Step(decision.at, text + note, names.actor(decision.actor_id))
