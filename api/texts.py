"""What JSON can say and the store cannot keep, refused where it comes in. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated

from pydantic import Field

NO_NUL = r"^[^\x00]*$"
Text = Annotated[str, Field(pattern=NO_NUL)]

DEEPEST = 8
LARGEST = 2**63


def plain(value: Decimal) -> str:
    """A figure without an exponent."""
    return format(value, "f")


def dated(value: object) -> object:
    """A date or an instant as text: a number would be taken for seconds since 1970."""
    if value is not None and not isinstance(value, str):
        raise ValueError("expected a text such as 2026-09-01 or 2026-09-01T12:00:00Z")
    return value


def wired(value: object) -> object:
    """JSON that goes on as it came: no NUL, no half characters, no NaN, not too deep."""
    for fault in _faults(value, 0):
        raise ValueError(fault)
    return value


def _faults(value: object, depth: int) -> Iterator[str]:
    if depth > DEEPEST:
        yield f"nested deeper than {DEEPEST} levels"
    elif isinstance(value, str):
        yield from _text_faults(value)
    elif isinstance(value, float) and not math.isfinite(value):
        yield "NaN and infinite numbers are not JSON"
    elif isinstance(value, int) and abs(value) >= LARGEST:
        yield "a number beyond 64 bits; send it as text"
    elif isinstance(value, dict):
        for name, entry in value.items():
            yield from _text_faults(name)
            yield from _faults(entry, depth + 1)
    elif isinstance(value, list):
        for entry in value:
            yield from _faults(entry, depth + 1)


def _text_faults(text: str) -> Iterator[str]:
    if "\0" in text:
        yield "a text holds a NUL character"
    if not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text):
        yield "a text holds half of a surrogate pair"
