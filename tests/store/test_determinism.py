"""The same files come to the same bytes, whatever the order of sets, the machine's zone, or the version of Python.

The gate compares hash seeds and zones; `LEEWAY_OTHER_PYTHON=PYTHON pytest tests/store/test_determinism.py`
adds another Python, into which `requirements.lock` was installed.
"""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from tests.house.source import ROOT

OTHER_PYTHON = os.environ.get("LEEWAY_OTHER_PYTHON", "")  # noqa: TID251
FOLDER = ROOT / "samples" / "harbour"

Run = subprocess.Popen[str]


def started(python: str, seed: str, zone: str) -> Run:
    command = [python, "-m", "tests.store.portfolio_digest", str(FOLDER)]
    environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone}  # noqa: TID251
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def answer(run: Run) -> dict[str, Any]:
    output, _ = run.communicate(timeout=300)
    assert run.returncode == 0
    found: dict[str, Any] = json.loads(output)
    return found


def test_hash_seeds_and_zones_change_no_byte() -> None:
    runs = [started(sys.executable, "1", "Asia/Kolkata"), started(sys.executable, "4294967295", "America/St_Johns")]
    first, second = map(answer, runs)
    assert first == second
    assert first["events"] > 10_000
    assert first["rows"] > 100
    assert {"tenants", "projects", "people"} <= first.keys()


@pytest.mark.skipif(not OTHER_PYTHON, reason="LEEWAY_OTHER_PYTHON names no other Python")
def test_another_python_changes_no_byte() -> None:
    ours = answer(started(sys.executable, "2", "Asia/Kolkata"))
    assert answer(started(OTHER_PYTHON, "3", "America/St_Johns")) == ours
