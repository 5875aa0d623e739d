"""What every fact has: a wire name, a version, and which of its fields are about a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import msgspec

SEALED_TEXT = "enc:v1:"


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """An immutable statement of what happened. Instants live in the envelope, dates and decimals here.

    `PERSONAL` maps a field to the field that holds the id of the person whose key encrypts it.
    `ACCESS` maps a field to its class where it is not plain internal: `public` (the customer may
    see it), `money` or `cost_rate`; every door filters by it.
    `external_id` and `extra` of the subclasses hold what the source called the record and the
    columns of the source that Leeway has no field for.
    """

    TYPE: ClassVar[str] = ""
    VERSION: ClassVar[int] = 1
    PERSONAL: ClassVar[Mapping[str, str]] = {}
    ACCESS: ClassVar[Mapping[str, str]] = {}


def projects_of_fact(fact: Fact) -> list[str]:
    """The projects that a fact names as its own."""
    return [each for each in (getattr(fact, "project_id", None), *getattr(fact, "other_project_ids", ())) if each]


def field_class(fact_type: type[Fact], field: str) -> str:
    """The class of a field: `public`, `internal`, `money` or `cost_rate`."""
    return fact_type.ACCESS.get(field, "internal")


def personal_fields(fact: Fact) -> dict[str, str]:
    """Field -> id of the person it is about, for the fields of `fact` that hold a text."""
    owners = {field: getattr(fact, owner) for field, owner in fact.PERSONAL.items() if getattr(fact, field)}
    return {field: owner for field, owner in owners.items() if owner}


def is_sealed_text(text: str) -> bool:
    """Whether a personal field still holds ciphertext (its key is gone, or was not asked for)."""
    return text.startswith(SEALED_TEXT)
