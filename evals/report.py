"""A run's figures, as a table for people and as JSON for programs."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from evals.metrics import Interval


@dataclass(frozen=True, slots=True)
class Row:
    """One scorer's figures on the test part; None is unscored, never 0."""

    name: str
    auc: float | None
    brier: float | None
    auc_interval: Interval | None = None
    brier_interval: Interval | None = None
    slope: float | None = None
    slope_interval: Interval | None = None
    intercept: float | None = None


@dataclass(frozen=True, slots=True)
class Horizon:
    """The figures at one moment of the cases' lives."""

    after_days: int
    open_cases: int
    not_answered: int
    train: int
    unknown_at_test_start: int
    test: int
    train_base_rate: float
    test_base_rate: float
    test_starts_at: str
    assessed: int
    reason: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A whole run. `data_hash`: SHA-256 of the file that was read."""

    task: str
    question: str
    data_hash: str
    cases: int
    horizons: tuple[Horizon, ...]


def as_json_text(report: Report) -> str:
    """Sorted keys, so that two runs can be compared as text."""
    return msgspec.json.format(msgspec.json.encode(report, order="sorted"), indent=2).decode()


def as_table(report: Report) -> str:
    """Plain text, 100 columns."""
    head = [f"{report.task}: {report.question}.", f"{report.cases} cases, data sha256 {report.data_hash[:16]}"]
    return "\n".join([*head, *(line for horizon in report.horizons for line in _horizon(horizon))])


def _horizon(horizon: Horizon) -> list[str]:
    lines = [
        "",
        f"+{horizon.after_days} days after the milestone",
        f"  open {horizon.open_cases}, of them {horizon.not_answered} without an answer in the log",
        f"  train {horizon.train}, base rate {horizon.train_base_rate:.3f}",
        f"  not used: {horizon.unknown_at_test_start} whose answer was not known when the test starts",
        f"  test {horizon.test} (from {horizon.test_starts_at[:10]}), base rate {horizon.test_base_rate:.3f}",
        f"  assessed {horizon.assessed} of {horizon.test}",
        f"  {'':36}{'AUC':>6} {'95 %':>15}{'Brier':>8} {'95 %':>15}{'slope':>7} {'95 %':>13}{'icept':>7}",
    ]
    if horizon.reason:
        lines.append(f"  leeway: not assessed. {horizon.reason}")
    return [*lines, *(_row(row) for row in horizon.rows)]


def _row(row: Row) -> str:
    return (
        f"  {row.name:36}{_number(row.auc):>6} {_interval(row.auc_interval):>15}"
        f"{_number(row.brier):>8} {_interval(row.brier_interval):>15}"
        f"{_number(row.slope, 2):>7} {_interval(row.slope_interval, 2):>13}{_number(row.intercept, 2):>7}"
    )


def _number(value: float | None, digits: int = 3) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def _interval(interval: Interval | None, digits: int = 3) -> str:
    if interval is None or interval.low is None or interval.high is None:
        return "-"
    return f"{interval.low:.{digits}f}..{interval.high:.{digits}f}"
