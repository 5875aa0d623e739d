"""Working time as one party keeps it: weekday hours, holidays, zone.

A calendar answers in working days (whole dates) and in working time (between instants). Counting
days is whole-week arithmetic plus one bisection in the sorted holidays, so it costs the same over
a day and over a decade.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from store.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Iterable

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MICROSECOND = timedelta(microseconds=1)
NO_HOURS = Decimal(0)
DAY_STARTS = time(9)


@cache
def zone_of(timezone: str) -> ZoneInfo:
    """The zone of an IANA name; `Invalid` for a name nobody knows."""
    try:
        return ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid(
            "calendar.timezone_unknown",
            f"The time zone {timezone!r} is not known.",
            remedy="Use an IANA name such as Europe/Berlin.",
        ) from error


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working week of a tenant, person, customer or country.

    `weekday_hours` are seven hour counts, Monday first, 0 to 24 each. Holidays have no hours.
    `short_days` are dates with fewer hours than their weekday (the half day before a feast); they
    never add hours. The hours of a day run from 09:00 local time without a gap. All of that holds from
    `since` on; earlier days are those of the calendar `before` (`changed_from` makes such a one).
    """

    timezone: str
    weekday_hours: tuple[Decimal, ...]
    holidays: frozenset[date] = frozenset()
    short_days: frozenset[tuple[date, Decimal]] = frozenset()
    before: Calendar | None = None
    since: date | None = None
    _tables: _Tables = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        zone_of(self.timezone)
        hours = tuple(Decimal(h) for h in self.weekday_hours)
        shortest = min((h for _, h in self.short_days), default=NO_HOURS)
        if len(hours) != 7 or not all(0 <= h <= 24 for h in hours) or shortest < 0:
            raise Invalid(
                "calendar.weekday_hours",
                f"A week needs seven hour counts from 0 to 24, not {[str(h) for h in hours]}.",
                remedy="Give seven numbers, Monday first.",
            )
        object.__setattr__(self, "weekday_hours", hours)
        object.__setattr__(self, "_tables", _tabulate(hours, self.holidays, self.short_days))

    # Days

    def hours_on(self, day: date) -> Decimal:
        """Working hours of that date, 0 on a holiday."""
        if self.before is not None and self.since is not None and day < self.since:
            return self.before.hours_on(day)
        hours = self._tables.exceptions.get(day)
        return self.weekday_hours[day.weekday()] if hours is None else hours

    def is_working_day(self, day: date) -> bool:
        """Whether the date has any working hours."""
        return self.hours_on(day) > 0

    def index(self, day: date) -> int:
        """Number of working days from the year 1 up to and including `day`."""
        if self.before is None or self.since is None:
            return self._own_index(day)
        if day < self.since:
            return self.before.index(day)
        eve = self.since - DAY
        return self.before.index(eve) + self._own_index(day) - self._own_index(eve)

    def _own_index(self, day: date) -> int:
        ordinal = day.toordinal()
        tables = self._tables
        weeks, rest = divmod(ordinal, 7)
        return weeks * tables.per_week + tables.before[rest] - bisect_right(tables.closed, ordinal)

    def day_at(self, index: int) -> date:
        """The working day whose `index` is the given one; `Invalid` outside the years 1 to 9999."""
        if self.before is None or self.since is None:
            return self._own_day_at(index)
        eve = self.since - DAY
        earlier = self.before.index(eve)
        if index <= earlier:
            return self.before.day_at(index)
        return self._own_day_at(index - earlier + self._own_index(eve))

    def _own_day_at(self, index: int) -> date:
        tables = self._tables
        if tables.per_week == 0 or index < 1:
            raise _unreachable()
        raw = index + bisect_right(tables.skips, index)
        weeks, rest = divmod(raw - 1, tables.per_week)
        try:
            return date.fromordinal(weeks * 7 + tables.weekdays[rest] + 1)
        except (ValueError, OverflowError) as error:
            raise _unreachable() from error

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative when `end` is earlier."""
        return self.index(end) - self.index(start)

    def add_working_days(self, day: date, days: int) -> date:
        """The working day that lies `days` working days from `day`; 0 gives `day` itself.

        The inverse of `working_days_between`. From a day without work, 1 is the next working day
        and -1 the last but one before it, as the last one lies 0 away.
        """
        return day if days == 0 else self.day_at(self.index(day) + days)

    def on_or_after(self, day: date) -> date:
        """The first working day that is not before `day`."""
        return day if self.is_working_day(day) else self.day_at(self.index(day) + 1)

    def on_or_before(self, day: date) -> date:
        """The last working day that is not after `day`."""
        return day if self.is_working_day(day) else self.day_at(self.index(day))

    def hours_between(self, start: date, end: date) -> Decimal:
        """Working hours of the days after `start` up to and including `end`; negative if earlier."""
        return self.hours_through(end.toordinal()) - self.hours_through(start.toordinal())

    def hours_through(self, ordinal: int) -> Decimal:
        """Working hours from the year 1 up to and including the date of that ordinal."""
        if self.before is None or self.since is None:
            return self._own_hours_through(ordinal)
        eve = self.since.toordinal() - 1
        if ordinal <= eve:
            return self.before.hours_through(ordinal)
        return self.before.hours_through(eve) + self._own_hours_through(ordinal) - self._own_hours_through(eve)

    def _own_hours_through(self, ordinal: int) -> Decimal:
        tables = self._tables
        weeks, rest = divmod(ordinal, 7)
        lost = tables.hours_lost[bisect_right(tables.changed, ordinal)]
        return weeks * tables.hours_before[7] + tables.hours_before[rest] - lost

    # Instants

    def local_date(self, instant: datetime) -> date:
        """The calendar's own date at that instant."""
        return _aware(instant).astimezone(zone_of(self.timezone)).date()

    def start_of_day(self, day: date) -> datetime:
        """The first instant of the date in the calendar's zone, as UTC."""
        return datetime.combine(day, time(0), zone_of(self.timezone)).astimezone(UTC)

    def end_of_day(self, day: date) -> datetime:
        """The last microsecond of the date in the calendar's zone, as UTC: what a bare date means."""
        return self.start_of_day(day + DAY) - MICROSECOND

    def working_window(self, day: date) -> tuple[datetime, datetime]:
        """First and last working instant of the date, as UTC; equal when it has no hours."""
        opens = datetime.combine(day, DAY_STARTS, zone_of(self.timezone)).astimezone(UTC)
        return opens, opens + _span(self.hours_on(day))

    def next_working_instant(self, instant: datetime) -> datetime:
        """The instant itself within working time, otherwise the next opening, as UTC."""
        at = _aware(instant).astimezone(UTC)
        day = self.local_date(at) - DAY
        while True:
            opens, closes = self.working_window(day)
            if at < closes:
                return max(at, opens)
            day = self.day_at(self.index(day) + 1)

    def working_time_between(self, start: datetime, end: datetime) -> timedelta:
        """Exact working time between two instants; negative when `end` is earlier."""
        return self._time_through(end) - self._time_through(start)

    def working_hours_between(self, start: datetime, end: datetime) -> Decimal:
        """Working hours between two instants, rounded to 1/10,000 hour."""
        micro = self.working_time_between(start, end) // MICROSECOND
        return (Decimal(micro) / 3_600_000_000).quantize(Decimal("0.0001"))

    def _time_through(self, instant: datetime) -> timedelta:
        day = self.local_date(instant)
        # The window of the day before may reach past midnight.
        settled = _span(self.hours_through(day.toordinal() - 2))
        return settled + self._worked_by(instant, day - DAY) + self._worked_by(instant, day)

    def _worked_by(self, instant: datetime, day: date) -> timedelta:
        opens, closes = self.working_window(day)
        return max(min(instant, closes) - opens, timedelta(0))

    # Overlays

    def with_holidays(self, days: Iterable[date]) -> Calendar:
        """The same week with further days off."""
        further = frozenset(days)
        before = self.before.with_holidays(further) if self.before else None
        return replace(self, holidays=self.holidays | further, before=before)

    def with_timezone(self, timezone: str) -> Calendar:
        """The same week lived in another zone."""
        return replace(self, timezone=timezone, before=self.before.with_timezone(timezone) if self.before else None)

    def with_full_day(self, hours_per_day: Decimal) -> Calendar:
        """The same working days for someone contracted to `hours_per_day` on each of them.

        A shorter weekday (a four-hour Friday) stays as short as it is.
        """
        full = max(self.weekday_hours)
        week = (hours_per_day if h == full and h else min(h, hours_per_day) for h in self.weekday_hours)
        before = self.before.with_full_day(hours_per_day) if self.before else None
        return replace(self, weekday_hours=tuple(week), before=before)

    def changed_from(self, day: date, later: Calendar) -> Calendar:
        """This calendar up to the eve of `day`, `later` from then on. The zone stays: it says when a day was."""
        if later.before is not None and later.since is not None and later.since > day:
            return replace(later, timezone=self.timezone, before=self.changed_from(day, later.before))
        return replace(later, timezone=self.timezone, before=self, since=day)


def weekly(timezone: str, weekdays: Iterable[int], hours_per_day: Decimal, holidays: Iterable[date] = ()) -> Calendar:
    """A calendar of equal days; `weekdays` are ISO numbers, Monday is 1."""
    worked = frozenset(weekdays)
    week = tuple(hours_per_day if number in worked else NO_HOURS for number in range(1, 8))
    return Calendar(timezone, week, frozenset(holidays))


@dataclass(frozen=True, slots=True)
class _Tables:
    """What a calendar looks up instead of walking days."""

    exceptions: dict[date, Decimal]
    per_week: int
    weekdays: tuple[int, ...]
    before: tuple[int, ...]
    closed: tuple[int, ...]
    skips: tuple[int, ...]
    hours_before: tuple[Decimal, ...]
    changed: tuple[int, ...]
    hours_lost: tuple[Decimal, ...]


@lru_cache(maxsize=4096)
def _tabulate(
    week: tuple[Decimal, ...],
    holidays: frozenset[date],
    short_days: frozenset[tuple[date, Decimal]],
) -> _Tables:
    exceptions: dict[date, Decimal] = {}
    for day, hours in (*short_days, *((day, NO_HOURS) for day in holidays)):
        exceptions[day] = min(hours, exceptions.get(day, week[day.weekday()]))
    weekdays = tuple(number for number in range(7) if week[number] > 0)
    before = tuple(accumulate((int(h > 0) for h in week), initial=0))
    lost = sorted((d.toordinal(), week[d.weekday()] - h) for d, h in exceptions.items())
    closed = sorted(d.toordinal() for d, h in exceptions.items() if h == 0 < week[d.weekday()])
    raw = (ordinal // 7 * before[7] + before[ordinal % 7] for ordinal in closed)
    return _Tables(
        exceptions=exceptions,
        per_week=before[7],
        weekdays=weekdays,
        before=before,
        closed=tuple(closed),
        skips=tuple(rank - number for number, rank in enumerate(raw)),
        hours_before=tuple(accumulate(week, initial=NO_HOURS)),
        changed=tuple(ordinal for ordinal, _ in lost),
        hours_lost=_running(h for _, h in lost),
    )


def _running(amounts: Iterable[Decimal]) -> tuple[Decimal, ...]:
    return tuple(accumulate(amounts, initial=NO_HOURS))


def _span(hours: Decimal) -> timedelta:
    return timedelta(microseconds=int(hours * 3_600_000_000))


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise Invalid(
            "calendar.naive_instant",
            f"The instant {instant.isoformat()} has no offset.",
            remedy="Give instants with their offset from UTC.",
        )
    return instant


def _unreachable() -> Invalid:
    return Invalid(
        "calendar.no_such_working_day",
        "The calendar has no such working day between the years 1 and 9999.",
        remedy="Check the calendar's weekday hours and the dates.",
    )
