"""Who thinks about what when it changes. A new agent is one more line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
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
from store.projections.people.fold import PersonState
from store.streams import PLACEHOLDER, alert_stream, conversation_stream
from summarizer.commands import around_of, summarise_missing

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


@dataclass(slots=True)
class _Sight:
    """The states that a batch is thought about on, loaded once and again when they turn out stale."""

    occasion: Occasion
    load: Callable[[Occasion], World]
    position: int
    world: World

    def look_again(self) -> None:
        """Folds what has been appended meanwhile."""
        self.position = self.occasion.ground.settle(self.occasion.tenant.tenant_id)
        self.world = self.load(self.occasion)


def summarise(occasion: Occasion) -> None:
    """Calls that came in with an import get their summaries."""
    ground, tenant_id = occasion.ground, occasion.tenant.tenant_id
    states = ground.projects(tenant_id, list(occasion.subject_ids))
    for project_id, state in states.items():
        if state.transcripts:
            around = around_of(ground.tenant_state(tenant_id), state)
            summarise_missing(
                ground.log,
                tenant_id,
                project_id,
                around,
                now=occasion.now,
                appended_at=ground.clock.now(),
                model=occasion.reader,
            )


def review_capacity(occasion: Occasion) -> None:
    """The resource agent on the people whose contract, time off or bookings changed."""
    sight = _Sight(occasion, _people_world, occasion.position, _people_world(occasion))
    for person_id in occasion.subject_ids:
        if person_id != PLACEHOLDER:
            _append(sight, partial(_capacity, person_id))


def _capacity(person_id: str, sight: _Sight) -> Thoughts:
    occasion = sight.occasion
    alerts = _alerts(occasion, alert_rows.AlertFilter(agent="resource", subject_id=person_id))
    drafts = review(sight.world, person_id, alerts, position=sight.position)
    return drafts, alerts


def review_projects(occasion: Occasion) -> None:
    """Every project detector on the projects that changed, and each agent on what was found."""
    model = model_in_force(occasion.ground, occasion.tenant.tenant_id, occasion.now)
    sight = _Sight(occasion, _projects_world, occasion.position, _projects_world(occasion))
    for project_id, project in sight.world.projects.items():
        if project.project_id:
            _append(sight, partial(_project, project_id, model))


def _project(project_id: str, model: tuple[str, Model | NotFitted], sight: _Sight) -> Thoughts:
    occasion, world = sight.occasion, sight.world
    ground, tenant_id, project = occasion.ground, occasion.tenant.tenant_id, world.projects[project_id]
    alerts = _alerts(occasion, alert_rows.AlertFilter(project_id=project_id))
    score = think_of(project, world.tenant, occasion.now, model).score
    texts = texts_of(ground.log.read(tenant_id, conversation_stream(project_id)))
    view = ProjectView(project, world.tenant, world.people, world.now, world.as_of, score=score, texts=texts)
    return review_project(world, view, alerts, position=sight.position), alerts


def _append(sight: _Sight, think: Callable[[_Sight], Thoughts]) -> None:
    """A reviewer may decide meanwhile: then what was seen of the alert is stale, and it is looked at again."""
    ground, tenant_id = sight.occasion.ground, sight.occasion.tenant.tenant_id
    for left in range(TRIES - 1, -1, -1):
        drafts, alerts = think(sight)
        versions = {alert.alert_id: alert.version for alert in alerts}
        writes: list[Write] = []
        for draft in drafts:
            alert_id = str(getattr(draft.fact, "alert_id", ""))
            writes.append((alert_stream(alert_id), [draft], versions.get(alert_id, 0)))
        try:
            if writes:
                ground.log.append(tenant_id, writes, now=ground.clock.now())
        except Conflict:
            if not left:
                raise
            sight.look_again()
        else:
            return


def _people_world(occasion: Occasion) -> World:
    """Everybody, and the projects of the bookings of those who changed."""
    people = occasion.ground.people(occasion.tenant.tenant_id)
    changed = [people[person_id] for person_id in occasion.subject_ids if person_id in people]
    return _world(occasion, people, {a.project_id for person in changed for a in person.allocations.values()})


def _projects_world(occasion: Occasion) -> World:
    """Everybody, and the projects that changed."""
    return _world(occasion, occasion.ground.people(occasion.tenant.tenant_id), occasion.subject_ids)


def _world(occasion: Occasion, people: Mapping[str, PersonState], project_ids: Iterable[str]) -> World:
    ground, tenant_id = occasion.ground, occasion.tenant.tenant_id
    tenant = ground.tenant_state(tenant_id)
    return World(
        tenant_id=tenant_id,
        tenant=tenant,
        people=people,
        projects=ground.projects(tenant_id, sorted(project_ids)),
        now=occasion.now,
        as_of=occasion.now.astimezone(zone_of(tenant.timezone)).date(),
    )


def _alerts(occasion: Occasion, wanted: alert_rows.AlertFilter) -> list[AlertState]:
    ground, tenant_id = occasion.ground, occasion.tenant.tenant_id
    with ground.database.tx(tenant_id) as connection:
        rows = alert_rows.page(connection, tenant_id, wanted, limit=MOST_ALERTS).rows
    return list(ground.alerts(tenant_id, [str(row["alert_id"]) for row in rows]).values())


THINKERS: tuple[tuple[str, Thinker], ...] = (
    ("projects", summarise),
    ("projects", assess),
    ("projects", review_projects),
    ("people", review_capacity),
)
