"""A task that could go on, waits on somebody, and has waited longer than it can without moving go-live.

It is a finding after two working days of its owner, once its age exceeds its float. Approvals have
their own rule. What one party lets wait in a project is one finding.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from risk.detectors.view import THRESHOLD, ProjectView
from risk.findings import Finding
from risk.waits import OpenWait
from store.events import Number

KIND = "blocker"
RULE_ID = "blocker.v1"
LEAST_DAYS = Decimal(2)
GRAVE_DAYS = 3
"""Working days by which go-live has moved with the wait, from which it is high."""
LASTS = dt.timedelta(days=28)


def detect(view: ProjectView) -> list[Finding]:
    """One finding per party that blocks."""
    if not view.project.is_running:
        return []
    least = view.threshold("least_days", LEAST_DAYS)
    by_owner: dict[str, list[OpenWait]] = {}
    for wait in view.waits:
        if wait.task.track != "approval" and wait.age_days >= least and _consumes_leeway(view, wait):
            by_owner.setdefault(wait.task.owner_id or "", []).append(wait)
    return [_finding(view, owner_id, waits, least) for owner_id, waits in sorted(by_owner.items())]


def _consumes_leeway(view: ProjectView, wait: OpenWait) -> bool:
    """Without a plan that says how far it may slip, a wait is not said to block."""
    spare = view.float_days(wait.task.task_id)
    return spare is not None and wait.age_days > spare


def _finding(view: ProjectView, owner_id: str, waits: Sequence[OpenWait], least: Decimal) -> Finding:
    project_id = view.project.project_id
    oldest = max(waits, key=lambda wait: (wait.age_days, wait.task.task_id))
    since_on = view.calendar.local_date(min(wait.starts_at for wait in waits))
    spare = min(view.float_days(wait.task.task_id) or 0 for wait in waits)
    return Finding(
        rule_id=RULE_ID,
        kind=KIND,
        agent="risk",
        severity="high" if oldest.age_days - spare >= GRAVE_DAYS else "medium",
        subject_key=f"{project_id}/{owner_id}",
        project_id=project_id,
        subject_ids=tuple(i for i in (owner_id, *(wait.task.task_id for wait in waits)) if i),
        numbers=(
            Number(name="age_days", value=Decimal(oldest.age_days), unit="working days", threshold=least),
            Number(name="float_days", value=Decimal(spare), unit="working days"),
            Number(name="blocked_tasks", value=Decimal(len(waits)), unit="tasks"),
        ),
        inputs={
            "as_of": view.as_of.isoformat(),
            "since_on": since_on.isoformat(),
            "oldest_task_id": oldest.task.task_id,
            f"{THRESHOLD}least_days": f"{least}",
        },
        evidence=tuple(wait.told_event_id for wait in waits),
        first_on=since_on,
        last_on=view.as_of,
        expires_on=view.as_of + LASTS,
    )
