"""Tenants never meet: row-level security on every table, and a connection that carries nothing over."""

import threading
from typing import Any

import psycopg
import pytest

from store.connections import Connections
from store.ground import Urls
from store.ids import TenantId, tenant_id_of
from store.log_sql import SqlLog
from store.tables import EXEMPT
from tests.store.facts import NOW, draft, plan

TABLES = """
    select c.relname, c.relrowsecurity and c.relforcerowsecurity,
      (select count(*) from pg_policy p where p.polrelid = c.oid)
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
    where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
"""
POLICIES = "select pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid) from pg_policy"
KEYS = """
    select i.indrelid::regclass::text, i.indexrelid::regclass::text,
      (select attname from pg_attribute where attrelid = i.indrelid and attnum = i.indkey[0])
    from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attname = 'tenant_id'
    join pg_class c on c.oid = i.indrelid and c.relnamespace = 'public'::regnamespace
    join pg_class x on x.oid = i.indexrelid and x.relam = (select oid from pg_am where amname = 'btree')
"""
# A bulk load stages its rows in a temporary table of its session.
OWNED = """
    select count(*) from pg_class where relpersistence <> 't'
    and relowner in ('leeway_app'::regrole, 'leeway_sealer'::regrole)
"""


def ask(url: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(query.encode()).fetchall()


def test_every_table_of_a_tenant_forces_row_level_security(urls: Urls) -> None:
    tables = ask(urls.owner, TABLES)
    open_tables = {name for name, is_forced, policies in tables if not (is_forced and policies)}
    assert open_tables == set(EXEMPT)
    assert {"events", "events_00", "events_15", "chain_heads", "person_keys", "snapshots"} <= {row[0] for row in tables}


def test_every_policy_asks_for_the_tenant(urls: Urls) -> None:
    for expressions in ask(urls.owner, POLICIES):
        for expression in filter(None, expressions):
            assert "NULLIF(current_setting('app.tenant'::text, true), ''::text)" in expression


def test_every_key_starts_with_the_tenant(urls: Urls) -> None:
    others = {(table, first) for table, _index, first in ask(urls.owner, KEYS) if first != "tenant_id"}
    assert {table for table, _first in others} <= set(EXEMPT)


def test_the_roles_own_nothing_and_bypass_nothing(urls: Urls) -> None:
    query = "select rolname, rolsuper, rolbypassrls from pg_roles where rolname like 'leeway_%' order by 1"
    roles = {name: (is_super, may_bypass) for name, is_super, may_bypass in ask(urls.owner, query)}
    assert roles["leeway_app"] == roles["leeway_sealer"] == (False, False)
    owned = ask(urls.owner, OWNED)
    assert owned == [(0,)]


def test_without_a_tenant_nothing_is_seen(urls: Urls, sql_log: SqlLog, tenant_id: TenantId) -> None:
    sql_log.append(tenant_id, [(plan("p1"), [draft(tenant_id, 1)], 0)], now=NOW)
    sql_log.seal(tenant_id)
    assert ask(urls.app, "select count(*) from events") == [(0,)]


@pytest.mark.parametrize(
    "statement",
    [
        "update events set source = 'x'",
        "update events set position = 9, hash = 'x'",
        "delete from events",
        "truncate events",
        "update chain_heads set position = 9",
        "select * from events_03",
        "insert into events_03 select * from events",
        "alter table events disable row level security",
        "drop table events",
    ],
)
def test_the_application_may_only_read_and_append(urls: Urls, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(urls.app, statement)


@pytest.mark.parametrize(
    "statement", ["update events set source = 'x'", "delete from events", "select * from person_keys"]
)
def test_the_sealer_may_only_seal(urls: Urls, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(urls.sealer, statement)


@pytest.mark.parametrize(
    "statement", ["update events set source = 'x'", "delete from events", "truncate events", "truncate events_07"]
)
def test_even_the_owner_does_not_change_what_is_sealed(
    urls: Urls, sql_log: SqlLog, tenant_id: TenantId, statement: str
) -> None:
    sql_log.append(tenant_id, [(plan("p1"), [draft(tenant_id, 1)], 0)], now=NOW)
    sql_log.seal(tenant_id)
    with pytest.raises(psycopg.DatabaseError, match="never changed or removed"):
        ask(urls.owner, statement)


def test_the_sealer_does_not_seal_twice(urls: Urls, sql_log: SqlLog, tenant_id: TenantId) -> None:
    sql_log.append(tenant_id, [(plan("p1"), [draft(tenant_id, 1)], 0)], now=NOW)
    sql_log.seal(tenant_id)
    with psycopg.connect(urls.sealer) as connection:
        connection.execute("select set_config('app.tenant', %s, true)", (tenant_id,))
        changed = connection.execute("update events set position = 7, hash = 'x' where position is not null")
        assert changed.rowcount == 0


def test_the_application_appends_for_the_named_tenant_only(urls: Urls, tenant_id: TenantId) -> None:
    other = tenant_id_of(f"other-{tenant_id}")
    with psycopg.connect(urls.app) as connection:
        connection.execute("select set_config('app.tenant', %s, true)", (tenant_id,))
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(
                "insert into events (tenant_id, stream_id, stream_version, event_id, type, schema_version, occurred_at,"
                " recorded_at, appended_at, source, body, payload)"
                " values (%s, 's', 1, gen_random_uuid(), 't', 1, now(), now(), now(), 'x', '{}', '{}')",
                (other,),
            )


def test_a_pool_of_one_carries_no_tenant_over(urls: Urls, sql_log: SqlLog, tenant_id: TenantId) -> None:
    other = tenant_id_of(f"other-{tenant_id}")
    sql_log.append(tenant_id, [(plan("p1"), [draft(tenant_id, 1)], 0)], now=NOW)
    pool = Connections(urls.app, most=1, may_be_unsafe=True)
    count = "select count(*) from events"
    try:
        assert pool.ask(tenant_id, count) == [(1,)]
        assert pool.work(lambda connection: connection.execute(count).fetchall()) == [(0,)]
        assert pool.ask(other, count) == [(0,)]
        with pytest.raises(ValueError, match="gave up"):
            pool.in_tenant(tenant_id, _give_up)
        assert pool.work(lambda connection: connection.execute(count).fetchall()) == [(0,)]
        _cancel_half_way(pool, tenant_id)
        assert pool.work(lambda connection: connection.execute(count).fetchall()) == [(0,)]
        assert pool.ask(other, count) == [(0,)]
    finally:
        pool.close()


def _give_up(connection: psycopg.Connection[tuple[Any, ...]]) -> None:
    raise ValueError("gave up")


def _cancel_half_way(pool: Connections, tenant_id: TenantId) -> None:
    """A request whose client went away while the database was at work."""

    def work(connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        threading.Timer(0.2, connection.cancel).start()
        connection.execute("select count(*), pg_sleep(30) from events")

    with pytest.raises(Exception, match="cancel"):
        pool.in_tenant(tenant_id, work)
