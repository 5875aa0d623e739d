"""Erasure of a person: the key is destroyed, the log keeps that it was, and what was derived is folded anew.

The chain is over ciphertext and stays as it is. Backups hold ciphertext too: what can bring a person back is
an older file of keys, so each erasure asks for a new one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import psycopg

from store.connections import connect
from store.errors import NotFound
from store.events import PartyErased
from store.ground import Ground
from store.ids import TenantId, fact_id
from store.log import Draft
from store.streams import DIRECTORY

SOURCE = "leeway"
# Deleted rows stay on disk until their space is cleaned: the key itself, states and answers with names in them.
_CLEANED = ("person_keys", "snapshots", "idempotency_keys")


@dataclass(frozen=True, slots=True)
class Erased:
    """Whose key is gone, and whether it was gone before."""

    party_id: str
    was_erased: bool


def erase(
    ground: Ground,
    tenant_id: TenantId,
    party_id: str,
    *,
    actor_id: str | None,
    now: datetime,
    progress: Callable[[int], None] = lambda _count: None,
) -> Erased:
    """Erases a person, a contact, or (by its project's id) what was said in a project's calls. Repeatable.

    When it returns, no table of the database and no new export holds a readable field of theirs.
    Raises `NotFound` for somebody of whom nothing is known.
    """
    was_erased = is_erased(ground, tenant_id, party_id)
    # The promise first: whatever breaks after this line, a repeat mends, and nobody reads a name meanwhile.
    ground.log.keys.destroy(tenant_id, party_id)
    fact = PartyErased(party_id=party_id)
    if not was_erased:
        draft = Draft(fact_id(tenant_id, SOURCE, fact.TYPE, party_id), fact, now, now, SOURCE, actor_id=actor_id)
        ground.log.append(tenant_id, [(DIRECTORY, [draft], None)], now=ground.clock.now())
    ground.settle(tenant_id)
    ground.rebuild(tenant_id, progress=progress)
    ground.log.connections.ask(tenant_id, "delete from idempotency_keys where tenant_id = %s returning 1", (tenant_id,))
    _clean(ground.urls.owner)
    return Erased(party_id, was_erased)


def is_erased(ground: Ground, tenant_id: TenantId, party_id: str) -> bool:
    """Whether the key of somebody known is destroyed. Raises `NotFound`."""
    query = "select key is null from person_keys where tenant_id = %s and subject_id = %s"
    rows = ground.log.connections.ask(tenant_id, query, (tenant_id, party_id))
    if not rows:
        raise NotFound(
            "unknown_person",
            f"Nothing is known of {party_id!r}.",
            remedy="Name a person or contact by id, or by the id that its source uses.",
        )
    return bool(rows[0][0])


def _clean(owner_url: str) -> None:
    with connect(owner_url) as connection:
        connection.rollback()
        connection.autocommit = True
        for table in _CLEANED:
            connection.execute(psycopg.sql.SQL("vacuum {}").format(psycopg.sql.Identifier(table)))
