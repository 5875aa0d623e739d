"""Small projects with dated tasks, for the metrics."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from plan.onboarding.journey import Journey, journey_of
from store.projections.projects.state import DateMove, Link, ProjectState, StatusMove, Task
from store.projections.tenants.fold import TenantState

MONDAY = dt.date(2026, 1, 5)
TENANT = TenantState()


def day(working_days: int) -> dt.date:
    """The working day so many after the first Monday."""
    weeks, rest = divmod(working_days, 5)
    return MONDAY + dt.timedelta(days=7 * weeks + rest)


def at(on: dt.date, hour: int = 9) -> dt.datetime:
    """An instant of that day."""
    return dt.datetime(on.year, on.month, on.day, hour, tzinfo=dt.UTC)


def move(status: str, on: dt.date) -> StatusMove:
    return StatusMove(at=at(on), status=status, event_id="e")


def task(
    name: str,
    due: int | None,
    done: int | None,
    *after: str,
    begun: int | None = 0,
    track: str = "internal",
    milestone: str = "",
    created: int = 0,
    waits: int | None = None,
) -> Task:
    """A task due and done so many working days after the first Monday."""
    moves = [move("waiting", day(waits))] if waits is not None else []
    return Task(
        task_id=name,
        external_id=name,
        stage="",
        name=name,
        track=track,
        owner_id=None,
        role="",
        effort_hours=Decimal(8),
        planned_start_on=None,
        due_on=None if due is None else day(due),
        first_due_on=None if due is None else day(due),
        scope_item_id=None,
        playbook_task="",
        milestone=milestone,
        is_billable=None,
        created_at=at(day(created)),
        created_event_id="e",
        status="todo" if done is None else "done",
        started_at=None if begun is None else at(day(begun)),
        done_at=None if done is None else at(day(done)),
        status_moves=moves,
        links=[Link(depends_on_id=i, link="FS", lag_days=Decimal(0), event_id="e") for i in after],
    )


def project(
    *tasks: Task,
    due: int | None = 10,
    live: int | None = None,
    moves: Sequence[StatusMove] = (),
    name: str = "P",
    manager: str | None = "M",
    signed: int | None = 0,
    escalated: Sequence[int] = (),
    committed: int | None = None,
) -> ProjectState:
    """A project signed on the first Monday unless said otherwise."""
    went = [*moves, *([move("live", day(live))] if live is not None else [])]
    ends = [m.at for m in went if m.status in {"closed", "cancelled"}]
    return ProjectState(
        project_id=name,
        name=name,
        manager_id=manager,
        customer_id="C",
        created_at=at(day(signed or 0), 8),
        contract_signed_on=None if signed is None else day(signed),
        baseline_go_live_on=None if due is None else day(due),
        committed_go_live_on=None if committed is None else day(committed),
        commitments=[] if committed is None else [DateMove(at=at(MONDAY), on=day(committed), event_id="e")],
        status=went[-1].status if went else "active",
        status_moves=went,
        live_at=None if live is None else at(day(live)),
        ended_at=ends[-1] if ends else None,
        tasks={t.task_id: t for t in tasks},
        escalations=[move("escalated", day(n)) for n in escalated],
    )


def journey(*tasks: Task, as_of: int = 60, **settings: object) -> Journey:
    """The project's way as seen so many working days after the first Monday."""
    return journey_of(project(*tasks, **settings), TENANT, day(as_of))  # type: ignore[arg-type]
