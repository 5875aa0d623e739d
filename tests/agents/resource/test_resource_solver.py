"""Whatever the bookings are: what the solver offers is feasible, minimal in kind, and the same every time."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from agents.proposals import problems
from agents.rebooking import facts
from agents.resource.solver import fallback, solve
from agents.world import World, after
from plan.capacity import day_loads
from risk.detectors.over_allocation import detect
from store.events import Fact
from tests.agents.staging import MONDAY, Stage, away, booking, person, person_id

DAYS = st.integers(0, 18)
HOURS = st.sampled_from(["1", "1.5", "2.75", "4", "6", "8"])
PEOPLE = ("Over", "Same", "Third")


@st.composite
def bookings(draw: st.DrawFn) -> list[Fact]:
    facts_: list[Fact] = [person("Third", hours="6", rate="95")]
    for number in range(draw(st.integers(2, 9))):
        first = MONDAY + dt.timedelta(days=draw(DAYS))
        last = first + dt.timedelta(days=draw(st.integers(0, 6)))
        who, project = draw(st.sampled_from(("Over", "Over", *PEOPLE))), draw(st.sampled_from(("P-1", "P-2")))
        facts_.append(booking(f"B-{number}", who, project, first.isoformat(), last.isoformat(), draw(HOURS)))
    if draw(st.booleans()):
        first = MONDAY + dt.timedelta(days=draw(DAYS))
        facts_.append(
            away(
                draw(st.sampled_from(PEOPLE)), first.isoformat(), first.isoformat(), draw(st.sampled_from([None, "4"]))
            )
        )
    return facts_


def hours_over(world: World, who: str) -> dict[dt.date, Decimal]:
    contract, held = world.contract(who), world.bookings(who)
    loads = day_loads(contract, held, MONDAY, MONDAY + dt.timedelta(days=200))
    return {load.day: load.hard_hours - load.capacity_hours for load in loads if load.hard_hours > load.capacity_hours}


@settings(max_examples=25)
@given(bookings())
def test_every_offer_clears_its_finding_and_overbooks_nobody(given_: list[Fact]) -> None:
    world = Stage(given_).world()
    for finding in detect(world.people[person_id("Over")], world.tenant, world.as_of):
        for action, effect in [*solve(world, finding.inputs), *filter(None, [fallback(world, finding.inputs)])]:
            assert problems(world, action, finding.inputs) == []
            assert next(n for n in effect.numbers if n.name == "hours_over").value == 0
            later = after(world, facts(world, action))
            for name in PEOPLE:
                before = hours_over(world, person_id(name))
                worse = {d for d, h in hours_over(later, person_id(name)).items() if h > before.get(d, 0)}
                assert not worse


def test_the_solver_gives_the_same_answer_every_time() -> None:
    facts_ = [
        booking("A-1", "Over", "P-1", "2024-01-22", "2024-01-26", "6"),
        booking("A-2", "Over", "P-2", "2024-01-22", "2024-02-02", "4"),
    ]
    world = Stage([*facts_, person("Third", rate="95")]).world()
    (finding,) = detect(world.people[person_id("Over")], world.tenant, world.as_of)
    assert solve(world, finding.inputs) == solve(world, finding.inputs)


def test_a_single_move_is_preferred_and_better_margin_comes_first() -> None:
    facts_ = [
        booking("A-1", "Over", "P-1", "2024-01-22", "2024-01-26", "6"),
        booking("A-2", "Over", "P-2", "2024-01-22", "2024-01-26", "4"),
    ]
    world = Stage([*facts_, person("Third", rate="95")]).world()
    (finding,) = detect(world.people[person_id("Over")], world.tenant, world.as_of)
    found = solve(world, finding.inputs)
    assert [len(action.moves) for action, _ in found] == [1] * len(found)
    assert found[0][0].kind == "reassign"
    assert found[0][0].moves[0].to_person_id == person_id("Same")
    margins = [effect.margin for _, effect in found if effect.margin is not None]
    assert margins == sorted(margins, reverse=True)
