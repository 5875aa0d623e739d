"""An alert in full and the card it stands on, on whatever page they are shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from agents.cards import Card
from api.errors import status_of
from store.errors import LeewayError
from store.ground import Ground
from store.projections.alerts.fold import OPEN_STATES, AlertState
from web.cards import case_of, changes_since, check_of, names_of, projects_of
from web.render import address
from web.views.card import best, stake, subject_name
from web.views.case import Case
from web.views.checks import Checked
from web.visitors import Visitor
from web.words import REASONS

DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a decision was not taken, the alert, and the version of it that the decision was taken on."""

    problem: LeewayError
    seen_version: int | None
    alert_id: str = ""

    @property
    def status(self) -> int:
        """The HTTP status of the answer."""
        return status_of(self.problem)


@dataclass(frozen=True, slots=True)
class Shown:
    """One alert on a page: `number` keeps its ids apart from those of others, `check_href` computes it again."""

    number: int
    case: Case
    project_names: Mapping[str, str]
    check: Checked | None
    check_href: str
    snoozes: Sequence[tuple[str, dt.date]]
    is_past_its_days: bool
    is_unfolded: bool


def refusal_context(
    ground: Ground, visitor: Visitor, alert: AlertState | None, refusal: Refusal | None
) -> dict[str, Any]:
    """What speaks against a decision, and what has changed since the alert was opened."""
    if refusal is None or alert is None:
        return {"problem": refusal.problem if refusal else None, "changed": []}
    seen = refusal.seen_version
    return {"problem": refusal.problem, "changed": changes_since(ground, visitor, alert, seen) if seen else []}


def shown(
    ground: Ground, visitor: Visitor, alert: AlertState, check_href: str, *, number: int = 1, **is_: bool
) -> Shown:
    """One alert, ready for case.html. `is_`: is_checked, is_unfolded."""
    found = case_of(ground, visitor, alert)
    return Shown(
        number=number,
        case=found,
        project_names=projects_of(ground, visitor, found),
        check=check_of(ground, visitor, alert) if is_.get("is_checked") else None,
        check_href=check_href,
        snoozes=list(_snoozes(visitor, alert.expires_on)),
        is_past_its_days=_is_past(alert, visitor.today),
        is_unfolded=is_.get("is_unfolded", False),
    )


def decision_context(visitor: Visitor, back: str) -> dict[str, Any]:
    """What the forms of decisions ask for. `back` is where a decision returns to."""
    return {"back": back, "reasons": REASONS, "assignees": _assignees(visitor)}


def card_context(
    ground: Ground,
    visitor: Visitor,
    card: Card,
    alerts: Mapping[str, AlertState],
    *,
    back: str,
    checked_id: str = "",
    unfolded_id: str = "",
) -> dict[str, Any]:
    """What card.html asks for. `checked_id` is the alert computed again, `unfolded_id` one to open."""
    own = [alerts[cause.alert_id] for cause in card.causes]
    cases = [
        shown(
            ground,
            visitor,
            alert,
            f"{address(back.partition('?')[0], **_query(back), check=alert.alert_id)}#check-{number}",
            number=number,
            is_checked=alert.alert_id == checked_id,
            is_unfolded=alert.alert_id in {checked_id, unfolded_id},
        )
        for number, alert in enumerate(own, start=1)
    ]
    open_ones = [a for a in own if a.lifecycle in OPEN_STATES and not _is_past(a, visitor.today)]
    last = max((a.expires_on for a in open_ones if a.expires_on), default=None)
    return {
        "card": card,
        "subject": subject_name(card, names_of(ground, visitor, card.project_ids)),
        "stake": stake(card),
        "shown": cases,
        "best": best(card, [each.case for each in cases], visitor.today) if len(cases) > 1 else [],
        "open_ones": open_ones,
        "card_snoozes": list(_snoozes(visitor, last)) if open_ones else [],
        "card_expires_on": last,
        **decision_context(visitor, back),
    }


def _query(back: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(back).query))


def _is_past(alert: AlertState, today: dt.date) -> bool:
    return alert.expires_on is not None and alert.expires_on < today


def _snoozes(visitor: Visitor, last: dt.date | None) -> Iterator[tuple[str, dt.date]]:
    """Working days worth offering that the alert still lives to see."""
    today = visitor.today
    monday = today + (7 - today.weekday()) * DAY
    for words, on in (("Tomorrow", today + DAY), ("Monday", monday), ("In a week", today + 7 * DAY)):
        is_offered = on.isoweekday() in visitor.state.weekdays and not (words == "Tomorrow" and on == monday)
        if is_offered and (last is None or on <= last):
            yield words, on


def _assignees(visitor: Visitor) -> list[tuple[str, str]]:
    people = (party for party in visitor.state.parties.values() if party.customer_id is None)
    return sorted(
        (person.name or person.external_id, person.party_id) for person in people if person.employment == "staff"
    )
