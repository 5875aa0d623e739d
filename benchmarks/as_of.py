"""Opening one very large project, now and as of any day: `.venv/bin/python benchmarks/as_of.py [tasks] [events]`.

Now: the stored state, fetched and decoded. Then: the project's events up to a position, read and folded, at days drawn
from its life. Beside each, what PostgreSQL and the decoder alone need for the same bytes. Prints JSON.
"""

import datetime as dt
import gc
import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
from workload import START, project, project_id_of

from store import embedded
from store.ground import Ground, Urls, ground_at
from store.ids import ProjectId, TenantId, tenant_id_of
from store.log import Cut
from store.migrations import migrate
from store.projections.projects.fold import fold
from store.projections.projects.state import ProjectState
from store.projections.snapshot import load_state
from store.streams import project_streams

ROUNDS = 5
APART = dt.timedelta(minutes=3)
STATE = "select state from snapshots where tenant_id = %s and projection = 'projects' and subject_id = %s"
ROWS = (
    "select tenant_id, stream_id, stream_version, event_id, type, schema_version, occurred_at, recorded_at,"
    " appended_at, actor_id, source, causation_id, correlation_id, subject_keys::text, body, position, hash"
    " from log_events where tenant_id = %s and stream_id = any(%s) and recorded_at <= %s"
)


def milliseconds(step: Callable[[], Any]) -> float:
    """Calls the step at once."""
    start = time.monotonic()
    step()
    return (time.monotonic() - start) * 1000


def middle(step: Callable[[], Any]) -> float:
    return round(median(milliseconds(step) for _ in range(ROUNDS)), 1)


def at_present(ground: Ground, connection: psycopg.Connection[Any], tenant_id: TenantId) -> dict[str, float]:
    """The stored state: the whole, and its parts."""
    project_id = project_id_of(tenant_id, 0)
    ((body,),) = connection.execute(STATE, (tenant_id, project_id), binary=True).fetchall()
    gc.disable()
    unhindered = middle(lambda: load_state(body, ProjectState))
    gc.enable()
    return {
        "state_mb": round(len(body) / 1e6, 1),
        "load_milliseconds": middle(lambda: ground.project(tenant_id, project_id)),
        "bare_fetch_milliseconds": middle(lambda: connection.execute(STATE, (tenant_id, project_id)).fetchall()),
        "bare_binary_fetch_milliseconds": middle(
            lambda: connection.execute(STATE, (tenant_id, project_id), binary=True).fetchall()
        ),
        "decode_milliseconds": middle(lambda: load_state(body, ProjectState)),
        "decode_without_gc_milliseconds": unhindered,
    }


def as_of(
    ground: Ground, connection: psycopg.Connection[Any], tenant_id: TenantId, days: list[dt.datetime]
) -> dict[str, float]:
    """A read of the past by the source's clock, as the API does it, at each of the days."""
    streams = project_streams(ProjectId(project_id_of(tenant_id, 0)))
    whole, bare, folds, counts = [], [], [], []
    for day in days:
        cut, values = Cut("recorded", recorded_at=day), (tenant_id, streams, day)
        whole.append(milliseconds(lambda: fold(ground.log.read_many(tenant_id, streams, cut=cut))))  # noqa: B023
        bare.append(milliseconds(lambda: connection.execute(ROWS, values).fetchall()))  # noqa: B023
        events = ground.log.read_many(tenant_id, streams, cut=cut)
        folds.append(milliseconds(lambda: fold(events)))  # noqa: B023
        counts.append(len(events))
    return {
        "days": len(days),
        "events_read": round(median(counts)),
        "as_of_milliseconds": round(median(whole), 1),
        "as_of_most_milliseconds": round(max(whole), 1),
        "bare_read_milliseconds": round(median(bare), 1),
        "fold_milliseconds": round(median(folds), 1),
    }


def main() -> None:
    tasks = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 200_000
    chance, tenant_id = random.Random(count), tenant_id_of("as-of")
    with tempfile.TemporaryDirectory() as folder, embedded.start(Path(folder, "data")) as server:
        migrate(server.owner_url)
        ground = ground_at(Urls(app=server.app_url, owner=server.owner_url, sealer=server.sealer_url))
        ground.log.bulk(tenant_id, project(tenant_id, tasks, count, apart=APART), now=ground.clock.now())
        ground.settle(tenant_id)
        days = [START + APART * chance.randrange(tasks, count) for _ in range(ROUNDS)]
        with psycopg.connect(server.owner_url, autocommit=True) as connection:
            now = at_present(ground, connection, tenant_id)
            then = as_of(ground, connection, tenant_id, days)
        ground.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    result = {"tasks": tasks, "events": count, "goal_milliseconds": 100, "now": now, "then": then}
    print(json.dumps(result | {"peak_memory_mb": peak}, indent=2))


if __name__ == "__main__":
    main()
