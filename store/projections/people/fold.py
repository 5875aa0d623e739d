"""What a person can give and has promised: contract, time off, allocations. Pure.

The subject "placeholder" holds the allocations of roles that nobody fills yet.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

import msgspec

from store.events import (
    AllocationBooked,
    AllocationChanged,
    AllocationReleased,
    ContractChanged,
    Fact,
    PersonRegistered,
    TimeOffBooked,
)
from store.events.people import Firmness
from store.log import Event
from store.projections.snapshot import copied


class TimeOff(msgspec.Struct, kw_only=True):
    """Days away, both ends included; no hours means whole days."""

    starts_on: dt.date
    ends_on: dt.date
    hours_per_day: Decimal | None
    recorded_at: dt.datetime
    event_id: str


class ContractChange(msgspec.Struct, kw_only=True):
    """Other contracted hours or another calendar from a day on; None is as before."""

    valid_from: dt.date
    hours_per_day: Decimal | None
    calendar_id: str | None
    event_id: str


class Allocation(msgspec.Struct, kw_only=True):
    """A booking in force. `event_id` is the fact that gave it its present form."""

    allocation_id: str
    external_id: str
    role: str
    project_id: str
    starts_on: dt.date
    ends_on: dt.date
    hours_per_day: Decimal
    firmness: Firmness
    recorded_at: dt.datetime
    event_id: str


class PersonState(msgspec.Struct, kw_only=True):
    """One person's capacity. `version` is that of the capacity stream."""

    person_id: str = ""
    external_id: str = ""
    role: str = ""
    skills: tuple[str, ...] = ()
    hours_per_day: Decimal | None = None
    cost_rate: Decimal | None = None
    bill_rate: Decimal | None = None
    currency: str = ""
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    calendar_id: str | None = None
    employment: str = "staff"
    logs_time: str = "daily"
    event_id: str = ""
    contract_changes: list[ContractChange] = []
    time_off: list[TimeOff] = []
    allocations: dict[str, Allocation] = {}
    version: int = 0


def fold(events: Iterable[Event], state: PersonState | None = None) -> PersonState:
    """The state after these events; the given state is left as it is."""
    result = copied(state) if state else PersonState()
    for event in events:
        handler = _HANDLERS.get(type(event.fact))
        if handler:
            handler(result, event.fact, event)
        result.version = max(result.version, event.stream_version)
    return result


def _registered(state: PersonState, fact: PersonRegistered, event: Event) -> None:
    for name in ("person_id", "external_id", "role", "skills", "hours_per_day", "cost_rate", "bill_rate", "currency"):
        setattr(state, name, getattr(fact, name))
    for name in ("starts_on", "ends_on", "calendar_id", "employment", "logs_time"):
        setattr(state, name, getattr(fact, name))
    state.event_id = event.event_id


def _contract_changed(state: PersonState, fact: ContractChanged, event: Event) -> None:
    state.contract_changes.append(
        ContractChange(
            valid_from=fact.valid_from,
            hours_per_day=fact.hours_per_day,
            calendar_id=fact.calendar_id,
            event_id=event.event_id,
        )
    )


def _time_off(state: PersonState, fact: TimeOffBooked, event: Event) -> None:
    entry = TimeOff(
        starts_on=fact.starts_on,
        ends_on=fact.ends_on,
        hours_per_day=fact.hours_per_day,
        recorded_at=event.recorded_at,
        event_id=event.event_id,
    )
    state.time_off.append(entry)


def _booked(state: PersonState, fact: AllocationBooked, event: Event) -> None:
    state.allocations[fact.allocation_id] = Allocation(
        allocation_id=fact.allocation_id,
        external_id=fact.external_id,
        role=fact.role,
        project_id=fact.project_id,
        starts_on=fact.starts_on,
        ends_on=fact.ends_on,
        hours_per_day=fact.hours_per_day,
        firmness=fact.firmness,
        recorded_at=event.recorded_at,
        event_id=event.event_id,
    )


def _changed(state: PersonState, fact: AllocationChanged, event: Event) -> None:
    allocation = state.allocations.get(fact.allocation_id)
    if allocation is None:
        return
    allocation.starts_on, allocation.ends_on = fact.starts_on, fact.ends_on
    allocation.hours_per_day, allocation.firmness = fact.hours_per_day, fact.firmness
    allocation.recorded_at, allocation.event_id = event.recorded_at, event.event_id


def _released(state: PersonState, fact: AllocationReleased, _event: Event) -> None:
    state.allocations.pop(fact.allocation_id, None)


_HANDLERS: dict[type[Fact], Callable[[PersonState, Any, Event], None]] = {
    PersonRegistered: _registered,
    ContractChanged: _contract_changed,
    TimeOffBooked: _time_off,
    AllocationBooked: _booked,
    AllocationChanged: _changed,
    AllocationReleased: _released,
}
