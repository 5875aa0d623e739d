"""Answers already given to calls that carry an idempotency key, kept for a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from store.database import Database
from store.errors import Conflict, Invalid
from store.ids import TenantId
from store.listing import METADATA, of_tenant

KEPT = timedelta(hours=24)
TAKEN_OVER_AFTER = timedelta(seconds=60)

TABLE = sa.Table(
    "idempotency_keys",
    METADATA,
    sa.Column("tenant_id", pg.UUID(as_uuid=False), primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("request_hash", sa.LargeBinary),
    sa.Column("status", sa.SmallInteger),
    sa.Column("body", sa.LargeBinary),
    sa.Column("created_at", sa.DateTime(timezone=True)),
)


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """An HTTP answer as it was given."""

    status: int
    body: bytes


class Repeats:
    """The keys of one tenant at an instant."""

    def __init__(self, database: Database, tenant_id: TenantId, now: datetime) -> None:
        self._database = database
        self._tenant_id = tenant_id
        self._now = now

    def begin(self, key: str, request_hash: bytes) -> StoredAnswer | None:
        """None when the work is the caller's to do; the stored answer when it was done.

        A call whose process died is taken over after a minute: its facts have ids made from the key.
        """
        row = {"tenant_id": self._tenant_id, "key": key, "request_hash": request_hash, "created_at": self._now}
        with self._database.tx(self._tenant_id) as connection:
            connection.execute(TABLE.delete().where(self._is(key), TABLE.c.created_at < self._now - KEPT))
            # Asked for by `returning`: the driver's row count of an insert says nothing.
            begun = pg.insert(TABLE).values(row).on_conflict_do_nothing().returning(TABLE.c.key)
            if connection.execute(begun).first():
                return None
            found = connection.execute(sa.select(TABLE).where(self._is(key)).with_for_update()).one()
            if bytes(found.request_hash) != request_hash:
                raise Invalid(
                    "key_reused",
                    "This Idempotency-Key was used for another request.",
                    remedy="Use a new key for a new request.",
                )
            if found.status is not None:
                return StoredAnswer(found.status, bytes(found.body))
            if found.created_at > self._now - TAKEN_OVER_AFTER:
                raise Conflict(
                    "in_flight", "The first call with this key still works.", remedy="Ask again in a moment."
                )
            connection.execute(TABLE.update().where(self._is(key)).values(created_at=self._now))
            return None

    def finish(self, key: str, answer: StoredAnswer) -> None:
        """Keeps the answer."""
        with self._database.tx(self._tenant_id) as connection:
            connection.execute(TABLE.update().where(self._is(key)).values(status=answer.status, body=answer.body))

    def forget(self, key: str) -> None:
        """Nothing came of the call: the key is free again."""
        with self._database.tx(self._tenant_id) as connection:
            connection.execute(TABLE.delete().where(self._is(key), TABLE.c.status.is_(None)))

    def _is(self, key: str) -> sa.ColumnElement[bool]:
        return of_tenant(TABLE, self._tenant_id) & (TABLE.c.key == key)
