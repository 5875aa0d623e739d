"""Between a folded state and its canonical bytes: the same state has the same bytes everywhere. Pure."""

from __future__ import annotations

from typing import TypeVar

import msgspec

State = TypeVar("State", bound=msgspec.Struct)

_ENCODER = msgspec.json.Encoder(order="sorted")


def dump_state(state: msgspec.Struct) -> bytes:
    """Sorted keys, decimals and instants as text."""
    return _ENCODER.encode(state)


def load_state(body: bytes, state_type: type[State]) -> State:
    """The state that `dump_state` wrote."""
    return msgspec.json.decode(body, type=state_type)


def copied(state: State) -> State:
    """A state of one's own, so that a fold never changes its caller's."""
    return load_state(dump_state(state), type(state))
