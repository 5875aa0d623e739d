"""The PostgreSQL that Leeway starts itself when no database URL is given.

One cluster per data folder, on a unix socket in a private folder, with random passwords kept in a
0600 file. Several processes may use it at once: each holds a shared lock while it does, the last
one to leave stops the server, and a killed process leaves no trace because its lock dies with it.
Whether the server is alive is judged by connecting, never by its pid file.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import secrets
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from psycopg import sql

from store import binaries
from store.connections import refuse_unsafe
from store.errors import Refused, Unavailable

OWNER, APP, SEALER, DATABASE = "leeway_owner", "leeway_app", "leeway_sealer", "leeway"

START_SECONDS = 60
SOCKET_PATH_BYTES = 80
_PLAIN_PATH = re.compile(r"[A-Za-z0-9_./-]+")

_SETTINGS = (
    "listen_addresses=",
    "unix_socket_permissions=0700",
    "timezone=UTC",
    "log_timezone=UTC",
    "jit=off",
    # After a crash one call instead of an fsync for each of a thousand files: milliseconds instead of seconds.
    *(("recovery_init_sync_method=syncfs",) if sys.platform == "linux" else ()),
)
_UNSAFE_SETTINGS = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "max_connections=200",
)


@dataclass
class Server:
    """A running server, held open by this process until `release` or `stop`.

    The three URLs are libpq URLs (`postgresql://`) of one database for its three roles.
    """

    data_path: Path
    socket_path: Path
    passwords: dict[str, str]
    is_started_here: bool = False
    _use: int = field(default=-1, repr=False)

    def url(self, role: str, database: str = DATABASE) -> str:
        """The URL of a role in one of the server's databases."""
        return f"postgresql://{role}:{self.passwords[role]}@/{database}?host={self.socket_path}"

    @property
    def owner_url(self) -> str:
        """For migrations and backups."""
        return self.url(OWNER)

    @property
    def app_url(self) -> str:
        """For everything that reads and appends."""
        return self.url(APP)

    @property
    def sealer_url(self) -> str:
        """For the sealer."""
        return self.url(SEALER)

    def release(self) -> bool:
        """Ends this process's use; stops the server when nobody else uses it. Returns whether it did."""
        with _alone(self.data_path):
            is_last = self._is_last()
            self.leave()
            return is_last and self._halt("fast")

    def stop(self, *, mode: str = "fast") -> bool:
        """Stops the server whoever uses it ("fast" ends transactions, "immediate" is like a crash)."""
        with _alone(self.data_path):
            self.leave()
            return self._halt(mode)

    def _halt(self, mode: str) -> bool:
        done = binaries.run("pg_ctl", "stop", "-w", "-m", mode, "-D", "postgres", cwd=self.data_path)
        return done.returncode == 0

    def _is_last(self) -> bool:
        try:
            fcntl.flock(self._use, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def join(self) -> None:
        """Counts this process among the server's users."""
        self._use = os.open(self.data_path / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self._use, fcntl.LOCK_SH)

    def leave(self) -> None:
        """Ends this process's use and leaves the server as it is."""
        if self._use >= 0:
            os.close(self._use)
            self._use = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def start(data_path: Path, *, is_durable: bool = True) -> Server:
    """Finds or starts the server of a data folder, making the cluster the first time (about a second).

    `is_durable=False` is for tests only: such a server loses committed facts in a power cut.
    Raises `Unavailable` with the end of the server's log when it does not come up, and `Refused`
    when a running server has durability switched off although it was asked for.
    """
    data_path = data_path.absolute()
    _make_data_folder(data_path)
    with _alone(data_path):
        server = Server(data_path, _socket_folder(data_path), _passwords(data_path))
        server.join()
        try:
            _bring_up(server, is_durable=is_durable)
        except BaseException:
            server.leave()
            raise
    return server


def _bring_up(server: Server, *, is_durable: bool) -> None:
    if not _answers(server):
        _make_cluster(server, is_durable=is_durable)
        _start_cluster(server, is_durable=is_durable)
        server.is_started_here = True
    with psycopg.connect(server.url(OWNER, "postgres"), autocommit=True) as connection:
        if is_durable:
            refuse_unsafe(connection)
        _make_roles(connection, server.passwords)


def _make_data_folder(data_path: Path) -> None:
    try:
        data_path.mkdir(parents=True, exist_ok=True)
        data_path.chmod(0o711 if binaries.root_wrapper()[:1] == ("setpriv",) else 0o700)
    except OSError as error:
        raise Unavailable(
            "data_folder",
            f"The data folder {data_path} cannot be used: {error.strerror}.",
            remedy="Name another by LEEWAY_DATA.",
        ) from error


@contextmanager
def _alone(data_path: Path) -> Iterator[None]:
    """One process at a time starts or stops the server of a data folder."""
    handle = os.open(data_path / "start.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _socket_folder(data_path: Path) -> Path:
    """A private folder whose path is short and plain enough for a socket and for the server's command line."""
    own = data_path / "socket"
    is_fit = len(os.fsencode(own)) <= SOCKET_PATH_BYTES and _PLAIN_PATH.fullmatch(str(own))
    name = hashlib.sha256(os.fsencode(data_path)).hexdigest()[:16]
    socket_path = own if is_fit else Path(tempfile.gettempdir()) / f"leeway-{os.geteuid()}-{name}"
    socket_path.mkdir(mode=0o700, exist_ok=True)
    binaries.give_to_server(socket_path)
    status = socket_path.lstat()
    is_ours = stat.S_ISDIR(status.st_mode) and status.st_uid in {os.geteuid(), data_path.stat().st_uid, _server_user()}
    if not is_ours or stat.S_IMODE(status.st_mode) != 0o700:
        raise Refused(
            "socket_folder", f"{socket_path} is not a private folder of this user.", remedy="Remove it and start again."
        )
    return socket_path


def _server_user() -> int:
    return binaries.NOBODY if binaries.root_wrapper()[:1] == ("setpriv",) else os.geteuid()


def _passwords(data_path: Path) -> dict[str, str]:
    path = data_path / "passwords.json"
    if not path.exists():
        if (data_path / "postgres").exists():
            raise Unavailable(
                "passwords_missing", f"{path} is gone, so nobody can log in.", remedy="Restore it from the backup."
            )
        _write_private(path, json.dumps({role: secrets.token_urlsafe(24) for role in (OWNER, APP, SEALER)}))
    passwords: dict[str, str] = json.loads(path.read_text("utf-8"))
    return passwords


def _write_private(path: Path, text: str) -> None:
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _answers(server: Server) -> bool:
    try:
        psycopg.connect(server.url(OWNER, "postgres"), connect_timeout=5).close()
    except psycopg.OperationalError as error:
        if "password authentication failed" in str(error):
            raise Unavailable(
                "password_refused",
                "The embedded PostgreSQL refuses our password.",
                remedy="Restore passwords.json from the backup.",
            ) from error
        return False
    return True


def _make_cluster(server: Server, *, is_durable: bool) -> None:
    """Makes the cluster beside its final place and moves it there, so that half a cluster is never used."""
    final, draft = server.data_path / "postgres", server.data_path / "postgres.new"
    if final.exists():
        return
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    password_file = server.data_path / "initdb-password"
    _write_private(password_file, server.passwords[OWNER])
    binaries.give_to_server(draft)
    binaries.give_to_server(password_file)
    options = [
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
    ]
    if not is_durable:
        options.append("--no-sync")
    made = binaries.run(
        "initdb", "-D", "postgres.new", "-U", OWNER, "--pwfile=initdb-password", *options, cwd=server.data_path
    )
    password_file.unlink()
    if made.returncode != 0:
        raise Unavailable("initdb_failed", f"PostgreSQL could not make its folder: {made.stderr.strip()[-500:]}")
    draft.replace(final)


def _start_cluster(server: Server, *, is_durable: bool) -> None:
    """Starts it, trying again for a while: after a `kill -9` the old server's last processes are still leaving."""
    settings = (*_SETTINGS, f"unix_socket_directories={server.socket_path}", *(() if is_durable else _UNSAFE_SETTINGS))
    options = " ".join(f"-c {setting}" for setting in settings)
    log = server.data_path / "postgres.log"
    log.touch(mode=0o600)
    binaries.give_to_server(log)
    deadline = time.monotonic() + START_SECONDS
    while True:
        _clear_stale_pid(server)
        arguments = ("start", "-w", "-t", str(START_SECONDS), "-D", "postgres", "-l", "postgres.log", "-o", options)
        done = binaries.run("pg_ctl", *arguments, cwd=server.data_path)
        if _answers(server):
            return
        if time.monotonic() > deadline or "another server might be running" not in _log_end(server) + done.stderr:
            raise Unavailable(
                "database_not_starting",
                f"The embedded PostgreSQL does not start: {_log_end(server)}",
                remedy="See postgres.log.",
            )
        time.sleep(0.2)


def _clear_stale_pid(server: Server) -> None:
    """Removes the pid files of a dead server: their number may be another program's by now, and block the start."""
    cluster = server.data_path / "postgres"
    if cluster.resolve() in _working_folders():
        return
    (cluster / "postmaster.pid").unlink(missing_ok=True)
    for lock in server.socket_path.glob(".s.PGSQL.*"):
        lock.unlink(missing_ok=True)


def _working_folders() -> Iterator[Path]:
    """Where the machine's processes work; a server's processes work in its cluster's folder."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            yield (process / "cwd").readlink()


def _log_end(server: Server) -> str:
    log = server.data_path / "postgres.log"
    return log.read_text("utf-8", errors="replace")[-500:].strip() if log.exists() else "it wrote no log"


def _make_roles(connection: psycopg.Connection[tuple[object, ...]], passwords: dict[str, str]) -> None:
    known = {row[0] for row in connection.execute("select rolname from pg_roles")}
    for role in (APP, SEALER):
        if role not in known:
            statement = sql.SQL("create role {} login password {} nosuperuser nobypassrls")
            connection.execute(statement.format(sql.Identifier(role), sql.Literal(passwords[role])))
    if connection.execute("select 1 from pg_database where datname = %s", (DATABASE,)).fetchone() is None:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(DATABASE)))
