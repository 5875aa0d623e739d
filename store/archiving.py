"""Old events move out of the log's own tables into an archive beside it, which every read goes through too.

The move is by the owner, chunk by chunk, each chunk one transaction; the database itself lets an event go
only when the archive holds the same bytes. Positions, hashes, ids and versions stay taken for ever.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import psycopg

from store.connections import Connection, connect
from store.ids import TenantId

CHUNK_EVENTS = 5000

_COLUMNS = """
    tenant_id, stream_id, stream_version, event_id, type, schema_version, occurred_at, recorded_at, appended_at,
    actor_id, source, causation_id, correlation_id, subject_keys, body, position, hash
"""
_CHOOSE = """
    select recorded_at, position, stream_version < (
      select max(n.stream_version) from events n where n.tenant_id = %(tenant)s and n.stream_id = e.stream_id
    ) from events e
    where tenant_id = %(tenant)s and position is not null and recorded_at < %(before)s
      and (recorded_at, position) > (%(last_at)s, %(last)s)
    order by recorded_at, position limit %(limit)s
"""
_MOVE = f"""
    insert into archived_events ({_COLUMNS})
    select {_COLUMNS} from events where tenant_id = %s and position = any(%s) order by position
"""  # noqa: S608  # two constants
_LEAVE = "delete from events where tenant_id = %s and position = any(%s)"
_COUNT = "select count(*) from archived_events where tenant_id = %s"

Place = tuple[object, int]
"""Where the search for old events has come: a recorded instant and a position."""
_START: Place = ("-infinity", 0)


@dataclass(frozen=True, slots=True)
class Archived:
    """How many events were moved now, and how many of the tenant's are in the archive in all."""

    moved: int
    in_archive: int


def archive(
    owner_url: str, tenant_id: TenantId, *, before: datetime, progress: Callable[[int], None] = lambda _count: None
) -> Archived:
    """Moves the sealed events that were recorded before an instant, but for each stream's newest.

    Appends and reads go on meanwhile; one that was broken off is completed by a rerun.
    Raises `Unavailable` when the database does not answer or has no room.
    """
    moved, last = 0, _START
    with connect(owner_url) as connection:
        connection.execute("set timezone = 'UTC'")
        connection.commit()
        while chunk := _move_chunk(connection, tenant_id, before, last):
            last, count = chunk
            moved += count
            progress(count)
        _name(connection, tenant_id)
        (in_archive,) = connection.execute(_COUNT, (tenant_id,)).fetchone() or (0,)
    return Archived(moved, in_archive)


def _move_chunk(connection: Connection, tenant_id: TenantId, before: datetime, last: Place) -> tuple[Place, int] | None:
    """Moves the next events after a place; returns how far it looked and how many it moved, None at the end."""
    values = {"tenant": tenant_id, "before": before, "last_at": last[0], "last": last[1], "limit": CHUNK_EVENTS}
    with connection.transaction():
        _name(connection, tenant_id)
        rows = connection.execute(_CHOOSE, values).fetchall()
        if not rows:
            return None
        positions = [position for _recorded_at, position, is_followed in rows if is_followed]
        copied = connection.execute(_MOVE, (tenant_id, positions)).rowcount
        left = connection.execute(_LEAVE, (tenant_id, positions)).rowcount
        if not copied == left == len(positions):
            raise psycopg.InternalError(f"{copied} of {len(positions)} events were copied and {left} left the log")
    return (rows[-1][0], rows[-1][1]), len(positions)


def _name(connection: Connection, tenant_id: TenantId) -> None:
    connection.execute("select set_config('app.tenant', %s, true)", (tenant_id,))
