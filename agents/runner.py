"""From fact to alert: seals, folds, and thinks about whatever changed, one worker per tenant at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from outside.model import Model
from plan.calendar import zone_of
from store import snapshots
from store.errors import Unavailable
from store.ground import Ground
from store.ids import TenantId
from store.projector import READER
from store.snapshots import Mark
from store.tenants import Tenant

BATCH = 100
DAY_READER = "thought_on"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a thinker is given: the tenant, the instant to think at, how far the log was folded, who changed.

    `reader` is the model that may point at words of a call, if there is one.
    """

    ground: Ground
    tenant: Tenant
    now: datetime
    position: int
    subject_ids: Sequence[str]
    reader: Model | None = None


Thinker = Callable[[Occasion], None]


class Runner:
    """Takes what is marked in batches. `thinkers`: projection -> who thinks about its changed subjects, in order."""

    def __init__(
        self,
        ground: Ground,
        thinkers: Sequence[tuple[str, Thinker]],
        *,
        reader: Model | None = None,
    ) -> None:
        self._ground = ground
        self._reader = reader
        self._thinkers = tuple(thinkers)

    def settle_pending(self) -> int:
        """Seals and folds what any tenant has appended; returns how many tenants had something."""
        tenant_ids = self._ground.log.seal_pending()
        for tenant_id in tenant_ids:
            self._ground.projector.run(tenant_id)
        return len(tenant_ids)

    def catch_up(self) -> None:
        """Folds what was sealed before a crash, and marks everything of tenants whose day has turned."""
        for tenant in self._ground.tenants.living():
            self._ground.settle(tenant.tenant_id)
            self._turn_day(tenant)

    def think(self, *, progress: Callable[[int], None] = lambda _count: None) -> int:
        """Thinks about one batch per tenant of what is marked; returns how many subjects it took."""
        with self._ground.database.tx() as connection:
            tenant_ids = snapshots.marked_tenants(connection)
        # A first import that was broken off has facts but no tenant yet; a rerun completes it.
        known = {tenant.tenant_id for tenant in self._ground.tenants.living()}
        tenant_ids = [tenant_id for tenant_id in tenant_ids if tenant_id in known]
        taken = 0
        for tenant_id in tenant_ids:
            with self._alone(tenant_id) as is_alone:
                taken += self._think_of(tenant_id) if is_alone else 0
                progress(taken)
        return taken

    def run_until_idle(self, *, progress: Callable[[int], None] = lambda _count: None) -> None:
        """Seals, folds and thinks until nothing is left to do."""
        self.catch_up()
        while self.settle_pending() + self.think(progress=progress):
            pass

    def remaining(self, tenant_id: TenantId) -> int:
        """How many subjects of a tenant are marked."""
        with self._ground.database.tx(tenant_id) as connection:
            return len(snapshots.marked(connection, tenant_id, limit=1_000_000))

    @contextmanager
    def _alone(self, tenant_id: TenantId) -> Iterator[bool]:
        with self._ground.database.tx(tenant_id) as connection:
            yield snapshots.is_only_worker(connection, tenant_id)

    def _think_of(self, tenant_id: TenantId) -> int:
        tenant = self._ground.tenants.find(tenant_id)
        with self._ground.database.tx(tenant_id) as connection:
            position = snapshots.position_of(connection, tenant_id, READER)
            marks = snapshots.marked(connection, tenant_id, limit=BATCH)
        if any(mark.projection == "tenants" for mark in marks):
            self._ground.mark_all(tenant_id)
        for projection, thinker in self._thinkers:
            subject_ids = [mark.subject_id for mark in marks if mark.projection == projection]
            if subject_ids:
                now = self._now(tenant)
                self._ask(thinker, Occasion(self._ground, tenant, now, position, subject_ids, self._reader))
        self._unmark(tenant_id, marks)
        return len(marks)

    def _ask(self, thinker: Thinker, occasion: Occasion) -> None:
        """One subject that cannot be thought about must not keep the others from it."""
        try:
            thinker(occasion)
        except Unavailable:
            raise
        except Exception:  # whatever one subject holds, the others are thought about
            if len(occasion.subject_ids) == 1:
                log.exception("not_assessed", tenant=occasion.tenant.slug, subject=occasion.subject_ids[0])
                return
            for subject_id in occasion.subject_ids:
                self._ask(thinker, replace(occasion, subject_ids=[subject_id]))

    def _unmark(self, tenant_id: TenantId, marks: Sequence[Mark]) -> None:
        with self._ground.database.tx(tenant_id) as connection:
            snapshots.unmark(connection, tenant_id, marks)

    def _turn_day(self, tenant: Tenant) -> None:
        """Dates pass without facts: the first time on a new day everything is thought about again."""
        zone = zone_of(self._ground.tenant_state(tenant.tenant_id).timezone)
        today = self._now(tenant).astimezone(zone).toordinal()
        with self._ground.database.tx(tenant.tenant_id) as connection:
            last = snapshots.position_of(connection, tenant.tenant_id, DAY_READER)
            if last != today:
                snapshots.advance(connection, tenant.tenant_id, DAY_READER, today)
        if last != today:
            self._ground.mark_all(tenant.tenant_id)

    def _now(self, tenant: Tenant) -> datetime:
        return tenant.now(self._ground.clock)
