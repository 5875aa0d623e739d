"""A card as a person reads it: whose it is, what is at stake, the best that can be done first. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from agents.cards import Card
from agents.causes import amount, days
from agents.messages import ESCALATE
from store.projections.alerts.fold import OPEN_STATES, AlertState
from web.views.case import Case, Option
from web.views.names import Names
from web.words import HARD, count

MOST_BEST = 3
LEAST_SAID_DAYS = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Row:
    """A card in the list. `stake` and `facts` are its small print."""

    card_id: str
    severity: str
    subject: str
    headline: str
    stake: str
    facts: str
    projects: Sequence[str]
    woken_on: dt.date | None
    sleeps_until_on: dt.date | None
    assignee: str


@dataclass(frozen=True, slots=True)
class Best:
    """A proposal worth looking at first, and the alert on which it is decided."""

    alert_id: str
    version: int
    because: str
    option: Option
    is_past_its_days: bool


def row(card: Card, alerts: Mapping[str, AlertState], names: Names) -> Row:
    """The card in the list."""
    own = [alerts[cause.alert_id] for cause in card.causes]
    until = min((a.snoozed_until_on for a in own if a.lifecycle == "snoozed" and a.snoozed_until_on), default=None)
    is_awake = until is not None and until <= card.on
    return Row(
        card_id=card.card_id,
        severity=card.severity,
        subject=subject_name(card, names),
        headline=card.headline,
        stake=stake(card),
        facts=_facts(card, is_open=any(a.lifecycle in OPEN_STATES for a in own)),
        projects=[names.project(i) for i in card.project_ids] if card.subject.kind == "person" else (),
        woken_on=until if is_awake else None,
        sleeps_until_on=None if is_awake else until,
        assignee=next((names.party(a.assignee_id) for a in own if a.assignee_id), ""),
    )


def subject_name(card: Card, names: Names) -> str:
    """The project's or person's name."""
    known = {"project": names.project, "person": names.party}
    teller = known.get(card.subject.kind)
    return teller(card.subject.key) if teller else card.subject.key.replace("_", " ").capitalize()


def stake(card: Card) -> str:
    """`4 days · 3,448 EUR`; empty where nothing could be counted."""
    of_work = " of work" if card.subject.kind == "person" else ""
    is_worth_saying = card.days_at_stake is not None and card.days_at_stake >= LEAST_SAID_DAYS
    parts = [f"{days(card.days_at_stake)}{of_work}"] if card.days_at_stake and is_worth_saying else []
    if card.money_at_stake:
        parts.append(amount(card.money_at_stake, card.currency))
    return " · ".join(parts).replace(" ", HARD).replace(f"{HARD}·{HARD}", " · ")


def _facts(card: Card, *, is_open: bool) -> str:
    causes = count(len(card.causes), "cause")
    ways = f"{count(card.ways_out, 'way')} out" if card.ways_out else "no way out found"
    return f"{causes} · {ways}" if is_open else causes


def best(card: Card, cases: Sequence[Case], today: dt.date) -> list[Best]:
    """The proposals to look at first: what gains days or margin, then by cause; each message to a party once."""
    lines = {cause.alert_id: cause.line for cause in card.causes}
    found: dict[tuple[str, str], Best] = {}
    for each in cases:
        if not each.may_be_decided:
            continue
        for option, proposal in zip(each.options, each.alert.proposals, strict=True):
            if option.is_feasible and not option.is_applied:
                key = (proposal.action, proposal.args.get("to_id", proposal.proposal_id))
                past = each.alert.expires_on is not None and each.alert.expires_on < today
                found.setdefault(
                    key, Best(each.alert.alert_id, each.alert.version, lines[each.alert.alert_id], option, past)
                )
    ranked = sorted(enumerate(found.items()), key=lambda entry: (_order(entry[1][1].option), entry[0]))
    others = [one for _, (key, one) in ranked if key[0] != ESCALATE]
    return (others or [one for _, (_, one) in ranked])[:MOST_BEST]


def _order(option: Option) -> tuple[Decimal, Decimal]:
    gained, margin = max(option.days, Decimal(0)), max(option.margin or Decimal(0), Decimal(0))
    return -gained, -margin
