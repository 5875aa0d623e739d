"""Worlds and alerts folded straight from the log, for commands that must not act on a stale read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from agents.world import World
from store.errors import NotFound
from store.ids import StreamId, TenantId
from store.log import NOW, Cut, Event, Log
from store.projections.alerts import fold as alerts
from store.projections.alerts.fold import AlertState
from store.projections.people import fold as people
from store.projections.people.fold import PersonState
from store.projections.projects import fold as projects
from store.projections.projects.state import ProjectState
from store.projections.tenants import fold as tenants
from store.projections.tenants.fold import TenantState
from store.streams import DIRECTORY, PLACEHOLDER, TENANT, alert_stream, capacity_stream, project_streams


def load_alert(log: Log, tenant_id: TenantId, alert_id: str) -> AlertState:
    """The alert as it is now; `NotFound` when there is none."""
    state = alerts.fold(log.read(tenant_id, alert_stream(alert_id)))
    if not state.alert_id:
        raise NotFound("unknown_alert", "There is no such alert.", remedy="List the alerts with GET /v1/alerts.")
    return state


def load_tenant(log: Log, tenant_id: TenantId, *, cut: Cut = NOW) -> TenantState:
    """Settings and directory."""
    return tenants.fold(log.read_many(tenant_id, [TENANT, DIRECTORY], cut=cut))


def today(tenant: TenantState, now: dt.datetime) -> dt.date:
    """The tenant's date at that instant."""
    return now.astimezone(ZoneInfo(tenant.timezone)).date()


def load_world(
    log: Log,
    tenant_id: TenantId,
    person_ids: Iterable[str],
    project_ids: Iterable[str],
    *,
    now: dt.datetime,
    cut: Cut = NOW,
) -> World:
    """These people and projects, and whoever owns a task of the projects or worked on them, as known at the cut."""
    tenant = load_tenant(log, tenant_id, cut=cut)
    known_projects = _projects(log, tenant_id, project_ids, cut)
    owners = {t.owner_id for project in known_projects.values() for t in project.tasks.values() if t.owner_id}
    workers = {entry.person_id for project in known_projects.values() for entry in project.time}
    wanted = sorted({*person_ids, *owners, *workers, PLACEHOLDER})
    known_people = _people(log, tenant_id, wanted, cut)
    return World(tenant_id, tenant, known_people, known_projects, now, today(tenant, now))


def _projects(log: Log, tenant_id: TenantId, project_ids: Iterable[str], cut: Cut) -> dict[str, ProjectState]:
    wanted = sorted(set(project_ids))
    events = log.read_many(tenant_id, [stream for i in wanted for stream in project_streams(i)], cut=cut)
    by_project = _by_subject(events)
    return {i: projects.fold(by_project[i]) for i in wanted if i in by_project}


def _people(log: Log, tenant_id: TenantId, person_ids: list[str], cut: Cut) -> dict[str, PersonState]:
    by_person = _by_subject(log.read_many(tenant_id, [_capacity(i) for i in person_ids], cut=cut))
    return {i: people.fold(by_person[i]) for i in person_ids if i in by_person}


def _capacity(person_id: str) -> StreamId:
    return capacity_stream(None if person_id == PLACEHOLDER else person_id)


def _by_subject(events: Iterable[Event]) -> dict[str, list[Event]]:
    found: dict[str, list[Event]] = {}
    for event in events:
        found.setdefault(event.stream_id.partition("/")[2], []).append(event)
    return found
