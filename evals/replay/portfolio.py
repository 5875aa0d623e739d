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
from plan.staffing import calendar_of
from store.errors import Invalid
from store.events import ProjectCreated, ProjectStatusChanged
from store.ids import TenantId, tenant_id_of
from store.log import Cut, Event
from store.log_memory import MemoryLog
from store.projections.projects import fold as project_fold
from store.projections.projects.state import ProjectState
from store.projections.tenants import fold as tenant_fold
from store.projections.tenants.fold import TenantState
from store.streams import subjects_of

SLUG = "eval-replay"
LOADED_AT = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
FRIDAY = 4


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
