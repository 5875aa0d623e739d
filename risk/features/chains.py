"""What still has to happen one after the other, and how fast it eats the days to spare. Pure.

Only finish-to-start links are walked, in planned working days of the delivering side: a bound that costs
microseconds. The exact schedule, on everybody's own calendar, is plan.schedule's.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from risk.features.reading import UNKNOWN, Reading, share
from risk.features.view import CLOSED, TaskView, View, until

TRAILING_DAYS = 10
DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Chain:
    """Working days from its first task's start to its last one's end, and the tasks in order."""

    days: int
    ids: tuple[str, ...] = ()


def chain_late_days(view: View) -> Reading:
    """Working days from the committed date to the end of the longest chain of open linked tasks, begun now."""
    if view.committed_on is None or not _is_linked(view):
        return UNKNOWN
    chain = _longest(_open_at(view, view.as_of), view)
    return Reading(float(chain.days - view.days_until(view.committed_on)), tuple(sorted(chain.ids)))


def blocked_share(view: View) -> Reading:
    """Open tasks that should have begun but wait for another one, of all open tasks."""
    if not _is_linked(view):
        return UNKNOWN
    tasks = _open_at(view, view.as_of)
    due = (task for task in tasks.values() if (_starts_on(task) or dt.date.max) <= view.today)
    blocked = sorted(task.task_id for task in due if _before(task, tasks))
    return Reading(share(len(blocked), len(tasks)), tuple(blocked))


def leeway_burn_days(view: View) -> Reading:
    """Working days of leeway that the last ten working days used up, against the present commitment.

    Leeway is counted to the last due date of the open work before go-live or the end of its longest
    chain, whichever is later.
    """
    calendar, created_at = view.setting.calendar, view.state.created_at
    then_on = calendar.add_working_days(view.today, -TRAILING_DAYS)
    then = calendar.end_of_day(then_on)
    before, now = _open_at(view, then), _open_at(view, view.as_of)
    if view.committed_on is None or created_at is None or created_at > then or not before:
        return UNKNOWN
    burnt = _end(now, view, view.today, view.as_of) - _end(before, view, then_on, then)
    late = sorted(i for i, task in now.items() if task.due_on and task.due_on < view.today)
    return Reading(float(burnt), tuple(late))


def _is_linked(view: View) -> bool:
    return any(task.task.links for task in view.tasks)


def _open_at(view: View, instant: dt.datetime) -> Mapping[str, TaskView]:
    """The tasks before go-live that were there and open at an instant."""
    return {
        task.task_id: task
        for task in view.tasks
        if task.task.stage != "transition" and task.task.created_at <= instant and _status(task, instant) not in CLOSED
    }


def _status(task: TaskView, instant: dt.datetime) -> str:
    if task.last_moved_at is None or task.last_moved_at <= instant:
        return task.status
    moves = until(task.task.status_moves, instant)
    return moves[-1].status if moves else "todo"


def _starts_on(task: TaskView) -> dt.date | None:
    return task.task.planned_start_on or task.due_on


def _end(tasks: Mapping[str, TaskView], view: View, today: dt.date, instant: dt.datetime) -> int:
    """The day on which the open work ends, as the calendar counts days."""
    index = view.setting.calendar.index
    dues = [index(on) for task in tasks.values() if (on := _due(task, instant))]
    return max([index(today) + _longest(tasks, view).days, *dues])


def _due(task: TaskView, instant: dt.datetime) -> dt.date | None:
    moves = until(task.task.due_moves, instant)
    return moves[-1].on if moves else task.task.first_due_on


def _before(task: TaskView, tasks: Mapping[str, TaskView]) -> Sequence[str]:
    """Those of the tasks that must end before this one begins."""
    return [link.depends_on_id for link in task.task.links if link.link == "FS" and link.depends_on_id in tasks]


def _longest(tasks: Mapping[str, TaskView], view: View) -> _Chain:
    """The longest chain of these tasks; those in a circle belong to none."""
    before = {i: _before(task, tasks) for i, task in tasks.items()}
    after: dict[str, list[str]] = {}
    for task_id, ids in before.items():
        for other in ids:
            after.setdefault(other, []).append(task_id)
    waits = {i: len(ids) for i, ids in before.items()}
    ready = sorted(i for i, count in waits.items() if not count)
    ends: dict[str, int] = {}
    for task_id in ready:  # grows while it is walked
        ends[task_id] = _planned_days(tasks[task_id], view) + max((ends[i] for i in before[task_id]), default=0)
        for later in after.get(task_id, ()):
            waits[later] -= 1
            if not waits[later]:
                ready.append(later)
    return _walked_back(ends, before)


def _walked_back(ends: Mapping[str, int], before: Mapping[str, Sequence[str]]) -> _Chain:
    ids: list[str] = []
    last = max(ends, key=lambda i: (ends[i], i), default=None)
    days = ends[last] if last else 0
    while last:
        ids.append(last)
        last = max(before[last], key=lambda i: (ends[i], i), default=None)
    return _Chain(days, tuple(reversed(ids)))


def _planned_days(task: TaskView, view: View) -> int:
    """Planned working days of the task; one where the plan does not say."""
    start_on = task.task.planned_start_on
    if start_on is None or task.due_on is None:
        return 1
    index = view.setting.calendar.index
    return max(index(task.due_on) - index(start_on - DAY), 1)
