"""The tables that lists are read from, as columns, and the cursor that pages through them."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from store.errors import Invalid
from store.ids import TenantId

METADATA = sa.MetaData()
PAGE_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of one page as mappings, and the cursor of the next one, if there is one."""

    rows: list[Mapping[str, Any]]
    next_cursor: str | None


def page_of(
    connection: sa.Connection,
    query: sa.Select[Any],
    order: Sequence[sa.ColumnElement[Any]],
    *,
    limit: int,
    cursor: str | None,
) -> Page:
    """One page of a query in a total order of columns that are never null (the last one unique).

    The cursor holds the last row's order columns, so that a page stays right while rows come and go.
    """
    if cursor is not None:
        query = query.where(sa.tuple_(*order) > sa.tuple_(*_bound(cursor, order)))
    labelled = query.add_columns(*(column.label(f"order_{n}") for n, column in enumerate(order)))
    try:
        rows = connection.execute(labelled.order_by(*order).limit(limit + 1)).mappings().all()
    except sa.exc.DataError as error:
        if cursor is None:
            raise
        raise bad_cursor() from error
    found: list[Mapping[str, Any]] = [dict(row) for row in rows[:limit]]
    last = [found[-1][f"order_{n}"] for n in range(len(order))] if len(rows) > limit else None
    return Page(found, _cursor(last) if last else None)


def upsert(table: sa.Table, keys: Sequence[str]) -> Callable[[sa.Connection, list[dict[str, Any]]], None]:
    """A function that writes rows, replacing those of the same keys."""
    statement = pg.insert(table)
    others = {column.name: statement.excluded[column.name] for column in table.columns if column.name not in keys}
    statement = statement.on_conflict_do_update(index_elements=list(keys), set_=others)

    def write(connection: sa.Connection, rows: list[dict[str, Any]]) -> None:
        if rows:
            connection.execute(statement, rows)

    return write


def of_tenant(table: sa.FromClause, tenant_id: TenantId) -> sa.ColumnElement[bool]:
    """The tenant's rows: said in the query too, so that the index is used and row-level security is the second lock."""
    return table.c.tenant_id == sa.cast(tenant_id, pg.UUID(as_uuid=False))


def _cursor(values: Sequence[object]) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(values)).decode().rstrip("=")


def _bound(cursor: str, order: Sequence[sa.ColumnElement[Any]]) -> list[sa.ColumnElement[Any]]:
    try:
        values = msgspec.json.decode(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError as error:
        raise bad_cursor() from error
    if not isinstance(values, list) or len(values) != len(order):
        raise bad_cursor()
    return [sa.cast(sa.literal(str(value)), column.type) for value, column in zip(values, order, strict=True)]


def bad_cursor() -> Invalid:
    """The error of a cursor that this program did not make."""
    return Invalid("bad_cursor", "The cursor was not made by this list.", remedy="Start again without a cursor.")
