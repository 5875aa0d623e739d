"""A small tenant in a log in memory: two projects, people of two roles, one of them over-booked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal

from agents.reading import load_world
from agents.resource.run import review
from agents.rewording.run import due_at, reword
from agents.world import World
from outside.model import Model
from store.clock import FixedClock
from store.events import (
    AllocationBooked,
    AllocationReleased,
    Fact,
    PersonRegistered,
    ProjectCreated,
    TaskCreated,
    TaskLinked,
    TenantConfigured,
    TimeOffBooked,
)
from store.ids import AllocationId, EventId, PersonId, ProjectId, TaskId, TenantId, entity_id, fact_id, tenant_id_of
from store.log import Draft, Log
from store.log_memory import MemoryLog
from store.projections.alerts.fold import AlertState
from store.projections.alerts.fold import fold as fold_alert
from store.streams import stream_of
from store.tenants import Tenant

TENANT = tenant_id_of("example")
MONDAY = dt.date(2024, 1, 15)


def person_id(name: str) -> PersonId:
    return PersonId(entity_id(TENANT, "person", "test", name))


def project_id(name: str) -> ProjectId:
    return ProjectId(entity_id(TENANT, "project", "test", name))


def allocation_id(name: str) -> AllocationId:
    return AllocationId(entity_id(TENANT, "allocation", "test", name))


def task_id(name: str) -> TaskId:
    return TaskId(entity_id(TENANT, "task", "test", name))


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def person(name: str, *, role: str = "engineer", hours: str = "8", rate: str | None = "80", **more: object) -> Fact:
    return PersonRegistered(
        person_id=person_id(name),
        external_id=name,
        role=role,
        hours_per_day=Decimal(hours),
        cost_rate=None if rate is None else Decimal(rate),
        currency="EUR",
        **more,  # type: ignore[arg-type]
    )


def booking(
    name: str, who: str | None, project: str, first: str, last: str, hours: str, *, firmness: str = "hard"
) -> Fact:
    return AllocationBooked(
        allocation_id=allocation_id(name),
        external_id=name,
        person_id=person_id(who) if who else None,
        role="engineer",
        project_id=project_id(project),
        starts_on=day(first),
        ends_on=day(last),
        hours_per_day=Decimal(hours),
        firmness=firmness,  # type: ignore[arg-type]
    )


def released(name: str, who: str, project: str) -> Fact:
    return AllocationReleased(
        allocation_id=allocation_id(name), person_id=person_id(who), project_id=project_id(project)
    )


def away(who: str, first: str, last: str, hours: str | None = None) -> Fact:
    return TimeOffBooked(
        person_id=person_id(who),
        starts_on=day(first),
        ends_on=day(last),
        hours_per_day=Decimal(hours) if hours else None,
    )


def task(name: str, project: str, owner: str | None, first: str, last: str, *, milestone: str = "") -> Fact:
    return TaskCreated(
        task_id=task_id(name),
        external_id=name,
        project_id=project_id(project),
        name=name,
        owner_id=person_id(owner) if owner else None,  # type: ignore[arg-type]
        planned_start_on=day(first),
        due_on=day(last),
        milestone=milestone,  # type: ignore[arg-type]
    )


def link(project: str, name: str, depends_on: str) -> Fact:
    return TaskLinked(task_id=task_id(name), project_id=project_id(project), depends_on_id=task_id(depends_on))


def project(name: str, go_live: str) -> Fact:
    return ProjectCreated(
        project_id=project_id(name), external_id=name, name=f"Rollout {name}", baseline_go_live_on=day(go_live)
    )


FRAME: tuple[Fact, ...] = (
    TenantConfigured(
        name="Example", timezone="Europe/Berlin", currency="EUR", weekdays=(1, 2, 3, 4, 5), hours_per_day=Decimal(8)
    ),
    project("P-1", "2024-03-01"),
    project("P-2", "2024-03-01"),
    person("Over"),
    person("Same", rate="70"),
    person("Other", role="trainer"),
)

CONFLICT: tuple[Fact, ...] = (
    booking("A-1", "Over", "P-1", "2024-01-22", "2024-01-26", "6"),
    booking("A-2", "Over", "P-2", "2024-01-24", "2024-02-02", "4"),
)
"""Wednesday to Friday of the second week: 10 h on days of 8 h."""


class Stage:
    """A log with facts in it, and the clock of the day."""

    def __init__(
        self,
        facts: Iterable[Fact] = (),
        *,
        on: dt.date = MONDAY,
        log: Log | None = None,
        tenant_id: TenantId = TENANT,
    ) -> None:
        self.log: Log = log or MemoryLog()
        self.tenant_id = tenant_id
        self.clock = FixedClock(dt.datetime.combine(on, dt.time(9), dt.UTC))
        self._count = 0
        self.tell([*FRAME, *facts])

    @property
    def now(self) -> dt.datetime:
        return self.clock.now()

    def tell(self, facts: Iterable[Fact]) -> list[EventId]:
        """Appends and seals facts; returns their ids."""
        ids = []
        for fact in facts:
            self._count += 1
            event_id = fact_id(self.tenant_id, "test", str(self._count))
            draft = Draft(event_id, fact, self.now, self.now, "test")
            self.log.append(self.tenant_id, [(stream_of(fact), [draft], None)], now=self.now)
            ids.append(event_id)
        self.log.seal(self.tenant_id)
        return ids

    def world(self) -> World:
        """Everybody and everything, as the log has it."""
        self.log.seal(self.tenant_id)
        subjects = {event.stream_id.partition("/") for event in self.log.read_all(self.tenant_id)}
        people = [s[2] for s in subjects if s[0] == "capacity"]
        projects = [s[2] for s in subjects if s[0] == "plan"]
        return load_world(self.log, self.tenant_id, people, projects, now=self.now)

    def alerts(self) -> list[AlertState]:
        """Every alert, in the order they were raised."""
        self.log.seal(self.tenant_id)
        streams = dict.fromkeys(
            e.stream_id for e in self.log.read_all(self.tenant_id) if e.stream_id.startswith("alert/")
        )
        return [fold_alert(self.log.read(self.tenant_id, stream)) for stream in streams]

    def review(self, who: str = "Over") -> Sequence[Draft]:
        """What the resource agent says now, appended."""
        position = self.log.head(self.tenant_id).position
        drafts = review(self.world(), person_id(who), self.alerts(), position=position)
        for draft in drafts:
            self.log.append(self.tenant_id, [(stream_of(draft.fact), [draft], None)], now=self.now)
        self.log.seal(self.tenant_id)
        return drafts

    def reword(self, model: Model) -> None:
        """Asks the model for words for every alert that may have some."""
        tenant = Tenant(self.tenant_id, "example", "Example", None)
        for alert in self.alerts():
            due = due_at(alert)
            if due is not None and due <= self.now:
                reword(self.log, tenant, alert, model, self.clock)
        self.log.seal(self.tenant_id)

    def alert(self) -> AlertState:
        """The only alert."""
        (alert,) = self.alerts()
        return alert
