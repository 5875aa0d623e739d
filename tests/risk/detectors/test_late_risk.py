"""A high score is a finding with its drivers and its model; it comes at one threshold and goes at a lower one."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from risk.assessment import Driver, Score
from risk.detectors.late_risk import detect
from tests.risk.detectors.staging import at, figures, view


def score(probability: float | None) -> Score:
    driver = Driver(
        feature="customer_wait_days",
        direction="raises",
        value=7.0,
        unit="working days",
        typical=2.0,
        contribution=0.8,
        subject_ids=(),
        who_can_act="customer",
        next_step="",
    )
    level = "not_assessed" if probability is None else "high"
    return Score(
        project_id="project-1",
        as_of=at(0),
        level=level,  # type: ignore[arg-type]
        probability=probability,
        drivers=(driver,),
        model_hash="abc",
    )


def test_a_high_probability_is_found_with_its_drivers() -> None:
    (finding,) = detect(view(day=0, score=score(0.734)))
    assert figures(finding) == {"late_probability": 73, "customer_wait_days": Decimal("7.00")}
    assert finding.inputs["model_hash"] == "abc"
    assert finding.inputs["typical.customer_wait_days"] == "2.00"
    assert finding.may_raise


def test_between_the_two_thresholds_it_keeps_what_stands_and_raises_nothing() -> None:
    (finding,) = detect(view(day=0, score=score(0.65)))
    assert not finding.may_raise
    assert detect(view(day=0, score=score(0.39))) == []


def test_what_was_learnt_elsewhere_alarms_nobody() -> None:
    elsewhere = msgspec.structs.replace(score(0.9), basis="prior")
    assert detect(view(day=0, score=elsewhere)) == []


def test_without_an_assessment_there_is_none() -> None:
    assert detect(view(day=0)) == []
    assert detect(view(day=0, score=score(None))) == []
