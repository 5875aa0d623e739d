"""Negative controls of the alerts: the same alerts where they can tell nothing, judged by the same table.

An alert that is dealt out at random, or comes a week late, shows how much a kind gets by luck or by
staying open long; a figure is worth what it lies above them.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from evals.replay.verdicts import AlertScore, Row, score_alerts

LATE = dt.timedelta(days=7)
RANDOM, WEEK_LATE = "dealt out at random", "a week late"


def controls(alerts: Sequence[Row], truth: Sequence[Row], seed: int = 0) -> dict[str, AlertScore]:
    """By name of the control. As many alerts of each kind as there were."""
    rng = np.random.default_rng(seed)
    return {
        RANDOM: score_alerts(dealt(alerts, truth, rng), truth),
        WEEK_LATE: score_alerts([delayed(alert) for alert in alerts], truth),
    }


def delayed(alert: Row) -> dict[str, Any]:
    """The alert as if raised a week later; it may have been over by then."""
    raised_at = dt.datetime.fromisoformat(alert["raised_at"]) + LATE
    return {**alert, "raised_at": raised_at.isoformat(timespec="seconds")}


def dealt(alerts: Sequence[Row], truth: Sequence[Row], rng: np.random.Generator) -> list[dict[str, Any]]:
    """As many alerts of each kind on known projects, each on a day of its project's life, naming what another named."""
    projects = [row for row in truth if row["record"] == "project"]
    known = {row["project_id"] for row in projects}
    counts = Counter(alert["kind"] for alert in alerts if alert["project_id"] in known)
    return [
        _dealt(kind, projects[int(rng.integers(len(projects)))], alerts, rng)
        for kind, count in sorted(counts.items())
        for _ in range(count)
    ]


def _dealt(kind: str, project: Row, alerts: Sequence[Row], rng: np.random.Generator) -> dict[str, Any]:
    first, last = (dt.date.fromisoformat(project[name]) for name in ("created_on", "watched_to_on"))
    day = first + dt.timedelta(days=int(rng.integers(max((last - first).days, 1))))
    named = [alert["subject_ids"] for alert in alerts if alert["kind"] == kind]
    return {
        "project_id": project["project_id"],
        "kind": kind,
        "raised_at": f"{day}T12:00:00+00:00",
        "cleared_at": f"{day}T13:00:00+00:00",
        "subject_ids": named[int(rng.integers(len(named)))],
    }
