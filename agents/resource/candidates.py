"""The single moves that could relieve an over-booked person, each possible taken by itself. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal
from functools import cached_property

from agents.actions import Kind, Move
from agents.proposals import may_take
from agents.rebooking import placed, taken_days
from agents.world import World
from plan.calendar import NO_HOURS
from plan.capacity import DayLoad, day_loads, days_from
from plan.over_allocation import Grain
from plan.rates import rate_on
from risk.detectors.over_allocation import settings_of, spans_of
from store.projections.people.fold import Allocation, PersonState
from store.streams import PLACEHOLDER

DAY = dt.timedelta(days=1)
QUARTER = Decimal("0.25")
LATER_DAYS = 90
STARTS_TRIED = 25
STARTS_KEPT = 4
RECEIVERS_KEPT = 6


@dataclass(frozen=True, slots=True)
class Need:
    """Hours that have to leave a window of days; only `days` can still be changed."""

    days: tuple[dt.date, ...]
    hours: Decimal


@dataclass(frozen=True, slots=True)
class Candidate:
    """A move with the days it takes hours from, the days it puts them on, and what it costs beyond now."""

    kind: Kind
    move: Move
    taken: tuple[dt.date, ...]
    given: tuple[dt.date, ...]
    delay_days: int
    extra_cost_per_hour: Decimal

    @property
    def hours(self) -> Decimal:
        """Hours moved in all."""
        return self.move.hours_per_day * len(self.taken)


@dataclass(frozen=True)
class Case:
    """One finding in one world."""

    world: World
    inputs: Mapping[str, str]
    _loads: dict[str, dict[dt.date, DayLoad]] = field(default_factory=dict, compare=False)

    @cached_property
    def person_id(self) -> str:
        """Who is over-booked."""
        return self.inputs["person_id"]

    @cached_property
    def needs(self) -> tuple[Need, ...]:
        """The windows that are over their limit and not past, in order."""
        limit = settings_of(self.inputs).limits.of(Grain(self.inputs["grain"]))
        found = []
        for first, last in spans_of(self.inputs):
            loads = day_loads(self.world.contract(self.person_id), self.world.bookings(self.person_id), first, last)
            over = sum((d.hard_hours for d in loads), NO_HOURS) - limit * sum(
                (d.capacity_hours for d in loads), NO_HOURS
            )
            days = tuple(load.day for load in loads if load.day >= self.world.as_of)
            if over > 0 and days:
                found.append(Need(days, over))
        return tuple(found)

    def load(self, person_id: str, day: dt.date) -> DayLoad | None:
        """The person's day; None where there is no capacity or the plan does not look that far."""
        if person_id not in self._loads:
            first = self.world.as_of
            last = max(need.days[-1] for need in self.needs) + LATER_DAYS * DAY
            loads = day_loads(self.world.contract(person_id), self.world.bookings(person_id), first, last)
            self._loads[person_id] = {load.day: load for load in loads}
        return self._loads[person_id].get(day)


def candidates(case: Case) -> list[Candidate]:
    """Every single move worth trying: to later days, to somebody else, to somebody yet to be found."""
    return [
        candidate
        for allocation in _bookings(case)
        for first, last, hours in _cuts(case, allocation)
        for candidate in _destinations(case, allocation, first, last, hours)
    ]


def _bookings(case: Case) -> Iterator[Allocation]:
    """The firm bookings on the days in need, by id."""
    days = [day for need in case.needs for day in need.days]
    for _, allocation in sorted(case.world.person(case.person_id).allocations.items()):
        is_due = any(allocation.starts_on <= day <= allocation.ends_on for day in days)
        if allocation.firmness == "hard" and allocation.hours_per_day > 0 and is_due:
            yield allocation


Cut = tuple[dt.date, dt.date, Decimal]


def _cuts(case: Case, allocation: Allocation) -> list[Cut]:
    """What could be taken out of the booking: spans of days in need and the rest of the booking, hours a day."""
    spans: list[tuple[dt.date, dt.date]] = []
    for group in [*_groups(case.needs), case.needs]:
        days = [d for need in group for d in need.days if allocation.starts_on <= d <= allocation.ends_on]
        if days:
            spans.append((days[0], days[-1]))
    cuts = [(first, last, hours) for first, last in spans for hours in _amounts(case, allocation, first, last)]
    cuts.append((max(allocation.starts_on, case.world.as_of), allocation.ends_on, allocation.hours_per_day))
    return list(dict.fromkeys(cuts))


def _groups(needs: Iterable[Need]) -> list[list[Need]]:
    """Neighbouring windows that need the same relief."""
    groups: list[list[Need]] = []
    for need in needs:
        if groups and groups[-1][-1].hours == need.hours:
            groups[-1].append(need)
        else:
            groups.append([need])
    return groups


def _amounts(case: Case, allocation: Allocation, first: dt.date, last: dt.date) -> list[Decimal]:
    """Just enough hours a day for the worst window of the span, and all of them."""
    enough = NO_HOURS
    for need in case.needs:
        days = [d for d in need.days if first <= d <= last and allocation.starts_on <= d <= allocation.ends_on]
        if days:
            share = need.hours / len(days)
            enough = max(enough, share if len(days) == 1 else _rounded_up(share))
    return [min(enough, allocation.hours_per_day), allocation.hours_per_day]


def _rounded_up(hours: Decimal) -> Decimal:
    return (hours / QUARTER).to_integral_value(ROUND_CEILING) * QUARTER


def _destinations(
    case: Case, allocation: Allocation, first: dt.date, last: dt.date, hours: Decimal
) -> Iterator[Candidate]:
    base = Move(
        allocation_id=allocation.allocation_id,
        person_id=case.person_id,
        project_id=allocation.project_id,
        from_on=first,
        to_on=last,
        hours_per_day=hours,
    )
    taken = tuple(taken_days(case.world.contract(case.person_id), base, allocation))
    if taken:
        yield from _later(case, allocation, base, taken)
        yield from _others(case, allocation, base, taken)
        unfilled = _with(base, to_person_id=PLACEHOLDER)
        yield Candidate("add_capacity", unfilled, taken, (), 0, NO_HOURS)


def _later(case: Case, allocation: Allocation, base: Move, taken: tuple[dt.date, ...]) -> Iterator[Candidate]:
    """The same person does it later: the first few starts at which it fits."""
    is_whole = base.hours_per_day == allocation.hours_per_day
    after_on = base.from_on if is_whole else base.to_on
    starts = [d for d in days_from(after_on + DAY, base.to_on + LATER_DAYS * DAY) if case.load(case.person_id, d)]
    kept = 0
    for start in starts[:STARTS_TRIED]:
        given = tuple(day for day in starts if day >= start)[: len(taken)]
        if kept < STARTS_KEPT and len(given) == len(taken) and _fits(case, base, taken, given):
            kept += 1
            move = _with(base, to_person_id=case.person_id, to_starts_on=start)
            delay = (given[-1] - taken[-1]).days
            yield Candidate("reschedule" if is_whole else "split", move, taken, given, delay, NO_HOURS)


def _fits(case: Case, base: Move, taken: tuple[dt.date, ...], given: tuple[dt.date, ...]) -> bool:
    for day in given:
        load = case.load(case.person_id, day)
        freed = base.hours_per_day if day in taken else NO_HOURS
        if load is None or load.hard_hours - freed + base.hours_per_day > load.capacity_hours:
            return False
    return True


def _others(case: Case, allocation: Allocation, base: Move, taken: tuple[dt.date, ...]) -> list[Candidate]:
    """Somebody else does it on the same days: those with the role and the hours, the cheapest first."""
    found = []
    role = allocation.role or case.world.person(case.person_id).role
    for person_id, person in sorted(case.world.people.items()):
        if person_id != case.person_id and may_take(person, role) and _has_room(case, person_id, base, taken):
            move = _with(base, to_person_id=person_id)
            days = tuple(d for piece in placed(case.world, move) for d in days_from(piece.starts_on, piece.ends_on))
            given = tuple(d for d in days if case.load(person_id, d))
            found.append(Candidate("reassign", move, taken, given, 0, _extra_cost(case, person, allocation, taken[0])))
    found.sort(key=lambda c: (c.extra_cost_per_hour, c.move.to_person_id))
    return found[:RECEIVERS_KEPT]


def _has_room(case: Case, person_id: str, base: Move, taken: tuple[dt.date, ...]) -> bool:
    loads = [case.load(person_id, day) for day in taken]
    return all(load and load.hard_hours + base.hours_per_day <= load.capacity_hours for load in loads)


def _extra_cost(case: Case, person: PersonState, allocation: Allocation, day: dt.date) -> Decimal:
    """Difference of the two cost rates per hour; 0 where one is not known or in another currency."""
    giver = case.world.person(case.person_id)
    rates = [rate_on(case.world.tenant, p, allocation.project_id, day, role=allocation.role) for p in (person, giver)]
    new, old = rates
    return new[0] - old[0] if new and old and new[1] == old[1] else NO_HOURS


def _with(move: Move, *, to_person_id: str, to_starts_on: dt.date | None = None) -> Move:
    return Move(
        allocation_id=move.allocation_id,
        person_id=move.person_id,
        project_id=move.project_id,
        from_on=move.from_on,
        to_on=move.to_on,
        hours_per_day=move.hours_per_day,
        to_person_id=to_person_id,
        to_starts_on=to_starts_on,
    )
