"""The lines of the portfolio. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from api.views import customer_named, named
from risk.commands import Outlook, stored_thought
from store.access import MAY_SEE_MONEY, Role
from store.projections.projects.rows import Totals
from store.projections.projects.state import ProjectState
from store.projections.tenants.fold import TenantState
from web.drawing.reach import Reach, reach
from web.views.margins import MarginLine, margin_line, whole
from web.views.stages import Step, steps
from web.views.waits import Wait, waits
from web.words import TRACKS, days

WHY_NO_RANGE = {
    "too_few_projects": "No range: too few projects whose forecasts could be held against their go-live.",
    "no_forecast": "No range: the plan gives no forecast.",
}


@dataclass(frozen=True, slots=True)
class Track:
    """How far one track of work is."""

    track: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class GoLive:
    """The range of a go-live as words and as a drawing; `words` is empty without one, and `why` says why."""

    words: str
    projects: int
    why: str
    drawing: Reach | None


@dataclass(frozen=True, slots=True)
class Line:
    """One project as the portfolio shows it; `probability` is that of going live late.

    `prior` says so where it was learnt elsewhere.
    """

    project_id: str
    name: str
    customer: str
    manager: str
    status: str
    level: str
    probability: float | None
    leeway_days: Decimal | None
    committed_on: dt.date | None
    forecast_on: dt.date | None
    live_on: dt.date | None
    go_live: GoLive
    margin: MarginLine | None
    stage: str
    steps: Sequence[Step]
    tracks: Sequence[Track]
    waits: Sequence[Wait]
    open_alerts: int
    prior: str


@dataclass(frozen=True, slots=True)
class Sums:
    """The portfolio as a whole; `stake` is empty for those who may not see money."""

    running: int
    late: int
    late_days: int
    stake: str
    unpriced: int


def lines(
    rows: Iterable[Mapping[str, Any]],
    states: Mapping[str, ProjectState],
    tenant: TenantState,
    open_alerts: Mapping[str, int],
    role: Role,
) -> list[Line]:
    """The rows of a page with what their states add, as the role may see them."""
    return [_line(row, states.get(row["project_id"]) or ProjectState(), tenant, open_alerts, role) for row in rows]


def sums(found: Totals, currency: str, role: Role) -> Sums:
    """The totals as the role may see them."""
    may_see = role in MAY_SEE_MONEY
    stake = whole(found.stake, currency) if may_see else ""
    return Sums(found.running, found.late, found.late_days, stake, found.unpriced if may_see else 0)


def go_live(outlook: Outlook, committed_on: dt.date | None) -> GoLive:
    """The range around the forecast, or why there is none."""
    first, last = outlook.p50_on, outlook.p80_on
    return GoLive(
        words=days(first, last) if first and last else "",
        projects=outlook.projects,
        why=WHY_NO_RANGE.get(outlook.no_range, ""),
        drawing=reach(committed_on, outlook.forecast_on, first, last),
    )


def _line(
    row: Mapping[str, Any], state: ProjectState, tenant: TenantState, open_alerts: Mapping[str, int], role: Role
) -> Line:
    customer, manager = customer_named(tenant, row["customer_id"]), named(tenant, row["manager_id"])
    thought = stored_thought(row["body"])
    outlook = thought.outlook if thought else Outlook(forecast_on=row["forecast_on"])
    return Line(
        project_id=row["project_id"],
        name=row["name"] or row["external_id"],
        customer=customer.name if customer else "",
        manager=manager.name if manager else "",
        status=row["status"],
        level=row["level"] or "not_assessed",
        probability=row["probability"],
        leeway_days=row["leeway_days"],
        committed_on=row["committed_on"],
        forecast_on=row["forecast_on"],
        live_on=row["live_on"],
        go_live=go_live(outlook, row["committed_on"]),
        margin=margin_line(thought.money, role) if thought else None,
        stage=row["stage"],
        steps=steps(state),
        tracks=tracks(state),
        waits=waits(thought.waiting, state, tenant) if thought else [],
        open_alerts=open_alerts.get(row["project_id"], 0),
        prior=thought.score.sentence if thought and thought.score.basis == "prior" else "",
    )


def tracks(state: ProjectState) -> list[Track]:
    """Done and all tasks of each track that has any; cancelled ones do not count."""
    found = []
    for track in TRACKS:
        tasks = [task for task in state.tasks.values() if task.track == track and task.status != "cancelled"]
        if tasks:
            found.append(Track(track, sum(task.status == "done" for task in tasks), len(tasks)))
    return found
