"""The lines of the portfolio. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from api.views import customer_named, named
from store.projections.projects.state import ProjectState
from store.projections.tenants.fold import TenantState
from web.drawing.leeway import Needle, needle
from web.views.stages import Step, steps
from web.views.waits import Wait, waits
from web.words import TRACKS


@dataclass(frozen=True, slots=True)
class Track:
    """How far one track of work is."""

    track: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Line:
    """One project as the portfolio shows it; `probability` is that of going live late."""

    project_id: str
    name: str
    customer: str
    manager: str
    status: str
    level: str
    probability: float | None
    leeway_days: Decimal | None
    needle: Needle | None
    committed_on: dt.date | None
    forecast_on: dt.date | None
    live_on: dt.date | None
    stage: str
    steps: Sequence[Step]
    tracks: Sequence[Track]
    waits: Sequence[Wait]
    open_alerts: int


def lines(
    rows: Iterable[Mapping[str, Any]],
    states: Mapping[str, ProjectState],
    tenant: TenantState,
    open_alerts: Mapping[str, int],
) -> list[Line]:
    """The rows of a page with what their states add."""
    return [_line(row, states.get(row["project_id"]) or ProjectState(), tenant, open_alerts) for row in rows]


def _line(row: Mapping[str, Any], state: ProjectState, tenant: TenantState, open_alerts: Mapping[str, int]) -> Line:
    customer, manager = customer_named(tenant, row["customer_id"]), named(tenant, row["manager_id"])
    leeway = row["leeway_days"]
    return Line(
        project_id=row["project_id"],
        name=row["name"] or row["external_id"],
        customer=customer.name if customer else "",
        manager=manager.name if manager else "",
        status=row["status"],
        level=row["level"] or "not_assessed",
        probability=row["probability"],
        leeway_days=leeway,
        needle=needle(leeway) if leeway is not None else None,
        committed_on=row["committed_on"],
        forecast_on=row["forecast_on"],
        live_on=row["live_on"],
        stage=row["stage"],
        steps=steps(state),
        tracks=tracks(state),
        waits=waits(state, tenant),
        open_alerts=open_alerts.get(row["project_id"], 0),
    )


def tracks(state: ProjectState) -> list[Track]:
    """Done and all tasks of each track that has any; cancelled ones do not count."""
    found = []
    for track in TRACKS:
        tasks = [task for task in state.tasks.values() if task.track == track and task.status != "cancelled"]
        if tasks:
            found.append(Track(track, sum(task.status == "done" for task in tasks), len(tasks)))
    return found
