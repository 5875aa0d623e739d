"""What an action would change, and whether it may be offered. Preview, application and undo fold the same facts. Pure.

The effect of an action is the difference between two worlds: the one before, and the one after
exactly the facts that applying it appends.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal

from agents.actions import Action, Move, action_of, args_of
from agents.rebooking import booking_of, facts, placed, taken_days
from agents.world import World, after
from plan.calendar import NO_HOURS
from plan.capacity import day_loads, days_from
from plan.money import Statement, statement
from plan.network import calendars_of, forecast_of
from plan.over_allocation import Grain
from plan.rates import in_currency, rate_on
from plan.staffing import calendar_of
from risk.detectors.over_allocation import measure, plain, settings_of, spans_of
from store.errors import Invalid, LeewayError
from store.events import Effect, Number, ProposedAction
from store.ids import derived_id
from store.projections.people.fold import Allocation, PersonState
from store.projections.projects.state import ProjectState

CENT = Decimal("0.01")
Inputs = Mapping[str, str]


def preview(world: World, action: Action, inputs: Inputs) -> Effect:
    """The effect of applying the action to this world on the finding that wrote these inputs."""
    return effect(world, after(world, facts(world, action)), inputs)


def effect(before: World, later: World, inputs: Inputs) -> Effect:
    """How go-live dates, margin and the finding's own figures differ between two worlds.

    `days`: of the projects that changed the worst, in working days; negative is later. `margin`: by how
    much the forecast margins (revenue less EAC) of the projects concerned grow, in the tenant's currency,
    as the portfolio shows them (without effort on the tasks: what the booked hours cost less); None where
    a rate is not known.
    """
    return Effect(
        days=Decimal(_days(before, later)),
        margin=_margin(before, later),
        currency=before.tenant.currency,
        numbers=numbers(later, inputs),
    )


def numbers(world: World, inputs: Inputs) -> tuple[Number, ...]:
    """The finding's figures over its own days, as they are in this world."""
    person_id, settings = inputs["person_id"], settings_of(inputs)
    grain = Grain(inputs["grain"])
    return measure(world.contract(person_id), world.bookings(person_id), grain, spans_of(inputs), settings)


def proposed(
    world: World, action: Action, inputs: Inputs, sentence: str, *, is_feasible: bool = True
) -> ProposedAction:
    """The action as an alert carries it. Its id follows from what it does."""
    args = args_of(action)
    key = [action.kind, *(f"{name}={value}" for name, value in sorted(args.items()))]
    return ProposedAction(
        proposal_id=derived_id(world.tenant_id, "proposal", *key),
        action=action.kind,
        args=args,
        sentence=sentence,
        effect=preview(world, action, inputs),
        is_feasible=is_feasible,
    )


def is_still_true(world: World, proposal: ProposedAction, inputs: Inputs) -> bool:
    """Whether the proposal could be applied now and would do what it says."""
    try:
        action = action_of(proposal.action, proposal.args)
        return not problems(world, action, inputs) and preview(world, action, inputs) == proposal.effect
    except LeewayError:
        return False


def problems(world: World, action: Action, inputs: Inputs) -> list[str]:
    """Why the action may not be offered; empty when it clears the finding and harms nobody's calendar."""
    later = after(world, facts(world, action))
    found = [reason for move in action.moves for reason in _move_problems(world, move)]
    found += [
        reason for person_id in sorted(_people_of(action)) for reason in _overload(world, later, person_id, action)
    ]
    return found if found or _clears(later, inputs) else ["It does not clear the over-allocation."]


def _clears(later: World, inputs: Inputs) -> bool:
    """Whether no window that is still to come is over its limit."""
    person_id, grain = inputs["person_id"], Grain(inputs["grain"])
    limit = settings_of(inputs).limits.of(grain)
    contract, bookings = later.contract(person_id), later.bookings(person_id)
    for first, last in spans_of(inputs):
        loads = day_loads(contract, bookings, first, last)
        booked, capacity = sum(d.hard_hours for d in loads), sum(d.capacity_hours for d in loads)
        if last >= later.as_of and booked > limit * capacity:
            return False
    return True


def _people_of(action: Action) -> set[str]:
    named = {person_id for move in action.moves for person_id in (move.person_id, move.to_person_id)}
    return {person_id for person_id in named if person_id}


def _move_problems(world: World, move: Move) -> Iterable[str]:
    allocation = booking_of(world, move)
    taken = taken_days(world.contract(move.person_id), move, allocation)
    if move.from_on < world.as_of:
        yield "It would change days that have passed."
    if not taken or not NO_HOURS < move.hours_per_day <= allocation.hours_per_day:
        yield "It moves no hours, or more than are booked."
    if move.is_later and move.to_starts_on is not None and move.to_starts_on < world.as_of:
        yield "It would book days that have passed."
    if move.to_person_id is None or move.is_unfilled or move.is_later:
        return
    receiver = world.people.get(move.to_person_id)
    if receiver is None or not may_take(receiver, allocation.role or world.person(move.person_id).role):
        yield "The other person has not got the role or skill that the booking asks for."
    elif any(world.contract(move.to_person_id).hours_on(day) == 0 for day in taken):
        yield "The other person does not work on all of these days."


def may_take(person: PersonState, role: str) -> bool:
    """Whether the person has the role, as role or skill, and is somebody who can own work."""
    is_fit = bool(role) and (role == person.role or role in person.skills)
    return bool(person.person_id) and person.employment != "integration" and is_fit


def _overload(before: World, later: World, person_id: str, action: Action) -> Iterable[str]:
    """A day on which the person is booked beyond their hours, and more than before."""
    pieces = [piece for move in action.moves for piece in placed(before, move) if piece.person_id == person_id]
    contract = later.contract(person_id)
    if not contract.person_id:
        return
    for piece in pieces:
        for load in day_loads(contract, later.bookings(person_id), piece.starts_on, piece.ends_on):
            if load.hard_hours > load.capacity_hours:
                yield f"It would book somebody beyond their hours on {load.day.isoformat()}."
                return


def _days(before: World, later: World) -> int:
    """The worst change among the projects that changed; 0 where none did or none can be forecast."""
    changes = (
        _days_gained(before, before.projects.get(project_id), later, project)
        for project_id, project in sorted(later.projects.items())
        if before.projects.get(project_id) is not project
    )
    return min((days for days in changes if days is not None), default=0)


def _days_gained(before: World, old: ProjectState | None, later: World, new: ProjectState) -> int | None:
    """Working days by which go-live is forecast earlier; None where there is no forecast to compare."""
    was, is_now = (go_live_of(before, old) if old else None), go_live_of(later, new)
    if was is None or is_now is None:
        return None
    return calendar_of(before.tenant, new.calendar_id).working_days_between(is_now, was)


def go_live_of(world: World, project: ProjectState) -> date | None:
    """When the plan says the project goes live; None where it has ended, has no tasks or runs in a circle."""
    if not project.is_running:
        return None
    owners = {task.owner_id for task in project.tasks.values()}
    people = [person for person_id, person in sorted(world.people.items()) if person_id in owners]
    try:
        forecast = forecast_of(project, world.tenant, calendars_of(world.tenant, people), world.as_of)
    except Invalid:
        return None
    return forecast.go_live_on if forecast else None


def _margin(before: World, later: World) -> Decimal | None:
    """By how much the forecast margins of the projects concerned grow; None where one of them is not known."""
    total = NO_HOURS
    for project_id in sorted(_concerned(before, later)):
        gained = _gained(before, later, project_id)
        if gained is None:
            return None
        total += gained
    return plain(total.quantize(CENT))


def _concerned(before: World, later: World) -> set[str]:
    """Projects that are another than before, or for which somebody is booked otherwise."""
    found = {i for i, project in later.projects.items() if before.projects.get(i) is not project}
    return found | {
        booked.project_id for one, other in ((before, later), (later, before)) for _, booked in _only(one, other)
    }


def _gained(before: World, later: World, project_id: str) -> Decimal | None:
    """Revenue less cost at completion, later less before; without effort the bookings are the work left."""
    was, is_now = _statement(before, project_id), _statement(later, project_id)
    if was is None or is_now is None or was.eac is None or is_now.eac is None:
        spent, to_spend = _booked_cost(before, later, project_id), _booked_cost(later, before, project_id)
        return None if spent is None or to_spend is None else spent - to_spend
    amount = (is_now.revenue or NO_HOURS) - is_now.eac - (was.revenue or NO_HOURS) + was.eac
    return in_currency(before.tenant, amount, was.currency, before.tenant.currency, before.as_of)


def _statement(world: World, project_id: str) -> Statement | None:
    project = world.projects.get(project_id)
    return statement(project, world.tenant, world.people, world.as_of) if project else None


def _only(world: World, other: World) -> Iterator[tuple[PersonState, Allocation]]:
    """The bookings that the other world has not got in the same form, with whose they are."""
    for person_id, person in sorted(world.people.items()):
        counterpart = other.people.get(person_id)
        if counterpart is not person:
            known = counterpart.allocations if counterpart else {}
            yield from ((person, booked) for i, booked in person.allocations.items() if known.get(i) != booked)


def _booked_cost(world: World, other: World, project_id: str) -> Decimal | None:
    """Cost of the project's bookings that are another there; None where a rate is missing."""
    costs = [_booking_cost(world, p, booked) for p, booked in _only(world, other) if booked.project_id == project_id]
    known = [cost for cost in costs if cost is not None]
    return sum(known, NO_HOURS) if len(known) == len(costs) else None


def _booking_cost(world: World, person: PersonState, allocation: Allocation) -> Decimal | None:
    contract, total = world.contract(person.person_id), NO_HOURS
    for day in days_from(allocation.starts_on, allocation.ends_on):
        if contract.hours_on(day) > 0:
            rate = rate_on(world.tenant, person, allocation.project_id, day, role=allocation.role)
            cost = rate and in_currency(
                world.tenant, allocation.hours_per_day * rate[0], rate[1], world.tenant.currency, day
            )
            if cost is None:
                return None
            total += cost
    return total
