"""Settings and directory of a tenant, folded from its own, the directory's and the persons' facts. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

import msgspec

from store.events import (
    AccessLimited,
    CalendarChanged,
    CalendarDefined,
    ContactRegistered,
    CustomerRegistered,
    EngagementOpened,
    ExchangeRateSet,
    Fact,
    PersonRegistered,
    RateSet,
    TenantConfigured,
)
from store.log import Event
from store.projections.snapshot import copied


class WeekChange(msgspec.Struct, kw_only=True):
    """Another working week from a day on."""

    valid_from: dt.date
    weekday_hours: tuple[Decimal, ...]
    holidays: tuple[dt.date, ...]


class CalendarEntry(msgspec.Struct, kw_only=True):
    """A named working week."""

    calendar_id: str
    name: str
    timezone: str
    weekday_hours: tuple[Decimal, ...]
    holidays: tuple[dt.date, ...]
    changes: list[WeekChange] = []


class CustomerEntry(msgspec.Struct, kw_only=True):
    """An account."""

    customer_id: str
    external_id: str
    name: str
    segment: str
    timezone: str
    calendar_id: str | None


class PartyEntry(msgspec.Struct, kw_only=True):
    """A person who delivers, or a contact of a customer (then `customer_id` is set)."""

    party_id: str
    external_id: str
    name: str
    email: str
    role: str
    customer_id: str | None = None
    employment: str = "staff"


class EngagementEntry(msgspec.Struct, kw_only=True):
    """A deal with its projects' common frame."""

    engagement_id: str
    external_id: str
    customer_id: str
    name: str
    deal_ref: str = ""
    arr: Decimal | None = None
    currency: str = ""
    contract_starts_on: dt.date | None = None
    billing_starts_on: dt.date | None = None


class TenantState(msgspec.Struct, kw_only=True):
    """What one tenant is and whom it knows. A tenant nobody configured works Monday to Friday, 8 h, UTC."""

    name: str = ""
    timezone: str = "UTC"
    currency: str = "EUR"
    weekdays: tuple[int, ...] = (1, 2, 3, 4, 5)
    hours_per_day: Decimal = Decimal(8)
    holidays: tuple[dt.date, ...] = ()
    week_changes: list[WeekChange] = []
    calendars: dict[str, CalendarEntry] = {}
    customers: dict[str, CustomerEntry] = {}
    parties: dict[str, PartyEntry] = {}
    engagements: dict[str, EngagementEntry] = {}
    rates: list[RateSet] = []
    exchange_rates: list[ExchangeRateSet] = []
    limits: dict[str, tuple[str, ...]] = {}


def fold(events: Iterable[Event], state: TenantState | None = None) -> TenantState:
    """The state after these events; the given state is left as it is."""
    result = copied(state) if state else TenantState()
    for event in events:
        handler = _HANDLERS.get(type(event.fact))
        if handler:
            handler(result, event.fact)
    return result


def _configured(state: TenantState, fact: TenantConfigured) -> None:
    state.name, state.timezone, state.currency = fact.name, fact.timezone, fact.currency
    state.weekdays, state.hours_per_day, state.holidays = fact.weekdays, fact.hours_per_day, fact.holidays


def _calendar(state: TenantState, fact: CalendarDefined) -> None:
    known = state.calendars.get(fact.calendar_id)
    state.calendars[fact.calendar_id] = CalendarEntry(
        calendar_id=fact.calendar_id,
        name=fact.name,
        timezone=fact.timezone,
        weekday_hours=fact.weekday_hours,
        holidays=fact.holidays,
        changes=known.changes if known else [],
    )


def _calendar_changed(state: TenantState, fact: CalendarChanged) -> None:
    entry = state.calendars.get(fact.calendar_id or "")
    if fact.calendar_id and entry is None:
        return
    changes = entry.changes if entry else state.week_changes
    changes.append(WeekChange(valid_from=fact.valid_from, weekday_hours=fact.weekday_hours, holidays=fact.holidays))


def _customer(state: TenantState, fact: CustomerRegistered) -> None:
    state.customers[fact.customer_id] = CustomerEntry(
        customer_id=fact.customer_id,
        external_id=fact.external_id,
        name=fact.name,
        segment=fact.segment,
        timezone=fact.timezone,
        calendar_id=fact.calendar_id,
    )


def _contact(state: TenantState, fact: ContactRegistered) -> None:
    state.parties[fact.contact_id] = PartyEntry(
        party_id=fact.contact_id,
        external_id=fact.external_id,
        name=fact.name,
        email=fact.email,
        role=fact.role,
        customer_id=fact.customer_id,
    )


def _person(state: TenantState, fact: PersonRegistered) -> None:
    state.parties[fact.person_id] = PartyEntry(
        party_id=fact.person_id,
        external_id=fact.external_id,
        name=fact.name,
        email=fact.email,
        role=fact.role,
        employment=fact.employment,
    )


def _engagement(state: TenantState, fact: EngagementOpened) -> None:
    state.engagements[fact.engagement_id] = EngagementEntry(
        engagement_id=fact.engagement_id,
        external_id=fact.external_id,
        customer_id=fact.customer_id,
        name=fact.name,
        deal_ref=fact.deal_ref,
        arr=fact.arr,
        currency=fact.currency,
        contract_starts_on=fact.contract_starts_on,
        billing_starts_on=fact.billing_starts_on,
    )


def _rate(state: TenantState, fact: RateSet) -> None:
    state.rates.append(fact)


def _limited(state: TenantState, fact: AccessLimited) -> None:
    state.limits.pop(fact.key_id, None)
    if fact.is_limited:
        state.limits[fact.key_id] = fact.project_ids


def _exchange_rate(state: TenantState, fact: ExchangeRateSet) -> None:
    state.exchange_rates.append(fact)


_HANDLERS: dict[type[Fact], Callable[[TenantState, Any], None]] = {
    TenantConfigured: _configured,
    CalendarDefined: _calendar,
    CalendarChanged: _calendar_changed,
    CustomerRegistered: _customer,
    ContactRegistered: _contact,
    PersonRegistered: _person,
    EngagementOpened: _engagement,
    AccessLimited: _limited,
    RateSet: _rate,
    ExchangeRateSet: _exchange_rate,
}
