"""How fast the work moves, and how fast it would have to. Pure.

Effort is the weight where every task of the kind has one, else each task counts as one: a project
with effort on a third of its tasks is not measured by that third.
"""

from __future__ import annotations

from collections.abc import Sequence

from risk.features.reading import UNKNOWN, Reading, ids_of, share
from risk.features.view import TaskView, View

TRAILING_DAYS = 10
MOST_RATIO = 5.0


def earned_share(view: View) -> Reading:
    """Work done of the work that was to be done by today, by the first dates agreed."""
    tasks = _counted(view)
    due = [task for task in tasks if task.task.first_due_on and task.task.first_due_on <= view.today]
    weigh = _weights(tasks)
    done = sum(weigh[task.task_id] for task in tasks if not task.is_open)
    planned = sum(weigh[task.task_id] for task in due)
    behind = [task for task in due if task.is_open]
    return Reading(min(done / planned, 2.0), ids_of(behind)) if planned else UNKNOWN


def overdue_share(view: View) -> Reading:
    """Open tasks past their due date among all tasks due by now."""
    due = [task for task in _counted(view) if task.due_on and task.due_on < view.today]
    overdue = [task for task in due if task.is_open]
    return Reading(share(len(overdue), len(due)), ids_of(overdue))


def overdue_days(view: View) -> Reading:
    """Working days that the open tasks are past their due dates, on average over what is due."""
    due = [task for task in _counted(view) if task.due_on and task.due_on < view.today]
    overdue = [(task, view.days_since(task.due_on)) for task in due if task.is_open and task.due_on]
    return Reading(share(sum(days for _, days in overdue), len(due)), ids_of(task for task, _ in overdue))


def done_share(view: View) -> Reading:
    """Tasks done of all tasks."""
    tasks = _counted(view)
    return Reading(share(sum(not task.is_open for task in tasks), len(tasks)))


def pace_ratio(view: View) -> Reading:
    """Work done a day over the last ten working days, over what the rest asks a day until the commitment."""
    tasks = _counted(view)
    remaining = [task for task in tasks if task.is_open]
    if view.committed_on is None or not remaining:
        return UNKNOWN
    weigh = _weights(tasks)
    left_days = max(view.days_until(view.committed_on), 1)
    required = sum(weigh[task.task_id] for task in remaining) / left_days
    recent = [task for task in tasks if task.done_on and view.days_since(task.done_on) < TRAILING_DAYS]
    done = sum(weigh[task.task_id] for task in recent)
    if not required or not _has_run_long_enough(view):
        return UNKNOWN
    return Reading(min(done / TRAILING_DAYS / required, MOST_RATIO), ids_of(remaining))


def task_slip_days(view: View) -> Reading:
    """Working days between first agreed and actual end, on average over tasks done or overdue."""
    slipped: list[tuple[TaskView, int]] = []
    calendar = view.setting.calendar
    for task in _counted(view):
        first_on = task.task.first_due_on
        if first_on and task.done_on:
            slipped.append((task, calendar.working_days_between(first_on, task.done_on)))
        elif first_on and task.is_open and first_on < view.today:
            slipped.append((task, view.days_since(first_on)))
    late = [task for task, days in slipped if days > 0]
    return Reading(share(sum(days for _, days in slipped), len(slipped)), ids_of(late))


def returned_count(view: View) -> Reading:
    """How often work was sent back or taken up again."""
    returned = [task for task in view.tasks if task.returned_count]
    return Reading(float(sum(task.returned_count for task in returned)), ids_of(returned))


def due_slip_share(view: View) -> Reading:
    """How often a task's due date moved to a later day, per task."""
    tasks = [task for task in _counted(view) if task.due_on]
    slipped = [task for task in tasks if task.due_slip_count]
    return Reading(share(sum(task.due_slip_count for task in slipped), len(tasks)), ids_of(slipped))


def idle_days(view: View) -> Reading:
    """Working days since anything happened: a task moved, a message, an activity of a foreign log."""
    state, as_of = view.state, view.as_of
    instants = [task.last_moved_at for task in view.tasks if task.last_moved_at]
    instants += [activity.at for activity in view.activities]
    instants += [message.at for message in state.messages]
    happened = [at for at in instants if at <= as_of]
    if not happened:
        return UNKNOWN
    return Reading(float(view.days_since(view.setting.calendar.local_date(max(happened)))))


def _counted(view: View) -> list[TaskView]:
    """Tasks on the way to go-live: not cancelled, not of the transition that follows it."""
    return [task for task in view.tasks if task.status != "cancelled" and task.task.stage != "transition"]


def _weights(tasks: Sequence[TaskView]) -> dict[str, float]:
    is_effort_known = all(task.task.effort_hours for task in tasks if task.task.track == "internal")
    if not is_effort_known or all(task.task.effort_hours is None for task in tasks):
        return {task.task_id: 1.0 for task in tasks}
    return {task.task_id: float(task.task.effort_hours or 1) for task in tasks}


def _has_run_long_enough(view: View) -> bool:
    created_at = view.state.created_at
    return created_at is not None and view.days_since(view.setting.calendar.local_date(created_at)) >= TRAILING_DAYS
