"""Facts about the people who deliver: contracts, time off, allocations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar, Literal

from store.events.fact import Fact
from store.ids import AllocationId, PersonId, ProjectId

Employment = Literal["staff", "subcontractor", "integration"]
Firmness = Literal["hard", "soft"]


class PersonRegistered(Fact, frozen=True, kw_only=True):
    """A person on the delivering side; `employment` "integration" is a system account that owns nothing."""

    TYPE: ClassVar[str] = "person.registered"
    PERSONAL: ClassVar[Mapping[str, str]] = {"name": "person_id", "email": "person_id"}
    ACCESS: ClassVar[Mapping[str, str]] = {
        "name": "public",
        "cost_rate": "cost_rate",
        "bill_rate": "money",
    }
    person_id: PersonId
    external_id: str
    name: str = ""
    email: str = ""
    role: str = ""
    skills: tuple[str, ...] = ()
    hours_per_day: Decimal | None = None
    cost_rate: Decimal | None = None
    bill_rate: Decimal | None = None
    currency: str = ""
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    calendar_id: str | None = None
    employment: Employment = "staff"
    logs_time: Literal["daily", "weekly", "never"] = "daily"
    extra: dict[str, str] = {}


class ContractChanged(Fact, frozen=True, kw_only=True):
    """Other contracted hours, or another calendar, from a day on; what is left out stays as it was."""

    TYPE: ClassVar[str] = "person.contract_changed"
    person_id: PersonId
    valid_from: dt.date
    hours_per_day: Decimal | None = None
    calendar_id: str | None = None


class TimeOffBooked(Fact, frozen=True, kw_only=True):
    """Days away, both ends included; no hours means whole days."""

    TYPE: ClassVar[str] = "time_off.booked"
    person_id: PersonId
    starts_on: dt.date
    ends_on: dt.date
    hours_per_day: Decimal | None = None
    extra: dict[str, str] = {}


class AllocationBooked(Fact, frozen=True, kw_only=True):
    """Hours a day of a person, or of a role still to be filled, on a project; both ends included."""

    TYPE: ClassVar[str] = "allocation.booked"
    allocation_id: AllocationId
    external_id: str = ""
    person_id: PersonId | None = None
    role: str = ""
    project_id: ProjectId
    starts_on: dt.date
    ends_on: dt.date
    hours_per_day: Decimal
    firmness: Firmness = "hard"
    extra: dict[str, str] = {}


class AllocationChanged(Fact, frozen=True, kw_only=True):
    """The same booking with other dates, hours or firmness."""

    TYPE: ClassVar[str] = "allocation.changed"
    allocation_id: AllocationId
    person_id: PersonId | None = None
    project_id: ProjectId
    starts_on: dt.date
    ends_on: dt.date
    hours_per_day: Decimal
    firmness: Firmness = "hard"


class AllocationReleased(Fact, frozen=True, kw_only=True):
    """The booking is gone."""

    TYPE: ClassVar[str] = "allocation.released"
    allocation_id: AllocationId
    person_id: PersonId | None = None
    project_id: ProjectId
