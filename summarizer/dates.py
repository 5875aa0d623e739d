"""Days said in English, resolved against the day of the call.

A weekday is the first one after the call; "this Friday" lies in the call's week, "next Tuesday" in the next; "Friday
week" and "a week from Tuesday" add seven days; the end of a week is its Friday, the end of a month its last day; "the
14th" is the next one; a span has its first day. A month or a season alone is no day.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import msgspec

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_UNITS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_ORDINALS = {
    word: number
    for number, word in enumerate(
        (
            *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"),
            *("eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth"),
            *("eighteenth", "nineteenth", "twentieth"),
        ),
        1,
    )
}
_ORDINALS |= {f"twenty-{word}": 20 + number for word, number in _ORDINALS.items() if number < 10}
_ORDINALS |= {"thirtieth": 30, "thirty-first": 31}
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            *("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug"),
            *("september sept sep", "october oct", "november nov", "december dec"),
        ),
        1,
    )
    for name in names.split()
}

_ORDINAL = "(?:" + "|".join(sorted(_ORDINALS, key=len, reverse=True)).replace("-", "[- ]") + r"|\d{1,2}(?:st|nd|rd|th))"
_MONTH = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + ")"
_DAY = "(?:" + "|".join(WEEKDAYS) + ")"
_COUNT = r"(?:a|an|\d{1,3}|" + "|".join(_UNITS) + ")"
_FURTHEST = timedelta(days=305)
_YEAR = r"(?:,?\s+(?P<year>20\d\d))?"


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """A day as it was said. `start` and `end` are offsets in the text; `is_full` says that a month was named."""

    day: date
    start: int
    end: int
    is_full: bool = False
    is_bare: bool = False


Reader = Callable[[re.Match[str], date], date | None]


def days_in(text: str, held_on: date) -> list[Said]:
    """Every day named in `text`, in order; what overlaps is read once, by the longest wording."""
    found: list[Said] = []
    if not _HINT.search(text):
        return found
    for pattern, read, is_full in _RULES:
        for match in pattern.finditer(text):
            if any(match.start() < said.end and said.start < match.end() for said in found):
                continue
            day = read(match, held_on)
            if day is not None:
                is_bare = read is _bare
                # The span is the day alone: who reads it looks for the "by" before it.
                start = match.start("day") if is_bare else match.start()
                found.append(Said(day=day, start=start, end=match.end(), is_full=is_full, is_bare=is_bare))
    return sorted(found, key=lambda said: said.start)


def ordinal(text: str) -> int | None:
    """`twenty-first`, `21st` or `21` as a number."""
    word = re.sub(r"\s+", "-", text.strip().casefold())
    number = _ORDINALS.get(word)
    if number is None:
        digits = re.match(r"\d{1,2}", word)
        number = int(digits[0]) if digits else None
    return number


def next_date(month: int, day: int, held_on: date, year: int | None = None) -> date | None:
    """The first such day on or after the call; of the year that was said, if one was.

    None where that day has just passed: nobody means a day eleven months off, and what was meant is not known.
    """
    for candidate in (year,) if year else (held_on.year, held_on.year + 1):
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue
        if year:
            return found
        if found >= held_on:
            return found if found - held_on <= _FURTHEST else None
    return None


def _full(match: re.Match[str], held_on: date) -> date | None:
    year = match["year"]
    day = ordinal(match["day"])
    return next_date(_MONTHS[match["month"].casefold()], day or 0, held_on, int(year) if year else None)


def _iso(match: re.Match[str], _held_on: date) -> date | None:
    try:
        return date.fromisoformat(match[0])
    except ValueError:
        return None


def _bare(match: re.Match[str], held_on: date) -> date | None:
    return next_numbered(ordinal(match["day"]) or 0, held_on)


def next_numbered(day: int, held_on: date) -> date | None:
    """The next day of that number, this month or one of the following two."""
    for ahead in range(3):
        year, month = divmod(held_on.year * 12 + held_on.month - 1 + ahead, 12)
        if 1 <= day <= monthrange(year, month + 1)[1] and date(year, month + 1, day) >= held_on:
            return date(year, month + 1, day)
    return None


def _end_of_month(match: re.Match[str], held_on: date) -> date:
    year, month = divmod(held_on.year * 12 + held_on.month - 1 + (match["which"].casefold() == "next"), 12)
    return date(year, month + 1, monthrange(year, month + 1)[1])


def _end_of_named_month(match: re.Match[str], held_on: date) -> date | None:
    month = _MONTHS[match["month"].casefold()]
    year = held_on.year + (month < held_on.month)
    return date(year, month, monthrange(year, month)[1])


def _end_of_week(match: re.Match[str], held_on: date) -> date:
    return week_day(4, held_on, weeks=int(match["which"].casefold() == "next"))


def week_day(weekday: int, held_on: date, *, weeks: int = 0) -> date:
    """That weekday of the call's week (Monday first), or of a later one."""
    return held_on + timedelta(days=weekday - held_on.weekday() + 7 * weeks)


def after(weekday: int, held_on: date) -> date:
    """The first such weekday after the call."""
    return held_on + timedelta(days=(weekday - held_on.weekday() - 1) % 7 + 1)


def _weekday(match: re.Match[str]) -> int:
    return WEEKDAYS.index(match["day"].casefold())


def _ahead(match: re.Match[str], held_on: date) -> date:
    word = match["count"].casefold()
    count = 1 if word in ("a", "an") else _UNITS.index(word) + 1 if word in _UNITS else int(word)
    return held_on + timedelta(days=count * (7 if match["unit"].casefold() == "week" else 1))


def _fixed(days: int) -> Reader:
    return lambda _match, held_on: held_on + timedelta(days=days)


_HINT = re.compile(
    rf"\d|day\b|days\b|week|fortnight|month|tomorrow|tonight|this (?:morning|afternoon|evening)"
    rf"|hang up|after (?:this|the)"
    rf"|\b{_MONTH}\b|{_ORDINAL}",
    re.IGNORECASE,
)


def _rules() -> Iterator[tuple[re.Pattern[str], Reader, bool]]:
    """Longer wordings first."""

    def rule(pattern: str, read: Reader, *, is_full: bool = False) -> tuple[re.Pattern[str], Reader, bool]:
        return re.compile(rf"(?<![\w-])(?:{pattern})(?![\w])", re.IGNORECASE), read, is_full

    span = rf"(?:\s*(?:and|to|-|–)\s*(?:the\s+)?{_ORDINAL})?"
    yield rule(r"\d{4}-\d\d-\d\d", _iso, is_full=True)
    yield rule(rf"(?:the\s+)?(?P<day>{_ORDINAL}){span}\s+(?:of\s+)?(?P<month>{_MONTH}){_YEAR}", _full, is_full=True)
    yield rule(rf"(?P<month>{_MONTH})\s+(?:the\s+)?(?P<day>{_ORDINAL}|\d{{1,2}}){span}{_YEAR}", _full, is_full=True)
    yield rule(rf"(?P<day>\d{{1,2}})\s+(?P<month>{_MONTH}){_YEAR}", _full, is_full=True)
    yield rule(rf"(?:the\s+)?end\s+of\s+(?P<month>{_MONTH})", _end_of_named_month)
    yield rule(r"(?:the\s+)?end\s+of\s+(?P<which>the|this|next)\s+month", _end_of_month)
    yield rule(r"(?P<which>month)[- ]end", _end_of_month)
    yield rule(r"(?:the\s+)?end\s+of\s+(?P<which>the|this|next)\s+week", _end_of_week)
    week = timedelta(days=7)
    yield rule(rf"(?:a|one)\s+week\s+(?:from|on|after)\s+(?P<day>{_DAY})", lambda m, on: after(_weekday(m), on) + week)
    yield rule(rf"(?P<day>{_DAY})\s+week", lambda m, on: after(_weekday(m), on) + week)
    yield rule(rf"(?P<day>{_DAY})\s+(?:of\s+)?next\s+week", lambda m, on: week_day(_weekday(m), on, weeks=1))
    yield rule(rf"next\s+week(?:'s|\s+on)?\s+(?P<day>{_DAY})", lambda m, on: week_day(_weekday(m), on, weeks=1))
    yield rule(rf"next\s+(?P<day>{_DAY})", lambda m, on: week_day(_weekday(m), on, weeks=1))
    yield rule(rf"this\s+(?:coming\s+)?(?P<day>{_DAY})", lambda m, on: week_day(_weekday(m), on))
    yield rule(rf"(?P<day>{_DAY})\s+this\s+week", lambda m, on: week_day(_weekday(m), on))
    yield rule(r"(?:a|one)\s+week\s+(?:from\s+)?today|today\s+week|a\s+week\s+from\s+now", _fixed(7))
    yield rule(r"(?:a\s+)?fortnight(?:\s+(?:from\s+)?today)?|two\s+weeks\s+(?:from\s+)?today", _fixed(14))
    yield rule(rf"in\s+(?P<count>{_COUNT})\s+(?P<unit>day|week)s?(?:['’]?\s+time)?", _ahead)
    yield rule(rf"(?P<count>{_COUNT})\s+(?P<unit>day|week)s?\s+from\s+(?:now|today)", _ahead)
    yield rule(r"(?:the\s+)?day\s+after\s+tomorrow", _fixed(2))
    yield rule(r"tomorrow", _fixed(1))
    yield rule(r"today|tonight|this\s+(?:afternoon|evening|morning)|end\s+of\s+(?:the\s+)?day(?!\s+\w+day)", _fixed(0))
    yield rule(
        r"(?:right|straight)\s+after\s+(?:this|the)\s+(?:call|meeting)|as\s+soon\s+as\s+we\s+hang\s+up", _fixed(0)
    )
    yield rule(rf"(?P<day>{_DAY})", lambda m, on: after(_weekday(m), on))
    # "the first" alone is mostly no day; after "by" or "on" it is one.
    goes_on = r"(?=\s*(?:$|[.,;:!?)–-]|(?:with|for|then|and|or|at|works|if|so|is|it|instead|maybe|please)\b))"
    yield rule(rf"(?:by|on|until|till|before|to)\s+the\s+(?P<day>{_ORDINAL}){goes_on}", _bare)
    yield rule(rf"the\s+(?!first|second|third|fourth|fifth)(?P<day>{_ORDINAL}){goes_on}", _bare)


_RULES = tuple(_rules())
