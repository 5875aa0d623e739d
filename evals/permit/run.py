"""`leeway eval permit`: the product's features and model on a real log, beside the baselines.

The model is fitted for the run and forgotten: the log's licence allows evaluation only.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np

from evals.metrics import Floats, Interval, auc, brier, calibration, clustered_interval
from evals.permit import scorers
from evals.permit.dataset import Dataset, Progress, load
from evals.permit.task import Open, Question, Split, before_test, fitted, questions, split
from evals.report import Horizon, Report, Row, as_json_text, as_table
from risk.assessment import assess
from risk.model import Model, NotFitted
from store.errors import Invalid

MAPPING = Path(__file__).resolve().parents[2] / "samples" / "mappings" / "permit.toml"
LOG_NAME = "PermitLog.xes.gz"
AFTER_DAYS = (7, 14)
SEED = 20201
SAMPLES = 1000
# A plain untuned logistic regression on the same split, as published with the goals.
PUBLISHED = {7: (0.813, 0.179), 14: (0.875, 0.134)}


def run(
    data: Path,
    mapping: Path = MAPPING,
    *,
    is_tuning: bool = False,
    progress: Progress = lambda _text: None,
    samples: int = SAMPLES,
) -> Report:
    """The figures at each number of days after the milestone. `data`: the log, or the folder it lies in.

    `is_tuning` never looks at the test part: it splits the part before it the same way once more.
    """
    dataset = load(_log_path(data), mapping, progress)
    horizons = tuple(_horizon(dataset, days, progress, samples, is_tuning=is_tuning) for days in AFTER_DAYS)
    return Report(
        task="permit",
        question=f"Not done within {dataset.allowed_days} days of the milestone, of the cases still open",
        data_hash=dataset.data_hash,
        cases=len(dataset.cases),
        horizons=horizons,
    )


def _log_path(data: Path) -> Path:
    path = data / LOG_NAME if data.is_dir() else data
    if not path.is_file():
        raise Invalid("eval_data_missing", f"There is no log {path.name} there.", remedy="Give --data the log's path.")
    return path


def main(
    data: Path,
    *,
    as_json: bool = False,
    is_tuning: bool = False,
    progress: Progress = lambda _text: None,
    write: Callable[[str], object] = sys.stdout.write,
    samples: int = SAMPLES,
) -> int:
    """Prints the report; 0 when it could be made. Figures that miss a goal are figures, not errors."""
    report = run(data, is_tuning=is_tuning, progress=progress, samples=samples)
    write((as_json_text(report) if as_json else as_table(report)) + "\n")
    return 0


def evaluate(asked: Open, parts: Split, after_days: int, samples: int = SAMPLES) -> Horizon:
    """One horizon's figures for a split; the test part is looked at here and nowhere else."""
    model = fitted(parts.train)
    late = scorers.outcomes(parts.test)
    rows = [_row(name, scorer, parts.test, late, samples) for name, scorer in _scorers(model, parts)]
    return Horizon(
        after_days=after_days,
        open_cases=len(asked.questions) + asked.not_answered,
        not_answered=asked.not_answered,
        train=len(parts.train),
        unknown_at_test_start=parts.unknown_at_test_start,
        test=len(parts.test),
        train_base_rate=float(np.mean(scorers.outcomes(parts.train))),
        test_base_rate=float(np.mean(late)),
        test_starts_at=parts.test[0].cut_at.isoformat(),
        assessed=sum(assess(question.row, model).probability is not None for question in parts.test),
        reason=model.sentence if isinstance(model, NotFitted) else "",
        rows=tuple(rows),
    )


def _horizon(dataset: Dataset, days: int, progress: Progress, samples: int, *, is_tuning: bool) -> Horizon:
    progress(f"+{days} days: features")
    asked = questions(dataset, days)
    if is_tuning:
        asked = Open(before_test(asked.questions), asked.not_answered)
    progress(f"+{days} days: {len(asked.questions)} open cases, fitting")
    figures = evaluate(asked, split(asked.questions), days, samples)
    return figures if is_tuning else replace(figures, rows=(*figures.rows, *_published(days)))


def _scorers(model: Model | NotFitted, parts: Split) -> Iterable[tuple[str, scorers.Scorer | None]]:
    yield "leeway", scorers.by_model(model) if isinstance(model, Model) else None
    yield "constant", scorers.constant(parts.train)
    for name in ("overdue_share", "customer_quiet_days"):
        yield name, scorers.by_feature(name, parts.train)
    best = scorers.best_feature(parts.train)
    yield f"best feature: {best}", scorers.by_feature(best, parts.train)


def _row(name: str, scorer: scorers.Scorer | None, test: tuple[Question, ...], late: Floats, samples: int) -> Row:
    if scorer is None:
        return Row(name=f"{name} (no data)", auc=None, brier=None)
    predicted = scorer(test)
    ids = [question.case.project_id for question in test]

    def interval(metric: Callable[[Floats, Floats], float | None]) -> Interval:
        # The same draws for every row and metric, so that rows are compared on the same samples.
        return clustered_interval(metric, late, predicted, ids, np.random.default_rng(SEED), samples=samples)

    line = calibration(late, predicted)
    return Row(
        name=name,
        auc=auc(late, predicted),
        auc_interval=interval(auc),
        brier=brier(late, predicted),
        brier_interval=interval(brier),
        slope=line.slope if line else None,
        slope_interval=interval(_slope) if line else None,
        intercept=line.intercept if line else None,
    )


def _slope(late: Floats, predicted: Floats) -> float | None:
    line = calibration(late, predicted)
    return line.slope if line else None


def _published(after_days: int) -> tuple[Row, ...]:
    known = PUBLISHED.get(after_days)
    return (Row(name="published logistic", auc=known[0], brier=known[1]),) if known else ()
