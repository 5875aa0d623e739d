"""A portfolio's plans and capacities in the order in which their source learnt of them, and the truth apart."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from intake.commands import import_portfolio
from store.ids import TenantId, tenant_id_of
from store.log import Cut, Event
from store.log_memory import MemoryLog
from store.projections.tenants import fold as tenants
from store.projections.tenants.fold import TenantState
from store.streams import CAPACITY, PLAN

SLUG = "eval-over-allocation"
LOADED_AT = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
Truth = tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Dataset:
    """What the replay feeds: events of plans and capacities by recorded instant, and the directory."""

    tenant_id: TenantId
    tenant: TenantState
    events: tuple[Event, ...]
    refused_lines: int

    def days(self) -> Iterator[tuple[dt.date, list[Event]]]:
        """Every day from the first fact to the last, in the tenant's zone, with what was recorded on it."""
        zone = ZoneInfo(self.tenant.timezone)
        by_day = groupby(self.events, key=lambda event: event.recorded_at.astimezone(zone).date())
        following: dt.date | None = None
        for day, events in by_day:
            while following is not None and following < day:
                yield following, []
                following += dt.timedelta(days=1)
            yield day, list(events)
            following = day + dt.timedelta(days=1)

    def end_of(self, day: dt.date) -> dt.datetime:
        """The last second of the day in the tenant's zone."""
        return dt.datetime.combine(day, dt.time(23, 59, 59), ZoneInfo(self.tenant.timezone)).astimezone(dt.UTC)


def load(folder: Path) -> Dataset:
    """Reads portfolio files through the product's own intake."""
    log, tenant_id = MemoryLog(), tenant_id_of(SLUG)
    report = import_portfolio(log, SLUG, folder, now=LOADED_AT)
    log.seal(tenant_id)
    events = list(log.read_all(tenant_id, cut=Cut("recorded")))
    return Dataset(
        tenant_id=tenant_id,
        tenant=tenants.fold(events),
        events=tuple(event for event in events if event.stream_id.partition("/")[0] in (CAPACITY, PLAN)),
        refused_lines=sum(file.refused for file in report.files),
    )


def load_truth(path: Path) -> Truth:
    """The lines of a truth file."""
    with path.open(encoding="utf-8") as lines:
        return tuple(json.loads(line) for line in lines if line.strip())
