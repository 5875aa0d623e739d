"""`leeway eval prior`: fits the prior, and holds it against portfolios and mechanisms that it has not seen."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from evals.metrics import auc, calibration
from evals.prior.fitting import Progress, as_text, fit_prior, training_examples
from evals.prior.portfolios import CHECK_SEEDS, MECHANISMS, before_own_model, generated, recipe
from evals.replay.portfolio import load
from risk.artifacts import prior
from risk.assessment import assess
from risk.estimators import Example
from risk.model import Model


@dataclass(frozen=True, slots=True)
class Line:
    """Figures on one portfolio, each project weighing the same; None is unscored, never 0.

    `base_rate_brier` is that of always saying this portfolio's own share of late projects, which nobody
    knows beforehand; `prior_rate_brier` that of always saying the prior's.
    """

    name: str
    projects: int
    rows: int
    abstained: int
    late_share: float
    auc: float | None
    brier: float | None
    base_rate_brier: float
    prior_rate_brier: float
    slope: float | None
    intercept: float | None


def judge(name: str, examples: Sequence[Example], model: Model) -> Line:
    """The prior's figures on these rows; those whose date had passed are no predictions and are not there."""
    scores = [assess(example.row, model).probability for example in examples]
    scored = [(example, p) for example, p in zip(examples, scores, strict=True) if p is not None]
    late = np.array([example.is_late for example, _ in scored], dtype=np.float64)
    likely = np.array([p for _, p in scored], dtype=np.float64)
    weights = _weights([example.row.project_id for example, _ in scored])
    share = float(np.sum(late * weights))
    rate = model.card.late_projects / model.card.projects
    line = calibration(late, likely) if scored else None
    return Line(
        name=name,
        projects=len({example.row.project_id for example in examples}),
        rows=len(examples),
        abstained=len(examples) - len(scored),
        late_share=share,
        auc=auc(late, likely),
        brier=float(np.sum(weights * (late - likely) ** 2)) if scored else None,
        base_rate_brier=share * (1 - share),
        prior_rate_brier=float(np.sum(weights * (late - rate) ** 2)),
        slope=line.slope if line else None,
        intercept=line.intercept if line else None,
    )


def check(model: Model, seeds: Sequence[int] = CHECK_SEEDS, progress: Progress = lambda _text: None) -> list[Line]:
    """The figures on generated portfolios of other seeds, by mechanism, and on one in which little is kept."""
    lines: list[Line] = []
    for mechanism in MECHANISMS:
        rows = [example for seed in seeds for example in generated(recipe(mechanism, seed))]
        lines.append(judge(f"generated, {mechanism}, other seeds", rows, model))
        progress(lines[-1].name)
    poor = generated(recipe("queue", seeds[0], is_poor=True))
    return [*lines, judge("generated, queue, little kept", poor, model)]


def main(
    data: Path | None,
    out: Path | None,
    *,
    as_json: bool = False,
    progress: Progress = lambda _text: None,
    write: Callable[[str], object] = sys.stdout.write,
) -> int:
    """Prints the figures of the prior of this version, or fits it anew to `out`; 0."""
    if out is None:
        model = prior()[1]
    else:
        model = fit_prior(training_examples(progress=progress))
        out.write_text(as_text(model), encoding="utf-8")
    lines = check(model, progress=progress)
    if data is not None:
        rows, at = before_own_model(load(data, progress))
        lines.append(judge(f"{data.name} up to {at.date()}, when a model of its own begins", rows, model))
    write(_json(model, lines) if as_json else as_table(model, lines))
    return 0


def as_table(model: Model, lines: Sequence[Line]) -> str:
    """The figures for people."""
    card = model.card
    head = (
        f"prior: {card.projects} generated projects, {card.rows} rows. On mechanisms it was not fitted on: "
        f"AUC {_figure(card.auc)}, Brier {card.brier:.3f} (base rate {card.base_rate_brier:.3f}); "
        f"log-odds drawn in to {model.platt_slope:.2f} of what was fitted.\n"
    )
    columns = (
        f"{'':<62}{'projects':>9}{'rows':>7}{'silent':>7}{'late':>6}{'AUC':>7}{'Brier':>7}{'base':>7}{'slope':>7}\n"
    )
    return head + columns + "".join(_row(line) for line in lines)


def _row(line: Line) -> str:
    return (
        f"{line.name:<62}{line.projects:>9}{line.rows:>7}{line.abstained:>7}{line.late_share:>7.2f}"
        f"{_figure(line.auc):>7}{_figure(line.brier):>7}{line.base_rate_brier:>7.3f}{_figure(line.slope):>7}\n"
    )


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _json(model: Model, lines: Sequence[Line]) -> str:
    told = {"card": {name: getattr(model.card, name) for name in model.card.__struct_fields__}, "lines": lines}
    return json.dumps(told, default=asdict, indent=2, sort_keys=True) + "\n"


def _weights(ids: Sequence[str]) -> np.typing.NDArray[np.float64]:
    """One over the rows of the project and the number of projects."""
    if not ids:
        return np.zeros(0)
    _, place, counts = np.unique(np.array(ids), return_inverse=True, return_counts=True)
    return np.asarray(1.0 / (counts[place] * len(counts)), dtype=np.float64)
