"""What an agent may propose, typed, and its arguments as text for people, wire and log. Pure.

An action is a list of moves; a move takes some hours a day out of a booking over a span of days and
says where they go: to later days of the same person, to another person on the same days, to a
placeholder that somebody has yet to fill, or to nobody (released).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Literal, get_args

import msgspec

from store.errors import Invalid
from store.streams import PLACEHOLDER

Kind = Literal["reschedule", "split", "reassign", "add_capacity", "release"]
KINDS: tuple[str, ...] = get_args(Kind)


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """`hours_per_day` of a booking from `from_on` to `to_on`, both included, go elsewhere.

    `to_person_id`: the same person (then from `to_starts_on` on, for as many working days), another
    person or "placeholder" (the same days), or None when the hours are given up.
    """

    allocation_id: str
    person_id: str
    project_id: str
    from_on: dt.date
    to_on: dt.date
    hours_per_day: Decimal
    to_person_id: str | None = None
    to_starts_on: dt.date | None = None

    @property
    def is_later(self) -> bool:
        """Whether the same person does it on other days."""
        return self.to_person_id == self.person_id

    @property
    def is_unfilled(self) -> bool:
        """Whether nobody in particular is to do it."""
        return self.to_person_id == PLACEHOLDER


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """Something that can be applied as facts, once approved."""

    kind: Kind
    moves: tuple[Move, ...]


def args_of(action: Action) -> dict[str, str]:
    """The moves as flat text: the first under its field names, the second under `2.` and so on."""
    return {
        f"{_prefix(number)}{name}": _text(value)
        for number, move in enumerate(action.moves, start=1)
        for name, value in msgspec.structs.asdict(move).items()
        if value is not None
    }


def action_of(kind: str, args: Mapping[str, str]) -> Action:
    """The action that `args_of` wrote, or that a person edited; `Invalid` names the argument that does not fit."""
    if kind not in KINDS:
        raise Invalid("unknown_action", f"No action is called {kind!r}.", remedy=f"Use one of: {', '.join(KINDS)}.")
    rows: dict[int, dict[str, str]] = {}
    for key, value in args.items():
        number, _, name = key.rpartition(".")
        rows.setdefault(int(number) if number.isdigit() else 1, {})[name] = value
    if not rows:
        raise Invalid("no_moves", f"The action {kind!r} has no arguments.", remedy="Say which booking it moves.")
    try:
        moves = msgspec.convert([row for _, row in sorted(rows.items())], tuple[Move, ...], strict=False)
        return msgspec.convert({"kind": kind, "moves": moves}, Action)
    except msgspec.ValidationError as error:
        raise Invalid(
            "malformed_action",
            f"The arguments of {kind!r} do not fit: {error}.",
            remedy="Dates are YYYY-MM-DD, hours plain decimals, ids as in the booking.",
        ) from error


def _prefix(number: int) -> str:
    return "" if number == 1 else f"{number}."


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value)
