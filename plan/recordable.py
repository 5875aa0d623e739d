"""What a reported fact must be by itself, before anything it refers to is looked up. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from re import compile as pattern

from plan.calendar import zone_of
from store.errors import Invalid
from store.events import (
    CalendarChanged,
    CalendarDefined,
    ContractChanged,
    ExchangeRateSet,
    Fact,
    ProjectFieldChanged,
    RevenueForecastMade,
    TaskLinked,
)
from store.ids import is_uuid
from store.projections.projects.frame import FRAME_FIELDS

FIRST_DAY = dt.date(1970, 1, 1)
LAST_DAY = dt.date(2999, 12, 31)
MOST = Decimal(10) ** 12
DECIMALS = 9
LONGEST_NAME = 500
LONGEST_TEXT = 1_000_000
LONGEST_LAG_DAYS = 10_000

_LONG = frozenset({"text", "value", "entry", "exit", "extra", "attributes"})
_COUNTED = frozenset({"effort_hours", "hours", "budget_hours", "cost_rate", "bill_rate", "amount_per_hour"})
_CURRENCY = pattern(r"[A-Z]{3}")
_PERIOD = pattern(r"[0-9]{4}-(0[1-9]|1[0-2])")


def check_alone(fact: Fact, where: str) -> None:
    """Raises `Invalid` for ids, texts, dates and figures that no state could be folded from."""
    for check in _CHECKS:
        check(fact, where)


def invalid(code: str, detail: str, remedy: str, where: str, field: str) -> Invalid:
    """The error of one field."""
    return Invalid(code, detail, remedy=remedy, where=f"{where}.{field}")


def _ids_are_uuids(fact: Fact, where: str) -> None:
    for name, value in _fields(fact):
        is_id = (name.endswith("_id") and name != "external_id") or name in {"in_reply_to", "approved_by", "to_ids"}
        if is_id and value is not None and not is_uuid(str(value)):
            raise invalid(
                "bad_id", f"{name} is {_short(value)}, not a UUID.", "Use the ids that this API gave.", where, name
            )


def _texts_are_short(fact: Fact, where: str) -> None:
    for name, value in _fields(fact):
        most = LONGEST_TEXT if name in _LONG else LONGEST_NAME
        if isinstance(value, str) and len(value) > most:
            raise invalid("too_long", f"{name} has {len(value)} characters.", f"Expected at most {most}.", where, name)


def _dates_are_sane(fact: Fact, where: str) -> None:
    for name, day in _fields(fact):
        if isinstance(day, dt.date) and not FIRST_DAY <= day <= LAST_DAY:
            raise invalid(
                "date_out_of_range", f"{name} is {day}.", f"Dates run from {FIRST_DAY} to {LAST_DAY}.", where, name
            )
    starts, ends = getattr(fact, "starts_on", None), getattr(fact, "ends_on", None)
    if starts and ends and ends < starts:
        raise invalid(
            "ends_before_start", f"ends_on {ends} is before starts_on {starts}.", "Swap them.", where, "ends_on"
        )


def _figures_are_sane(fact: Fact, where: str) -> None:
    for name, value in _fields(fact):
        if not isinstance(value, Decimal):
            continue
        is_hours_a_day = name in {"hours_per_day", "weekday_hours"}
        code = "bad_hours" if is_hours_a_day or name.endswith("hours") else "bad_number"
        if not is_plain(value):
            raise invalid(
                code,
                f"{name} is {_short(value)}.",
                f"Expected a number below {MOST:f} with at most {DECIMALS} decimals.",
                where,
                name,
            )
        if is_hours_a_day and not 0 <= value <= 24:
            raise invalid(code, f"{name} is {value}.", "Expected 0 to 24.", where, name)
        if name in _COUNTED and value < 0:
            raise invalid(code, f"{name} is {value}.", "Expected 0 or more.", where, name)


def is_plain(value: Decimal) -> bool:
    """Whether a figure is finite, below `MOST` and no finer than `DECIMALS`."""
    exponent = value.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -DECIMALS and value.adjusted() < 12


def _names_are_known(fact: Fact, where: str) -> None:
    timezone = getattr(fact, "timezone", "")
    if timezone:
        try:
            zone_of(timezone)
        except Invalid as error:
            raise Invalid("unknown_timezone", error.detail, remedy=error.remedy, where=f"{where}.timezone") from error
    for name in ("currency", "from_currency", "to_currency"):
        currency = getattr(fact, name, "")
        if currency and not _CURRENCY.fullmatch(currency):
            raise invalid(
                "bad_currency", f"{name} is {_short(currency)}.", "Expected an ISO 4217 code such as EUR.", where, name
            )


def _form_is_its_own(fact: Fact, where: str) -> None:
    if isinstance(fact, CalendarDefined | CalendarChanged) and len(fact.weekday_hours) != 7:
        count = len(fact.weekday_hours)
        raise invalid("bad_hours", f"weekday_hours has {count} entries.", "Expected seven.", where, "weekday_hours")
    if isinstance(fact, ContractChanged) and fact.hours_per_day is None and fact.calendar_id is None:
        raise invalid(
            "nothing_changed",
            "The contract changes in nothing.",
            "Send hours_per_day or calendar_id.",
            where,
            "hours_per_day",
        )
    if isinstance(fact, ExchangeRateSet) and fact.rate <= 0:
        raise invalid("bad_number", f"rate is {fact.rate}.", "Expected more than 0.", where, "rate")
    if isinstance(fact, RevenueForecastMade) and not _PERIOD.fullmatch(fact.period):
        raise invalid("bad_period", f"period is {_short(fact.period)}.", "Expected YYYY-MM.", where, "period")
    if isinstance(fact, TaskLinked) and abs(fact.lag_days) > LONGEST_LAG_DAYS:
        raise invalid(
            "bad_number", f"lag_days is {fact.lag_days}.", f"Expected ±{LONGEST_LAG_DAYS} or less.", where, "lag_days"
        )


def _frame_is_readable(fact: Fact, where: str) -> None:
    reader = FRAME_FIELDS.get(fact.field) if isinstance(fact, ProjectFieldChanged) else None
    if not isinstance(fact, ProjectFieldChanged) or reader is None:
        return
    try:
        value = reader(fact.value)
    except ValueError as error:
        raise invalid(
            "bad_value", f"{fact.field} is {_short(fact.value)}.", f"It is not read: {error}.", where, "value"
        ) from error
    is_currency = fact.field != "currency" or _CURRENCY.fullmatch(fact.value.strip())
    if not is_currency or (isinstance(value, Decimal) and not is_plain(value)) or (fact.field == "name" and not value):
        raise invalid(
            "bad_value", f"{fact.field} is {_short(fact.value)}.", "Send what the field may hold.", where, "value"
        )


_CHECKS: tuple[Callable[[Fact, str], None], ...] = (
    _ids_are_uuids,
    _texts_are_short,
    _dates_are_sane,
    _figures_are_sane,
    _names_are_known,
    _form_is_its_own,
    _frame_is_readable,
)


def _fields(fact: Fact) -> Iterator[tuple[str, object]]:
    """Field and value; the entries of a list and of `extra` come one by one under the field's name."""
    for name in fact.__struct_fields__:
        value = getattr(fact, name)
        if isinstance(value, tuple):
            yield from ((name, entry) for entry in value)
        elif isinstance(value, dict):
            yield from ((name, text) for entry in value.items() for text in entry)
        else:
            yield name, value


def _short(value: object) -> str:
    text = repr(str(value))
    return text if len(text) <= 80 else f"{text[:76]}...'"
