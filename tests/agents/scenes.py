"""Small tenants on a real database, each with one thing wrong that sends an agent's graph one of its ways."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from store.events import (
    Fact,
    ProjectCreated,
    ProjectStatusChanged,
    RevenueForecastMade,
    ScopeItemAdded,
    TaskCreated,
    TenantConfigured,
    TimeLogged,
)
from store.ground import Ground
from store.ids import PartyId, fact_id
from store.log import Draft
from store.streams import stream_of
from store.tenants import Tenant
from tests.agents.staging import (
    CONFLICT,
    FRAME,
    MONDAY,
    away,
    booking,
    link,
    person,
    person_id,
    project_id,
    task_id,
)

NINE = dt.datetime.combine(MONDAY, dt.time(9), dt.UTC)
LONG_AGO, LATELY, NOW = -40, -5, 0
Rows = Iterable[tuple[int, Fact]]
"""Facts, and how many days from that Monday each was recorded."""


@dataclass(frozen=True)
class Scene:
    """What is wrong, and the nodes of whose graph work it up on which way."""

    agent: str
    way: str
    rows: tuple[tuple[int, Fact], ...]


def _house() -> list[tuple[int, Fact]]:
    hours = TenantConfigured(
        name="Example", timezone="Europe/Berlin", currency="EUR", weekdays=(1, 2, 3, 4, 5), hours_per_day=Decimal(8)
    )
    return [(LONG_AGO, hours), (LONG_AGO, person("Over", rate="50", bill_rate=Decimal(100)))]


def _project(*, go_live: str, fee: str, budget: str) -> list[tuple[int, Fact]]:
    created = ProjectCreated(
        project_id=project_id("P-9"),
        external_id="P-9",
        name="Rollout P-9",
        manager_id=person_id("Over"),
        fee_type="fixed",
        fee=Decimal(fee),
        currency="EUR",
        budget_hours=Decimal(budget),
        sold_margin=Decimal("0.5"),
        baseline_go_live_on=dt.date.fromisoformat(go_live),
    )
    return [(LONG_AGO, created), (LONG_AGO, ProjectStatusChanged(project_id=project_id("P-9"), status="active"))]


def _task(name: str, hours: str, due: str, *, told: int = LONG_AGO, is_last: bool = True) -> tuple[int, Fact]:
    created = TaskCreated(
        task_id=task_id(name),
        external_id=name,
        project_id=project_id("P-9"),
        name="Portal for resellers" if told == LATELY else name,
        owner_id=PartyId(person_id("Over")),
        role="engineer",
        effort_hours=Decimal(hours),
        planned_start_on=MONDAY,
        due_on=dt.date.fromisoformat(due),
        milestone="go_live" if is_last else "",
    )
    return told, created


def _clause() -> tuple[int, Fact]:
    text = "Configuration of e-mail templates."
    return LONG_AGO, ScopeItemAdded(scope_item_id="c1", external_id="c1", project_id=project_id("P-9"), text=text)


def _hours(hours: str) -> list[tuple[int, Fact]]:
    each = Decimal(hours) / 10
    days = [MONDAY - dt.timedelta(days=number + 2) for number in range(10)]
    return [
        (
            LATELY,
            TimeLogged(
                entry_id=f"e{number}",
                external_id=f"e{number}",
                person_id=person_id("Over"),
                project_id=project_id("P-9"),
                task_id=task_id("Build"),
                worked_on=day,
                hours=each,
                is_billable=True,
            ),
        )
        for number, day in enumerate(days)
    ]


def _forecast() -> tuple[int, Fact]:
    made = RevenueForecastMade(
        project_id=project_id("P-9"), made_on=MONDAY, period="2024-01", revenue=Decimal(8000), currency="EUR"
    )
    return NOW, made


STUCK = (
    away("Same", "2024-01-01", "2024-12-31"),
    booking("full", "Over", "P-1", "2024-01-15", "2024-06-30", "8"),
    booking("more", "Over", "P-2", "2024-01-24", "2024-01-26", "2"),
)

SCENES: Mapping[str, Scene] = {
    "a way out": Scene("resource", "propose", tuple((NOW, fact) for fact in (*FRAME, *CONFLICT))),
    "none": Scene("resource", "admit", tuple((NOW, fact) for fact in (*FRAME, *STUCK))),
    "a date too soon": Scene(
        "resource",
        "relax",
        (
            *_house(),
            *_project(go_live="2024-01-16", fee="10000", budget="100"),
            _task("Build", "32", "2024-01-16", is_last=False),
            _task("Test", "8", "2024-01-16"),
            (LONG_AGO, link("P-9", "Test", "Build")),
        ),
    ),
    "something to sell": Scene(
        "architect",
        "propose",
        (
            *_house(),
            *_project(go_live="2024-03-29", fee="4000", budget="40"),
            _clause(),
            _task("Build", "40", "2024-03-29"),
            _task("Extra", "8", "2024-03-15", told=LATELY, is_last=False),
        ),
    ),
    "nothing to sell": Scene(
        "architect",
        "escalate",
        (*_house(), *_project(go_live="2024-03-29", fee="4000", budget="40"), _task("Build", "60", "2024-03-29")),
    ),
    "another month": Scene(
        "finance",
        "redate",
        (
            *_house(),
            *_project(go_live="2024-02-16", fee="10000", budget="100"),
            _task("Build", "40", "2024-02-16"),
            _forecast(),
        ),
    ),
    "over budget": Scene(
        "finance",
        "escalate",
        (
            *_house(),
            *_project(go_live="2024-03-29", fee="10000", budget="100"),
            _task("Build", "80", "2024-03-29", is_last=False),
            _task("Rest", "60", "2024-03-29"),
            *_hours("80"),
        ),
    ),
}


def staged(ground: Ground, slug: str, rows: Rows) -> Tenant:
    """A tenant of its own that these facts were recorded of."""
    tenant = ground.tenants.open(slug)
    drafts = []
    for number, (day, fact) in enumerate(rows):
        at = NINE + dt.timedelta(days=day)
        draft = Draft(fact_id(tenant.tenant_id, "test", str(number)), fact, at, at, "test")
        drafts.append((stream_of(fact), draft))
    ground.log.bulk(tenant.tenant_id, drafts, now=NINE)
    return tenant
