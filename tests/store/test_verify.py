"""Every change of the log that a superuser can make is found, and named."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from store.ground import Urls
from store.ids import TenantId, tenant_id_of
from store.log import Head
from store.log_sql import SqlLog
from store.verify import Verdict, verify
from tests.store.facts import NOW, draft, person, plan

LAST = 6

CHANGES = {
    "tenant_id": "gen_random_uuid()",
    "stream_id": "'plan/other'",
    "stream_version": "stream_version + 100",
    "event_id": "gen_random_uuid()",
    "type": "'task.linked'",
    "schema_version": "2",
    "occurred_at": "occurred_at + interval '1 microsecond'",
    "recorded_at": "recorded_at - interval '1 day'",
    "appended_at": "appended_at + interval '1 hour'",
    "actor_id": "'somebody'",
    "source": "'else'",
    "causation_id": "case causation_id when 'cause' then null else '' end",
    "correlation_id": "''",
    "subject_keys": """'{"name": "y"}'""",
    "body": "convert_to(replace(convert_from(body, 'UTF8'), 'T', 'D') || ' ', 'UTF8')",
    "payload": """payload || '{"extra": {"a": "b"}}'""",
    "append_seq": "1",
    "position": "position + 1000",
    "hash": "sha256(hash)",
}

ADDED = (
    "insert into events select tenant_id, 'plan/new', 1, gen_random_uuid(), type, schema_version, occurred_at,"
    " recorded_at, appended_at, actor_id, source, causation_id, correlation_id, subject_keys, body, payload, null,"
    " {}, hash from events where position = 6"
)


@pytest.fixture
def own_log(own_urls: Urls) -> Iterator[SqlLog]:
    log = SqlLog(own_urls.app, sealer_url=own_urls.sealer, may_be_unsafe=True)
    yield log
    log.close()


@pytest.fixture
def filled(own_log: SqlLog, tenant_id: TenantId) -> Head:
    """Six sealed events in three streams."""
    writes = [(plan("p1"), [draft(tenant_id, n) for n in (1, 2, 3)], 0), (plan("x"), [person(tenant_id, "x")], 0)]
    own_log.append(tenant_id, writes, now=NOW)
    own_log.append(tenant_id, [(plan("p2"), [draft(tenant_id, 4), draft(tenant_id, 5)], 0)], now=NOW)
    own_log.seal(tenant_id)
    return own_log.head(tenant_id)


def tamper(urls: Urls, statement: str, *values: object) -> None:
    """What somebody with all rights does, triggers and constraints out of the way."""
    with psycopg.connect(urls.owner) as connection:
        for constraint in ("events_sealed", "events_stream_version_check"):
            connection.execute(sql.SQL("alter table events drop constraint {}").format(sql.Identifier(constraint)))
    as_superuser(urls, statement, *values)


def as_superuser(urls: Urls, statement: str, *values: object) -> None:
    with psycopg.connect(urls.owner) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute(statement.encode(), values)


def checked(log: SqlLog, tenant_id: TenantId, anchor: Head | None = None) -> Verdict:
    return verify(log.connections, tenant_id, anchor=anchor)


def test_an_untouched_log_is_clean(own_log: SqlLog, filled: Head, tenant_id: TenantId) -> None:
    told: list[int] = []
    own_log.append(tenant_id, [(plan("p1"), [draft(tenant_id, 9)], None)], now=NOW)
    verdict = verify(own_log.connections, tenant_id, anchor=filled, progress=told.append)
    assert (verdict.is_clean, verdict.events, verdict.head, verdict.unsealed) == (True, LAST, filled, 1)
    assert sum(told) == LAST


def test_an_empty_log_is_clean(own_log: SqlLog, tenant_id: TenantId) -> None:
    assert checked(own_log, tenant_id) == Verdict(0, Head(), 0, None)


def test_the_changes_cover_every_column(own_urls: Urls) -> None:
    with psycopg.connect(own_urls.owner) as connection:
        rows = connection.execute("select attname from pg_attribute where attrelid = 'events'::regclass and attnum > 0")
        assert {row[0] for row in rows} == set(CHANGES)


@pytest.mark.parametrize("column", CHANGES)
def test_a_change_of_any_column_of_any_row_is_found(
    own_urls: Urls, own_log: SqlLog, filled: Head, tenant_id: TenantId, column: str
) -> None:
    tamper(own_urls, "create table kept as select * from events where %s::text is not null", tenant_id)
    for position in range(1, LAST + 1):
        change = f"update events set {column} = {CHANGES[column]} where tenant_id = %s and position = %s"
        as_superuser(own_urls, change, tenant_id, position)
        fault = checked(own_log, tenant_id).fault
        assert fault is not None, f"{column} at {position}"
        assert fault.position == position or column == "position"
        as_superuser(own_urls, "delete from events")
        as_superuser(own_urls, "insert into events select * from kept")
    assert checked(own_log, tenant_id).is_clean


@pytest.mark.parametrize("position", range(1, LAST + 1))
def test_a_dropped_event_is_found(
    own_urls: Urls, own_log: SqlLog, filled: Head, tenant_id: TenantId, position: int
) -> None:
    tamper(own_urls, "delete from events where position = %s", position)
    fault = checked(own_log, tenant_id).fault
    assert fault is not None
    assert fault.position == position


def test_swapped_events_are_found(own_urls: Urls, own_log: SqlLog, filled: Head, tenant_id: TenantId) -> None:
    tamper(own_urls, "update events set position = 5 - position where position in (2, 3)")
    fault = checked(own_log, tenant_id).fault
    assert fault is not None
    assert (fault.code, fault.position) == ("changed_event", 2)


def test_swapped_payloads_are_found(own_urls: Urls, own_log: SqlLog, filled: Head, tenant_id: TenantId) -> None:
    tamper(own_urls, "update events e set payload = o.payload from events o where e.position = 2 and o.position = 3")
    fault = checked(own_log, tenant_id).fault
    assert fault is not None
    assert (fault.code, fault.position) == ("changed_payload", 2)


@pytest.mark.parametrize("left", range(LAST))
def test_a_truncated_log_is_found(
    own_urls: Urls, own_log: SqlLog, filled: Head, tenant_id: TenantId, left: int
) -> None:
    tamper(own_urls, "delete from events where position > %s", left)
    fault = checked(own_log, tenant_id).fault
    assert fault is not None
    assert (fault.code, fault.position) == ("missing_events", left + 1)


def test_a_log_truncated_with_its_head_is_found_by_an_anchor(
    own_urls: Urls, own_log: SqlLog, filled: Head, tenant_id: TenantId
) -> None:
    shorter = "update chain_heads h set position = 4, hash = e.hash from events e where e.position = 4"
    tamper(own_urls, f"with cut as (delete from events where position > 4) {shorter}")
    assert checked(own_log, tenant_id).is_clean
    fault = checked(own_log, tenant_id, anchor=filled).fault
    assert fault is not None
    assert fault.code == "missing_events"


def test_another_history_is_found_by_an_anchor(own_log: SqlLog, filled: Head, tenant_id: TenantId) -> None:
    fault = checked(own_log, tenant_id, anchor=Head(3, b"x" * 32)).fault
    assert fault is not None
    assert (fault.code, fault.position) == ("other_history", 3)


@pytest.mark.parametrize(
    "statement",
    [
        "update chain_heads set hash = sha256(hash)",
        "update chain_heads set position = position - 1",
        "update chain_heads set position = position + 1",
        "delete from chain_heads",
        "truncate events",
        "update events set position = null, hash = null, append_seq = 1 where position = 6",
        "update events set position = 5 where position = 6",
        "update events set position = -1 where position = 6",
        ADDED.format("position + 1"),
        ADDED.format("position"),
    ],
)
def test_other_tampering_is_found(
    own_urls: Urls, own_log: SqlLog, filled: Head, tenant_id: TenantId, statement: str
) -> None:
    tamper(own_urls, statement)
    assert not checked(own_log, tenant_id).is_clean


def test_events_moved_to_another_tenant_are_found(
    own_urls: Urls, own_log: SqlLog, filled: Head, tenant_id: TenantId
) -> None:
    other = tenant_id_of("other")
    tamper(own_urls, "update events set tenant_id = %s", other)
    assert not checked(own_log, tenant_id).is_clean
    assert not checked(own_log, other).is_clean
