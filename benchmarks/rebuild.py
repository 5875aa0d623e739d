"""Fold of stored events, and rebuild against a bare read of the rows: `.venv/bin/python benchmarks/rebuild.py [rows]`.

The rebuild reads every event, folds it, writes all states anew and swaps them; the bare read only fetches the rows,
page by page, from the same table. Rounds alternate. Prints JSON.
"""

import datetime as dt
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import psycopg
from workload import portfolio

from store import embedded
from store.ground import Ground, Urls, ground_at
from store.ids import TenantId, tenant_id_of
from store.log import Event
from store.migrations import migrate
from store.projector import fold_all

ROUNDS = 3
PAGE = 5000
APART = dt.timedelta(seconds=30)
READ = (
    "select tenant_id, stream_id, stream_version, event_id, type, schema_version, occurred_at, recorded_at,"
    " appended_at, actor_id, source, causation_id, correlation_id, subject_keys::text, body, position, hash"
    " from events where tenant_id = %s and position > %s order by position limit %s"
)


def seconds_of(step: Callable[[], object]) -> float:
    start = time.monotonic()
    step()
    return time.monotonic() - start


def fold_seconds(events: list[Event]) -> float:
    return seconds_of(lambda: fold_all(events))


def read_bare(url: str, tenant_id: TenantId) -> int:
    count = position = 0
    with psycopg.connect(url) as connection:
        while rows := connection.execute(READ, (tenant_id, position, PAGE)).fetchall():
            count, position = count + len(rows), rows[-1][15]
    return count


def measure(ground: Ground, tenant_id: TenantId, count: int) -> dict[str, object]:
    folds, reads, rebuilds, limits = [], [], [], []
    for _ in range(ROUNDS):
        limits.append(seconds_of(lambda: read_bare(ground.urls.owner, tenant_id)))
        rebuilds.append(seconds_of(lambda: ground.rebuild(tenant_id)))
        reads.append(seconds_of(lambda: list(ground.log.read_all(tenant_id))))
        folds.append(fold_seconds(list(ground.log.read_all(tenant_id))))
    return {
        "events": count,
        "fold_events_per_second": round(count / median(folds)),
        "goal_fold_events_per_second": 40_000,
        "read_events_per_second": round(count / median(reads)),
        "rebuild_events_per_second": round(count / median(rebuilds)),
        "bare_read_rows_per_second": round(count / median(limits)),
        "rebuild_against_read": round(median(limits) / median(rebuilds), 3),
        "is_equal": ground.differences(tenant_id) == [],
    }


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder, embedded.start(Path(folder, "data")) as server:
        migrate(server.owner_url)
        ground = ground_at(Urls(app=server.app_url, owner=server.owner_url, sealer=server.sealer_url))
        tenant_id = tenant_id_of("rebuild")
        ground.log.bulk(tenant_id, portfolio(tenant_id, count, apart=APART), now=ground.clock.now())
        ground.settle(tenant_id)
        print(json.dumps(measure(ground, tenant_id, count), indent=2))
        ground.close()


if __name__ == "__main__":
    main()
