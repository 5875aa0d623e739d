"""The log's own door: follow what is sealed, record what happened."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from api import reading, shapes, views
from api.deps import GroundDep, Limit, PrincipalDep, TenantDep, WriterDep
from api.errors import MISSING, READING, WRITING
from api.once import IdempotencyKey, once, required
from plan.commands import Reported, record

router = APIRouter(prefix="/v1/events", tags=["events"])


@router.get("", summary="Follow the log", responses=READING)
def follow_events(
    ground: GroundDep,
    tenant: TenantDep,
    principal: PrincipalDep,
    after: Annotated[int, Query(ge=0, le=2**62, description="Position to go on after")] = 0,
    limit: Limit = 50,
) -> shapes.EventPage:
    """Sealed events in the order of their positions. No position is ever skipped."""
    events = ground.log.follow(tenant.tenant_id, after_position=after, limit=limit)
    return views.event_page(events, principal.role, limit)


@router.get("/{event_id}", summary="One event", responses=MISSING)
def read_event(event_id: str, ground: GroundDep, tenant: TenantDep, principal: PrincipalDep) -> shapes.EventOut:
    """An event by its id: what an alert cites as evidence."""
    return views.event(reading.event(ground, tenant.tenant_id, event_id), principal.role)


@router.post("", summary="Record facts", status_code=201, responses=WRITING, response_model=shapes.EventsOut)
def record_events(
    request: shapes.EventsIn,
    ground: GroundDep,
    tenant: TenantDep,
    principal: WriterDep,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Appends facts, all or nothing. They are durable when this answers; alerts follow within seconds."""

    def work(key: str) -> shapes.EventsOut:
        reports = [Reported(entry.type, entry.payload, entry.occurred_at) for entry in request.events]
        clock = ground.clock
        moments = {"now": tenant.now(clock), "appended_at": clock.now()}
        stored = record(ground.log, tenant.tenant_id, reports, key=key, actor_id=principal.actor_id, **moments)
        return shapes.EventsOut(data=[views.event(event, principal.role) for event in stored])

    return once(ground, principal, required(idempotency_key), request, work)
