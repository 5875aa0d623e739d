"""psycopg connections for the hot paths: pooled, repeated after a lost connection, errors turned into ours."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, LiteralString, TypeVar

import psycopg
from psycopg import ClientCursor
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.types.string import TextLoader
from psycopg_pool import ConnectionPool, PoolTimeout

from store.errors import Invalid, Refused, Unavailable
from store.ids import TenantId

Connection = psycopg.Connection[tuple[Any, ...]]
Answer = TypeVar("Answer")

TRIES = 5
PAUSE_SECONDS = 0.3
WAIT_SECONDS = 5.0


def as_role(url: str, role: str) -> str:
    """The same address, acting as `role`, for an installation that was given one URL for everything."""
    plain = plain_url(url)
    if conninfo_to_dict(plain).get("user") == role:
        return plain
    options = f"{conninfo_to_dict(plain).get('options') or ''} -c role={role}".strip()
    return make_conninfo(plain, options=options)


def plain_url(url: str) -> str:
    """The address as libpq knows it; SQLAlchemy's spelling is understood too."""
    for scheme in ("postgresql+psycopg://", "postgres://"):
        if url.startswith(scheme):
            return "postgresql://" + url.removeprefix(scheme)
    return url


class Connections:
    """A pool of autocommitting connections of one role. Instants are read in UTC, ids as text."""

    def __init__(self, url: str, *, most: int = 16, may_be_unsafe: bool = False) -> None:
        self._is_checked = may_be_unsafe
        self._pool = ConnectionPool(
            plain_url(url),
            min_size=0,
            max_size=most,
            timeout=WAIT_SECONDS,
            kwargs={"autocommit": True},
            configure=self._configure,
            open=True,
        )

    def close(self) -> None:
        """Gives all connections back."""
        self._pool.close()

    def ask(self, tenant_id: TenantId, query: LiteralString, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """The rows of one statement that sees one tenant, in one round trip and one transaction."""

        def work(connection: Connection) -> list[tuple[Any, ...]]:
            cursor = ClientCursor(connection)
            cursor.execute("select set_config('app.tenant', %s, true); " + query, (tenant_id, *values))
            cursor.nextset()
            return cursor.fetchall()

        return self.work(work)

    def in_tenant(self, tenant_id: TenantId, work: Callable[[Connection], Answer]) -> Answer:
        """What `work` answers in a transaction of one tenant. It is done again when its connection was lost."""

        def transaction(connection: Connection) -> Answer:
            with connection.transaction():
                connection.execute("select set_config('app.tenant', %s, true)", (tenant_id,))
                return work(connection)

        return self.work(transaction)

    def work(self, work: Callable[[Connection], Answer]) -> Answer:
        """What `work` answers on a connection. It must bear repeating: a lost answer is asked for again."""
        for left in range(TRIES - 1, -1, -1):
            try:
                return self._once(work)
            except psycopg.OperationalError as error:
                if not left or not _is_passing(error):
                    raise _ours(error) from error
                self._pool.check()
                time.sleep(PAUSE_SECONDS)
        raise AssertionError("unreachable")

    def _once(self, work: Callable[[Connection], Answer]) -> Answer:
        with _translated(), self._pool.connection() as connection:
            if not self._is_checked:
                refuse_unsafe(connection)
                self._is_checked = True
            return work(connection)

    @staticmethod
    def _configure(connection: Connection) -> None:
        connection.execute("set timezone = 'UTC'")
        connection.adapters.register_loader("uuid", TextLoader)


def refuse_unsafe(connection: Connection) -> None:
    """Raises `Refused` when the server may lose what it has acknowledged."""
    names = ["fsync", "full_page_writes", "synchronous_commit"]
    rows = connection.execute("select name, setting from pg_settings where name = any(%s) order by name", (names,))
    off = [str(name) for name, value in rows if value == "off"]
    if off:
        raise Refused(
            "unsafe_database",
            f"The database runs with {' and '.join(off)} switched off and can lose acknowledged facts.",
            remedy="Switch it on in the server's settings and start again.",
        )


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (psycopg.errors.UntranslatableCharacter, psycopg.errors.CharacterNotInRepertoire) as error:
        raise Invalid("unstorable_text", "A text holds a NUL character.", remedy="Remove it.") from error
    except psycopg.errors.InsufficientPrivilege as error:
        raise Refused("database_refused", f"The database refuses: {_first_line(error)}.") from error


def _is_passing(error: psycopg.OperationalError) -> bool:
    """Whether the same may work a moment later: the server restarted, or two writers met."""
    met = (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure)
    return not isinstance(error, PoolTimeout) and (error.sqlstate is None or isinstance(error, met) or _is_down(error))


def _is_down(error: psycopg.OperationalError) -> bool:
    return (error.sqlstate or "").startswith(("57P", "08"))


def _ours(error: psycopg.OperationalError) -> Unavailable:
    return Unavailable(
        "database_unavailable",
        f"The database does not answer: {_first_line(error)}.",
        remedy="What was acknowledged is kept. Check that PostgreSQL runs and that LEEWAY_DATABASE_URL names it.",
    )


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")


def connect(url: str) -> Connection:
    """One connection, for a command that needs no pool. Raises `Unavailable`."""
    try:
        return psycopg.connect(plain_url(url))
    except psycopg.OperationalError as error:
        raise _ours(error) from error
