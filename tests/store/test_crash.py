"""No acknowledged fact is lost, whatever dies: writers and the whole server are killed at random moments.

The gate runs 20 rounds; `LEEWAY_CRASH_ROUNDS=200 pytest tests/store/test_crash.py` runs as many as named.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import psycopg
import pytest

from store import embedded
from store.embedded import Server
from store.ids import TenantId, tenant_id_of
from store.log_sql import SqlLog
from store.migrations import migrate
from store.verify import verify
from tests.house.source import ROOT
from tests.store import crash_writer
from tests.store.facts import NOW, plan

ROUNDS = int(os.environ.get("LEEWAY_CRASH_ROUNDS", "20"))  # noqa: TID251
HALVES = 2

Writer = subprocess.Popen[bytes]


@pytest.fixture(scope="module")
def data_path(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The data of a durable server of these tests' own, which does not die with anybody."""
    path = tmp_path_factory.mktemp("crash")
    with embedded.start(path) as server:
        migrate(server.owner_url)
        yield path


def spawn(server: Server, tenant_id: TenantId, kind: str, acknowledged: IO[bytes]) -> Writer:
    command = [sys.executable, "-m", "tests.store.crash_writer", server.app_url, server.sealer_url, tenant_id, kind]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=acknowledged, stderr=subprocess.DEVNULL)


def kill_server(server: Server) -> None:
    """Every process of the server at once, as when the machine's memory runs out."""
    postmaster = int((server.data_path / "postgres" / "postmaster.pid").read_text().splitlines()[0])
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    for process in (postmaster, *map(int, children)):
        os.kill(process, signal.SIGKILL)


def wait_until_ready(output: Path) -> None:
    deadline = time.monotonic() + 30
    while not output.read_bytes().startswith(b"ready\n"):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def disturb(writer: Writer, server: Server, chance: random.Random) -> None:
    """Lets the writer write, then kills it; in every other round the server dies first, and comes back."""
    assert writer.stdin is not None
    writer.stdin.write(b"go\n")
    writer.stdin.flush()
    time.sleep(chance.uniform(0.05, 0.6))
    if chance.random() < 1 / HALVES:
        kill_server(server)
        embedded.start(server.data_path).leave()
        time.sleep(chance.uniform(0.0, 0.5))
    writer.kill()
    writer.wait()
    writer.stdin.close()


def wait_until_alone(server: Server) -> None:
    """A killed writer's last commit may still be under way in the server."""
    others = "select count(*) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()"
    with psycopg.connect(server.owner_url, autocommit=True) as connection:
        deadline = time.monotonic() + 30
        while connection.execute(others).fetchone() != (0,):
            assert time.monotonic() < deadline
            time.sleep(0.01)


def check(server: Server, tenant_id: TenantId, acknowledged: set[int], kind: str) -> None:
    """Everything acknowledged is there once, in whole chunks, in a chain that holds; a rerun completes a load."""
    wait_until_alone(server)
    log = SqlLog(server.app_url, sealer_url=server.sealer_url)
    try:
        if kind == "bulk":
            stored = {number for n in range(50) for number in numbers(log, tenant_id, f"p{n}")}
            assert stored == set(range(len(stored)))
            assert acknowledged <= stored
            assert len(stored) % crash_writer.CHUNK_ROWS == 0
            report = log.bulk(tenant_id, crash_writer.rows(tenant_id), now=NOW)
            assert (report.new, report.known) == (crash_writer.ROWS - len(stored), len(stored))
        else:
            found = [number for n in range(5) for number in numbers(log, tenant_id, f"p{n}")]
            assert len(found) == len(set(found))
            assert acknowledged <= set(found)
        log.seal(tenant_id)
        verdict = verify(log.connections, tenant_id)
        assert (verdict.fault, verdict.unsealed) == (None, 0)
    finally:
        log.close()


def numbers(log: SqlLog, tenant_id: TenantId, project: str) -> list[int]:
    events = log.read(tenant_id, plan(project))
    assert [event.stream_version for event in events] == list(range(1, len(events) + 1))
    return [int(getattr(event.fact, "external_id", "0")) for event in events]


@pytest.mark.crash
@pytest.mark.xdist_group("crash")
def test_no_acknowledged_fact_is_lost(data_path: Path, tmp_path: Path) -> None:
    counts = []
    with embedded.start(data_path) as server:
        for number in range(ROUNDS):
            chance = random.Random(number)
            kind, tenant_id = chance.choice(["append", "append", "bulk"]), tenant_id_of(f"crash-{number}")
            output = tmp_path / str(number)
            with output.open("wb") as acknowledged:
                writer = spawn(server, tenant_id, kind, acknowledged)
                wait_until_ready(output)
                disturb(writer, server, chance)
            told = {int(line) for line in output.read_bytes().split(b"\n")[1:-1]}
            check(server, tenant_id, told, kind)
            counts.append(len(told))
    assert sum(count > 0 for count in counts) > ROUNDS // HALVES
