"""Recording what people and systems report: facts checked against what is known, then appended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from plan.known import Known
from plan.ordering import topological_order
from plan.playbook.gates import hold, unmet
from plan.recordable import FIRST_DAY, LAST_DAY, check_alone, invalid
from store import events as kinds
from store.errors import Conflict, Invalid, NotFound
from store.events import (
    FACT_TYPES,
    AllocationBooked,
    AllocationChanged,
    AllocationReleased,
    Fact,
    PersonRegistered,
    ProjectCreated,
    TaskCreated,
    TaskLinked,
    parse,
)
from store.events import alerts as alert_facts
from store.events import playbooks as playbook_facts
from store.events import summaries as summary_facts
from store.events import vault as vault_facts
from store.ids import EventId, StreamId, TenantId, fact_id
from store.log import Draft, Event, Log
from store.projections.projects.fold import OVER
from store.streams import stream_of

SOURCE = "api"
# Each of these has a door of its own: an override takes a manager, a baseline a position.
_CLOSED_TO_ALL = (
    kinds.AccessLimited,
    kinds.TenantConfigured,
    kinds.PartyErased,
    kinds.ProjectPlaybookPinned,
    kinds.StageGateOverridden,
    kinds.BaselineTaken,
)
_MADE_BY_LEEWAY = frozenset(
    {alert_facts.__name__, playbook_facts.__name__, summary_facts.__name__, vault_facts.__name__}
)

RECORDABLE = tuple(
    fact_type
    for fact_type in FACT_TYPES
    if fact_type.__module__ not in _MADE_BY_LEEWAY and fact_type not in _CLOSED_TO_ALL
)
_TYPES = {f"{fact_type.TYPE}.v{fact_type.VERSION}": fact_type for fact_type in RECORDABLE}

OWN_IDS: dict[type[Fact], str] = {
    kinds.CalendarDefined: "calendar_id",
    kinds.CustomerRegistered: "customer_id",
    kinds.ContactRegistered: "contact_id",
    kinds.EngagementOpened: "engagement_id",
    PersonRegistered: "person_id",
    AllocationBooked: "allocation_id",
    ProjectCreated: "project_id",
    kinds.ScopeItemAdded: "scope_item_id",
    TaskCreated: "task_id",
    kinds.MessageSent: "message_id",
    kinds.EscalationRaised: "escalation_id",
    kinds.TranscriptReceived: "transcript_id",
    kinds.TimeLogged: "entry_id",
    kinds.ChangeRequested: "change_request_id",
    kinds.InvoiceIssued: "invoice_id",
    kinds.ExpenseRecorded: "expense_id",
}
"""The id of what a fact creates: made from the call's key where the caller gives none."""


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

    Raises `Invalid` naming the report (`events[2].payload.due_on`) and what was expected, `NotFound`
    for what a fact refers to and is not there, `Conflict` for what it would create a second time.
    """
    facts = [_fact(tenant_id, key, n, report) for n, report in enumerate(reports)]
    drafts = [_draft(tenant_id, key, n, fact, reports[n], actor_id, now) for n, fact in enumerate(facts)]
    ids = [draft.event_id for draft in drafts]
    # A repeat finds the world as its first call left it: what was released is gone, what was created is there.
    if len(log.find(tenant_id, ids)) < len(ids):
        _check_against(Known(log, tenant_id), facts)
    by_stream: dict[StreamId, list[Draft]] = {}
    for draft in drafts:
        by_stream.setdefault(stream_of(draft.fact), []).append(draft)
    stored = log.append(tenant_id, [(stream, theirs, None) for stream, theirs in by_stream.items()], now=appended_at)
    places = {event.event_id: event for event in stored}
    return [places[event_id] for event_id in ids]


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
    own = OWN_IDS.get(fact_type)
    if own and own not in payload:
        payload[own] = fact_id(tenant_id, SOURCE, key, str(number), own)
    if "external_id" in fact_type.__struct_fields__:
        payload.setdefault("external_id", "")
    _no_unknown_field(payload, fact_type, f"{where}.payload")
    try:
        fact = parse(fact_type.TYPE, fact_type.VERSION, msgspec.json.encode(payload))
    except Invalid as error:
        raise Invalid(error.code, error.detail, remedy=error.remedy, where=f"{where}.payload") from error
    check_alone(fact, f"{where}.payload")
    return fact


def _no_unknown_field(payload: dict[str, Any], fact_type: type[Fact], where: str) -> None:
    for name in payload:
        if name not in fact_type.__struct_fields__:
            raise invalid(
                "unknown_field",
                f"{fact_type.TYPE} has no field {name!r}.",
                f"Use: {', '.join(fact_type.__struct_fields__)}.",
                where,
                name,
            )


def _draft(
    tenant_id: TenantId, key: str, number: int, fact: Fact, report: Reported, actor_id: str, now: datetime
) -> Draft:
    event_id = EventId(fact_id(tenant_id, SOURCE, key, str(number)))
    occurred_at = now if report.occurred_at is None else _instant(report.occurred_at, f"events[{number}].occurred_at")
    return Draft(event_id, fact, occurred_at, now, SOURCE, actor_id)


def _instant(at: datetime, where: str) -> datetime:
    # Compared by the year first: an offset may carry the first or last of them out of the calendar.
    if at.tzinfo is None or not FIRST_DAY.year <= at.year <= LAST_DAY.year:
        raise Invalid(
            "date_out_of_range",
            f"It is said to have happened at {at.isoformat()}.",
            remedy=f"Send an instant with an offset between {FIRST_DAY.year} and {LAST_DAY.year}.",
            where=where,
        )
    return at.astimezone(UTC)


def _check_against(known: Known, facts: Sequence[Fact]) -> None:
    for n, fact in enumerate(facts):
        for check in _CHECKS:
            check(fact, known, f"events[{n}].payload")
        _reopened_with_a_date(facts, n, known)
        known.learn(fact)


def _reopened_with_a_date(facts: Sequence[Fact], number: int, known: Known) -> None:
    """Who opens a project again promises a date in the same call: the old promise is over."""
    fact = facts[number]
    if not isinstance(fact, kinds.ProjectStatusChanged) or fact.status in OVER:
        return
    is_promised = any(
        isinstance(each, kinds.ProjectGoLiveCommitted) and each.project_id == fact.project_id for each in facts
    )
    if not is_promised and known.project_with_new(fact.project_id).status in OVER:
        raise invalid(
            "commitment_needed",
            "The project was over; opened again it needs a date.",
            "Send project.go_live_committed.v1 in the same call.",
            f"events[{number}].payload",
            "status",
        )


def _nothing_twice(fact: Fact, known: Known, where: str) -> None:
    is_there = (
        (isinstance(fact, ProjectCreated) and known.has_project(fact.project_id))
        or (isinstance(fact, TaskCreated) and known.has_task(fact.project_id, fact.task_id))
        or (isinstance(fact, AllocationBooked) and known.has_allocation(fact.person_id, fact.allocation_id))
    )
    if is_there:
        own = OWN_IDS[type(fact)]
        raise Conflict(
            "already_there",
            f"There is a record {getattr(fact, own)} already.",
            remedy="Send the fact that changes it, or leave the id out to make a new one.",
            where=f"{where}.{own}",
        )


def _references_exist(fact: Fact, known: Known, where: str) -> None:
    project_id = getattr(fact, "project_id", None)
    if project_id and not isinstance(fact, ProjectCreated) and not known.has_project(project_id):
        raise _missing("project", project_id, where, "project_id")
    person_id = getattr(fact, "person_id", None)
    if person_id and not isinstance(fact, PersonRegistered) and not known.has_person(person_id):
        raise _missing("person", person_id, where, "person_id")
    customer_id = getattr(fact, "customer_id", None)
    if customer_id and not isinstance(fact, kinds.CustomerRegistered) and not known.has_customer(customer_id):
        raise _missing("customer", customer_id, where, "customer_id")
    calendar_id = getattr(fact, "calendar_id", None)
    is_change = isinstance(fact, kinds.CalendarChanged | kinds.ContractChanged)
    if is_change and calendar_id and not known.has_calendar(calendar_id):
        raise _missing("calendar", calendar_id, where, "calendar_id")
    _tasks_exist(fact, known, where)
    _parties_exist(fact, known, where)


def _tasks_exist(fact: Fact, known: Known, where: str) -> None:
    project_id = getattr(fact, "project_id", None)
    for name in ("task_id", "depends_on_id", "milestone_task_id"):
        task_id = getattr(fact, name, None)
        if task_id and project_id and not isinstance(fact, TaskCreated) and not known.has_task(project_id, task_id):
            raise _missing("task", task_id, where, name)


def _parties_exist(fact: Fact, known: Known, where: str) -> None:
    for name in ("owner_id", "manager_id", "from_id", "by_id", "approved_by"):
        party_id = getattr(fact, name, None)
        if party_id and not (known.has_person(party_id) or known.has_contact(party_id)):
            raise _missing("person or contact", party_id, where, name)


def _allocation_exists(fact: Fact, known: Known, where: str) -> None:
    if not isinstance(fact, AllocationChanged | AllocationReleased):
        return
    if not known.has_allocation(fact.person_id, fact.allocation_id):
        raise _missing("allocation of this person", fact.allocation_id, where, "allocation_id")


def _links_have_no_cycle(fact: Fact, known: Known, where: str) -> None:
    if not isinstance(fact, TaskLinked):
        return
    edges = [*known.links(fact.project_id), (fact.depends_on_id, fact.task_id)]
    try:
        topological_order(sorted({task_id for edge in edges for task_id in edge}), edges)
    except Invalid as error:
        raise Invalid(error.code, error.detail, remedy=error.remedy, where=f"{where}.depends_on_id") from error


def _gates_let_through(fact: Fact, known: Known, where: str) -> None:
    if not isinstance(fact, kinds.ProjectStageChanged):
        return
    project = known.project_with_new(fact.project_id)
    if project.pin is None:
        return
    template = known.playbook(project.pin.playbook_id).numbered(project.pin.version).template
    if missing := unmet(project, template, fact.stage):
        error = hold(missing, fact.stage)
        error.where = f"{where}.stage"
        raise error


_CHECKS: tuple[Callable[[Fact, Known, str], None], ...] = (
    _nothing_twice,
    _references_exist,
    _allocation_exists,
    _links_have_no_cycle,
    _gates_let_through,
)


def _missing(what: str, value: str, where: str, field: str) -> NotFound:
    return NotFound(
        f"unknown_{what.split(maxsplit=1)[0]}",
        f"There is no {what} {value}.",
        remedy="Use an id that exists, or send the fact that creates it first.",
        where=f"{where}.{field}",
    )
