"""Feeds sealed facts to the folds and stores what comes out, one batch per transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa

from store import snapshots
from store.database import Database
from store.events import FACT_TYPES, ContactRegistered, CustomerRegistered, EngagementOpened
from store.ids import TenantId
from store.log import Event, Log
from store.projections.alerts import fold as alerts
from store.projections.alerts import rows as alert_rows
from store.projections.people import fold as people
from store.projections.playbooks import fold as playbooks
from store.projections.projects import fold as projects
from store.projections.projects import rows as project_rows
from store.projections.projects.state import ProjectState
from store.projections.snapshot import dump_state, load_state
from store.projections.tenants import fold as tenants
from store.streams import subjects_of

READER = "projector"
BATCH = 20_000


@dataclass(frozen=True, slots=True)
class Projection:
    """A read model: how its states are folded, and the rows that lists need, if any."""

    name: str
    state_type: type[msgspec.Struct]
    fold: Callable[[Iterable[Event], Any], Any]
    save_rows: Callable[[sa.Connection, TenantId, Sequence[tuple[str, Any, int]]], None] | None = None


def _extend(events: Iterable[Event], state: ProjectState | None) -> ProjectState:
    return projects.extend(state or ProjectState(), events)


PROJECTIONS = (
    Projection("tenants", tenants.TenantState, tenants.fold),
    Projection("projects", ProjectState, _extend, project_rows.save),
    Projection("people", people.PersonState, people.fold),
    Projection("alerts", alerts.AlertState, alerts.fold, alert_rows.save),
    Projection("playbooks", playbooks.PlaybookState, playbooks.fold),
)
# Another name in the directory changes no figure, and neither does what an agent, a summary or a playbook says.
_UNEVENTFUL = {fact.TYPE for fact in (ContactRegistered, CustomerRegistered, EngagementOpened)} | {
    fact.TYPE for fact in FACT_TYPES if fact.TYPE.startswith(("alert.", "playbook.", "proposal.", "summary."))
}
BY_NAME = {projection.name: projection for projection in PROJECTIONS}


class Projector:
    """Keeps the stored states of all projections up with the log."""

    def __init__(self, database: Database, log: Log) -> None:
        self._database = database
        self._log = log

    def run(self, tenant_id: TenantId, *, progress: Callable[[int], None] = lambda _count: None) -> int:
        """Folds everything that is sealed; returns the position reached. Two callers take turns."""
        while True:
            with self._database.tx(tenant_id) as connection:
                position = snapshots.position_of(connection, tenant_id, READER, is_locked=True)
                events = self._log.follow(tenant_id, after_position=position, limit=BATCH)
                if not events:
                    return position
                fold_batch(connection, tenant_id, events)
            progress(len(events))


def fold_batch(connection: sa.Connection, tenant_id: TenantId, events: Sequence[Event]) -> None:
    """Folds events into the stored states of their subjects and marks those that are worth thinking of."""
    position = events[-1].position or 0
    for name, of_subject in _by_subject(events).items():
        projection = BY_NAME[name]
        stored = snapshots.load(connection, tenant_id, name, of_subject)
        states = [
            (subject, _folded(projection, stored.get(subject), theirs), theirs[-1].position or 0)
            for subject, theirs in of_subject.items()
        ]
        snapshots.save(connection, tenant_id, name, [(s, dump_state(state), at) for s, state, at in states])
        if projection.save_rows:
            projection.save_rows(connection, tenant_id, states)
        changed = [s for s, theirs in of_subject.items() if _is_worth_thinking(theirs)]
        snapshots.mark(connection, tenant_id, [(name, subject) for subject in changed], position)
    snapshots.advance(connection, tenant_id, READER, position)


def fold_all(events: Iterable[Event]) -> dict[str, dict[str, bytes]]:
    """Projection -> subject -> canonical state, from nothing but these events."""
    grouped = _by_subject(events)
    return {
        projection.name: {
            subject: dump_state(projection.fold(theirs, None))
            for subject, theirs in grouped.get(projection.name, {}).items()
        }
        for projection in PROJECTIONS
    }


def _by_subject(events: Iterable[Event]) -> dict[str, dict[str, list[Event]]]:
    grouped: dict[str, dict[str, list[Event]]] = {}
    for event in events:
        for name, subject in subjects_of(event.stream_id, event.type):
            grouped.setdefault(name, {}).setdefault(subject, []).append(event)
    return grouped


def _is_worth_thinking(events: Sequence[Event]) -> bool:
    return any(event.type not in _UNEVENTFUL for event in events)


def _folded(projection: Projection, stored: bytes | None, events: Sequence[Event]) -> Any:
    return projection.fold(events, load_state(stored, projection.state_type) if stored else None)
