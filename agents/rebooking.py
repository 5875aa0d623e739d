"""The facts that an action consists of, and the facts that take them back. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from agents.actions import Action, Move
from agents.world import World
from plan.capacity import Contract, days_from
from store.errors import Invalid, NotFound
from store.events import (
    AllocationBooked,
    AllocationChanged,
    AllocationReleased,
    Fact,
    TaskDueMoved,
    TaskReassigned,
    TaskStartMoved,
)
from store.ids import AllocationId, PartyId, PersonId, ProjectId, TaskId, derived_id
from store.projections.people.fold import Allocation
from store.projections.projects.state import Task
from store.streams import PLACEHOLDER

DAY = dt.timedelta(days=1)
LONGEST_SEARCH_DAYS = 366


class Piece(NamedTuple):
    """The same hours of one person on each day of a span."""

    person_id: str
    starts_on: dt.date
    ends_on: dt.date
    hours_per_day: Decimal


def facts(world: World, action: Action) -> list[Fact]:
    """What happens when the action is applied in this world: bookings first, then the tasks that follow them.

    `NotFound` for a booking the person does not have; `Invalid` where the booking has not got those hours.
    """
    result: list[Fact] = []
    for allocation_id in dict.fromkeys(move.allocation_id for move in action.moves):
        moves = [move for move in action.moves if move.allocation_id == allocation_id]
        result += _booking_facts(world, booking_of(world, moves[0]), moves)
    for move in action.moves:
        result += [fact for fact in _task_facts(world, move) if fact not in result]
    return result


def booking_of(world: World, move: Move) -> Allocation:
    """The booking a move takes from; `NotFound` when the person has no such booking any more."""
    allocation = world.person(move.person_id).allocations.get(move.allocation_id)
    if allocation is None or allocation.project_id != move.project_id:
        raise NotFound(
            "no_such_booking",
            "The booking that was to be moved is not there any more.",
            remedy="Look at the alert again: its proposals are made anew when bookings change.",
        )
    return allocation


def taken_days(contract: Contract, move: Move, allocation: Allocation) -> list[dt.date]:
    """The days that a move takes hours from: those of its span on which the booking books anything."""
    first, last = max(move.from_on, allocation.starts_on), min(move.to_on, allocation.ends_on)
    return [day for day in days_from(first, last) if contract.hours_on(day) > 0]


def placed(world: World, move: Move) -> list[Piece]:
    """Where the hours of a move go; empty when they are given up."""
    days = taken_days(world.contract(move.person_id), move, booking_of(world, move))
    if move.to_person_id is None or not days:
        return []
    receiver = world.contract(move.to_person_id)
    spans = [_later(receiver, move, len(days))] if move.is_later else _same_days(receiver, days)
    return [Piece(move.to_person_id, first, last, move.hours_per_day) for first, last in spans]


def _later(contract: Contract, move: Move, count: int) -> tuple[dt.date, dt.date]:
    start = move.to_starts_on or move.to_on + DAY
    days = [day for day in days_from(start, start + LONGEST_SEARCH_DAYS * DAY) if contract.hours_on(day) > 0][:count]
    if len(days) < count:
        raise Invalid("no_room", "The person has not got that many working days left.", remedy="Choose another person.")
    return days[0], days[-1]


def _same_days(receiver: Contract, days: Sequence[dt.date]) -> list[tuple[dt.date, dt.date]]:
    """The giver's days as few spans; a span is broken by a day on which only the receiver works."""
    spans: list[tuple[dt.date, dt.date]] = []
    for day in days:
        gap = days_from(spans[-1][1] + DAY, day - DAY) if spans else iter(())
        if spans and not any(receiver.hours_on(other) > 0 for other in gap):
            spans[-1] = (spans[-1][0], day)
        else:
            spans.append((day, day))
    return spans


def _kept(contract: Contract, allocation: Allocation, moves: Sequence[Move]) -> list[Piece]:
    """What the holder keeps of the booking, as spans of equal hours."""
    edges = {allocation.starts_on, allocation.ends_on + DAY}
    edges |= {edge for move in moves for edge in (move.from_on, move.to_on + DAY)}
    cuts = sorted(edge for edge in edges if allocation.starts_on <= edge <= allocation.ends_on + DAY)
    pieces = []
    for first, end in pairwise(cuts):
        hours = allocation.hours_per_day - sum(m.hours_per_day for m in moves if m.from_on <= first <= m.to_on)
        if hours < 0:
            raise Invalid(
                "more_than_booked",
                f"The booking has {allocation.hours_per_day} h a day, fewer than are to be moved.",
                remedy="Move at most the booked hours.",
            )
        has_work = any(contract.hours_on(day) > 0 for day in days_from(first, end - DAY))
        if hours and has_work:
            pieces.append(Piece(contract.person_id, first, end - DAY, hours))
    return pieces


def _booking_facts(world: World, allocation: Allocation, moves: Sequence[Move]) -> list[Fact]:
    holder = moves[0].person_id
    kept = _kept(world.contract(holder), allocation, moves)
    given = [piece for move in moves for piece in placed(world, move)]
    own = [*kept, *(piece for piece in given if piece.person_id == holder)]
    others = [piece for piece in given if piece.person_id != holder]
    head = _changed(allocation, own[0]) if own else _released(holder, allocation)
    rest = [_booked(world, allocation, piece, number) for number, piece in enumerate([*own[1:], *others], start=1)]
    return [head, *rest]


def _changed(allocation: Allocation, piece: Piece) -> AllocationChanged:
    return AllocationChanged(
        allocation_id=AllocationId(allocation.allocation_id),
        person_id=_person(piece.person_id),
        project_id=ProjectId(allocation.project_id),
        starts_on=piece.starts_on,
        ends_on=piece.ends_on,
        hours_per_day=piece.hours_per_day,
        firmness=allocation.firmness,
    )


def _released(holder: str, allocation: Allocation) -> AllocationReleased:
    return AllocationReleased(
        allocation_id=AllocationId(allocation.allocation_id),
        person_id=_person(holder),
        project_id=ProjectId(allocation.project_id),
    )


def _booked(world: World, allocation: Allocation, piece: Piece, number: int) -> AllocationBooked:
    # The present form of the booking is part of the key, so that moving it a second time gives new ids.
    key = (allocation.allocation_id, allocation.event_id, piece.person_id, piece.starts_on.isoformat(), str(number))
    return AllocationBooked(
        allocation_id=AllocationId(derived_id(world.tenant_id, "rebooking", *key)),
        person_id=_person(piece.person_id),
        role=allocation.role,
        project_id=ProjectId(allocation.project_id),
        starts_on=piece.starts_on,
        ends_on=piece.ends_on,
        hours_per_day=piece.hours_per_day,
        firmness=allocation.firmness,
    )


def _person(person_id: str) -> PersonId | None:
    return None if person_id == PLACEHOLDER else PersonId(person_id)


def _task_facts(world: World, move: Move) -> list[Fact]:
    """The holder's tasks that fall into the span follow their hours."""
    allocation = booking_of(world, move)
    is_whole = move.hours_per_day == allocation.hours_per_day
    tasks = [task for task in tasks_within(world, move) if is_whole or move.is_later]
    if move.is_later:
        last = max((piece.ends_on for piece in placed(world, move)), default=move.to_on)
        return [fact for task in tasks for fact in _postponed(world, move, task, last, is_whole=is_whole)]
    owner = None if move.to_person_id is None or move.is_unfilled else PartyId(move.to_person_id)
    return [
        TaskReassigned(task_id=TaskId(task.task_id), project_id=ProjectId(move.project_id), owner_id=owner)
        for task in tasks
        if move.from_on <= (task.planned_start_on or move.from_on) and (task.due_on or move.to_on) <= move.to_on
    ]


def tasks_within(world: World, move: Move) -> list[Task]:
    """Open internal tasks of the holder on that project whose planned days meet the span, by id."""
    project = world.projects.get(move.project_id)
    tasks = sorted(project.tasks.values(), key=lambda task: task.task_id) if project else []
    return [
        task
        for task in tasks
        if task.is_open
        and task.track == "internal"
        and task.owner_id == move.person_id
        and task.due_on is not None
        and task.due_on >= move.from_on
        and (task.planned_start_on or task.due_on) <= move.to_on
    ]


def _postponed(world: World, move: Move, task: Task, last: dt.date, *, is_whole: bool) -> Iterable[Fact]:
    """A task wholly within the span shifts with its hours; any other is done when the last of them is."""
    calendar = world.contract(move.person_id).calendar
    shift = calendar.working_days_between(move.from_on, move.to_starts_on or move.to_on + DAY)
    start, due = task.planned_start_on, task.due_on or move.to_on
    is_within = is_whole and due <= move.to_on and shift > 0
    task_id, project_id = TaskId(task.task_id), ProjectId(move.project_id)
    if is_within and start is not None and start >= move.from_on and task.started_at is None:
        moved = calendar.add_working_days(start, shift)
        yield TaskStartMoved(task_id=task_id, project_id=project_id, planned_start_on=moved)
    new_due = calendar.add_working_days(due, shift) if is_within else max(due, last)
    if new_due != due:
        yield TaskDueMoved(task_id=task_id, project_id=project_id, due_on=new_due)


def undo_facts(before: World, done: Iterable[Fact]) -> list[Fact]:
    """The facts after which bookings and tasks are what they were in `before`, the world that `done` changed."""
    undone = [_undo(before, fact) for fact in reversed(list(done))]
    return [fact for fact in undone if fact is not None]


def _undo(before: World, fact: Fact) -> Fact | None:
    match fact:
        case AllocationBooked():
            return AllocationReleased(
                allocation_id=fact.allocation_id, person_id=fact.person_id, project_id=fact.project_id
            )
        case AllocationChanged():
            former = before.person(fact.person_id).allocations[fact.allocation_id]
            return _changed(former, _whole(fact.person_id, former))
        case AllocationReleased():
            return _rebooked(fact, before.person(fact.person_id).allocations[fact.allocation_id])
        case TaskStartMoved() | TaskDueMoved() | TaskReassigned():
            return _undo_task(fact, before.projects[fact.project_id].tasks[fact.task_id])
    return None


def _whole(person_id: str | None, allocation: Allocation) -> Piece:
    return Piece(person_id or PLACEHOLDER, allocation.starts_on, allocation.ends_on, allocation.hours_per_day)


def _rebooked(fact: AllocationReleased, former: Allocation) -> AllocationBooked:
    return AllocationBooked(
        allocation_id=fact.allocation_id,
        external_id=former.external_id,
        person_id=fact.person_id,
        role=former.role,
        project_id=fact.project_id,
        starts_on=former.starts_on,
        ends_on=former.ends_on,
        hours_per_day=former.hours_per_day,
        firmness=former.firmness,
    )


def _undo_task(fact: TaskStartMoved | TaskDueMoved | TaskReassigned, former: Task) -> Fact:
    match fact:
        case TaskStartMoved():
            return TaskStartMoved(
                task_id=fact.task_id, project_id=fact.project_id, planned_start_on=former.planned_start_on
            )
        case TaskDueMoved():
            return TaskDueMoved(task_id=fact.task_id, project_id=fact.project_id, due_on=former.due_on)
    owner = None if former.owner_id is None else PartyId(former.owner_id)
    return TaskReassigned(task_id=fact.task_id, project_id=fact.project_id, owner_id=owner)
