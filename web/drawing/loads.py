"""A person's booked hours against their capacity, day by day (week by week where it is long). Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from plan.calendar import NO_HOURS
from plan.capacity import Booking, Contract, DayLoad, day_loads, days_from

DAY = dt.timedelta(days=1)
WEEK = 7 * DAY
HEIGHT, TOP, FOOT = 132, 14, 30
WIDTH = 640
MOST_DAYS = 63
SHADES = 4


@dataclass(frozen=True, slots=True)
class Part:
    """The hours of one project on a day, as a piece of the bar. `shade` 0 to 3; soft hours are drawn lighter."""

    project_id: str
    hours: Decimal
    is_soft: bool
    shade: int
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Column:
    """A day or week: capacity, hours, and where it is drawn. `over_height`: the firm part beyond capacity."""

    starts_on: dt.date
    ends_on: dt.date
    capacity_hours: Decimal
    hard_hours: Decimal
    soft_hours: Decimal
    parts: Sequence[Part]
    x: float
    width: float
    capacity_y: float
    over_y: float
    over_height: float
    label: str
    is_claimed: bool

    @property
    def hours_over(self) -> Decimal:
        """Firm hours beyond capacity."""
        return max(self.hard_hours - self.capacity_hours, NO_HOURS)


@dataclass(frozen=True, slots=True)
class Loads:
    """The whole drawing, in pixels; `shades`: project -> its shade, the most hours first."""

    width: float
    height: float
    ground_y: float
    columns: Sequence[Column]
    ticks: Sequence[tuple[float, str]]
    shades: Sequence[tuple[str, int]]
    is_weekly: bool
    today_x: float | None


@dataclass(frozen=True, slots=True)
class _Heap:
    starts_on: dt.date
    ends_on: dt.date
    capacity_hours: Decimal
    hours: dict[tuple[str, bool], Decimal]

    def sum_of(self, *, is_soft: bool) -> Decimal:
        return sum((hours for (_, soft), hours in self.hours.items() if soft == is_soft), NO_HOURS)


def loads(
    contract: Contract, bookings: Iterable[Booking], first: dt.date, last: dt.date, today: dt.date
) -> Loads | None:
    """The weeks around these claimed days; None where the person has no capacity there at all."""
    begin = first - first.weekday() * DAY
    end = last + (6 - last.weekday()) * DAY
    if (end - begin).days < 14:
        begin, end = begin - WEEK, end + WEEK
    found = day_loads(contract, bookings, begin, end)
    if not found:
        return None
    is_weekly = (end - begin).days >= MOST_DAYS
    heaps = _weeks(found, begin, end) if is_weekly else _days(found, begin, end)
    shades = _shades(heaps)
    highest = max(max(h.capacity_hours, h.sum_of(is_soft=False) + h.sum_of(is_soft=True)) for h in heaps)
    scale = (HEIGHT - TOP - FOOT) / float(highest)
    step = WIDTH / len(heaps)
    columns = [
        _column(h, n * step, step, scale, dict(shades), is_claimed=h.starts_on <= last and first <= h.ends_on)
        for n, h in enumerate(heaps)
    ]
    today_x = next((c.x + c.width / 2 for c in columns if c.starts_on <= today <= c.ends_on), None)
    return Loads(WIDTH, HEIGHT, HEIGHT - FOOT, columns, _ticks(float(highest), scale), shades, is_weekly, today_x)


def _days(found: Sequence[DayLoad], begin: dt.date, end: dt.date) -> list[_Heap]:
    by_day = {load.day: load for load in found}
    # A weekend without work is not worth its width.
    shown = [day for day in days_from(begin, end) if day in by_day or day.weekday() < 5]
    return [_heap(day, day, [by_day[day]] if day in by_day else []) for day in shown]


def _weeks(found: Sequence[DayLoad], begin: dt.date, end: dt.date) -> list[_Heap]:
    mondays = [begin + n * WEEK for n in range(((end - begin).days + 1) // 7)]
    return [_heap(m, m + 6 * DAY, [load for load in found if m <= load.day < m + WEEK]) for m in mondays]


def _heap(first: dt.date, last: dt.date, found: Sequence[DayLoad]) -> _Heap:
    hours: dict[tuple[str, bool], Decimal] = {}
    for load in found:
        for booking in load.bookings:
            key = (booking.project_id, booking.is_soft)
            hours[key] = hours.get(key, NO_HOURS) + booking.hours_per_day
    return _Heap(first, last, sum((load.capacity_hours for load in found), NO_HOURS), hours)


def _shades(heaps: Sequence[_Heap]) -> list[tuple[str, int]]:
    total: dict[str, Decimal] = {}
    for heap in heaps:
        for (project_id, _), hours in heap.hours.items():
            total[project_id] = total.get(project_id, NO_HOURS) + hours
    ranked = sorted(total, key=lambda project_id: (-total[project_id], project_id))
    return [(project_id, min(rank, SHADES - 1)) for rank, project_id in enumerate(ranked)]


def _column(heap: _Heap, x: float, step: float, scale: float, shades: dict[str, int], *, is_claimed: bool) -> Column:
    ground = HEIGHT - FOOT
    order = sorted(heap.hours, key=lambda key: (key[1], shades[key[0]], key[0]))
    parts, y = [], float(ground)
    for project_id, is_soft in order:
        hours = heap.hours[project_id, is_soft]
        height = float(hours) * scale
        y -= height
        parts.append(Part(project_id, hours, is_soft, shades[project_id], round(y, 1), round(height, 1)))
    hard, soft = heap.sum_of(is_soft=False), heap.sum_of(is_soft=True)
    hard_y, capacity_y = ground - float(hard) * scale, ground - float(heap.capacity_hours) * scale
    is_week = heap.starts_on != heap.ends_on
    return Column(
        starts_on=heap.starts_on,
        ends_on=heap.ends_on,
        capacity_hours=heap.capacity_hours,
        hard_hours=hard,
        soft_hours=soft,
        parts=parts,
        x=round(x, 1),
        width=round(step, 1),
        capacity_y=round(capacity_y, 1),
        over_y=round(hard_y, 1),
        over_height=round(max(capacity_y - hard_y, 0), 1),
        label=f"{heap.starts_on.day} {heap.starts_on:%b}" if is_week or heap.starts_on.weekday() == 0 else "",
        is_claimed=is_claimed,
    )


def _ticks(highest: float, scale: float) -> list[tuple[float, str]]:
    step = next(step for step in (2, 4, 8, 20, 40, 80, 10_000) if highest / step <= 5)
    return [(round(HEIGHT - FOOT - n * step * scale, 1), f"{n * step} h") for n in range(1, int(highest / step) + 1)]
