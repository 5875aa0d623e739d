"""Open tasks past their due date on which go-live hangs: every day they stay open is a day of go-live.

Overdue work with float is no finding. All of a project's are one finding.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from risk.detectors.view import THRESHOLD, ProjectView
from risk.findings import Finding
from store.events import Number
from store.projections.projects.state import Task

KIND = "overdue_critical"
RULE_ID = "overdue_critical.v1"
OVERDUE_DAYS = Decimal(2)
GRAVE_DAYS = 3
"""Working days by which the plan ends after the committed date, from which it is high."""
LASTS = dt.timedelta(days=28)


def detect(view: ProjectView) -> list[Finding]:
    """The project's overdue tasks without float: one finding or none."""
    if not view.project.is_running or view.project.status == "on_hold":
        return []
    least = view.threshold("overdue_days", OVERDUE_DAYS)
    late = [task for task in view.project.tasks.values() if task.is_open and _overdue_days(view, task) >= least]
    critical = [task for task in late if _is_critical(view, task)]
    return [_finding(view, sorted(critical, key=_by_due), least)] if critical else []


def _by_due(task: Task) -> tuple[dt.date, str]:
    return (task.due_on or dt.date.max, task.task_id)


def _overdue_days(view: ProjectView, task: Task) -> int:
    return view.calendar.working_days_between(task.due_on, view.as_of) if task.due_on else 0


def _is_critical(view: ProjectView, task: Task) -> bool:
    spare = view.float_days(task.task_id)
    return spare is not None and spare <= 0


def _finding(view: ProjectView, tasks: Sequence[Task], least: Decimal) -> Finding:
    oldest, project = tasks[0], view.project
    leeway = view.forecast.leeway_days if view.forecast else None
    return Finding(
        rule_id=RULE_ID,
        kind=KIND,
        agent="risk",
        severity="high" if leeway is not None and leeway <= -GRAVE_DAYS else "medium",
        subject_key=project.project_id,
        project_id=project.project_id,
        subject_ids=tuple(task.task_id for task in tasks),
        numbers=(
            Number(
                name="overdue_days",
                value=Decimal(_overdue_days(view, oldest)),
                unit="working days",
                threshold=least,
            ),
            Number(name="overdue_tasks", value=Decimal(len(tasks)), unit="tasks"),
            *(() if leeway is None else (Number(name="leeway_days", value=Decimal(leeway), unit="working days"),)),
        ),
        inputs={
            "as_of": view.as_of.isoformat(),
            "due_on": f"{oldest.due_on}",
            "oldest_task_id": oldest.task_id,
            f"{THRESHOLD}overdue_days": f"{least}",
        },
        evidence=tuple(task.due_moves[-1].event_id if task.due_moves else task.created_event_id for task in tasks),
        first_on=oldest.due_on or view.as_of,
        last_on=view.as_of,
        expires_on=view.as_of + LASTS,
    )
