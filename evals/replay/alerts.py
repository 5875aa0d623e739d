"""The agents day by day: the live reviews, on states folded from what was known, with alerts that live and end.

Every review is the worker's own: the resource agent's of a person, and for projects every registered
detector through the shared lifecycle. A person with nothing over in the next two years is not
looked at again until a fact about them comes; a project is looked at on every working day.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import msgspec

from agents.resource.run import review
from agents.world import World
from evals.replay.portfolio import Portfolio
from evals.replay.projects import project_drafts
from risk.assessment import Score
from risk.detectors.over_allocation import Settings, detect
from risk.detectors.view import ProjectView
from store.events import AlertCleared, AlertRaised, AlertUpdated, MessageSent
from store.log import Draft, Event
from store.projections.alerts import fold as alerts
from store.projections.alerts.fold import AlertState
from store.projections.people import fold as people
from store.projections.people.fold import PersonState
from store.projections.projects import fold as projects
from store.projections.projects.state import ProjectState
from store.streams import CAPACITY, PLACEHOLDER, alert_stream, subjects_of

ANY_DAY_AHEAD = Settings(horizon_days=730)
Scores = Mapping[str, Sequence[tuple[dt.datetime, Score]]]
Line = dict[str, Any]


def replay_alerts(
    portfolio: Portfolio, scores: Scores, progress: Callable[[str], None] = lambda _text: None
) -> list[Line]:
    """The lines of alerts.jsonl, in order; an alert that comes back after it was over is a new line."""
    memory = _Memory(portfolio, scores)
    rest = iter(portfolio.events)
    pending = next(rest, None)
    for number, (day, at) in enumerate(portfolio.days(is_weekly=False)):
        known: list[Event] = []
        while pending is not None and pending.recorded_at <= at:
            known.append(pending)
            pending = next(rest, None)
        _day(memory, day, at, known)
        if number % 50 == 0:
            progress(f"{day}, {len(memory.lines)} alerts")
    return memory.lines


@dataclass(slots=True)
class _Memory:
    """The states as folded so far, and what was said of them."""

    portfolio: Portfolio
    scores: Scores
    people: dict[str, PersonState] = field(default_factory=dict)
    projects: dict[str, ProjectState] = field(default_factory=dict)
    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    alerts: dict[str, dict[str, AlertState]] = field(default_factory=dict)
    to_watch: set[str] = field(default_factory=set)
    names: dict[str, str] = field(default_factory=dict)
    open_lines: dict[str, Line] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    known: int = 0

    def learn(self, events: Iterable[Event]) -> set[str]:
        """Folds a day's events; returns the people who changed."""
        changed: set[str] = set()
        ordered = sorted(events, key=lambda event: event.stream_id)
        for stream_id, found in groupby(ordered, key=lambda event: event.stream_id):
            subject, batch = stream_id.partition("/")[2], list(found)
            self.known += len(batch)
            self._name(batch)
            if stream_id.startswith(f"{CAPACITY}/"):
                self.people[subject] = people.fold(batch, self.people.get(subject))
                changed.add(subject)
            elif ("projects", subject) in subjects_of(batch[0].stream_id, batch[0].type):
                projects.extend(self.projects.setdefault(subject, ProjectState()), batch)
        return changed - {PLACEHOLDER}

    def score(self, project_id: str, at: dt.datetime) -> Score | None:
        """The last score made by then."""
        known = self.scores.get(project_id, ())
        place = bisect_right(known, at, key=lambda one: one[0])
        return known[place - 1][1] if place else None

    def _name(self, events: Iterable[Event]) -> None:
        """What the source calls whatever a fact introduces."""
        for event in events:
            fact = event.fact
            if isinstance(fact, MessageSent):
                self.texts.setdefault(fact.project_id, {})[fact.message_id] = fact.text
            external = getattr(fact, "external_id", "")
            for name in fact.__struct_fields__ if external else ():
                if name.endswith("_id") and name == _own_id(fact.TYPE):
                    self.names[getattr(fact, name)] = external


_OWN_IDS = {
    "person": "person_id",
    "project": "project_id",
    "task": "task_id",
    "allocation": "allocation_id",
    "message": "message_id",
    "customer": "customer_id",
    "contact": "contact_id",
    "scope_item": "scope_item_id",
    "change": "change_request_id",
    "escalation": "escalation_id",
    "invoice": "invoice_id",
}


def _own_id(type_name: str) -> str:
    return _OWN_IDS.get(type_name.partition(".")[0], "")


def _day(memory: _Memory, day: dt.date, at: dt.datetime, events: Sequence[Event]) -> None:
    changed = memory.learn(events)
    tenant = memory.portfolio.frames.at(at)
    world = World(memory.portfolio.tenant_id, tenant, dict(memory.people), memory.projects, at, day)
    for person_id in sorted(changed):
        is_over = bool(detect(memory.people[person_id], tenant, day, ANY_DAY_AHEAD))
        (memory.to_watch.add if is_over else memory.to_watch.discard)(person_id)
    for person_id in sorted(memory.to_watch | (changed & memory.alerts.keys())):
        own = list(memory.alerts.get(person_id, {}).values())
        _note(memory, world, person_id, review(world, person_id, own, position=memory.known))
        if not detect(world.person(person_id), tenant, day, ANY_DAY_AHEAD):
            memory.to_watch.discard(person_id)
    if memory.portfolio.calendar.is_working_day(day):
        for project_id, drafts in _of_projects(memory, world):
            _note(memory, world, project_id, drafts)


def _of_projects(memory: _Memory, world: World) -> Iterator[tuple[str, list[Draft]]]:
    booked: dict[str, set[str]] = {}
    for person_id, person in world.people.items():
        for allocation in person.allocations.values():
            booked.setdefault(allocation.project_id, set()).add(person_id)
    for project_id, project in sorted(memory.projects.items()):
        own = list(memory.alerts.get(project_id, {}).values())
        if not project.project_id or not (project.is_running or any(a.cleared_at is None for a in own)):
            continue
        score, texts = memory.score(project_id, world.now), memory.texts.get(project_id, {})
        owners = {task.owner_id for task in project.tasks.values() if task.owner_id}
        near = {i: world.people[i] for i in sorted(booked.get(project_id, set()) | owners) if i in world.people}
        view = ProjectView(
            project=project,
            tenant=world.tenant,
            people=near,
            now=world.now,
            as_of=world.as_of,
            score=score,
            texts=texts,
        )
        yield project_id, project_drafts(world, view, own, position=memory.known)


def _note(memory: _Memory, world: World, subject_id: str, drafts: Iterable[Draft]) -> None:
    own = memory.alerts.setdefault(subject_id, {})
    for draft in drafts:
        fact = draft.fact
        if isinstance(fact, AlertRaised | AlertUpdated | AlertCleared):
            before = own.get(fact.alert_id)
            own[fact.alert_id] = alerts.fold([_event(world, draft, before)], before)
            _write(memory, world, fact, own[fact.alert_id])


def _write(memory: _Memory, world: World, fact: AlertRaised | AlertUpdated | AlertCleared, state: AlertState) -> None:
    at = world.now.astimezone(memory.portfolio.zone).isoformat(timespec="seconds")
    open_line = memory.open_lines.get(fact.alert_id)
    if isinstance(fact, AlertCleared):
        if open_line:
            memory.open_lines.pop(fact.alert_id)["cleared_at"] = at
    elif open_line is None:
        line: Line = {
            "project_id": memory.names.get(fact.project_id or "", fact.project_id),
            "kind": state.kind,
            "agent": state.agent,
            "severity": fact.severity,
            "raised_at": at,
            "cleared_at": None,
            "subject_ids": sorted(memory.names.get(i, i) for i in fact.subject_ids),
            "claim": fact.claim,
            "numbers": msgspec.to_builtins(fact.numbers),
            "proposals": msgspec.to_builtins(fact.proposals),
        }
        memory.open_lines[fact.alert_id] = line
        memory.lines.append(line)


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
