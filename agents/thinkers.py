"""Who thinks about what when it changes. A new agent is one more line."""

from __future__ import annotations

from agents.resource.run import review
from agents.runner import Occasion, Thinker
from agents.world import World
from plan.calendar import zone_of
from risk.commands import assess_projects
from store.errors import Conflict
from store.log import Write
from store.projections.alerts import rows as alert_rows
from store.projections.alerts.fold import AlertState
from store.streams import PLACEHOLDER, alert_stream

TRIES = 3


def assess(occasion: Occasion) -> None:
    """Features, score and outlook of the projects that changed."""
    assess_projects(
        occasion.ground,
        occasion.tenant.tenant_id,
        occasion.subject_ids,
        now=occasion.now,
        position=occasion.position,
    )


def review_capacity(occasion: Occasion) -> None:
    """The resource agent on the people whose contract, time off or bookings changed."""
    world = _world(occasion)
    for person_id in occasion.subject_ids:
        if person_id != PLACEHOLDER:
            _review(occasion, world, person_id)


def _review(occasion: Occasion, world: World, person_id: str) -> None:
    """A reviewer may decide meanwhile: then what was seen of the alert is stale, and it is looked at again."""
    position = occasion.position
    for left in range(TRIES - 1, -1, -1):
        alerts = _alerts_about(occasion, person_id)
        versions = {alert.alert_id: alert.version for alert in alerts}
        drafts = review(world, person_id, alerts, position=position, reword=occasion.reword)
        writes: list[Write] = []
        for draft in drafts:
            alert_id = str(getattr(draft.fact, "alert_id", ""))
            writes.append((alert_stream(alert_id), [draft], versions.get(alert_id, 0)))
        try:
            if writes:
                occasion.ground.log.append(occasion.tenant.tenant_id, writes, now=occasion.ground.clock.now())
        except Conflict:
            if not left:
                raise
            position = occasion.ground.settle(occasion.tenant.tenant_id)
            world = _world(occasion)
        else:
            return


def _world(occasion: Occasion) -> World:
    ground, tenant_id = occasion.ground, occasion.tenant.tenant_id
    tenant, people = ground.tenant_state(tenant_id), ground.people(tenant_id)
    changed = [people[person_id] for person_id in occasion.subject_ids if person_id in people]
    booked = {allocation.project_id for person in changed for allocation in person.allocations.values()}
    return World(
        tenant_id=tenant_id,
        tenant=tenant,
        people=people,
        projects=ground.projects(tenant_id, sorted(booked)),
        now=occasion.now,
        as_of=occasion.now.astimezone(zone_of(tenant.timezone)).date(),
    )


def _alerts_about(occasion: Occasion, person_id: str) -> list[AlertState]:
    ground, tenant_id = occasion.ground, occasion.tenant.tenant_id
    wanted = alert_rows.AlertFilter(agent="resource", subject_id=person_id)
    with ground.database.tx(tenant_id) as connection:
        rows = alert_rows.page(connection, tenant_id, wanted, limit=200).rows
    return list(ground.alerts(tenant_id, [str(row["alert_id"]) for row in rows]).values())


THINKERS: tuple[tuple[str, Thinker], ...] = (
    ("projects", assess),
    ("people", review_capacity),
)
