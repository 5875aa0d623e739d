"""Small projects with people, rates and hours for the tests of money."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

from store.projections.people.fold import Allocation, PersonState
from store.projections.projects.state import ProjectState, Task, TimeEntry
from store.projections.tenants.fold import TenantState

AS_OF = date(2026, 3, 16)
NOW = datetime(2026, 3, 16, 9, tzinfo=UTC)
TENANT = TenantState(currency="EUR")


def person(
    person_id: str = "ann", *, cost: str | None = "50", bill: str | None = "100", currency: str = "EUR"
) -> PersonState:
    """Somebody with rates in their contract."""
    return PersonState(
        person_id=person_id,
        role="engineer",
        hours_per_day=Decimal(8),
        cost_rate=None if cost is None else Decimal(cost),
        bill_rate=None if bill is None else Decimal(bill),
        currency=currency,
    )


def booked(someone: PersonState, starts_on: date, ends_on: date, hours: str = "4") -> PersonState:
    """The same person with a firm booking on the project."""
    someone.allocations["b1"] = Allocation(
        allocation_id="b1",
        external_id="b1",
        role="engineer",
        project_id="p",
        starts_on=starts_on,
        ends_on=ends_on,
        hours_per_day=Decimal(hours),
        firmness="hard",
        recorded_at=NOW,
        event_id="e-b1",
    )
    return someone


def task(task_id: str, effort: str | None = "10", *, status: str = "todo", owner_id: str | None = "ann") -> Task:
    """A task of the delivering side."""
    return Task(
        task_id=task_id,
        external_id=task_id,
        stage="build",
        name=task_id,
        track="internal",
        owner_id=owner_id,
        role="engineer",
        effort_hours=None if effort is None else Decimal(effort),
        planned_start_on=date(2026, 3, 2),
        due_on=date(2026, 3, 31),
        first_due_on=date(2026, 3, 31),
        scope_item_id=None,
        playbook_task="",
        milestone="",
        is_billable=True,
        created_at=datetime(2026, 3, 1, 8, tzinfo=UTC),
        created_event_id=f"e-{task_id}",
        status=status,
        started_at=None if status == "todo" else datetime(2026, 3, 2, 8, tzinfo=UTC),
        done_at=datetime(2026, 3, 6, 8, tzinfo=UTC) if status == "done" else None,
    )


def entry(task_id: str | None, hours: str, worked_on: date = date(2026, 3, 4), person_id: str = "ann") -> TimeEntry:
    """Hours on a submitted sheet."""
    return TimeEntry(
        entry_id=f"{task_id}-{worked_on}",
        person_id=person_id,
        task_id=task_id,
        worked_on=worked_on,
        hours=Decimal(hours),
        is_billable=True,
        is_approved=True,
        recorded_at=NOW,
    )


def project(tasks: list[Task], time: list[TimeEntry], **frame: object) -> ProjectState:
    """A fixed-fee project of 4,000 EUR sold at a margin of one half."""
    given: Mapping[str, object] = {
        "project_id": "p",
        "fee_type": "fixed",
        "fee": Decimal(4000),
        "currency": "EUR",
        "sold_margin": Decimal("0.5"),
        "budget_hours": Decimal(40),
        **frame,
    }
    state = ProjectState(tasks={each.task_id: each for each in tasks}, time=time)
    for name, value in given.items():
        setattr(state, name, value)
    return state
