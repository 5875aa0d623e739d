"""The least that makes an impossible date feasible: a later date, or fewer hours. Each is tried first. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import ROUND_CEILING, Decimal

from plan.calendar import NO_HOURS
from plan.timeline import Allowances, Staff, Timeline, timeline_of
from store.projections.projects.state import ProjectState

HOUR = Decimal(1)
MOST_TASKS = 12


def feasible_on(proof: Timeline) -> date:
    """The earliest date that path and roles allow; the same proof against it does not fail."""
    return max(proof.earliest_on, proof.due_on)


def smallest_cut(
    project: ProjectState, staff: Staff, due_on: date, as_of: date, allowances: Allowances
) -> dict[str, Decimal] | None:
    """Hours to take out of tasks that nobody has begun so that the path ends in time; None where that is not enough.

    The longest such task of the critical path gives first, as much as is missing; whole hours.
    """
    cut: dict[str, Decimal] = {}
    for _ in range(MOST_TASKS):
        proof = _tried(project, staff, due_on, as_of, allowances, cut)
        if proof is None or proof.path.finish_on <= due_on:
            return _trimmed(project, staff, due_on, as_of, allowances, cut) if proof and cut else None
        left = {i: _left(project, i, cut) for i in proof.path.task_ids}
        best = max(left, key=lambda i: (left[i], i), default=None)
        if best is None or left[best] <= 0:
            return None
        hours_a_day = max(staff.calendars.tenant.weekday_hours)
        missing = (Decimal(max(proof.days_short, 1)) * hours_a_day).to_integral_value(ROUND_CEILING)
        cut[best] = cut.get(best, NO_HOURS) + min(missing, left[best])
    return None


def _left(project: ProjectState, task_id: str, cut: dict[str, Decimal]) -> Decimal:
    """Hours that could still be taken out of the task: a task keeps its last hour."""
    task = project.tasks[task_id]
    if task.track != "internal" or task.started_at is not None or task.milestone:
        return NO_HOURS
    return max((task.effort_hours or NO_HOURS) - HOUR - cut.get(task_id, NO_HOURS), NO_HOURS)


def _trimmed(
    project: ProjectState, staff: Staff, due_on: date, as_of: date, allowances: Allowances, cut: dict[str, Decimal]
) -> dict[str, Decimal]:
    """The cut with every hour given back that is not needed, the last task first."""
    kept = dict(cut)
    for task_id in reversed(list(cut)):
        low, high = NO_HOURS, kept[task_id]
        while low + HOUR <= high:
            middle = ((low + high) / 2).to_integral_value()
            trial = {**kept, task_id: middle}
            proof = _tried(project, staff, due_on, as_of, allowances, trial)
            if proof and proof.path.finish_on <= due_on:
                high = middle if middle < high else high - HOUR
                kept[task_id] = trial[task_id]
            else:
                low = middle + HOUR
    return {task_id: hours for task_id, hours in kept.items() if hours > 0}


def _tried(
    project: ProjectState, staff: Staff, due_on: date, as_of: date, allowances: Allowances, cut: dict[str, Decimal]
) -> Timeline | None:
    return timeline_of(project, staff, due_on, as_of, replace(allowances, cut_hours=cut))
