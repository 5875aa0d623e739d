"""Approvals that wait longer than they should: many waits on one approver of a project are one finding.

An approval with little float is a finding on day three, any other after a working week; a longer habit
of the same step in the playbook, where it is known, does not make it wait longer. Days are the
approver's own working days, leave and announced absences left out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from risk.detectors.view import THRESHOLD, ProjectView
from risk.findings import Finding
from risk.waits import OpenWait
from store.events import Number
from store.events.alerts import Severity

KIND = "approval_ageing"
RULE_ID = "approval_ageing.v1"
LITTLE_FLOAT_DAYS = Decimal(3)
URGENT_DAYS, PATIENT_DAYS = Decimal(3), Decimal(5)
GRAVE_DAYS = 3
LASTS = dt.timedelta(days=28)
DAY = dt.timedelta(days=1)


def detect(view: ProjectView) -> list[Finding]:
    """One finding per approver who lets something wait too long."""
    by_approver: dict[str, list[OpenWait]] = {}
    for wait in view.waits:
        if wait.task.track == "approval" and _is_ageing(view, wait):
            by_approver.setdefault(wait.task.owner_id or "", []).append(wait)
    return [_finding(view, approver_id, waits) for approver_id, waits in sorted(by_approver.items())]


def _is_ageing(view: ProjectView, wait: OpenWait) -> bool:
    urgent, patient = _thresholds(view)
    if wait.age_days < min(urgent, patient):
        return False
    return wait.age_days >= patient or _is_urgent(view, wait)


def _is_urgent(view: ProjectView, wait: OpenWait) -> bool:
    spare = view.float_days(wait.task.task_id)
    return spare is not None and spare <= view.threshold("little_float_days", LITTLE_FLOAT_DAYS)


def _thresholds(view: ProjectView) -> tuple[Decimal, Decimal]:
    return view.threshold("urgent_days", URGENT_DAYS), view.threshold("patient_days", PATIENT_DAYS)


def _finding(view: ProjectView, approver_id: str, waits: Sequence[OpenWait]) -> Finding:
    project_id = view.project.project_id
    urgent, patient = _thresholds(view)
    oldest = max(waits, key=lambda wait: (wait.age_days, wait.task.task_id))
    is_urgent = any(_is_urgent(view, wait) for wait in waits)
    since_on = view.calendar.local_date(min(wait.starts_at for wait in waits))
    floats = [spare for wait in waits if (spare := view.float_days(wait.task.task_id)) is not None]
    return Finding(
        rule_id=RULE_ID,
        kind=KIND,
        agent="risk",
        severity=_severity(oldest.age_days, floats),
        subject_key=f"{project_id}/{approver_id}/{since_on.isoformat()}",
        project_id=project_id,
        subject_ids=tuple(i for i in (approver_id, *(wait.task.task_id for wait in waits)) if i),
        numbers=(
            Number(
                name="age_days",
                value=Decimal(oldest.age_days),
                unit="working days",
                threshold=urgent if is_urgent else patient,
            ),
            Number(name="waiting_approvals", value=Decimal(len(waits)), unit="approvals"),
            *([Number(name="float_days", value=Decimal(min(floats)), unit="working days")] if floats else ()),
        ),
        inputs={
            "as_of": view.as_of.isoformat(),
            "since_on": since_on.isoformat(),
            "oldest_task_id": oldest.task.task_id,
            f"{THRESHOLD}urgent_days": f"{urgent}",
            f"{THRESHOLD}patient_days": f"{patient}",
            f"{THRESHOLD}little_float_days": f"{view.threshold('little_float_days', LITTLE_FLOAT_DAYS)}",
        },
        evidence=tuple(wait.told_event_id for wait in waits),
        first_on=since_on + DAY,
        last_on=view.as_of,
        expires_on=view.as_of + LASTS,
    )


def _severity(age_days: int, floats: Sequence[int]) -> Severity:
    """By the working days go-live has moved with it: high from three on, low while nothing has moved."""
    moved = age_days - min(floats) if floats else 0
    if moved >= GRAVE_DAYS:
        return "high"
    return "medium" if moved > 0 or not floats else "low"
