"""The critical path method on working days, each task on its own party's calendar.

Conventions. A task's dates are days: it works from its start day to its finish day, both included,
and its duration is the number of its calendar's working days among them; duration 0 is a point in
time that happens on its finish day. A lag counts working days of the successor's calendar:

    FS  starts at least lag + 1 working days after the predecessor's finish day
    SS  starts at least lag working days after the first day it could work from the predecessor's start
    FF  finishes at least lag working days after the first day it could work from the predecessor's finish
    SF  finishes at least lag working days after the first day it could work from the predecessor's start

A point needs no day of its own, so it may happen on the very day that FS makes it wait for. What
happened replaces what was planned, and work that started before its predecessors allowed keeps its
start. What has not started cannot start before `as_of`, what has not finished cannot finish before
it. A planned start holds a task back only where the plan left a gap before it (an appointment) or
nothing precedes it; without a gap the task follows its predecessors, early as well as late.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from plan.calendar import Calendar
from plan.ordering import driving_chain, topological_order
from store.errors import Invalid

DAY = timedelta(days=1)


class LinkType(StrEnum):
    """Which end of the predecessor holds back which end of the successor."""

    FS = "FS"
    SS = "SS"
    FF = "FF"
    SF = "SF"

    @property
    def is_from_finish(self) -> bool:
        """Whether the predecessor's finish counts, not its start."""
        return self in (LinkType.FS, LinkType.FF)

    @property
    def is_to_start(self) -> bool:
        """Whether the successor's start is held back, not its finish."""
        return self in (LinkType.FS, LinkType.SS)


@dataclass(frozen=True, slots=True)
class Link:
    """`successor_id` depends on `predecessor_id`; a negative lag lets it overlap."""

    predecessor_id: str
    successor_id: str
    type: LinkType = LinkType.FS
    lag_days: int = 0


@dataclass(frozen=True, slots=True)
class Task:
    """A task as the schedule sees it; durations in working days of `calendar`.

    `started_on` and `finished_on` are actual. `remaining_days` of started work, where known,
    replaces what is left of the duration. `committed_on` is only held against the forecast.
    """

    task_id: str
    calendar: Calendar
    duration_days: int
    planned_start_on: date | None = None
    started_on: date | None = None
    finished_on: date | None = None
    committed_on: date | None = None
    remaining_days: int | None = None


@dataclass(frozen=True, slots=True)
class ScheduledTask:
    """Forecast (or actual) dates of a task and its slack in working days of its own calendar.

    Total float: how far the finish can slip before the target does (the end of the network where the
    target does not depend on it); free float: before any successor's does. Both None once finished.
    `driver_id` is the predecessor that sets the dates, None where the plan, `as_of` or an actual date does.
    """

    task_id: str
    start_on: date
    finish_on: date
    total_float_days: int | None
    free_float_days: int | None
    is_critical: bool
    leeway_days: int | None
    driver_id: str | None


@dataclass(frozen=True, slots=True)
class Schedule:
    """Every task by id, predecessors first; when the target finishes; the open chain that sets that date.

    `target_id` is the task asked for, otherwise the one that finishes last.
    """

    tasks: Mapping[str, ScheduledTask]
    target_id: str
    finish_on: date
    critical_path: tuple[str, ...]


def leeway_days(calendar: Calendar, committed_on: date, forecast_on: date) -> int:
    """Committed date − forecast date in working days: negative when late."""
    return calendar.working_days_between(forecast_on, committed_on)


def schedule(
    tasks: Sequence[Task],
    links: Sequence[Link],
    *,
    as_of: date,
    target_id: str | None = None,
    due_on: date | None = None,
) -> Schedule:
    """Forward and backward pass over the tasks as known on `as_of`.

    Floats are measured to the forecast finish of `target_id` (a go-live), or of the whole network
    where None, and are then never negative; with `due_on` they are measured to that date and go
    negative when it cannot be kept. `Invalid` for a cycle (printed), an unknown or double task, no task.
    """
    network = _network(tasks, links)
    if target_id is not None and target_id not in network.tasks:
        raise Invalid(
            "schedule.unknown_target", f"The plan has no task {target_id!r}.", remedy="Name one of its tasks."
        )
    places = _forward(network, as_of)
    last = max(p.finish_on for p in places.values())
    target = target_id or max(places, key=lambda i: (places[i].finish_on, network.tasks[i].finished_on is None))
    finish_on = places[target].finish_on
    limits = _limits(network, target_id, due_on or finish_on, last)
    late = _backward(network, limits)
    leading = _leading(network, target_id)
    result = {i: _scheduled(network, places, late, i, is_leading=i in leading) for i in network.order}
    drivers = {i: t.driver_id for i, t in result.items()}
    is_open = network.tasks[target].finished_on is None
    return Schedule(result, target, finish_on, driving_chain(target, drivers) if is_open else ())


@dataclass(frozen=True, slots=True)
class _Network:
    tasks: dict[str, Task]
    order: list[str]
    into: dict[str, list[Link]]
    out_of: dict[str, list[Link]]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a task lies: days, and on its own calendar the index of its finish day and of the day before its start."""

    start_on: date
    finish_on: date
    before: int
    finish: int
    driver_id: str | None = None


def _network(tasks: Sequence[Task], links: Sequence[Link]) -> _Network:
    by_id = {task.task_id: task for task in tasks}
    if len(by_id) < len(tasks) or not tasks:
        raise Invalid(
            "schedule.tasks", "A plan needs at least one task, each with its own id.", remedy="Remove the double."
        )
    negative = next((task.task_id for task in tasks if task.duration_days < 0), None)
    if negative is not None:
        raise Invalid(
            "schedule.duration", f"The task {negative!r} has a negative duration.", remedy="Give 0 days or more."
        )
    order = topological_order(list(by_id), ((link.predecessor_id, link.successor_id) for link in links))
    into: dict[str, list[Link]] = {task_id: [] for task_id in order}
    out_of: dict[str, list[Link]] = {task_id: [] for task_id in order}
    for link in links:
        into[link.successor_id].append(link)
        out_of[link.predecessor_id].append(link)
    return _Network(by_id, order, into, out_of)


# Forward


def _forward(network: _Network, as_of: date) -> dict[str, _Place]:
    planned = {task.task_id: place for task in network.tasks.values() if (place := _planned(task))}
    places: dict[str, _Place] = {}
    for task_id in network.order:
        task, links = network.tasks[task_id], network.into[task_id]
        if task.finished_on is not None:
            places[task_id] = _actual(task, task.finished_on)
        elif task.started_on is not None:
            places[task_id] = _under_way(task, task.started_on, links, places, as_of)
        else:
            floor = _floor(task, links, planned, as_of)
            places[task_id] = _placed(task, links, places, floor)
    return places


def _planned(task: Task) -> _Place | None:
    """The task where its own plan puts it, None without a planned start."""
    if task.planned_start_on is None:
        return None
    before = task.calendar.index(task.planned_start_on - DAY)
    return _laid(task, before, before + task.duration_days, None)


def _actual(task: Task, finished_on: date) -> _Place:
    started_on = min(task.started_on or finished_on, finished_on)
    index = task.calendar.index
    return _Place(started_on, finished_on, index(started_on - DAY), index(finished_on))


def _under_way(
    task: Task, started_on: date, links: Sequence[Link], places: Mapping[str, _Place], as_of: date
) -> _Place:
    index = task.calendar.index
    before, today = index(started_on - DAY), index(as_of - DAY)
    left = before + task.duration_days if task.remaining_days is None else today + task.remaining_days
    finish, driver_id = max(left, today + 1), None
    for link in links:
        if not link.type.is_to_start and (bound := _bound(link, task, places[link.predecessor_id])) > finish:
            finish, driver_id = bound, link.predecessor_id
    return _Place(started_on, task.calendar.day_at(finish), before, finish, driver_id)


def _floor(task: Task, links: Sequence[Link], planned: Mapping[str, _Place], as_of: date) -> int:
    """The index that the start may not be before, whatever the predecessors do."""
    today = task.calendar.index(as_of - DAY)
    own = planned.get(task.task_id)
    if own is None:
        return today
    held = [_start_bound(link, task, planned[link.predecessor_id]) for link in links if link.predecessor_id in planned]
    has_gap = not held or own.before > max(held)
    return max(today, own.before) if has_gap else today


def _placed(task: Task, links: Sequence[Link], places: Mapping[str, _Place], floor: int) -> _Place:
    before, driver_id = floor, None
    for link in links:
        bound = _start_bound(link, task, places[link.predecessor_id])
        if bound > before or (bound == before and driver_id is None):
            before, driver_id = bound, link.predecessor_id
    return _laid(task, before, before + task.duration_days, driver_id)


def _laid(task: Task, before: int, finish: int, driver_id: str | None) -> _Place:
    """The place on the calendar; a point happens on the first working day after `before`."""
    start_on = task.calendar.day_at(before + 1)
    if task.duration_days == 0:
        return _Place(start_on, start_on, before, before + 1, driver_id)
    return _Place(start_on, task.calendar.day_at(finish), before, finish, driver_id)


def _start_bound(link: Link, task: Task, predecessor: _Place) -> int:
    """The least index of the day before the start that the link allows."""
    bound = _bound(link, task, predecessor)
    if _binds_day(link, task):
        return bound - max(task.duration_days, 1)
    return bound


def _binds_day(link: Link, task: Task) -> bool:
    """Whether the link speaks of the successor's finish day; all links to a point do."""
    return task.duration_days == 0 or not link.type.is_to_start


def _bound(link: Link, task: Task, predecessor: _Place) -> int:
    """The least index the link allows: of the finish day, or of the day before the start."""
    at = predecessor.finish_on if link.type.is_from_finish else predecessor.start_on
    if _binds_day(link, task):
        return task.calendar.index(at - DAY) + 1 + link.lag_days
    return task.calendar.index(at if link.type.is_from_finish else at - DAY) + link.lag_days


# Backward


def _limits(network: _Network, target_id: str | None, due_on: date, last: date) -> dict[str, int]:
    """The index of the last day each task may finish on, as far as the ends of the network say."""
    end = due_on if target_id is None else max(last, due_on)
    limits = {i: task.calendar.index(end) for i, task in network.tasks.items()}
    if target_id is not None:
        limits[target_id] = network.tasks[target_id].calendar.index(due_on)
    return limits


def _backward(network: _Network, limits: Mapping[str, int]) -> dict[str, int]:
    """The latest finish index of every task that has not finished."""
    late: dict[str, int] = {}
    for task_id in reversed(network.order):
        if network.tasks[task_id].finished_on is None:
            bounds = (_latest(network, link, late[link.successor_id]) for link in _binding(network, task_id))
            late[task_id] = min([limits[task_id], *bounds])
    return late


def _binding(network: _Network, task_id: str) -> list[Link]:
    """The links through which the task can still move its successors."""
    task = network.tasks[task_id]
    return [
        link
        for link in network.out_of[task_id]
        if (successor := network.tasks[link.successor_id]).finished_on is None
        and (successor.started_on is None or not link.type.is_to_start)
        and (task.started_on is None or link.type.is_from_finish)
    ]


def _latest(network: _Network, link: Link, finish: int) -> int:
    """The latest finish index of the predecessor that lets the successor finish at index `finish`."""
    task, successor = network.tasks[link.predecessor_id], network.tasks[link.successor_id]
    if _binds_day(link, successor):
        on = successor.calendar.day_at(finish - link.lag_days)
    else:
        on = successor.calendar.day_at(finish - successor.duration_days - link.lag_days + 1)
        on -= DAY if link.type.is_from_finish else DAY * 0
    index = task.calendar.index(on)
    return index if link.type.is_from_finish else index + max(task.duration_days, 1) - 1


def _leading(network: _Network, target_id: str | None) -> set[str]:
    """The tasks on which the target depends and the target itself; all of them without a target."""
    if target_id is None:
        return set(network.order)
    leading, ahead = {target_id}, [target_id]
    while ahead:
        found = {link.predecessor_id for link in network.into[ahead.pop()]} - leading
        leading |= found
        ahead += sorted(found)
    return leading


def _scheduled(
    network: _Network, places: Mapping[str, _Place], late: Mapping[str, int], task_id: str, *, is_leading: bool
) -> ScheduledTask:
    task, place = network.tasks[task_id], places[task_id]
    total = free = None
    if task.finished_on is None:
        total = late[task_id] - place.finish
        bounds = [_latest(network, k, places[k.successor_id].finish) for k in _binding(network, task_id)]
        free = min([late[task_id], *bounds]) - place.finish
    leeway = None if task.committed_on is None else leeway_days(task.calendar, task.committed_on, place.finish_on)
    is_critical = is_leading and total is not None and total <= 0
    return ScheduledTask(
        task_id, place.start_on, place.finish_on, total, free, is_critical, leeway, _open_driver(network, place)
    )


def _open_driver(network: _Network, place: _Place) -> str | None:
    driver_id = place.driver_id
    return driver_id if driver_id is None or network.tasks[driver_id].finished_on is None else None
