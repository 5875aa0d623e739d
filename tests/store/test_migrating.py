"""A database of an older program is brought up while it is in use, and every fact in it stays as it was."""

import itertools
import threading
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import sql

from store import embedded, migrations
from store.archiving import archive
from store.embedded import Server
from store.errors import Unavailable
from store.ground import Urls
from store.ids import TenantId, tenant_id_of
from store.log_sql import SqlLog
from store.migrations import current, migrate, missing, newest
from store.verify import verify
from tests.store.facts import NOW, draft, person, plan

OLDER = "0003"
ROWS = "select e.*, tableoid::regclass::text from events e order by tenant_id, stream_id, stream_version"
TENANTS = [tenant_id_of(f"migrated-{number}") for number in range(5)]
_numbers = itertools.count()


@pytest.fixture
def older(server: Server, worker_id: str) -> Iterator[Urls]:
    """A database as the program of revision 0003 left it: five tenants, sealed and unsealed facts, a person's key."""
    name = f"older_{worker_id}_{next(_numbers)}"
    with psycopg.connect(server.url(embedded.OWNER, "postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("create database {} template template0").format(sql.Identifier(name)))
    urls = Urls(*(server.url(role, name) for role in (embedded.APP, embedded.OWNER, embedded.SEALER)))
    migrate(urls.owner, to=OLDER)
    log = SqlLog(urls.app, sealer_url=urls.sealer, may_be_unsafe=True)
    for tenant_id in TENANTS:
        log.append(tenant_id, [(plan("p1"), [draft(tenant_id, n) for n in range(1, 41)], 0)], now=NOW)
        log.append(tenant_id, [(plan("x"), [person(tenant_id, "x")], 0)], now=NOW)
        log.seal(tenant_id)
        log.append(tenant_id, [(plan("p1"), [draft(tenant_id, 99)], None)], now=NOW)
    log.close()
    yield urls
    with psycopg.connect(server.url(embedded.OWNER, "postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def rows(urls: Urls) -> list[tuple[Any, ...]]:
    with psycopg.connect(urls.owner) as connection:
        return connection.execute(ROWS).fetchall()


def test_no_fact_is_touched(older: Urls) -> None:
    before = rows(older)
    assert (current(older.owner), len(before)) == (OLDER, 5 * 42)
    migrate(older.owner)
    assert (current(older.owner), rows(older)) == (newest(), before)
    log = SqlLog(older.app, sealer_url=older.sealer, may_be_unsafe=True)
    for tenant_id in TENANTS:
        assert log.seal(tenant_id) == 1
        verdict = verify(log.connections, tenant_id)
        assert (verdict.is_clean, verdict.events, verdict.unsealed) == (True, 42, 0)
        assert getattr(log.read(tenant_id, plan("x"))[0].fact, "name", "") == "Ada Example"
        assert log.append(tenant_id, [(plan("p1"), [draft(tenant_id, 1)], None)], now=NOW)[0].position == 1
        assert archive(older.owner, tenant_id, before=NOW).moved == 40
        assert verify(log.connections, tenant_id).is_clean
    log.close()


def test_writers_go_on_meanwhile(older: Urls) -> None:
    log, tenant_id = SqlLog(older.app, sealer_url=older.sealer, may_be_unsafe=True), TENANTS[0]
    is_over, acknowledged = threading.Event(), []

    def write() -> None:
        number = 1000
        while not is_over.is_set():
            log.append(tenant_id, [(plan("new"), [draft(tenant_id, number)], None)], now=NOW)
            acknowledged.append(number)
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    migrate(older.owner)
    is_over.set()
    writer.join()
    stored = [int(getattr(event.fact, "external_id", 0)) for event in log.read(tenant_id, plan("new"))]
    assert acknowledged
    assert stored == acknowledged
    log.seal(tenant_id)
    assert verify(log.connections, tenant_id).is_clean
    log.close()


def test_the_tenants_lie_in_several_partitions(older: Urls) -> None:
    assert len({row[-1] for row in rows(older)}) > 1


def test_a_table_in_long_use_stops_the_migration_and_changes_nothing(older: Urls) -> None:
    with psycopg.connect(older.owner) as holder:
        holder.execute("select count(*) from events")
        with pytest.raises(Unavailable) as refused:
            migrations._upgrade(older.owner, "head", patience_seconds=1)
        assert refused.value.code == "database_busy"
    assert current(older.owner) == OLDER
    migrate(older.owner)
    assert current(older.owner) == newest()


def test_a_server_without_the_extension_is_said_plainly(own_urls: Urls) -> None:
    with psycopg.connect(own_urls.owner) as connection:
        connection.execute("drop extension if exists vector")
    (note,) = missing(own_urls.owner)
    assert "'vector' is not installed" in note
    assert "pgvector" in note


def test_a_tenant_is_of_one_partition(older: Urls) -> None:
    places: dict[TenantId, set[str]] = {}
    for row in rows(older):
        places.setdefault(TenantId(str(row[0])), set()).add(row[-1])
    assert all(len(partitions) == 1 for partitions in places.values())
