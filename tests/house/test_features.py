"""A feature is one folder and one name: nothing is registered without its test and its eval."""

from pathlib import Path

import pytest

from tests.house.source import ROOT, python_files

DETECTORS = sorted(
    path.stem
    for path in python_files()
    if path.parent == Path("risk/detectors") and path.stem not in {"__init__", "view"}
)
AGENTS = sorted({path.parts[1] for path in python_files() if path.parts[0] == "agents" and len(path.parts) > 2})


def is_there(pattern: str) -> bool:
    return any(ROOT.glob(pattern))


@pytest.mark.parametrize("detector", DETECTORS)
def test_every_detector_has_its_test_its_eval_and_its_registration(detector: str) -> None:
    registry = (ROOT / "risk/detectors/__init__.py").read_text(encoding="utf-8")
    assert is_there(f"tests/risk/**/test_{detector}.py")
    assert is_there(f"evals/{detector}/*.py") or is_there(f"evals/{detector}.py")
    assert detector in registry


@pytest.mark.parametrize("agent", AGENTS)
def test_every_agent_has_its_graph_and_its_tests(agent: str) -> None:
    assert is_there(f"agents/{agent}/graph.py")
    assert is_there(f"tests/agents/**/test_{agent}*.py") or is_there(f"tests/agents/{agent}/test_*.py")
