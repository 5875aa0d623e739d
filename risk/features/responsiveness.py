"""How the customer and the approvers answer, in their own working time. Pure."""

from __future__ import annotations

import datetime as dt

from risk.features.reading import UNKNOWN, Reading, ids_of, median_with_censored, share
from risk.features.view import TaskView, View


def customer_overdue_share(view: View) -> Reading:
    """Open customer tasks past their due date among the customer tasks due by now."""
    due = [task for task in view.on_track("customer") if task.due_on and task.due_on < view.today]
    overdue = [task for task in due if task.is_open]
    return Reading(share(len(overdue), len(due)), ids_of(overdue))


def customer_wait_days(view: View) -> Reading:
    """Age of the longest wait on the customer, 0 where nothing waits."""
    return _longest(view.on_track("customer"))


def customer_response_days(view: View) -> Reading:
    """Median of the customer's response times, waits still open included (Kaplan-Meier)."""
    return _median(view.on_track("customer"))


def approval_wait_days(view: View) -> Reading:
    """Age of the longest wait on an approval, 0 where nothing waits."""
    return _longest(view.on_track("approval"))


def approval_response_days(view: View) -> Reading:
    """Median time that an approval took, waits still open included (Kaplan-Meier)."""
    return _median(view.on_track("approval"))


def customer_quiet_days(view: View) -> Reading:
    """The customer's working days since it last did anything: delivered, wrote, acted in a foreign log."""
    last = _last_act(view)
    if last is None:
        return UNKNOWN
    at, event_id = last
    calendar = view.setting.customer_calendar
    days = calendar.working_days_between(calendar.local_date(at), calendar.local_date(view.as_of))
    return Reading(float(days), (event_id,))


def customer_silence_days(view: View) -> Reading:
    """The same while something waits on the customer, else 0."""
    waiting = [task for task in view.on_track("customer") if task.is_waited_for]
    if not waiting:
        return Reading(0.0)
    quiet = customer_quiet_days(view).value
    longest = _longest(waiting).value
    known = [days for days in (quiet, longest) if days is not None]
    return Reading(min(known), ids_of(waiting)) if known else UNKNOWN


def waiting_share(view: View) -> Reading:
    """Open tasks that wait on the customer or an approval, of all that are under way."""
    under_way = [task for task in view.tasks if task.status in {"in_progress", "waiting"}]
    waiting = [task for task in under_way if task.task.track != "internal"]
    return Reading(share(len(waiting), len(under_way)), ids_of(waiting))


def _longest(tasks: list[TaskView]) -> Reading:
    waits = [(task.waited_days, task.task_id) for task in tasks if task.is_waited_for and task.waited_days is not None]
    if not tasks:
        return UNKNOWN
    longest = max((days for days, _ in waits), default=0)
    return Reading(float(longest), tuple(sorted(task_id for days, task_id in waits if days == longest)))


def _median(tasks: list[TaskView]) -> Reading:
    known = [task for task in tasks if task.waited_days is not None]
    answered = [task.waited_days for task in known if task.status == "done" and task.waited_days is not None]
    open_ages = [task.waited_days for task in known if task.is_open and task.waited_days is not None]
    return Reading(median_with_censored(answered, open_ages), ids_of(task for task in known if task.is_open))


def _last_act(view: View) -> tuple[dt.datetime, str] | None:
    contacts = view.setting.contact_ids
    acts = [(activity.at, activity.event_id) for activity in view.activities if activity.track == "customer"]
    acts += [(m.at, m.event_id) for m in view.state.messages if m.from_id in contacts and m.at <= view.as_of]
    for task in view.tasks:
        if task.task.track == "customer" and task.status == "done":
            moved = max((m for m in task.task.status_moves if m.at <= view.as_of), key=lambda m: m.at)
            acts.append((moved.at, moved.event_id))
    return max(acts, default=None)
