"""A tenant moves: closed here, carried as its log with its chain, accepted elsewhere, and only then unreadable here.

The file holds ciphertext; the keys go in a file of their own. A closed tenant takes no more facts, whoever
sends them: the database itself refuses. Its log stays where it was, sealed, and reads as erased once the
other end has said where the chain ends there.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from psycopg import sql

from store.backups import Progress, Written, begin, load, name_tenant, write
from store.bundles import Anchor, reading
from store.connections import Connection, connect
from store.errors import Conflict, Refused
from store.ids import TenantId
from store.log import Head
from store.sealing import seal_within
from store.tables import DERIVED

_PARTITION = """
    select c.relname from generate_series(0, 15) as p(n)
    join pg_class c on c.relname = 'events_' || lpad(p.n::text, 2, '0') and c.relnamespace = 'public'::regnamespace
    where satisfies_hash_partition('events'::regclass, 16, p.n, %s::uuid)
"""


def carry_out(
    owner_url: str,
    tenant_id: TenantId,
    path: Path,
    keys_path: Path,
    *,
    now: datetime,
    progress: Progress = lambda _table, _rows: None,
) -> Written:
    """Closes a tenant and writes its log and its keys. Written again after a failure, the files say the same."""
    with connect(owner_url) as connection:
        begin(connection)
        _close(connection, tenant_id, now)
        connection.commit()
        begin(connection, is_reading=True)
        return write(connection, path, keys_path, "tenant", [tenant_id], now=now, progress=progress)


def accept(owner_url: str, path: Path, keys_path: Path, *, progress: Progress = lambda _table, _rows: None) -> Anchor:
    """Takes a carried tenant in: its whole log in a chain that holds, or nothing. Returns where the chain ends.

    Raises `Refused` when the tenant has a log here already, `Invalid` for a damaged file or chain.
    """
    with reading(path, "tenant") as bundle, connect(owner_url) as connection:
        begin(connection)
        (anchor,) = bundle.manifest.anchors
        tenant_id = TenantId(anchor.tenant_id)
        name_tenant(connection, tenant_id)
        if connection.execute("select 1 from log_events where tenant_id = %s limit 1", (tenant_id,)).fetchone():
            raise Refused(
                "tenant_there", "This tenant has a log here already.", remedy="Accept it where it is not known."
            )
        connection.execute("delete from tenants where tenant_id = %s", (tenant_id,))
        load(connection, bundle, keys_path, progress=progress)
        connection.execute("update tenants set moved_at = null where tenant_id = %s", (tenant_id,))
    return anchor


def let_go(owner_url: str, tenant_id: TenantId, anchor: Head) -> None:
    """Destroys the keys here, once the other end's chain is known to end where ours does.

    Projections, kept answers and access keys go too. Raises `Conflict` for another anchor, `Refused`
    for a tenant that was not closed.
    """
    with connect(owner_url) as connection:
        begin(connection)
        name_tenant(connection, tenant_id)
        row = connection.execute(
            "select t.moved_at, h.position, h.hash from tenants t left join chain_heads h using (tenant_id)"
            " where tenant_id = %s",
            (tenant_id,),
        ).fetchone()
        if row is None or row[0] is None:
            raise Refused("not_moved", "This tenant was not carried out.", remedy="Use `leeway tenant move SLUG FILE`.")
        if Head(row[1] or 0, row[2] or Head().hash) != anchor:
            raise Conflict(
                "other_anchor",
                f"The chain here ends at {row[1]}, with another hash or place than the anchor's.",
                remedy="Use the anchor that `leeway tenant accept` printed at the other end.",
            )
        connection.execute(
            "update person_keys set key = null, destroyed_at = now() where tenant_id = %s and key is not null",
            (tenant_id,),
        )
        for table in DERIVED:
            connection.execute(
                sql.SQL("delete from {} where tenant_id = %s").format(sql.Identifier(table)), (tenant_id,)
            )


def _close(connection: Connection, tenant_id: TenantId, now: datetime) -> None:
    (partition,) = connection.execute(_PARTITION, (tenant_id,)).fetchone() or ("events",)
    name_tenant(connection, tenant_id)
    # Whoever is appending is waited for; whoever comes now waits for us, and meets the constraint.
    connection.execute(sql.SQL("lock table {} in access exclusive mode").format(sql.Identifier(partition)))
    connection.execute("set local role leeway_sealer")
    while seal_within(connection, tenant_id):
        pass
    connection.execute("reset role")
    connection.execute(
        sql.SQL("alter table {} drop constraint if exists {}").format(
            sql.Identifier(partition), sql.Identifier(f"moved_{tenant_id}")
        )
    )
    connection.execute(
        sql.SQL("alter table {} add constraint {} check (tenant_id <> {}) not valid").format(
            sql.Identifier(partition), sql.Identifier(f"moved_{tenant_id}"), sql.Literal(tenant_id)
        )
    )
    connection.execute("update tenants set moved_at = %s where tenant_id = %s", (now, tenant_id))
    connection.execute(
        "update api_keys set revoked_at = %s where tenant_id = %s and revoked_at is null", (now, tenant_id)
    )
