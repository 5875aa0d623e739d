"""Alerts as lists show them: who or what, how much, when. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from store.events import Number
from store.projections.alerts.fold import AlertState
from web.views.names import Names
from web.words import amount, days


@dataclass(frozen=True, slots=True)
class Brief:
    """An alert in a list: who or what, how much, when."""

    alert_id: str
    severity: str
    lifecycle: str
    subject: str
    headline: str
    when: str
    first_on: dt.date | None
    projects: Sequence[str]
    way_out: str
    snoozed_until_on: dt.date | None
    assignee: str


def brief(alert: AlertState, names: Names) -> Brief:
    """The alert in a line; of a kind that is not known here, its claim."""
    person_id = alert.inputs.get("person_id", "")
    figures = {number.name: number for number in alert.numbers}
    is_hours = alert.kind == "over_allocation" and "hours_over" in figures
    feasible = [p for p in alert.proposals if p.is_feasible]
    return Brief(
        alert_id=alert.alert_id,
        severity=alert.severity,
        lifecycle=alert.lifecycle,
        subject=names.party(person_id) if person_id else names.project(alert.project_id),
        headline=_too_many(figures) if is_hours else spoken(alert, alert.claim, names),
        when=_when(alert),
        first_on=_day(alert.inputs.get("first_on")),
        projects=[names.project(project_id) for project_id in projects_of(alert)],
        way_out=f"{len(feasible)} way{'s' if len(feasible) != 1 else ''} out" if feasible else "No way out found",
        snoozed_until_on=alert.snoozed_until_on if alert.lifecycle == "snoozed" else None,
        assignee=names.party(alert.assignee_id) if alert.assignee_id else "",
    )


def _too_many(figures: Mapping[str, Number]) -> str:
    over, windows = figures["hours_over"], figures.get("windows_over")
    where = f" over {amount(windows.value, windows.unit)}" if windows and windows.value != 1 else ""
    return f"{amount(over.value, 'h')} too many{where}"


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
    moved = (p.args.get(key, "") for p in alert.proposals for key in p.args if key.endswith("person_id"))
    parties = tuple(dict.fromkeys([alert.inputs.get("person_id", ""), *alert.subject_ids, *moved]))
    return names.spoken(text, parties, projects_of(alert))
