"""Around one project: whose working days count for whom, and who is the customer. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from plan.calendar import Calendar, weekly
from plan.staffing import calendar_of
from store.projections.projects.state import ProjectState
from store.projections.tenants.fold import TenantState


@dataclass(frozen=True, slots=True)
class Setting:
    """The calendar of the delivering side, that of the customer, and the ids of the customer's contacts."""

    calendar: Calendar
    customer_calendar: Calendar
    contact_ids: frozenset[str]


def setting_of(tenant: TenantState, project: ProjectState) -> Setting:
    """The setting as the directory knows it; a customer without a calendar keeps the tenant's week in its own zone."""
    calendar = calendar_of(tenant, project.calendar_id)
    return Setting(calendar, _customer_calendar(tenant, project) or calendar, _contacts(tenant, project.customer_id))


def plain_setting(timezone: str = "UTC") -> Setting:
    """Monday to Friday for both sides, nobody known by name."""
    calendar = _customer_week(timezone)
    return Setting(calendar, calendar, frozenset())


@lru_cache(maxsize=64)
def _customer_week(timezone: str) -> Calendar:
    default = TenantState()
    return weekly(timezone, default.weekdays, default.hours_per_day)


def _customer_calendar(tenant: TenantState, project: ProjectState) -> Calendar | None:
    customer = tenant.customers.get(project.customer_id or "")
    if customer is None:
        return None
    if customer.calendar_id in tenant.calendars:
        return calendar_of(tenant, customer.calendar_id, timezone=customer.timezone)
    return calendar_of(tenant, None).with_timezone(customer.timezone or tenant.timezone)


def _contacts(tenant: TenantState, customer_id: str | None) -> frozenset[str]:
    return frozenset(p.party_id for p in tenant.parties.values() if p.customer_id and p.customer_id == customer_id)
