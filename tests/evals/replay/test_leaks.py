"""The future cannot be seen: changing it changes nothing before it, and a label hidden in the data helps nobody."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from evals.metrics import auc
from evals.replay.alerts import replay_alerts
from evals.replay.fits import BASELINE
from evals.replay.looks import looks
from evals.replay.outcomes import Logged, judged
from evals.replay.portfolio import Portfolio, load
from evals.replay.run import Replay
from evals.replay.scores import line, say
from store.log import Event
from tests.evals.replay.folder import write

CUT = dt.datetime(2024, 5, 10, 23, 59, 59, tzinfo=dt.UTC)
EARLY_CUT = dt.datetime(2024, 2, 16, 23, 59, 59, tzinfo=dt.UTC)


def mutated(event: Event, number: int, cut: dt.datetime) -> Event:
    """Dates a month on, other words, other amounts: whatever the fact has."""
    if event.recorded_at <= cut:
        return event
    changes: dict[str, Any] = {}
    for name in event.fact.__struct_fields__:
        value = getattr(event.fact, name)
        if isinstance(value, dt.date):
            changes[name] = value + dt.timedelta(days=30)
        elif name == "status":
            changes[name] = "cancelled" if number % 2 else "in_progress"
    later = event.recorded_at + dt.timedelta(days=number % 5)
    return replace(event, fact=msgspec.structs.replace(event.fact, **changes), recorded_at=later)


def with_another_future(portfolio: Portfolio, cut: dt.datetime) -> Portfolio:
    known = [mutated(event, number, cut) for number, event in enumerate(portfolio.events)]
    kept = [event for n, event in enumerate(known) if event.recorded_at <= cut or n % 3]
    return replace(portfolio, events=tuple(sorted(kept, key=lambda event: event.recorded_at)))


def known_by(alerts: Iterable[dict[str, Any]], cut: dt.datetime) -> list[dict[str, Any]]:
    known = [dict(alert) for alert in alerts if dt.datetime.fromisoformat(alert["raised_at"]) <= cut]
    for alert in known:
        if alert["cleared_at"] and dt.datetime.fromisoformat(alert["cleared_at"]) > cut:
            alert["cleared_at"] = None
    return known


def test_another_future_changes_no_byte_of_the_scores_before(portfolio: Portfolio, replayed: Replay) -> None:
    before = [line(one) for one in replayed.said if one.score.as_of <= CUT]
    other = with_another_future(portfolio, CUT)
    cuts = [(day, at) for day, at in other.days(is_weekly=True) if at <= CUT]
    after = [line(one) for one in say(other, looks(other, cuts), cuts)]
    assert any(score["probability_late"] is not None for score in before)
    assert msgspec.json.encode(after) == msgspec.json.encode(before)


def test_another_future_changes_no_byte_of_the_alerts_before(few: Portfolio, replayed: Replay) -> None:
    before = known_by(replayed.alerts, EARLY_CUT)
    after = known_by(replay_alerts(with_another_future(few, EARLY_CUT), {}), EARLY_CUT)
    assert before
    assert msgspec.json.encode(after) == msgspec.json.encode(before)


def test_a_column_that_holds_the_label_gives_no_gain(replayed: Replay, tmp_path: Path) -> None:
    planted = load(write(tmp_path / "planted", has_planted_label=True))
    cuts = list(planted.days(is_weekly=True))
    said = say(planted, looks(planted, cuts), cuts)
    assert [line(one) for one in said] == [line(one) for one in replayed.said]


def test_with_shuffled_labels_nothing_is_learnt(portfolio: Portfolio, replayed: Replay) -> None:
    cuts = list(portfolio.days(is_weekly=True))
    had = [one.look for one in replayed.said]
    outcomes = Logged(portfolio)

    def area(said: Replay) -> float:
        cases = judged(said.said, outcomes, BASELINE).cases
        late = np.array([case.is_late for case in cases], dtype=float)
        return auc(late, np.array([case.said.probability_late for case in cases])) or 0.0

    shuffled = [
        area(Replay(tuple(say(portfolio, had, cuts, permuted=np.random.default_rng(seed))), ())) for seed in range(2)
    ]
    assert area(replayed) > 0.8
    assert 0.25 < sum(shuffled) / len(shuffled) < 0.75
