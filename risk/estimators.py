"""Fitting: from examples to a model. Pure and deterministic; the only place that knows scikit-learn.

Every project weighs the same however many rows it has, and is never in a training and a test fold
at once. The penalty is chosen by the log loss of such folds, calibration is fitted on what they
predicted for unseen projects.

A feature counts in the direction in which it is said to be worse, or not at all: where others say
the same thing better its coefficient can turn round, and "scope grew, so it will be on time" is no
driver that anybody could use.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from risk.features import SCHEMA_HASH, FeatureRow, feature_named
from risk.features.registry import NAMES, STEP
from risk.model import LEAST_PROJECTS, OTHER_STEP, Card, Column, Model, NotFitted, inputs, step_level

Floats = npt.NDArray[np.float64]
MOST_LOG_ODDS = 8.0
_DIRECTIONS = {"higher": 1, "lower": -1, "either": 0}


@dataclass(frozen=True, slots=True)
class Example:
    """A row of a project whose outcome is known."""

    row: FeatureRow
    is_late: bool


@dataclass(frozen=True, slots=True)
class Fitting:
    """How to fit. `min_projects`: fewer are not assessed.

    Steps that fewer than `min_step_projects`, or less than `min_step_share` of all projects, were
    seen in share one column. `names`: the features used; the step and what is missing have columns
    unless `is_plain`. `part_of`: project -> the part of the data that is unseen as a whole; without
    it `folds` are drawn.
    """

    target: str = "current"
    k_days: int = 0
    min_projects: int = LEAST_PROJECTS
    min_step_projects: int = 10
    min_step_share: float = 0.015
    folds: int = 5
    penalties: tuple[float, ...] = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
    known_at: str = ""
    names: tuple[str, ...] = NAMES
    is_plain: bool = False
    part_of: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Table:
    matrix: Floats
    late: Floats
    weights: Floats
    groups: npt.NDArray[np.int64]
    steps: tuple[str, ...]
    parts: tuple[str, ...] = ()
    directions: tuple[int, ...] = ()


def fit(examples: Sequence[Example], fitting: Fitting | None = None) -> Model | NotFitted:
    """The model, or why there is none. The order of the examples does not matter."""
    fitting = fitting or Fitting()
    known = sorted(examples, key=lambda e: (e.row.project_id, e.row.as_of))
    if refused := _refusal(known, fitting):
        return refused
    table = _table(known, fitting)
    trials = [(_unseen(table, penalty, fitting), penalty) for penalty in fitting.penalties]
    losses = [_loss(table, _sigmoid(logits)) for logits, _ in trials]
    logits, penalty = trials[int(np.argmin(losses))]
    slope, offset = _platt(logits, table)
    card = _card(known, table, _sigmoid(slope * logits + offset), penalty, fitting)
    return _model(_pipeline(penalty, fitting), table, (slope, offset), card, fitting)


def _refusal(examples: Sequence[Example], fitting: Fitting) -> NotFitted | None:
    projects = {example.row.project_id for example in examples}
    if len(projects) < fitting.min_projects:
        sentence = f"{len(projects)} finished projects are known; a score needs {fitting.min_projects}."
        return NotFitted(reason="too_few_finished_projects", sentence=sentence)
    late = {example.row.project_id for example in examples if example.is_late}
    on_time = {example.row.project_id for example in examples if not example.is_late}
    if min(len(late), len(on_time)) < 2:
        sentence = f"Of {len(projects)} finished projects {len(late)} were late: there is nothing to tell apart."
        return NotFitted(reason="one_outcome_only", sentence=sentence)
    return None


def _table(examples: Sequence[Example], fitting: Fitting) -> _Table:
    steps = () if fitting.is_plain else _common_steps(examples, fitting)
    _names, groups, counts = np.unique(
        [example.row.project_id for example in examples], return_inverse=True, return_counts=True
    )
    matrix = [_numbers(example.row, steps, fitting.names) for example in examples]
    return _Table(
        matrix=np.array(matrix, dtype=np.float64),
        late=np.array([example.is_late for example in examples], dtype=np.float64),
        weights=1.0 / counts[groups].astype(np.float64),
        groups=groups.reshape(len(examples)),
        steps=steps,
        parts=tuple(fitting.part_of.get(example.row.project_id, "") for example in examples) if fitting.part_of else (),
        directions=() if fitting.is_plain else tuple(_DIRECTIONS[feature_named(name).worse] for name in fitting.names),
    )


def _common_steps(examples: Sequence[Example], fitting: Fitting) -> tuple[str, ...]:
    projects: dict[str, set[str]] = {}
    for example in examples:
        projects.setdefault(example.row.step, set()).add(example.row.project_id)
    everybody = {example.row.project_id for example in examples}
    least = max(fitting.min_step_projects, math.ceil(fitting.min_step_share * len(everybody)))
    return tuple(sorted(step for step, ids in projects.items() if len(ids) >= least))


def _numbers(row: FeatureRow, steps: tuple[str, ...], names: tuple[str, ...]) -> list[float]:
    level, known = step_level(row.step, steps), inputs(row)
    values = [np.nan if (value := known[name]) is None else value for name in names]
    return [*values, *(float(level == step) for step in _levels(steps))]


def _levels(steps: tuple[str, ...]) -> tuple[str, ...]:
    return (*steps, OTHER_STEP) if steps else ()


def _pipeline(penalty: float, fitting: Fitting) -> Pipeline:
    imputer = SimpleImputer(strategy="median", add_indicator=not fitting.is_plain, keep_empty_features=True)
    return Pipeline(
        [
            ("impute", imputer),
            ("scale", StandardScaler()),
            ("fit", LogisticRegression(C=penalty, max_iter=5000, tol=1e-8)),
        ]
    )


def _fitted(pipeline: Pipeline, table: _Table, rows: npt.NDArray[np.int64]) -> Pipeline:
    """Fits, and again without the features that came out the wrong way round, until none does."""
    matrix, directions = table.matrix[rows].copy(), np.array(table.directions, dtype=np.float64)
    mute: set[int] = set()
    while True:
        # The scaler is not weighted: scikit-learn's weighted variance of a constant column can fall below zero.
        pipeline.fit(matrix, table.late[rows], fit__sample_weight=table.weights[rows])
        weights = pipeline["fit"].coef_[0]
        weights[sorted(mute)] = 0.0
        wrong = {int(column) for column in np.flatnonzero(weights[: len(directions)] * directions < 0)}
        if not wrong:
            return pipeline
        mute |= wrong
        for column in wrong:
            # One value for all has no say; what is missing stays so, for that may mean something of its own.
            is_known = ~np.isnan(matrix[:, column])
            matrix[is_known, column] = pipeline["impute"].statistics_[column]


def _unseen(table: _Table, penalty: float, fitting: Fitting) -> Floats:
    """Log-odds of every row from a fit on other projects."""
    logits = np.zeros(len(table.late))
    for train, test in _folds(table, fitting):
        if len(np.unique(table.late[train])) < 2:
            logits[test] = _prior_logit(table.late[train], table.weights[train])
        else:
            logits[test] = _fitted(_pipeline(penalty, fitting), table, train).decision_function(table.matrix[test])
    return np.clip(logits, -MOST_LOG_ODDS, MOST_LOG_ODDS)


def _folds(table: _Table, fitting: Fitting) -> Iterator[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
    """Rows to fit on and rows to predict."""
    if not table.parts:
        count = min(fitting.folds, len(np.unique(table.groups)))
        yield from StratifiedGroupKFold(n_splits=count).split(table.matrix, table.late, table.groups)
        return
    parts = np.array(table.parts)
    for part in sorted(set(table.parts)):
        yield np.flatnonzero(parts != part), np.flatnonzero(parts == part)


def _prior_logit(late: Floats, weights: Floats) -> float:
    positive = float(np.sum(late * weights))
    return float(np.log((positive + 0.5) / (float(np.sum(weights)) - positive + 0.5)))


def _sigmoid(logits: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-logits)), dtype=np.float64)


def _loss(table: _Table, probabilities: Floats) -> float:
    return float(log_loss(table.late, probabilities, sample_weight=table.weights, labels=[0.0, 1.0]))


def _platt(logits: Floats, table: _Table) -> tuple[float, float]:
    """Slope and offset by Newton's method with Platt's smoothed targets; no slope where there is no skill."""
    positive = float(np.sum(table.late * table.weights))
    negative = float(np.sum(table.weights)) - positive
    targets = np.where(table.late == 1, (positive + 1) / (positive + 2), 1 / (negative + 2))
    design = np.column_stack([logits, np.ones_like(logits)])
    solution = np.array([1.0, 0.0])
    for _ in range(50):
        fitted = _sigmoid(design @ solution)
        gradient = design.T @ (table.weights * (fitted - targets))
        curvature = (design.T * (table.weights * np.maximum(fitted * (1 - fitted), 1e-9))) @ design
        step = np.linalg.solve(curvature + 1e-9 * np.eye(2), gradient)
        solution = solution - step
        if float(np.max(np.abs(step))) < 1e-12:
            break
    if not np.all(np.isfinite(solution)) or solution[0] <= 0:
        return 0.0, _prior_logit(table.late, table.weights)
    return float(solution[0]), float(solution[1])


def _card(examples: Sequence[Example], table: _Table, predicted: Floats, penalty: float, fitting: Fitting) -> Card:
    base = float(np.average(table.late, weights=table.weights))
    squares = np.average((predicted - table.late) ** 2, weights=table.weights)
    has_skill = len(np.unique(predicted)) > 1
    auc = roc_auc_score(table.late, predicted, sample_weight=table.weights) if has_skill else None
    return Card(
        data_hash=data_hash(examples),
        projects=len(np.unique(table.groups)),
        late_projects=round(float(np.sum(table.late * table.weights)), 6),
        rows=len(examples),
        penalty=penalty,
        folds=len(set(table.parts)) or fitting.folds,
        auc=None if auc is None else round(float(auc), 6),
        brier=round(float(squares), 6),
        log_loss=round(_loss(table, predicted), 6),
        base_rate_brier=round(base * (1 - base), 6),
        known_at=fitting.known_at,
    )


def data_hash(examples: Sequence[Example]) -> str:
    """SHA-256 over the rows and labels, in the order given."""
    digest = hashlib.sha256()
    for example in examples:
        digest.update(msgspec.json.encode([example.row, example.is_late], order="sorted"))
    return digest.hexdigest()


def _model(pipeline: Pipeline, table: _Table, platt: tuple[float, float], card: Card, fitting: Fitting) -> Model:
    slope, offset = platt
    fitted = _fitted(pipeline, table, np.arange(len(table.late)))
    return Model(
        target=fitting.target,
        k_days=fitting.k_days,
        schema_hash=SCHEMA_HASH,
        intercept=slope * float(fitted["fit"].intercept_[0]) + offset,
        columns=_columns(fitted, table.steps, fitting.names, slope),
        steps=table.steps,
        typical=_typical(fitted["impute"], fitting.names),
        platt_slope=slope,
        platt_offset=offset,
        card=card,
    )


def _columns(fitted: Pipeline, steps: tuple[str, ...], names: tuple[str, ...], slope: float) -> tuple[Column, ...]:
    fills, indicator = fitted["impute"].statistics_, fitted["impute"].indicator_
    missing = indicator.features_ if indicator else ()
    means, scales, weights = fitted["scale"].mean_, fitted["scale"].scale_, fitted["fit"].coef_[0]
    heads: list[dict[str, Any]] = [
        {"feature": name, "kind": "value", "fill": float(fills[index])} for index, name in enumerate(names)
    ]
    heads += [{"feature": STEP, "kind": "step", "level": level} for level in _levels(steps)]
    heads += [{"feature": names[index], "kind": "missing"} for index in missing]
    return tuple(
        Column(**head, mean=float(mean), scale=float(scale), coefficient=slope * float(weight))
        for head, mean, scale, weight in zip(heads, means, scales, weights, strict=True)
    )


def _typical(imputer: SimpleImputer, names: tuple[str, ...]) -> dict[str, float]:
    medians = [(feature_named(name), m) for name, m in zip(names, imputer.statistics_, strict=False)]
    return {f.name: round(float(np.copysign(np.expm1(abs(m)), m)) if f.is_skewed else float(m), 6) for f, m in medians}
