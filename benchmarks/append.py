"""Durable appends of one fact against bare INSERT + commit: `.venv/bin/python benchmarks/append.py [seconds]`.

Same server, same number of connections, one after the other, in rounds that alternate so that a busy
machine hits both. A sealer runs beside, as in service. The ratio is the
median of the rounds' ratios. Prints JSON.
"""

import json
import multiprocessing
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from statistics import median

import psycopg

from store import embedded
from store.clock import SystemClock
from store.events import TaskStatusChanged
from store.ids import EventId, ProjectId, StreamId, TaskId, TenantId, tenant_id_of
from store.log import Draft
from store.log_sql import SqlLog
from store.migrations import migrate
from store.verify import verify

ROUNDS = 3
SEAL_PAUSE_SECONDS = 0.02
PACED_PER_SECOND = 100
BARE = """
    create table bare (
      project_id text, seq bigint generated always as identity, payload jsonb, primary key (project_id, seq)
    )
"""
CLOCK = SystemClock()

Write = Callable[[], object]


def rate(writers: list[Write], seconds: float) -> float:
    """Calls per second of all writers together, each in a thread of its own."""
    counts = [0] * len(writers)
    end = time.monotonic() + seconds

    def run(number: int) -> None:
        while time.monotonic() < end:
            writers[number]()
            counts[number] += 1

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(writers))]
    start = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.monotonic() - start)


def appender(log: SqlLog, tenant_id: TenantId, number: int) -> Write:
    project_id = ProjectId(f"project-{number}")
    stream_id = StreamId(f"plan/{project_id}")

    def write() -> object:
        now = CLOCK.now()
        fact = TaskStatusChanged(task_id=TaskId(f"task-{number}"), project_id=project_id, status="in_progress")
        draft = Draft(EventId(CLOCK.new_id()), fact, now, now, "benchmark", actor_id="person-1")
        return log.append(tenant_id, [(stream_id, [draft], None)], now=now)

    return write


def inserter(connection: psycopg.Connection[tuple[object, ...]], number: int) -> Write:
    payload = json.dumps({"task_id": f"task-{number}", "project_id": f"project-{number}", "status": "in_progress"})
    return lambda: connection.execute(
        "insert into bare (project_id, payload) values (%s, %s)", (f"project-{number}", payload)
    )


def keep_sealing(app_url: str, sealer_url: str, stop: object, lags: object) -> None:
    """The sealer's process; notes when each batch was sealed and how old its oldest event was, in milliseconds."""
    log = SqlLog(app_url, sealer_url=sealer_url)
    noted = []
    while not stop.is_set():  # type: ignore[attr-defined]
        counts, now = log.seal_pending(), CLOCK.now()
        for tenant_id in list(counts)[:1]:
            start = log.head(tenant_id).position - counts[tenant_id]
            (first,) = log.follow(tenant_id, after_position=start, limit=1)
            noted.append((now, (now - first.appended_at).total_seconds() * 1000))
        time.sleep(SEAL_PAUSE_SECONDS)
    lags.put(noted)  # type: ignore[attr-defined]
    log.close()


def measure(server: embedded.Server, connections: int, tenants: int, seconds: float) -> dict[str, object]:
    """Ours and the limit, in alternating rounds."""
    log = SqlLog(server.app_url, sealer_url=server.sealer_url)
    ids = [tenant_id_of(f"tenant-{connections}-{tenants}-{number}") for number in range(tenants)]
    appenders = [appender(log, ids[number % tenants], number) for number in range(connections)]
    bare = [psycopg.connect(server.owner_url, autocommit=True) for _ in range(connections)]
    inserters = [inserter(connection, number) for number, connection in enumerate(bare)]
    rate(appenders, 0.5)
    rate(inserters, 0.5)
    ours, limits = [], []
    for _ in range(ROUNDS):
        limits.append(rate(inserters, seconds))
        ours.append(rate(appenders, seconds))
    for connection in bare:
        connection.close()
    for tenant_id in ids:
        log.seal(tenant_id)
    is_clean = all(verify(log.connections, tenant_id).is_clean for tenant_id in ids)
    log.close()
    ratios = [figure / limit for figure, limit in zip(ours, limits, strict=True)]
    return {
        "connections": connections,
        "tenants": tenants,
        "appends_per_second": round(median(ours)),
        "bare_commits_per_second": round(median(limits)),
        "ratio": round(median(ratios), 3),
        "is_chain_valid": is_clean,
    }


def pace(server: embedded.Server, seconds: float) -> tuple[datetime, datetime]:
    """Appends at a steady rate; returns from when to when."""
    log = SqlLog(server.app_url, sealer_url=server.sealer_url)
    write = appender(log, tenant_id_of("paced"), 0)
    start, next_at, count = CLOCK.now(), time.monotonic(), int(seconds * PACED_PER_SECOND)
    for _ in range(count):
        write()
        next_at += 1 / PACED_PER_SECOND
        time.sleep(max(0.0, next_at - time.monotonic()))
    log.close()
    return start, CLOCK.now()


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 3.0
    with tempfile.TemporaryDirectory() as folder, embedded.start(Path(folder, "data")) as server:
        migrate(server.owner_url)
        with psycopg.connect(server.owner_url, autocommit=True) as connection:
            connection.execute(BARE)
        context = multiprocessing.get_context("spawn")
        stop, lags = context.Event(), context.Queue()
        sealer = context.Process(target=keep_sealing, args=(server.app_url, server.sealer_url, stop, lags))
        sealer.start()
        results = [measure(server, *case, seconds) for case in ((1, 1), (16, 1), (16, 16))]
        time.sleep(1)
        start, end = pace(server, seconds)
        time.sleep(1)
        stop.set()
        noted = lags.get(timeout=30)
        sealer.join()
    waits = sorted(lag for at, lag in noted if start <= at <= end)
    sealed = {f"p{share}": round(waits[min(len(waits) - 1, len(waits) * share // 100)], 1) for share in (50, 95)}
    sealing = {"appends_per_second": PACED_PER_SECOND, "goal_milliseconds": 50, "until_sealed_milliseconds": sealed}
    print(json.dumps({"goal_ratio": 0.5, "results": results, "sealing": sealing}, indent=2))


if __name__ == "__main__":
    main()
