"""A portfolio's events in the order in which its source learnt of them, and the tenant as known at any instant."""

from __future__ import annotations

import datetime as dt
import hashlib
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from intake.commands import import_portfolio
from plan.calendar import Calendar, zone_of
from plan.network import Calendars, calendars_of
from plan.staffing import calendar_of
from store.errors import Invalid
from store.events import ProjectCreated, ProjectStatusChanged
from store.ids import TenantId, tenant_id_of
from store.log import Cut, Event
from store.log_memory import MemoryLog
from store.projections.people import fold as people_fold
from store.projections.people.fold import PersonState
from store.projections.projects import fold as project_fold
from store.projections.projects.state import ProjectState
from store.projections.tenants import fold as tenant_fold
from store.projections.tenants.fold import TenantState
from store.streams import subjects_of

SLUG = "eval-replay"
LOADED_AT = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
FRIDAY = 4
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


@dataclass(frozen=True)
class Portfolio:
    """Everything a replay may read. `events` are in recorded order; `fingerprint` is the SHA-256 of the files."""

    tenant_id: TenantId
    events: tuple[Event, ...]
    fingerprint: str = ""
    refused_lines: int = 0

    @cached_property
    def projects(self) -> Mapping[str, tuple[Event, ...]]:
        """Each project's events."""
        return self._by_subject("projects")

    @cached_property
    def frames(self) -> Frames:
        """The tenant's settings and directory over time."""
        return Frames(self._by_subject("tenants").get("", ()))

    @cached_property
    def lives(self) -> Mapping[str, Life]:
        """Each project's life over time."""
        return {project_id: Life(events) for project_id, events in self.projects.items()}

    @cached_property
    def offices(self) -> Offices:
        """The tenant at any instant, with everybody's calendar."""
        return Offices(self.frames)

    @cached_property
    def crew(self) -> Crew:
        """Everybody's contract, time off and bookings over time."""
        return Crew(self._by_subject("people"))

    @cached_property
    def recorded(self) -> tuple[dt.datetime, ...]:
        """When each fact was learnt, in order."""
        return tuple(event.recorded_at for event in self.events)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What the source called whatever a fact introduced, when it did so first."""
        found: dict[str, str] = {}
        for event in self.events:
            own_id = _OWN_IDS.get(event.fact.TYPE.partition(".")[0], "")
            external = getattr(event.fact, "external_id", "")
            if own_id and external and own_id in event.fact.__struct_fields__:
                found.setdefault(getattr(event.fact, own_id), external)
        return found

    @cached_property
    def calendar(self) -> Calendar:
        """The tenant's week as first known: it says when a day of the replay ends."""
        return calendar_of(self.frames.first, None)

    @property
    def zone(self) -> ZoneInfo:
        """The tenant's zone as first known."""
        return zone_of(self.calendar.timezone)

    @cached_property
    def last_on(self) -> dt.date:
        """The day of the last fact."""
        return self.calendar.local_date(self.events[-1].recorded_at)

    def days(self, *, is_weekly: bool) -> Iterator[tuple[dt.date, dt.datetime]]:
        """Every day, or every Friday, from the first fact to the last, with the instant at which it ends."""
        day = self.calendar.local_date(self.events[0].recorded_at)
        while day <= self.last_on:
            if not is_weekly or day.weekday() == FRIDAY:
                yield day, self.calendar.end_of_day(day)
            day += DAY

    def _by_subject(self, projection: str) -> dict[str, tuple[Event, ...]]:
        found: dict[str, list[Event]] = {}
        for event in self.events:
            for name, subject in subjects_of(event.stream_id, event.type):
                if name == projection:
                    found.setdefault(subject, []).append(event)
        return {subject: tuple(events) for subject, events in found.items()}


class Frames:
    """The tenant as known at an instant."""

    def __init__(self, events: Sequence[Event]) -> None:
        self._at: list[dt.datetime] = []
        self._states: list[TenantState] = [TenantState()]
        for at, batch in _batches(events):
            self._at.append(at)
            self._states.append(tenant_fold.fold(batch, self._states[-1]))

    @property
    def first(self) -> TenantState:
        """The tenant as first heard of."""
        return self._states[min(1, len(self._states) - 1)]

    def at(self, instant: dt.datetime) -> TenantState:
        """The tenant as known then."""
        return self._states[bisect_right(self._at, instant)]


class Offices:
    """The tenant as known at an instant, with everybody's calendar made once."""

    def __init__(self, frames: Frames) -> None:
        self._frames = frames
        self._calendars: dict[int, Calendars] = {}

    def at(self, instant: dt.datetime) -> tuple[TenantState, Calendars]:
        """The tenant and the calendars as known then."""
        tenant = self._frames.at(instant)
        if id(tenant) not in self._calendars:
            self._calendars[id(tenant)] = calendars_of(tenant)
        return tenant, self._calendars[id(tenant)]


class Crew:
    """Everybody as known at an instant; between two facts about people it is one and the same mapping."""

    def __init__(self, by_person: Mapping[str, Sequence[Event]]) -> None:
        self._at: list[dt.datetime] = []
        self._states: list[Mapping[str, PersonState]] = [{}]
        self.events = by_person
        steps = [
            (at, person_id, batch) for person_id, events in sorted(by_person.items()) for at, batch in _batches(events)
        ]
        for at, person_id, batch in sorted(steps, key=lambda step: step[0]):
            before = self._states[-1]
            self._at.append(at)
            self._states.append({**before, person_id: people_fold.fold(batch, before.get(person_id))})

    def at(self, instant: dt.datetime) -> Mapping[str, PersonState]:
        """Everybody as known then, by id; the placeholders' bookings are somebody too."""
        return self._states[bisect_right(self._at, instant)]

    def has_changed(self, person_id: str, since: dt.datetime, until: dt.datetime) -> bool:
        """Whether something was learnt of the person after `since`, up to `until`."""
        known = self.events.get(person_id, ())
        places = (bisect_right(known, instant, key=lambda event: event.recorded_at) for instant in (since, until))
        return next(places) < next(places)

    def projects_of(self, person_id: str) -> set[str]:
        """Every project that the person is ever booked on."""
        named = (getattr(event.fact, "project_id", None) for event in self.events.get(person_id, ()))
        return {project_id for project_id in named if project_id}


class Life:
    """Whether a project was running, live or over, as known at an instant; nothing else of it is folded."""

    def __init__(self, events: Sequence[Event]) -> None:
        self._at: list[dt.datetime] = []
        self._states: list[ProjectState] = [ProjectState()]
        told = [event for event in events if isinstance(event.fact, ProjectCreated | ProjectStatusChanged)]
        for at, batch in _batches(told):
            self._at.append(at)
            self._states.append(project_fold.fold(batch, self._states[-1]))

    def at(self, instant: dt.datetime) -> ProjectState:
        """The project's life as known then."""
        return self._states[bisect_right(self._at, instant)]


def load(folder: Path, progress: Callable[[str], None] = lambda _text: None) -> Portfolio:
    """Reads portfolio files through the product's own intake."""
    progress("reading the files")
    log, tenant_id = MemoryLog(), tenant_id_of(SLUG)
    report = import_portfolio(log, SLUG, folder, now=LOADED_AT)
    log.seal(tenant_id)
    refused = sum(file.refused for file in report.files)
    events = tuple(log.read_all(tenant_id, cut=Cut("recorded")))
    if not events:
        raise Invalid("nothing_to_replay", "The folder holds no fact.", remedy="Name a folder with projects.")
    return Portfolio(tenant_id, events, fingerprint(folder), refused)


def fingerprint(path: Path) -> str:
    """SHA-256 over the names and bytes of the folder's files, in order of their names."""
    digest = hashlib.sha256()
    files = sorted(entry for entry in path.rglob("*") if entry.is_file()) if path.is_dir() else [path]
    for file in files:
        digest.update(file.relative_to(path).as_posix().encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _batches(events: Iterable[Event]) -> Iterator[tuple[dt.datetime, list[Event]]]:
    batch: list[Event] = []
    for event in events:
        if batch and event.recorded_at != batch[-1].recorded_at:
            yield batch[-1].recorded_at, batch
            batch = []
        batch.append(event)
    if batch:
        yield batch[-1].recorded_at, batch
