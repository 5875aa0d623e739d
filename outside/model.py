"""The port to a language model: what may be asked and what may come back. Pure.

A model only ever fills in a closed shape; what it says is a guess until somebody above has
checked it. Whatever goes wrong, the answer is None and the caller has its own words.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import msgspec

MATERIAL_CHARACTERS = 60_000
OUTPUT_TOKENS = 2_000

Shape = TypeVar("Shape", bound=msgspec.Struct)

_FENCED = re.compile(r"\s*```[a-z]*\s*\n(.*)\n\s*```\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ModelRequest(Generic[Shape]):
    """One question.

    `instructions` are ours, `material` is text that others may have written and goes into a message of
    its own. `shape` is a struct that forbids unknown fields and has no defaults: the only form an answer may have.
    `purpose` names the use in logs.
    """

    purpose: str
    instructions: str
    material: str
    shape: type[Shape]
    output_tokens: int = OUTPUT_TOKENS

    @property
    def digest(self) -> str:
        """SHA-256 of everything that is asked: equal questions have equal digests."""
        asked = [self.purpose, self.instructions, self.material, schema_of(self.shape), self.output_tokens]
        return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class ModelReply(Generic[Shape]):
    """An answer of the right shape. Tokens are as the endpoint counts them, 0 where it does not."""

    value: Shape
    model: str
    input_tokens: int = 0
    output_tokens: int = 0


class Model(Protocol):
    """Whoever answers. Never raises: no answer, a wrong one or a late one is None."""

    def complete(self, request: ModelRequest[Shape]) -> ModelReply[Shape] | None:
        """The answer, if there is one."""
        ...


class NoModel:
    """What stands where nothing is configured."""

    def complete(self, request: ModelRequest[Shape]) -> ModelReply[Shape] | None:  # noqa: ARG002
        """None."""
        return None


def schema_of(shape: type[msgspec.Struct]) -> dict[str, Any]:
    """The shape as one closed JSON Schema without references, which many servers cannot follow."""
    (top,), parts = msgspec.json.schema_components([shape], ref_template="{name}")
    schema: dict[str, Any] = _inlined(top, parts)
    return schema


def _inlined(part: Any, parts: dict[str, Any]) -> Any:
    if isinstance(part, dict):
        if "$ref" in part:
            return _inlined(parts[part["$ref"]], parts)
        kept = {key: _inlined(value, parts) for key, value in part.items() if key not in {"title", "default"}}
        # Strict endpoints want the type of a choice as well.
        return {"type": "string", **kept} if "enum" in kept else kept
    return [_inlined(value, parts) for value in part] if isinstance(part, list) else part


def value_of(text: str, shape: type[Shape]) -> Shape:
    """The shape that a text spells out; a fence around all of it is forgiven. Raises ValueError."""
    fenced = _FENCED.fullmatch(text)
    try:
        return msgspec.json.decode(fenced.group(1) if fenced else text, type=shape)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        raise ValueError(str(error)) from error
