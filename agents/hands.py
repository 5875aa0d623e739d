"""Who can do which kind of action. A new kind is a module with a `Hand` and one more line here. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from agents import changes, messages, proposals, recommitting, reforecasting
from agents.acting import Args, Hand, Inputs
from agents.actions import KINDS, action_of, args_of, edited
from agents.rebooking import facts, undo_facts
from agents.resource import prompts
from agents.world import World
from store.errors import Invalid
from store.events import Effect, Fact


def _touched(kind: str, args: Args) -> tuple[set[str], set[str]]:
    moves = action_of(kind, args).moves
    people = {i for move in moves for i in (move.person_id, move.to_person_id) if i}
    return people, {move.project_id for move in moves}


def _facts(world: World, kind: str, args: Args) -> list[Fact]:
    return facts(world, action_of(kind, args))


def _effect(world: World, kind: str, args: Args, inputs: Inputs) -> Effect:
    return proposals.preview(world, action_of(kind, args), inputs)


def _problems(world: World, kind: str, args: Args, inputs: Inputs) -> list[str]:
    return proposals.problems(world, action_of(kind, args), inputs)


def _edited(kind: str, args: Args, changes: Args) -> dict[str, str]:
    return args_of(edited(kind, args, changes))


def _sentence(world: World, kind: str, args: Args, effect: Effect) -> str:
    return prompts.sentence(world, action_of(kind, args), effect)


def _undo(before: World, done: Sequence[Fact]) -> list[Fact]:
    return undo_facts(before, list(done))


REBOOKING = Hand(KINDS, _touched, _facts, _effect, _problems, _edited, _sentence, _undo)
"""Moves of booked hours."""

HANDS: tuple[Hand, ...] = (REBOOKING, messages.HAND, changes.HAND, recommitting.HAND, reforecasting.HAND)


def hand_of(kind: str) -> Hand:
    """The hand that does this kind of action; `Invalid` when nobody does."""
    for hand in HANDS:
        if kind in hand.kinds:
            return hand
    known = ", ".join(kind for hand in HANDS for kind in hand.kinds)
    raise Invalid("unknown_action", f"No action is called {kind!r}.", remedy=f"Use one of: {known}.")
