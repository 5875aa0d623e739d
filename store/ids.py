"""Typed ids, and how the derivable ones are derived.

Whatever can be imported or computed twice has an id computed from its natural key, so that a
repeat is harmless and a replay is byte-equal. `store.clock` makes the others.
"""

from __future__ import annotations

from typing import NewType
from uuid import UUID, uuid5

TenantId = NewType("TenantId", str)
ProjectId = NewType("ProjectId", str)
TaskId = NewType("TaskId", str)
PersonId = NewType("PersonId", str)
CustomerId = NewType("CustomerId", str)
ContactId = NewType("ContactId", str)
PartyId = NewType("PartyId", str)  # a person or a contact
AllocationId = NewType("AllocationId", str)
AlertId = NewType("AlertId", str)
PlaybookId = NewType("PlaybookId", str)  # a short name such as saas-onboarding, chosen by people
EventId = NewType("EventId", str)
StreamId = NewType("StreamId", str)

LEEWAY = UUID("6c656577-6179-5000-8000-000000000000")


def tenant_id_of(slug: str) -> TenantId:
    """The tenant's id, the same on every installation that uses this slug."""
    return TenantId(str(uuid5(LEEWAY, f"tenant/{slug}")))


def derived_id(tenant_id: TenantId, *key: str) -> str:
    """UUIDv5 of a natural key within one tenant; parts are length-prefixed so that they cannot run together."""
    return str(uuid5(UUID(tenant_id), "".join(f"{len(part)}:{part}" for part in key)))


def entity_id(tenant_id: TenantId, kind: str, source: str, external_id: str) -> str:
    """The id of a record that another system calls `external_id`."""
    return derived_id(tenant_id, "entity", kind, source, external_id)


def fact_id(tenant_id: TenantId, source: str, *key: str) -> EventId:
    """The id of a fact that may be learnt twice, from its source and natural key (or cause)."""
    return EventId(derived_id(tenant_id, "fact", source, *key))


def is_uuid(text: str) -> bool:
    """Whether `text` is a UUID in its canonical lower-case form."""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
