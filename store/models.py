"""Fitted models as blobs named by their hash, kept for ever; the newest that was known at a moment is in force then."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from store.database import Database
from store.ids import TenantId
from store.listing import METADATA, of_tenant

TABLE = sa.Table(
    "models",
    METADATA,
    sa.Column("tenant_id", pg.UUID(as_uuid=False), primary_key=True),
    sa.Column("model_hash", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text),
    sa.Column("about", pg.JSONB),
    sa.Column("blob", sa.LargeBinary),
    sa.Column("created_at", sa.DateTime(timezone=True)),
)
KIND = "risk"


class SqlShelf:
    """The models of one tenant. `known_at` of `put` is the instant up to which the model's data reaches."""

    def __init__(self, database: Database, tenant_id: TenantId, known_at: datetime) -> None:
        self._database = database
        self._tenant_id = tenant_id
        self._known_at = known_at

    def put(self, blob_hash: str, blob: bytes) -> None:
        """Keeps the bytes; keeping the same ones again changes nothing."""
        row = {
            "tenant_id": self._tenant_id,
            "model_hash": blob_hash,
            "kind": KIND,
            "about": {"known_at": self._known_at.isoformat()},
            "blob": blob,
        }
        with self._database.tx(self._tenant_id) as connection:
            connection.execute(pg.insert(TABLE).values(row).on_conflict_do_nothing())

    def find(self, blob_hash: str) -> bytes | None:
        """The bytes, None when nobody put them there."""
        query = sa.select(TABLE.c.blob).where(of_tenant(TABLE, self._tenant_id), TABLE.c.model_hash == blob_hash)
        with self._database.tx(self._tenant_id) as connection:
            blob = connection.execute(query).scalar()
        return bytes(blob) if blob is not None else None

    def in_force(self) -> str | None:
        """The hash of the newest model whose data reaches no further than `known_at`."""
        reach = sa.cast(TABLE.c.about["known_at"].astext, sa.DateTime(timezone=True))
        query = (
            sa.select(TABLE.c.model_hash)
            .where(of_tenant(TABLE, self._tenant_id), TABLE.c.kind == KIND, reach <= self._known_at)
            .order_by(reach.desc(), TABLE.c.created_at.desc(), TABLE.c.model_hash)
            .limit(1)
        )
        with self._database.tx(self._tenant_id) as connection:
            found = connection.execute(query).scalar()
        return str(found) if found else None
