"""Facts to fill a log with."""

from datetime import UTC, datetime, timedelta

from store.events import PersonRegistered, TaskCreated
from store.ids import PersonId, ProjectId, StreamId, TaskId, TenantId, fact_id
from store.log import Draft

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def plan(project: str) -> StreamId:
    return StreamId(f"plan/{project}")


def draft(tenant_id: TenantId, number: int, *, project: str = "p1", name: str | None = None) -> Draft:
    """The fact `number` of a tenant: the same number is the same id; recorded in the opposite order."""
    fact = TaskCreated(
        task_id=TaskId(f"t{number}"),
        external_id=str(number),
        project_id=ProjectId(project),
        name=f"Tâche {number}" if name is None else name,
    )
    return Draft(
        event_id=fact_id(tenant_id, "test", str(number)),
        fact=fact,
        occurred_at=NOW - timedelta(days=number),
        recorded_at=NOW - timedelta(hours=number),
        source="test",
        actor_id="person-1",
        causation_id="cause",
        correlation_id="case",
    )


def person(tenant_id: TenantId, person_id: str, *, name: str = "Ada Example") -> Draft:
    fact = PersonRegistered(
        person_id=PersonId(person_id), external_id=person_id, name=name, email=f"{person_id}@example.org"
    )
    return Draft(fact_id(tenant_id, "test", "person", person_id), fact, NOW, NOW, "test")
