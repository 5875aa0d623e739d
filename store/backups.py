"""Backup and restore of everything that is not derived, the keys of persons in a file of their own.

A backup is one snapshot of the database: what was acknowledged before it began is in it, whole. It holds
ciphertext and no projection, so that a destroyed key erases a person from it too. What is restored is
committed only once every tenant's chain holds and ends where the manifest says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, LiteralString

from psycopg import sql
from psycopg.types.string import TextLoader

from store.bundles import Anchor, Kind, Manifest, Member, Reader, Writer, reading, writing
from store.connections import Connection, connect
from store.errors import Invalid, Refused
from store.ids import TenantId
from store.log import Head, instant_text
from store.migrations import newest
from store.tables import KEPT, KEYS
from store.verify import verify

Progress = Callable[[str, int], None]

_OF_EVERYBODY: LiteralString = """
    select tenant_id::text from tenants union select tenant_id::text from checkpoints
    union select tenant_id::text from events order by 1
"""
_ANCHOR = "select position, hash from chain_heads where tenant_id = %s"
# A key that an older file brings back is destroyed again, where the log knows of the erasure.
_ERASED = """
    update person_keys k set key = null, destroyed_at = now() from log_events e
    where k.tenant_id = %s and e.tenant_id = k.tenant_id and e.type = 'party.erased'
      and convert_from(e.body, 'UTF8')::jsonb ->> 'party_id' = k.subject_id and k.key is not null
"""
_ALL_ERASED = """
    insert into person_keys (tenant_id, subject_id, key, destroyed_at)
    select distinct e.tenant_id, s.value, null::bytea, now() from log_events e, jsonb_each_text(e.subject_keys) s
    where e.tenant_id = %s on conflict do nothing
"""


@dataclass(frozen=True, slots=True)
class Written:
    """A backup that was made: how many rows of each table, of which tenants."""

    rows: dict[str, int]
    anchors: tuple[Anchor, ...]


def keys_path_of(path: Path) -> Path:
    """Where the keys lie beside a backup, unless said otherwise."""
    return path.with_name(f"{path.name}.keys")


def backup(
    owner_url: str, path: Path, keys_path: Path, *, now: datetime, progress: Progress = lambda _table, _rows: None
) -> Written:
    """Writes everything while others go on appending. Both files are there in the end, or neither.

    Raises `Refused` where a file is already, `Unavailable` when the database or the disk gives out.
    """
    with connect(owner_url) as connection:
        begin(connection, is_reading=True)
        return write(connection, path, keys_path, "backup", everybody(connection), now=now, progress=progress)


def write(
    connection: Connection,
    path: Path,
    keys_path: Path,
    kind: Kind,
    tenant_ids: Sequence[TenantId],
    *,
    now: datetime,
    progress: Progress,
) -> Written:
    """Writes these tenants' rows as the connection's transaction sees them."""
    revision, made_at = _revision(connection), instant_text(now)
    tables = [table for table in KEPT if table != "api_keys" or kind == "backup"]
    try:
        with writing(path) as bundle:
            with writing(keys_path) as keys:
                _add(connection, keys, KEYS, tenant_ids)
                keys.finish("keys", revision, made_at)
            for table in tables:
                progress(table, _add(connection, bundle, table, tenant_ids))
            anchors = [_anchor(connection, tenant_id) for tenant_id in tenant_ids]
            manifest = bundle.finish(kind, revision, made_at, anchors)
    except BaseException as error:
        if not isinstance(error, Refused):
            keys_path.unlink(missing_ok=True)
        raise
    return Written({member.table: member.rows for member in manifest.members}, manifest.anchors)


def everybody(connection: Connection) -> list[TenantId]:
    """All tenants that have anything, those included whose first import is still under way."""
    found = {row[0] for row in connection.execute(_OF_EVERYBODY)}
    connection.execute("set local role leeway_sealer")
    found |= {row[0] for row in connection.execute("select tenant_id::text from events where position is null")}
    connection.execute("reset role")
    return [TenantId(tenant_id) for tenant_id in sorted(found)]


def _add(connection: Connection, bundle: Writer, table: str, tenant_ids: Iterable[TenantId]) -> int:
    columns = _columns(connection, table)

    def chunks() -> Iterator[bytes]:
        for tenant_id in tenant_ids:
            name_tenant(connection, tenant_id)
            query = sql.SQL("copy (select {} from {} where tenant_id = {}) to stdout").format(
                _list(columns), sql.Identifier(table), sql.Literal(tenant_id)
            )
            with connection.cursor().copy(query) as copy:
                for chunk in copy:
                    yield bytes(chunk)

    return bundle.add(table, columns, chunks())


def restore(
    owner_url: str,
    path: Path,
    keys_path: Path | None,
    *,
    progress: Progress = lambda _table, _rows: None,
) -> Manifest:
    """Fills an empty, migrated database from a backup: all of it, or nothing. Returns what the backup said.

    Without `keys_path` everybody in it is erased for good. Raises `Refused` for a database that holds
    something, `Invalid` for a damaged or newer file, and for a chain that does not hold.
    """
    with reading(path, "backup") as bundle, connect(owner_url) as connection:
        begin(connection)
        if everybody(connection):
            raise Refused(
                "database_not_empty",
                "The database holds tenants already.",
                remedy="Restore into a new one: another LEEWAY_DATA, or an empty database.",
            )
        load(connection, bundle, keys_path, progress=progress)
    return bundle.manifest


def load(connection: Connection, bundle: Reader, keys_path: Path | None, *, progress: Progress) -> None:
    """Inserts a bundle's rows and checks every chain, in the connection's transaction."""
    if bundle.manifest.revision > newest():
        raise Invalid(
            "newer_bundle",
            f"The file is of revision {bundle.manifest.revision}; this program knows revisions up to {newest()}.",
            remedy="Upgrade Leeway.",
        )
    tenant_ids = [TenantId(anchor.tenant_id) for anchor in bundle.manifest.anchors]
    for member in bundle.manifest.members:
        progress(member.table, _insert(connection, bundle, member, tenant_ids, KEPT))
    if keys_path is not None:
        with reading(keys_path, "keys") as keys:
            for member in keys.manifest.members:
                _insert(connection, keys, member, tenant_ids, (KEYS,))
    for anchor in bundle.manifest.anchors:
        name_tenant(connection, TenantId(anchor.tenant_id))
        connection.execute(_ERASED if keys_path is not None else _ALL_ERASED, (anchor.tenant_id,))
        _check(connection, anchor)
    connection.execute("select setval('append_seq', nextval('append_seq') + %s)", (_waiting(connection, tenant_ids),))


def _insert(
    connection: Connection, bundle: Reader, member: Member, tenant_ids: Sequence[TenantId], known: Sequence[str]
) -> int:
    """Through a staging table: COPY into a table itself is refused under row-level security."""
    table, columns = sql.Identifier(member.table), member.columns
    if member.table not in known or not set(columns) <= set(_columns(connection, member.table)):
        raise Invalid(
            "other_tables", f"The file has a table {member.table!r} of another form.", remedy="Upgrade Leeway."
        )
    connection.execute(sql.SQL("create temporary table staging (like {} including defaults)").format(table))
    with connection.cursor().copy(sql.SQL("copy staging ({}) from stdin").format(_list(columns))) as copy:
        for chunk in bundle.chunks(member):
            copy.write(chunk)
    rows = 0
    for tenant_id in tenant_ids:
        name_tenant(connection, tenant_id)
        statement = sql.SQL("insert into {} ({}) select {} from staging where tenant_id = {}").format(
            table, _list(columns), _list(columns), sql.Literal(tenant_id)
        )
        rows += connection.execute(statement).rowcount
    connection.execute("drop table staging")
    return rows


def _check(connection: Connection, anchor: Anchor) -> None:
    head = Head(anchor.position, bytes.fromhex(anchor.hash))
    verdict = verify(_Asked(connection), TenantId(anchor.tenant_id), anchor=head if head.position else None)
    if verdict.fault is not None or verdict.head != head:
        why = verdict.fault.detail if verdict.fault else f"It ends at {verdict.head.position}, not {head.position}."
        raise Invalid(
            "broken_chain", f"The log of tenant {anchor.tenant_id} does not hold: {why}", remedy="Use another copy."
        )


class _Asked:
    """What `verify` asks, answered inside the transaction that restores."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def ask(self, tenant_id: TenantId, query: LiteralString, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """See `Connections.ask`."""
        name_tenant(self._connection, tenant_id)
        return self._connection.execute(query, values).fetchall()


def begin(connection: Connection, *, is_reading: bool = False) -> None:
    """Starts the transaction that everything happens in; a reading one sees one moment throughout."""
    connection.execute("set timezone = 'UTC'")
    connection.commit()
    connection.adapters.register_loader("uuid", TextLoader)
    if is_reading:
        connection.execute("set transaction isolation level repeatable read read only")


def name_tenant(connection: Connection, tenant_id: TenantId) -> None:
    """Lets the rest of the transaction see this tenant's rows."""
    connection.execute("select set_config('app.tenant', %s, true)", (tenant_id,))


def _anchor(connection: Connection, tenant_id: TenantId) -> Anchor:
    name_tenant(connection, tenant_id)
    row = connection.execute(_ANCHOR, (tenant_id,)).fetchone()
    head = Head(*row) if row else Head()
    return Anchor(tenant_id, head.position, head.hash.hex())


def _waiting(connection: Connection, tenant_ids: Iterable[TenantId]) -> int:
    """The highest place in the queue that an unsealed event has."""
    highest = 0
    for tenant_id in tenant_ids:
        name_tenant(connection, tenant_id)
        row = connection.execute(
            "select coalesce(max(append_seq), 0) from events where tenant_id = %s", (tenant_id,)
        ).fetchone()
        highest = max(highest, int(row[0]) if row else 0)
    return highest


def _revision(connection: Connection) -> str:
    row = connection.execute("select version_num from alembic_version").fetchone()
    return str(row[0]) if row else ""


def _columns(connection: Connection, table: str) -> list[str]:
    query = "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped"
    return [str(row[0]) for row in connection.execute(f"{query} order by attnum", (table,))]


def _list(columns: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))
