"""What the facts of one call may refer to, folded from the log when first asked for. Pure over the log's port."""

from __future__ import annotations

from datetime import UTC, datetime

from store.events import (
    AllocationBooked,
    CalendarDefined,
    CustomerRegistered,
    Fact,
    PersonRegistered,
    ProjectCreated,
    TaskCreated,
    TaskLinked,
)
from store.events.directory import ContactRegistered
from store.ids import EventId, TenantId
from store.log import Event, Log
from store.projections.people.fold import PersonState
from store.projections.people.fold import fold as fold_person
from store.projections.playbooks.fold import PlaybookState
from store.projections.playbooks.fold import fold as fold_playbook
from store.projections.projects.fold import fold as fold_project
from store.projections.projects.state import ProjectState
from store.projections.tenants.fold import TenantState
from store.projections.tenants.fold import fold as fold_tenant
from store.streams import DIRECTORY, capacity_stream, playbook_stream, project_streams, stream_of

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Known:
    """The log's states, and what earlier facts of the same call add to them."""

    def __init__(self, log: Log, tenant_id: TenantId) -> None:
        self._log = log
        self._tenant_id = tenant_id
        self._projects: dict[str, ProjectState] = {}
        self._people: dict[str, PersonState] = {}
        self._directory: TenantState | None = None
        self._new: set[tuple[str, str]] = set()
        self._new_links: dict[str, list[tuple[str, str]]] = {}
        self._new_facts: dict[str, list[Fact]] = {}

    def has_project(self, project_id: str) -> bool:
        """Whether the project is there."""
        return ("project", project_id) in self._new or bool(self._project(project_id).project_id)

    def has_person(self, person_id: str) -> bool:
        """Whether somebody on the delivering side has this id."""
        return ("person", person_id) in self._new or bool(self._person(person_id).person_id)

    def has_contact(self, contact_id: str) -> bool:
        """Whether somebody on a customer's side has this id."""
        return ("contact", contact_id) in self._new or contact_id in self._tenant().parties

    def has_calendar(self, calendar_id: str) -> bool:
        """Whether the working week is there."""
        return ("calendar", calendar_id) in self._new or calendar_id in self._tenant().calendars

    def has_customer(self, customer_id: str) -> bool:
        """Whether the account is there."""
        return ("customer", customer_id) in self._new or customer_id in self._tenant().customers

    def has_task(self, project_id: str, task_id: str) -> bool:
        """Whether the project has the task."""
        return ("task", task_id) in self._new or task_id in self._project(project_id).tasks

    def has_allocation(self, person_id: str | None, allocation_id: str) -> bool:
        """Whether the person (or, without one, the list of roles to be filled) has the booking."""
        return ("allocation", allocation_id) in self._new or allocation_id in self._person(person_id).allocations

    def links(self, project_id: str) -> list[tuple[str, str]]:
        """The project's links as (predecessor, successor)."""
        tasks = self._project(project_id).tasks.values()
        stored = [(link.depends_on_id, task.task_id) for task in tasks for link in task.links]
        return stored + self._new_links.get(project_id, [])

    def project_with_new(self, project_id: str) -> ProjectState:
        """The project as the earlier facts of the same call leave it."""
        new = self._new_facts.get(project_id, [])
        return fold_project([self._event(fact) for fact in new], self._project(project_id))

    def playbook(self, playbook_id: str) -> PlaybookState:
        """A playbook that a project pins."""
        return fold_playbook(self._log.read(self._tenant_id, playbook_stream(playbook_id)))

    def learn(self, fact: Fact) -> None:
        """What a later fact of the same call may refer to."""
        self._new_facts.setdefault(getattr(fact, "project_id", None) or "", []).append(fact)
        for fact_type, kind in _KINDS:
            if isinstance(fact, fact_type):
                self._new.add((kind, getattr(fact, f"{kind}_id")))
        if isinstance(fact, TaskLinked):
            self._new_links.setdefault(fact.project_id, []).append((fact.depends_on_id, fact.task_id))

    def _event(self, fact: Fact) -> Event:
        # Only for a state to be asked about: it is never stored, so its circumstances do not matter.
        return Event(self._tenant_id, stream_of(fact), 0, EventId(""), fact, LONG_AGO, LONG_AGO, LONG_AGO, "")

    def _project(self, project_id: str) -> ProjectState:
        if project_id not in self._projects:
            self._projects[project_id] = fold_project(self._log.read_many(self._tenant_id, project_streams(project_id)))
        return self._projects[project_id]

    def _person(self, person_id: str | None) -> PersonState:
        stream = capacity_stream(person_id)
        if stream not in self._people:
            self._people[stream] = fold_person(self._log.read(self._tenant_id, stream))
        return self._people[stream]

    def _tenant(self) -> TenantState:
        if self._directory is None:
            self._directory = fold_tenant(self._log.read(self._tenant_id, DIRECTORY))
        return self._directory


_KINDS: tuple[tuple[type[Fact], str], ...] = (
    (ProjectCreated, "project"),
    (TaskCreated, "task"),
    (AllocationBooked, "allocation"),
    (PersonRegistered, "person"),
    (CalendarDefined, "calendar"),
    (CustomerRegistered, "customer"),
    (ContactRegistered, "contact"),
)
