"""Bookings that fit: no base allocation passes a person's effective capacity on any day."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import ceil, floor

from evals.generator.calendars import DAY, days, instant
from evals.generator.draw import is_hit, stream
from evals.generator.plan import Project, Task
from evals.generator.rows import Rows
from evals.generator.world import ZONE, Person, World

CHUNK_DAYS = 11
LOOK_AHEAD_DAYS = 70


@dataclass(frozen=True)
class Booking:
    allocation_id: str
    person_id: str
    project_id: str
    starts_on: date
    ends_on: date
    hours_per_day: float
    kind: str
    recorded_at: str


class Bookings:
    """Every allocation made; `booked` holds the hard hours of a person and day."""

    def __init__(self, world: World, rows: Rows) -> None:
        self.world = world
        self.rows = rows
        self.made: list[Booking] = []
        self.booked: dict[tuple[str, date], float] = defaultdict(float)
        self.booked_for: dict[tuple[str, str, date], float] = defaultdict(float)
        self.projects_of: dict[tuple[str, date], set[str]] = defaultdict(set)

    def add(
        self,
        person: Person | None,
        role: str,
        project_id: str,
        span: tuple[date, date],
        hours: float,
        kind: str,
        recorded: tuple[date, int],
    ) -> Booking | None:
        """Record one allocation (`recorded`: day and minute); past the horizon it is not made at all."""
        recorded_on, minute = recorded
        first, last = span
        if recorded_on > self.rows.horizon_on:
            return None
        made = Booking(
            self.rows.new_id("alc"),
            person.person_id if person else "",
            project_id,
            first,
            last,
            hours,
            kind,
            instant(recorded_on, minute, ZONE),
        )
        self.made.append(made)
        cells = made.__dict__ | {"role": role}
        self.rows.add("allocations", recorded_on, **cells)
        if person and kind == "hard":
            for day in days(first, last):
                if person.capacity(day) > 0:
                    self.booked[person.person_id, day] += hours
                    self.booked_for[person.person_id, project_id, day] += hours
                    self.projects_of[person.person_id, day].add(project_id)
        return made

    def free(self, person: Person, first: date, last: date) -> float:
        """Hours per day that still fit on every working day of the span."""
        room = [
            person.capacity(d) - self.booked[person.person_id, d] for d in days(first, last) if person.capacity(d) > 0
        ]
        return floor(2 * min(room)) / 2 if room else 0.0

    def free_for(self, person: Person, project_id: str, span: tuple[date, date]) -> float:
        """Hours the person can give this project in the span: what others have not firmly booked."""
        free = 0.0
        for day in days(*span):
            capacity = person.capacity(day)
            if capacity > 0:
                others = self.booked[person.person_id, day] - self.booked_for[person.person_id, project_id, day]
                free += max(0.0, capacity - others)
        return free

    def book_plan(self, project: Project, tasks: list[Task], day: date) -> None:
        """Book the open internal work of each owner and stage, chunk by chunk."""
        groups: dict[tuple[str, str], list[Task]] = defaultdict(list)
        for task in tasks:
            if task.track == "internal" and task.is_open:
                groups[task.owner_id, task.stage].append(task)
        for (owner, _), mine in sorted(groups.items()):
            self._book(project, self.world.person(owner), mine, day)

    def _book(self, project: Project, person: Person, tasks: list[Task], day: date) -> None:
        rng = stream(self.world.seed, "book", project.project_id, person.person_id, tasks[0].task_id, day.isoformat())
        first = max(day + DAY, min(t.starts_on for t in tasks))
        last = max(first, *(t.due_on for t in tasks))
        last = min(last, first + timedelta(days=LOOK_AHEAD_DAYS))
        working = [d for d in days(first, last) if person.capacity(d) > 0]
        ahead = sum(
            b.hours_per_day
            for b in self.made
            for d in working
            if b.person_id == person.person_id and b.project_id == project.project_id and b.starts_on <= d <= b.ends_on
        )
        need = sum(max(1.0, t.effort_hours - t.worked_hours) for t in tasks) - ahead
        if not working or need <= 0:
            return
        wanted = min(6.0, ceil(2 * need / len(working)) / 2)
        for a, b in _chunks(first, last):
            hours = min(wanted, self.free(person, a, b))
            minute = rng.randint(540, 1010)
            if hours >= 0.5:
                self.add(person, person.role, project.project_id, (a, b), hours, "hard", (day, minute))
            elif is_hit(rng, 0.4):
                self.add(None, person.role, project.project_id, (a, b), wanted, "soft", (day, minute))


def _chunks(first: date, last: date) -> list[tuple[date, date]]:
    edges = [first]
    while edges[-1] <= last:
        edges.append(edges[-1] + timedelta(days=CHUNK_DAYS))
    return [(a, min(last, b - DAY)) for a, b in pairwise(edges)]
