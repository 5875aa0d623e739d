"""Metrics give the published figures on small cases, and None where there is nothing to say."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.metrics import auc, brier, calibration, clustered_interval, log_loss


def floats(*values: float) -> "np.typing.NDArray[np.float64]":
    return np.array(values, dtype=np.float64)


def test_auc_on_worked_cases() -> None:
    assert auc(floats(0, 0, 1, 1), floats(0.1, 0.4, 0.35, 0.8)) == 0.75
    assert auc(floats(1, 0), floats(0.5, 0.5)) == 0.5
    assert auc(floats(1, 0, 1), floats(0.2, 0.2, 0.9)) == 0.75
    assert auc(floats(1, 1), floats(0.2, 0.9)) is None


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=2, max_size=40))
def test_auc_is_the_share_of_pairs_in_order(pairs: list[tuple[bool, int]]) -> None:
    late, score = floats(*(float(y) for y, _ in pairs)), floats(*(float(s) for _, s in pairs))
    wins = [
        1.0 if a > b else 0.5 if a == b else 0.0
        for a, y in zip(score, late, strict=True)
        if y == 1
        for b, z in zip(score, late, strict=True)
        if z == 0
    ]
    found = auc(late, score)
    assert found is None if not wins else found is not None and math.isclose(found, sum(wins) / len(wins))


def test_brier_and_log_loss_on_worked_cases() -> None:
    assert brier(floats(1, 0), floats(0.8, 0.4)) == pytest.approx(0.1)
    assert log_loss(floats(1), floats(0.5)) == pytest.approx(math.log(2))
    assert log_loss(floats(1), floats(0.0)) == pytest.approx(-math.log(1e-6))
    assert brier(floats(), floats()) is None
    assert log_loss(floats(), floats()) is None


def test_perfectly_calibrated_probabilities_have_slope_one() -> None:
    likely = np.repeat([0.1, 0.3, 0.6, 0.9], 10)
    late = np.concatenate([[1.0] * k + [0.0] * (10 - k) for k in (1, 3, 6, 9)])
    line = calibration(late, likely)
    assert line is not None
    assert line.slope == pytest.approx(1)
    assert line.intercept == pytest.approx(0, abs=1e-9)


def test_too_sure_probabilities_have_a_slope_below_one() -> None:
    likely = np.repeat([0.01, 0.99], 10)
    late = np.concatenate([[1.0] * 2 + [0.0] * 8, [1.0] * 8 + [0.0] * 2])
    line = calibration(late, likely)
    assert line is not None
    assert line.slope == pytest.approx(math.log(4) / math.log(99))


def test_calibration_is_silent_where_it_is_not_determined() -> None:
    assert calibration(floats(1, 1), floats(0.2, 0.4)) is None
    assert calibration(floats(1, 0), floats(0.4, 0.4)) is None
    assert calibration(floats(0, 0, 1, 1), floats(0.1, 0.2, 0.8, 0.9)) is None  # separable: no finite slope


def test_an_interval_of_clusters_is_the_same_for_the_same_seed_and_wider_than_of_rows() -> None:
    rng = np.random.default_rng(1)
    effect = np.repeat(rng.normal(size=30), 10)
    late = (rng.uniform(size=300) < 1 / (1 + np.exp(-2 * effect))).astype(np.float64)
    likely = np.full(300, float(late.mean()))
    clusters = [str(n // 10) for n in range(300)]
    first, again = (
        clustered_interval(brier, late, likely, clusters, np.random.default_rng(5), samples=200) for _ in range(2)
    )
    alone = clustered_interval(
        lambda y, _s: float(y.mean()), late, likely, [str(n) for n in range(300)], np.random.default_rng(5), samples=200
    )
    together = clustered_interval(
        lambda y, _s: float(y.mean()), late, likely, clusters, np.random.default_rng(5), samples=200
    )
    assert first == again
    assert together.high is not None
    assert together.low is not None
    assert alone.high is not None
    assert alone.low is not None
    assert together.high - together.low > 1.5 * (alone.high - alone.low)


def test_an_interval_of_what_cannot_be_computed_is_none() -> None:
    found = clustered_interval(auc, floats(1, 1), floats(0.1, 0.2), ["a", "b"], np.random.default_rng(1), samples=20)
    assert (found.low, found.high, found.samples) == (None, None, 0)
