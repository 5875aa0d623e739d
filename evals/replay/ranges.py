"""Whether half of the projects were live by the P50 day and four in five by the P80 day, and how far P50 was off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evals.replay.figures import LEAST_PROJECTS, SEED, Estimate
from evals.replay.outcomes import Case

SAMPLES = 400


@dataclass(frozen=True, slots=True)
class Ranges:
    """Shares of scores whose project was live by the day; errors in working days, of projects that went live."""

    rows: int
    projects: int
    share_live_by_p50: Estimate
    share_live_by_p80: Estimate
    p50_error_days: float | None
    plan_error_days: float | None
    baseline_date_error_days: float | None
    p80_after_p50_days: float | None


def ranges(cases: Sequence[Case]) -> Ranges:
    """Over all cases that had a range."""
    known = [case for case in cases if case.said.range]
    by_p50 = [_is_live_by(case, 0) for case in known]
    by_p80 = [_is_live_by(case, 1) for case in known]
    projects = [case.said.look.external_id for case in known]
    return Ranges(
        rows=len(known),
        projects=len(set(projects)),
        share_live_by_p50=_share(by_p50, projects),
        share_live_by_p80=_share(by_p80, projects),
        p50_error_days=_mean([_error(case, "p50") for case in known]),
        plan_error_days=_mean([_error(case, "plan") for case in known]),
        baseline_date_error_days=_mean([_error(case, "baseline") for case in known]),
        p80_after_p50_days=_mean([_width(case) for case in known]),
    )


def _is_live_by(case: Case, place: int) -> bool:
    spread = case.said.range
    return spread is not None and case.live_on is not None and case.live_on <= spread[:2][place]


def _error(case: Case, what: str) -> float | None:
    week, spread = case.said.look.week, case.said.range
    on = {"p50": spread.p50_on if spread else None, "plan": week.forecast_on, "baseline": week.baseline_on}[what]
    if on is None or case.live_on is None:
        return None
    return float(abs(case.said.look.calendar.working_days_between(on, case.live_on)))


def _width(case: Case) -> float | None:
    spread = case.said.range
    if spread is None:
        return None
    return float(case.said.look.calendar.working_days_between(spread.p50_on, spread.p80_on))


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None


def _share(hits: Sequence[bool], projects: Sequence[str]) -> Estimate:
    """The share, with an interval from drawing whole projects."""
    if not hits:
        return Estimate(None)
    _, place = np.unique(np.asarray(projects), return_inverse=True)
    rows, live = np.bincount(place), np.bincount(place, weights=np.asarray(hits, dtype=np.float64))
    share = float(np.mean(hits))
    if len(rows) < LEAST_PROJECTS:
        return Estimate(share)
    drawn = np.random.default_rng(SEED).integers(0, len(rows), (SAMPLES, len(rows)))
    low, high = np.quantile(live[drawn].sum(axis=1) / rows[drawn].sum(axis=1), [0.025, 0.975])
    return Estimate(share, float(low), float(high))
