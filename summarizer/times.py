"""Zones, and the day on which a call was held."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from store.errors import Invalid


def checked_zone(name: str) -> str:
    """`name` if it is an IANA zone; raises `Invalid` otherwise."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid(
            "bad_timezone", f"{name!r} is no time zone.", remedy="Use an IANA name such as Europe/London."
        ) from error
    return name


def held_on(instant: datetime, timezone: str) -> date:
    """The day of a call that began at `instant` (aware), where it was held."""
    return instant.astimezone(ZoneInfo(checked_zone(timezone))).date()
