"""Which decisions an alert allows, and what each of them needs. Pure."""

from __future__ import annotations

import datetime as dt

from store.errors import Conflict, Invalid
from store.events import AlertDecided
from store.projections.alerts.fold import OPEN_STATES, AlertState, AppliedProposal


def may_decide(alert: AlertState, decided: AlertDecided, on: dt.date) -> None:
    """Raises `Conflict` when the alert's time is over or it is settled, `Invalid` when the verb lacks something."""
    _is_in_time(alert, on)
    if decided.verb != "undo":
        _is_open(alert)
    _is_complete(alert, decided, on)


def _is_in_time(alert: AlertState, on: dt.date) -> None:
    has_passed = alert.expires_on is not None and alert.expires_on < on
    if alert.lifecycle == "expired" or has_passed:
        raise Conflict(
            "alert_expired",
            f"The alert expired on {alert.expires_on}: its days have passed.",
            remedy="Nothing was changed. Decide on an alert that is open.",
        )


def _is_open(alert: AlertState) -> None:
    if alert.lifecycle in {"cleared", "superseded"}:
        raise Conflict(
            "alert_cleared",
            "The alert closed itself: its condition is gone.",
            remedy="Nothing was changed, and nothing needs to be.",
        )
    if alert.lifecycle not in OPEN_STATES:
        raise Conflict(
            "alert_decided",
            f"The alert is already {alert.lifecycle}.",
            remedy="Undo the applied proposal first, or leave it.",
            data={"current_version": alert.version},
        )


def _is_complete(alert: AlertState, decided: AlertDecided, on: dt.date) -> None:
    needs: dict[str, tuple[bool, str]] = {
        "approve": (bool(decided.proposal_id), "Say which proposal, by its proposal_id."),
        "edit": (bool(decided.proposal_id), "Say which proposal, by its proposal_id."),
        "reject": (decided.reason is not None, "Give a reason: wrong, known, not_now or duplicate."),
        "respond": (bool(decided.note.strip()), "Write a note."),
        "assign": (bool(decided.assignee_id), "Say to whom, by assignee_id."),
        "snooze": (decided.until_on is not None and decided.until_on > on, "Give a day after today as until_on."),
    }
    is_given, remedy = needs.get(decided.verb, (True, ""))
    if not is_given:
        raise Invalid("incomplete_decision", f"{decided.verb!r} lacks what it needs.", remedy=remedy)
    too_long = (
        decided.verb == "snooze" and alert.expires_on and decided.until_on and decided.until_on > alert.expires_on
    )
    if too_long:
        raise Invalid(
            "snoozed_too_long", "The alert would sleep beyond its last day.", remedy=f"Wake it by {alert.expires_on}."
        )


def may_undo(alert: AlertState, proposal_id: str | None) -> AppliedProposal:
    """The applied action to take back, the last one unless named; `Conflict` when there is none."""
    standing = [a for a in alert.applied if a.undone_at is None and proposal_id in (None, a.proposal_id)]
    if not standing:
        raise Conflict(
            "nothing_to_undo", "No applied action stands.", remedy="Only an approved proposal can be taken back, once."
        )
    return standing[-1]
