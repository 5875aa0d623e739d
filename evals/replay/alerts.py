"""The agents day by day: the live reviews, on states folded from what was known, with alerts that live and end.

Every review is the worker's own: `agents.minds.review_project` of a project on every working day, the
resource agent's of a person. Nobody's alerts depend on anybody else's, so each project and each person
is a part of its own, done in whatever process. A person with nothing over in the next two years is not
looked at again until something is learnt that may change it.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from agents.minds import review_project
from agents.resource.run import review
from agents.world import World
from evals.replay.portfolio import DAY, Portfolio
from evals.replay.workers import Kept, Workers
from risk.assessment import Score
from risk.detectors.over_allocation import DEFAULT, Settings, detect
from risk.detectors.view import ProjectView
from store.events import AlertCleared, AlertRaised, AlertUpdated, MessageSent
from store.log import Draft, Event
from store.projections.alerts import fold as alerts
from store.projections.alerts.fold import AlertState
from store.projections.projects import fold as projects
from store.projections.projects.state import ProjectState
from store.projections.tenants.fold import TenantState
from store.streams import PLACEHOLDER, alert_stream

ANY_DAY_AHEAD = Settings(horizon_days=730)
NEAR = dt.timedelta(days=DEFAULT.horizon_days)
PROJECT, PERSON = "project", "person"
OVER = frozenset({"closed", "cancelled"})
"""No rule speaks about such a project: what is open about it is closed, then it is left alone."""
Scores = Mapping[str, Sequence[tuple[dt.datetime, Score]]]
Line = dict[str, Any]


def replay_alerts(
    portfolio: Portfolio,
    scores: Scores,
    progress: Callable[[str], None] = lambda _text: None,
    at_work: Workers[Portfolio] | None = None,
    kept: Kept | None = None,
) -> list[Line]:
    """The lines of alerts.jsonl, in order; an alert that comes back after it was over is a new line."""
    at_work, kept = at_work or Workers(portfolio), kept or Kept(None)
    people = sorted(person_id for person_id in portfolio.crew.events if person_id != PLACEHOLDER)
    parts = [f"{PROJECT}/{i}" for i in sorted(portfolio.projects)] + [f"{PERSON}/{i}" for i in people]
    known = {part: body for part in parts if (body := kept.get(part)) is not None}
    lines: list[tuple[int, str, Line]] = []
    for part, body in known.items():
        lines += [(number, part, line) for number, line in msgspec.json.decode(body)]
    rest = [(part, scores.get(part.partition("/")[2], ())) for part in parts if part not in known]
    for count, ((part, _), body) in enumerate(at_work.ask(alerts_of, rest), start=len(known) + 1):
        kept.put(part, body)
        lines += [(number, part, line) for number, line in msgspec.json.decode(body)]
        progress(f"{count} of {len(parts)} projects and people, {len(lines)} alerts")
    return [line for _, _, line in sorted(lines, key=lambda one: one[:2])]


def alerts_of(portfolio: Portfolio, part: tuple[str, Sequence[tuple[dt.datetime, Score]]]) -> bytes:
    """The alerts about one project, with its scores, or person, each with the number of its day, as JSON."""
    kind, _, subject_id = part[0].partition("/")
    notes = _Notes(portfolio)
    if kind == PROJECT:
        _watch_project(notes, subject_id, part[1])
    else:
        _watch_person(notes, subject_id)
    return msgspec.json.encode(notes.lines)


def _watch_project(notes: _Notes, project_id: str, scores: Sequence[tuple[dt.datetime, Score]]) -> None:
    portfolio, state, texts = notes.portfolio, ProjectState(), dict[str, str]()
    for number, day, at, news in _days(portfolio, portfolio.projects[project_id]):
        state = projects.extend(state, news)
        texts |= {event.fact.message_id: event.fact.text for event in news if isinstance(event.fact, MessageSent)}
        is_done = state.status in OVER and not notes.has_open
        if not state.project_id or is_done or not portfolio.calendar.is_working_day(day):
            continue
        world = _world(portfolio, {project_id: state}, at, day)
        place = bisect_right(scores, at, key=lambda one: one[0])
        score = scores[place - 1][1] if place else None
        view = ProjectView(state, world.tenant, world.people, at, day, score=score, texts=texts)
        drafts = review_project(world, view, list(notes.own.values()), position=_position(portfolio, at))
        notes.note(number, world, drafts)


def _watch_person(notes: _Notes, person_id: str) -> None:
    """Over-allocations of one person, beside the projects they are ever booked on."""
    portfolio, watch = notes.portfolio, _Watch(person_id)
    states = {project_id: ProjectState() for project_id in sorted(portfolio.crew.projects_of(person_id))}
    news_of = [event for project_id in states for event in portfolio.projects.get(project_id, ())]
    for number, day, at, news in _days(portfolio, sorted(news_of, key=lambda event: event.recorded_at)):
        for event in news:
            projects.extend(states[event.stream_id.partition("/")[2]], [event])
        if watch.is_due(portfolio, day, at, has_alerts=bool(notes.own)) or notes.has_open:
            world = _world(portfolio, {i: state for i, state in states.items() if state.project_id}, at, day)
            drafts = review(world, person_id, list(notes.own.values()), position=_position(portfolio, at))
            notes.note(number, world, drafts)


def _days(portfolio: Portfolio, events: Sequence[Event]) -> Iterator[tuple[int, dt.date, dt.datetime, Sequence[Event]]]:
    """Every day with its number, the instant at which it ends, and what was learnt on it."""
    known = 0
    for number, (day, at) in enumerate(portfolio.days(is_weekly=False)):
        start = known
        while known < len(events) and events[known].recorded_at <= at:
            known += 1
        yield number, day, at, events[start:known]


def _world(portfolio: Portfolio, states: Mapping[str, ProjectState], at: dt.datetime, day: dt.date) -> World:
    return World(portfolio.tenant_id, portfolio.frames.at(at), portfolio.crew.at(at), states, at, day)


def _position(portfolio: Portfolio, at: dt.datetime) -> int:
    """How many facts were known: where a live log would have stood."""
    return bisect_right(portfolio.recorded, at)


class _Watch:
    """Whether a person may have too much on these days; asked again when the person or the tenant's week changed."""

    def __init__(self, person_id: str) -> None:
        self._person_id = person_id
        self._until = dt.datetime.min.replace(tzinfo=dt.UTC)
        self._week: tuple[object, ...] = ()
        self._spans: list[tuple[dt.date, dt.date]] = []

    def is_due(self, portfolio: Portfolio, day: dt.date, at: dt.datetime, *, has_alerts: bool) -> bool:
        """Whether to review at `at`, the end of `day`."""
        tenant = portfolio.frames.at(at)
        has_changed = portfolio.crew.has_changed(self._person_id, self._until, at)
        self._until = at
        if has_changed or _week(tenant) != self._week:
            self._week = _week(tenant)
            person = portfolio.crew.at(at).get(self._person_id)
            found = detect(person, tenant, day, ANY_DAY_AHEAD) if person else []
            self._spans = [(finding.first_on, finding.last_on) for finding in found]
        is_near = any(first - NEAR <= day <= last + DAY for first, last in self._spans)
        return is_near or (has_changed and has_alerts)


def _week(tenant: TenantState) -> tuple[object, ...]:
    return tenant.timezone, tenant.weekdays, tenant.hours_per_day, tenant.holidays, tenant.calendars


@dataclass(slots=True)
class _Notes:
    """What was said of one subject, and the lines that tell of it, each with the number of its day."""

    portfolio: Portfolio
    own: dict[str, AlertState] = field(default_factory=dict)
    lines: list[tuple[int, Line]] = field(default_factory=list)
    _open_lines: dict[str, Line] = field(default_factory=dict)

    @property
    def has_open(self) -> bool:
        """Whether the condition of any alert lasts."""
        return any(alert.cleared_at is None for alert in self.own.values())

    def note(self, number: int, world: World, drafts: Iterable[Draft]) -> None:
        """Folds what was said on a day."""
        for draft in drafts:
            fact = draft.fact
            if isinstance(fact, AlertRaised | AlertUpdated | AlertCleared):
                before = self.own.get(fact.alert_id)
                self.own[fact.alert_id] = alerts.fold([_event(world, draft, before)], before)
                self._write(number, world, fact)

    def _write(self, number: int, world: World, fact: AlertRaised | AlertUpdated | AlertCleared) -> None:
        at = world.now.astimezone(self.portfolio.zone).isoformat(timespec="seconds")
        line = self._open_lines.get(fact.alert_id)
        if isinstance(fact, AlertCleared):
            if line is not None:
                line["cleared_at"] = at
                del self._open_lines[fact.alert_id]
        elif line is None:
            made = self._line(self.own[fact.alert_id], fact, at)
            self._open_lines[fact.alert_id] = made
            self.lines.append((number, made))

    def _line(self, state: AlertState, fact: AlertRaised | AlertUpdated, at: str) -> Line:
        names = self.portfolio.names
        return {
            "project_id": names.get(fact.project_id or "", fact.project_id),
            "kind": state.kind,
            "agent": state.agent,
            "severity": fact.severity,
            "raised_at": at,
            "cleared_at": None,
            "subject_ids": sorted(names.get(i, i) for i in fact.subject_ids),
            "claim": fact.claim,
            "numbers": msgspec.to_builtins(fact.numbers),
            "proposals": msgspec.to_builtins(fact.proposals),
        }


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
