"""GET of 50 alerts and of a project against a bare FastAPI route: `.venv/bin/python benchmarks/reads.py [seconds]`.

The bare route asks psycopg for the same rows, by the same statements in one transaction, and returns them as
they are: no key, no roles, no problems. Both are served by uvicorn in a process of their own, over loopback, one
after the other in rounds that alternate. Prints JSON.
"""

import datetime as dt
import http.client
import json
import multiprocessing
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import structlog
import uvicorn
from fastapi import FastAPI
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool

from agents.runner import Runner
from agents.thinkers import THINKERS
from api.app import create_app
from store import embedded
from store.events import AllocationBooked, Fact, PersonRegistered, ProjectCreated, TaskCreated
from store.ground import Urls, ground_at
from store.ids import AllocationId, PersonId, ProjectId, TaskId, TenantId, entity_id, fact_id
from store.log import Draft
from store.migrations import migrate
from store.streams import stream_of

SLUG = "benchmark"
ROUNDS = 3
CALLERS = 4
PEOPLE = 60
TASKS = 40
MOST_CALLS = 20_000
ALERTS = """
    select alert_id from alert_rows where tenant_id = %s and lifecycle = any(%s)
    order by severity_rank, raised_at desc, alert_id limit 51
"""
STATES = "select subject_id, state from snapshots where tenant_id = %s and projection = %s and subject_id = any(%s)"


def facts(tenant_id: TenantId, monday: dt.date) -> Iterator[Fact]:
    """A project of 40 tasks and 60 people who are all booked twice."""
    project_id = ProjectId(entity_id(tenant_id, "project", "benchmark", "P"))
    yield ProjectCreated(project_id=project_id, external_id="P", name="Benchmark", fee=Decimal(90000), currency="EUR")
    for number in range(PEOPLE):
        person_id = PersonId(entity_id(tenant_id, "person", "benchmark", str(number)))
        yield PersonRegistered(
            person_id=person_id, external_id=f"R-{number}", role="engineer", hours_per_day=Decimal(8)
        )
        for half in "ab":
            yield AllocationBooked(
                allocation_id=AllocationId(entity_id(tenant_id, "allocation", "benchmark", f"{number}{half}")),
                person_id=person_id,
                project_id=project_id,
                starts_on=monday,
                ends_on=monday + dt.timedelta(days=4),
                hours_per_day=Decimal(6),
            )
    for number in range(TASKS):
        task_id = TaskId(entity_id(tenant_id, "task", "benchmark", str(number)))
        yield TaskCreated(task_id=task_id, external_id=f"T-{number}", project_id=project_id, name=f"Task {number}")


def filled(urls: Urls) -> tuple[TenantId, str, str]:
    """A tenant with its alerts raised: its id, a key, the id of its project."""
    ground = ground_at(urls, may_be_unsafe=True)
    tenant, now = ground.tenants.open(SLUG), ground.clock.now()
    monday = now.date() + dt.timedelta(days=7 - now.weekday())
    for number, fact in enumerate(facts(tenant.tenant_id, monday)):
        draft = Draft(fact_id(tenant.tenant_id, "benchmark", str(number)), fact, now, now, "benchmark")
        ground.log.append(tenant.tenant_id, [(stream_of(fact), [draft], None)], now=now)
    Runner(ground, THINKERS).run_until_idle()
    key = ground.keyring.issue(tenant.tenant_id, "benchmark", "manager", now=now)
    ground.close()
    return tenant.tenant_id, key, entity_id(tenant.tenant_id, "project", "benchmark", "P")


def serve_ours(urls: Urls, port: int) -> None:
    """The product, logging as it does in service but to nowhere."""
    structlog.configure(
        processors=[structlog.processors.TimeStamper(fmt="iso"), structlog.processors.JSONRenderer()],
        logger_factory=structlog.PrintLoggerFactory(Path("/dev/null").open("w")),  # noqa: SIM115 (as long as it serves)
    )
    uvicorn.run(create_app(ground_at(urls, may_be_unsafe=True)), port=port, log_level="warning")


def serve_bare(urls: Urls, tenant_id: TenantId, port: int) -> None:
    """The same rows with nothing around them."""
    app = FastAPI()
    pool = ConnectionPool(
        urls.app,
        connection_class=psycopg.Connection[dict[str, Any]],
        min_size=4,
        max_size=16,
        kwargs={"row_factory": dict_row},
        open=True,
    )

    def states(connection: psycopg.Connection[dict[str, Any]], projection: str, ids: list[str]) -> list[Any]:
        rows = connection.execute(STATES, (tenant_id, projection, ids)).fetchall()
        by_id = {row["subject_id"]: json.loads(row["state"]) for row in rows}
        return [by_id[subject_id] for subject_id in ids]

    @app.get("/alerts")
    def alerts() -> dict[str, Any]:
        with pool.connection() as connection, connection.transaction():
            connection.execute("select set_config('app.tenant', %s, true)", (tenant_id,))
            ids = [row["alert_id"] for row in connection.execute(ALERTS, (tenant_id, ["open", "snoozed"]))][:50]
            return {"data": states(connection, "alerts", ids)}

    @app.get("/projects/{project_id}")
    def project(project_id: str) -> dict[str, Any]:
        with pool.connection() as connection, connection.transaction():
            connection.execute("select set_config('app.tenant', %s, true)", (tenant_id,))
            found: dict[str, Any] = states(connection, "projects", [project_id])[0]
            return found

    uvicorn.run(app, port=port, log_level="warning")


@contextmanager
def serving(target: Callable[..., None], *arguments: object) -> Iterator[int]:
    """The port of a server in a process of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    process = multiprocessing.get_context("spawn").Process(target=target, args=(*arguments, port), daemon=True)
    process.start()
    for _ in range(200):
        time.sleep(0.1)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
    try:
        yield port
    finally:
        process.terminate()
        process.join()


def rate(port: int, path: str, key: str, seconds: float) -> float:
    """Answers per second to a few callers who each keep their connection."""
    counts = [0] * CALLERS
    end = time.monotonic() + seconds

    def call(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        while time.monotonic() < end and counts[number] < MOST_CALLS:
            connection.request("GET", path, headers={"Authorization": f"Bearer {key}"})
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{path} answered {answer.status}: {body[:200]!r}")
            counts[number] += 1
        connection.close()

    threads = [threading.Thread(target=call, args=(number,)) for number in range(CALLERS)]
    start = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.monotonic() - start)


def measured(ours: int, bare: int, paths: tuple[str, str], key: str, seconds: float) -> dict[str, float]:
    """The best round of each."""
    best = [0.0, 0.0]
    for _ in range(ROUNDS):
        for which, (port, path) in enumerate(zip((ours, bare), paths, strict=True)):
            best[which] = max(best[which], rate(port, path, key, seconds))
    return {
        "per_second": round(best[0], 1),
        "bare_per_second": round(best[1], 1),
        "ratio": round(best[0] / best[1], 2),
        "goal": 0.6,
    }


def main(seconds: float) -> None:
    """Both figures, as JSON."""
    with tempfile.TemporaryDirectory() as folder, embedded.start(Path(folder)) as server:
        migrate(server.owner_url)
        urls = Urls(app=server.app_url, owner=server.owner_url, sealer=server.sealer_url)
        tenant_id, key, project_id = filled(urls)
        with serving(serve_ours, urls) as ours, serving(serve_bare, urls, tenant_id) as bare:
            alerts = measured(ours, bare, ("/v1/alerts?limit=50", "/alerts"), key, seconds)
            paths = (f"/v1/projects/{project_id}", f"/projects/{project_id}")
            project = measured(ours, bare, paths, key, seconds)
    print(json.dumps({"callers": CALLERS, "alerts_page_of_50": alerts, "project_of_40_tasks": project}, indent=2))


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 3.0)
