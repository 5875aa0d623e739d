"""Between a folded state and its canonical bytes: the same state has the same bytes everywhere. Pure."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from store.collector import held_back

State = TypeVar("State", bound=msgspec.Struct)

LARGE_BYTES = 1_000_000
"""A state this large is so many objects that the garbage collector takes longer than the decoder."""

_ENCODER = msgspec.json.Encoder(order="sorted")


def dump_state(state: msgspec.Struct) -> bytes:
    """Sorted keys, decimals and instants as text."""
    return _ENCODER.encode(state)


def load_state(body: bytes | str, state_type: type[State]) -> State:
    """The state that `dump_state` wrote; a database may give the bytes as text."""
    with held_back(is_worth_it=len(body) >= LARGE_BYTES):
        return msgspec.json.decode(body, type=state_type)


def copied(state: State) -> State:
    """A state of one's own, so that a fold never changes its caller's."""
    return load_state(dump_state(state), type(state))
