"""Alerts held against a portfolio's truth, kind by kind.

An alert is a hit when a counted incident of its kind in its project covers the day it was raised, or
begins within five working days while it is open; for kinds that name somebody or something it must
share an id with it, for a month's forecast the month. A second alert on an incident is a duplicate,
one that only meets a grey incident is ignored, one outside the truth is outside, the rest is false.
late_risk is held against the outcome: one hit a project.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from plan.calendar import Calendar, weekly

LATE_RISK, FORECAST = "late_risk", "forecast_not_credible"
KINDS = (
    "customer_silent",
    "approval_ageing",
    "scope_drift",
    "margin_drift",
    "over_allocation",
    "impossible_timeline",
    FORECAST,
    "hidden_dependency",
    LATE_RISK,
)
NAMED = frozenset({"over_allocation", "approval_ageing", "hidden_dependency"})
EARLY_DAYS = 5
NEVER = "9999-12-31"
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class KindScore:
    """A kind's figures. `precision` counts duplicates as false; `precision_without_duplicates` leaves them out."""

    kind: str
    verdicts: dict[str, int]
    incidents: int
    found: int
    precision: float | None
    precision_without_duplicates: float | None
    recall: float | None
    lead_days: tuple[int, ...]
    median_lead_days: float | None


@dataclass(frozen=True, slots=True)
class AlertScore:
    """All kinds, look-alikes that were hit, and false alerts a project-week."""

    kinds: tuple[KindScore, ...]
    look_alikes_hit: dict[str, int]
    project_weeks: float
    false_per_project_week: float | None


@dataclass(slots=True)
class _Court:
    """The truth, arranged for asking, and what has been hit so far."""

    calendar: Calendar
    zone: ZoneInfo
    first_on: str
    last_on: str
    projects: dict[str, Row] = field(default_factory=dict)
    incidents: dict[tuple[str, str], list[Row]] = field(default_factory=lambda: defaultdict(list))
    benign: dict[tuple[str, str], list[Row]] = field(default_factory=lambda: defaultdict(list))
    hit: set[str] = field(default_factory=set)
    late_hit: set[str] = field(default_factory=set)
    leads: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def day(self, instant: str | None) -> str:
        """The tenant's date of an instant; a bare date is itself."""
        if not instant or len(instant) <= 10:
            return instant or NEVER
        return dt.datetime.fromisoformat(instant).astimezone(self.zone).date().isoformat()

    def days_between(self, start: str, end: str) -> int:
        """Working days of the tenant."""
        return self.calendar.working_days_between(dt.date.fromisoformat(start), dt.date.fromisoformat(end))


def score_alerts(alerts: Sequence[Row], truth: Sequence[Row]) -> AlertScore:
    """The verdict on every alert, in the order they were raised."""
    court = _court(truth)
    tally: dict[str, Counter[str]] = defaultdict(Counter)
    look_alikes = Counter[str]()
    for alert in sorted(alerts, key=lambda a: (a["raised_at"], a["project_id"], a["kind"])):
        verdict = _verdict(court, alert)
        tally[alert["kind"]][verdict] += 1
        if verdict == "false":
            look_alikes.update(_mistaken_for(court, alert))
    kinds = tuple(_kind(court, kind, tally[kind]) for kind in dict.fromkeys([*KINDS, *sorted(tally)]))
    weeks = sum(_weeks(court, project) for project in court.projects.values())
    false = sum(tally[kind]["false"] for kind in KINDS)
    return AlertScore(kinds, dict(sorted(look_alikes.items())), weeks, false / weeks if weeks else None)


def _court(truth: Sequence[Row]) -> _Court:
    head = next(row for row in truth if row["record"] == "portfolio")
    calendar = weekly("UTC", head["weekdays"], Decimal(8), map(dt.date.fromisoformat, head["holidays"]))
    zone = ZoneInfo(head.get("timezone", "Europe/Berlin"))
    court = _Court(calendar, zone, head["starts_on"], head["horizon_on"])
    for number, row in enumerate(truth):
        if row["record"] == "project":
            court.projects[row["project_id"]] = row
        elif row["record"] == "incident" and row["kind"] in KINDS:
            known = {**row, "incident_id": str(row.get("incident_id", number))}
            for project_id in row["project_ids"]:
                for kind in dict.fromkeys([row["kind"], *row.get("also", [])]):
                    court.incidents[project_id, kind].append(known)
        elif row["record"] == "benign":
            for project_id in row["project_ids"]:
                for kind in row["hit_kinds"]:
                    court.benign[project_id, kind].append(row)
    return court


def _verdict(court: _Court, alert: Row) -> str:
    day, project = court.day(alert["raised_at"]), court.projects.get(alert["project_id"])
    if not court.first_on <= day <= court.last_on or alert["kind"] not in KINDS or project is None:
        return "outside"
    if alert["kind"] == LATE_RISK:
        return _late_verdict(court, day, project)
    met = [row for row in court.incidents[alert["project_id"], alert["kind"]] if _meets(court, alert, day, row)]
    fresh = [row for row in met if not row["grey"] and row["incident_id"] not in court.hit]
    if fresh:
        kind = alert["kind"]
        first = min(fresh, key=lambda row: (row["kind"] != kind, row["harm_on"] or NEVER, row["from_on"]))
        court.hit.add(first["incident_id"])
        if first["harm_on"]:
            court.leads[kind].append(court.days_between(day, first["harm_on"]))
        return "hit"
    if any(not row["grey"] for row in met):
        return "duplicate"
    return "ignored" if met else "false"


def _late_verdict(court: _Court, day: str, project: Row) -> str:
    if project["days_late"] is None or day > (project["went_live_on"] or NEVER):
        return "ignored"
    if project["days_late"] <= 0:
        return "false"
    if project["project_id"] in court.late_hit:
        return "duplicate"
    court.late_hit.add(project["project_id"])
    court.leads[LATE_RISK].append(court.days_between(day, project["baseline_go_live_on"]))
    return "hit"


def _meets(court: _Court, alert: Row, day: str, row: Row) -> bool:
    accept_on, subjects = row["accept_from_on"], set(alert["subject_ids"])
    is_soon = accept_on <= court.day(alert["cleared_at"]) and court.days_between(day, accept_on) <= EARLY_DAYS
    if day > (row["to_on"] or NEVER) or not (accept_on <= day or is_soon):
        return False
    if alert["kind"] in NAMED:
        return bool(subjects & set(row["subject_ids"]))
    months = {subject for subject in subjects if len(subject) == 7 and subject[4] == "-"}
    return alert["kind"] != FORECAST or not months or row["period"] in subjects


def _mistaken_for(court: _Court, alert: Row) -> Iterable[str]:
    """The first look-alike that the false alert fell for."""
    day, kind, subjects = court.day(alert["raised_at"]), alert["kind"], set(alert["subject_ids"])
    for row in court.benign[alert["project_id"], kind]:
        is_about = kind == "customer_silent" or bool(subjects & set(row["subject_ids"]))
        is_begun = row["from_on"] <= day or kind == "over_allocation"
        if is_about and is_begun and day <= row["to_on"]:
            return [row["kind"]]
    return []


def _kind(court: _Court, kind: str, counts: Counter[str]) -> KindScore:
    if kind == LATE_RISK:
        wanted = {p for p, row in court.projects.items() if row["days_late"] is not None and row["days_late"] > 0}
        found = court.late_hit
    else:
        rows = [row for own in court.incidents.values() for row in own if row["kind"] == kind and not row["grey"]]
        wanted, found = {row["incident_id"] for row in rows if _is_within(court, row)}, court.hit
    judged = counts["hit"] + counts["false"]
    strict, leads = judged + counts["duplicate"], tuple(court.leads[kind])
    return KindScore(
        kind=kind,
        verdicts=dict(sorted(counts.items())),
        incidents=len(wanted),
        found=len(wanted & found),
        precision=counts["hit"] / strict if strict else None,
        precision_without_duplicates=counts["hit"] / judged if judged else None,
        recall=len(wanted & found) / len(wanted) if wanted else None,
        lead_days=leads,
        median_lead_days=float(median(leads)) if leads else None,
    )


def _is_within(court: _Court, row: Row) -> bool:
    return bool(row["accept_from_on"] <= court.last_on and (row["to_on"] or NEVER) >= court.first_on)


def _weeks(court: _Court, project: Row) -> float:
    start, end = max(court.first_on, project["created_on"]), min(court.last_on, project["watched_to_on"])
    return max((dt.date.fromisoformat(end) - dt.date.fromisoformat(start)).days, 0) / 7
