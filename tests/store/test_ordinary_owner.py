"""An owner who is no superuser, with one URL for everything, keeps the data too: row-level security binds it."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from store import embedded
from store.archiving import archive
from store.backups import backup, restore
from store.embedded import Server
from store.erasing import erase
from store.ground import Urls
from store.ids import StreamId, tenant_id_of
from store.keys import ERASED
from store.migrations import migrate
from store.moving import accept, carry_out, let_go
from store.verify import verify
from tests.store.facts import NOW
from tests.store.test_backups import FACTS, SLUGS, fill, opened

TENANT = tenant_id_of("first")
_numbers = itertools.count()
Databases = Callable[[], Urls]


@pytest.fixture
def databases(server: Server, worker_id: str) -> Iterator[Databases]:
    """Makes empty databases of an ordinary owner."""
    role, made = f"keeper_{worker_id}", []
    with psycopg.connect(server.url(embedded.OWNER, "postgres"), autocommit=True) as connection:
        if not connection.execute("select 1 from pg_roles where rolname = %s", (role,)).fetchone():
            create = "create role {} login nosuperuser nobypassrls password 'example'"
            connection.execute(sql.SQL(create).format(sql.Identifier(role)))
        grant = "grant leeway_app, leeway_sealer to {} with admin option"
        connection.execute(sql.SQL(grant).format(sql.Identifier(role)))

    def make() -> Urls:
        name = f"{role}_{next(_numbers)}"
        with psycopg.connect(server.url(embedded.OWNER, "postgres"), autocommit=True) as connection:
            statement = sql.SQL("create database {} owner {} template template0")
            connection.execute(statement.format(sql.Identifier(name), sql.Identifier(role)))
        made.append(name)
        url = server.url(embedded.OWNER, name).replace(embedded.OWNER, role)
        url = url.replace(server.passwords.get(embedded.OWNER, "example"), "example")
        migrate(url)
        return Urls(url, url, url)

    yield make
    with psycopg.connect(server.url(embedded.OWNER, "postgres"), autocommit=True) as connection:
        for name in made:
            connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def test_what_is_kept_by_an_ordinary_owner_is_whole(databases: Databases, tmp_path: Path) -> None:
    home, elsewhere = databases(), databases()
    with opened(home) as ground:
        for slug in SLUGS:
            fill(ground, slug)
        assert archive(home.owner, tenant_id_of("second"), before=NOW).moved == FACTS - 1
        written = backup(home.owner, tmp_path / "b", tmp_path / "k", now=NOW)
        assert (written.rows["events"], written.rows["archived_events"]) == (67, 29)
        restore(elsewhere.owner, tmp_path / "b", tmp_path / "k")
        with opened(elsewhere) as restored:
            for slug in SLUGS:
                tenant_id = tenant_id_of(slug)
                assert list(restored.log.read_all(tenant_id)) == list(ground.log.read_all(tenant_id))
                assert restored.settle(tenant_id) == FACTS + 2
                assert verify(restored.log.connections, tenant_id).is_clean


def test_a_tenant_of_an_ordinary_owner_moves_and_its_people_are_erased(databases: Databases, tmp_path: Path) -> None:
    home, away = databases(), databases()
    with opened(home) as ground, opened(away) as other:
        fill(ground, "first")
        carry_out(home.owner, TENANT, tmp_path / "f", tmp_path / "k", now=NOW)
        accept(away.owner, tmp_path / "f", tmp_path / "k")
        let_go(home.owner, TENANT, other.log.head(TENANT))
        assert verify(other.log.connections, TENANT, anchor=ground.log.head(TENANT)).is_clean
        erase(other, TENANT, "x", actor_id=None, now=NOW)
        assert getattr(other.log.read(TENANT, StreamId("capacity/x"))[0].fact, "name", "") == ERASED
