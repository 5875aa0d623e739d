"""The bytes of a fact are canonical: they follow from its value and from nothing else."""

import datetime as dt
from decimal import Decimal

import msgspec
import pytest

from store.errors import Invalid
from store.events import (
    FACT_TYPES,
    AllocationBooked,
    Effect,
    Fact,
    PersonRegistered,
    ProposalApplied,
    TaskLinked,
    dump,
    parse,
)
from store.ids import AllocationId, PersonId, ProjectId, TaskId


def fresh(text: str) -> str:
    """The same text as another object."""
    return "".join(list(text))


def test_equal_facts_have_equal_bytes_whatever_objects_they_hold() -> None:
    by_default = PersonRegistered(person_id=PersonId("p"), external_id="U-1")
    texts = {"person_id": "p", "external_id": "U-1", "employment": "staff", "logs_time": "daily"}
    spelled_out = msgspec.convert({name: fresh(text) for name, text in texts.items()}, PersonRegistered)
    assert by_default == spelled_out
    assert dump(by_default) == dump(spelled_out) == b'{"external_id":"U-1","person_id":"p"}'


def test_a_default_decimal_is_left_out_by_value() -> None:
    link = TaskLinked(task_id=TaskId("t"), project_id=ProjectId("p"), depends_on_id=TaskId("s"), lag_days=Decimal(0))
    assert dump(link) == b'{"depends_on_id":"s","project_id":"p","task_id":"t"}'


def test_nested_values_are_written_in_full() -> None:
    applied = ProposalApplied(alert_id="a", proposal_id="q", event_ids=(), effect=Effect(days=Decimal(0)))  # type: ignore[arg-type]
    assert b'"effect":{"currency":"","days":"0","margin":null,"numbers":[]}' in dump(applied)


def test_what_was_dumped_parses_to_the_same_and_dumps_to_the_same() -> None:
    booked = AllocationBooked(
        allocation_id=AllocationId("a"),
        person_id=PersonId("p"),
        project_id=ProjectId("q"),
        starts_on=dt.date(2026, 9, 14),
        ends_on=dt.date(2026, 9, 18),
        hours_per_day=Decimal("4.50"),
        extra={"colour": "blue"},
    )
    body = dump(booked)
    again = parse("allocation.booked", 1, body)
    assert again == booked
    assert dump(again) == body
    assert b'"4.50"' in body


@pytest.mark.parametrize("fact_type", FACT_TYPES, ids=lambda fact_type: fact_type.TYPE)
def test_every_type_has_a_wire_name_of_subject_and_past(fact_type: type[Fact]) -> None:
    subject, _, verb = fact_type.TYPE.partition(".")
    assert subject.isidentifier()
    assert verb.isidentifier()


@pytest.mark.parametrize(
    ("type_name", "version", "body", "code"),
    [
        ("task.invented", 1, b"{}", "unknown_event_type"),
        ("task.linked", 2, b"{}", "newer_schema_version"),
        ("task.linked", 1, b"{}", "malformed_event"),
        ("task.linked", 1, b"\xff", "malformed_event"),
        ("task.status_changed", 1, b'{"task_id":"t","project_id":"p","status":"finished"}', "malformed_event"),
    ],
)
def test_bytes_that_are_no_fact_are_refused(type_name: str, version: int, body: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse(type_name, version, body)
    assert refused.value.code == code


def test_bytes_are_sorted_and_have_no_spaces() -> None:
    link = TaskLinked(task_id=TaskId("t"), project_id=ProjectId("p"), depends_on_id=TaskId("s"), link="SS")
    names = list(msgspec.json.decode(dump(link)))
    assert names == sorted(names)
    assert b" " not in dump(link)
