"""The import contracts hold, cover every module they are about, and fail when broken on purpose."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.source import ROOT, contracts, import_linter, pure_modules, python_files, rooms

FLOORS = (
    ("evals",),
    ("web",),
    ("api",),
    ("agents",),
    ("risk", "summarizer", "intake"),
    ("plan", "outside"),
    ("store",),
)
NAMES = {
    "detectors": "Detectors do not know each other",
    "agents": "Agents do not know each other",
    "sql": "Only store knows SQL",
    "outside": "Only outside talks to the outside world",
    "pure": "Pure modules reach no shell",
    "roof": "No room knows the roof or the tests",
    "floors": "Imports only go down",
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    program = "from importlinter.cli import lint_imports_command as run; run(['--no-cache', '--no-logo'])"
    return subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=False)


def upward() -> list[tuple[str, str]]:
    """Every pair of existing rooms (lower, upper) in which the first may not import the second."""
    floor = {room: height for height, names in enumerate(reversed(FLOORS)) for room in names}
    return [(low, high) for low in rooms() for high in rooms() if low != high and floor[low] <= floor[high]]


def test_no_contract_is_broken() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_room_is_under_the_contracts() -> None:
    listed = contracts()
    roots = import_linter()["root_packages"]
    floors = " ".join(listed["floors"]["layers"])
    assert set(rooms()) <= set(roots), "add the room to [tool.importlinter] root_packages"
    assert all(re.search(rf"\b{room}\b", floors) for room in rooms())
    assert set(rooms()) <= set(listed["roof"]["source_modules"])
    assert set(rooms()) - {"store"} <= set(listed["sql"]["source_modules"])
    assert set(rooms()) - {"outside", "evals"} <= set(listed["outside"]["source_modules"])


def test_every_pure_module_is_under_the_contract() -> None:
    listed = contracts()["pure"]["source_modules"]
    patterns = [re.compile(re.escape(entry).replace(r"\*", r"[^.]+") + r"(\..+)?") for entry in listed]
    missing = [name for name in pure_modules() if not any(pattern.fullmatch(name) for pattern in patterns)]
    assert not missing, f"add to the pure contract in pyproject.toml: {missing}"


def test_every_agent_is_under_the_contract() -> None:
    agents = {f"agents.{path.parts[1]}" for path in python_files() if path.parts[0] == "agents" and len(path.parts) > 2}
    assert agents <= set(contracts()["agents"]["modules"]) or not agents


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the contracts say of a copy of the house in which each of them is broken."""
    copy = tmp_path_factory.mktemp("house")
    for path in python_files():
        if path.parts[0] in rooms():
            (copy / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / path, copy / path)
    for low, high in upward():
        (copy / low / f"knows_{high}.py").write_text(f"import {high}\n")
    for name in ("alpha", "beta"):
        (copy / "risk" / "detectors").mkdir(exist_ok=True)
        (copy / "risk" / "detectors" / "__init__.py").touch()
        (copy / "risk" / "detectors" / f"{name}.py").touch()
        (copy / "agents" / name).mkdir()
        (copy / "agents" / name / "__init__.py").touch()
    (copy / "risk" / "detectors" / "alpha.py").write_text("import risk.detectors.beta\n")
    (copy / "agents" / "alpha" / "nodes.py").write_text("from agents.beta import __name__\n")
    (copy / "web" / "hasty.py").write_text("import sqlalchemy\nimport httpx\nimport leeway\nimport tests\n")
    (copy / "store" / "reader.py").write_text("import os\nimport socket\nimport settings\n")
    (copy / "plan" / "hasty.py").write_text("import os\n")
    # One step removed, so that the contract is seen to follow imports.
    with (copy / "store" / "ids.py").open("a") as ids:
        ids.write("\nimport store.reader\nimport store.clock\n")
    config = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    start = config.index(f'name = "{NAMES["agents"]}"')
    listed = re.sub(r"modules = \[[^\]]*\]", 'modules = ["agents.alpha", "agents.beta"]', config[start:], count=1)
    (copy / "pyproject.toml").write_text(config[:start] + listed)
    done = lint(copy)
    assert done.returncode == 1, done.stdout + done.stderr
    return re.sub(r"\s+", " ", done.stdout)


@pytest.mark.parametrize("contract", NAMES.values())
def test_a_broken_contract_is_seen(complaints: str, contract: str) -> None:
    assert f"{contract} BROKEN" in complaints


@pytest.mark.parametrize(("low", "high"), upward())
def test_no_room_may_import_upward(complaints: str, low: str, high: str) -> None:
    assert f"{low}.knows_{high} -> {high} (l.1)" in complaints


@pytest.mark.parametrize(
    "complaint",
    [
        "risk.detectors.alpha -> risk.detectors.beta",
        "agents.alpha.nodes -> agents.beta",
        "web.hasty -> sqlalchemy",
        "web.hasty -> httpx",
        "web.hasty -> leeway",
        "web.hasty -> tests",
        "plan.hasty -> os",
        "store.reader -> os",
        "store.reader -> socket",
        "store.reader -> settings",
        "store.ids -> store.clock",
    ],
)
def test_each_breach_is_named(complaints: str, complaint: str) -> None:
    assert complaint in complaints
