"""Databases for tests: one fast server per run, one migrated template, a clone where it is needed.

The fast server forgets in a power cut (fsync off), so that a test costs milliseconds; whatever is about
durability asks for `durable_server`. Tests keep apart by using a tenant of their own (`tenant_id`)
in the worker's database; those that look at all tenants ask for `own_urls`.
"""

import fcntl
import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from store import embedded
from store.embedded import Server
from store.ground import Ground, Urls, ground_at
from store.ids import TenantId, tenant_id_of
from store.log_sql import SqlLog
from store.migrations import migrate

TEMPLATE = "leeway"
FOREIGN = os.environ.get("LEEWAY_TEST_SERVER", "")  # noqa: TID251
"""A superuser's URL, to run the tests of the store on a server of yours: docs/operator.md says which were tried."""

_numbers = itertools.count()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Server]:
    """The run's fast server, shared by all workers; the last one to leave stops it."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    if FOREIGN:
        yield foreign_server(FOREIGN, shared)
        return
    with embedded.start(shared / "fast-server", is_durable=False) as running:
        with _one_at_a_time(running):
            migrate(running.owner_url)
        yield running


@pytest.fixture(scope="session")
def urls(server: Server, worker_id: str) -> Urls:
    """This worker's database, for every test that keeps to its own tenant."""
    return clone(server, f"worker_{worker_id}")


@pytest.fixture
def own_urls(server: Server, worker_id: str) -> Iterator[Urls]:
    """An empty database for one test."""
    name = f"own_{worker_id}_{next(_numbers)}"
    yield clone(server, name)
    with psycopg.connect(server.url(embedded.OWNER, "postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def sql_log(urls: Urls) -> Iterator[SqlLog]:
    """The log of this worker's database."""
    log = SqlLog(urls.app, sealer_url=urls.sealer, may_be_unsafe=True)
    yield log
    log.close()


@pytest.fixture(scope="session")
def ground(urls: Urls) -> Iterator[Ground]:
    """The whole ground floor on this worker's database."""
    opened = ground_at(urls, may_be_unsafe=True)
    yield opened
    opened.close()


@pytest.fixture
def tenant_id(request: pytest.FixtureRequest) -> TenantId:
    """A tenant that no other test uses."""
    return tenant_id_of(f"{request.node.nodeid}-{os.getpid()}-{next(_numbers)}")


@pytest.fixture(scope="session")
def durable_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server as people run it, migrated."""
    with embedded.start(tmp_path_factory.mktemp("durable-server")) as running:
        migrate(running.owner_url)
        yield running


class ForeignServer(Server):
    """A server that somebody else runs, reached by its address; the roles have one password."""

    def url(self, role: str, database: str = TEMPLATE) -> str:
        """The URL of a role in one of the server's databases."""
        parts = conninfo_to_dict(FOREIGN) | {"user": role, "dbname": database}
        return "postgresql://?" + urlencode({key: value for key, value in parts.items() if value is not None})


def foreign_server(url: str, folder: Path) -> Server:
    """The server with our roles and a migrated template; both are made once."""
    server, password = ForeignServer(folder, folder, {}), conninfo_to_dict(url)["password"]
    with _one_at_a_time(server):
        with psycopg.connect(url, autocommit=True) as connection:
            known = {row[0] for row in connection.execute("select rolname from pg_roles")}
            for role in (embedded.OWNER, embedded.APP, embedded.SEALER):
                kind = "superuser" if role == embedded.OWNER else "nosuperuser nobypassrls"
                if role not in known:
                    made = sql.SQL(f"create role {{}} login {kind} password {{}}")
                    connection.execute(made.format(sql.Identifier(role), sql.Literal(password)))
            if not connection.execute("select 1 from pg_database where datname = %s", (TEMPLATE,)).fetchone():
                connection.execute(sql.SQL("create database {} template template0").format(sql.Identifier(TEMPLATE)))
        migrate(server.owner_url)
    return server


def clone(server: Server, name: str) -> Urls:
    """A new database with all tables and no rows."""
    statement = "create database {} template {} strategy file_copy"
    with (
        _one_at_a_time(server),
        psycopg.connect(server.url(embedded.OWNER, "postgres"), autocommit=True) as connection,
    ):
        if FOREIGN:
            connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
        connection.execute(sql.SQL(statement).format(sql.Identifier(name), sql.Identifier(TEMPLATE)))
    return Urls(
        app=server.url(embedded.APP, name),
        owner=server.url(embedded.OWNER, name),
        sealer=server.url(embedded.SEALER, name),
    )


@contextmanager
def _one_at_a_time(server: Server) -> Iterator[None]:
    """A template cannot be copied while somebody is connected to it."""
    with Path(server.data_path, "clone.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
