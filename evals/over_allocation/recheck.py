"""A second opinion on every proposal: plain loops over days, sharing no arithmetic with detector, solver or plan.

The facts of the action are folded, and the bookings before and after are counted day by day.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from agents.actions import action_of
from agents.rebooking import facts
from agents.world import World, after
from store.events import ProposedAction
from store.projections.people.fold import PersonState
from store.projections.tenants.fold import TenantState

ZERO = Decimal(0)
Hours = dict[tuple[str, dt.date], Decimal]


def faults(world: World, proposal: ProposedAction, first_on: dt.date, last_on: dt.date, person_id: str) -> list[str]:
    """What is wrong with a proposal for the person's over-allocation in that span; nothing when it holds."""
    later = after(world, facts(world, action_of(proposal.action, proposal.args)))
    before_hours, later_hours = _booked(world), _booked(later)
    return [
        *_still_over(later, later_hours, person_id, max(first_on, world.as_of), last_on),
        *_worse(later, before_hours, later_hours),
        *_past_changed(world.as_of, before_hours, later_hours),
        *_hours_lost(proposal, before_hours, later_hours),
        *_unskilled(world, later),
    ]


def capacity(person: PersonState, tenant: TenantState, day: dt.date) -> Decimal:
    """Contracted hours of the day less time off, from the facts themselves."""
    if (person.starts_on and day < person.starts_on) or (person.ends_on and day > person.ends_on):
        return ZERO
    named = tenant.calendars.get(person.calendar_id or "")
    if named:
        week, holidays = list(named.weekday_hours), named.holidays
    else:
        week = [tenant.hours_per_day if n in tenant.weekdays else ZERO for n in range(1, 8)]
        holidays = tenant.holidays
    full, hours = max(week), ZERO if day in holidays else week[day.weekday()]
    if person.hours_per_day is not None and hours:
        hours = person.hours_per_day if hours == full else min(hours, person.hours_per_day)
    for off in person.time_off:
        if off.starts_on <= day <= off.ends_on:
            hours = ZERO if off.hours_per_day is None else hours - off.hours_per_day
    return max(hours, ZERO)


def _booked(world: World) -> Hours:
    """Firm hours per person and day with capacity; the placeholders keep the tenant's week."""
    hours: Hours = defaultdict(lambda: ZERO)
    for person_id, person in world.people.items():
        for booking in person.allocations.values():
            if booking.firmness != "hard" or booking.ends_on < world.as_of - dt.timedelta(days=60):
                continue
            day = booking.starts_on
            while day <= booking.ends_on:
                if capacity(person, world.tenant, day) > 0:
                    hours[person_id, day] += booking.hours_per_day
                day += dt.timedelta(days=1)
    return hours


def _still_over(world: World, booked: Hours, person_id: str, first: dt.date, last: dt.date) -> Iterator[str]:
    for (who, day), hours in booked.items():
        if who == person_id and first <= day <= last and hours > capacity(world.people[who], world.tenant, day):
            yield f"still over on {day}"


def _worse(world: World, before: Hours, later: Hours) -> Iterator[str]:
    for (who, day), hours in later.items():
        person = world.people[who]
        if person.person_id and hours > before[who, day] and hours > capacity(person, world.tenant, day):
            yield f"{person.external_id} newly over on {day}"


def _past_changed(as_of: dt.date, before: Hours, later: Hours) -> Iterator[str]:
    for who, day in {*before, *later}:
        if day < as_of and before[who, day] != later[who, day]:
            yield f"changes {day}, which has passed"


def _hours_lost(proposal: ProposedAction, before: Hours, later: Hours) -> Iterator[str]:
    was, is_now = sum(before.values(), ZERO), sum(later.values(), ZERO)
    if proposal.action != "release" and was != is_now:
        yield f"{was} h before, {is_now} h after"


def _unskilled(world: World, later: World) -> Iterator[str]:
    for person_id, person in later.people.items():
        known = world.people[person_id].allocations if person_id in world.people else {}
        for booking in person.allocations.values():
            is_new = booking.allocation_id not in known and person.person_id
            if is_new and booking.role and booking.role not in (person.role, *person.skills):
                yield f"{person.external_id} lacks {booking.role}"
