"""Alerts as lists show them: who or what, how much, when. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from agents.cards import subject_of_alert
from agents.causes import cause_of
from store.access import MAY_SEE_MONEY, Role
from store.projections.alerts.fold import AlertState
from web.views.names import Names
from web.words import days


@dataclass(frozen=True, slots=True)
class Brief:
    """An alert in a line: who or what, how much, when. `subject` is a person only where the card is theirs."""

    alert_id: str
    severity: str
    lifecycle: str
    subject: str
    is_person: bool
    headline: str
    when: str
    projects: Sequence[str]
    snoozed_until_on: dt.date | None
    assignee: str


def brief(alert: AlertState, names: Names, role: Role) -> Brief:
    """The alert in a line, as this role may see it."""
    cause = cause_of(alert) if role in MAY_SEE_MONEY else cause_of(alert).without_money()
    is_person = subject_of_alert(alert).kind == "person"
    person_id = alert.inputs.get("person_id", "")
    line = cause.line if is_person or not person_id else f"{names.party(person_id)}: {cause.line}"
    return Brief(
        alert_id=alert.alert_id,
        severity=alert.severity,
        lifecycle=alert.lifecycle,
        subject=names.party(person_id) if is_person else names.project(alert.project_id),
        is_person=is_person,
        headline=line,
        when=_when(alert),
        projects=[names.project(project_id) for project_id in projects_of(alert)],
        snoozed_until_on=alert.snoozed_until_on if alert.lifecycle == "snoozed" else None,
        assignee=names.party(alert.assignee_id) if alert.assignee_id else "",
    )


def _when(alert: AlertState) -> str:
    first, last = _day(alert.inputs.get("first_on")), _day(alert.inputs.get("last_on"))
    return days(first, last) if first and last else ""


def _day(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        return None


def projects_of(alert: AlertState) -> tuple[str, ...]:
    """The projects it names, its own first."""
    return tuple(dict.fromkeys(i for i in (alert.project_id, *alert.other_project_ids) if i))


def spoken(alert: AlertState, text: str, names: Names) -> str:
    """A text of the alert with names for the ids it uses."""
    moved = (p.args.get(key, "") for p in alert.proposals for key in p.args if key.endswith(("person_id", "to_id")))
    parties = tuple(dict.fromkeys([alert.inputs.get("person_id", ""), *alert.subject_ids, *moved]))
    return names.spoken(text, parties, projects_of(alert))
