"""Spans of days that a caller asks about: two dates in the address, with defaults from the tenant's own day."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import Depends, Query

from api.deps import GroundDep, MomentDep, TenantDep
from plan.calendar import zone_of
from plan.onboarding.journey import Period
from plan.onboarding.sheet import Wanted
from plan.weeks import Window
from store.errors import Invalid

DAY = dt.timedelta(days=1)
AHEAD_DAYS = 42
LOOK_BACK_DAYS = 365
LONGEST_PERIOD_DAYS = 1100
LONGEST_DAYS = {"week": 371, "day": 92}
FIRST_YEAR, LAST_YEAR = 1970, 2999
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FORM: dict[str, Any] = {"pattern": rf"^{_DATE.pattern}$", "max_length": 10, "json_schema_extra": {"format": "date"}}
First = Annotated[str | None, Query(alias="from", description="First day", examples=["2026-08-03"], **_FORM)]
Last = Annotated[str | None, Query(alias="to", description="Last day, included", examples=["2026-09-13"], **_FORM)]
Name = Annotated[str | None, Query(max_length=200)]


@dataclass(frozen=True, slots=True)
class CapacityAsked:
    """The window, and which people: None does not filter."""

    window: Window
    person_id: str | None = None
    role: str | None = None


def day_of(text: str, where: str) -> dt.date:
    """The date; `Invalid` for what is none, or lies in no year that anybody plans."""
    try:
        found = dt.date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        found = None
    if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise Invalid(
            "bad_date",
            f"{text[:40]!r} is no date from {FIRST_YEAR} to {LAST_YEAR}.",
            remedy="Expected a date such as 2026-09-01.",
            where=where,
        )
    return found


def span_of(first: dt.date, last: dt.date, longest_days: int) -> tuple[dt.date, dt.date]:
    """Both days; `Invalid` where they are in the wrong order or too far apart."""
    if last < first:
        raise Invalid(
            "bad_period", f"The period from {first} to {last} ends before it begins.", remedy="Swap from and to."
        )
    if (last - first).days >= longest_days:
        raise Invalid(
            "period_too_long",
            f"From {first} to {last} are more than {longest_days} days.",
            remedy="Ask about a shorter period.",
        )
    return first, last


def window_of(first: str | None, last: str | None, today: dt.date, grain: Literal["week", "day"]) -> Window:
    """The days asked about: this week and the five after it unless said otherwise."""
    start = day_of(first, "query.from") if first else today - today.weekday() * DAY
    end = day_of(last, "query.to") if last else start + (AHEAD_DAYS - 1) * DAY
    return Window(*span_of(start, end, LONGEST_DAYS[grain]), today, grain)


def period_of(first: str | None, last: str | None, today: dt.date) -> Period:
    """The days asked about: the year that ends today unless said otherwise."""
    end = day_of(last, "query.to") if last else today
    start = day_of(first, "query.from") if first else end - (LOOK_BACK_DAYS - 1) * DAY
    return Period(*span_of(start, end, LONGEST_PERIOD_DAYS), today)


def today_of(ground: GroundDep, tenant: TenantDep, moment: MomentDep) -> dt.date:
    """The tenant's own date at the moment asked about."""
    return moment.at.astimezone(zone_of(ground.tenant_state(tenant.tenant_id).timezone)).date()


TodayDep = Annotated[dt.date, Depends(today_of)]


async def capacity_asked(
    today: TodayDep,
    first: First = None,
    last: Last = None,
    person_id: Annotated[Name, Query(description="One person")] = None,
    role: Annotated[Name, Query(description="The people of one role")] = None,
    grain: Literal["week", "day"] = "week",
) -> CapacityAsked:
    """What the caller wants to know of capacity."""
    return CapacityAsked(window_of(first, last, today, grain), person_id, role)


async def metrics_asked(
    today: TodayDep,
    first: First = None,
    last: Last = None,
    manager_id: Name = None,
    customer_id: Name = None,
    playbook: Name = None,
) -> tuple[Period, Wanted]:
    """What the caller wants to know of onboarding."""
    return period_of(first, last, today), Wanted(manager_id, customer_id, playbook)


CapacityAskedDep = Annotated[CapacityAsked, Depends(capacity_asked)]
MetricsAskedDep = Annotated[tuple[Period, Wanted], Depends(metrics_asked)]
