"""A learned score that says: this project will rather be late than not. A probability, not a proof.

The finding carries the probability, what drives it and the hash of the model, so that the same model
gives the same figures again.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from risk.assessment import Driver, Score
from risk.detectors.view import THRESHOLD, ProjectView
from risk.findings import Finding
from store.events import Number

KIND = "late_risk"
RULE_ID = "late_risk.v1"
LATE_PROBABILITY = Decimal("0.7")
"""Chosen on a generated portfolio (customer, seed 7): 0.65 to 0.75 say the same there, 0.6 warns wrongly more often."""
KEPT_PROBABILITY = Decimal("0.4")
"""An alert that stands stays until the score is below this one: a weekly score moves by 0.1 and more."""
LASTS = dt.timedelta(days=28)
GRAVE = Decimal("0.8")


def detect(view: ProjectView) -> list[Finding]:
    """The project's high score: one finding or none; none where it is not assessed, or by a prior only."""
    score = view.score
    if score is None or score.probability is None or score.basis == "prior" or not view.project.is_running:
        return []
    least = view.threshold("late_probability", LATE_PROBABILITY)
    likely = _decimal(score.probability, 2)
    kept = view.threshold("kept_probability", min(KEPT_PROBABILITY, least))
    return [_finding(view, score, likely, least, kept)] if likely >= kept else []


def _decimal(value: float, digits: int) -> Decimal:
    return Decimal(f"{value:.{digits}f}")


def _finding(view: ProjectView, score: Score, likely: Decimal, least: Decimal, kept: Decimal) -> Finding:
    project = view.project
    raising = [driver for driver in score.drivers if driver.direction == "raises" and driver.value is not None]
    return Finding(
        rule_id=RULE_ID,
        kind=KIND,
        agent="risk",
        severity="high" if likely >= GRAVE else "medium",
        subject_key=project.project_id,
        project_id=project.project_id,
        subject_ids=(project.project_id,),
        numbers=(
            Number(name="late_probability", value=_percent(likely), unit="%", threshold=_percent(least)),
            *(_number(driver) for driver in raising),
        ),
        inputs={
            "as_of": view.as_of.isoformat(),
            "model_hash": score.model_hash,
            "target": score.target,
            "k_days": f"{score.k_days}",
            "drivers": " ".join(driver.feature for driver in raising),
            **{f"typical.{driver.feature}": _typical(driver) for driver in raising},
            f"{THRESHOLD}late_probability": f"{least}",
            f"{THRESHOLD}kept_probability": f"{kept}",
        },
        evidence=_evidence(view),
        first_on=view.as_of,
        last_on=view.as_of,
        expires_on=view.as_of + LASTS,
        may_raise=likely >= least,
    )


def _number(driver: Driver) -> Number:
    return Number(name=driver.feature, value=_decimal(driver.value or 0.0, 2), unit=driver.unit)


def _typical(driver: Driver) -> str:
    return "" if driver.typical is None else f"{_decimal(driver.typical, 2)}"


def _percent(share: Decimal) -> Decimal:
    return (share * 100).quantize(Decimal(1))


def _evidence(view: ProjectView) -> tuple[str, ...]:
    """The promise that the probability is about."""
    promises = [move.event_id for move in view.project.commitments if move.at <= view.now]
    return (promises[-1],) if promises else (view.project.created_event_id,)
