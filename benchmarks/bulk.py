"""Bulk load of validated facts (staging, insert, seal) against COPY: `.venv/bin/python benchmarks/bulk.py [rows]`.

COPY writes the finished rows into a bare table of the same columns with the same primary key. Rounds
alternate. Prints JSON.
"""

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg

from store import embedded
from store.clock import SystemClock
from store.events import TaskCreated
from store.ids import ProjectId, StreamId, TaskId, TenantId, fact_id, tenant_id_of
from store.log import Draft
from store.log_sql import SqlLog
from store.migrations import migrate
from store.verify import verify

ROUNDS = 3
STREAMS = 500
CLOCK = SystemClock()
COLUMNS = (
    "tenant_id, stream_id, stream_version, event_id, type, schema_version, occurred_at, recorded_at, appended_at,"
    " actor_id, source, causation_id, correlation_id, subject_keys, body, payload, append_seq, position, hash"
)
READ = COLUMNS.replace("subject_keys", "subject_keys::text").replace("payload", "payload::text")


def facts(tenant_id: TenantId, count: int) -> list[tuple[StreamId, Draft]]:
    now = CLOCK.now()
    return [(StreamId(f"plan/project-{n % STREAMS}"), _draft(tenant_id, n, now)) for n in range(count)]


def _draft(tenant_id: TenantId, number: int, now: Any) -> Draft:
    fact = TaskCreated(
        task_id=TaskId(f"task-{number}"),
        external_id=str(number),
        project_id=ProjectId(f"project-{number % STREAMS}"),
        name=f"Task number {number}",
        stage="setup",
    )
    return Draft(fact_id(tenant_id, "benchmark", str(number)), fact, now, now, "benchmark")


def copied(connection: psycopg.Connection[tuple[Any, ...]], rows: list[tuple[Any, ...]]) -> float:
    """Rows per second of one COPY, committed."""
    connection.execute("drop table if exists bare")
    connection.execute("create table bare (like events, primary key (tenant_id, stream_id, stream_version))")
    start = time.monotonic()
    with connection.transaction(), connection.cursor().copy(f"copy bare ({COLUMNS}) from stdin") as copy:
        for row in rows:
            copy.write_row(row)
    return len(rows) / (time.monotonic() - start)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 30_000
    loads, seals, totals, limits = [], [], [], []
    with tempfile.TemporaryDirectory() as folder, embedded.start(Path(folder, "data")) as server:
        migrate(server.owner_url)
        log = SqlLog(server.app_url, sealer_url=server.sealer_url)
        with psycopg.connect(server.owner_url, autocommit=True) as connection:
            for number in range(ROUNDS):
                tenant_id = tenant_id_of(f"bulk-{number}")
                rows = facts(tenant_id, count)
                start = time.monotonic()
                log.bulk(tenant_id, rows, now=CLOCK.now())
                loaded = time.monotonic()
                log.seal(tenant_id)
                sealed = time.monotonic()
                loads.append(count / (loaded - start))
                seals.append(count / (sealed - loaded))
                totals.append(count / (sealed - start))
                stored = connection.execute(f"select {READ} from events where tenant_id = %s", (tenant_id,)).fetchall()
                limits.append(copied(connection, stored))
        start = time.monotonic()
        is_clean = verify(log.connections, tenant_id).is_clean
        verified = count / (time.monotonic() - start)
        log.close()
    middle = ROUNDS // 2
    figures = {"load": loads, "seal": seals, "load_and_seal": totals, "bare_copy": limits}
    result: dict[str, object] = {
        f"{name}_rows_per_second": round(sorted(found)[middle]) for name, found in figures.items()
    }
    ratio = sorted(totals)[middle] / sorted(limits)[middle]
    print(
        json.dumps(
            {
                **result,
                "ratio": round(ratio, 3),
                "goal_ratio": 0.2,
                "verify_rows_per_second": round(verified),
                "is_chain_valid": is_clean,
            },
            indent=2,
        )
    )


if __name__ == "__main__":
    main()
