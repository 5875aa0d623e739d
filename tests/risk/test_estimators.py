"""A model is the same for the same data, fair to every project and exact in its parts."""

import math
import random
from dataclasses import replace

import numpy as np
import pytest

from risk import estimators
from risk.artifacts import dump_model
from risk.estimators import Example, Fitting, fit
from risk.features import FEATURES, FeatureRow
from risk.model import Model, NotFitted, contributions, log_odds, probability
from tests.risk.rows import examples, row


def model_of(known: list[Example], fitting: Fitting | None = None) -> Model:
    model = fit(known, fitting)
    assert isinstance(model, Model)
    return model


def test_fitting_again_gives_the_same_bytes_in_any_order() -> None:
    known = examples()
    shuffled = list(known)
    random.Random(3).shuffle(shuffled)
    assert dump_model(model_of(known)) == dump_model(model_of(known)) == dump_model(model_of(shuffled))


def test_another_outcome_is_another_model() -> None:
    known = examples()
    other = [replace(known[0], is_late=not known[0].is_late), *known[1:]]
    assert model_of(known).card.data_hash != model_of(other).card.data_hash


def test_contributions_and_intercept_add_up_to_the_log_odds() -> None:
    known = examples()
    model = model_of(known)
    for example in known:
        parts = contributions(example.row, model)
        assert math.isclose(math.fsum([model.intercept, *parts.values()]), log_odds(example.row, model), abs_tol=1e-12)


def test_plain_scoring_equals_scikit_learns() -> None:
    known = examples()
    model = model_of(known)
    ordered = sorted(known, key=lambda e: (e.row.project_id, e.row.as_of))
    table = estimators._table(ordered, Fitting())
    fitted = estimators._fitted(estimators._pipeline(model.card.penalty, Fitting()), table, np.arange(len(ordered)))
    wanted = model.platt_slope * fitted.decision_function(table.matrix) + model.platt_offset
    scored = np.array([log_odds(example.row, model) for example in ordered])
    assert float(np.max(np.abs(wanted - scored))) < 1e-12


def test_a_row_with_nothing_known_still_has_a_probability() -> None:
    assert 0 < probability(log_odds(row({}, step="never seen"), model_of(examples()))) < 1


def test_a_project_weighs_the_same_however_many_rows_it_has() -> None:
    known = examples(weeks=1)
    again = [replace(e, row=row_copy(e, week)) for e in known if e.row.project_id < "p030" for week in (1, 2, 3)]
    once, often = model_of(known), model_of([*known, *again])
    assert once.card.late_projects == often.card.late_projects
    assert once.card.projects == often.card.projects == 60


def row_copy(example: Example, week: int) -> FeatureRow:
    values = {f.name: v for f, v in zip(FEATURES, example.row.values, strict=True)}
    return row(values, project_id=example.row.project_id, step=example.row.step, week=week)


def test_it_beats_the_base_rate_on_projects_it_has_not_seen() -> None:
    model = model_of(examples(120))
    rest = examples(200, seed=9)
    late = np.array([example.is_late for example in rest], dtype=float)
    likely = np.array([probability(log_odds(example.row, model)) for example in rest])
    assert np.mean((likely - late) ** 2) < 0.9 * np.mean((late.mean() - late) ** 2)
    assert model.card.auc is not None
    assert model.card.auc > 0.7


@pytest.mark.parametrize("seed", range(5))
def test_where_outcomes_are_noise_no_skill_is_claimed(seed: int) -> None:
    model = model_of(examples(80, seed=seed, is_noise=True))
    rest = examples(300, seed=100 + seed, is_noise=True)
    late = np.array([example.is_late for example in rest], dtype=float)
    likely = np.array([probability(log_odds(example.row, model)) for example in rest])
    assert np.mean((likely - late) ** 2) < np.mean((late.mean() - late) ** 2) + 0.03
    assert model.card.auc is None or model.card.auc < 0.68


def test_too_few_projects_are_refused_with_the_counts() -> None:
    refused = fit(examples(11))
    assert isinstance(refused, NotFitted)
    assert refused.reason == "too_few_finished_projects"
    assert "11" in refused.sentence
    assert "12" in refused.sentence


@pytest.mark.parametrize("is_late", [True, False])
def test_one_outcome_only_is_refused(*, is_late: bool) -> None:
    refused = fit([replace(example, is_late=is_late) for example in examples(20)])
    assert isinstance(refused, NotFitted)
    assert refused.reason == "one_outcome_only"


def test_no_examples_are_refused() -> None:
    assert isinstance(fit([]), NotFitted)


def test_two_late_projects_among_many_are_enough_to_be_fitted() -> None:
    known = [replace(example, is_late=example.row.project_id in {"p001", "p002"}) for example in examples(20)]
    model = model_of(known)
    assert all(probability(log_odds(example.row, model)) < 0.9 for example in known)


def test_rare_steps_share_a_column() -> None:
    known = examples()
    rare = [
        replace(e, row=row({}, project_id=e.row.project_id, step="once")) if n == 0 else e for n, e in enumerate(known)
    ]
    model = model_of(rare)
    assert "once" not in model.steps
    assert {column.level for column in model.columns if column.kind == "step"} == {
        "setup",
        "validation",
        "go_live",
        "*",
    }


def test_a_feature_seen_in_one_part_only_does_not_break_a_fold() -> None:
    known = examples(30)
    spotted = [
        replace(e, row=row({"size": 4.0, "done_share": 0.5}, project_id=e.row.project_id, week=n)) if n < 3 else e
        for n, e in enumerate(known)
    ]
    assert isinstance(fit(spotted), Model)


def test_no_feature_counts_against_the_direction_in_which_it_is_worse() -> None:
    known = examples()
    sign = {"higher": 1, "lower": -1, "either": 0}
    free = estimators._pipeline(0.3, Fitting())
    table = estimators._table(known, Fitting())
    free.fit(table.matrix, table.late, fit__sample_weight=table.weights)
    turned = [f.name for f, w in zip(FEATURES, free["fit"].coef_[0], strict=False) if w * sign[f.worse] < -1e-3]
    assert turned, "the examples hold a feature that would count the wrong way round"
    for column in model_of(known, Fitting(penalties=(0.3,))).columns:
        if column.kind == "value":
            worse = next(f.worse for f in FEATURES if f.name == column.feature)
            assert column.coefficient * sign[worse] >= 0
