"""Scores folded to figures: discrimination, calibration, and intervals that respect the clusters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Metric = Callable[[Floats, Floats], float | None]
LEAST_PROBABILITY = 1e-6


@dataclass(frozen=True, slots=True)
class Interval:
    """A bootstrap interval; None where the metric could not be computed in most samples."""

    low: float | None
    high: float | None
    samples: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """Outcome log-odds = intercept + slope x predicted log-odds. Perfect: 0 and 1 (Cox 1958)."""

    slope: float
    intercept: float


def auc(outcomes: Floats, scores: Floats) -> float | None:
    """Probability that a positive outranks a negative, ties counted half; None with one class only."""
    positives = int(np.sum(outcomes))
    negatives = len(outcomes) - positives
    if not positives or not negatives:
        return None
    _, places, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks = (ends - (counts - 1) / 2)[places]
    return float((np.sum(ranks[outcomes == 1]) - positives * (positives + 1) / 2) / (positives * negatives))


def brier(outcomes: Floats, probabilities: Floats) -> float | None:
    """Mean squared error of the probabilities (Brier 1950); None of nothing."""
    return float(np.mean((outcomes - probabilities) ** 2)) if len(outcomes) else None


def log_loss(outcomes: Floats, probabilities: Floats) -> float | None:
    """Mean negative log-likelihood, probabilities kept a millionth away from 0 and 1."""
    if not len(outcomes):
        return None
    kept = np.clip(probabilities, LEAST_PROBABILITY, 1 - LEAST_PROBABILITY)
    return float(-np.mean(np.where(outcomes == 1, np.log(kept), np.log(1 - kept))))


def calibration(outcomes: Floats, probabilities: Floats) -> Calibration | None:
    """Slope and intercept by Newton's method; None where they are not determined (one class, one score, separation)."""
    if len(np.unique(outcomes)) < 2 or len(np.unique(probabilities)) < 2:
        return None
    kept = np.clip(probabilities, LEAST_PROBABILITY, 1 - LEAST_PROBABILITY)
    design = np.column_stack([np.ones(len(kept)), np.log(kept / (1 - kept))])
    solution = np.zeros(2)
    for _ in range(100):
        fitted = 1 / (1 + np.exp(-np.clip(design @ solution, -30, 30)))
        curvature = (design.T * (fitted * (1 - fitted))) @ design
        if np.linalg.cond(curvature) > 1e12:
            return None
        step = np.linalg.solve(curvature, design.T @ (outcomes - fitted))
        solution = solution + step
        if float(np.max(np.abs(step))) < 1e-10:
            return Calibration(slope=float(solution[1]), intercept=float(solution[0]))
    return None


def clustered_interval(
    metric: Metric,
    outcomes: Floats,
    scores: Floats,
    clusters: Sequence[str],
    rng: np.random.Generator,
    *,
    samples: int = 1000,
    level: float = 0.95,
) -> Interval:
    """Percentile interval from drawing whole clusters with replacement."""
    _, place = np.unique(np.asarray(clusters), return_inverse=True)
    order = np.argsort(place, kind="stable")
    members = np.split(order, np.cumsum(np.bincount(place))[:-1])
    values: list[float] = []
    for _ in range(samples):
        drawn = rng.integers(0, len(members), len(members))
        rows = np.concatenate([members[index] for index in drawn])
        value = metric(outcomes[rows], scores[rows])
        if value is not None:
            values.append(value)
    if len(values) < samples / 2:
        return Interval(None, None, len(values))
    tail = (1 - level) / 2
    low, high = np.quantile(values, [tail, 1 - tail])
    return Interval(float(low), float(high), len(values))
