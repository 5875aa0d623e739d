"""Bookings that only look like too much: exactly full, tentative, on days off."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from evals.generator.calendars import DAY, days
from evals.generator.places import Places, Span
from evals.generator.plan import Project
from evals.generator.world import Person

Benign = dict[str, object]
WELL_BEFORE = 25 * DAY


@dataclass
class Lookalikes:
    """`put_in` is what went in, for the truth."""

    places: Places
    put_in: list[Benign] = field(default_factory=list)

    def exact(self, person: Person, day: date) -> bool:
        """Filled to the hour on every working day of the span."""
        places = self.places
        span = (day, day + places.rng.choice((0, 1, 2)) * DAY)
        working = [d for d in days(*span) if person.capacity(d) > 0]
        rooms = {places.room(person, d) for d in working}
        projects = places.projects(person, day - WELL_BEFORE, span[1])
        if not working or working[0] != day or len(rooms) != 1 or min(rooms) < 1:
            return False
        if not projects or places.booked(person, day) < 1 or not places.is_clear(person, span):
            return False
        self._put("exact_capacity", person, projects, span, rooms.pop())
        return True

    def soft(self, person: Person, day: date) -> bool:
        """A tentative week on top of firm work."""
        places = self.places
        span = (day, day + 4 * DAY)
        projects = places.projects(person, day - WELL_BEFORE, span[1])
        is_fit = day.weekday() == 0 and places.booked(person, day) >= 3 and places.is_clear(person, span)
        if not projects or not is_fit:
            return False
        self._put("soft_overlap", person, projects, span, max(person.hours_per_day - 1, 4.0), "soft")
        return True

    def weekend(self, person: Person, day: date) -> bool:
        """A booking that lies on a weekend alone."""
        span = (day, day + DAY)
        projects = self.places.projects(person, day - WELL_BEFORE, span[1])
        if day.weekday() != 5 or not projects or not self.places.is_clear(person, span):
            return False
        self._put("non_working_days", person, projects, span, 8.0)
        return True

    def covered(self, person: Person, day: date) -> bool:
        """A booking on days that had long been taken off."""
        span = (day, day + self.places.rng.choice((1, 2)) * DAY)
        projects = self.places.projects(person, day - WELL_BEFORE, span[1])
        is_off = all(person.capacity(d) == 0 for d in days(*span)) and all(person.contracted(d) > 0 for d in span)
        if not is_off or not projects or not self.places.is_clear(person, span) or not self._is_known(person, span):
            return False
        self._put("covered_by_time_off", person, projects, span, 6.0)
        return True

    def _is_known(self, person: Person, span: Span) -> bool:
        """The leave was on record before anyone could have booked across it."""
        early = span[0] - 20 * DAY
        leave = [t for t in self.places.sim.world.time_off if t.person_id == person.person_id]
        return any(
            t.hours_per_day is None and t.starts_on <= span[0] and span[1] <= t.ends_on and t.recorded_on <= early
            for t in leave
        )

    def _put(
        self, kind: str, person: Person, projects: list[Project], span: Span, hours: float, booking: str = "hard"
    ) -> None:
        project = self.places.rng.choice(projects)
        made = self.places.put(person, project, span, hours, booking, self.places.recorded_on(span[0]))
        self.put_in.append(
            {
                "record": "benign",
                "kind": kind,
                "project_ids": [project.project_id],
                "subject_ids": sorted([made, person.person_id]),
                "from_on": span[0],
                "to_on": span[1],
                "hit_kinds": ["over_allocation"],
            }
        )
