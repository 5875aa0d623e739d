"""A project as it stood at an instant: what was known then, with nothing after it. Pure.

The state may hold only what was known at the cut; the view drops, in addition, whatever happened
after `as_of`, so that a fact recorded ahead of its time says nothing too early.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from plan.calendar import Calendar
from plan.waiting import Hold, Wait, waiting_clock
from risk.features.setting import Setting
from store.projections.projects.state import Activity, DateMove, ProjectState, StatusMove, Task

TOLD = frozenset({"in_progress", "waiting"})
CLOSED = frozenset({"done", "cancelled"})


class _Happened(Protocol):
    @property
    def at(self) -> dt.datetime: ...


Moment = TypeVar("Moment", bound=_Happened)


@dataclass(slots=True)
class TaskView:
    """A task at the instant. `done_on` is a date of the delivering side.

    `waited_days`: working days of the side that must act since it was told, until it delivered or
    until now; None where nobody told it, and for internal work. `returned_count`: how often it was
    taken back from done or sent back to its owner.
    """

    task: Task
    status: str
    due_on: dt.date | None
    done_on: dt.date | None
    last_moved_at: dt.datetime | None
    waited_days: int | None
    returned_count: int
    due_slip_count: int

    @property
    def task_id(self) -> str:
        """The task's id."""
        return self.task.task_id

    @property
    def is_open(self) -> bool:
        """Neither done nor cancelled."""
        return self.status not in CLOSED

    @property
    def is_waited_for(self) -> bool:
        """Its owner has it and has not delivered."""
        return self.is_open and self.waited_days is not None


@dataclass(slots=True)
class View:
    """Everything the features read. `today` is the delivering side's date, `activities` those that had happened."""

    state: ProjectState
    setting: Setting
    as_of: dt.datetime
    today: dt.date
    tasks: list[TaskView]
    activities: Sequence[Activity]
    committed_on: dt.date | None

    def days_since(self, day: dt.date) -> int:
        """Working days of the delivering side from `day` to today."""
        return self.setting.calendar.working_days_between(day, self.today)

    def days_until(self, day: dt.date) -> int:
        """Working days of the delivering side from today to `day`; negative when it has passed."""
        return self.setting.calendar.working_days_between(self.today, day)

    def on_track(self, *tracks: str) -> list[TaskView]:
        """The tasks of these tracks that were not cancelled."""
        return [task for task in self.tasks if task.task.track in tracks and task.status != "cancelled"]


def view_of(state: ProjectState, setting: Setting, as_of: dt.datetime) -> View:
    """The project at the instant."""
    holds = _holds(until(state.status_moves, as_of))
    return View(
        state=state,
        setting=setting,
        as_of=as_of,
        today=setting.calendar.local_date(as_of),
        tasks=[_task(task, state, setting, holds, as_of) for task in state.tasks.values() if task.created_at <= as_of],
        activities=until(state.activities, as_of),
        committed_on=committed_on(state, as_of),
    )


def until(moments: Sequence[Moment], as_of: dt.datetime) -> Sequence[Moment]:
    """Those that had happened, in the order they became known."""
    if all(moment.at <= as_of for moment in moments):
        return moments
    return [moment for moment in moments if moment.at <= as_of]


def committed_on(state: ProjectState, as_of: dt.datetime) -> dt.date | None:
    """The promise in force at the instant: the last one made to the customer, else the baseline."""
    promises = until(state.commitments, as_of)
    return promises[-1].on if promises else state.baseline_go_live_on


def status_at(state: ProjectState, as_of: dt.datetime) -> str:
    """The project's status at the instant."""
    moves = until(state.status_moves, as_of)
    return moves[-1].status if moves else "active"


def slips(first_on: dt.date | None, moves: Sequence[DateMove]) -> int:
    """How often the date moved to a later day."""
    if not moves:
        return 0
    days = [first_on, *(move.on for move in moves)]
    return sum(a is not None and b is not None and b > a for a, b in itertools.pairwise(days))


def _task(task: Task, state: ProjectState, setting: Setting, holds: Sequence[Hold], as_of: dt.datetime) -> TaskView:
    moves = until(task.status_moves, as_of)
    status = moves[-1].status if moves else "todo"
    dues = until(task.due_moves, as_of)
    waited: int | None = None
    if task.track != "internal":
        owner = setting.customer_calendar if task.track == "customer" else setting.calendar
        waited = _waited_days(_wait(task, state, moves, holds, as_of), owner, setting.calendar, as_of)
    return TaskView(
        task=task,
        status=status,
        due_on=dues[-1].on if dues else task.first_due_on,
        done_on=setting.calendar.local_date(moves[-1].at) if status == "done" else None,
        last_moved_at=moves[-1].at if moves else None,
        waited_days=waited,
        returned_count=_returned(moves),
        due_slip_count=slips(task.first_due_on, dues),
    )


def _wait(
    task: Task, state: ProjectState, moves: Sequence[StatusMove], holds: Sequence[Hold], as_of: dt.datetime
) -> Wait:
    told = next((move.at for move in moves if move.status in TOLD), None)
    done = moves[-1].at if moves and moves[-1].status == "done" else None
    linked = [state.tasks.get(link.depends_on_id) for link in task.links if link.link == "FS"]
    before = [other for other in linked if other and other.status != "cancelled"]
    return Wait(
        told_at=told,
        planned_start_on=None,  # told is told: a plan that was overtaken does not hold the clock
        predecessors_done_at=tuple(_done_at(other, as_of) for other in before) if told and not done else (),
        done_at=done,
        holds=tuple(holds),
    )


def _done_at(task: Task, as_of: dt.datetime) -> dt.datetime | None:
    return task.done_at if task.done_at and task.done_at <= as_of else None


def _waited_days(wait: Wait, owner: Calendar, tenant: Calendar, as_of: dt.datetime) -> int | None:
    if wait.told_at is None:
        return None
    if wait.holds or wait.predecessors_done_at:
        return waiting_clock(wait, owner, tenant, as_of).age_days
    # What the clock reads with nothing to stop it, without its hours: this is most tasks, and ten times faster.
    days = owner.working_days_between(owner.local_date(wait.told_at), owner.local_date(wait.done_at or as_of))
    return max(days, 0)


def _returned(moves: Sequence[StatusMove]) -> int:
    return sum(
        after.status == "todo" or (before.status == "done" and after.status in TOLD)
        for before, after in itertools.pairwise(moves)
    )


def _holds(moves: Sequence[StatusMove]) -> list[Hold]:
    held: list[Hold] = []
    for index, move in enumerate(moves):
        if move.status == "on_hold":
            ends = next((later.at for later in moves[index + 1 :] if later.status != "on_hold"), None)
            held.append(Hold(move.at, ends))
    return held
