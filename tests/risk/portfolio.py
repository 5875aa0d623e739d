"""Made-up projects in a log in memory: what is late in them follows from how slowly their customers answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

import numpy as np

from store.events import (
    ContactRegistered,
    CustomerRegistered,
    Fact,
    MessageSent,
    ProjectCreated,
    ProjectStatusChanged,
    TaskCreated,
    TaskDueMoved,
    TaskLinked,
    TaskStatusChanged,
    TenantConfigured,
    dump,
)
from store.events.tasks import TaskStatus, Track
from store.ids import (
    ContactId,
    CustomerId,
    PartyId,
    ProjectId,
    TaskId,
    TenantId,
    derived_id,
    fact_id,
    tenant_id_of,
)
from store.log import Draft
from store.log_memory import MemoryLog
from store.streams import stream_of

TENANT_ID = tenant_id_of("risk-tests")
BEFORE = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
START = dt.datetime(2024, 3, 4, 8, tzinfo=dt.UTC)
TRACKS: tuple[Track, ...] = ("internal", "customer", "internal", "approval", "customer", "internal")
CUSTOMER_ID = CustomerId(derived_id(TENANT_ID, "customer"))
CONTACT_ID = ContactId(derived_id(TENANT_ID, "contact"))


class Portfolio:
    """A tenant's log under construction; every fact is recorded when it happens unless said otherwise."""

    def __init__(self, tenant_id: TenantId = TENANT_ID) -> None:
        self.tenant_id = tenant_id
        self.log = MemoryLog()
        self.add(_TENANT, BEFORE)
        self.add(CustomerRegistered(customer_id=CUSTOMER_ID, external_id="C", name="Example", timezone=""), BEFORE)
        self.add(ContactRegistered(contact_id=CONTACT_ID, external_id="K", customer_id=CUSTOMER_ID), BEFORE)

    def add(self, fact: Fact, at: dt.datetime, recorded_at: dt.datetime | None = None) -> None:
        event_id = fact_id(self.tenant_id, "test", at.isoformat(), fact.TYPE, dump(fact).decode())
        draft = Draft(event_id, fact, at, recorded_at or at, "test")
        self.log.append(self.tenant_id, [(stream_of(fact), [draft], None)], now=BEFORE)

    def sealed(self) -> MemoryLog:
        self.log.seal(self.tenant_id)
        return self.log


_TENANT = TenantConfigured(
    name="Tests", timezone="Europe/Berlin", currency="EUR", weekdays=(1, 2, 3, 4, 5), hours_per_day=Decimal(8)
)


def project_id_of(number: int) -> ProjectId:
    return ProjectId(derived_id(TENANT_ID, "project", str(number)))


def task_id_of(number: int, task: int) -> TaskId:
    return TaskId(derived_id(TENANT_ID, "task", str(number), str(task)))


def created(number: int, **fields: object) -> ProjectCreated:
    frame: dict[str, object] = {
        "project_id": project_id_of(number),
        "external_id": f"P-{number}",
        "customer_id": CUSTOMER_ID,
        "name": f"Project {number}",
        "fee": Decimal(10_000),
        "currency": "EUR",
        **fields,
    }
    return ProjectCreated(**frame)  # type: ignore[arg-type]


def task(number: int, index: int, track: Track, due_on: dt.date | None, hours: int | None = 8) -> TaskCreated:
    return TaskCreated(
        task_id=task_id_of(number, index),
        external_id=f"T-{number}-{index}",
        project_id=project_id_of(number),
        name=f"Task {index}",
        track=track,
        effort_hours=None if hours is None else Decimal(hours),
        due_on=due_on,
    )


def moved(number: int, index: int, status: TaskStatus) -> TaskStatusChanged:
    return TaskStatusChanged(task_id=task_id_of(number, index), project_id=project_id_of(number), status=status)


def project_history(number: int, start: dt.datetime, slowness_days: float) -> list[tuple[dt.datetime, Fact]]:
    """Six tasks of a week each, one after the other; the customer's take `slowness_days` longer."""
    day = dt.timedelta(days=1)
    baseline_on = (start + 45 * day).date()
    facts: list[tuple[dt.datetime, Fact]] = [(start, created(number, baseline_go_live_on=baseline_on))]
    facts += [
        (start, task(number, index, track, (start + 7 * (index + 1) * day).date()))
        for index, track in enumerate(TRACKS)
    ]
    at = start + day
    for index, track in enumerate(TRACKS):
        if index:
            link = TaskLinked(
                task_id=task_id_of(number, index),
                project_id=project_id_of(number),
                depends_on_id=task_id_of(number, index - 1),
            )
            facts.append((start, link))
        facts.append((at, moved(number, index, "in_progress" if track == "internal" else "waiting")))
        at += (5 + (slowness_days if track == "customer" else 0)) * day
        facts.append((at, moved(number, index, "done")))
        facts.append((at, _message(number, index)))
        at += day
    facts.append((at, ProjectStatusChanged(project_id=project_id_of(number), status="live")))
    facts.append((at + 3 * day, ProjectStatusChanged(project_id=project_id_of(number), status="closed")))
    return facts


def _message(number: int, index: int) -> MessageSent:
    message_id = derived_id(TENANT_ID, "message", str(number), str(index))
    return MessageSent(
        message_id=message_id, external_id=message_id, project_id=project_id_of(number), from_id=PartyId(CONTACT_ID)
    )


def portfolio(count: int = 24, seed: int = 7) -> Portfolio:
    """Projects a week apart; about half of them late, those with slow customers."""
    rng = np.random.default_rng(seed)
    made = Portfolio()
    for number in range(count):
        start = START + dt.timedelta(days=7 * number)
        for at, fact in project_history(number, start, float(rng.uniform(0, 9))):
            made.add(fact, at)
    return made


def add_all(made: Portfolio, facts: Iterable[tuple[dt.datetime, Fact]]) -> None:
    for at, fact in facts:
        made.add(fact, at)


def slipped(number: int, index: int, due_on: dt.date) -> TaskDueMoved:
    return TaskDueMoved(task_id=task_id_of(number, index), project_id=project_id_of(number), due_on=due_on)
