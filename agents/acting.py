"""What every kind of action has to say for itself, so that it can be previewed, approved, edited and undone. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from agents.world import World
from store.events import Effect, Fact, ProposedAction
from store.ids import derived_id

Args = Mapping[str, str]
Inputs = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Hand:
    """The kinds of action that one module knows how to do. `args` are a proposal's, `inputs` its alert's.

    `touched`: the ids of the people and of the projects that an action is about.
    `facts`: what applying it appends; the effect is that of exactly these facts.
    `effect`: in days and money, as shown before and checked again at approval.
    `problems`: why it may not be offered or done now; empty when it may.
    `edited`: the arguments with a person's changes; `Invalid` for those that may not be changed.
    `sentence`: what it does and changes, in words.
    `undo`: the facts that take these facts back in a world as it was before them; `Conflict` where nothing can.
    """

    kinds: tuple[str, ...]
    touched: Callable[[str, Args], tuple[set[str], set[str]]]
    facts: Callable[[World, str, Args], list[Fact]]
    effect: Callable[[World, str, Args, Inputs], Effect]
    problems: Callable[[World, str, Args, Inputs], list[str]]
    edited: Callable[[str, Args, Args], dict[str, str]]
    sentence: Callable[[World, str, Args, Effect], str]
    undo: Callable[[World, Sequence[Fact]], list[Fact]]

    def offered(self, world: World, kind: str, args: Args, inputs: Inputs) -> ProposedAction:
        """The action as an alert carries it. Its id follows from what it does."""
        effect = self.effect(world, kind, args, inputs)
        key = [kind, *(f"{name}={value}" for name, value in sorted(args.items()))]
        return ProposedAction(
            proposal_id=derived_id(world.tenant_id, "proposal", *key),
            action=kind,
            args=dict(args),
            sentence=self.sentence(world, kind, args, effect),
            effect=effect,
            is_feasible=not self.problems(world, kind, args, inputs),
        )
