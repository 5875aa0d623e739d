"""The ground floor opened: one database with its log, its projections, its tenants and its keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import msgspec

from store import embedded, snapshots
from store.access import Keyring
from store.clock import Clock, SystemClock
from store.database import Database
from store.errors import NotFound
from store.following import Notices
from store.ids import TenantId
from store.log_sql import SqlLog
from store.migrations import migrate
from store.projections.alerts.fold import AlertState
from store.projections.people.fold import PersonState
from store.projections.playbooks.fold import PlaybookState, unknown_playbook
from store.projections.projects.state import ProjectState
from store.projections.snapshot import load_state
from store.projections.tenants.fold import TenantState
from store.projector import READER, Projector
from store.rebuilding import differences, rebuild
from store.tenants import Tenants

State = TypeVar("State", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True)
class Urls:
    """Where the database is, for each of its roles. One URL may serve for all."""

    app: str
    owner: str
    sealer: str


@dataclass(frozen=True, slots=True)
class Ground:
    """Everything the rooms above need of the store."""

    database: Database
    log: SqlLog
    projector: Projector
    tenants: Tenants
    keyring: Keyring
    clock: Clock
    urls: Urls
    notices: Notices

    def settle(self, tenant_id: TenantId, *, progress: Callable[[int], None] = lambda _count: None) -> int:
        """Seals what is committed and folds what is sealed; returns the position reached.

        A writer that wants to read its own write from the projections calls this after it.
        """
        self.log.seal(tenant_id)
        return self.projector.run(tenant_id, progress=progress)

    def rebuild(self, tenant_id: TenantId, *, progress: Callable[[int], None] = lambda _count: None) -> int:
        """Makes all projections anew from the log while the old ones serve; returns the position reached."""
        return rebuild(self.database, self.log, tenant_id, progress=progress)

    def differences(self, tenant_id: TenantId, *, progress: Callable[[int], None] = lambda _count: None) -> list[str]:
        """Projections that are not, byte for byte, what a fresh fold of the log gives."""
        return differences(self.database, self.log, tenant_id, progress=progress)

    def tenant_state(self, tenant_id: TenantId) -> TenantState:
        """Settings and directory; a tenant without facts has the defaults."""
        return self._states(tenant_id, "tenants", [""], TenantState).get("") or TenantState()

    def projects(self, tenant_id: TenantId, project_ids: list[str]) -> dict[str, ProjectState]:
        """The states of those projects that exist."""
        return self._states(tenant_id, "projects", project_ids, ProjectState)

    def project(self, tenant_id: TenantId, project_id: str) -> ProjectState:
        """One project; raises `NotFound`."""
        found = self.projects(tenant_id, [project_id]).get(project_id)
        if found is None or not found.project_id:
            raise NotFound("unknown_project", "There is no such project.", remedy="List them with GET /v1/projects.")
        return found

    def people(self, tenant_id: TenantId, person_ids: list[str] | None = None) -> dict[str, PersonState]:
        """The states of these people, or of all."""
        if person_ids is not None:
            return self._states(tenant_id, "people", person_ids, PersonState)
        with self.database.tx(tenant_id) as connection:
            stored = snapshots.load_all(connection, tenant_id, "people")
        return {subject: load_state(body, PersonState) for subject, body in stored.items()}

    def alerts(self, tenant_id: TenantId, alert_ids: list[str]) -> dict[str, AlertState]:
        """The states of those alerts that exist."""
        return self._states(tenant_id, "alerts", alert_ids, AlertState)

    def alert(self, tenant_id: TenantId, alert_id: str) -> AlertState:
        """One alert; raises `NotFound`."""
        found = self.alerts(tenant_id, [alert_id]).get(alert_id)
        if found is None:
            raise NotFound("unknown_alert", "There is no such alert.", remedy="List them with GET /v1/alerts.")
        return found

    def positions(self, tenant_id: TenantId, projection: str) -> dict[str, int]:
        """Subject -> the position its state was folded up to: what has not moved has not changed."""
        query = "select subject_id, position from snapshots where tenant_id = %s and projection = %s"
        return dict(self.log.connections.ask(tenant_id, query, (tenant_id, projection)))

    def playbooks(self, tenant_id: TenantId) -> dict[str, PlaybookState]:
        """All playbooks by id."""
        with self.database.tx(tenant_id) as connection:
            stored = snapshots.load_all(connection, tenant_id, "playbooks")
        return {subject: load_state(body, PlaybookState) for subject, body in stored.items()}

    def playbook(self, tenant_id: TenantId, playbook_id: str) -> PlaybookState:
        """One playbook; raises `NotFound`."""
        found = self._states(tenant_id, "playbooks", [playbook_id], PlaybookState).get(playbook_id)
        if found is None:
            raise unknown_playbook()
        return found

    def mark_all(self, tenant_id: TenantId) -> None:
        """Asks for new thoughts about every project and person of a tenant."""
        with self.database.tx(tenant_id) as connection:
            position = snapshots.position_of(connection, tenant_id, READER)
            for projection in ("projects", "people"):
                found = snapshots.subjects(connection, tenant_id, projection)
                snapshots.mark(connection, tenant_id, [(projection, subject) for subject in found], position)

    def position_at(self, tenant_id: TenantId, at: datetime) -> int:
        """The last position this log held at an instant."""
        query = "select coalesce(max(position), 0) from log_events where tenant_id = %s and appended_at <= %s"
        ((position,),) = self.log.connections.ask(tenant_id, query, (tenant_id, at))
        return int(position)

    def last_recorded_at(self, tenant_id: TenantId) -> datetime | None:
        """When the source of the newest fact knew it; None for an empty log."""
        query = "select max(recorded_at) from log_events where tenant_id = %s"
        ((at,),) = self.log.connections.ask(tenant_id, query, (tenant_id,))
        return at if isinstance(at, datetime) else None

    def close(self) -> None:
        """Gives all connections back."""
        self.notices.close()
        self.log.close()
        self.database.close()

    def _states(
        self, tenant_id: TenantId, projection: str, subject_ids: list[str], state_type: type[State]
    ) -> dict[str, State]:
        # In one round trip: most of what the doors show comes through here. Bytes would come twice as long, in hex.
        query = (
            "select subject_id, convert_from(state, 'UTF8') from snapshots"
            " where tenant_id = %s and projection = %s and subject_id = any(%s)"
        )
        stored = self.log.connections.ask(tenant_id, query, (tenant_id, projection, subject_ids))
        return {subject: load_state(body, state_type) for subject, body in stored}


def ground_at(urls: Urls, *, clock: Clock | None = None, may_be_unsafe: bool = False) -> Ground:
    """The ground floor of a database that is migrated already."""
    database = Database(urls.app)
    log = SqlLog(urls.app, sealer_url=urls.sealer, may_be_unsafe=may_be_unsafe)
    return Ground(
        database=database,
        log=log,
        projector=Projector(database, log),
        tenants=Tenants(database),
        keyring=Keyring(database),
        clock=clock or SystemClock(),
        urls=urls,
        notices=Notices(urls.app),
    )


@contextmanager
def open_ground(
    database_url: str | None,
    data_path: Path,
    *,
    owner_url: str | None = None,
    sealer_url: str | None = None,
    clock: Clock | None = None,
) -> Iterator[Ground]:
    """The ground floor of the named database, or of the embedded one under `data_path`; migrated, closed at the end."""
    if database_url is not None:
        owner_url = owner_url or database_url
        urls = Urls(app=database_url, owner=owner_url, sealer=sealer_url or owner_url)
        with _migrated(urls, clock) as ground:
            yield ground
        return
    with embedded.start(data_path) as server:
        urls = Urls(app=server.app_url, owner=server.owner_url, sealer=server.sealer_url)
        with _migrated(urls, clock) as ground:
            yield ground


@contextmanager
def _migrated(urls: Urls, clock: Clock | None) -> Iterator[Ground]:
    migrate(urls.owner)
    ground = ground_at(urls, clock=clock)
    try:
        yield ground
    finally:
        ground.close()
