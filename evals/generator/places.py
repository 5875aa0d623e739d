"""Where something can be put into a finished run without touching anything else."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from evals.generator.calendars import days
from evals.generator.plan import Project
from evals.generator.simulate import Simulation
from evals.generator.world import Person

Span = tuple[date, date]


@dataclass
class Places:
    """`taken`: (person, first, last) of everything put in so far."""

    sim: Simulation
    rng: Random
    taken: list[tuple[str, date, date]] = field(default_factory=list)

    def is_clear(self, person: Person, span: Span) -> bool:
        """Ten days apart from anything put in before, so that two never melt into one."""
        gap = timedelta(days=10)
        return not any(
            who == person.person_id and a - gap <= span[1] and span[0] <= b + gap for who, a, b in self.taken
        )

    def projects(self, person: Person, since: date, last: date) -> list[Project]:
        """Projects the person works on, begun before `since` and not live by the end of the span or the horizon."""
        until = min(last, self.sim.world.horizon_on)
        return [
            p
            for p in self.sim.projects
            if person in p.crew.values()
            and p.created_on < since
            and all(end is None or end > until for end in (p.ended_on, p.live_on))
        ]

    def recorded_on(self, first: date) -> date:
        early = first - timedelta(days=self.rng.randint(6, 18))
        return self.sim.world.calendar.add(min(early, self.sim.world.horizon_on), -1)

    def put(self, person: Person, project: Project, span: Span, hours: float, kind: str, recorded: date) -> str:
        """Book it; gives back the allocation's id."""
        minute = self.rng.randint(540, 1010)
        made = self.sim.bookings.add(
            person,
            person.role,
            project.project_id,
            span,
            hours,
            kind,
            (min(recorded, self.sim.world.horizon_on), minute),
        )
        self.taken.append((person.person_id, *span))
        return made.allocation_id if made else ""

    def booked(self, person: Person, day: date) -> float:
        return self.sim.bookings.booked[person.person_id, day]

    def room(self, person: Person, day: date) -> float:
        return person.capacity(day) - self.booked(person, day)


def week_of(day: date) -> list[date]:
    monday = day - timedelta(days=day.weekday())
    return days(monday, monday + timedelta(days=6))
