"""What may stand in the repository, and what its installation may bring along."""

import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.house.source import ROOMS, ROOT, tracked_files

# Written so that this file does not match itself.
REGISTRY = re.compile(
    r"py(?:)pi\.org|python(?:)hosted\.org|npm(?:)js\.(?:org|com)|artifact(?:)ory|/api/(?:)pypi/", re.IGNORECASE
)
MACHINE_PATH = re.compile(r"(?<![\w.:/])/(?:home|root|Users)/\w")
LOCKS = ("requirements.lock", "requirements-dev.lock", "package-lock.json", ".npmrc")
HEAVY = (
    "alembic", "fastapi", "httpx", "langgraph", "lxml", "numpy", "openai", "ortools", "pandas", "psycopg", "pydantic",
    "rich", "scipy", "sklearn", "sqlalchemy", "uvicorn",
)  # fmt: skip


def text(path: Path) -> str:
    return (ROOT / path).read_bytes().decode("utf-8", errors="ignore")


def test_no_file_names_a_registry_or_a_machine() -> None:
    found = [
        f"{path}: {match.group()}"
        for path in tracked_files()
        for pattern in (REGISTRY, MACHINE_PATH, re.compile(re.escape(f"{ROOT}/")))
        if (match := pattern.search(text(path)))
    ]
    assert not found


@pytest.mark.parametrize("name", LOCKS)
def test_locks_hold_no_address(name: str) -> None:
    assert "://" not in text(Path(name))


def test_every_locked_package_has_its_hash() -> None:
    for name in LOCKS[:2]:
        entries = re.split(r"\n(?=\S)", text(Path(name)).strip())
        assert entries
        assert all("==" in entry and "--hash=sha256:" in entry for entry in entries)


def test_the_two_locks_agree() -> None:
    runtime, dev = (set(re.findall(r"^\S+==\S+", text(Path(name)), re.MULTILINE)) for name in LOCKS[:2])
    assert runtime <= dev


def test_what_records_addresses_or_is_fetched_is_not_tracked() -> None:
    names = {str(path) for path in tracked_files()}
    assert not {name for name in names if name.endswith("uv.lock") or "/vendor/" in name or "node_modules/" in name}


def test_no_installed_distribution_takes_the_name_of_a_room() -> None:
    installed = packages_distributions()
    taken = {name: installed[name] for name in (*ROOMS, "leeway", "settings", "tests") if name in installed}
    assert all(set(owners) == {"leeway"} for owners in taken.values()), taken


def test_help_imports_nothing_heavy() -> None:
    program = (
        "import sys, leeway\n"
        "sys.argv = ['leeway', '--help']\n"
        "try:\n    leeway.main()\n"
        "except SystemExit as end:\n    assert not end.code\n"
        f"print('heavy:', *sorted(set({HEAVY!r}) & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "Usage: leeway" in done.stdout
    assert done.stdout.rstrip().endswith("heavy:")
