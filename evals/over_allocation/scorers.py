"""Judges alerts against a portfolio's truth: hit, duplicate, ignored or false; and which look-alikes were hit.

An alert is a hit when a counted incident of its project, sharing an id with it, covers the day it was
raised, or begins within five working days while it is open. A second alert on an incident is a
duplicate; one that only meets a grey incident is ignored; one on a project the truth does not tell of
is outside; the rest is false.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from evals.over_allocation.dataset import Truth
from plan.calendar import Calendar, weekly

KIND = "over_allocation"
EARLY_DAYS = 5


@dataclass(frozen=True, slots=True)
class Raised:
    """An alert as the scorer sees it; ids are the source's own."""

    project_id: str
    day: dt.date
    cleared_on: dt.date | None
    subject_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class Score:
    """What became of the alerts; `missed` are the ids of counted incidents nobody was told of."""

    verdicts: tuple[str, ...]
    incidents: int
    missed: tuple[str, ...]
    benign_hits: Mapping[str, int]
    lead_days: tuple[int, ...]

    @property
    def precision(self) -> float | None:
        """Hits over hits, false ones and duplicates; None without any."""
        counts = Counter(self.verdicts)
        judged = counts["hit"] + counts["false"] + counts["duplicate"]
        return counts["hit"] / judged if judged else None

    @property
    def recall(self) -> float | None:
        """Counted incidents found; None where there are none."""
        return 1 - len(self.missed) / self.incidents if self.incidents else None


def score(alerts: Sequence[Raised], truth: Truth) -> Score:
    """The verdict on every alert, in order of the day it was raised."""
    head = next(row for row in truth if row["record"] == "portfolio")
    calendar = weekly("UTC", head["weekdays"], Decimal(8), map(dt.date.fromisoformat, head["holidays"]))
    told = {row["project_id"] for row in truth if row["record"] == "project"}
    incidents = [row for row in truth if row["record"] == "incident" and row["kind"] == KIND]
    look_alikes = [row for row in truth if row["record"] == "benign" and KIND in row["hit_kinds"]]
    hit: dict[str, int] = {}
    verdicts, benign = [], Counter[str]()
    for alert in sorted(alerts, key=lambda a: (a.day, a.project_id)):
        verdict = _verdict(alert, incidents, hit, calendar) if alert.project_id in told else "outside"
        verdicts.append(verdict)
        if verdict == "false":
            benign.update(row["kind"] for row in look_alikes if _is_mistaken_for(alert, row))
    counted = [_id(row) for row in incidents if not row["grey"]]
    missed = tuple(sorted(set(counted) - set(hit)))
    return Score(tuple(verdicts), len(counted), missed, dict(sorted(benign.items())), tuple(hit.values()))


def _id(row: Mapping[str, Any]) -> str:
    return str(row["incident_id"])


def _verdict(alert: Raised, incidents: Iterable[dict[str, Any]], hit: dict[str, int], calendar: Calendar) -> str:
    met = [row for row in incidents if _covers(alert, row, calendar)]
    fresh = [row for row in met if not row["grey"] and _id(row) not in hit]
    if fresh:
        first = min(fresh, key=lambda row: row["from_on"])
        hit[_id(first)] = calendar.working_days_between(alert.day, dt.date.fromisoformat(first["from_on"]))
        return "hit"
    if any(not row["grey"] for row in met):
        return "duplicate"
    return "ignored" if met else "false"


def _covers(alert: Raised, row: Mapping[str, Any], calendar: Calendar) -> bool:
    accept = dt.date.fromisoformat(row["accept_from_on"])
    last = dt.date.fromisoformat(row["to_on"]) if row["to_on"] else dt.date.max
    is_soon = calendar.working_days_between(alert.day, accept) <= EARLY_DAYS
    is_still_open = alert.cleared_on is None or accept <= alert.cleared_on
    is_timely = alert.day <= last and (accept <= alert.day or (is_soon and is_still_open))
    shares_an_id = bool(alert.subject_ids & set(row["subject_ids"]))
    return alert.project_id in row["project_ids"] and is_timely and shares_an_id


def _is_mistaken_for(alert: Raised, row: Mapping[str, Any]) -> bool:
    is_about = alert.project_id in row["project_ids"] and bool(alert.subject_ids & set(row["subject_ids"]))
    return is_about and alert.day <= dt.date.fromisoformat(row["to_on"])
