"""The prior is fitted on generated portfolios alone, and its figures are those of portfolios it has not seen."""

import ast
import math
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest

from evals.generator.run import SAMPLES
from evals.prior.fitting import NAMES, as_text, fit_prior, training_examples
from evals.prior.portfolios import CHECK_SEEDS, MECHANISMS, TRAIN_SEEDS, before_own_model
from evals.prior.run import as_table, judge
from evals.replay.portfolio import load
from risk.artifacts import parse_model, prior
from risk.estimators import Example
from risk.features import FEATURES, feature_named
from risk.model import LEAST_PROJECTS, Model
from store.errors import Invalid
from tests.risk.rows import row

ROOT = Path(__file__).resolve().parents[3]


def examples(mechanism: str, count: int = 40, seed: int = 1, *, is_noise: bool = False) -> list[Example]:
    """Projects that are late where their chain is; of a mechanism that is noise, by chance."""
    rng = np.random.default_rng(seed)
    found = []
    for number in range(count):
        behind = float(rng.normal(0, 6))
        is_late = bool(rng.uniform() < (0.5 if is_noise else 1 / (1 + math.exp(-behind / 2))))
        values: dict[str, float | None] = {feature.name: float(rng.normal()) for feature in FEATURES}
        values |= {"chain_late_days": behind, "days_to_commitment": 10.0}
        found.append(Example(row(values, project_id=f"{mechanism}-{number:03}"), is_late))
    return found


@pytest.fixture(scope="module")
def model() -> Model:
    return fit_prior({name: examples(name, seed=seed) for seed, name in enumerate(MECHANISMS)})


def test_no_seed_serves_twice() -> None:
    used = {*TRAIN_SEEDS, *CHECK_SEEDS, *(recipe.seed for recipe in SAMPLES.values())}
    assert len(used) == len(TRAIN_SEEDS) + len(CHECK_SEEDS) + len(SAMPLES)
    for path in (ROOT / "tests" / "evals").rglob("*.py"):
        numbers = {
            node.value for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Constant)
        }
        assert not numbers & {*TRAIN_SEEDS, *CHECK_SEEDS}


def test_it_uses_only_what_means_the_same_everywhere(model: Model) -> None:
    assert {column.feature for column in model.columns} <= set(NAMES)
    assert "chain_late_days" in {column.feature for column in model.columns}
    assert model.basis == "prior"


def test_nothing_in_it_pulls_against_what_usually_means_late(model: Model) -> None:
    for column in (*model.columns, *prior()[1].columns):
        worse = feature_named(column.feature).worse
        assert worse == "either" or (column.coefficient >= 0) == (worse == "higher") or column.coefficient == 0


def test_its_file_reads_back_as_the_same_model(model: Model) -> None:
    assert parse_model(as_text(model).encode()) == model


def test_a_mechanism_that_nothing_explains_makes_it_less_sure() -> None:
    sure = fit_prior({name: examples(name, seed=seed) for seed, name in enumerate(MECHANISMS)})
    noisy = {"customer": examples("customer"), "null": examples("null", seed=2, is_noise=True)}
    assert fit_prior(noisy).platt_slope < sure.platt_slope


def test_too_little_to_fit_on_is_said() -> None:
    with pytest.raises(Invalid, match="finished projects"):
        fit_prior({"customer": examples("customer", 3)})


def test_the_figures_are_of_unseen_rows_and_count_what_it_kept_silent_on(model: Model) -> None:
    unseen = examples("elsewhere", 200, seed=9)
    silent = replace(unseen[0], row=row({"days_to_commitment": 3.0}, project_id="silent"))
    line = judge("elsewhere", [*unseen, silent], model)
    assert (line.projects, line.rows, line.abstained) == (201, 201, 1)
    assert line.auc is not None
    assert line.brier is not None
    assert line.auc > 0.7
    assert line.brier < line.base_rate_brier
    assert "elsewhere" in as_table(model, [line])


def test_nothing_to_judge_gives_no_figures(model: Model) -> None:
    line = judge("nothing", [], model)
    assert (line.auc, line.brier, line.rows) == (None, None, 0)


def test_of_a_real_portfolio_only_the_time_before_its_own_model_counts() -> None:
    rows, at = before_own_model(load(ROOT / "samples" / "harbour"))
    assert rows
    assert all(example.row.as_of <= at for example in rows)
    assert len({example.row.project_id for example in rows}) >= LEAST_PROJECTS


@pytest.mark.slow
def test_the_stored_prior_is_what_the_command_fits() -> None:
    text = as_text(fit_prior(training_examples()))
    assert text == (ROOT / "risk" / "prior.json").read_text(encoding="utf-8")
    assert msgspec.json.decode(text, type=Model) == prior()[1]
