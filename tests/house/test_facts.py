"""What may stand in a fact: no floats (they differ by machine) and no instants (the envelope has them)."""

import types
import typing
from datetime import datetime, time, timedelta

import msgspec
import pytest

from store.events.fact import Fact
from store.events.wire import FACT_TYPES

FORBIDDEN = {float, complex, datetime, time, timedelta, typing.Any, object}


def parts(annotation: object) -> set[object]:
    """Every type that an annotation is made of, generics and aliases taken apart."""
    if isinstance(annotation, types.GenericAlias) or typing.get_origin(annotation) is not None:
        if typing.get_origin(annotation) is typing.Literal:
            return set()
        return {typing.get_origin(annotation)}.union(*(parts(inner) for inner in typing.get_args(annotation)))
    return {annotation}


def held(struct: type) -> set[object]:
    """Types of all fields, those of nested structs included."""
    found: set[object] = set().union(*(parts(hint) for hint in typing.get_type_hints(struct).values()))
    nested = [inner for inner in found if isinstance(inner, type) and hasattr(inner, "__struct_fields__")]
    return found.union(*(held(inner) for inner in nested))


@pytest.mark.parametrize("fact_type", FACT_TYPES, ids=lambda fact_type: fact_type.TYPE)
def test_a_fact_holds_neither_floats_nor_instants(fact_type: type[Fact]) -> None:
    assert not FORBIDDEN & held(fact_type)


@pytest.mark.parametrize("fact_type", FACT_TYPES, ids=lambda fact_type: fact_type.TYPE)
def test_a_fact_has_its_wire_name_and_its_personal_fields_have_owners(fact_type: type[Fact]) -> None:
    fields = set(fact_type.__struct_fields__)
    assert fact_type.TYPE.count(".") == 1
    assert fact_type.TYPE.lower() == fact_type.TYPE
    assert set(fact_type.PERSONAL) | set(fact_type.PERSONAL.values()) <= fields
    assert set(fact_type.ACCESS) <= fields


def test_every_fact_has_a_name_of_its_own() -> None:
    names = [fact_type.TYPE for fact_type in FACT_TYPES]
    assert len(names) == len(set(names))
    assert set(FACT_TYPES) >= {known for known in Fact.__subclasses__() if known.__module__.startswith("store.")}


def test_a_float_is_found_wherever_it_hides() -> None:
    inner = msgspec.defstruct("Inner", [("shares", dict[str, tuple[float, ...] | None])])
    outer = msgspec.defstruct("Outer", [("inners", list[inner])])  # type: ignore[valid-type]
    assert float in held(outer)
