"""psycopg connections for the hot paths: pooled, repeated after a lost connection, errors turned into ours."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, LiteralString, TypeVar, cast

import psycopg
from psycopg import ClientCursor
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import ConnStatus, DiagnosticField, ExecStatus, TransactionStatus
from psycopg.types.string import TextLoader

from store.errors import Invalid, Refused, Unavailable
from store.ids import TenantId

Connection = psycopg.Connection[tuple[Any, ...]]
Answer = TypeVar("Answer")

TRIES = 5
PAUSE_SECONDS = 0.3
WAIT_SECONDS = 5.0

_NOT_PREPARED = b"26000"


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


class Pool:
    """Idle connections, the last used first. Opened when needed, at most `most` at a time."""

    def __init__(self, url: str, *, most: int) -> None:
        self._url = url
        self._idle: deque[Connection] = deque()
        self._free = threading.BoundedSemaphore(most)

    def take(self) -> Connection:
        """A connection of the caller's own until `give`. Raises psycopg's OperationalError."""
        if not self._free.acquire(timeout=WAIT_SECONDS):
            raise psycopg.OperationalError(f"no connection became free within {WAIT_SECONDS:.0f} s")
        try:
            return self._idle.pop()
        except IndexError:
            return self._open()

    def give(self, connection: Connection) -> None:
        """Takes it back; one that is broken or in a transaction is thrown away."""
        if connection.pgconn.transaction_status == TransactionStatus.IDLE:
            self._idle.append(connection)
        else:
            connection.close()
        self._free.release()

    def clear(self) -> None:
        """Closes what is idle: after a restart of the server none of it works."""
        while self._idle:
            with suppress(IndexError):
                self._idle.pop().close()

    def _open(self) -> Connection:
        try:
            connection = psycopg.connect(self._url, autocommit=True, connect_timeout=int(WAIT_SECONDS))
        except BaseException:
            self._free.release()
            raise
        connection.execute("set timezone = 'UTC'")
        connection.adapters.register_loader("uuid", TextLoader)
        return connection


class Connections:
    """Autocommitting connections of one role, shared by threads. Instants are read in UTC, ids as text."""

    def __init__(self, url: str, *, most: int = 16, may_be_unsafe: bool = False) -> None:
        self._is_checked = may_be_unsafe
        self._pool = Pool(plain_url(url), most=most)

    def close(self) -> None:
        """Gives all connections back."""
        self._pool.clear()

    def ask(self, tenant_id: TenantId, query: LiteralString, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """The rows of one statement that sees one tenant, in one round trip and one transaction."""

        def work(connection: Connection) -> list[tuple[Any, ...]]:
            cursor = ClientCursor(connection)
            cursor.execute("select set_config('app.tenant', %s, true); " + query, (tenant_id, *values))
            cursor.nextset()
            return cursor.fetchall()

        return self.work(work)

    def call(self, name: str, query: str, values: Sequence[str | None]) -> bytes | None:
        """The first value of a statement that is prepared once on each connection, for the very hottest path.

        Values are numbered ($1) and go over as text, below psycopg's own adaptation, which costs twice as much.
        """
        sent = [None if value is None else value.encode() for value in values]
        return self.work(lambda connection: _call(connection, name.encode(), query.encode(), sent))

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
                self._pool.clear()
                time.sleep(PAUSE_SECONDS)
        raise AssertionError("unreachable")

    def _once(self, work: Callable[[Connection], Answer]) -> Answer:
        connection = self._pool.take()
        try:
            if not self._is_checked:
                refuse_unsafe(connection)
                self._is_checked = True
            return work(connection)
        except (psycopg.DataError, psycopg.errors.InsufficientPrivilege) as error:
            raise _translated(error) from error
        except psycopg.errors.CheckViolation as error:
            if not (error.diag.constraint_name or "").startswith("moved_"):
                raise
            raise Refused(
                "tenant_moved", "This tenant has moved away and takes no more facts here.", remedy="Record it there."
            ) from error
        finally:
            self._pool.give(connection)


def _call(connection: Connection, name: bytes, query: bytes, values: Sequence[bytes | None]) -> bytes | None:
    driver = connection.pgconn
    sent = cast("Sequence[bytes]", values)  # the driver's types do not say that None is null
    result = driver.exec_prepared(name, sent)
    if result.error_field(DiagnosticField.SQLSTATE) == _NOT_PREPARED:
        driver.prepare(name, query)
        result = driver.exec_prepared(name, sent)
    if driver.status != ConnStatus.OK:
        raise psycopg.OperationalError(driver.get_error_message())
    if result.status != ExecStatus.TUPLES_OK:
        raise psycopg.errors.error_from_result(result)
    return result.get_value(0, 0)


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


def _translated(error: psycopg.Error) -> Exception:
    if isinstance(error, (psycopg.errors.UntranslatableCharacter, psycopg.errors.CharacterNotInRepertoire)):
        return Invalid("unstorable_text", "A text holds a NUL character.", remedy="Remove it.")
    if isinstance(error, psycopg.errors.InsufficientPrivilege):
        return Refused("database_refused", f"The database refuses: {_first_line(error)}.")
    return Invalid("unstorable_value", f"The database takes no such value: {_first_line(error)}.", remedy="Mend it.")


def _is_passing(error: psycopg.OperationalError) -> bool:
    """Whether the same may work a moment later: the server restarted, or two writers met."""
    met = (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure)
    return error.sqlstate is None or isinstance(error, met) or _is_down(error)


def _is_down(error: psycopg.OperationalError) -> bool:
    return (error.sqlstate or "").startswith(("57P", "08"))


def _ours(error: psycopg.OperationalError) -> Invalid | Unavailable:
    if isinstance(error, psycopg.errors.ProgramLimitExceeded):
        return Invalid("too_long", f"A name or text is too long: {_first_line(error)}.", remedy="Shorten it.")
    return full(error) or Unavailable(
        "database_unavailable",
        f"The database does not answer: {_first_line(error)}.",
        remedy="What was acknowledged is kept. Check that PostgreSQL runs and that LEEWAY_DATABASE_URL names it.",
    )


def full(error: BaseException | None) -> Unavailable | None:
    """The error of a database that has no room left, when that is what the driver says."""
    if not isinstance(error, (psycopg.errors.DiskFull, psycopg.errors.ConfigurationLimitExceeded)):
        return None
    return Unavailable(
        "database_full",
        f"The database has no room left: {_first_line(error)}.",
        remedy="Nothing of this call was written. Make room on its disk, then send the same again.",
    )


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")


def connect(url: str) -> Connection:
    """One connection, for a command that needs no pool. Raises `Unavailable`."""
    try:
        return psycopg.connect(plain_url(url))
    except psycopg.OperationalError as error:
        raise _ours(error) from error
