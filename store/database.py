"""One pool of connections; every transaction belongs to one tenant, so that row-level security can hold.

The tenant is set for the transaction only: a connection that goes back to the pool carries nothing over.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg.conninfo import make_conninfo

from store.connections import as_role, full
from store.errors import Unavailable
from store.ids import TenantId

SET_TENANT = sa.text("select set_config('app.tenant', :tenant, true)")


class Database:
    """Connections of the application's role to one database. Instants are read in UTC."""

    def __init__(self, url: str, *, pool_size: int = 8) -> None:
        conninfo = make_conninfo(as_role(url, "leeway_app"), client_encoding="UTF8")
        self.engine = sa.create_engine(
            "postgresql+psycopg://",
            creator=lambda: _connected(conninfo),
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_pre_ping=True,
        )

    @contextmanager
    def tx(self, tenant_id: TenantId | None = None) -> Iterator[sa.Connection]:
        """A transaction, committed at the end, that sees this tenant's rows (none: only the tables without tenants).

        Raises `Unavailable` when the database does not answer.
        """
        try:
            with self.engine.begin() as connection:
                if tenant_id is not None:
                    connection.execute(SET_TENANT, {"tenant": tenant_id})
                yield connection
        except (sa.exc.OperationalError, sa.exc.TimeoutError) as error:
            raise unavailable(error) from error

    def close(self) -> None:
        """Gives all connections back to the server."""
        self.engine.dispose()


def driver_connection(connection: sa.Connection) -> psycopg.Connection[Any]:
    """The psycopg connection under a SQLAlchemy one, for COPY and for the hottest statements."""
    driver = connection.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError("The database is reached through psycopg 3.")
    return driver


def unavailable(error: Exception) -> Unavailable:
    """The driver's error as ours."""
    if no_room := full(getattr(error, "orig", None)):
        return no_room
    reason = str(getattr(error, "orig", error)).splitlines()[0]
    return Unavailable(
        "database_unavailable",
        f"The database does not answer: {reason}.",
        remedy="Nothing was written. Check that PostgreSQL runs and that LEEWAY_DATABASE_URL names it, then try again.",
    )


def _connected(conninfo: str) -> psycopg.Connection[Any]:
    connection = psycopg.connect(conninfo)
    connection.execute("set timezone = 'UTC'")
    connection.commit()
    return connection
