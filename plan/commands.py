"""Recording what people and systems report: facts checked against what is known, then appended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from plan.known import Known
from plan.ordering import topological_order
from plan.recordable import FIRST_DAY, LAST_DAY, check_alone, invalid
from store.errors import Conflict, Invalid, NotFound
from store.events import (
    FACT_TYPES,
    AllocationBooked,
    AllocationChanged,
    AllocationReleased,
    Fact,
    ProjectCreated,
    TaskCreated,
    TaskLinked,
    parse,
)
from store.events import alerts as alert_facts
from store.events.directory import TenantConfigured
from store.ids import EventId, StreamId, TenantId, fact_id, is_uuid
from store.log import Draft, Event, Log
from store.projections.people.fold import PersonState
from store.projections.people.fold import fold as fold_person
from store.projections.projects.fold import fold as fold_project
from store.projections.projects.state import ProjectState
from store.streams import capacity_stream, project_streams, stream_of

SOURCE = "api"
_CLOSED_TO_ALL = (TenantConfigured,)

RECORDABLE = tuple(
    fact_type
    for fact_type in FACT_TYPES
    if fact_type.__module__ != alert_facts.__name__ and fact_type not in _CLOSED_TO_ALL
)
_TYPES = {f"{fact_type.TYPE}.v{fact_type.VERSION}": fact_type for fact_type in RECORDABLE}


@dataclass(frozen=True, slots=True)
class Reported:
    """A fact as somebody sent it: its wire name, its payload in wire form, and when it happened."""

    type: str
    payload: dict[str, Any]
    occurred_at: datetime | None = None


def record(
    log: Log,
    tenant_id: TenantId,
    reports: Sequence[Reported],
    *,
    key: str,
    actor_id: str,
    now: datetime,
    appended_at: datetime,
) -> list[Event]:
    """Appends reported facts, all or nothing. Their ids follow from `key`, so a repeat is harmless.

    Raises `Invalid` naming the report (`events[2].payload`) and what was expected, `NotFound` for
    what a fact refers to and is not there.
    """
    facts = [_fact(tenant_id, key, n, report) for n, report in enumerate(reports)]
    known = _Known(log, tenant_id)
    for n, fact in enumerate(facts):
        _check(fact, known, f"events[{n}].payload")
        known.learn(fact)
    drafts = [_draft(tenant_id, key, n, fact, reports[n], actor_id, now) for n, fact in enumerate(facts)]
    by_stream: dict[StreamId, list[Draft]] = {}
    for draft in drafts:
        by_stream.setdefault(stream_of(draft.fact), []).append(draft)
    stored = log.append(tenant_id, [(stream, theirs, None) for stream, theirs in by_stream.items()], now=appended_at)
    places = {event.event_id: event for event in stored}
    return [places[draft.event_id] for draft in drafts]


def _fact(tenant_id: TenantId, key: str, number: int, report: Reported) -> Fact:
    where = f"events[{number}]"
    fact_type = _TYPES.get(report.type)
    if fact_type is None:
        raise Invalid(
            "unknown_event_type",
            f"{report.type!r} cannot be recorded here.",
            remedy=f"Use one of: {', '.join(sorted(_TYPES))}.",
            where=f"{where}.type",
        )
    payload = dict(report.payload)
    own = _OWN_IDS.get(fact_type)
    if own and not payload.get(own):
        payload[own] = fact_id(tenant_id, SOURCE, key, str(number), own)
    if "external_id" in fact_type.__struct_fields__:
        payload.setdefault("external_id", "")
    try:
        return parse(fact_type.TYPE, fact_type.VERSION, msgspec.json.encode(payload))
    except Invalid as error:
        raise Invalid(error.code, error.detail, remedy=error.remedy, where=f"{where}.payload") from error


_OWN_IDS: dict[type[Fact], str] = {
    AllocationBooked: "allocation_id",
    TaskCreated: "task_id",
    ProjectCreated: "project_id",
}


def _draft(
    tenant_id: TenantId, key: str, number: int, fact: Fact, report: Reported, actor_id: str, now: datetime
) -> Draft:
    event_id = EventId(fact_id(tenant_id, SOURCE, key, str(number)))
    return Draft(event_id, fact, report.occurred_at or now, now, SOURCE, actor_id)


class _Known:
    """What the facts of one call may refer to, read when first asked for."""

    def __init__(self, log: Log, tenant_id: TenantId) -> None:
        self._log = log
        self._tenant_id = tenant_id
        self._projects: dict[str, ProjectState] = {}
        self._people: dict[str, PersonState] = {}
        self._new_projects: set[str] = set()
        self._new_tasks: set[str] = set()
        self._new_links: dict[str, list[tuple[str, str]]] = {}

    def project(self, project_id: str) -> ProjectState | None:
        if project_id not in self._projects:
            events = self._log.read_many(self._tenant_id, project_streams(project_id))
            self._projects[project_id] = fold_project(events)
        state = self._projects[project_id]
        return state if state.project_id or project_id in self._new_projects else None

    def person(self, person_id: str) -> PersonState | None:
        if person_id not in self._people:
            self._people[person_id] = fold_person(self._log.read(self._tenant_id, capacity_stream(person_id)))
        state = self._people[person_id]
        return state if state.person_id else None

    def has_task(self, project_id: str, task_id: str) -> bool:
        state = self.project(project_id)
        return task_id in self._new_tasks or (state is not None and task_id in state.tasks)

    def links(self, project_id: str) -> list[tuple[str, str]]:
        state = self.project(project_id)
        stored = (
            [(link.depends_on_id, task.task_id) for task in state.tasks.values() for link in task.links]
            if state
            else []
        )
        return stored + self._new_links.setdefault(project_id, [])

    def learn(self, fact: Fact) -> None:
        """What a later fact of the same call may refer to."""
        if isinstance(fact, ProjectCreated):
            self._new_projects.add(fact.project_id)
        elif isinstance(fact, TaskCreated):
            self._new_tasks.add(fact.task_id)
        elif isinstance(fact, TaskLinked):
            self._new_links.setdefault(fact.project_id, []).append((fact.depends_on_id, fact.task_id))


def _check(fact: Fact, known: _Known, where: str) -> None:
    for check in _CHECKS:
        check(fact, known, where)


def _ids_are_uuids(fact: Fact, _known: _Known, where: str) -> None:
    for name in fact.__struct_fields__:
        value = getattr(fact, name)
        if name.endswith("_id") and name != "external_id" and value and not is_uuid(str(value)):
            raise _invalid(
                "bad_id", f"{name} is {value!r}, not a UUID.", "Use the ids that this API gave.", where, name
            )


def _dates_are_sane(fact: Fact, _known: _Known, where: str) -> None:
    for name, day in _dates(fact):
        if not FIRST_DAY <= day <= LAST_DAY:
            raise _invalid(
                "date_out_of_range", f"{name} is {day}.", f"Dates run from {FIRST_DAY} to {LAST_DAY}.", where, name
            )
    starts, ends = getattr(fact, "starts_on", None), getattr(fact, "ends_on", None)
    if starts and ends and ends < starts:
        raise _invalid(
            "ends_before_start", f"ends_on {ends} is before starts_on {starts}.", "Swap them.", where, "ends_on"
        )


def _dates(fact: Fact) -> Iterator[tuple[str, dt.date]]:
    for name in fact.__struct_fields__:
        value = getattr(fact, name)
        if isinstance(value, dt.date):
            yield name, value


def _hours_are_sane(fact: Fact, _known: _Known, where: str) -> None:
    hours = getattr(fact, "hours_per_day", None)
    if hours is not None and not (hours.is_finite() and 0 <= hours <= 24):
        raise _invalid("bad_hours", f"hours_per_day is {hours}.", "Expected 0 to 24.", where, "hours_per_day")
    for name in ("effort_hours", "hours"):
        value = getattr(fact, name, None)
        if value is not None and not (value.is_finite() and value >= 0):
            raise _invalid("bad_hours", f"{name} is {value}.", "Expected a number of hours, 0 or more.", where, name)


def _references_exist(fact: Fact, known: _Known, where: str) -> None:
    project_id = getattr(fact, "project_id", None)
    if project_id and not isinstance(fact, ProjectCreated) and known.project(project_id) is None:
        raise _missing("project", project_id, where, "project_id")
    person_id = getattr(fact, "person_id", None)
    if person_id and isinstance(fact, AllocationBooked) and known.person(person_id) is None:
        raise _missing("person", person_id, where, "person_id")
    for name in ("task_id", "depends_on_id"):
        task_id = getattr(fact, name, None)
        if task_id and project_id and not isinstance(fact, TaskCreated) and not known.has_task(project_id, task_id):
            raise _missing("task", task_id, where, name)


def _allocation_exists(fact: Fact, known: _Known, where: str) -> None:
    if not isinstance(fact, AllocationChanged | AllocationReleased):
        return
    person = known.person(fact.person_id) if fact.person_id else None
    if fact.person_id and (person is None or fact.allocation_id not in person.allocations):
        raise _missing("allocation of this person", fact.allocation_id, where, "allocation_id")


def _links_have_no_cycle(fact: Fact, known: _Known, where: str) -> None:
    if not isinstance(fact, TaskLinked):
        return
    edges = [*known.links(fact.project_id), (fact.depends_on_id, fact.task_id)]
    try:
        topological_order(sorted({task_id for edge in edges for task_id in edge}), edges)
    except Invalid as error:
        raise Invalid(error.code, error.detail, remedy=error.remedy, where=f"{where}.depends_on_id") from error


_CHECKS: tuple[Callable[[Fact, _Known, str], None], ...] = (
    _ids_are_uuids,
    _dates_are_sane,
    _hours_are_sane,
    _references_exist,
    _allocation_exists,
    _links_have_no_cycle,
)


def _invalid(code: str, detail: str, remedy: str, where: str, field: str) -> Invalid:
    return Invalid(code, detail, remedy=remedy, where=f"{where}.{field}")


def _missing(what: str, value: str, where: str, field: str) -> NotFound:
    return NotFound(
        f"unknown_{what.split(maxsplit=1)[0]}",
        f"There is no {what} {value}.",
        remedy="Use an id that exists, or send the fact that creates it first.",
        where=f"{where}.{field}",
    )
