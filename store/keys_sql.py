"""The keys of persons in their own table, which has its own backup: a log restored without it stays unreadable."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

from store.connections import Connections
from store.ids import TenantId
from store.keys import KEY_BYTES


class SqlKeys:
    """See the port `store.keys.Keys`. Nothing is cached: an erased person is erased at once, in every process."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def obtain(self, tenant_id: TenantId, subject_ids: Iterable[str]) -> Mapping[str, bytes]:
        """See the port."""
        wanted = sorted(set(subject_ids))
        if not wanted:
            return {}
        known = self._read(tenant_id, wanted)
        missing = [subject_id for subject_id in wanted if subject_id not in known]
        if missing:
            self._make(tenant_id, missing)
            known |= self._read(tenant_id, missing)
        return _existing(known)

    def read(self, tenant_id: TenantId, subject_ids: Iterable[str]) -> Mapping[str, bytes]:
        """See the port."""
        wanted = sorted(set(subject_ids))
        return _existing(self._read(tenant_id, wanted)) if wanted else {}

    def destroy(self, tenant_id: TenantId, subject_id: str) -> None:
        """See the port."""
        self._connections.ask(
            tenant_id,
            "insert into person_keys (tenant_id, subject_id, key, destroyed_at) values (%s, %s, null, now())"
            " on conflict (tenant_id, subject_id) do update set key = null, destroyed_at = now() returning 1",
            (tenant_id, subject_id),
        )

    def _make(self, tenant_id: TenantId, subject_ids: list[str]) -> None:
        keys = [os.urandom(KEY_BYTES) for _ in subject_ids]
        self._connections.ask(
            tenant_id,
            "insert into person_keys (tenant_id, subject_id, key)"
            " select %s, k.subject_id, k.key from unnest(%s::text[], %s::bytea[]) as k(subject_id, key)"
            " on conflict do nothing returning 1",
            (tenant_id, subject_ids, keys),
        )

    def _read(self, tenant_id: TenantId, subject_ids: list[str]) -> dict[str, bytes | None]:
        rows = self._connections.ask(
            tenant_id,
            "select subject_id, key from person_keys where tenant_id = %s and subject_id = any(%s)",
            (tenant_id, subject_ids),
        )
        return dict(rows)


def _existing(keys: Mapping[str, bytes | None]) -> dict[str, bytes]:
    return {subject_id: key for subject_id, key in keys.items() if key is not None}
