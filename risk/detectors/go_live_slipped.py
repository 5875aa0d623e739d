"""A go-live date that was moved later twice or more: the next date is worth as much as the last ones.

Moves of the date promised to the customer and of the date the project works towards are counted
apart; the one that moved more often is shown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from risk.detectors.view import THRESHOLD, ProjectView
from risk.findings import Finding
from store.events import Number
from store.projections.projects.state import DateMove

KIND = "go_live_slipped"
RULE_ID = "go_live_slipped.v1"
SLIPS = Decimal(2)
GRAVE_SLIPS = 3
LASTS = dt.timedelta(days=28)


def detect(view: ProjectView) -> list[Finding]:
    """The project's slipped go-live: one finding or none."""
    project = view.project
    if not project.is_running:
        return []
    least = view.threshold("slips", SLIPS)
    found = [_slips(view, moves) for moves in (project.commitments, project.go_live_moves)]
    slips = max(found, key=len)
    return [_finding(view, slips, least)] if len(slips) >= least else []


def _slips(view: ProjectView, moves: Sequence[DateMove]) -> list[tuple[dt.date, DateMove]]:
    """The moves to a later date, each with the date it left."""
    known = [move for move in moves if move.at <= view.now]
    dates = [view.project.baseline_go_live_on, *(move.on for move in known)]
    steps = zip(pairwise(dates), known, strict=True)
    return [(before, move) for (before, after), move in steps if before and after and after > before]


def _finding(view: ProjectView, slips: Sequence[tuple[dt.date, DateMove]], least: Decimal) -> Finding:
    project = view.project
    first_on, last_on = slips[0][0], slips[-1][1].on or slips[-1][0]
    slipped = max(view.calendar.working_days_between(first_on, last_on), 0)
    return Finding(
        rule_id=RULE_ID,
        kind=KIND,
        agent="risk",
        severity="high" if len(slips) >= GRAVE_SLIPS else "medium",
        subject_key=project.project_id,
        project_id=project.project_id,
        subject_ids=(project.project_id,),
        numbers=(
            Number(name="slips", value=Decimal(len(slips)), unit="times", threshold=least),
            Number(name="slipped_days", value=Decimal(slipped), unit="working days"),
        ),
        inputs={
            "as_of": view.as_of.isoformat(),
            "from_on": first_on.isoformat(),
            "to_on": last_on.isoformat(),
            f"{THRESHOLD}slips": f"{least}",
        },
        evidence=tuple(move.event_id for _, move in slips),
        first_on=first_on,
        last_on=view.as_of,
        expires_on=view.as_of + LASTS,
    )
