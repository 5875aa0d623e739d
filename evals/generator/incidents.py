"""What is put in on purpose after a run: some of each kind in the past, one of each ahead of the horizon."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from evals.generator.calendars import DAY, days
from evals.generator.draw import stream
from evals.generator.lookalikes import Lookalikes
from evals.generator.overbooking import Overbooking
from evals.generator.places import Places
from evals.generator.simulate import Simulation
from evals.generator.world import Person

PROJECTS_PER_ROUND = 14
Maker = Callable[[Person, date], bool]
Record = dict[str, object]


@dataclass
class Injection:
    places: Places
    overbooking: Overbooking
    lookalikes: Lookalikes
    unsubmitted: list[Record] = field(default_factory=list)
    live_people: set[str] = field(default_factory=set)

    def run(self) -> None:
        world = self.places.sim.world
        horizon, start = world.horizon_on, world.starts_on
        over, like = self.overbooking, self.lookalikes
        makers: list[Maker] = [over.one_day, over.whole_week, over.two_projects, over.late_leave]
        makers += [like.exact, like.soft, like.weekend, like.covered]
        for make in makers:
            self._somewhere(make, horizon + 3 * DAY, horizon + 38 * DAY, is_live=True)
        rounds = max(2, len(self.places.sim.projects) // PROJECTS_PER_ROUND)
        step = (horizon - start).days // (rounds + 1)
        for n in range(rounds):
            first = start + timedelta(days=40 + n * step)
            last = min(first + timedelta(days=step), horizon - 5 * DAY)
            for make in makers:
                self._somewhere(make, first, last, is_live=False)
            self._unsubmitted(first + timedelta(days=50), min(last + timedelta(days=70), horizon - 40 * DAY))
        self._unsubmitted(horizon - 24 * DAY, horizon - 3 * DAY)

    def _somewhere(self, make: Maker, first: date, last: date, *, is_live: bool) -> None:
        """Try people and days in random order; ahead of the horizon everyone is hit once at most."""
        people = [p for p in self.places.sim.world.people if not (is_live and p.person_id in self.live_people)]
        tries = [(person, day) for person in people for day in days(first, last)]
        self.places.rng.shuffle(tries)
        hit = next((person for person, day in tries if make(person, day)), None)
        if hit and is_live:
            self.live_people.add(hit.person_id)

    def _unsubmitted(self, first: date, last: date) -> None:
        """Three weeks of one person's time stay a draft."""
        last = min(last, first + timedelta(days=20))
        told = {str(u["person_id"]) for u in self.unsubmitted}
        hours: dict[str, float] = {}
        entries = self.places.sim.rows.tables["time_entries"]
        entries = [e for e in entries if first.isoformat() <= e["worked_on"] <= last.isoformat()]
        for entry in entries:
            hours[entry["person_id"]] = hours.get(entry["person_id"], 0.0) + float(entry["hours"])
        people = sorted(who for who, total in hours.items() if total >= 15 and who not in told)
        if not people:
            return
        who = self.places.rng.choice(people)
        mine = [e for e in entries if e["person_id"] == who]
        for entry in mine:
            entry["submitted_at"] = entry["approved_at"] = ""
        self.unsubmitted.append(
            {
                "person_id": who,
                "from_on": self.places.sim.world.calendar.add(first + timedelta(days=9), 0),
                "to_on": last + timedelta(days=28),
                "hours": hours[who],
                "project_ids": sorted({e["project_id"] for e in mine}),
            }
        )


def inject(sim: Simulation) -> Injection:
    places = Places(sim, stream(sim.world.seed, "inject"))
    injection = Injection(places, Overbooking(places), Lookalikes(places))
    injection.run()
    return injection
