"""The whole service under kill -9: server, worker, database and importer die at random moments.

The gate runs 4 rounds; `LEEWAY_CRASH_ROUNDS=20 pytest tests/terminal/test_crash.py` runs as many as named.
"""

import json
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.terminal.service import TABLES, Service, write_portfolio

ROUNDS = int(os.environ.get("LEEWAY_CRASH_ROUNDS", "4"))  # noqa: TID251
VICTIMS = ("server", "worker", "database", "importer")
IMPORTED_TASKS = 3000
WRITERS = 3

pytestmark = [pytest.mark.crash, pytest.mark.xdist_group("crash")]


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    running = Service(tmp_path / "data")
    assert running.run("import", str(write_portfolio(tmp_path / "tiny"))).returncode == 0
    running.key = running.run("key", "--role", "admin").stdout.strip()
    running.start()
    yield running
    running.stop()
    running.run("verify")


def big_portfolio(folder: Path) -> Path:
    """Enough rows that an import can be killed in the middle."""
    rows = (
        f"B-{n},P-1,setup,Task {n},internal,U-1,engineer,2,2027-02-01,2027-02-02,,2026-01-07T09:00:00+01:00\n"
        for n in range(IMPORTED_TASKS)
    )
    return write_portfolio(folder, TABLES | {"tasks.csv": TABLES["tasks.csv"] + "".join(rows)})


class Writers:
    """Clients that append one fact after another and remember what was acknowledged."""

    def __init__(self, service: Service, project_id: str) -> None:
        self._service = service
        self._project_id = project_id
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self.acknowledged: dict[str, str] = {}
        self._threads = [threading.Thread(target=self._write, args=(n,), daemon=True) for n in range(WRITERS)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=60)

    def _write(self, number: int) -> None:
        count = 0
        while not self._stop.is_set():
            count += 1
            self._record(f"writer-{number}-fact-{count:06}")

    def _record(self, key: str) -> None:
        """Repeats under the same key until it is answered: however often, it is one fact."""
        payload = {"project_id": self._project_id, "stage": key}
        body = {"events": [{"type": "project.stage_changed.v1", "payload": payload}]}
        while not self._stop.is_set():
            try:
                status, answer = self._service.call("POST", "/v1/events", body, Idempotency_Key=key)
            except (OSError, ValueError):
                status, answer = 0, None
            if status == 201:
                with self._lock:
                    self.acknowledged[key] = answer["data"][0]["id"]
                return
            time.sleep(0.05)


def kill(service: Service, victim: str, importer_pid: int) -> None:
    assert service.process is not None
    server = service.process
    found: dict[str, Callable[[], list[int]]] = {
        "server": lambda: [server.pid],
        "worker": service.worker_pids,
        "database": lambda: [service.database_pid()],
        "importer": lambda: [importer_pid],
    }
    for pid in found[victim]():
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    if victim == "server":
        service.process.wait()
        service.start()


def stages(service: Service, folder: Path) -> dict[str, str]:
    """Every recorded stage with its event's id, read from an export of the whole log."""
    assert service.run("export", str(folder)).returncode == 0
    lines = [json.loads(line) for line in (folder / "events.ndjson").read_text(encoding="utf-8").splitlines()]
    changed = [line for line in lines if line.get("type") == "project.stage_changed"]
    found = {line["payload"]["stage"]: line["event_id"] for line in changed}
    assert len(found) == len(changed), "a fact was stored twice"
    return found


def test_nothing_acknowledged_is_lost_and_a_rerun_completes_the_import(service: Service, tmp_path: Path) -> None:
    chance = random.Random(7)
    folder = big_portfolio(tmp_path / "big")
    project_id = service.call("GET", "/v1/projects?external_id=P-1")[1]["data"][0]["id"]
    writers = Writers(service, project_id)
    writers.start()
    for number in range(ROUNDS):
        importer = service.spawn("import", str(folder))
        time.sleep(chance.uniform(0.5, 3.0))
        kill(service, VICTIMS[number % len(VICTIMS)], importer.pid)
        time.sleep(chance.uniform(0.2, 1.0))
        importer.kill()
        importer.wait()
    writers.stop()
    done = service.run("import", str(folder), "--json")
    assert done.returncode == 0, done.stderr
    found = stages(service, tmp_path / "out")
    lost = {key for key, event_id in writers.acknowledged.items() if found.get(key) != event_id}
    assert not lost
    assert len(writers.acknowledged) > ROUNDS
    again = json.loads(service.run("import", str(folder), "--json").stdout)
    assert sum(file["new"] + file["differing"] for file in again["files"]) == 0
    verified = service.run("verify", "--json")
    assert verified.returncode == 0, verified.stdout
