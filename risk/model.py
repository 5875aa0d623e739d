"""A fitted model as plain numbers, and how it turns a row into log-odds. Pure, and free of scikit-learn.

log-odds = intercept + sum over columns of coefficient x (x - mean) / scale, where x is a feature
(signed logarithm where it is skewed, the fill value where it is missing), 1 where it is missing,
or 1 for the step the project is in. Calibration (Platt 1999) is linear in log-odds, so it is
already multiplied into intercept and coefficients: contributions stay additive and exact.
"""

from __future__ import annotations

import math
from typing import Literal

import msgspec

from risk.features import FEATURES, FeatureRow
from risk.features.registry import STEP
from risk.outlook import Band

ColumnKind = Literal["value", "missing", "step"]
OTHER_STEP = "*"
LEAST_PROJECTS = 12
"""Fewer finished projects than this are too few to fit on."""


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """One column of the design matrix. `level` is the step of a step column, `*` for any rare one."""

    feature: str
    kind: ColumnKind
    level: str = ""
    fill: float = 0.0
    mean: float
    scale: float
    coefficient: float


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """What the model was fitted on and how well it did on projects it had not seen (grouped folds)."""

    data_hash: str
    projects: int
    late_projects: float
    rows: int
    penalty: float
    folds: int
    auc: float | None
    brier: float
    log_loss: float
    base_rate_brier: float
    known_at: str = ""


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """A calibrated logistic regression. `target`: the date lateness is measured against; late is more than `k_days`.

    `bands`: how far the plan's own forecasts were off; empty where too few projects are known. `basis`:
    fitted on the tenant's own projects or, as a prior, on generated ones; `note` says so to people.
    """

    kind: str = "calibrated-logistic-1"
    target: str = "current"
    k_days: int = 0
    schema_hash: str
    intercept: float
    columns: tuple[Column, ...]
    steps: tuple[str, ...]
    typical: dict[str, float]
    platt_slope: float
    platt_offset: float
    card: Card
    bands: tuple[Band, ...] = ()
    basis: Literal["own", "prior"] = "own"
    note: str = ""


class NotFitted(msgspec.Struct, frozen=True, kw_only=True):
    """Why there is no model: a stable code and a sentence with the counts."""

    reason: str
    sentence: str


def signed_log(value: float) -> float:
    """sign(x) ln(1 + |x|): long waits count, but not in proportion."""
    return math.copysign(math.log1p(abs(value)), value)


def inputs(row: FeatureRow) -> dict[str, float | None]:
    """The row's values as the model takes them."""
    return {
        feature.name: signed_log(value) if feature.is_skewed and value is not None else value
        for feature, value in zip(FEATURES, row.values, strict=True)
    }


def step_level(step: str, steps: tuple[str, ...]) -> str:
    """The step, or the common name of those too rare to have a column."""
    return step if step in steps else OTHER_STEP


def contributions(row: FeatureRow, model: Model) -> dict[str, float]:
    """Each feature's part of the log-odds; with the intercept they add up to it."""
    known = inputs(row)
    level = step_level(row.step, model.steps)
    parts: dict[str, float] = {}
    for column in model.columns:
        if column.kind == "step":
            x = float(column.level == level)
        else:
            value = known[column.feature]
            x = float(value is None) if column.kind == "missing" else column.fill if value is None else value
        part = column.coefficient * (x - column.mean) / column.scale
        parts[column.feature] = parts.get(column.feature, 0.0) + part
    return parts


def log_odds(row: FeatureRow, model: Model) -> float:
    """The calibrated log-odds of being late."""
    return math.fsum([model.intercept, *contributions(row, model).values()])


def probability(logit: float) -> float:
    """1 / (1 + exp(-logit)), without overflow."""
    if logit >= 0:
        return 1.0 / (1.0 + math.exp(-logit))
    odds = math.exp(logit)
    return odds / (1.0 + odds)


def feature_names(model: Model) -> tuple[str, ...]:
    """The features that the model has columns for, in order, the step last."""
    names = dict.fromkeys(column.feature for column in model.columns)
    return (*(name for name in names if name != STEP), *((STEP,) if STEP in names else ()))
