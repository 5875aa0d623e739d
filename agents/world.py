"""The states an agent thinks on, and what they would be after some more facts. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from plan.capacity import Booking, Contract
from plan.staffing import bookings_of, contract_of
from store.events import Fact
from store.ids import EventId, StreamId, TenantId
from store.log import Event
from store.projections.people import fold as people
from store.projections.people.fold import PersonState
from store.projections.projects import fold as projects
from store.projections.projects.state import ProjectState
from store.projections.tenants.fold import TenantState
from store.streams import CAPACITY, PLACEHOLDER, PLAN, project_streams, stream_of


@dataclass(frozen=True, slots=True)
class World:
    """People and projects of one tenant as known at `now`; `as_of` is the tenant's date then.

    `people` may hold the placeholders' state under "placeholder". Nothing in a world is changed:
    `after` makes another one.
    """

    tenant_id: TenantId
    tenant: TenantState
    people: Mapping[str, PersonState]
    projects: Mapping[str, ProjectState]
    now: dt.datetime
    as_of: dt.date

    def person(self, person_id: str | None) -> PersonState:
        """The person, or the placeholders; somebody nobody has heard of has no hours and no role."""
        return self.people.get(person_id or PLACEHOLDER) or PersonState()

    def contract(self, person_id: str | None) -> Contract:
        """The hours the person can be booked for; a placeholder keeps the tenant's week."""
        return contract_of(self.person(person_id), self.tenant)

    def bookings(self, person_id: str | None) -> list[Booking]:
        """The person's bookings."""
        return list(bookings_of(self.person(person_id)))

    def external(self, kind: str, key: str) -> str:
        """What the source calls a person or a project, for texts; the id where it has no name for it."""
        state = self.people.get(key) if kind == "person" else self.projects.get(key)
        return (state.external_id if state else "") or key


def after(world: World, facts: Iterable[Fact]) -> World:
    """The world once these facts are folded, exactly as the projector would fold them."""
    people_after, projects_after = dict(world.people), dict(world.projects)
    for number, fact in enumerate(facts, start=1):
        stream_id = stream_of(fact)
        kind, _, subject = stream_id.partition("/")
        if kind == CAPACITY:
            person = people_after.get(subject) or PersonState()
            people_after[subject] = people.fold([_event(world, stream_id, person.version, number, fact)], person)
        elif stream_id in project_streams(subject):
            project = projects_after.get(subject) or ProjectState()
            projects_after[subject] = projects.fold([_event(world, stream_id, project.version, number, fact)], project)
    return replace(world, people=people_after, projects=projects_after)


def streams_of(facts: Iterable[Fact]) -> list[StreamId]:
    """The streams that these facts belong to, each once, in order of first use."""
    return list(dict.fromkeys(stream_of(fact) for fact in facts))


def version_of(world: World, stream_id: StreamId) -> int:
    """The version of a capacity or plan stream that the world was folded to."""
    kind, _, subject = stream_id.partition("/")
    state = world.projects.get(subject) if kind == PLAN else world.people.get(subject)
    return state.version if state else 0


def _event(world: World, stream_id: StreamId, version: int, number: int, fact: Fact) -> Event:
    return Event(
        tenant_id=world.tenant_id,
        stream_id=stream_id,
        stream_version=version + 1,
        event_id=EventId(f"preview/{number}"),
        fact=fact,
        occurred_at=world.now,
        recorded_at=world.now,
        appended_at=world.now,
        source="preview",
    )
