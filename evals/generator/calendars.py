"""Working calendars and instants of the sample world."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)


@dataclass(frozen=True)
class WorkCalendar:
    """Hours per weekday (Monday first) minus holidays, in one time zone."""

    calendar_id: str
    name: str
    timezone: str
    weekday_hours: tuple[float, ...]
    holidays: frozenset[date] = field(default_factory=frozenset)

    def hours(self, day: date) -> float:
        return 0.0 if day in self.holidays else self.weekday_hours[day.weekday()]

    def is_working(self, day: date) -> bool:
        return self.hours(day) > 0

    def add(self, day: date, working_days: int) -> date:
        """The working day `working_days` after the first working day at or after `day`; negative goes back."""
        step = DAY if working_days >= 0 else -DAY
        while not self.is_working(day):
            day += step
        for _ in range(abs(working_days)):
            day += step
            while not self.is_working(day):
                day += step
        return day

    def between(self, start: date, end: date) -> int:
        """Working days in (start, end]; negative when end is before start."""
        if end < start:
            return -self.between(end, start)
        return sum(self.is_working(start + DAY * n) for n in range(1, (end - start).days + 1))


def days(start: date, end: date) -> list[date]:
    return [start + DAY * n for n in range((end - start).days + 1)]


def instant(day: date, minute: int, timezone: str) -> str:
    """RFC 3339 with the offset in force that day; `minute` counts from midnight."""
    hour, rest = divmod(minute, 60)
    return datetime.combine(day, time(hour, rest), ZoneInfo(timezone)).isoformat()


def easter(year: int) -> date:
    """Gregorian Easter Sunday, by the anonymous algorithm of 1876."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def home_holidays(first: int, last: int) -> frozenset[date]:
    out: set[date] = set()
    for year in range(first, last + 1):
        sunday = easter(year)
        out |= {
            date(year, 1, 1),
            sunday - 2 * DAY,
            sunday + DAY,
            date(year, 4, 27),
            sunday + 39 * DAY,
            sunday + 50 * DAY,
        }
        out |= {date(year, 12, 25), date(year, 12, 26)}
    return frozenset(out)


def american_holidays(first: int, last: int) -> frozenset[date]:
    out: set[date] = set()
    for year in range(first, last + 1):
        thanks = [d for d in days(date(year, 11, 1), date(year, 11, 30)) if d.weekday() == 3][3]
        labour = next(d for d in days(date(year, 9, 1), date(year, 9, 7)) if d.weekday() == 0)
        out |= {date(year, 1, 1), date(year, 7, 4), labour, thanks, thanks + DAY, date(year, 12, 25)}
    return frozenset(out)


def island_holidays(first: int, last: int) -> frozenset[date]:
    out: set[date] = set()
    for year in range(first, last + 1):
        sunday = easter(year)
        august = max(d for d in days(date(year, 8, 25), date(year, 8, 31)) if d.weekday() == 0)
        out |= {date(year, 1, 1), sunday - 2 * DAY, sunday + DAY, august, date(year, 12, 25), date(year, 12, 26)}
    return frozenset(out)
