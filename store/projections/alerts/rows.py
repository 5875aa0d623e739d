"""The table that the inbox is read from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from store.ids import TenantId
from store.listing import METADATA, Page, of_tenant, page_of, upsert
from store.projections.alerts.fold import AlertState

TABLE = sa.Table(
    "alert_rows",
    METADATA,
    sa.Column("tenant_id", pg.UUID(as_uuid=False), primary_key=True),
    sa.Column("alert_id", sa.Text, primary_key=True),
    sa.Column("agent", sa.Text),
    sa.Column("kind", sa.Text),
    sa.Column("severity", sa.Text),
    sa.Column("severity_rank", sa.SmallInteger),
    sa.Column("lifecycle", sa.Text),
    sa.Column("project_id", sa.Text),
    sa.Column("project_ids", pg.ARRAY(sa.Text)),
    sa.Column("subject_ids", pg.ARRAY(sa.Text)),
    sa.Column("raised_at", sa.DateTime(timezone=True)),
    sa.Column("expires_on", sa.Date),
    sa.Column("position", sa.BigInteger),
)
SEVERITY_RANK = {"critical": 0, "high": 1, "medium": 2, "low": 3}
_save = upsert(TABLE, ("tenant_id", "alert_id"))


def save(connection: sa.Connection, tenant_id: TenantId, states: Sequence[tuple[str, AlertState, int]]) -> None:
    """Writes the columns of these alerts; the third of each is the position folded up to."""
    _save(connection, [_columns(tenant_id, state, position) for _, state, position in states])


def _columns(tenant_id: TenantId, state: AlertState, position: int) -> dict[str, Any]:
    return {
        "tenant_id": tenant_id,
        "alert_id": state.alert_id,
        "agent": state.agent,
        "kind": state.kind,
        "severity": state.severity,
        "severity_rank": SEVERITY_RANK[state.severity],
        "lifecycle": state.lifecycle,
        "project_id": state.project_id,
        "project_ids": [state.project_id, *state.other_project_ids],
        "subject_ids": list(state.subject_ids),
        "raised_at": state.raised_at,
        "expires_on": state.expires_on,
        "position": position,
    }


@dataclass(frozen=True, slots=True)
class AlertFilter:
    """Which alerts are wanted; what is empty does not filter. `only_ids`: those that name no other project."""

    lifecycles: Sequence[str] = ()
    agent: str | None = None
    kind: str | None = None
    project_id: str | None = None
    subject_id: str | None = None
    only_ids: frozenset[str] | None = None


def page(
    connection: sa.Connection,
    tenant_id: TenantId,
    wanted: AlertFilter = AlertFilter(),
    *,
    limit: int = 50,
    cursor: str | None = None,
) -> Page:
    """Alerts, gravest first and then newest first. `rows` hold alert ids and the list's columns."""
    query = sa.select(TABLE).where(of_tenant(TABLE, tenant_id))
    if wanted.only_ids is not None:
        query = query.where(TABLE.c.project_ids.contained_by(sorted(wanted.only_ids)))
    if wanted.lifecycles:
        query = query.where(TABLE.c.lifecycle.in_(wanted.lifecycles))
    for column, value in ((TABLE.c.agent, wanted.agent), (TABLE.c.kind, wanted.kind)):
        query = query.where(column == value) if value else query
    if wanted.project_id:
        query = query.where(TABLE.c.project_ids.contains([wanted.project_id]))
    if wanted.subject_id:
        query = query.where(TABLE.c.subject_ids.contains([wanted.subject_id]))
    newest_first = -sa.cast(sa.func.extract("epoch", TABLE.c.raised_at) * 1_000_000, sa.BigInteger)
    order = (TABLE.c.severity_rank, newest_first, TABLE.c.alert_id)
    return page_of(connection, query, order, limit=limit, cursor=cursor)


def raised_by(connection: sa.Connection, tenant_id: TenantId, at: dt.datetime, wanted: AlertFilter) -> list[str]:
    """Ids of the alerts raised by `at`, in whatever state they are now. Of `wanted` only what never changes counts."""
    query = sa.select(TABLE.c.alert_id).where(of_tenant(TABLE, tenant_id), TABLE.c.raised_at <= at)
    for column, value in ((TABLE.c.agent, wanted.agent), (TABLE.c.kind, wanted.kind)):
        query = query.where(column == value) if value else query
    return [str(row.alert_id) for row in connection.execute(query.order_by(TABLE.c.alert_id))]


def outline(
    connection: sa.Connection, tenant_id: TenantId, lifecycles: Sequence[str] = (), project_id: str | None = None
) -> list[dict[str, Any]]:
    """Every alert in these states of its life (in all, if none is named) in a few columns, newest first."""
    columns = (TABLE.c.alert_id, TABLE.c.kind, TABLE.c.lifecycle, TABLE.c.project_ids, TABLE.c.subject_ids)
    query = sa.select(*columns).where(of_tenant(TABLE, tenant_id))
    query = query.where(TABLE.c.lifecycle.in_(lifecycles)) if lifecycles else query
    query = query.where(TABLE.c.project_ids.contains([project_id])) if project_id else query
    found = connection.execute(query.order_by(TABLE.c.raised_at.desc(), TABLE.c.alert_id)).mappings()
    return [dict(row) for row in found]


def counts(connection: sa.Connection, tenant_id: TenantId) -> dict[str, int]:
    """How many alerts are in each state of their life."""
    query = sa.select(TABLE.c.lifecycle, sa.func.count()).where(of_tenant(TABLE, tenant_id)).group_by(TABLE.c.lifecycle)
    return {str(lifecycle): int(count) for lifecycle, count in connection.execute(query)}


def open_by_project(connection: sa.Connection, tenant_id: TenantId, project_ids: Sequence[str]) -> dict[str, int]:
    """Open alerts that name these projects."""
    each = sa.func.unnest(TABLE.c.project_ids).label("project_id")
    named = sa.select(each).where(of_tenant(TABLE, tenant_id), TABLE.c.lifecycle == "open").subquery()
    query = (
        sa.select(named.c.project_id, sa.func.count())
        .where(named.c.project_id.in_(project_ids))
        .group_by(named.c.project_id)
    )
    return {str(project_id): int(count) for project_id, count in connection.execute(query)}
