"""What the alerts of one rule were worth: against a portfolio's incidents, or against how its projects ended.

`alerts` are the lines of a replay's alerts.jsonl, `truth` those of a truth file. A rule without
incidents in the truth is held against the outcome: was what it warned of late more often than the rest?
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Worth:
    """`warned`: projects with such an alert before they ended; shares of late ones among them and among the others."""

    kind: str
    warned: int
    late_share_warned: float | None
    late_share_others: float | None


def worth(kind: str, alerts: Sequence[Row], truth: Sequence[Row], late_days: int = 0) -> Worth:
    """Late: live more than `late_days` working days after the baseline. Projects that never went live do not count."""
    ended = {row["project_id"]: row for row in truth if row["record"] == "project" and row.get("days_late") is not None}
    warned = {
        alert["project_id"]
        for alert in alerts
        if alert["kind"] == kind
        and alert["project_id"] in ended
        and alert["raised_at"][:10] <= str(ended[alert["project_id"]]["went_live_on"] or "9999")
    }
    late = {project_id for project_id, row in ended.items() if row["days_late"] > late_days}
    others = ended.keys() - warned
    return Worth(kind, len(warned), _share(len(warned & late), len(warned)), _share(len(others & late), len(others)))


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 3) if whole else None
