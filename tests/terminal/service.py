"""A service as a user starts it, in a folder of its own, and the smallest portfolio that has something to say."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.house.source import ROOT

TABLES = {
    "tenant.json": '{"name": "Tiny Example", "timezone": "Europe/Berlin", "currency": "EUR",'
    ' "weekdays": [1, 2, 3, 4, 5], "hours_per_day": 8, "holidays": []}',
    "people.csv": "person_id,name,email,role,skills,hours_per_day,cost_rate,bill_rate,currency,starts_on\n"
    "U-1,Person One,one@delivery.example,engineer,engineer,8,60,120,EUR,2020-01-01\n"
    "U-2,Person Two,two@delivery.example,engineer,engineer,8,50,120,EUR,2020-01-01\n",
    "customers.csv": "customer_id,name,segment,timezone\nC-1,Customer Example,smb,Europe/Berlin\n",
    "projects.csv": "project_id,customer_id,name,playbook,manager_id,contract_signed_on,currency,"
    "baseline_go_live_on,created_at\n"
    "P-1,C-1,First,standard,U-1,2026-01-05,EUR,2027-03-01,2026-01-06T09:00:00+01:00\n"
    "P-2,C-1,Second,standard,U-1,2026-01-05,EUR,2027-04-01,2026-01-06T09:00:00+01:00\n",
    "tasks.csv": "task_id,project_id,stage,name,track,owner_id,role,effort_hours,planned_start_on,due_on,"
    "milestone,created_at\n"
    "T-1,P-1,setup,Build,internal,U-1,engineer,16,2027-02-01,2027-02-02,,2026-01-06T09:00:00+01:00\n"
    "T-2,P-1,go_live,Go live,internal,U-1,engineer,4,2027-03-01,2027-03-01,go_live,2026-01-06T09:00:00+01:00\n"
    "T-3,P-2,go_live,Go live,internal,U-2,engineer,4,2027-04-01,2027-04-01,go_live,2026-01-06T09:00:00+01:00\n",
}


def write_portfolio(folder: Path, tables: dict[str, str] | None = None) -> Path:
    """The tables as a portfolio folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (tables or TABLES).items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def free_port() -> int:
    """A port nobody has now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Service:
    """`leeway serve` on data of its own; `start` it again after it was killed."""

    data_path: Path
    port: int = field(default_factory=free_port)
    key: str = ""
    process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        own = {"LEEWAY_DATA": str(self.data_path), "LEEWAY_PORT": str(self.port), "LEEWAY_TENANT": "main"}
        return {**os.environ, **own}  # noqa: TID251  # a child needs the machine's environment

    def run(self, *arguments: str, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        """A `leeway` command on the same data."""
        return subprocess.run(
            [sys.executable, "-m", "leeway", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def spawn(self, *arguments: str) -> subprocess.Popen[bytes]:
        """A `leeway` command left running."""
        return subprocess.Popen(
            [sys.executable, "-m", "leeway", *arguments],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def start(self) -> None:
        """Starts the server and waits until it answers."""
        self.process = self.spawn("serve")
        deadline = time.monotonic() + 60
        while not self.is_ready():
            assert self.process.poll() is None, "the server ended"
            assert time.monotonic() < deadline, "the server does not answer"
            time.sleep(0.05)

    def is_ready(self) -> bool:
        """Whether /readyz says so."""
        try:
            return self.call("GET", "/readyz")[0] == 200
        except OSError:
            return False

    def stop(self) -> None:
        """Ends the server in order."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(timeout=30)

    def call(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, Any]:
        """Status and JSON of a request; raises OSError when nobody answers."""
        data = json.dumps(body).encode() if body is not None else None
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        own = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json", **named}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=data, method=method, headers=own)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, _json(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, _json(error.read())

    def worker_pids(self) -> list[int]:
        """The worker's process ids: the server's children that work."""
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [int(pid) for pid in children if b"work" in Path(f"/proc/{pid}/cmdline").read_bytes()]

    def database_pid(self) -> int:
        """The embedded server's postmaster. Its file is away for a moment while the server is brought back."""
        file = self.data_path / "postgres" / "postmaster.pid"
        deadline = time.monotonic() + 30
        while not (file.exists() and file.read_text().strip()):
            assert time.monotonic() < deadline, "the database does not come back"
            time.sleep(0.05)
        return int(file.read_text().splitlines()[0])


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode(errors="replace")
