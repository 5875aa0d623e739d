"""Pure modules take the time, the ids and the bytes they need as arguments."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.source import is_pure, module_name, python_files, shells, tree

WORLDLY_NAMES = {"open", "input", "print", "exec", "eval", "breakpoint", "__import__"}
WORLDLY_METHODS = {
    "now",
    "utcnow",
    "today",
    "read_text",
    "read_bytes",
    "write_text",
    "write_bytes",
    "urandom",
    "getenv",
}
WORLDLY_CALLS = {
    ("time", "time"),
    ("time", "time_ns"),
    ("uuid", "uuid1"),
    ("uuid", "uuid4"),
    ("os", "environ"),
    ("datetime", "now"),
    ("date", "today"),
}
WORLDLY_IMPORTS = {"uuid1", "uuid4", "urandom", "environ", "getenv", "import_module"}


def breaches(code: ast.AST) -> Iterator[str]:
    """What in `code` reaches for the clock, chance, a file or the environment."""
    for node in ast.walk(code):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in WORLDLY_NAMES:
                yield f"{node.lineno}: {name}()"
            case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr=name)) if (
                owner == "random" and name != "Random"
            ):
                yield f"{node.lineno}: random.{name}()"
            case ast.Call(func=ast.Attribute(attr=name)) if name in WORLDLY_METHODS:
                yield f"{node.lineno}: .{name}()"
            case ast.Attribute(value=ast.Name(id=owner), attr=name) if (owner, name) in WORLDLY_CALLS:
                yield f"{node.lineno}: {owner}.{name}"
            case ast.ImportFrom(names=names):
                yield from (f"{node.lineno}: import {alias.name}" for alias in names if alias.name in WORLDLY_IMPORTS)


@pytest.mark.parametrize("path", [path for path in python_files() if is_pure(module_name(path))], ids=str)
def test_pure_code_reaches_for_nothing(path: Path) -> None:
    assert list(breaches(tree(path))) == []


def imported(code: ast.AST) -> Iterator[str]:
    for node in ast.walk(code):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", [path for path in python_files() if is_pure(module_name(path))], ids=str)
def test_pure_code_imports_no_shell(path: Path) -> None:
    assert not [name for name in imported(tree(path)) if shells().fullmatch(name)]


@pytest.mark.parametrize(
    "line",
    [
        "datetime.now(UTC)",
        "datetime.datetime.now()",
        "date.today()",
        "time.time()",
        "uuid.uuid4()",
        "from uuid import uuid4",
        "open('plan.csv')",
        "path.read_text()",
        "random.choice(people)",
        "os.environ['HOME']",
    ],
)
def test_a_breach_is_seen(line: str) -> None:
    assert list(breaches(ast.parse(line)))


@pytest.mark.parametrize("path", [path for path in python_files() if path.parts[0] == "tests"], ids=str)
def test_no_test_patches_or_mocks(path: Path) -> None:
    asked = {arg.arg for node in ast.walk(tree(path)) if isinstance(node, ast.arguments) for arg in node.args}
    assert not {"monkeypatch", "mocker"} & asked
