"""A score names its level, its exact drivers and, where there is none, the reason."""

import math

import msgspec
import pytest

from risk.assessment import Levels, assess, level_of
from risk.estimators import fit
from risk.features import FEATURES
from risk.model import Model, NotFitted
from tests.risk.rows import examples, row


@pytest.fixture(scope="module")
def model() -> Model:
    fitted = fit(examples(120))
    assert isinstance(fitted, Model)
    return fitted


SLOW: dict[str, float | None] = {"customer_response_days": 30.0, "overdue_share": 0.9, "done_share": 0.5}


def test_the_largest_parts_are_the_drivers(model: Model) -> None:
    score = assess(row(SLOW), model, model_hash="abc")
    first = score.drivers[0]
    assert first.feature == "customer_response_days"
    assert (first.direction, first.value, first.who_can_act) == ("raises", 30.0, "customer")
    assert first.typical is not None
    assert 2 < first.typical < 15
    assert first.subject_ids == ("customer_response_days-id",)
    assert 1 <= len(score.drivers) <= 3
    assert score.model_hash == "abc"
    assert score.level == "high"


def test_all_parts_and_the_intercept_are_the_log_odds(model: Model) -> None:
    score = assess(row(SLOW), model)
    assert score.log_odds is not None
    assert score.intercept is not None
    assert score.probability is not None
    total = math.fsum([score.intercept, *score.contributions.values()])
    assert math.isclose(total, score.log_odds, abs_tol=1e-12)
    assert math.isclose(score.probability, 1 / (1 + math.exp(-total)), abs_tol=1e-6)
    for driver in score.drivers:
        assert math.isclose(driver.contribution, score.contributions[driver.feature], abs_tol=1e-6)


def test_what_is_not_known_is_no_driver(model: Model) -> None:
    score = assess(row({}, step=""), model)
    assert score.probability is not None
    assert score.drivers == ()


def test_scoring_twice_gives_the_same_bytes(model: Model) -> None:
    assert msgspec.json.encode(assess(row(SLOW), model)) == msgspec.json.encode(assess(row(SLOW), model))


@pytest.mark.parametrize(
    ("likely", "level"),
    [
        (0.0, "none"),
        (0.1499, "none"),
        (0.15, "low"),
        (0.35, "medium"),
        (0.5999, "medium"),
        (0.6, "high"),
        (1.0, "high"),
    ],
)
def test_bounds_belong_to_the_higher_level(likely: float, level: str) -> None:
    assert level_of(likely, Levels()) == level


def test_without_a_model_the_reason_is_passed_on() -> None:
    score = assess(row(SLOW), NotFitted(reason="too_few_finished_projects", sentence="3 of 12."))
    assert (score.level, score.probability, score.reason) == ("not_assessed", None, "too_few_finished_projects")
    assert score.sentence == "3 of 12."


def test_a_row_that_cannot_be_assessed_says_why_before_the_model_does(model: Model) -> None:
    ended = msgspec.structs.replace(row(SLOW), not_assessed="not_running")
    assert assess(ended, model).reason == "not_running"
    assert assess(ended, model).sentence


def test_a_model_of_other_features_is_not_asked(model: Model) -> None:
    other = msgspec.structs.replace(model, schema_hash="0" * 64)
    assert assess(row(SLOW), other).reason == "other_features"


def test_a_date_that_has_passed_is_no_prediction(model: Model) -> None:
    passed = row({**SLOW, "days_to_commitment": -1.0})
    score = assess(passed, model, model_hash="abc")
    assert (score.probability, score.level, score.basis) == (1.0, "high", "date")
    assert score.sentence == "The committed date has passed and the project is not live."
    assert (score.log_odds, score.contributions) == (None, {})
    assert score.drivers
    assert assess(row({**SLOW, "days_to_commitment": 0.0}), model).basis == "own"


def test_a_date_that_has_passed_needs_no_model() -> None:
    score = assess(row({"days_to_commitment": -1.0}), NotFitted(reason="no_model", sentence="None."))
    assert (score.probability, score.level, score.drivers) == (1.0, "high", ())


def test_a_date_that_has_passed_is_late_only_after_the_days_allowed(model: Model) -> None:
    lenient = msgspec.structs.replace(model, k_days=3)
    assert assess(row({"days_to_commitment": -3.0}), lenient).basis == "own"
    assert assess(row({"days_to_commitment": -4.0}), lenient).basis == "date"


def test_the_date_in_force_says_nothing_certain_about_the_first_plans(model: Model) -> None:
    of_baseline = msgspec.structs.replace(model, target="baseline")
    assert assess(row({"days_to_commitment": -1.0}), of_baseline).basis == "own"


def test_a_project_that_is_over_is_not_late_by_its_date(model: Model) -> None:
    ended = msgspec.structs.replace(row({"days_to_commitment": -1.0}), not_assessed="not_running")
    assert assess(ended, model).probability is None


def test_a_prior_says_that_it_is_one_and_abstains_where_little_is_known(model: Model) -> None:
    prior = msgspec.structs.replace(model, basis="prior", note="From generated projects, not yours.")
    everything: dict[str, float | None] = {feature.name: 1.0 for feature in FEATURES}
    score = assess(row(everything), prior)
    assert (score.basis, score.sentence) == ("prior", "From generated projects, not yours.")
    assert assess(row(SLOW), prior).reason == "little_known"
    assert assess(row(SLOW), model).basis == "own"
