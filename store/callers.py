"""Whose key it is and whose tenant, in one question: every request asks it."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from store.access import Principal
from store.connections import Connections
from store.ids import TenantId
from store.tenants import Tenant

_QUERY = """
    select k.tenant_id, k.key_id, k.name, k.role, k.actor_id, t.slug, t.name, t.frozen_at
    from api_keys k join tenants t using (tenant_id)
    where k.key_hash = %s and k.revoked_at is null and (k.expires_at is null or k.expires_at > %s)
"""


def find_caller(connections: Connections, token: str, *, now: datetime) -> tuple[Principal, Tenant] | None:
    """The key's principal and tenant; None when it is unknown, expired or revoked, with nothing to tell them apart."""
    rows = connections.ask(TenantId(""), _QUERY, (sha256(token.encode()).digest(), now))
    if not rows:
        return None
    ((tenant_id, key_id, name, role, actor_id, slug, title, frozen_at),) = rows
    tenant = Tenant(TenantId(str(tenant_id)), slug, title, frozen_at)
    return Principal(tenant.tenant_id, key_id, name, role, actor_id), tenant
