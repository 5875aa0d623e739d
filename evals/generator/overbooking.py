"""Bookings that do not fit: on a day, through a week, from two projects, by leave entered late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from evals.generator.calendars import DAY
from evals.generator.places import Places, week_of
from evals.generator.world import Person, TimeOff, add_time_off

LATE_LEAVE_HOURS = 5.0


@dataclass
class Overbooking:
    """Each maker tries one person and day and says whether it could."""

    places: Places

    def one_day(self, person: Person, day: date) -> bool:
        """Over on one day, while the week as a whole still has room."""
        places = self.places
        hours = places.room(person, day) + places.rng.choice((1.0, 1.5, 2.0))
        week_room = sum(places.room(person, d) for d in week_of(day) if person.capacity(d) > 0)
        recorded = places.recorded_on(day)
        projects = places.projects(person, recorded, day)
        is_booked = person.capacity(day) > 0 and places.booked(person, day) >= 1
        if not is_booked or not 1 <= hours <= 8 or hours + 2 > week_room:
            return False
        if not projects or not places.is_clear(person, (day, day)):
            return False
        places.put(person, places.rng.choice(projects), (day, day), hours, "hard", recorded)
        return True

    def whole_week(self, person: Person, day: date) -> bool:
        """Every working day of the week is over, by one booking on top."""
        places = self.places
        week = self._week(person, day)
        if not week:
            return False
        rooms = [places.room(person, d) for d in week]
        hours = max(rooms) + places.rng.choice((0.5, 1.0, 1.5, 2.0))
        recorded = places.recorded_on(day)
        projects = places.projects(person, recorded, week[-1])
        if not projects or not 1 <= hours <= 9 or max(person.capacity(d) for d in week) - max(rooms) < 1:
            return False
        places.put(person, places.rng.choice(projects), (week[0], week[-1]), hours, "hard", recorded)
        return True

    def two_projects(self, person: Person, day: date) -> bool:
        """Two bookings of two projects, entered a day apart, tip the week together."""
        places = self.places
        week = self._week(person, day)
        if not week:
            return False
        hours = max(places.room(person, d) for d in week) + places.rng.choice((0.5, 1.0, 1.5, 2.0))
        recorded = places.recorded_on(day)
        projects = places.projects(person, recorded, week[-1])
        if len(projects) < 2 or not 2 <= hours <= 9:
            return False
        one, two = places.rng.sample(projects, 2)
        half = int(hours) / 2
        places.put(person, one, (week[0], week[-1]), half, "hard", recorded)
        next_day = places.sim.world.calendar.add(recorded + DAY, 0)
        places.put(person, two, (week[0], week[-1]), hours - half, "hard", next_day)
        return True

    def _week(self, person: Person, day: date) -> list[date]:
        """The working days of the week beginning on `day`, if there are enough and nothing is near."""
        week = [d for d in week_of(day) if person.capacity(d) > 0]
        is_fit = len(week) >= 4 and week[0] == day and self.places.is_clear(person, (week[0], week[-1]))
        return week if is_fit else []

    def late_leave(self, person: Person, day: date) -> bool:
        """A few hours off, entered after the day was booked."""
        places = self.places
        booked, capacity = places.booked(person, day), person.capacity(day)
        recorded = places.recorded_on(day)
        is_tight = capacity >= LATE_LEAVE_HOURS + 1 and max(4.0, capacity - LATE_LEAVE_HOURS + 0.5) <= booked
        if not is_tight or person.off.get(day) or not places.is_clear(person, (day, day)):
            return False
        if not self._is_booked_by(person, day, recorded):
            return False
        add_time_off(places.sim.world, TimeOff(person.person_id, day, day, LATE_LEAVE_HOURS, recorded))
        places.taken.append((person.person_id, day, day))
        return True

    def _is_booked_by(self, person: Person, day: date, recorded: date) -> bool:
        mine = [b for b in self.places.sim.bookings.made if b.person_id == person.person_id and b.kind == "hard"]
        return all(b.recorded_at[:10] < recorded.isoformat() for b in mine if b.starts_on <= day <= b.ends_on)
