"""Who thinks about what when it changes. A new agent is one more line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from agents.minds import review_project, texts_of
from agents.resource.run import review
from agents.runner import Occasion, Thinker
from agents.world import World
from plan.calendar import zone_of
from risk.commands import assess_projects, model_in_force, think_of
from risk.detectors.view import ProjectView
from risk.model import Model, NotFitted
from store.errors import Conflict
from store.log import Draft, Write
from store.projections.alerts import rows as alert_rows
from store.projections.alerts.fold import AlertState
from store.streams import PLACEHOLDER, alert_stream, conversation_stream

TRIES = 3
MOST_ALERTS = 200
Thoughts = tuple[Sequence[Draft], Sequence[AlertState]]
"""What is to be said of a subject's alerts, and the alerts it was thought on."""


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
    for person_id in occasion.subject_ids:
        if person_id != PLACEHOLDER:
            _append(occasion, partial(_capacity, occasion, person_id))


def _capacity(occasion: Occasion, person_id: str, position: int) -> Thoughts:
    alerts = _alerts(occasion, alert_rows.AlertFilter(agent="resource", subject_id=person_id))
    world = _world(occasion)
    return review(world, person_id, alerts, position=position, reword=occasion.reword), alerts


def review_projects(occasion: Occasion) -> None:
    """Every project detector on the projects that changed, and each agent on what was found."""
    model = model_in_force(occasion.ground, occasion.tenant.tenant_id, occasion.now)
    for project_id in occasion.subject_ids:
        _append(occasion, partial(_project, occasion, project_id, model))


def _project(occasion: Occasion, project_id: str, model: tuple[str, Model | NotFitted], position: int) -> Thoughts:
    ground, tenant_id = occasion.ground, occasion.tenant.tenant_id
    alerts = _alerts(occasion, alert_rows.AlertFilter(project_id=project_id))
    tenant, states = ground.tenant_state(tenant_id), ground.projects(tenant_id, [project_id])
    as_of = occasion.now.astimezone(zone_of(tenant.timezone)).date()
    world = World(tenant_id, tenant, ground.people(tenant_id), states, occasion.now, as_of)
    if project_id not in states or not states[project_id].project_id:
        return [], []
    score = think_of(states[project_id], tenant, occasion.now, model).score
    said = ground.log.read(tenant_id, conversation_stream(project_id))
    view = ProjectView(states[project_id], tenant, world.people, world.now, as_of, score=score, texts=texts_of(said))
    return review_project(world, view, alerts, position=position, reword=occasion.reword), alerts


def _append(occasion: Occasion, think: Callable[[int], Thoughts]) -> None:
    """A reviewer may decide meanwhile: then what was seen of the alert is stale, and it is looked at again."""
    position = occasion.position
    for left in range(TRIES - 1, -1, -1):
        drafts, alerts = think(position)
        versions = {alert.alert_id: alert.version for alert in alerts}
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


def _alerts(occasion: Occasion, wanted: alert_rows.AlertFilter) -> list[AlertState]:
    ground, tenant_id = occasion.ground, occasion.tenant.tenant_id
    with ground.database.tx(tenant_id) as connection:
        rows = alert_rows.page(connection, tenant_id, wanted, limit=MOST_ALERTS).rows
    return list(ground.alerts(tenant_id, [str(row["alert_id"]) for row in rows]).values())


THINKERS: tuple[tuple[str, Thinker], ...] = (
    ("projects", assess),
    ("projects", review_projects),
    ("people", review_capacity),
)
