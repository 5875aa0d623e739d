"""Which tenants there are, and what time it is for each of them.

A frozen tenant holds a history that was imported whole: its "today" is the end of that history.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from store.clock import Clock
from store.database import Database
from store.errors import Invalid, NotFound
from store.ids import TenantId, tenant_id_of
from store.listing import METADATA

TABLE = sa.Table(
    "tenants",
    METADATA,
    sa.Column("tenant_id", pg.UUID(as_uuid=False), primary_key=True),
    sa.Column("slug", sa.Text),
    sa.Column("name", sa.Text),
    sa.Column("frozen_at", sa.DateTime(timezone=True)),
    sa.Column("moved_at", sa.DateTime(timezone=True)),
)
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Tenant:
    """One organisation. `frozen_at` is None for a live one, `moved_at` for one that did not move away."""

    tenant_id: TenantId
    slug: str
    name: str
    frozen_at: datetime | None
    moved_at: datetime | None = None

    def now(self, clock: Clock) -> datetime:
        """The instant this tenant is looked at."""
        return self.frozen_at or clock.now()


class Tenants:
    """The register of tenants."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self, slug: str, name: str = "", *, frozen_at: datetime | None = None) -> Tenant:
        """The tenant of this slug, made if there is none; a given name or freeze replaces the former."""
        row = {"tenant_id": tenant_id_of(valid_slug(slug)), "slug": slug, "name": name or slug, "frozen_at": frozen_at}
        changes: dict[str, Any] = {"name": name} if name else {}
        changes |= {"frozen_at": frozen_at} if frozen_at else {}
        statement = pg.insert(TABLE).values(row)
        with self._database.tx() as connection:
            connection.execute(
                statement.on_conflict_do_update(index_elements=["tenant_id"], set_=changes)
                if changes
                else statement.on_conflict_do_nothing()
            )
        return self.find(slug)

    def find(self, slug_or_id: str) -> Tenant:
        """The tenant of this slug or id; raises `NotFound`."""
        is_wanted = (TABLE.c.slug == slug_or_id) | (sa.cast(TABLE.c.tenant_id, sa.Text) == slug_or_id)
        with self._database.tx() as connection:
            row = connection.execute(sa.select(TABLE).where(is_wanted)).first()
        if row is None:
            raise NotFound("unknown_tenant", f"There is no tenant {slug_or_id!r}.", remedy="See `leeway tenants`.")
        return _tenant(row)

    def all(self) -> list[Tenant]:
        """Every tenant, by slug."""
        with self._database.tx() as connection:
            return [_tenant(row) for row in connection.execute(sa.select(TABLE).order_by(TABLE.c.slug))]

    def living(self) -> list[Tenant]:
        """Every tenant that lives here: those that moved away take no more thoughts."""
        return [tenant for tenant in self.all() if tenant.moved_at is None]


def valid_slug(slug: str) -> str:
    """The slug itself; raises `Invalid` when it cannot be one."""
    if not _SLUG.fullmatch(slug):
        raise Invalid(
            "bad_slug",
            f"{slug!r} is no tenant slug.",
            remedy="Use 1 to 63 lower-case letters, digits and inner hyphens.",
        )
    return slug


def _tenant(row: sa.Row[Any]) -> Tenant:
    return Tenant(TenantId(row.tenant_id), row.slug, row.name, row.frozen_at, row.moved_at)
