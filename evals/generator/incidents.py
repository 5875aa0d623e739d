"""Put in on purpose: bookings that do not fit, bookings that only look so, time never sent in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from evals.generator.calendars import DAY, days
from evals.generator.draw import stream
from evals.generator.plan import Project
from evals.generator.simulate import Simulation
from evals.generator.world import Person, TimeOff, add_time_off

Benign = dict[str, object]


@dataclass
class Injection:
    """Looks for places where an incident or look-alike can be put without touching another."""

    sim: Simulation
    rng: Random
    taken: list[tuple[str, date, date]] = field(default_factory=list)
    benign: list[Benign] = field(default_factory=list)
    unsubmitted: list[Benign] = field(default_factory=list)
    live_people: set[str] = field(default_factory=set)

    def run(self) -> None:
        horizon, start = self.sim.world.horizon_on, self.sim.world.starts_on
        ahead = (horizon + 3 * DAY, horizon + 38 * DAY)
        for make in (self._one_day, self._whole_week, self._two_projects, self._late_leave):
            self._somewhere(make, *ahead, is_live=True)
        for make in (self._exact, self._soft, self._weekend, self._covered):
            self._somewhere(make, *ahead, is_live=True)
        rounds = max(2, len(self.sim.projects) // 14)
        step = (horizon - start).days // (rounds + 1)
        for n in range(rounds):
            first = start + timedelta(days=40 + n * step)
            last = min(first + timedelta(days=step), horizon - 5 * DAY)
            for make in (
                self._one_day,
                self._whole_week,
                self._two_projects,
                self._late_leave,
                self._exact,
                self._soft,
                self._weekend,
                self._covered,
            ):
                self._somewhere(make, first, last, is_live=False)
        self._unsubmitted(start + timedelta(days=90), horizon - 60 * DAY)
        self._unsubmitted(horizon - 24 * DAY, horizon - 3 * DAY)

    def _somewhere(self, make: object, first: date, last: date, *, is_live: bool) -> None:
        assert callable(make)
        places = [
            (p, d)
            for p in self.sim.world.people
            for d in days(first, last)
            if not (is_live and p.person_id in self.live_people)
        ]
        self.rng.shuffle(places)
        for person, day in places:
            if make(person, day):
                self.live_people |= {person.person_id} if is_live else set()
                return

    def _is_clear(self, person: Person, first: date, last: date) -> bool:
        """Ten days apart from anything put in before, so that two never melt into one."""
        gap = timedelta(days=10)
        return not any(who == person.person_id and a - gap <= last and first <= b + gap for who, a, b in self.taken)

    def _projects(self, person: Person, recorded: date, last: date) -> list[Project]:
        """Projects the person works on that are under way at both ends."""
        return [
            p
            for p in self.sim.projects
            if person in p.crew.values()
            and p.created_on < recorded
            and (p.ended_on is None or p.ended_on > min(last, self.sim.world.horizon_on))
            and (p.live_on is None or p.live_on > min(last, self.sim.world.horizon_on))
        ]

    def _recorded(self, first: date) -> date:
        early = first - timedelta(days=self.rng.randint(6, 18))
        return self.sim.world.calendar.add(min(early, self.sim.world.horizon_on), -1)

    def _put(
        self, person: Person, project: Project, first: date, last: date, hours: float, kind: str, recorded: date
    ) -> str:
        made = self.sim.bookings.add(
            person, person.role, project.project_id, first, last, hours, kind, recorded, self.rng.randint(540, 1010)
        )
        assert made
        self.taken.append((person.person_id, first, last))
        return made.allocation_id

    def _booked(self, person: Person, day: date) -> float:
        return self.sim.bookings.booked[person.person_id, day]

    def _week(self, day: date) -> list[date]:
        monday = day - timedelta(days=day.weekday())
        return days(monday, monday + 6 * DAY)

    def _one_day(self, person: Person, day: date) -> bool:
        """Over on one day, while the week as a whole still has room."""
        room = person.capacity(day) - self._booked(person, day)
        week = self._week(day)
        slack = sum(person.capacity(d) - (self._booked(person, d) if person.capacity(d) else 0) for d in week)
        hours = room + self.rng.choice((1.0, 1.5, 2.0))
        recorded = self._recorded(day)
        projects = self._projects(person, recorded, day)
        is_fit = person.capacity(day) > 0 and self._booked(person, day) >= 1 and 1 <= hours <= 8 and hours + 2 <= slack
        if not is_fit or not projects or not self._is_clear(person, day, day):
            return False
        self._put(person, self.rng.choice(projects), day, day, hours, "hard", recorded)
        return True

    def _whole_week(self, person: Person, day: date) -> bool:
        return self._overfull(person, day, is_across=False)

    def _two_projects(self, person: Person, day: date) -> bool:
        return self._overfull(person, day, is_across=True)

    def _overfull(self, person: Person, day: date, *, is_across: bool) -> bool:
        """Over in the week as a whole; across: a second booking from another project tips it."""
        week = [d for d in self._week(day) if person.capacity(d) > 0]
        if len(week) < 4 or week[0] != day:
            return False
        rooms = [person.capacity(d) - self._booked(person, d) for d in week]
        recorded = self._recorded(day)
        projects = self._projects(person, recorded, week[-1])
        hours = max(rooms) + self.rng.choice((0.5, 1.0, 1.5, 2.0))
        if not 1 <= hours <= 9 or not self._is_clear(person, week[0], week[-1]):
            return False
        if not is_across:
            is_fit = bool(projects) and max(person.capacity(d) for d in week) - max(rooms) >= 1
            if is_fit:
                self._put(person, self.rng.choice(projects), week[0], week[-1], hours, "hard", recorded)
            return is_fit
        if len(projects) < 2 or hours < 2:
            return False
        one, two = self.rng.sample(projects, 2)
        half = int(hours) / 2
        next_day = min(self.sim.world.calendar.add(recorded + DAY, 0), self.sim.world.horizon_on)
        self._put(person, one, week[0], week[-1], half, "hard", recorded)
        self._put(person, two, week[0], week[-1], hours - half, "hard", next_day)
        return True

    def _late_leave(self, person: Person, day: date) -> bool:
        """A few hours off, entered after the day was booked."""
        booked, off = self._booked(person, day), 5.0
        recorded = self._recorded(day)
        if (
            not self._is_clear(person, day, day)
            or person.off.get(day)
            or booked < 4
            or person.capacity(day) < off + 1
            or booked <= person.capacity(day) - off
        ):
            return False
        add_time_off(self.sim.world, TimeOff(person.person_id, day, day, off, recorded))
        self.taken.append((person.person_id, day, day))
        return True

    def _look_alike(
        self, kind: str, person: Person, project: Project, first: date, last: date, hours: float, booking: str = "hard"
    ) -> None:
        recorded = self._recorded(first)
        made = self._put(person, project, first, last, hours, booking, recorded)
        self.benign.append(
            {
                "record": "benign",
                "kind": kind,
                "project_ids": [project.project_id],
                "subject_ids": sorted([made, person.person_id]),
                "from_on": first,
                "to_on": last,
                "hit_kinds": ["over_allocation"],
            }
        )

    def _exact(self, person: Person, day: date) -> bool:
        last = day + timedelta(days=self.rng.choice((0, 1, 2)))
        span = [d for d in days(day, last) if person.capacity(d) > 0]
        rooms = {person.capacity(d) - self._booked(person, d) for d in span}
        projects = self._projects(person, day - 25 * DAY, last)
        if (
            len(rooms) != 1
            or min(rooms) < 1
            or not projects
            or self._booked(person, span[0]) < 1
            or not self._is_clear(person, day, last)
            or span[0] != day
        ):
            return False
        self._look_alike("exact_capacity", person, self.rng.choice(projects), day, last, rooms.pop())
        return True

    def _soft(self, person: Person, day: date) -> bool:
        last = day + 4 * DAY
        projects = self._projects(person, day - 25 * DAY, last)
        if day.weekday() or not projects or self._booked(person, day) < 3 or not self._is_clear(person, day, last):
            return False
        self._look_alike(
            "soft_overlap", person, self.rng.choice(projects), day, last, max(person.hours_per_day - 1, 4.0), "soft"
        )
        return True

    def _weekend(self, person: Person, day: date) -> bool:
        projects = self._projects(person, day - 25 * DAY, day + DAY)
        if day.weekday() != 5 or not projects or not self._is_clear(person, day, day + DAY):
            return False
        self._look_alike("non_working_days", person, self.rng.choice(projects), day, day + DAY, 8.0)
        return True

    def _covered(self, person: Person, day: date) -> bool:
        last = day + self.rng.choice((1, 2)) * DAY
        projects = self._projects(person, day - 25 * DAY, last)
        is_off = (
            all(person.capacity(d) == 0 for d in days(day, last))
            and person.contracted(day) > 0
            and person.contracted(last) > 0
        )
        if (
            not is_off
            or not projects
            or not self._is_clear(person, day, last)
            or not self._is_off_known(person, day, last)
        ):
            return False
        self._look_alike("covered_by_time_off", person, self.rng.choice(projects), day, last, 6.0)
        return True

    def _is_off_known(self, person: Person, first: date, last: date) -> bool:
        """The leave was on record before anyone could have booked across it."""
        early = first - 20 * DAY
        return any(
            t.person_id == person.person_id
            and t.hours_per_day is None
            and t.starts_on <= first
            and last <= t.ends_on
            and t.recorded_on <= early
            for t in self.sim.world.time_off
        )

    def _unsubmitted(self, first: date, last: date) -> None:
        """Three weeks of one person's time stay a draft."""
        last = min(last, first + 20 * DAY)
        entries = [
            e for e in self.sim.rows.tables["time_entries"] if first.isoformat() <= e["worked_on"] <= last.isoformat()
        ]
        people = sorted(
            {
                e["person_id"]
                for e in entries
                if sum(float(x["hours"]) for x in entries if x["person_id"] == e["person_id"]) >= 15
            }
        )
        people = [p for p in people if p not in {str(u["person_id"]) for u in self.unsubmitted}]
        if not people:
            return
        who = self.rng.choice(people)
        mine = [e for e in entries if e["person_id"] == who]
        for entry in mine:
            entry["submitted_at"] = entry["approved_at"] = ""
        known = self.sim.world.calendar.add(first + timedelta(days=9), 0)
        self.unsubmitted.append(
            {
                "person_id": who,
                "from_on": known,
                "to_on": last + timedelta(days=28),
                "hours": sum(float(e["hours"]) for e in mine),
                "project_ids": sorted({e["project_id"] for e in mine}),
            }
        )


def inject(sim: Simulation) -> Injection:
    injection = Injection(sim, stream(sim.world.seed, "inject"))
    injection.run()
    return injection
