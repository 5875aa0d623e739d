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
EDITABLE = ("from_on", "to_on", "hours_per_day", "to_person_id", "to_starts_on")
FIRST_DAY, LAST_DAY = dt.date(1970, 1, 1), dt.date(2999, 12, 31)


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
        action = msgspec.convert({"kind": kind, "moves": moves}, Action)
    except msgspec.ValidationError as error:
        raise _malformed(kind, str(error)) from error
    for move in action.moves:
        _check_range(kind, move)
    return action


def edited(kind: str, args: Mapping[str, str], changes: Mapping[str, str]) -> Action:
    """The action with some arguments changed; `Invalid` for one that may not be, such as the booking itself."""
    fixed = sorted(key for key in changes if key.rpartition(".")[2] not in EDITABLE or key not in {*args, *EDITABLE})
    if fixed or not changes:
        raise Invalid(
            "not_editable",
            f"An edit changes some of {', '.join(EDITABLE)}, not {', '.join(fixed) or 'nothing'}.",
            remedy="Send the arguments that are to change, under the names they have in the proposal.",
        )
    return action_of(kind, {**args, **changes})


def _check_range(kind: str, move: Move) -> None:
    days = [day for day in (move.from_on, move.to_on, move.to_starts_on) if day]
    if not move.hours_per_day.is_finite() or not 0 < move.hours_per_day <= 24:
        raise _malformed(kind, f"hours_per_day is {move.hours_per_day}")
    if min(days) < FIRST_DAY or max(days) > LAST_DAY or move.to_on < move.from_on:
        raise _malformed(kind, f"from {move.from_on} to {move.to_on} is no span of days between 1970 and 2999")


def _malformed(kind: str, what: str) -> Invalid:
    return Invalid(
        "malformed_action",
        f"The arguments of {kind!r} do not fit: {what}.",
        remedy="Dates are YYYY-MM-DD in order, hours a day plain decimals up to 24, ids as in the booking.",
    )


def _prefix(number: int) -> str:
    return "" if number == 1 else f"{number}."


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value)
