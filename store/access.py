"""Bearer keys: shown once, stored as a hash, one tenant and one role each."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from store.database import Database
from store.errors import NotFound
from store.ids import TenantId
from store.listing import METADATA

Role = Literal["admin", "manager", "member", "finance", "viewer"]
ROLES: tuple[Role, ...] = ("admin", "manager", "member", "finance", "viewer")
MAY_DECIDE = frozenset({"admin", "manager"})
MAY_WRITE = frozenset({"admin", "manager", "member"})
MAY_ERASE = frozenset({"admin"})
MAY_SEE_MONEY = frozenset({"admin", "manager", "finance"})
MAY_SEE_COST_RATES = frozenset({"admin", "finance"})
MAY_BE_LIMITED = frozenset({"member", "viewer"})
_SEES: dict[str, frozenset[str]] = {
    "public": frozenset(ROLES),
    "internal": frozenset(ROLES),
    "money": MAY_SEE_MONEY,
    "cost_rate": MAY_SEE_COST_RATES,
}
PREFIX = "lw_"

TABLE = sa.Table(
    "api_keys",
    METADATA,
    sa.Column("key_hash", sa.LargeBinary, primary_key=True),
    sa.Column("tenant_id", pg.UUID(as_uuid=False)),
    sa.Column("key_id", sa.Text),
    sa.Column("name", sa.Text),
    sa.Column("role", sa.Text),
    sa.Column("actor_id", sa.Text),
    sa.Column("created_at", sa.DateTime(timezone=True)),
    sa.Column("expires_at", sa.DateTime(timezone=True)),
    sa.Column("revoked_at", sa.DateTime(timezone=True)),
)


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is calling: a key of one tenant with one role; `project_ids`: sees these only (None: all)."""

    tenant_id: TenantId
    key_id: str
    name: str
    role: Role
    actor_id: str
    project_ids: frozenset[str] | None = None

    def may_reach(self, project_ids: Iterable[str]) -> bool:
        """Whether something that is about these projects is there for the caller; about none: not for a limited one."""
        named = set(project_ids)
        return self.project_ids is None or (bool(named) and named <= self.project_ids)


def may_see(role: Role, field_class: str) -> bool:
    """Whether a role sees fields of this class (docs/access.md). Every door asks here; an unknown class is closed."""
    return role in _SEES.get(field_class, frozenset())


class Keyring:
    """The register of bearer keys."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def issue(
        self, tenant_id: TenantId, name: str, role: Role, *, now: datetime, expires_at: datetime | None = None
    ) -> str:
        """A new key. It is returned here and never again."""
        token = PREFIX + secrets.token_urlsafe(32)
        key_id = key_id_of(token)
        row = {
            "key_hash": _hash(token),
            "tenant_id": tenant_id,
            "key_id": key_id,
            "name": name,
            "role": role,
            "actor_id": f"key:{key_id}",
            "created_at": now,
            "expires_at": expires_at,
        }
        with self._database.tx() as connection:
            connection.execute(TABLE.insert().values(row))
        return token

    def find(self, token: str, *, now: datetime) -> Principal | None:
        """Whose key this is; None when it is unknown, expired or revoked, with nothing to tell them apart."""
        query = sa.select(TABLE).where(
            TABLE.c.key_hash == _hash(token),
            TABLE.c.revoked_at.is_(None),
            TABLE.c.expires_at.is_(None) | (TABLE.c.expires_at > now),
        )
        with self._database.tx() as connection:
            row = connection.execute(query).first()
        return _principal(row) if row else None

    def named(self, tenant_id: TenantId, key_id: str, *, now: datetime) -> Principal | None:
        """The key of this id while it counts: for a session that a key once opened."""
        query = sa.select(TABLE).where(
            TABLE.c.tenant_id == tenant_id,
            TABLE.c.key_id == key_id,
            TABLE.c.revoked_at.is_(None),
            TABLE.c.expires_at.is_(None) | (TABLE.c.expires_at > now),
        )
        with self._database.tx() as connection:
            row = connection.execute(query).first()
        return _principal(row) if row else None

    def revoke(self, tenant_id: TenantId, key_id: str, *, now: datetime) -> None:
        """Ends a key; raises `NotFound`."""
        statement = TABLE.update().where(TABLE.c.tenant_id == tenant_id, TABLE.c.key_id == key_id)
        with self._database.tx() as connection:
            if connection.execute(statement.values(revoked_at=now)).rowcount == 0:
                raise NotFound("unknown_key", f"There is no key {key_id!r}.", remedy="See `leeway keys`.")


def _principal(row: sa.Row[Any]) -> Principal:
    return Principal(TenantId(row.tenant_id), row.key_id, row.name, row.role, row.actor_id)


def key_id_of(token: str) -> str:
    """What a key is called in lists and facts: its first characters, which open nothing."""
    return token[: len(PREFIX) + 6]


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
