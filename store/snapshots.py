"""The stored states of the projections: canonical bytes per subject, and how far each projection has come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from store.ids import TenantId
from store.listing import METADATA, of_tenant, upsert

SNAPSHOTS = sa.Table(
    "snapshots",
    METADATA,
    sa.Column("tenant_id", pg.UUID(as_uuid=False), primary_key=True),
    sa.Column("projection", sa.Text, primary_key=True),
    sa.Column("subject_id", sa.Text, primary_key=True),
    sa.Column("position", sa.BigInteger),
    sa.Column("state", sa.LargeBinary),
)
CHECKPOINTS = sa.Table(
    "checkpoints",
    METADATA,
    sa.Column("tenant_id", pg.UUID(as_uuid=False), primary_key=True),
    sa.Column("projection", sa.Text, primary_key=True),
    sa.Column("position", sa.BigInteger),
)
DIRTY = sa.Table(
    "dirty",
    METADATA,
    sa.Column("tenant_id", pg.UUID(as_uuid=False), primary_key=True),
    sa.Column("projection", sa.Text, primary_key=True),
    sa.Column("subject_id", sa.Text, primary_key=True),
    sa.Column("position", sa.BigInteger),
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A subject that changed at a position."""

    projection: str
    subject_id: str
    position: int


_save = upsert(SNAPSHOTS, ("tenant_id", "projection", "subject_id"))
_save_checkpoint = upsert(CHECKPOINTS, ("tenant_id", "projection"))


def load(
    connection: sa.Connection, tenant_id: TenantId, projection: str, subject_ids: Iterable[str]
) -> dict[str, bytes]:
    """Subject -> its stored state, for those that have one."""
    query = sa.select(SNAPSHOTS.c.subject_id, SNAPSHOTS.c.state).where(
        of_tenant(SNAPSHOTS, tenant_id),
        SNAPSHOTS.c.projection == projection,
        SNAPSHOTS.c.subject_id.in_(list(subject_ids)),
    )
    return {row.subject_id: bytes(row.state) for row in connection.execute(query)}


def load_at(
    connection: sa.Connection, tenant_id: TenantId, projection: str, subject_ids: Iterable[str]
) -> dict[str, tuple[bytes, int]]:
    """Subject -> its stored state and the position of its last event, for those that have one."""
    query = sa.select(SNAPSHOTS.c.subject_id, SNAPSHOTS.c.state, SNAPSHOTS.c.position).where(
        of_tenant(SNAPSHOTS, tenant_id),
        SNAPSHOTS.c.projection == projection,
        SNAPSHOTS.c.subject_id.in_(list(subject_ids)),
    )
    return {row.subject_id: (bytes(row.state), int(row.position)) for row in connection.execute(query)}


def load_all(connection: sa.Connection, tenant_id: TenantId, projection: str) -> dict[str, bytes]:
    """Every subject of a projection, in the order of the subjects' ids."""
    query = (
        sa.select(SNAPSHOTS.c.subject_id, SNAPSHOTS.c.state)
        .where(of_tenant(SNAPSHOTS, tenant_id), SNAPSHOTS.c.projection == projection)
        .order_by(SNAPSHOTS.c.subject_id)
    )
    return {row.subject_id: bytes(row.state) for row in connection.execute(query)}


def save(
    connection: sa.Connection, tenant_id: TenantId, projection: str, states: Sequence[tuple[str, bytes, int]]
) -> None:
    """Writes (subject, state, position) triples."""
    rows = [
        {"tenant_id": tenant_id, "projection": projection, "subject_id": subject, "position": position, "state": state}
        for subject, state, position in states
    ]
    _save(connection, rows)


def next_of(projection: str) -> str:
    """The name under which a projection's next states are kept until they take the place of the present ones."""
    return f"next/{projection}"


def drop_next(connection: sa.Connection, tenant_id: TenantId) -> None:
    """Forgets what a rebuild that broke has left."""
    connection.execute(SNAPSHOTS.delete().where(of_tenant(SNAPSHOTS, tenant_id), SNAPSHOTS.c.projection.like("next/%")))


def swap(connection: sa.Connection, tenant_id: TenantId, projection: str) -> list[str]:
    """Puts the next states in the place of the present ones; the subjects whose states are other bytes."""
    present, coming = SNAPSHOTS.alias("present"), SNAPSHOTS.alias("coming")
    is_same = sa.and_(
        present.c.tenant_id == coming.c.tenant_id,
        present.c.projection == projection,
        present.c.subject_id == coming.c.subject_id,
        present.c.state == coming.c.state,
    )
    query = (
        sa.select(coming.c.subject_id)
        .where(of_tenant(coming, tenant_id), coming.c.projection == next_of(projection))
        .where(~sa.exists().where(is_same))
        .order_by(coming.c.subject_id)
    )
    changed = [str(row.subject_id) for row in connection.execute(query)]
    of_tenants = of_tenant(SNAPSHOTS, tenant_id)
    connection.execute(SNAPSHOTS.delete().where(of_tenants, SNAPSHOTS.c.projection == projection))
    renamed = SNAPSHOTS.update().where(of_tenants, SNAPSHOTS.c.projection == next_of(projection))
    connection.execute(renamed.values(projection=projection))
    return changed


def position_of(connection: sa.Connection, tenant_id: TenantId, reader: str, *, is_locked: bool = False) -> int:
    """How far a reader of the log has come. Locked, it is this transaction's alone until it ends."""
    if is_locked:
        start = pg.insert(CHECKPOINTS).values(tenant_id=tenant_id, projection=reader, position=0)
        connection.execute(start.on_conflict_do_nothing())
    query = sa.select(CHECKPOINTS.c.position).where(
        of_tenant(CHECKPOINTS, tenant_id), CHECKPOINTS.c.projection == reader
    )
    return int(connection.execute(query.with_for_update() if is_locked else query).scalar() or 0)


def advance(connection: sa.Connection, tenant_id: TenantId, reader: str, position: int) -> None:
    """Notes how far a reader has come."""
    _save_checkpoint(connection, [{"tenant_id": tenant_id, "projection": reader, "position": position}])


def mark(connection: sa.Connection, tenant_id: TenantId, subjects: Iterable[tuple[str, str]], position: int) -> None:
    """Marks (projection, subject) pairs as changed at a position, for whoever thinks about them."""
    rows = [
        {"tenant_id": tenant_id, "projection": projection, "subject_id": subject, "position": position}
        for projection, subject in subjects
    ]
    if rows:
        statement = pg.insert(DIRTY)
        statement = statement.on_conflict_do_update(
            index_elements=["tenant_id", "projection", "subject_id"], set_={"position": statement.excluded.position}
        )
        connection.execute(statement, rows)


def marked_tenants(connection: sa.Connection) -> list[TenantId]:
    """Tenants of which something is marked."""
    rows = connection.execute(sa.select(DIRTY.c.tenant_id).distinct().order_by(DIRTY.c.tenant_id))
    return [TenantId(row.tenant_id) for row in rows]


def marked(connection: sa.Connection, tenant_id: TenantId, *, limit: int) -> list[Mark]:
    """Changed subjects of a tenant, people before projects, projects before the rest."""
    query = sa.select(DIRTY).where(of_tenant(DIRTY, tenant_id)).order_by(DIRTY.c.projection, DIRTY.c.subject_id)
    return [Mark(row.projection, row.subject_id, row.position) for row in connection.execute(query.limit(limit))]


def unmark(connection: sa.Connection, tenant_id: TenantId, marks: Iterable[Mark]) -> None:
    """Takes marks away, but for subjects that changed again meanwhile."""
    keys = [(mark.projection, mark.subject_id, mark.position) for mark in marks]
    if keys:
        names = sa.tuple_(DIRTY.c.projection, DIRTY.c.subject_id, DIRTY.c.position)
        connection.execute(DIRTY.delete().where(of_tenant(DIRTY, tenant_id), names.in_(keys)))


def subjects(connection: sa.Connection, tenant_id: TenantId, projection: str) -> list[str]:
    """The ids of all subjects of a projection, in order."""
    query = sa.select(SNAPSHOTS.c.subject_id).where(
        of_tenant(SNAPSHOTS, tenant_id), SNAPSHOTS.c.projection == projection
    )
    return [str(row.subject_id) for row in connection.execute(query.order_by(SNAPSHOTS.c.subject_id))]


def is_only_worker(connection: sa.Connection, tenant_id: TenantId, task: str = "worker") -> bool:
    """Whether this transaction is now, until it ends, the only one at a task for the tenant ("worker": thinking)."""
    key = sa.func.hashtextextended(f"{task}/{tenant_id}", 0)
    return bool(connection.execute(sa.select(sa.func.pg_try_advisory_xact_lock(key))).scalar())
