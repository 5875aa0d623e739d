"""What was added to what was sold, and what was spent for what is done. Pure.

Hours stand for money: they need no rate, and rates of one project hardly differ.
"""

from __future__ import annotations

import datetime as dt

from risk.features.reading import UNKNOWN, Reading
from risk.features.view import TaskView, View
from store.projections.projects.state import ChangeRequest

PLAN_DAYS = dt.timedelta(days=14)
"""Tasks made this soon after the project are its plan."""
REFUSED = frozenset({"rejected", "withdrawn"})


def scope_growth_share(view: View) -> Reading:
    """Hours asked for or planned beyond the first plan, of the hours that were sold.

    A change request that was accepted becomes tasks: of the two the larger counts.
    """
    sold = _sold_hours(view)
    if not sold:
        return UNKNOWN
    asked = [request for request in view.state.change_requests.values() if _is_asked(request, view)]
    extra = [task for task in view.tasks if _is_extra(task, view)]
    open_hours = sum(float(request.hours or 0) for request in asked if request.decision == "pending")
    granted = sum(float(request.hours or 0) for request in asked if request.decision != "pending")
    planned = sum(float(task.task.effort_hours or 0) for task in extra)
    ids = sorted([*(request.change_request_id for request in asked), *(task.task_id for task in extra)])
    return Reading((open_hours + max(granted, planned)) / sold, tuple(ids))


def hours_ahead_share(view: View) -> Reading:
    """The share of the budgeted hours that is spent, less the share of the planned effort that is done."""
    tasks = [task for task in view.tasks if task.status != "cancelled" and task.task.effort_hours]
    effort = sum(float(task.task.effort_hours or 0) for task in tasks)
    budget = float(view.state.budget_hours or 0) or effort
    spent = [entry for entry in view.state.time if entry.recorded_at <= view.as_of and entry.worked_on <= view.today]
    if not spent or not effort or not budget:
        return UNKNOWN
    done = sum(float(task.task.effort_hours or 0) for task in tasks if not task.is_open)
    under_way = sorted(task.task_id for task in tasks if task.status == "in_progress")
    return Reading(sum(float(entry.hours) for entry in spent) / budget - done / effort, tuple(under_way))


def _sold_hours(view: View) -> float:
    clauses = [float(item.hours) for item in view.state.scope_items.values() if item.hours]
    return sum(clauses) or float(view.state.budget_hours or 0)


def _is_asked(request: ChangeRequest, view: View) -> bool:
    return request.at <= view.as_of and request.decision not in REFUSED


def _is_extra(task: TaskView, view: View) -> bool:
    created_at = view.state.created_at
    is_late = created_at is not None and task.task.created_at > created_at + PLAN_DAYS
    return is_late and task.status != "cancelled" and task.task.scope_item_id is None
