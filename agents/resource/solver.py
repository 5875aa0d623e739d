"""The smallest set of moves that clears an over-allocation, chosen by CP-SAT and verified on the folded states. Pure.

The constraint solver picks moves (every window in need is relieved, nobody gets more than their
hours, no booking gives more than it has); what it picks is then applied to the world and read again
with the detector's own arithmetic before anybody sees it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from ortools.sat.python import cp_model

from agents.actions import Action, Kind
from agents.proposals import preview, problems
from agents.resource.candidates import Candidate, Case, candidates
from agents.world import World
from store.events import Effect

SEED = 20
DETERMINISTIC_SECONDS = 0.5
SOLUTIONS_PER_KIND = 3
PER_HOUR = 10_000
MOST_PROPOSALS = 3

# One move fewer beats everything; then fewer hours, less delay, less cost.
MOVE, HOUR, DELAY_DAY, MONEY = 10_000_000, 10_000, 1_000, 10


def solve(world: World, inputs: Mapping[str, str]) -> list[tuple[Action, Effect]]:
    """The best verified action of each kind, by days and then margin; none when nothing feasible is left."""
    case = Case(world, inputs)
    tried = candidates(case)
    if not case.needs:
        return []
    found = [best for kind in ("reschedule", "split", "reassign") if (best := _best(case, tried, (kind,)))]
    if not found:
        found = [best for best in [_best(case, tried, ("reschedule", "split", "reassign"))] if best]
    return sorted(found, key=lambda pair: _rank(*pair))[:MOST_PROPOSALS]


def fallback(world: World, inputs: Mapping[str, str]) -> tuple[Action, Effect] | None:
    """The least that somebody yet to be found would have to take over; None when even that clears nothing."""
    case = Case(world, inputs)
    return _best(case, candidates(case), ("add_capacity",)) if case.needs else None


def _best(case: Case, tried: Iterable[Candidate], kinds: tuple[Kind, ...]) -> tuple[Action, Effect] | None:
    verified = [
        (action, preview(case.world, action, case.inputs))
        for action in _choices(case, [c for c in tried if c.kind in kinds])
        if not problems(case.world, action, case.inputs)
    ]
    return min(verified, key=lambda pair: _rank(*pair), default=None)


def _rank(action: Action, effect: Effect) -> tuple[Decimal, int, Decimal, str]:
    margin = effect.margin if effect.margin is not None else Decimal("-Infinity")
    return (-effect.days, len(action.moves), -margin, action.kind)


def _choices(case: Case, allowed: list[Candidate]) -> list[Action]:
    """Up to a few smallest sets of moves, each another one."""
    model, picked = _model(case, allowed)
    actions = []
    for _ in range(SOLUTIONS_PER_KIND if allowed else 0):
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = SEED
        solver.parameters.max_deterministic_time = DETERMINISTIC_SECONDS
        if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            break
        chosen = [number for number, variable in enumerate(picked) if solver.boolean_value(variable)]
        model.add(sum(picked[number] for number in chosen) <= len(chosen) - 1)
        actions.append(_action([allowed[number] for number in chosen]))
    return actions


def _action(chosen: list[Candidate]) -> Action:
    """The moves as one action, named after the kind that moves most hours."""
    kinds: dict[Kind, Decimal] = {}
    for candidate in chosen:
        kinds[candidate.kind] = kinds.get(candidate.kind, Decimal(0)) + candidate.hours
    moves = sorted((c.move for c in chosen), key=lambda move: (move.from_on, move.allocation_id))
    return Action(kind=max(kinds, key=lambda kind: (kinds[kind], kind)), moves=tuple(moves))


def _model(case: Case, allowed: list[Candidate]) -> tuple[cp_model.CpModel, list[cp_model.IntVar]]:
    model = cp_model.CpModel()
    picked = [model.new_bool_var(str(number)) for number in range(len(allowed))]
    for need in case.needs:
        relief = [_units(c.move.hours_per_day) * len(set(c.taken) & set(need.days)) for c in allowed]
        model.add(cp_model.LinearExpr.weighted_sum(picked, relief) >= _units(need.hours, ROUND_CEILING))
    _nobody_is_overbooked(case, model, allowed, picked)
    _no_booking_gives_more_than_it_has(case, model, allowed, picked)
    model.minimize(cp_model.LinearExpr.weighted_sum(picked, [_price(c) for c in allowed]))
    return model, picked


def _nobody_is_overbooked(
    case: Case, model: cp_model.CpModel, allowed: list[Candidate], picked: list[cp_model.IntVar]
) -> None:
    places = sorted({(c.move.to_person_id or "", day) for c in allowed for day in c.given})
    for person_id, day in places:
        load = case.load(person_id, day)
        free = load.capacity_hours - load.hard_hours if load else Decimal(0)
        change = [_change(c, person_id, day) for c in allowed]
        model.add(cp_model.LinearExpr.weighted_sum(picked, change) <= _units(free, ROUND_FLOOR))


def _change(candidate: Candidate, person_id: str, day: dt.date) -> int:
    """What the candidate adds to the person's day, less what it takes away."""
    hours = _units(candidate.move.hours_per_day)
    adds = hours if candidate.move.to_person_id == person_id and day in candidate.given else 0
    takes = hours if candidate.move.person_id == person_id and day in candidate.taken else 0
    return adds - takes


def _no_booking_gives_more_than_it_has(
    case: Case, model: cp_model.CpModel, allowed: list[Candidate], picked: list[cp_model.IntVar]
) -> None:
    bookings = case.world.person(case.person_id).allocations
    for allocation_id, day in sorted({(c.move.allocation_id, day) for c in allowed for day in c.taken}):
        taken = [
            _units(c.move.hours_per_day) if c.move.allocation_id == allocation_id and day in c.taken else 0
            for c in allowed
        ]
        model.add(cp_model.LinearExpr.weighted_sum(picked, taken) <= _units(bookings[allocation_id].hours_per_day))


def _price(candidate: Candidate) -> int:
    money = int(candidate.extra_cost_per_hour * candidate.hours * MONEY)
    return max(MOVE + int(candidate.hours * HOUR) + candidate.delay_days * DELAY_DAY + money, 1)


def _units(hours: Decimal, rounding: str = ROUND_FLOOR) -> int:
    """Hours as whole ten-thousandths, which is finer than anybody books."""
    return int((hours * PER_HOUR).to_integral_value(rounding))
