"""One small run of each mechanism, made once."""

from datetime import date
from pathlib import Path

import pytest

from evals.generator.run import Recipe, generate
from tests.evals.generator.folder import Folder

HORIZON = date(2026, 9, 11)


@pytest.fixture(scope="session", params=["queue", "customer", "null"])
def portfolio(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Folder:
    out: Path = tmp_path_factory.mktemp("portfolio") / "sample"
    generate(Recipe(5, 14, request.param, HORIZON, months=9), out)
    return Folder(out)
