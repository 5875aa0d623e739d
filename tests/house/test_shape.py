"""Sizes and names that keep a file readable in one sitting."""

import ast
from pathlib import Path

import pytest

from tests.house.source import ROOT, module_name, python_files, tree

LONGEST_FILE_LINES = 500
LONGEST_BODY_LINES = 60
EMPTY_NAMES = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "core",
    "base",
    "manager",
    "misc",
    "kit",
    "lib",
}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(path: Path) -> list[Function]:
    return [node for node in ast.walk(tree(path)) if isinstance(node, Function)]


def body_lines(function: Function) -> int:
    has_docstring = ast.get_docstring(function, clean=False) is not None
    body = function.body[1:] if has_docstring else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


@pytest.mark.parametrize("path", python_files(), ids=str)
def test_files_and_functions_stay_short(path: Path) -> None:
    lines = len((ROOT / path).read_text(encoding="utf-8").splitlines())
    long = [f"{f.name}: {body_lines(f)}" for f in functions(path) if body_lines(f) > LONGEST_BODY_LINES]
    assert lines <= LONGEST_FILE_LINES
    assert not long


def test_no_module_has_a_name_that_says_nothing() -> None:
    empty = [str(path) for path in python_files() if EMPTY_NAMES & set(module_name(path).split("."))]
    assert not empty


def test_every_folder_of_code_is_a_package() -> None:
    folders = {path.parent for path in python_files() if len(path.parts) > 1 and "versions" not in path.parts}
    packages = {path.parent for path in python_files() if path.name == "__init__.py"}
    assert folders - packages <= {Path("benchmarks"), Path("store/migrations")}


def test_tests_stand_in_the_rooms_they_are_about() -> None:
    strays = [
        str(path)
        for path in python_files()
        if path.parts[0] != "tests" and (path.name.startswith("test_") or path.name == "conftest.py")
    ]
    assert not strays
