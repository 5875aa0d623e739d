"""Who has how many hours in which week, what is booked and what was worked against them. Pure.

Utilisation is hours over effective capacity: scheduled by firm bookings, actual by logged hours. A
group's is sum over sum; without capacity there is none, and hours there all the same are flagged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import reduce
from operator import add
from typing import Literal

from plan.calendar import NO_HOURS
from plan.capacity import DAY, Booking, Contract, DayLoad, Utilisation, day_loads, days_from
from plan.over_allocation import WEEK, OverAllocation, over_allocations

Grain = Literal["week", "day"]
HOURS = Decimal("0.01")
PersonDay = tuple[str, date]


@dataclass(frozen=True, slots=True)
class Cell:
    """A person's (or a role's) week or day, in hours. `is_over_allocated`: a finding touches these days.

    `contracted` is what the contract gives before holidays and time off; `logged` is None while the
    days lie ahead. `over` sums the hours beyond capacity of the finest violated grain.
    """

    starts_on: date
    ends_on: date
    contracted: Decimal
    holiday: Decimal
    time_off: Decimal
    capacity: Decimal
    hard: Decimal
    soft: Decimal
    logged: Decimal | None
    is_past: bool = False
    over: Decimal = NO_HOURS
    is_over_allocated: bool = False

    @property
    def scheduled(self) -> Utilisation:
        """Firm bookings over capacity."""
        return Utilisation(self.hard, self.capacity)

    @property
    def actual(self) -> Utilisation | None:
        """Logged hours over capacity; None until the days are past."""
        return Utilisation(self.logged or NO_HOURS, self.capacity) if self.is_past else None

    def __add__(self, other: Cell) -> Cell:
        """Sum over sum: how people make a role and weeks a window."""
        logged = None if self.logged is None and other.logged is None else _or_none(self) + _or_none(other)
        return Cell(
            min(self.starts_on, other.starts_on),
            max(self.ends_on, other.ends_on),
            self.contracted + other.contracted,
            self.holiday + other.holiday,
            self.time_off + other.time_off,
            self.capacity + other.capacity,
            self.hard + other.hard,
            self.soft + other.soft,
            logged,
            self.is_past and other.is_past,
            self.over + other.over,
            self.is_over_allocated or other.is_over_allocated,
        )


def _or_none(cell: Cell) -> Decimal:
    return cell.logged or NO_HOURS


@dataclass(frozen=True, slots=True)
class Window:
    """The days asked about, both included, cut into weeks or days; `today` parts what was from what is planned."""

    first: date
    last: date
    today: date
    grain: Grain = "week"

    @property
    def slots(self) -> tuple[tuple[date, date], ...]:
        """Its ISO weeks, cut to the window, or its days."""
        if self.grain == "day":
            return tuple((day, day) for day in days_from(self.first, self.last))
        mondays = days_from(self.first - timedelta(days=self.first.weekday()), self.last)
        weeks = (day for day in mondays if day.weekday() == 0)
        return tuple((max(day, self.first), min(day + WEEK - DAY, self.last)) for day in weeks)


def cells(
    contract: Contract, bookings: Sequence[Booking], logged: Mapping[PersonDay, Decimal], window: Window
) -> tuple[Cell, ...]:
    """One person's slots in order."""
    monday = window.first - timedelta(days=window.first.weekday())
    sunday = window.last + timedelta(days=6 - window.last.weekday())
    loads = day_loads(contract, bookings, monday, sunday)
    found = over_allocations(loads)
    by_day = {load.day: load for load in loads}
    return tuple(_cell(contract, by_day, logged, found, slot, window) for slot in window.slots)


def _cell(
    contract: Contract,
    by_day: Mapping[date, DayLoad],
    logged: Mapping[PersonDay, Decimal],
    found: Iterable[OverAllocation],
    slot: tuple[date, date],
    window: Window,
) -> Cell:
    days = tuple(days_from(*slot))
    loads = [by_day[day] for day in days if day in by_day]
    employed = [day for day in days if contract.employs_on(day)]
    contracted = sum((contract.calendar.weekday_hours[day.weekday()] for day in employed), NO_HOURS)
    worked = sum((contract.calendar.hours_on(day) for day in employed), NO_HOURS)
    capacity = sum((load.capacity_hours for load in loads), NO_HOURS)
    violated = [w for over in found for w in over.windows if w.starts_on <= slot[1] and slot[0] <= w.ends_on]
    inside = [w for w in violated if slot[0] <= w.starts_on and w.ends_on <= slot[1]]
    return Cell(
        starts_on=slot[0],
        ends_on=slot[1],
        contracted=contracted,
        holiday=contracted - worked,
        time_off=worked - capacity,
        capacity=capacity,
        hard=sum((load.hard_hours for load in loads), NO_HOURS),
        soft=sum((load.soft_hours for load in loads), NO_HOURS),
        logged=_logged(contract.person_id, days, logged) if slot[0] <= window.today else None,
        is_past=slot[1] < window.today,
        over=sum((w.hours_over for w in inside), NO_HOURS),
        is_over_allocated=bool(violated),
    )


def _logged(person_id: str, days: Iterable[date], logged: Mapping[PersonDay, Decimal]) -> Decimal:
    return sum((logged.get((person_id, day), NO_HOURS) for day in days), NO_HOURS)


def summed(rows: Iterable[Sequence[Cell]]) -> tuple[Cell, ...]:
    """A group's slots: each the sum of its members'. The rows have the same slots."""
    return tuple(reduce(add, column) for column in zip(*rows, strict=True))


def placeholder_hours(bookings: Iterable[Booking], contract: Contract, window: Window) -> tuple[Decimal, ...]:
    """Hours wanted of nobody yet, per slot, on the tenant's working days; they count from today on only."""
    wanted = list(bookings)
    return tuple(
        sum(
            (
                booking.hours_per_day
                for day in days_from(*slot)
                if day >= window.today and contract.hours_on(day) > 0
                for booking in wanted
                if booking.covers(day)
            ),
            NO_HOURS,
        )
        for slot in window.slots
    )


@dataclass(frozen=True, slots=True)
class Gap:
    """One person on one project: booked in the window, effort still to do that is due by its end, and logged.

    `booked_before` and `logged_before` are the four weeks before today: whether bookings were worked.
    """

    person_id: str
    project_id: str
    allocated: Decimal
    effort: Decimal
    logged: Decimal
    booked_before: Decimal
    logged_before: Decimal

    @property
    def unbooked(self) -> Decimal:
        """Effort that no booking covers; negative where more is booked than there is to do."""
        return self.effort - self.allocated
