"""Facts about the tenant itself and those it works with: settings, calendars, customers, contacts, rates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar, Literal

from store.events.fact import Fact
from store.ids import ContactId, CustomerId, PersonId, ProjectId


class TenantConfigured(Fact, frozen=True, kw_only=True):
    """The organisation's name, zone, currency and working week. Weekdays: Monday is 1."""

    TYPE: ClassVar[str] = "tenant.configured"
    name: str
    timezone: str
    currency: str
    weekdays: tuple[int, ...]
    hours_per_day: Decimal
    holidays: tuple[dt.date, ...] = ()
    extra: dict[str, str] = {}


class CalendarDefined(Fact, frozen=True, kw_only=True):
    """A named working week: seven hours, Monday first, and the days off."""

    TYPE: ClassVar[str] = "calendar.defined"
    calendar_id: str
    external_id: str
    name: str
    timezone: str = ""
    weekday_hours: tuple[Decimal, ...]
    holidays: tuple[dt.date, ...] = ()
    extra: dict[str, str] = {}


class CalendarChanged(Fact, frozen=True, kw_only=True):
    """Another working week from a day on, without restating the days before; no calendar: the organisation's own."""

    TYPE: ClassVar[str] = "calendar.changed"
    calendar_id: str | None = None
    valid_from: dt.date
    weekday_hours: tuple[Decimal, ...]
    holidays: tuple[dt.date, ...] = ()


class CustomerRegistered(Fact, frozen=True, kw_only=True):
    """An account being onboarded."""

    TYPE: ClassVar[str] = "customer.registered"
    ACCESS: ClassVar[Mapping[str, str]] = {"name": "public"}
    customer_id: CustomerId
    external_id: str
    name: str
    segment: str = ""
    timezone: str = ""
    calendar_id: str | None = None
    extra: dict[str, str] = {}


class ContactRegistered(Fact, frozen=True, kw_only=True):
    """A person on the customer's side."""

    TYPE: ClassVar[str] = "contact.registered"
    PERSONAL: ClassVar[Mapping[str, str]] = {
        "name": "contact_id",
        "email": "contact_id",
    }
    ACCESS: ClassVar[Mapping[str, str]] = {"name": "public", "email": "public"}
    contact_id: ContactId
    external_id: str
    customer_id: CustomerId
    name: str = ""
    email: str = ""
    role: str = ""
    extra: dict[str, str] = {}


class PartyErased(Fact, frozen=True, kw_only=True):
    """The key of a person, a contact or a project's calls was destroyed: what it guarded can be read no more."""

    TYPE: ClassVar[str] = "party.erased"
    party_id: str


class EngagementOpened(Fact, frozen=True, kw_only=True):
    """A deal or programme that holds one or several projects."""

    TYPE: ClassVar[str] = "engagement.opened"
    ACCESS: ClassVar[Mapping[str, str]] = {"arr": "money"}
    engagement_id: str
    external_id: str
    customer_id: CustomerId
    name: str = ""
    deal_ref: str = ""
    arr: Decimal | None = None
    currency: str = ""
    contract_starts_on: dt.date | None = None
    billing_starts_on: dt.date | None = None
    extra: dict[str, str] = {}


class AccessLimited(Fact, frozen=True, kw_only=True):
    """A key sees these projects only from now on; not `is_limited`: all of them again."""

    TYPE: ClassVar[str] = "access.limited"
    key_id: str
    project_ids: tuple[ProjectId, ...] = ()
    is_limited: bool = True


class RateSet(Fact, frozen=True, kw_only=True):
    """An hourly rate of a person or a role, everywhere or on one project, from a date on."""

    TYPE: ClassVar[str] = "rate.set"
    ACCESS: ClassVar[Mapping[str, str]] = {"amount_per_hour": "cost_rate"}
    person_id: PersonId | None = None
    role: str = ""
    project_id: ProjectId | None = None
    kind: Literal["cost", "bill"]
    amount_per_hour: Decimal
    currency: str
    valid_from: dt.date
    valid_to: dt.date | None = None
    extra: dict[str, str] = {}


class ExchangeRateSet(Fact, frozen=True, kw_only=True):
    """What one unit of a currency was worth in another on a day."""

    TYPE: ClassVar[str] = "exchange_rate.set"
    from_currency: str
    to_currency: str
    rate: Decimal
    valid_on: dt.date
    extra: dict[str, str] = {}
