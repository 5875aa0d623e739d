"""The prior that comes with this version reads, fits these features, and says what it is."""

from risk.artifacts import prior
from risk.assessment import assess
from risk.features import FEATURES, SCHEMA_HASH
from risk.model import feature_names
from tests.risk.rows import row


def test_it_was_fitted_on_the_features_of_this_version() -> None:
    _, model = prior()
    assert model.schema_hash == SCHEMA_HASH
    assert model.basis == "prior"
    assert set(feature_names(model)) < {feature.name for feature in FEATURES}


def test_it_knows_neither_money_nor_the_names_of_steps_nor_what_is_missing() -> None:
    _, model = prior()
    assert model.steps == ()
    assert {column.kind for column in model.columns} == {"value"}
    assert "size" not in feature_names(model)


def test_it_says_that_it_is_a_prior_with_every_score() -> None:
    model_hash, model = prior()
    known: dict[str, float | None] = {name: model.typical[name] for name in feature_names(model)}
    score = assess(row({**known, "days_to_commitment": 20.0}), model, model_hash=model_hash)
    assert (score.basis, score.model_hash) == ("prior", model_hash)
    assert score.sentence.startswith("From generated projects, not yours")
    assert score.probability is not None
    assert 0.05 < score.probability < 0.95


def test_work_that_falls_behind_is_likelier_late() -> None:
    _, model = prior()
    typical: dict[str, float | None] = {name: model.typical[name] for name in feature_names(model)}
    behind = assess(row({**typical, "days_to_commitment": 5.0, "chain_late_days": 8.0, "earned_share": 0.4}), model)
    ahead = assess(row({**typical, "days_to_commitment": 5.0, "chain_late_days": -8.0, "earned_share": 1.2}), model)
    assert behind.probability is not None
    assert ahead.probability is not None
    assert ahead.probability < behind.probability
