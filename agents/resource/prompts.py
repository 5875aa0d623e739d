"""The resource agent's words, by template. Pure.

People are named by the source's own id, never by name: a claim is stored and hashed in clear, a name
is not. Doors put names in where the reader may see them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from agents.actions import Action, Move
from agents.rebooking import booking_of
from agents.world import World
from risk.detectors.over_allocation import plain
from risk.findings import Finding
from store.events import Effect

NO_WAY_OUT = "Nobody with the role has room on these days, and the person's own later days are full."
_WORD_WITH_A_DIGIT = re.compile(r"[^\s()]*\d[^\s()]*")
_EDGES = ".,:;!?%+−"


def claim(world: World, finding: Finding, *, is_solved: bool) -> str:
    """What is wrong, in one sentence of figures; a second one when no proposal clears it."""
    figures = {number.name: f"{number.value}" for number in finding.numbers}
    person = world.person(finding.inputs["person_id"])
    role = f" ({person.role.replace('_', ' ')})" if person.role else ""
    projects = sorted(world.external("project", i) for i in (finding.project_id, *finding.other_project_ids))
    sentence = (
        f"{person.external_id or person.person_id}{role} is booked {figures['booked_hours']} h against"
        f" {figures['capacity_hours']} h {_days(finding)}:"
        f" {figures['hours_over']} h too many, {_across(projects)}."
    )
    return sentence if is_solved else f"{sentence} {NO_WAY_OUT}"


def _days(finding: Finding) -> str:
    first, last = finding.inputs["first_on"], finding.inputs["last_on"]
    count = next(number for number in finding.numbers if number.name == "windows_over")
    return _span(first, last) if count.value == 1 else f"on {count.value} {count.unit} {_span(first, last)}"


def _across(projects: list[str]) -> str:
    return f"all on {projects[0]}" if len(projects) == 1 else f"across {', '.join(projects[:-1])} and {projects[-1]}"


def _span(first: str, last: str) -> str:
    return f"on {first}" if first == last else f"from {first} to {last}"


def sentence(world: World, action: Action, effect: Effect) -> str:
    """What the action does and what it changes."""
    moves = "; ".join(_move(world, move) for move in action.moves)
    return f"{moves}. {_go_live(effect)} {_margin(effect)}"


def _move(world: World, move: Move) -> str:
    allocation = booking_of(world, move)
    who = world.external("person", move.person_id)
    what = f"{_hours(move, allocation.hours_per_day)} of {who} on {world.external('project', move.project_id)}"
    when = _span(move.from_on.isoformat(), move.to_on.isoformat())
    if move.is_later:
        start = move.to_starts_on.isoformat() if move.to_starts_on else "the next free day"
        return f"Move {what} {when} to {start} and after"
    if move.is_unfilled:
        role = (allocation.role or world.person(move.person_id).role).replace("_", " ")
        return f"Look for another {role or 'person'} for {what} {when}; until then nobody does them"
    if move.to_person_id is None:
        return f"Release {what} {when}; nobody does them"
    return f"Give {what} {when} to {world.external('person', move.to_person_id)}"


def _hours(move: Move, booked: Decimal) -> str:
    if move.hours_per_day == booked:
        return f"the {plain(booked)} h a day"
    return f"{plain(move.hours_per_day)} of {plain(booked)} h a day"


def _go_live(effect: Effect) -> str:
    if not effect.days:
        return "Go-live stays."
    direction = "later" if effect.days < 0 else "earlier"
    return f"Go-live {abs(effect.days)} working days {direction}."


def _margin(effect: Effect) -> str:
    if effect.margin is None:
        return "Margin not assessed: a cost rate is missing."
    if not effect.margin:
        return "Margin stays."
    return f"Margin {'+' if effect.margin > 0 else '−'}{abs(effect.margin)} {effect.currency}."


def values(world: World, finding: Finding) -> list[str]:
    """The finding's own figures, dates, ids and roles: what a rewording has to keep."""
    return list(_said(world, finding))


def is_grounded(text: str, world: World, finding: Finding) -> bool:
    """Whether every number, date and id in the text is one of the finding's own."""
    return words_with_digits([text]) <= words_with_digits(_said(world, finding))


def _said(world: World, finding: Finding) -> Iterable[str]:
    yield from (f"{number.value}" for number in finding.numbers)
    yield from _dates(finding.inputs)
    yield world.external("person", finding.inputs["person_id"])
    yield world.person(finding.inputs["person_id"]).role.replace("_", " ")
    yield from (world.external("project", i) for i in (finding.project_id, *finding.other_project_ids))


def _dates(inputs: Mapping[str, str]) -> Iterable[str]:
    return (inputs[name] for name in ("first_on", "last_on", "as_of"))


def words_with_digits(texts: Iterable[str]) -> set[str]:
    """The words that hold a digit, without the punctuation around them."""
    return {word.strip(_EDGES) for text in texts for word in _WORD_WITH_A_DIGIT.findall(text)}
