"""A fact written by an older program is read by a newer one, and its bytes and the chain stay as they are.

The example: whether an expense is planned was said by a flag of three values; version 2 has a word.
"""

import datetime as dt
from decimal import Decimal
from typing import Any, ClassVar, Literal

import pytest

from store.errors import Invalid
from store.events import FACT_TYPES, ExpenseRecorded, Fact, dump
from store.events.catalogue import Catalogue
from store.events.wire import CATALOGUE
from store.ids import ProjectId, StreamId, TenantId, fact_id
from store.log import Draft, Head, chain_hash, header
from store.log_sql import SqlLog
from store.verify import verify
from tests.store.facts import NOW

LEDGER = StreamId("ledger/p1")
AMOUNT = Decimal("120.50")


class ExpenseStated(Fact, frozen=True, kw_only=True):
    TYPE: ClassVar[str] = "expense.recorded"
    VERSION: ClassVar[int] = 2
    expense_id: str
    external_id: str
    project_id: ProjectId
    incurred_on: dt.date
    amount: Decimal
    currency: str
    is_billable: bool | None = None
    state: Literal["planned", "actual", "unknown"] = "unknown"
    supplier: str = ""
    extra: dict[str, str] = {}


def state_of_the_flag(payload: dict[str, Any]) -> dict[str, Any]:
    states = {True: "planned", False: "actual", None: "unknown"}
    return payload | {"state": states[payload.pop("is_planned", None)]}


NEWER = Catalogue(
    [ExpenseStated if fact_type is ExpenseRecorded else fact_type for fact_type in FACT_TYPES],
    {("expense.recorded", 1): state_of_the_flag},
)


def expense(number: int, *, is_planned: bool | None) -> ExpenseRecorded:
    return ExpenseRecorded(
        expense_id=f"e{number}",
        external_id=str(number),
        project_id=ProjectId("p1"),
        incurred_on=NOW.date(),
        amount=AMOUNT,
        currency="EUR",
        is_planned=is_planned,
    )


def test_a_log_of_the_older_program_is_read_whole(sql_log: SqlLog, tenant_id: TenantId) -> None:
    facts = [expense(n, is_planned=flag) for n, flag in enumerate((True, False, None))]
    drafts = [Draft(fact_id(tenant_id, "t", fact.expense_id), fact, NOW, NOW, "t") for fact in facts]
    sql_log.append(tenant_id, [(LEDGER, drafts, 0)], now=NOW)
    sql_log.seal(tenant_id)
    head = Head()
    for event, fact, state in zip(
        sql_log.follow(tenant_id, after_position=0), facts, ("planned", "actual", "unknown"), strict=True
    ):
        read = NEWER.parse(event.type, event.schema_version, event.body)
        assert isinstance(read, ExpenseStated)
        assert (event.schema_version, read.state, read.amount) == (1, state, AMOUNT)
        assert event.body == dump(fact)
        position = head.position + 1
        head = Head(position, chain_hash(head.hash, header(event, position), event.body))
    assert sql_log.head(tenant_id) == head
    assert verify(sql_log.connections, tenant_id).is_clean


def test_the_newer_fact_is_refused_by_the_older_program() -> None:
    newer = NEWER.parse("expense.recorded", 1, dump(expense(1, is_planned=True)))
    body = NEWER.dump(newer)
    assert NEWER.parse("expense.recorded", 2, body) == newer
    with pytest.raises(Invalid, match="Upgrade Leeway") as refused:
        CATALOGUE.parse("expense.recorded", 2, body)
    assert refused.value.code == "newer_schema_version"


@pytest.mark.parametrize(("version", "body"), [(0, b"{}"), (-1, b"{}"), (1, b"[]"), (1, b"\xff"), (1, b"1")])
def test_what_no_version_ever_was_is_malformed(version: int, body: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        NEWER.parse("expense.recorded", version, body)
    assert refused.value.code == "malformed_event"


def test_a_version_without_its_step_is_no_catalogue() -> None:
    with pytest.raises(ValueError, match="expense"):
        Catalogue([ExpenseStated], {})
    with pytest.raises(ValueError, match="task"):
        Catalogue([ExpenseStated], {("expense.recorded", 1): state_of_the_flag, ("task.created", 1): dict})
