"""The table that lists of projects are read from, and each project's present assessment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from store.ids import TenantId
from store.listing import METADATA, Page, of_tenant, page_of, upsert
from store.projections.projects.state import ProjectState

TABLE = sa.Table(
    "project_rows",
    METADATA,
    sa.Column("tenant_id", pg.UUID(as_uuid=False), primary_key=True),
    sa.Column("project_id", sa.Text, primary_key=True),
    sa.Column("external_id", sa.Text),
    sa.Column("source", sa.Text),
    sa.Column("name", sa.Text),
    sa.Column("customer_id", sa.Text),
    sa.Column("manager_id", sa.Text),
    sa.Column("playbook", sa.Text),
    sa.Column("status", sa.Text),
    sa.Column("stage", sa.Text),
    sa.Column("baseline_go_live_on", sa.Date),
    sa.Column("committed_on", sa.Date),
    sa.Column("live_on", sa.Date),
    sa.Column("open_tasks", sa.Integer),
    sa.Column("done_tasks", sa.Integer),
    sa.Column("position", sa.BigInteger),
)
ASSESSMENTS = sa.Table(
    "assessments",
    METADATA,
    sa.Column("tenant_id", pg.UUID(as_uuid=False), primary_key=True),
    sa.Column("project_id", sa.Text, primary_key=True),
    sa.Column("as_of", sa.DateTime(timezone=True)),
    sa.Column("position", sa.BigInteger),
    sa.Column("model_hash", sa.Text),
    sa.Column("probability", sa.Float),
    sa.Column("level", sa.Text),
    sa.Column("level_rank", sa.SmallInteger),
    sa.Column("leeway_days", sa.Integer),
    sa.Column("forecast_on", sa.Date),
    sa.Column("body", sa.LargeBinary),
)
SCORES = sa.Table(
    "scores",
    METADATA,
    sa.Column("tenant_id", pg.UUID(as_uuid=False), primary_key=True),
    sa.Column("project_id", sa.Text, primary_key=True),
    sa.Column("position", sa.BigInteger, primary_key=True),
    sa.Column("model_hash", sa.Text, primary_key=True),
    sa.Column("as_of", sa.DateTime(timezone=True)),
    sa.Column("probability", sa.Float),
    sa.Column("body", sa.LargeBinary),
)
_LEVEL = sa.func.coalesce(ASSESSMENTS.c.level, sa.literal_column("'not_assessed'"))
LEVEL_RANK = {"high": 0, "medium": 1, "low": 2, "none": 3, "not_assessed": 4}
_NO_RANK = 5
RUNNING = frozenset({"active", "on_hold"})
_save = upsert(TABLE, ("tenant_id", "project_id"))
_save_assessments = upsert(ASSESSMENTS, ("tenant_id", "project_id"))


class Assessment(msgspec.Struct, kw_only=True, frozen=True):
    """What was thought of a project at an instant. `body` is the whole of it in JSON."""

    project_id: str
    as_of: dt.datetime
    position: int
    model_hash: str
    probability: float | None
    level: str
    leeway_days: int | None
    forecast_on: dt.date | None
    body: bytes


def save(connection: sa.Connection, tenant_id: TenantId, states: Sequence[tuple[str, ProjectState, int]]) -> None:
    """Writes the columns of these projects; the third of each is the position folded up to."""
    _save(connection, [_columns(tenant_id, state, position) for _, state, position in states])


def _columns(tenant_id: TenantId, state: ProjectState, position: int) -> dict[str, Any]:
    return {
        "tenant_id": tenant_id,
        "project_id": state.project_id,
        "external_id": state.external_id,
        "source": state.source,
        "name": state.name,
        "customer_id": state.customer_id,
        "manager_id": state.manager_id,
        "playbook": state.playbook,
        "status": state.status,
        "stage": state.stage,
        "baseline_go_live_on": state.baseline_go_live_on,
        "committed_on": state.committed_on,
        "live_on": state.live_at.date() if state.live_at else None,
        "open_tasks": sum(task.is_open for task in state.tasks.values()),
        "done_tasks": sum(task.status == "done" for task in state.tasks.values()),
        "position": position,
    }


def save_assessments(connection: sa.Connection, tenant_id: TenantId, assessments: Sequence[Assessment]) -> None:
    """Replaces the present assessments and adds to the record of scores, which only grows."""
    rows = [{"tenant_id": tenant_id, **msgspec.structs.asdict(assessment)} for assessment in assessments]
    _save_assessments(connection, [row | {"level_rank": LEVEL_RANK[row["level"]]} for row in rows])
    names = {column.name for column in SCORES.columns}
    kept = [{name: value for name, value in row.items() if name in names} for row in rows]
    if kept:
        connection.execute(pg.insert(SCORES).on_conflict_do_nothing(), kept)


@dataclass(frozen=True, slots=True)
class ProjectFilter:
    """Which projects are wanted; what is empty does not filter.

    `search` is a part of the name; projects of `or_customer_ids` are found by it as well. `only_ids` is what
    the caller may reach, None everything.
    """

    statuses: Sequence[str] = ()
    levels: Sequence[str] = ()
    manager_id: str | None = None
    external_id: str | None = None
    search: str = ""
    or_customer_ids: Sequence[str] = ()
    only_ids: frozenset[str] | None = None
    playbooks: Sequence[str] = ()


def page(
    connection: sa.Connection,
    tenant_id: TenantId,
    wanted: ProjectFilter = ProjectFilter(),
    *,
    sort: str = "risk",
    limit: int = 50,
    cursor: str | None = None,
) -> Page:
    """Projects with their assessment: riskiest first (`risk`), by promised date (`go_live`) or `name`, the most
    points of margin lost first (`margin`), or the most money at stake (`stake`)."""
    query = _with_assessment().where(of_tenant(TABLE, tenant_id))
    if wanted.only_ids is not None:
        query = query.where(TABLE.c.project_id.in_(wanted.only_ids))
    if wanted.statuses:
        query = query.where(TABLE.c.status.in_(wanted.statuses))
    if wanted.playbooks:
        query = query.where(TABLE.c.playbook.in_(wanted.playbooks))
    if wanted.levels:
        query = query.where(_LEVEL.in_(wanted.levels))
    for column, value in ((TABLE.c.manager_id, wanted.manager_id), (TABLE.c.external_id, wanted.external_id)):
        query = query.where(column == value) if value else query
    if wanted.search:
        is_named = TABLE.c.name.icontains(wanted.search, autoescape=True)
        query = query.where(is_named | TABLE.c.customer_id.in_(wanted.or_customer_ids))
    return page_of(connection, query, _ORDERS[sort], limit=limit, cursor=cursor)


def counts(connection: sa.Connection, tenant_id: TenantId) -> dict[str, int]:
    """Running projects by risk level, and all projects by status."""
    query = (
        sa.select(TABLE.c.status, _LEVEL, sa.func.count())
        .select_from(TABLE.outerjoin(ASSESSMENTS, _joined()))
        .where(of_tenant(TABLE, tenant_id))
        .group_by(TABLE.c.status, _LEVEL)
    )
    found: dict[str, int] = {}
    for status, level, count in connection.execute(query):
        kinds = (status, level) if status in RUNNING else (status,)
        for kind in kinds:
            found[kind] = found.get(kind, 0) + count
    return found


class Totals(NamedTuple):
    """Running projects as a whole: how many are late by the plan and by how many working days together.

    `stake` is the margin at stake in the tenant's currency; `unpriced` projects have one that nobody
    can convert.
    """

    running: int
    late: int
    late_days: int
    stake: Decimal
    unpriced: int


def finished_count(connection: sa.Connection, tenant_id: TenantId, on: dt.date) -> int:
    """How many projects are past their committed date, so that it is known whether they were late."""
    is_known = sa.or_(TABLE.c.status != "cancelled", TABLE.c.live_on.is_not(None))
    query = sa.select(sa.func.count()).where(of_tenant(TABLE, tenant_id), TABLE.c.committed_on < on, is_known)
    return int(connection.execute(query).scalar() or 0)


def totals(connection: sa.Connection, tenant_id: TenantId) -> Totals:
    """The sums over all running projects."""
    is_late = ASSESSMENTS.c.leeway_days < 0
    stake, at_home = _of_money("stake"), _of_money("stake_home")
    query = (
        sa.select(
            sa.func.count(),
            sa.func.count().filter(is_late),
            sa.func.coalesce(sa.func.sum(-ASSESSMENTS.c.leeway_days).filter(is_late), 0),
            sa.func.coalesce(sa.func.sum(at_home), 0),
            sa.func.count().filter(stake.is_not(None) & at_home.is_(None)),
        )
        .select_from(TABLE.outerjoin(ASSESSMENTS, _joined()))
        .where(of_tenant(TABLE, tenant_id), TABLE.c.status.in_(sorted(RUNNING)))
    )
    running, late, late_days, total, unpriced = connection.execute(query).one()
    return Totals(int(running), int(late), int(late_days), Decimal(total), int(unpriced))


def by_manager(connection: sa.Connection, tenant_id: TenantId, statuses: Sequence[str]) -> dict[str, int]:
    """How many projects in these states each manager answers for."""
    query = (
        sa.select(TABLE.c.manager_id, sa.func.count())
        .where(of_tenant(TABLE, tenant_id), TABLE.c.status.in_(statuses), TABLE.c.manager_id.is_not(None))
        .group_by(TABLE.c.manager_id)
    )
    return {str(manager_id): int(count) for manager_id, count in connection.execute(query)}


def titles(connection: sa.Connection, tenant_id: TenantId, project_ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """What the source calls these projects, and their names."""
    query = sa.select(TABLE.c.project_id, TABLE.c.external_id, TABLE.c.name)
    query = query.where(of_tenant(TABLE, tenant_id), TABLE.c.project_id.in_(project_ids))
    return {row.project_id: (row.external_id, row.name) for row in connection.execute(query)}


def one(connection: sa.Connection, tenant_id: TenantId, project_id: str) -> dict[str, Any] | None:
    """A project's columns with its assessment, or None."""
    query = _with_assessment().where(of_tenant(TABLE, tenant_id), TABLE.c.project_id == project_id)
    row = connection.execute(query).mappings().first()
    return dict(row) if row else None


def score_history(connection: sa.Connection, tenant_id: TenantId, project_id: str, *, limit: int) -> list[bytes]:
    """The newest scores of a project, newest first, as stored."""
    query = (
        sa.select(SCORES.c.body)
        .where(of_tenant(SCORES, tenant_id), SCORES.c.project_id == project_id)
        .order_by(SCORES.c.as_of.desc(), SCORES.c.position.desc())
        .limit(limit)
    )
    return [bytes(row.body) for row in connection.execute(query)]


def _joined() -> sa.ColumnElement[bool]:
    return (ASSESSMENTS.c.tenant_id == TABLE.c.tenant_id) & (ASSESSMENTS.c.project_id == TABLE.c.project_id)


def _with_assessment() -> sa.Select[Any]:
    thoughts = [column for column in ASSESSMENTS.c if column.name not in {"tenant_id", "project_id", "position"}]
    return sa.select(TABLE, *thoughts).select_from(TABLE.outerjoin(ASSESSMENTS, _joined()))


def _of_money(name: str) -> sa.ColumnElement[Any]:
    """A figure of the money in an assessment's body, null where there is none."""
    body = sa.cast(sa.func.convert_from(ASSESSMENTS.c.body, "UTF8"), pg.JSON)
    return sa.cast(body["money"][name].astext, sa.Numeric)


_FAR = dt.date(9999, 12, 31)
_NOTHING_LOST = sa.literal(1_000_000, sa.Numeric)
_ORDERS: dict[str, tuple[sa.ColumnElement[Any], ...]] = {
    "risk": (
        sa.func.coalesce(ASSESSMENTS.c.level_rank, _NO_RANK),
        sa.func.coalesce(-ASSESSMENTS.c.probability, 1.0),
        TABLE.c.project_id,
    ),
    "go_live": (sa.func.coalesce(TABLE.c.committed_on, sa.literal(_FAR, sa.Date)), TABLE.c.project_id),
    "name": (TABLE.c.name, TABLE.c.project_id),
    "margin": (sa.func.coalesce(_of_money("points"), _NOTHING_LOST), TABLE.c.project_id),
    "stake": (sa.func.coalesce(-_of_money("stake_home"), _NOTHING_LOST), TABLE.c.project_id),
}
SORTS = tuple(_ORDERS)
OF_MONEY = frozenset({"margin", "stake"})
"""Orders that tell of money."""
