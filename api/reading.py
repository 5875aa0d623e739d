"""What the read routes ask of the store, in one place per question."""

from __future__ import annotations

import msgspec

from api import shapes, views
from api.deps import Moment
from risk.commands import Thought, model_in_force, stored_thought, think_of
from store.access import MAY_SEE_MONEY, Role
from store.errors import NotFound, Refused
from store.ground import Ground
from store.ids import EventId, TenantId, is_uuid
from store.listing import bad_cursor
from store.log import Event
from store.projections.alerts import rows as alert_rows
from store.projections.alerts.fold import AlertState
from store.projections.alerts.fold import fold as fold_alert
from store.projections.people.fold import PersonState
from store.projections.people.fold import fold as fold_person
from store.projections.projects import rows as project_rows
from store.projections.projects.fold import fold
from store.projections.projects.state import ProjectState
from store.projections.tenants.fold import TenantState
from store.projections.tenants.fold import fold as fold_tenant
from store.streams import DIRECTORY, TENANT, alert_stream, capacity_stream, project_streams


def project_page(
    ground: Ground,
    tenant_id: TenantId,
    wanted: project_rows.ProjectFilter,
    *,
    sort: str,
    limit: int,
    cursor: str | None,
    role: Role,
) -> shapes.ProjectPage:
    """A page of the portfolio; `Refused` to sort by money for a role that may not see it."""
    if sort in project_rows.OF_MONEY and role not in MAY_SEE_MONEY:
        raise Refused("role_too_low", f"The role {role} does not see money.", remedy="Sort by risk, go_live or name.")
    with ground.database.tx(tenant_id) as connection:
        page = project_rows.page(connection, tenant_id, wanted, sort=sort, limit=limit, cursor=cursor)
        ids = [row["project_id"] for row in page.rows]
        open_alerts = alert_rows.open_by_project(connection, tenant_id, ids)
    tenant = ground.tenant_state(tenant_id)
    data = [views.project_summary(row, tenant, open_alerts, role) for row in page.rows]
    return shapes.ProjectPage(data=data, next_cursor=page.next_cursor)


def tenant_at(ground: Ground, tenant_id: TenantId, moment: Moment) -> TenantState:
    """Settings, calendars and directory as known at a moment."""
    now = ground.tenant_state(tenant_id)
    if moment.is_now:
        return now
    people = [capacity_stream(party.party_id) for party in now.parties.values() if party.customer_id is None]
    return fold_tenant(ground.log.read_many(tenant_id, [TENANT, DIRECTORY, *people], cut=moment.cut))


def people_at(ground: Ground, tenant_id: TenantId, moment: Moment) -> dict[str, PersonState]:
    """Everybody on the delivering side, and the placeholders, as known at a moment."""
    if moment.is_now:
        return ground.people(tenant_id)
    parties = ground.tenant_state(tenant_id).parties.values()
    streams = [capacity_stream(party.party_id) for party in parties if party.customer_id is None]
    by_person: dict[str, list[Event]] = {}
    for event in ground.log.read_many(tenant_id, [*streams, capacity_stream(None)], cut=moment.cut):
        by_person.setdefault(event.stream_id.partition("/")[2], []).append(event)
    return {person_id: fold_person(events) for person_id, events in by_person.items()}


def thought_at(ground: Ground, tenant_id: TenantId, state: ProjectState, moment: Moment) -> Thought:
    """What is thought of a project as of a moment: computed now from what was known then."""
    model = model_in_force(ground, tenant_id, moment.at)
    tenant, people = tenant_at(ground, tenant_id, moment), people_at(ground, tenant_id, moment)
    return think_of(state, tenant, moment.at, model, people)


def thought_of(ground: Ground, tenant_id: TenantId, state: ProjectState, moment: Moment) -> Thought | None:
    """Today's thought as the worker stored it, a past one as it would have been; None until the worker came by."""
    if not moment.is_now:
        return thought_at(ground, tenant_id, state, moment)
    with ground.database.tx(tenant_id) as connection:
        row = project_rows.one(connection, tenant_id, state.project_id)
    return stored_thought(row["body"] if row else None)


def owners_at(ground: Ground, tenant_id: TenantId, state: ProjectState, moment: Moment) -> dict[str, PersonState]:
    """Those who own the project's tasks and deliver, as known at a moment."""
    owners = sorted({task.owner_id for task in state.tasks.values() if task.owner_id})
    if moment.is_now:
        return ground.people(tenant_id, owners)
    found = {
        owner: fold_person(ground.log.read_many(tenant_id, [capacity_stream(owner)], cut=moment.cut))
        for owner in owners
    }
    return {owner: person for owner, person in found.items() if person.person_id}


def project_at(ground: Ground, tenant_id: TenantId, project_id: str, moment: Moment) -> ProjectState:
    """A project as known at a moment; raises `NotFound` when it was not known then."""
    if moment.is_now:
        return ground.project(tenant_id, project_id)
    cut = ground.log.read_many(tenant_id, project_streams(project_id), cut=moment.cut) if is_uuid(project_id) else []
    state = fold(cut)
    if state.created_at is None:
        ground.project(tenant_id, project_id)
        raise NotFound(
            "not_known_then",
            f"The project was not known at {moment.at.isoformat()}.",
            remedy="Ask about a later moment.",
            where="query.as_of",
        )
    return state


def project_events(
    ground: Ground, tenant_id: TenantId, project_id: str, moment: Moment, page: tuple[int, str | None]
) -> tuple[list[Event], str | None]:
    """A page of a project's events, oldest first. The cursor counts the events before."""
    ground.project(tenant_id, project_id)
    limit, start = page[0], offset_of(page[1])
    events = ground.log.read_many(tenant_id, project_streams(project_id), cut=moment.cut)
    is_more = len(events) > start + limit
    return events[start : start + limit], str(start + limit) if is_more else None


def offset_of(cursor: str | None) -> int:
    """How many rows come before the page."""
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 12):
        raise bad_cursor()
    return int(cursor)


def event(ground: Ground, tenant_id: TenantId, event_id: str) -> Event:
    """One event; raises `NotFound`."""
    found = ground.log.find(tenant_id, [EventId(event_id)]) if is_uuid(event_id) else []
    if not found:
        raise NotFound("unknown_event", "There is no such event.", remedy="Use an id that an alert or a list gave.")
    return found[0]


def alert_page(
    ground: Ground, tenant_id: TenantId, wanted: alert_rows.AlertFilter, *, limit: int, cursor: str | None
) -> tuple[list[AlertState], str | None]:
    """A page of alerts in full, in the list's order."""
    with ground.database.tx(tenant_id) as connection:
        page = alert_rows.page(connection, tenant_id, wanted, limit=limit, cursor=cursor)
    ids = [str(row["alert_id"]) for row in page.rows]
    states = ground.alerts(tenant_id, ids)
    return [states[alert_id] for alert_id in ids], page.next_cursor


def alerts_at(
    ground: Ground,
    tenant_id: TenantId,
    wanted: alert_rows.AlertFilter,
    moment: Moment,
    page: tuple[int, str | None],
) -> tuple[list[AlertState], str | None]:
    """A page of the alerts as they stood at a moment, in the list's order. The cursor counts the ones before."""
    with ground.database.tx(tenant_id) as connection:
        ids = alert_rows.raised_by(connection, tenant_id, moment.at, wanted)
    states = [state for state in _alerts_at(ground, tenant_id, ids, moment) if _is_wanted(state, wanted)]
    states.sort(key=lambda state: state.alert_id)
    states.sort(key=lambda state: state.raised_at or moment.at, reverse=True)
    states.sort(key=lambda state: alert_rows.SEVERITY_RANK[state.severity])
    limit, start = page[0], offset_of(page[1])
    return states[start : start + limit], str(start + limit) if len(states) > start + limit else None


def alert_at(ground: Ground, tenant_id: TenantId, alert_id: str, moment: Moment) -> AlertState:
    """An alert as it stood at a moment; raises `NotFound` when it had not been raised."""
    now = ground.alert(tenant_id, alert_id)
    if moment.is_now:
        return now
    for state in _alerts_at(ground, tenant_id, [alert_id], moment):
        return state
    raise NotFound(
        "not_known_then",
        f"The alert had not been raised at {moment.at.isoformat()}.",
        remedy="Ask about a later moment.",
        where="query.as_of",
    )


def _alerts_at(ground: Ground, tenant_id: TenantId, alert_ids: list[str], moment: Moment) -> list[AlertState]:
    lives: dict[str, list[Event]] = {alert_stream(alert_id): [] for alert_id in alert_ids}
    for found in ground.log.read_many(tenant_id, [alert_stream(alert_id) for alert_id in alert_ids], cut=moment.cut):
        lives[found.stream_id].append(found)
    return [fold_alert(life) for life in lives.values() if life]


def _is_wanted(state: AlertState, wanted: alert_rows.AlertFilter) -> bool:
    return (
        (not wanted.lifecycles or state.lifecycle in wanted.lifecycles)
        and (not wanted.project_id or wanted.project_id in (state.project_id, *state.other_project_ids))
        and (not wanted.subject_id or wanted.subject_id in state.subject_ids)
    )


def score_page(
    ground: Ground, tenant_id: TenantId, project_id: str, limit: int, cursor: str | None
) -> tuple[list[Thought], str | None]:
    """A page of a project's recorded thoughts, newest first. The cursor counts the ones before."""
    start = offset_of(cursor)
    with ground.database.tx(tenant_id) as connection:
        stored = project_rows.score_history(connection, tenant_id, project_id, limit=start + limit + 1)
    found = [msgspec.json.decode(body, type=Thought) for body in stored[start : start + limit]]
    return found, str(start + limit) if len(stored) > start + limit else None
