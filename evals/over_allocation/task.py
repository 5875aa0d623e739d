"""The live review, fed day by day: the same `review` as the worker's, on states folded from what was known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from agents.resource.run import review
from agents.world import World
from evals.over_allocation.dataset import Dataset
from risk.detectors.over_allocation import Settings, detect
from store.events import AlertCleared, AlertRaised, AlertUpdated
from store.log import Draft, Event
from store.projections.alerts import fold as alerts
from store.projections.alerts.fold import AlertState
from store.projections.people import fold as people
from store.projections.people.fold import PersonState
from store.projections.projects import fold as projects
from store.projections.projects.state import ProjectState
from store.streams import CAPACITY, PLACEHOLDER, alert_stream

ANY_DAY_AHEAD = Settings(horizon_days=730)
Said = AlertRaised | AlertUpdated | AlertCleared


@dataclass(frozen=True, slots=True)
class Utterance:
    """What the agent said on a day, and the world it said it of."""

    day: dt.date
    at: dt.datetime
    fact: Said
    world: World


@dataclass(slots=True)
class _Memory:
    """The states as folded so far."""

    people: dict[str, PersonState] = field(default_factory=dict)
    projects: dict[str, ProjectState] = field(default_factory=dict)
    alerts: dict[str, dict[str, AlertState]] = field(default_factory=dict)
    to_watch: set[str] = field(default_factory=set)
    known: int = 0

    def learn(self, events: Iterable[Event]) -> set[str]:
        """Folds a day's events; returns the people who changed."""
        changed: set[str] = set()
        for stream_id, found in groupby(sorted(events, key=lambda e: e.stream_id), key=lambda e: e.stream_id):
            kind, _, subject = stream_id.partition("/")
            batch = list(found)
            self.known += len(batch)
            if kind == CAPACITY:
                self.people[subject] = people.fold(batch, self.people.get(subject))
                changed.add(subject)
            else:
                projects.extend(self.projects.setdefault(subject, ProjectState()), batch)
        return changed - {PLACEHOLDER}


def replay(dataset: Dataset, progress: Callable[[str], None] = lambda _text: None) -> Iterator[Utterance]:
    """Everything the agent says over the portfolio's life, in order.

    A person with nothing over in the next two years is not looked at again until a fact about them comes.
    """
    memory = _Memory()
    for number, (day, events) in enumerate(dataset.days()):
        changed = memory.learn(events)
        world = _world(dataset, memory, day)
        for person_id in sorted(changed):
            is_over = bool(detect(memory.people[person_id], dataset.tenant, day, ANY_DAY_AHEAD))
            (memory.to_watch.add if is_over else memory.to_watch.discard)(person_id)
        for person_id in sorted(memory.to_watch | (changed & memory.alerts.keys())):
            yield from _reviewed(memory, world, person_id)
        if number % 100 == 0:
            progress(day.isoformat())


def _world(dataset: Dataset, memory: _Memory, day: dt.date) -> World:
    return World(dataset.tenant_id, dataset.tenant, dict(memory.people), memory.projects, dataset.end_of(day), day)


def _reviewed(memory: _Memory, world: World, person_id: str) -> Iterator[Utterance]:
    own = memory.alerts.get(person_id, {})
    for draft in review(world, person_id, list(own.values()), position=memory.known):
        fact = draft.fact
        if isinstance(fact, Said):
            own[fact.alert_id] = alerts.fold([_event(world, draft, own.get(fact.alert_id))], own.get(fact.alert_id))
            memory.alerts[person_id] = own
            yield Utterance(world.as_of, world.now, fact, world)
    if person_id in memory.to_watch and not detect(world.person(person_id), world.tenant, world.as_of, ANY_DAY_AHEAD):
        memory.to_watch.discard(person_id)


def _event(world: World, draft: Draft, state: AlertState | None) -> Event:
    return Event(
        tenant_id=world.tenant_id,
        stream_id=alert_stream(getattr(draft.fact, "alert_id", "")),
        stream_version=(state.version if state else 0) + 1,
        event_id=draft.event_id,
        fact=draft.fact,
        occurred_at=draft.occurred_at,
        recorded_at=draft.recorded_at,
        appended_at=draft.recorded_at,
        source=draft.source,
    )
