"""Alerts as a person reads them: one card per project, its alerts as causes, ranked by days times money at stake. Pure.

An over-allocation across several projects is a card of the person: whoever hands out people can act, no single
project can. All on one project it is a cause of that project. Days and money at stake are the largest that one
cause names, never a sum: causes of one project tell of the same delay and the same money.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

from agents.causes import Cause, cause_of
from store.projections.alerts.fold import AlertState

SubjectKind = Literal["project", "person", "portfolio"]
SEVERITIES = ("low", "medium", "high", "critical")
MATERIAL_DAYS = Decimal(3)
MATERIAL_MONEY = Decimal(2500)
LEAST_DAYS = Decimal(1)
LEAST_MONEY = Decimal(1000)
"""What a cause without countable days or money weighs in the ranking: a day, a thousand."""
LONGEST_HEADLINE = 60


class Subject(NamedTuple):
    """Whom a card is about. `key` is the project's or person's id, of a portfolio-wide alert its kind."""

    kind: SubjectKind
    key: str

    @property
    def card_id(self) -> str:
        """The card's id, the same every day."""
        return f"{self.kind}:{self.key}"


@dataclass(frozen=True, slots=True)
class Card:
    """What one subject needs decided. `on` is the day it is looked at.

    `days_at_stake` are working days, `money_at_stake` an amount of `currency`; None where no cause could
    count it. `ways_out` counts different proposals that could be carried out now.
    """

    subject: Subject
    on: dt.date
    headline: str
    severity: str
    days_at_stake: Decimal | None
    money_at_stake: Decimal | None
    currency: str
    ways_out: int
    project_ids: tuple[str, ...]
    causes: tuple[Cause, ...]

    @property
    def card_id(self) -> str:
        """The card's id, the same every day."""
        return self.subject.card_id


def subject_of(kind: str, project_ids: Sequence[str], subject_ids: Sequence[str]) -> Subject:
    """Whose card an alert of this kind stands on; `project_ids` are all it names, its own first."""
    named = list(dict.fromkeys(i for i in project_ids if i))
    if kind == "over_allocation" and subject_ids and len(named) != 1:
        return Subject("person", subject_ids[0])
    return Subject("project", named[0]) if named else Subject("portfolio", kind)


def subject_of_alert(alert: AlertState) -> Subject:
    """Whose card the alert stands on."""
    return subject_of(alert.kind, (alert.project_id, *alert.other_project_ids), alert.subject_ids)


def cards(alerts: Iterable[AlertState], on: dt.date, *, may_see_money: bool = True) -> list[Card]:
    """A card per subject, what matters most first.

    Order and severity are the same for everybody; where money may not be seen its figures are left out.
    """
    by_subject: dict[Subject, list[AlertState]] = {}
    for alert in sorted(alerts, key=lambda a: a.alert_id):
        by_subject.setdefault(subject_of_alert(alert), []).append(alert)
    found = [card(subject, its, on) for subject, its in by_subject.items()]
    found.sort(key=_rank)
    if may_see_money:
        return found
    return [card(each.subject, by_subject[each.subject], on, may_see_money=False) for each in found]


def card(subject: Subject, alerts: Iterable[AlertState], on: dt.date, *, may_see_money: bool = True) -> Card:
    """The card of one subject over these alerts of it."""
    all_alerts = list(alerts)
    full = sorted((cause_of(alert) for alert in all_alerts), key=_weight)
    severity, currency = severity_of(full), next((cause.currency for cause in full if cause.currency), "")
    shown = full if may_see_money else [cause.without_money() for cause in full]
    return Card(
        subject=subject,
        on=on,
        headline=headline(shown),
        severity=severity,
        days_at_stake=max((cause.days for cause in shown if cause.days), default=None),
        money_at_stake=max(
            (cause.money for cause in shown if cause.money and cause.currency == currency), default=None
        ),
        currency=currency if may_see_money else "",
        ways_out=_ways_out(all_alerts),
        project_ids=tuple(dict.fromkeys(i for a in all_alerts for i in (a.project_id, *a.other_project_ids) if i)),
        causes=tuple(shown),
    )


def materiality(days: Decimal | None, money: Decimal | None) -> Decimal:
    """Days times money at stake; what could not be counted weighs as little as may be."""
    return max(days or LEAST_DAYS, LEAST_DAYS) * max(money or LEAST_MONEY, LEAST_MONEY)


def severity_of(causes: Sequence[Cause]) -> str:
    """The gravest cause's, one step lower where neither three days nor 2,500 of money are at stake.

    Critical stays critical: it is said only of what is proved or loses money.
    """
    gravest = max((cause.severity for cause in causes), key=SEVERITIES.index, default="low")
    days = max((cause.days for cause in causes if cause.days), default=Decimal(0))
    money = max((cause.money for cause in causes if cause.money), default=Decimal(0))
    is_material = days >= MATERIAL_DAYS or money >= MATERIAL_MONEY
    return "medium" if gravest == "high" and not is_material else gravest


def headline(causes: Sequence[Cause]) -> str:
    """What weighs most in each of the two topics that weigh most, in at most sixty characters."""
    by_topic: dict[str, list[Cause]] = {}
    for cause in causes:
        by_topic.setdefault(cause.topic, []).append(cause)
    said = [min(its, key=lambda each: each.place).short for its in by_topic.values()]
    if not said:
        return "Nothing to decide"
    both = f"{said[0]}; {said[1][:1].lower()}{said[1][1:]}" if len(said) > 1 else ""
    return both if both and len(both) <= LONGEST_HEADLINE else said[0]


def _weight(cause: Cause) -> tuple[int, Decimal, int, str]:
    return (
        -SEVERITIES.index(cause.severity),
        -materiality(cause.days, cause.money),
        cause.place,
        cause.alert_id,
    )


def _rank(found: Card) -> tuple[int, Decimal, str]:
    weight = materiality(found.days_at_stake, found.money_at_stake)
    return (-SEVERITIES.index(found.severity), -weight, found.card_id)


def _ways_out(alerts: Iterable[AlertState]) -> int:
    """One escalation is as good as another on the same card: a kind of message to the same party counts once."""
    offers = (offer for alert in alerts for offer in alert.proposals if offer.is_feasible)
    return len({(offer.action, offer.args.get("to_id", offer.proposal_id)) for offer in offers})
