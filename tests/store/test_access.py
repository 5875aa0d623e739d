"""The classes of fields: every field has one, what is money is money, and the docs say the same."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from store.access import ROLES, may_see
from store.events import FACT_TYPES, Fact, field_class

CLASSES = {"public", "internal", "money", "cost_rate"}
DOCS = Path(__file__).parents[2] / "docs" / "access.md"


@pytest.mark.parametrize("fact_type", FACT_TYPES, ids=lambda fact_type: fact_type.TYPE)
def test_every_field_has_a_class_that_some_role_sees_and_admins_always_do(fact_type: type[Fact]) -> None:
    for field in fact_type.__struct_fields__:
        kind = field_class(fact_type, field)
        assert kind in CLASSES
        assert may_see("admin", kind)


@pytest.mark.parametrize("fact_type", FACT_TYPES, ids=lambda fact_type: fact_type.TYPE)
def test_an_amount_is_money_or_a_cost_rate(fact_type: type[Fact]) -> None:
    hints = get_type_hints(fact_type)
    figures = [f for f in fact_type.__struct_fields__ if Decimal in {hints[f], *get_args(hints[f])}]
    open_ones = [f for f in figures if field_class(fact_type, f) in {"public", "internal"}]
    assert [f for f in open_ones if not re.search(r"hours|lag_days|^rate$", f)] == []


def test_the_roles_see_what_the_table_says() -> None:
    seen = {role: {kind for kind in CLASSES if may_see(role, kind)} for role in ROLES}
    everybody = {"public", "internal"}
    assert seen == {
        "admin": CLASSES,
        "manager": everybody | {"money"},
        "member": everybody,
        "finance": CLASSES,
        "viewer": everybody,
    }


def test_a_class_nobody_declared_is_closed_to_all() -> None:
    assert not any(may_see(role, "secret") for role in ROLES)


def test_the_documents_table_is_what_the_facts_declare() -> None:
    declared = {
        (fact_type.TYPE, kind, field)
        for fact_type in FACT_TYPES
        for field, kind in ((f, field_class(fact_type, f)) for f in fact_type.__struct_fields__)
        if kind != "internal"
    }
    rows = re.findall(
        r"^\| `([a-z_.]+)` \| (.*?) \| (.*?) \| (.*?) \|$", DOCS.read_text(encoding="utf-8"), re.MULTILINE
    )
    told = {
        (name, kind, field)
        for name, *cells in rows
        for kind, cell in zip(("public", "money", "cost_rate"), cells, strict=True)
        for field in re.findall(r"`(\w+)`", cell)
    }
    assert told == declared
