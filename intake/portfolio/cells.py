"""Between the text of a cell and its value, both ways: what each kind of column may hold. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from plan.calendar import zone_of
from store.errors import Invalid

FIRST_YEAR = 1970
LAST_YEAR = 9999
ID_CHARACTERS = 200
NUMBER_CHARACTERS = 40
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_PERIOD = re.compile(r"(?:19[7-9][0-9]|[2-9][0-9]{3})-(?:0[1-9]|1[0-2])")
_FLAGS = {"0": False, "1": True, "false": False, "true": True}
_DAY = timedelta(days=1)
_MICROSECOND = timedelta(microseconds=1)


class BadCell(ValueError):
    """A cell that cannot be taken, where its kind alone does not say enough."""

    def __init__(self, code: str, expected: str, remedy: str) -> None:
        super().__init__(expected)
        self.code = code
        self.expected = expected
        self.remedy = remedy


@dataclass(slots=True)
class Zone:
    """The tenant's zone: what a bare date means, and an instant without offset where a sheet cannot hold one."""

    name: str = "UTC"
    may_be_naive: bool = False
    _ends: dict[date, datetime] = field(default_factory=dict)

    def end_of_day(self, day: date) -> datetime:
        """The last microsecond of the date, as UTC."""
        end = self._ends.get(day)
        if end is None:
            end = self._ends[day] = _end_of_day(day, self.name)
        return end


@dataclass(frozen=True, slots=True)
class Kind:
    """What a column holds. `parse` takes a stripped, non-blank text and raises `ValueError` for a wrong one."""

    name: str
    expected: str
    remedy: str
    parse: Callable[[str, Zone], Any]
    show: Callable[[Any], str] = str
    is_verbatim: bool = False


def problem_of(kind: Kind, error: ValueError) -> tuple[str, str, str]:
    """Code, what was expected, and the remedy for a cell that `kind.parse` refused."""
    if isinstance(error, BadCell):
        return error.code, error.expected, error.remedy
    return f"bad_{kind.name}", kind.expected, kind.remedy


def choice(*values: str) -> Kind:
    """One of these words."""
    # msgspec leaves a default out of the bytes only if it is the very same object, so the literal is handed on.
    words = {value: value for value in values}

    def parse(cell: str, _zone: Zone) -> str:
        word = words.get(cell)
        if word is None:
            raise ValueError(cell)
        return word

    return Kind("choice", "one of " + ", ".join(values), "Use one of these words, in lower case where they are.", parse)


def instant_text(at: datetime) -> str:
    """An instant in UTC, as short as it can be without loss."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


@cache
def _end_of_day(day: date, zone: str) -> datetime:
    if day.year >= LAST_YEAR:
        return datetime.combine(day, time.max, UTC)
    return datetime.combine(day + _DAY, time(0), zone_of(zone)).astimezone(UTC) - _MICROSECOND


def _text(cell: str, _zone: Zone) -> str:
    if "\x00" in cell:
        raise ValueError(cell)
    return cell


def _id(cell: str, _zone: Zone) -> str:
    if len(cell) > ID_CHARACTERS or not cell.isprintable():
        raise ValueError(cell)
    return cell


@cache
def _date_of(cell: str) -> date:
    if len(cell) != 10 or cell[4] != "-" or cell[7] != "-":
        raise ValueError(cell)
    day = date.fromisoformat(cell)
    _check_year(day.year)
    return day


def _check_year(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise BadCell(
            "date_out_of_range",
            f"a date from {FIRST_YEAR} to {LAST_YEAR}",
            "Mend the year, or leave the cell blank where the date is not known.",
        )


def _date(cell: str, _zone: Zone) -> date:
    return _date_of(cell)


def _instant(cell: str, zone: Zone) -> datetime:
    if len(cell) == 10:
        return zone.end_of_day(_date_of(cell))
    if len(cell) < 16 or cell[4] != "-" or cell[7] != "-":
        raise ValueError(cell)
    at = datetime.fromisoformat(cell)
    _check_year(at.year)
    if at.tzinfo is None:
        if not zone.may_be_naive:
            raise BadCell(
                "instant_without_offset",
                "an instant with its offset",
                "Write it as 2024-05-06T09:30:00+02:00 or 2024-05-06T07:30:00Z.",
            )
        at = at.replace(tzinfo=zone_of(zone.name))
    try:
        at = at.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(cell) from error
    _check_year(at.year)
    return at


def _number(cell: str, _zone: Zone) -> Decimal:
    if len(cell) > NUMBER_CHARACTERS or not _NUMBER.fullmatch(cell):
        raise ValueError(cell)
    return Decimal(cell)


def _amount(cell: str, zone: Zone) -> Decimal:
    number = _number(cell, zone)
    if number < 0:
        raise ValueError(cell)
    return number


def _hours(cell: str, zone: Zone) -> Decimal:
    number = _amount(cell, zone)
    if number > 24:
        raise ValueError(cell)
    return number


def _whole(cell: str, _zone: Zone) -> int:
    if len(cell) > 9 or not cell.lstrip("-").isascii() or not cell.lstrip("-").isdigit():
        raise ValueError(cell)
    return int(cell)


def _flag(cell: str, _zone: Zone) -> bool:
    is_set = _FLAGS.get(cell.lower())
    if is_set is None:
        raise ValueError(cell)
    return is_set


def _zone_name(cell: str, _zone: Zone) -> str:
    try:
        zone_of(cell)
    except Invalid as error:
        raise ValueError(cell) from error
    return cell


def _period(cell: str, _zone: Zone) -> str:
    if not _PERIOD.fullmatch(cell):
        raise ValueError(cell)
    return cell


def _items(cell: str) -> list[str]:
    return [item.strip() for item in cell.split(";") if item.strip()]


def _texts(cell: str, zone: Zone) -> tuple[str, ...]:
    return tuple(_text(item, zone) for item in _items(cell))


def _dates(cell: str, _zone: Zone) -> tuple[date, ...]:
    return tuple(_date_of(item) for item in _items(cell))


def _week(cell: str, zone: Zone) -> tuple[Decimal, ...]:
    hours = tuple(_hours(item, zone) for item in _items(cell))
    if len(hours) != 7:
        raise ValueError(cell)
    return hours


def _weekdays(cell: str, zone: Zone) -> tuple[int, ...]:
    days = tuple(_whole(item, zone) for item in _items(cell))
    if len(set(days)) != len(days) or not set(days) <= {1, 2, 3, 4, 5, 6, 7}:
        raise ValueError(cell)
    return days


def _show_number(number: Decimal) -> str:
    return format(number, "f")


def _show_list(items: tuple[object, ...]) -> str:
    return ";".join(_show_number(item) if isinstance(item, Decimal) else str(item) for item in items)


_PLAIN = "Use digits with a point, for example 1234.5: no NaN, no Infinity, no exponent, no thousands separator."

TEXT = Kind("text", "text without NUL characters", "Remove the NUL characters.", _text, is_verbatim=True)
ID = Kind("id", f"an id of at most {ID_CHARACTERS} printable characters", "Shorten or clean the id.", _id)
IDS = Kind("list", "ids separated by ;", "Separate the ids by a semicolon.", _texts, ";".join)
TEXTS = Kind("list", "a list separated by ;", "Separate the items by a semicolon.", _texts, ";".join)
DATE = Kind("date", "a date as YYYY-MM-DD", "Write it as 2024-05-06.", _date, date.isoformat)
DATES = Kind(
    "date_list", "dates as YYYY-MM-DD separated by ;", "Write them as 2024-05-06;2024-12-25.", _dates, _show_list
)
INSTANT = Kind(
    "instant",
    "an instant as in RFC 3339, or a date",
    "Write it as 2024-05-06T09:30:00+02:00.",
    _instant,
    instant_text,
)
NUMBER = Kind("number", "a plain decimal number", _PLAIN, _number, _show_number)
AMOUNT = Kind("amount", "a plain decimal number, not negative", _PLAIN, _amount, _show_number)
HOURS_A_DAY = Kind("hours", "hours a day from 0 to 24", _PLAIN, _hours, _show_number)
WHOLE = Kind("whole_number", "a whole number", "Use digits only.", _whole)
FLAG = Kind("flag", "0 or 1", "Use 1 for yes and 0 for no.", _flag, lambda flag: str(int(flag)))
ZONE = Kind("time_zone", "an IANA time zone", "Use a name such as Europe/Berlin.", _zone_name)
PERIOD = Kind("period", "a month as YYYY-MM", "Write it as 2024-05.", _period)
WEEK = Kind("week", "seven hour counts, Monday first", "Write them as 8;8;8;8;8;0;0.", _week, _show_list)
WEEKDAYS = Kind("weekdays", "weekdays from 1 (Monday) to 7", "Write them as 1;2;3;4;5.", _weekdays, _show_list)
