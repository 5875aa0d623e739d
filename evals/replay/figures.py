"""Scores folded to tables: each beside the plain rules on the same rows, with intervals that respect the projects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from evals.metrics import Calibration, Floats, auc, brier, calibration
from evals.replay.looks import RULES
from evals.replay.outcomes import Case
from evals.replay.scores import CONSTANT, LAST_WEEK

OURS = "leeway"
SCORERS = (OURS, CONSTANT, *RULES, LAST_WEEK)
BANDS = ((16, 9999, "16+"), (12, 16, "12-16"), (8, 12, "8-12"), (4, 8, "4-8"), (2, 4, "2-4"), (0, 2, "0-2"))
HORIZONS_WEEKS = (2, 4, 8)
SEED, SAMPLES = 20203, 400
LEAST_PROJECTS = 10
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval; None is unscored, never 0."""

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One scorer on one slice. `auc_than_ours`, `brier_than_ours`: better, worse or tied, by the paired interval.

    `raw_auc` is that of a rule's own value, before it was calibrated on the past.
    """

    name: str
    auc: Estimate
    raw_auc: float | None
    brier: Estimate
    slope: Estimate
    intercept: Estimate
    auc_than_ours: str = ""
    brier_than_ours: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Every scorer on the same rows. `note` says why there are no intervals where there are none."""

    slice: str
    rows: int
    projects: int
    late_share: float | None
    scorers: tuple[Row, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Bin:
    """Scores of about the same probability, and how many of them were late."""

    starts_at: float
    rows: int
    mean_probability: float
    late_share: float


@dataclass(frozen=True, slots=True)
class Band:
    """Scores at about the same distance from the date, and each scorer's AUC on them."""

    weeks_before: str
    rows: int
    projects: int
    auc: dict[str, float | None]


Metric = Callable[[Floats, Floats], float | None]


def tables(cases: Sequence[Case], target: str) -> tuple[Table, ...]:
    """All rows, then those that stand 2, 4 and 8 weeks before the date (one a project)."""
    slices = [("all", list(cases)), *((f"{weeks} weeks before", _at(cases, weeks)) for weeks in HORIZONS_WEEKS)]
    return tuple(_table(name, chosen, target) for name, chosen in slices)


def bands(cases: Sequence[Case], target: str) -> tuple[Band, ...]:
    """AUC by weeks before the date."""
    found = []
    for low, high, name in BANDS:
        chosen = [case for case in cases if low <= case.weeks_before < high]
        late = _late(chosen)
        by_name = {scorer: auc(late, _scores(chosen, scorer, target)) if chosen else None for scorer in SCORERS}
        found.append(Band(name, len(chosen), len({_project(case) for case in chosen}), by_name))
    return tuple(found)


def reliability(cases: Sequence[Case], target: str) -> tuple[Bin, ...]:
    """Ten bins of probability, the empty ones left out."""
    late, scores = _late(cases), _scores(cases, OURS, target)
    place = np.minimum((scores * 10).astype(int), 9)
    return tuple(
        Bin(n / 10, int(np.sum(place == n)), float(np.mean(scores[place == n])), float(np.mean(late[place == n])))
        for n in sorted(set(place.tolist()))
    )


def _at(cases: Sequence[Case], weeks: int) -> list[Case]:
    return [case for case in cases if weeks <= case.weeks_before < weeks + 1]


def _table(name: str, cases: Sequence[Case], target: str) -> Table:
    late, scores = _late(cases), {scorer: _scores(cases, scorer, target) for scorer in SCORERS}
    projects = [_project(case) for case in cases]
    count = len(set(projects))
    note = "" if count >= LEAST_PROJECTS else f"{count} projects: too few for an interval"
    draws = [] if note else list(_draws(projects))
    raw = {rule: _raw_auc(cases, late, rule) for rule in RULES}
    rows = tuple(_row(scorer, late, scores, draws, raw.get(scorer)) for scorer in SCORERS)
    return Table(name, len(cases), count, float(np.mean(late)) if cases else None, rows, note)


def _raw_auc(cases: Sequence[Case], late: Floats, rule: str) -> float | None:
    """AUC of the rule's own value; where it has none, it says nothing is wrong."""
    return auc(late, np.array([case.said.look.signals[rule] or 0.0 for case in cases])) if cases else None


def _row(name: str, late: Floats, scores: dict[str, Floats], draws: Sequence[np.ndarray], raw_auc: float | None) -> Row:
    own, ours = scores[name], scores[OURS]

    def versus(metric: Metric, *, is_more_better: bool) -> str:
        if name == OURS:
            return ""
        low, high = _span(_differences(metric, late, own, ours, draws))
        if low is None or high is None or low <= 0 <= high:
            return "tied" if low is not None else ""
        return "better" if (low > 0) == is_more_better else "worse"

    # The curve is fitted by iteration: intervals of slope and intercept for our own scores only.
    lines = [calibration(late[rows], own[rows]) for rows in draws] if name == OURS and len(late) else []
    line = calibration(late, own) if len(late) else None
    return Row(
        name=name,
        auc=_estimate(auc, late, own, draws),
        raw_auc=raw_auc,
        brier=_estimate(brier, late, own, draws),
        slope=Estimate(line.slope if line else None, *_span(_slopes(lines))),
        intercept=Estimate(line.intercept if line else None, *_span(c.intercept for c in lines if c)),
        auc_than_ours=versus(auc, is_more_better=True),
        brier_than_ours=versus(brier, is_more_better=False),
    )


def _slopes(lines: Iterable[Calibration | None]) -> list[float]:
    return [line.slope for line in lines if line]


def _estimate(metric: Metric, late: Floats, scores: Floats, draws: Sequence[np.ndarray]) -> Estimate:
    if not len(late):
        return Estimate(None)
    values = (metric(late[rows], scores[rows]) for rows in draws)
    return Estimate(metric(late, scores), *_span(value for value in values if value is not None))


def _differences(metric: Metric, late: Floats, own: Floats, ours: Floats, draws: Sequence[np.ndarray]) -> list[float]:
    pairs = ((metric(late[rows], own[rows]), metric(late[rows], ours[rows])) for rows in draws)
    return [a - b for a, b in pairs if a is not None and b is not None]


def _span(values: Iterable[float]) -> tuple[float | None, float | None]:
    known = list(values)
    if len(known) < SAMPLES / 2:
        return None, None
    low, high = np.quantile(known, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def _draws(projects: Sequence[str]) -> Iterable[np.ndarray]:
    """Rows of whole projects drawn with replacement, the same draws for every scorer and figure."""
    _, place = np.unique(np.asarray(projects), return_inverse=True)
    order = np.argsort(place, kind="stable")
    members = np.split(order, np.cumsum(np.bincount(place))[:-1])
    rng = np.random.default_rng(SEED)
    for _ in range(SAMPLES):
        yield np.concatenate([members[index] for index in rng.integers(0, len(members), len(members))])


def _project(case: Case) -> str:
    return case.said.look.external_id


def _late(cases: Sequence[Case]) -> Floats:
    return np.array([case.is_late for case in cases], dtype=np.float64)


def _scores(cases: Sequence[Case], scorer: str, target: str) -> Floats:
    values = [
        (case.said.probability(target) or 0.0) if scorer == OURS else case.said.rules[target][scorer] for case in cases
    ]
    return np.array(values, dtype=np.float64)
