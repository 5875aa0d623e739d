"""The repository's own files, as the house tests see them."""

import ast
import functools
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("store", "plan", "intake", "risk", "outside", "summarizer", "agents", "api", "web", "evals")
"""Every room of the house, built or not."""

CODE = (*ROOMS, "tests", "benchmarks")

# These rooms think: everything in them is pure except the shells that pyproject.toml names.
THINKING_ROOMS = ("plan", "intake", "risk", "summarizer")
PURE_IN_STORE = ("store.errors", "store.events", "store.ids", "store.keys", "store.log")
PURE_IN_AN_AGENT = ("findings", "prompts", "solver")


def rooms() -> tuple[str, ...]:
    """The rooms that exist."""
    return tuple(room for room in ROOMS if (ROOT / room / "__init__.py").is_file())


@functools.cache
def python_files() -> tuple[Path, ...]:
    """Every Python file of the project, relative to the root."""
    found = [path for folder in CODE for path in (ROOT / folder).rglob("*.py")]
    return tuple(sorted(path.relative_to(ROOT) for path in [*found, *ROOT.glob("*.py")]))


@functools.cache
def tracked_files() -> tuple[Path, ...]:
    """Every file that git tracks and that is there, relative to the root."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return tuple(Path(name) for name in listed.split("\0") if name and (ROOT / name).is_file())


@functools.cache
def tree(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"), filename=str(path))


def module_name(path: Path) -> str:
    """`plan/calendar.py` -> `plan.calendar`; a package's `__init__.py` is the package."""
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def pure_modules() -> tuple[str, ...]:
    """The modules that may not reach a shell."""
    return tuple(name for name in map(module_name, python_files()) if is_pure(name))


@functools.cache
def contracts() -> dict[str, dict[str, Any]]:
    """The import contracts of pyproject.toml by id."""
    return {entry["id"]: entry for entry in import_linter()["contracts"]}


@functools.cache
def import_linter() -> dict[str, Any]:
    config: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
        "importlinter"
    ]
    return config


@functools.cache
def shells() -> re.Pattern[str]:
    """Matches the modules of the thinking rooms that are exempt from purity."""
    names = (line.removesuffix(" -> **") for line in contracts()["pure"]["ignore_imports"])
    return re.compile("|".join(re.escape(name).replace(r"\*", "[^.]+") for name in names))


def is_pure(name: str) -> bool:
    parts = name.split(".")
    if parts[0] == "store":
        is_fold = parts[1:2] == ["projections"] and parts[-1] == "fold"
        return is_fold or ".".join(parts[:2]) in PURE_IN_STORE
    if parts[0] == "agents":
        return parts[1:] == ["proposals"] or (len(parts) == 3 and parts[2] in PURE_IN_AN_AGENT)
    return parts[0] in THINKING_ROOMS and len(parts) > 1 and not shells().fullmatch(name)
