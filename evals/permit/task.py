"""What is asked: at some days after the milestone, of the cases still open, which will be late?

The last 30 % by time are the test. A training label counts only when it was known at the first
test cut; the model is the product's own, fitted on rows of the product's own features().
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from evals.permit.dataset import Case, Dataset
from risk.estimators import Example, Fitting, fit
from risk.features import FeatureRow
from risk.model import Model, NotFitted

TEST_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class Question:
    """A case at its cut. `known_at`: when its outcome is known whatever it is."""

    case: Case
    cut_at: dt.datetime
    known_at: dt.datetime
    row: FeatureRow
    is_late: bool

    @property
    def example(self) -> Example:
        """The question with its answer, for training."""
        return Example(self.row, self.is_late)


@dataclass(frozen=True, slots=True)
class Split:
    """Training and test questions, in time order; how many of the earlier ones were not answered in time."""

    train: tuple[Question, ...]
    test: tuple[Question, ...]
    unknown_at_test_start: int


@dataclass(frozen=True, slots=True)
class Open:
    """The questions in time order, and how many open cases the log ends too early for."""

    questions: tuple[Question, ...]
    not_answered: int


def questions(dataset: Dataset, after_days: int) -> Open:
    """The cases open so many days (24 h each) after their milestone, with what was recorded by then.

    Late: not done within the allowed days after the milestone, by the instants of the log. A case
    whose allowed days reach past the end of the log has no answer and is counted, not asked.
    """
    asked: list[Question] = []
    not_answered = 0
    for case in dataset.cases:
        cut_at = case.milestone_at + dt.timedelta(days=after_days)
        known_at = case.milestone_at + dt.timedelta(days=dataset.allowed_days)
        if not case.is_open_at(cut_at):
            continue
        if known_at > dataset.ends_at:
            not_answered += 1
            continue
        asked.append(Question(case, cut_at, known_at, dataset.row(case, cut_at), case.is_open_at(known_at)))
    return Open(tuple(asked), not_answered)


def before_test(asked: Sequence[Question]) -> tuple[Question, ...]:
    """The part that may be looked at while tuning."""
    return tuple(asked[: int(len(asked) * (1 - TEST_SHARE))])


def split(asked: Sequence[Question]) -> Split:
    """The first part by time and the last; of the first only what was answered when the last begins."""
    first = len(before_test(asked))
    test = tuple(asked[first:])
    starts_at = test[0].cut_at if test else dt.datetime.max.replace(tzinfo=dt.UTC)
    train = tuple(question for question in asked[:first] if question.known_at <= starts_at)
    return Split(train, test, first - len(train))


def fitted(train: Sequence[Question], fitting: Fitting | None = None) -> Model | NotFitted:
    """The product's model on the training questions."""
    return fit([question.example for question in train], fitting)
