"""A project with its surroundings as the log knew them at a cut. Pure over the log's port."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from plan.staffing import calendar_of
from store.ids import StreamId, TenantId
from store.log import Cut, Event, Log
from store.projections.people.fold import PersonState
from store.projections.people.fold import fold as fold_person
from store.projections.projects.fold import fold as fold_project
from store.projections.projects.state import ProjectState
from store.projections.tenants.fold import TenantState
from store.projections.tenants.fold import fold as fold_tenant
from store.streams import DIRECTORY, TENANT, capacity_stream, project_streams


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The project, its tenant and everybody who delivers; `as_of` is the tenant's date then."""

    project: ProjectState
    tenant: TenantState
    people: Mapping[str, PersonState]
    as_of: date


@dataclass(frozen=True, slots=True)
class Bound:
    """What was known: the events the cut admits and, where a position is given, none behind it.

    A baseline on the recorded basis has both, so that a fact recorded long ago and appended later does not change it.
    """

    cut: Cut
    position: int | None = None

    def read(self, log: Log, tenant_id: TenantId, streams: list[StreamId]) -> list[Event]:
        """The events of these streams that were known."""
        found = log.read_many(tenant_id, streams, cut=self.cut)
        if self.position is None:
            return found
        return [event for event in found if event.position is not None and event.position <= self.position]


def surroundings(log: Log, tenant_id: TenantId, project_id: str, bound: Bound, at: datetime) -> Surroundings:
    """Project, tenant and people as known; a project that was not known then comes without a `project_id`."""
    project = fold_project(bound.read(log, tenant_id, project_streams(project_id)))
    own = {capacity_stream(person_id): person_id for person_id in sorted(_named(project))}
    events = bound.read(log, tenant_id, [TENANT, DIRECTORY, *own])
    by_person: dict[str, list[Event]] = {}
    for event in events:
        if event.stream_id in own:
            by_person.setdefault(own[event.stream_id], []).append(event)
    people = {person_id: fold_person(theirs) for person_id, theirs in by_person.items()}
    tenant = fold_tenant(events)
    return Surroundings(project, tenant, people, calendar_of(tenant, None).local_date(at))


def _named(project: ProjectState) -> set[str]:
    worked = {entry.person_id for entry in project.time}
    return worked | {task.owner_id for task in project.tasks.values() if task.owner_id}
