"""The log's own door: follow what is sealed, record what happened."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from api import reading, recording, shapes, views
from api.answers import answer
from api.bodies import EventsIn
from api.deps import Cursor, GroundDep, Limit, PrincipalDep, TenantDep, WriterDep, json_only
from api.errors import MISSING, READING, WRITING
from api.once import CallerDep, NeededKey
from api.scope import reachable

router = APIRouter(prefix="/v1/events", tags=["events"])


@router.get("", summary="Follow the log", responses=READING)
def follow_events(
    ground: GroundDep,
    tenant: TenantDep,
    principal: PrincipalDep,
    after: Annotated[int, Query(ge=0, le=2**62, description="Position to go on after")] = 0,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Sealed events in the order of their positions. No position is ever skipped.

    Page with `cursor`; when `next_cursor` is null, ask again later with the last position as `after`.
    """
    start = max(after, reading.offset_of(cursor))
    events = ground.log.follow(tenant.tenant_id, after_position=start, limit=limit)
    return answer(views.event_page(events, principal, limit))


@router.get("/{event_id}", summary="One event", responses=MISSING)
def read_event(event_id: str, ground: GroundDep, tenant: TenantDep, principal: PrincipalDep) -> Response:
    """An event by its id: what an alert cites as evidence."""
    return answer(views.event(reading.event(ground, tenant.tenant_id, event_id), principal.role))


@router.post(
    "",
    summary="Record facts",
    status_code=201,
    responses=WRITING,
    dependencies=[Depends(json_only)],
)
def record_events(
    request: EventsIn,
    ground: GroundDep,
    tenant: TenantDep,
    principal: WriterDep,
    caller: CallerDep,
    idempotency_key: NeededKey,
) -> Response:
    """Appends facts, all or nothing. They are durable when this answers; alerts follow within seconds."""

    reachable(ground, principal, request)

    def work(key: str) -> shapes.EventsOut:
        stored = recording.append(ground, tenant, request, actor_id=principal.actor_id, key=key)
        return shapes.EventsOut(data=[views.event(event, principal.role) for event in stored])

    return caller.once(idempotency_key, request, work)
