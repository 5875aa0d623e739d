"""One tenant with many events, from import to rebuild: `.venv/bin/python benchmarks/scale.py [rows]`.

Beside: COPY of the same rows into a bare table, and a bare read of all of them, page by page. Each step says
on standard error when it is over. Prints JSON.
"""

import datetime as dt
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from workload import portfolio

from store import embedded
from store.ground import Urls, ground_at
from store.ids import TenantId, tenant_id_of
from store.log import Draft
from store.migrations import migrate
from store.verify import verify

APART = dt.timedelta(seconds=30)
PAGE = 5000
COLUMNS = (
    "tenant_id, stream_id, stream_version, event_id, type, schema_version, occurred_at, recorded_at, appended_at,"
    " actor_id, source, causation_id, correlation_id, subject_keys, body, payload, append_seq, position, hash"
)
READ = COLUMNS.replace("subject_keys", "subject_keys::text").replace("payload", "payload::text")

Steps = dict[str, float]
Connection = psycopg.Connection[tuple[Any, ...]]


def timed(steps: Steps, name: str, step: Callable[[], object]) -> object:
    """Runs a step and notes its seconds."""
    start = time.monotonic()
    result = step()
    steps[name] = round(time.monotonic() - start, 1)
    print(f"{name}: {steps[name]} s", file=sys.stderr, flush=True)
    return result


def pages(connection: Connection, tenant_id: TenantId) -> Any:
    position = 0
    query = f"select {READ} from events where tenant_id = %s and position > %s order by position limit %s"
    while rows := connection.execute(query, (tenant_id, position, PAGE)).fetchall():
        yield rows
        position = rows[-1][17]


def copy_bare(connection: Connection, tenant_id: TenantId) -> float:
    """Seconds of COPY alone, in pages as they were read."""
    connection.execute("create table bare (like events, primary key (tenant_id, stream_id, stream_version))")
    seconds = 0.0
    for rows in pages(connection, tenant_id):
        start = time.monotonic()
        with connection.cursor().copy(f"copy bare ({COLUMNS}) from stdin") as copy:
            for row in rows:
                copy.write_row(row)
        seconds += time.monotonic() - start
    connection.execute("drop table bare")
    return seconds


def bare(urls: Urls, tenant_id: TenantId, steps: Steps) -> None:
    """The limits."""
    with psycopg.connect(urls.owner, autocommit=True) as connection:
        timed(steps, "bare_read", lambda: sum(len(rows) for rows in pages(connection, tenant_id)))
        steps["bare_copy"] = round(copy_bare(connection, tenant_id), 1)


def load_lazily(tenant_id: TenantId, count: int, spent: list[float]) -> Any:
    """The facts as they are made; what making them costs is noted apart."""
    rows, start = portfolio(tenant_id, count, apart=APART), time.monotonic()
    row: tuple[Any, Draft] | None
    while row := next(rows, None):
        spent[0] += time.monotonic() - start
        yield row
        start = time.monotonic()


def measure(urls: Urls, count: int) -> dict[str, object]:
    ground, tenant_id = ground_at(urls), tenant_id_of("scale")
    steps: Steps = {}
    spent = [0.0]
    rows = load_lazily(tenant_id, count, spent)
    timed(steps, "import", lambda: ground.log.bulk(tenant_id, rows, now=ground.clock.now()))
    steps["import"] = round(steps["import"] - spent[0], 1)
    timed(steps, "seal", lambda: ground.log.seal(tenant_id))
    timed(steps, "projections", lambda: ground.projector.run(tenant_id))
    verdict = timed(steps, "verify_chain", lambda: verify(ground.log.connections, tenant_id))
    differing = timed(steps, "verify_projections", lambda: ground.differences(tenant_id))
    timed(steps, "rebuild", lambda: ground.rebuild(tenant_id))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    bare(urls, tenant_id, steps)
    ground.close()
    return {
        "events": count,
        "seconds": steps,
        "seconds_to_make_the_facts": round(spent[0], 1),
        "verify_seconds": round(steps["verify_chain"] + steps["verify_projections"], 1),
        "goal_verify_seconds": 90 * count / 1_000_000,
        "import_and_seal_against_copy": round(steps["bare_copy"] / (steps["import"] + steps["seal"]), 3),
        "verify_chain_against_read": round(steps["bare_read"] / steps["verify_chain"], 2),
        "rebuild_against_read": round(steps["bare_read"] / steps["rebuild"], 2),
        "peak_memory_mb": peak,
        "goal_memory_mb": 1024,
        "is_clean": bool(getattr(verdict, "is_clean", False)) and differing == [],
    }


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder, embedded.start(Path(folder, "data")) as server:
        migrate(server.owner_url)
        urls = Urls(app=server.app_url, owner=server.owner_url, sealer=server.sealer_url)
        print(json.dumps(measure(urls, count), indent=2))


if __name__ == "__main__":
    main()
