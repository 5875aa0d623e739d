"""Facts that callers report, carried to plan."""

from __future__ import annotations

from api.bodies import EventsIn
from api.errors import within
from plan.commands import Reported, record
from store.errors import LeewayError
from store.ground import Ground
from store.log import Event
from store.tenants import Tenant


def append(ground: Ground, tenant: Tenant, request: EventsIn, *, actor_id: str, key: str) -> list[Event]:
    """The events as appended. Ids follow from `key`, so that a repeat of the same call changes nothing."""
    reports = [Reported(entry.type, entry.payload, entry.occurred_at) for entry in request.events]
    try:
        return record(
            ground.log,
            tenant.tenant_id,
            reports,
            key=key,
            actor_id=actor_id,
            now=tenant.now(ground.clock),
            appended_at=ground.clock.now(),
        )
    except LeewayError as error:
        raise within(error, "body") if error.where.startswith("events[") else error from error
