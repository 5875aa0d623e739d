"""Who answers: the product's model, and the baselines that it must beat, each calibrated on the training part only."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression

from evals.metrics import Floats, auc
from evals.permit.task import Question
from risk.features import FEATURES
from risk.model import Model, inputs, log_odds, probability

Scorer = Callable[[Sequence[Question]], Floats]


def outcomes(asked: Sequence[Question]) -> Floats:
    """1 for late."""
    return np.array([question.is_late for question in asked], dtype=np.float64)


def by_model(model: Model) -> Scorer:
    """The probabilities that the product would show."""
    return lambda asked: np.array([probability(log_odds(question.row, model)) for question in asked])


def constant(train: Sequence[Question]) -> Scorer:
    """The share of late cases so far, for everybody."""
    rate = float(np.mean(outcomes(train)))
    return lambda asked: np.full(len(asked), rate)


def by_feature(name: str, train: Sequence[Question]) -> Scorer | None:
    """A logistic curve over one feature; None where the training part does not have it."""
    if not np.any(_column(name, train)[:, 0]):
        return None
    curve = LogisticRegression(C=1e6, max_iter=1000).fit(_column(name, train), outcomes(train))
    return lambda asked: np.asarray(curve.predict_proba(_column(name, asked))[:, 1], dtype=np.float64)


def best_feature(train: Sequence[Question]) -> str:
    """The feature whose curve orders the training part best."""
    late = outcomes(train)
    curves = {feature.name: by_feature(feature.name, train) for feature in FEATURES}
    return max(curves, key=lambda name: (auc(late, curve(train)) or 0.0) if (curve := curves[name]) else 0.0)


def _column(name: str, asked: Sequence[Question]) -> Floats:
    values = [inputs(question.row)[name] for question in asked]
    return np.array([[float(v is not None), 0.0 if v is None else v] for v in values], dtype=np.float64)
