"""The permit eval asks only what was open, learns only what was known, and says the same every time."""

import datetime as dt
import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from evals.permit.dataset import Dataset, load
from evals.permit.run import MAPPING, main, run
from evals.permit.scorers import best_feature, by_feature, outcomes
from evals.permit.task import before_test, fitted, questions, split
from evals.report import as_json_text, as_table
from risk.features import FEATURES
from risk.model import Model
from store.errors import Invalid

DAY = dt.timedelta(days=1)
START = dt.datetime(2023, 1, 2, tzinfo=dt.timezone(dt.timedelta(hours=1)))
LEAKS = {"variant": "Variant 3", "(case)_TotalDeclared": "17", "(case)_Overspent": "true"}


def case(number: int, rng: np.random.Generator) -> list[tuple[str, dt.datetime]]:
    """A permit a day: those who hand in their declaration late are paid late."""
    ends_at = START + (number + 3) * DAY
    is_slow = bool(rng.uniform() < 0.5)
    declared_at = ends_at + float(rng.uniform(8, 45) if is_slow else rng.uniform(0, 12)) * DAY
    paid_at = declared_at + float(rng.uniform(8, 18)) * DAY
    return [
        ("Permit SUBMITTED by EMPLOYEE", ends_at - 9 * DAY),
        ("Permit FINAL_APPROVED by SUPERVISOR", ends_at - 8 * DAY),
        ("Start trip", ends_at - 2 * DAY),
        ("End trip", ends_at),
        ("Declaration SUBMITTED by EMPLOYEE", declared_at),
        ("Declaration FINAL_APPROVED by SUPERVISOR", declared_at + DAY),
        ("Request Payment", paid_at - 0.5 * DAY),
        ("Payment Handled", paid_at),
    ]


def write_log(path: Path, *, until: dt.datetime | None = None, is_leaking: bool = True) -> Path:
    rng = np.random.default_rng(11)
    traces = []
    for number in range(240):
        events = [e for e in case(number, rng) if until is None or e[1] <= until]
        extra = {**LEAKS, "(case)_RequestedAmount_0": str(number)} if is_leaking else {}
        extra_xml = "".join(f'<string key="{key}" value="{value}"/>' for key, value in extra.items())
        events_xml = "".join(
            f'<event><string key="concept:name" value="{name}"/>{extra_xml}'
            f'<string key="org:role" value="EMPLOYEE"/><string key="(case)_RequestedBudget" value="900"/>'
            f'<date key="time:timestamp" value="{at.isoformat()}"/></event>'
            for name, at in events
        )
        if events:
            traces.append(f'<trace><string key="concept:name" value="c{number:04}"/>{events_xml}</trace>')
    text = f'<?xml version="1.0"?><log xes.version="1.0">{"".join(traces)}</log>'
    path.write_bytes(gzip.compress(text.encode(), mtime=0))
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("permit")
    write_log(made / "PermitLog.xes.gz")
    return made


@pytest.fixture(scope="module")
def dataset(folder: Path) -> Dataset:
    return load(folder / "PermitLog.xes.gz", MAPPING)


def test_cases_come_in_the_order_of_their_trips(dataset: Dataset) -> None:
    assert len(dataset.cases) == 240
    ends = [case.milestone_at for case in dataset.cases]
    assert ends == sorted(ends)
    assert dataset.allowed_days == 30


def test_only_open_cases_with_an_answer_are_asked(dataset: Dataset) -> None:
    asked = questions(dataset, 14)
    for question in asked.questions:
        assert question.case.is_open_at(question.cut_at)
        assert question.known_at <= dataset.ends_at
        done_at = question.case.done_at
        assert question.is_late == (done_at is None or done_at > question.case.milestone_at + 30 * DAY)
    finished = sum(not case.is_open_at(case.milestone_at + 14 * DAY) for case in dataset.cases)
    assert len(asked.questions) + asked.not_answered + finished == 240


def test_an_answer_counts_for_training_only_if_known_when_the_test_starts(dataset: Dataset) -> None:
    asked = questions(dataset, 7).questions
    parts = split(asked)
    starts_at = min(question.cut_at for question in parts.test)
    assert all(question.known_at <= starts_at for question in parts.train)
    assert len(parts.train) + parts.unknown_at_test_start + len(parts.test) == len(asked)
    assert len(parts.test) / len(asked) == pytest.approx(0.3, abs=0.01)
    assert set(parts.test).isdisjoint(before_test(asked))


def test_features_at_the_cut_do_not_know_the_rest_of_the_log(tmp_path: Path, dataset: Dataset) -> None:
    ends_at = START + 100 * DAY
    part = load(write_log(tmp_path / "part.xes.gz", until=ends_at), MAPPING)
    assert part.cases
    for case_now, case_then in zip(dataset.cases, part.cases, strict=False):
        at = case_now.milestone_at + 7 * DAY
        if at <= ends_at:
            assert dataset.row(case_now, at) == part.row(case_then, at)


def test_columns_written_after_the_end_change_nothing(tmp_path: Path, dataset: Dataset) -> None:
    plain = load(write_log(tmp_path / "plain.xes.gz", is_leaking=False), MAPPING)
    at = [case.milestone_at + 7 * DAY for case in dataset.cases]
    assert [plain.row(c, t) for c, t in zip(plain.cases, at, strict=True)] == [
        dataset.row(c, t) for c, t in zip(dataset.cases, at, strict=True)
    ]


def test_the_model_is_the_products_own(dataset: Dataset) -> None:
    assert isinstance(fitted(split(questions(dataset, 7).questions).train), Model)


def test_a_baseline_without_data_is_unscored(dataset: Dataset) -> None:
    train = split(questions(dataset, 7).questions).train
    assert by_feature("overdue_share", train) is None
    assert best_feature(train) in {feature.name for feature in FEATURES}
    assert 0 < outcomes(train).mean() < 1


def test_the_report_is_the_same_every_time_and_holds_every_row(folder: Path) -> None:
    first, again = (run(folder, samples=20) for _ in range(2))
    assert as_json_text(first) == as_json_text(again)
    for horizon in first.horizons:
        rows = {row.name: row for row in horizon.rows}
        ours, constant = rows["leeway"], rows["constant"]
        assert ours.auc is not None
        assert ours.auc > 0.7
        assert constant.auc == 0.5
        assert rows["overdue_share (no data)"].auc is None
        assert rows["published logistic"].auc is not None
        assert horizon.assessed == horizon.test


def test_tuning_never_sees_the_test_part(folder: Path, dataset: Dataset) -> None:
    asked = questions(dataset, 7).questions
    test_starts = split(asked).test[0].cut_at.isoformat()
    tuning = run(folder, is_tuning=True, samples=5).horizons[0]
    assert tuning.test_starts_at < test_starts
    assert tuning.test + tuning.train + tuning.unknown_at_test_start == len(before_test(asked))
    assert all(row.name != "published logistic" for row in tuning.rows)


def test_it_prints_a_table_or_json(folder: Path) -> None:
    printed: list[str] = []
    assert main(folder, as_json=True, write=printed.append, samples=5) == 0
    assert json.loads(printed[0])["task"] == "permit"
    assert "Brier" in as_table(run(folder, is_tuning=True, samples=5))


def test_a_broken_log_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "PermitLog.xes.gz"
    broken.write_bytes(gzip.compress(b"<log>")[:-6])
    with pytest.raises(Invalid):
        main(tmp_path)
    with pytest.raises(Invalid):
        main(tmp_path / "nothing.xes.gz")
