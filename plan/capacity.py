"""Who has how many hours on which day, and what is booked against them.

Effective capacity = contracted hours of the person's calendar − holidays − time off, within the
employment. A booking counts its full hours on every day that has any effective capacity and
nothing on a day that has none: half an allocation across a day off books 0 h that day, and eight
booked hours on a half day are four hours too many.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from plan.calendar import NO_HOURS, Calendar

DAY = timedelta(days=1)
SHARE = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class TimeOff:
    """Days away; `hours_per_day` None means whole days, both ends included."""

    starts_on: date
    ends_on: date
    hours_per_day: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Contract:
    """What a person can be booked for: a calendar of contracted hours, an employment, time off.

    `starts_on` and `ends_on` are the first and last day employed; None means no limit.
    """

    person_id: str
    calendar: Calendar
    starts_on: date | None = None
    ends_on: date | None = None
    time_off: tuple[TimeOff, ...] = ()

    def employs_on(self, day: date) -> bool:
        """Whether the person is employed that day."""
        return (self.starts_on is None or self.starts_on <= day) and (self.ends_on is None or day <= self.ends_on)

    def hours_on(self, day: date) -> Decimal:
        """Effective hours of the day, never negative; overlapping partial time off adds up."""
        hours = self.calendar.hours_on(day) if self.employs_on(day) else NO_HOURS
        for off in self.time_off:
            if off.starts_on <= day <= off.ends_on:
                hours -= hours if off.hours_per_day is None else off.hours_per_day
        return max(hours, NO_HOURS)


@dataclass(frozen=True, slots=True)
class Booking:
    """An allocation of a named person: the same hours on each day, both ends included."""

    allocation_id: str
    project_id: str
    starts_on: date
    ends_on: date
    hours_per_day: Decimal
    is_soft: bool = False

    def covers(self, day: date) -> bool:
        """Whether the day lies within the allocation."""
        return self.starts_on <= day <= self.ends_on


@dataclass(frozen=True, slots=True)
class DayLoad:
    """One person's day: capacity in hours and the bookings that count that day."""

    day: date
    capacity_hours: Decimal
    bookings: tuple[Booking, ...] = ()

    @property
    def hard_hours(self) -> Decimal:
        """Hours of the firm bookings."""
        return sum((b.hours_per_day for b in self.bookings if not b.is_soft), NO_HOURS)

    @property
    def soft_hours(self) -> Decimal:
        """Hours of the tentative bookings, kept apart."""
        return sum((b.hours_per_day for b in self.bookings if b.is_soft), NO_HOURS)


def booked_hours(booking: Booking, contract: Contract, day: date) -> Decimal:
    """Hours the booking takes of the person's day: 0 outside it and on a day without capacity."""
    return booking.hours_per_day if booking.covers(day) and contract.hours_on(day) > 0 else NO_HOURS


def day_loads(contract: Contract, bookings: Iterable[Booking], first: date, last: date) -> tuple[DayLoad, ...]:
    """Every day from `first` to `last` that has capacity, in order, with what is booked on it."""
    due = sorted(
        (b for b in bookings if b.starts_on <= last and first <= b.ends_on and b.hours_per_day > 0),
        key=lambda b: (b.starts_on, b.allocation_id),
    )
    covering: dict[date, list[Booking]] = {}
    for booking in due:
        for day in days_from(max(booking.starts_on, first), min(booking.ends_on, last)):
            covering.setdefault(day, []).append(booking)
    away = tuple(off for off in contract.time_off if off.starts_on <= last and first <= off.ends_on)
    near = replace(contract, time_off=away)
    capacities = ((day, near.hours_on(day)) for day in days_from(first, last))
    return tuple(DayLoad(day, hours, tuple(covering.get(day, ()))) for day, hours in capacities if hours > 0)


def days_from(first: date, last: date) -> Iterator[date]:
    """Every date from `first` to `last`, both included."""
    return (first + n * DAY for n in range((last - first).days + 1))


def effective_hours(contract: Contract, first: date, last: date) -> Decimal:
    """Effective capacity of a span of days, both ends included."""
    return sum((contract.hours_on(day) for day in days_from(first, last)), NO_HOURS)


def free_hours(loads: Sequence[DayLoad], *, is_soft_released: bool = False) -> Decimal:
    """Hours not yet booked; an over-booked day lends nothing to the others."""
    return sum(
        (max(d.capacity_hours - d.hard_hours - (0 if is_soft_released else d.soft_hours), NO_HOURS) for d in loads),
        NO_HOURS,
    )


@dataclass(frozen=True, slots=True)
class Utilisation:
    """Hours over effective capacity.

    `share` is rounded to 1/10,000 and None where there is no capacity; hours that were worked or
    booked there all the same are flagged.
    """

    hours: Decimal
    capacity_hours: Decimal

    @property
    def share(self) -> Decimal | None:
        """1.25 is 125 %; None at zero capacity."""
        return (self.hours / self.capacity_hours).quantize(SHARE) if self.capacity_hours else None

    @property
    def has_hours_without_capacity(self) -> bool:
        """Whether there are hours where no capacity is."""
        return not self.capacity_hours and self.hours > 0

    def __add__(self, other: Utilisation) -> Utilisation:
        """Sum over sum: how members make a group."""
        return Utilisation(self.hours + other.hours, self.capacity_hours + other.capacity_hours)


def group_utilisation(members: Iterable[Utilisation]) -> Utilisation:
    """A group's utilisation is the sum of hours over the sum of capacity, not a mean of shares."""
    return sum(members, Utilisation(NO_HOURS, NO_HOURS))
