"""One seeded run, from an empty world to a folder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from evals.generator.bookings import Bookings
from evals.generator.describe import fill
from evals.generator.growth import Growth
from evals.generator.incidents import inject
from evals.generator.journal import Journal
from evals.generator.mechanisms import MECHANISMS
from evals.generator.money import write_rates, write_spending
from evals.generator.plan import plan_projects
from evals.generator.poor import impoverish
from evals.generator.replanning import Replanning
from evals.generator.rows import Rows
from evals.generator.simulate import Simulation, demand
from evals.generator.steering import Steering
from evals.generator.talk import Talk
from evals.generator.transcript import kickoff_calls
from evals.generator.truth import tell
from evals.generator.watch import Watch
from evals.generator.world import build_world
from evals.generator.write import close_books, write_folder


@dataclass(frozen=True)
class Recipe:
    """Everything a run depends on."""

    seed: int
    projects: int
    mechanism: str
    horizon_on: date
    months: int = 14
    is_poor: bool = False
    name: str = "Harbour Example Onboarding"


# The samples kept in the repository, each the outcome of its recipe.
SAMPLES = {"harbour": Recipe(62, 28, "queue", date(2026, 9, 11))}


def generate(recipe: Recipe, out: Path) -> None:
    """Write the portfolio to `out` and its truth to `out`.truth; the same recipe gives the same bytes."""
    mechanism = MECHANISMS[recipe.mechanism]
    starts_on = recipe.horizon_on - timedelta(days=round(recipe.months * 30.4))
    staff = demand(recipe.projects, recipe.months, mechanism.staff_load)
    world = build_world(
        recipe.seed, starts_on, recipe.horizon_on, mechanism, staff, max(8, round(recipe.projects * 0.6))
    )
    rows = Rows(recipe.seed, recipe.horizon_on)
    bookings, talk = Bookings(world, rows), Talk(world, rows)
    journal = Journal(world, rows)
    replanning = Replanning(journal, bookings, talk)
    steering = Steering(journal, talk, Growth(journal, talk), replanning, Watch(world, rows, bookings))
    sim = Simulation(
        world,
        plan_projects(world, recipe.projects),
        rows,
        bookings,
        talk,
        steering,
        journal,
    )
    sim.run()
    close_books(sim)
    injection = inject(sim)
    fill(sim)
    write_rates(world, rows)
    spent = write_spending(world, rows, sim.projects)
    truth = tell(sim, injection, spent)
    if recipe.is_poor:
        impoverish(sim)
    write_folder(out, sim, truth, kickoff_calls(world, sim.projects, 3), recipe.name)
