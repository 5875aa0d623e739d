"""From a person's folded facts to what the arithmetic of capacity asks for."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from plan.calendar import Calendar, weekly
from plan.capacity import Booking, Contract, TimeOff
from store.projections.people.fold import PersonState
from store.projections.tenants.fold import TenantState, WeekChange


def calendar_of(tenant: TenantState, calendar_id: str | None, *, timezone: str = "") -> Calendar:
    """The named calendar, else the tenant's own week, with its changes from their days on.

    A calendar without a zone keeps the given one, else the tenant's.
    """
    entry = tenant.calendars.get(calendar_id or "")
    if entry is None:
        own = weekly(tenant.timezone, tenant.weekdays, tenant.hours_per_day, tenant.holidays)
        return _changed(own, tenant.week_changes)
    zone = entry.timezone or timezone or tenant.timezone
    return _changed(Calendar(zone, entry.weekday_hours, frozenset(entry.holidays)), entry.changes)


def _changed(calendar: Calendar, changes: Iterable[WeekChange]) -> Calendar:
    for change in sorted(changes, key=lambda each: each.valid_from):
        later = Calendar(calendar.timezone, change.weekday_hours, frozenset(change.holidays))
        calendar = calendar.changed_from(change.valid_from, later)
    return calendar


def contract_of(person: PersonState, tenant: TenantState) -> Contract:
    """The person's hours: their calendar, shortened or lengthened to the contracted hours, less their time off.

    A change of contract holds from its day on; the days before stay what they were.
    """
    calendar_id, hours = person.calendar_id, person.hours_per_day
    calendar = _contracted(tenant, calendar_id, hours)
    for change in sorted(person.contract_changes, key=lambda each: each.valid_from):
        calendar_id = change.calendar_id or calendar_id
        hours = hours if change.hours_per_day is None else change.hours_per_day
        calendar = calendar.changed_from(change.valid_from, _contracted(tenant, calendar_id, hours))
    away = tuple(TimeOff(off.starts_on, off.ends_on, off.hours_per_day) for off in person.time_off)
    return Contract(person.person_id, calendar, person.starts_on, person.ends_on, away)


def _contracted(tenant: TenantState, calendar_id: str | None, hours_per_day: Decimal | None) -> Calendar:
    calendar = calendar_of(tenant, calendar_id)
    return calendar if hours_per_day is None else calendar.with_full_day(hours_per_day)


def bookings_of(person: PersonState) -> Iterable[Booking]:
    """The person's allocations as bookings, in order of their ids."""
    return (
        Booking(a.allocation_id, a.project_id, a.starts_on, a.ends_on, a.hours_per_day, a.firmness == "soft")
        for _, a in sorted(person.allocations.items())
    )
