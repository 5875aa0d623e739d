"""Brings a database up to the tables that this program expects."""

from __future__ import annotations

import re
from pathlib import Path

import psycopg
import sqlalchemy as sa

from store.errors import Refused, Unavailable

_HERE = Path(__file__).parent
OLDEST_SERVER = 15
_LOCK = 5_062_017_733_104_512

NO_VECTOR = "The extension 'vector' is not installed on this server: meaning search runs without the database."
_CRASHED = "The extension 'vector' stopped this server, as it does on a processor without AVX2."


def newest() -> str:
    """The revision that this program expects."""
    return max(path.stem.partition("_")[0] for path in (_HERE / "versions").glob("[0-9]*.py"))


def current(owner_url: str) -> str | None:
    """The revision that the database is at; None when it has no tables yet."""
    with _connect(owner_url) as connection:
        if connection.execute("select to_regclass('alembic_version')").fetchone() == (None,):
            return None
        row = connection.execute("select version_num from alembic_version").fetchone()
    return str(row[0]) if row else None


def migrate(owner_url: str, *, to: str | None = None) -> list[str]:
    """Applies what is missing (up to the revision `to`), one process at a time; costs one query when nothing is.

    Returns plain sentences that the person who runs this should read. Needs a role that may create
    roles and tables. Raises `Unavailable` when the database does not answer, is newer than this program,
    or has a table in long use that must be had for a moment.
    """
    found = current(owner_url)
    if found is not None and found in {newest(), to}:
        return []
    if found is not None and found > newest():
        raise Unavailable(
            "newer_database",
            f"The database is at revision {found}; this program knows revisions up to {newest()}.",
            remedy="Upgrade Leeway.",
        )
    notes = _install_vector(owner_url)
    _refuse_old_server(owner_url)
    _upgrade(owner_url, to or "head")
    return notes


def missing(owner_url: str) -> list[str]:
    """What this server lacks and Leeway does without, as plain sentences."""
    with _connect(owner_url) as connection:
        if connection.execute("select 1 from pg_extension where extname = 'vector'").fetchone():
            return []
        version = connection.info.server_version // 10_000
    return [f"{NO_VECTOR} (PostgreSQL {version}; the package is pgvector)"]


def _refuse_old_server(owner_url: str) -> None:
    with _connect(owner_url) as connection:
        version = connection.info.server_version // 10_000
    if version < OLDEST_SERVER:
        raise Refused(
            "old_server",
            f"This is PostgreSQL {version}; Leeway needs {OLDEST_SERVER} or newer.",
            remedy="Upgrade the server, or let Leeway start its own: leave LEEWAY_DATABASE_URL out.",
        )


def _upgrade(owner_url: str, to: str, *, patience_seconds: int = 20) -> None:
    from alembic import command  # noqa: PLC0415  # half a second that most starts do not need
    from alembic.config import Config  # noqa: PLC0415

    engine = sa.create_engine("postgresql+psycopg://", creator=lambda: _connect(owner_url), poolclass=sa.NullPool)
    config = Config()
    config.set_main_option("script_location", str(_HERE).replace("%", "%%"))
    with engine.connect() as connection:
        connection.execute(sa.text("select pg_advisory_lock(:key)"), {"key": _LOCK})
        connection.commit()
        try:
            config.attributes["connection"] = connection
            # Nobody waits behind us for long: whoever holds a table longer than this makes us try again later.
            connection.execute(
                sa.text("select set_config('lock_timeout', :wait, false)"), {"wait": f"{patience_seconds}s"}
            )
            connection.commit()
            command.upgrade(config, to)
            connection.commit()
        except sa.exc.OperationalError as error:
            if not isinstance(error.orig, psycopg.errors.LockNotAvailable):
                raise
            raise Unavailable(
                "database_busy",
                "A table that must change for a moment is held by a long transaction; nothing was changed.",
                remedy="End it (see pg_stat_activity), then run `leeway migrate` again.",
            ) from error
        finally:
            connection.rollback()
            connection.execute(sa.text("select pg_advisory_unlock(:key)"), {"key": _LOCK})
            connection.commit()


def _install_vector(owner_url: str) -> list[str]:
    """The extension is wanted, not needed; outside the migrations, because on an old processor it ends the server."""
    try:
        with _connect(owner_url) as connection:
            connection.execute("create extension if not exists vector")
            connection.execute("select '[1,2]'::vector <-> '[3,4]'::vector")
            connection.commit()
    except psycopg.OperationalError:
        return [_CRASHED]
    except (psycopg.errors.InsufficientPrivilege, psycopg.Error):
        return [NO_VECTOR]
    return []


def _connect(url: str) -> psycopg.Connection[tuple[object, ...]]:
    try:
        return psycopg.connect(re.sub(r"^postgres(ql\+psycopg|ql)?://", "postgresql://", url))
    except psycopg.OperationalError as error:
        raise Unavailable(
            "database_unavailable",
            f"The database does not answer: {str(error).splitlines()[0]}.",
            remedy="Check that PostgreSQL runs and that LEEWAY_DATABASE_URL names it.",
        ) from error
