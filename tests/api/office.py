"""Two small tenants behind the API: projects, an over-booked person with an alert, keys of every role."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import httpx2
from fastapi.testclient import TestClient

from agents.runner import Runner
from agents.thinkers import THINKERS
from store.access import ROLES, Role
from store.events import (
    AllocationBooked,
    CustomerRegistered,
    EngagementOpened,
    Fact,
    MessageSent,
    PersonRegistered,
    ProjectCreated,
    ProjectFieldChanged,
    RateSet,
    TaskCreated,
    TaskLinked,
    TenantConfigured,
)
from store.ground import Ground
from store.ids import (
    AllocationId,
    CustomerId,
    EventId,
    PartyId,
    PersonId,
    ProjectId,
    TaskId,
    entity_id,
    fact_id,
)
from store.log import Draft
from store.streams import stream_of
from store.tenants import Tenant

Json = dict[str, Any]
MONDAY = dt.date(2026, 9, 7)
NINE = dt.datetime(2026, 9, 7, 9, tzinfo=dt.UTC)


@dataclass
class Office:
    """One tenant, its keys and a client. Ids are made from names."""

    ground: Ground
    client: TestClient
    tenant: Tenant
    keys: dict[str, str] = field(default_factory=dict)
    count: int = 0

    def id(self, kind: str, name: str) -> str:
        return entity_id(self.tenant.tenant_id, kind, "test", name)

    def tell(self, facts: Iterable[Fact], *, recorded_at: dt.datetime | None = None) -> list[EventId]:
        """Appends facts at the clock's instant."""
        now, ids = self.ground.clock.now(), []
        for fact in facts:
            self.count += 1
            event_id = fact_id(self.tenant.tenant_id, "test", str(self.count))
            at = recorded_at or now
            draft = Draft(event_id, fact, at, at, "test")
            self.ground.log.append(self.tenant.tenant_id, [(stream_of(fact), [draft], None)], now=now)
            ids.append(event_id)
        return ids

    def think(self) -> None:
        """What the worker does."""
        Runner(self.ground, THINKERS).run_until_idle()

    def call(
        self, method: str, path: str, body: object = None, *, role: Role | None = "admin", **headers: str
    ) -> httpx2.Response:
        """A request as a role; None: without a key. Underscores in header names stand for hyphens."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if role:
            sent["Authorization"] = f"Bearer {self.keys[role]}"
        return self.client.request(method, path, json=body, headers=sent)

    def get(self, path: str, *, role: Role = "admin") -> Json:
        """The body of an answer that must be 200."""
        answer = self.call("GET", path, role=role)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    def record(self, kind: str, payload: Mapping[str, object], *, key: str, role: Role = "admin") -> httpx2.Response:
        """One fact sent in."""
        body = {"events": [{"type": kind, "payload": payload}]}
        return self.call("POST", "/v1/events", body, role=role, Idempotency_Key=key)

    def alert(self, *, role: Role = "admin") -> Json:
        """The only open alert."""
        (alert,) = self.get("/v1/alerts", role=role)["data"]
        found: Json = alert
        return found

    def decide(self, alert_id: str, *, role: Role = "admin", headers: Mapping[str, str] = {}, **body: object) -> Any:
        """A decision; the answer."""
        return self.call("POST", f"/v1/alerts/{alert_id}/decisions", body, role=role, **headers)


def opened(ground: Ground, client: TestClient, slug: str, *, frozen_at: dt.datetime | None = None) -> Office:
    """A tenant with keys and facts; its alerts are raised."""
    office = Office(ground, client, ground.tenants.open(slug, frozen_at=frozen_at))
    for role in ROLES:
        office.keys[role] = ground.keyring.issue(office.tenant.tenant_id, role, role, now=ground.clock.now())
    office.tell(facts(office))
    office.think()
    return office


def facts(office: Office) -> list[Fact]:
    """Two projects of one customer, three people, one of them booked 10 h on days of 8 h."""
    customer, one, two = CustomerId(office.id("customer", "C-1")), _project(office, "P-1"), _project(office, "P-2")
    over, same = PersonId(office.id("person", "Over")), PersonId(office.id("person", "Same"))
    return [
        TenantConfigured(
            name="Example", timezone="Europe/Berlin", currency="EUR", weekdays=(1, 2, 3, 4, 5), hours_per_day=Decimal(8)
        ),
        CustomerRegistered(customer_id=customer, external_id="C-1", name="Example Logistics"),
        EngagementOpened(
            engagement_id=office.id("engagement", "D-1"), external_id="D-1", customer_id=customer, name="Roll-out"
        ),
        _person(over, "Over", "80"),
        _person(same, "Same", "70"),
        RateSet(person_id=same, kind="cost", amount_per_hour=Decimal(70), currency="EUR", valid_from=MONDAY),
        _created(one, "P-1", customer, over, fee="12000", engagement_id=office.id("engagement", "D-1")),
        _created(two, "P-2", customer, over, fee="9000.50"),
        ProjectFieldChanged(project_id=one, field="fee", value="11000"),
        _task(office, one, "T-1", over),
        _task(office, one, "T-2", same),
        TaskLinked(
            task_id=TaskId(office.id("task", "T-2")),
            project_id=one,
            depends_on_id=TaskId(office.id("task", "T-1")),
        ),
        MessageSent(
            message_id=office.id("message", "M-1"), external_id="M-1", project_id=one, from_id=PartyId(over), text="Hi"
        ),
        _booked(office, "A-1", over, one, 14, 18, "6"),
        _booked(office, "A-2", over, two, 16, 25, "4"),
    ]


def _project(office: Office, name: str) -> ProjectId:
    return ProjectId(office.id("project", name))


def _person(person_id: PersonId, name: str, rate: str) -> Fact:
    return PersonRegistered(
        person_id=person_id,
        external_id=name,
        name=f"{name} Example",
        role="engineer",
        hours_per_day=Decimal(8),
        cost_rate=Decimal(rate),
        bill_rate=Decimal(150),
        currency="EUR",
    )


def _created(
    project_id: ProjectId,
    name: str,
    customer: CustomerId,
    manager: PersonId,
    *,
    fee: str,
    engagement_id: str | None = None,
) -> Fact:
    return ProjectCreated(
        project_id=project_id,
        external_id=name,
        name=f"Rollout {name}",
        customer_id=customer,
        manager_id=manager,
        fee=Decimal(fee),
        currency="EUR",
        budget_hours=Decimal("100.5"),
        baseline_go_live_on=dt.date(2026, 10, 30),
        engagement_id=engagement_id,
    )


def _task(office: Office, project_id: ProjectId, name: str, owner: PersonId) -> Fact:
    return TaskCreated(
        task_id=TaskId(office.id("task", name)),
        external_id=name,
        project_id=project_id,
        name=name,
        owner_id=PartyId(owner),
        effort_hours=Decimal(8),
        planned_start_on=dt.date(2026, 9, 14),
        due_on=dt.date(2026, 9, 18),
    )


def _booked(office: Office, name: str, who: PersonId, project: ProjectId, first: int, last: int, hours: str) -> Fact:
    return AllocationBooked(
        allocation_id=AllocationId(office.id("allocation", name)),
        external_id=name,
        person_id=who,
        role="engineer",
        project_id=project,
        starts_on=dt.date(2026, 9, first),
        ends_on=dt.date(2026, 9, last),
        hours_per_day=Decimal(hours),
    )


def _said(office: Office, project_id: ProjectId, person_id: PersonId) -> Fact:
    message_id = office.id("message", "M-1")
    return MessageSent(
        message_id=message_id, external_id="M-1", project_id=project_id, from_id=PartyId(person_id), text="Hi"
    )
