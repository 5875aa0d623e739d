"""From a person's folded facts to what the arithmetic of capacity asks for."""

from __future__ import annotations

from collections.abc import Iterable

from plan.calendar import Calendar, weekly
from plan.capacity import Booking, Contract, TimeOff
from store.projections.people.fold import PersonState
from store.projections.tenants.fold import TenantState


def calendar_of(tenant: TenantState, calendar_id: str | None) -> Calendar:
    """The named calendar, else the tenant's own week. A calendar without a zone keeps the tenant's."""
    entry = tenant.calendars.get(calendar_id or "")
    if entry is None:
        return weekly(tenant.timezone, tenant.weekdays, tenant.hours_per_day, tenant.holidays)
    return Calendar(entry.timezone or tenant.timezone, entry.weekday_hours, frozenset(entry.holidays))


def contract_of(person: PersonState, tenant: TenantState) -> Contract:
    """The person's hours: their calendar, shortened or lengthened to the contracted hours, less their time off."""
    calendar = calendar_of(tenant, person.calendar_id)
    if person.hours_per_day is not None:
        calendar = calendar.with_full_day(person.hours_per_day)
    away = tuple(TimeOff(off.starts_on, off.ends_on, off.hours_per_day) for off in person.time_off)
    return Contract(person.person_id, calendar, person.starts_on, person.ends_on, away)


def bookings_of(person: PersonState) -> Iterable[Booking]:
    """The person's allocations as bookings, in order of their ids."""
    return (
        Booking(a.allocation_id, a.project_id, a.starts_on, a.ends_on, a.hours_per_day, a.firmness == "soft")
        for _, a in sorted(person.allocations.items())
    )
