"""The sealer: gives committed events their positions and extends the tenant's hash chain, a batch at a time.

It runs as a role of its own that may do nothing else. One sealer at a time works on a tenant,
because it holds the row of the tenant's head.
"""

from __future__ import annotations

import msgspec

from store.connections import Connection, Connections
from store.ids import TenantId
from store.log import GENESIS, chain_hash, header
from store.log_rows import SELECT_EVENTS, unread_event_of

BATCH_EVENTS = 5000

_BATCH = SELECT_EVENTS + "where tenant_id = %s and position is null order by append_seq limit %s"
# The planner, which knows nothing of the list's length, would go through it once for every event.
_BEGIN = """
    select set_config('app.tenant', %s, true), set_config('enable_nestloop', 'off', true),
      set_config('enable_seqscan', 'off', true)
"""
_GIVE = """
    update events e set position = s.position, hash = decode(s.hash, 'hex'), append_seq = null
    from json_to_recordset(%s) as s(seq bigint, position bigint, hash text)
    where e.tenant_id = %s and e.position is null and e.append_seq = s.seq and e.append_seq between %s and %s
"""
# The notice goes out with the commit; one per batch, for on every append it would queue the writers' commits.
_MOVE_HEAD = """
    update chain_heads set position = %s, hash = %s where tenant_id = %s
    returning pg_notify('leeway_sealed', tenant_id || ' ' || position)
"""


def pending(connections: Connections) -> list[TenantId]:
    """The tenants that have something to seal."""
    return connections.work(_pending)


def seal_all(connections: Connections, tenant_id: TenantId) -> int:
    """Seals what is committed and unsealed, batch by batch; returns how many events."""
    total = 0
    while count := connections.in_tenant(tenant_id, lambda connection: seal_within(connection, tenant_id)):
        total += count
        if count < BATCH_EVENTS:
            break
    return total


def seal_pending(connections: Connections) -> dict[TenantId, int]:
    """Seals a batch of every tenant that waits, in one transaction: many tenants cost one commit."""
    return connections.work(_seal_pending)


def _seal_pending(connection: Connection) -> dict[TenantId, int]:
    waiting = _pending(connection)
    if not waiting:
        return {}
    with connection.transaction():
        # In order of their ids, so that two sealers never wait for each other.
        counts = {tenant_id: seal_within(connection, tenant_id) for tenant_id in waiting}
    return {tenant_id: count for tenant_id, count in counts.items() if count}


def _pending(connection: Connection) -> list[TenantId]:
    query = "select distinct tenant_id from events where position is null order by 1"
    return [row[0] for row in connection.execute(query).fetchall()]


def seal_within(connection: Connection, tenant_id: TenantId) -> int:
    """Seals one batch in the connection's transaction, which acts as the sealer; returns how many events."""
    connection.execute(_BEGIN, (tenant_id,))
    position, previous = _head(connection, tenant_id)
    rows = connection.execute(_BATCH, (tenant_id, BATCH_EVENTS)).fetchall()
    if not rows:
        return 0
    given = []
    for row in rows:
        position += 1
        event = unread_event_of(row)
        previous = chain_hash(previous, header(event, position), event.body)
        given.append({"seq": row[17], "position": position, "hash": previous.hex()})
    values = (msgspec.json.encode(given).decode(), tenant_id, rows[0][17], rows[-1][17])
    done = connection.execute(_GIVE, values).rowcount
    if done != len(rows):
        raise RuntimeError(f"{done} of {len(rows)} events could be sealed; the sealer's rights are not as migrated")
    head = (position, previous, tenant_id)
    connection.execute(_MOVE_HEAD, head)
    return len(rows)


def _head(connection: Connection, tenant_id: TenantId) -> tuple[int, bytes]:
    query = "select position, hash from chain_heads where tenant_id = %s for update"
    row = connection.execute(query, (tenant_id,)).fetchone()
    if row is None:
        connection.execute(
            "insert into chain_heads (tenant_id, position, hash) values (%s, 0, %s) on conflict do nothing",
            (tenant_id, GENESIS),
        )
        row = connection.execute(query, (tenant_id,)).fetchone()
    return (int(row[0]), bytes(row[1])) if row else (0, GENESIS)
