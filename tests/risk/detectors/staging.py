"""Made-up projects as detectors see them. Monday 4 March 2024 is day one; the customer works on weekdays, UTC."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from risk.assessment import Score
from risk.detectors.view import ProjectView
from store.projections.projects.state import DateMove, Link, Message, ProjectState, StatusMove, Task
from store.projections.tenants.fold import CustomerEntry, PartyEntry, TenantState

MONDAY = dt.date(2024, 3, 4)
CONTACT, OTHER_CONTACT, MANAGER = "contact-1", "contact-2", "person-1"


def at(day: int, hour: int = 9) -> dt.datetime:
    """An instant on the n-th day after Monday."""
    return dt.datetime.combine(MONDAY + dt.timedelta(days=day), dt.time(hour), dt.UTC)


def on(day: int) -> dt.date:
    return MONDAY + dt.timedelta(days=day)


def task(
    task_id: str,
    track: str = "customer",
    *,
    owner: str | None = CONTACT,
    asked: int | None = None,
    done: int | None = None,
    due: int = 10,
    start: int | None = None,
    after: Sequence[str] = (),
    milestone: str = "",
) -> Task:
    """A task; `asked`, `done`, `due`, `start` are days after Monday."""
    moves = [] if asked is None else [StatusMove(at=at(asked), status="waiting", event_id=f"asked-{task_id}")]
    moves += [] if done is None else [StatusMove(at=at(done), status="done", event_id=f"done-{task_id}")]
    return Task(
        task_id=task_id,
        external_id=task_id.upper(),
        stage="",
        name="",
        track=track,
        owner_id=owner,
        role="",
        effort_hours=None,
        planned_start_on=on(start if start is not None else due if asked is None else min(asked, due)),
        due_on=on(due),
        first_due_on=on(due),
        scope_item_id=None,
        playbook_task="",
        milestone=milestone,
        is_billable=None,
        created_at=at(-30),
        created_event_id=f"created-{task_id}",
        status=moves[-1].status if moves else "todo",
        started_at=moves[0].at if moves else None,
        done_at=None if done is None else at(done),
        status_moves=moves,
        links=[Link(depends_on_id=i, link="FS", lag_days=Decimal(0), event_id=f"link-{i}") for i in after],
    )


def said(day: int, by: str = CONTACT, *, name: str = "", to: str = MANAGER, needs_answer: bool = False) -> Message:
    """A message on the n-th day after Monday."""
    key = name or f"message-{by}-{day}"
    return Message(
        message_id=key,
        at=at(day),
        from_id=by,
        to_ids=(to,),
        channel="email",
        in_reply_to=None,
        needs_answer=needs_answer,
        event_id=f"event-{key}",
    )


def moved(day: int, to: int) -> DateMove:
    """A date moved on one day to another, both counted from Monday."""
    return DateMove(at=at(day), on=on(to), event_id=f"moved-{day}-{to}")


def held(first: int, last: int) -> list[StatusMove]:
    """A hold from one day to another."""
    return [
        StatusMove(at=at(first), status="on_hold", event_id="held"),
        StatusMove(at=at(last), status="active", event_id="resumed"),
    ]


def view(
    *tasks: Task,
    day: int,
    texts: Mapping[str, str] | None = None,
    score: Score | None = None,
    thresholds: Mapping[str, Decimal] | None = None,
    **more: Any,
) -> ProjectView:
    """A project of one customer with two contacts, seen in the evening of the n-th day after Monday."""
    fields: dict[str, Any] = {"status": "active", "baseline_go_live_on": on(60), **more}
    project = ProjectState(
        project_id="project-1",
        external_id="P-1",
        customer_id="customer-1",
        manager_id=MANAGER,
        created_at=at(-30),
        created_event_id="created",
        tasks={t.task_id: t for t in tasks},
        **fields,
    )
    contacts = [
        PartyEntry(party_id=i, external_id=i.upper(), name="", email="", role="sponsor", customer_id="customer-1")
        for i in (CONTACT, OTHER_CONTACT)
    ]
    customer = CustomerEntry(
        customer_id="customer-1", external_id="C-1", name="", segment="", timezone="", calendar_id=None
    )
    tenant = TenantState(
        parties={party.party_id: party for party in contacts}, customers={customer.customer_id: customer}
    )
    return ProjectView(project, tenant, {}, at(day, 20), on(day), thresholds or {}, score, texts or {})


def figures(finding: Any) -> dict[str, Decimal]:
    """The numbers of a finding by name."""
    return {number.name: number.value for number in finding.numbers}
