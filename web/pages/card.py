"""The card of an alert, on whatever page it stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from api.errors import status_of
from store.errors import LeewayError
from store.ground import Ground
from store.projections.alerts.fold import AlertState
from web.cards import card_of, changes_since, check_of, projects_of
from web.visitors import Visitor
from web.words import REASONS

DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a decision was not taken, and the version of the alert that it was taken on."""

    problem: LeewayError
    seen_version: int | None

    @property
    def status(self) -> int:
        """The HTTP status of the answer."""
        return status_of(self.problem)


def refusal_context(
    ground: Ground, visitor: Visitor, alert: AlertState | None, refusal: Refusal | None
) -> dict[str, Any]:
    """What speaks against a decision, and what has changed since the alert was opened."""
    if refusal is None or alert is None:
        return {"problem": None, "changed": []}
    seen = refusal.seen_version
    return {"problem": refusal.problem, "changed": changes_since(ground, visitor, alert, seen) if seen else []}


def card_context(
    ground: Ground, visitor: Visitor, alert: AlertState, *, back: str, is_checked: bool = False
) -> dict[str, Any]:
    """What card.html asks for. `back` is where a decision returns to."""
    found = card_of(ground, visitor, alert)
    return {
        "card": found,
        "project_names": projects_of(ground, visitor, found),
        "check": check_of(ground, visitor, alert) if is_checked else None,
        "back": back,
        "reasons": REASONS,
        "snoozes": list(_snoozes(visitor.today, alert.expires_on)),
        "assignees": _assignees(visitor),
        "is_past_its_days": alert.expires_on is not None and alert.expires_on < visitor.today,
    }


def _snoozes(today: dt.date, last: dt.date | None) -> Iterator[tuple[str, dt.date]]:
    """Days worth offering that the alert still lives to see."""
    monday = today + (7 - today.weekday()) * DAY
    for words, on in (("Tomorrow", today + DAY), ("Monday", monday), ("In a week", today + 7 * DAY)):
        if last is None or on <= last:
            yield words, on


def _assignees(visitor: Visitor) -> list[tuple[str, str]]:
    people = (party for party in visitor.state.parties.values() if party.customer_id is None)
    return sorted(
        (person.name or person.external_id, person.party_id) for person in people if person.employment == "staff"
    )
