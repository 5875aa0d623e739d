"""The plain portfolio, read and replayed once; the alerts are those of its first projects, to keep it short."""

from dataclasses import replace
from pathlib import Path

import pytest

from evals.replay.alerts import replay_alerts
from evals.replay.looks import looks
from evals.replay.portfolio import Portfolio, load
from evals.replay.run import Replay
from evals.replay.scores import say
from tests.evals.replay.folder import write

FEW = 4


@pytest.fixture(scope="session")
def portfolio(tmp_path_factory: pytest.TempPathFactory) -> Portfolio:
    folder: Path = tmp_path_factory.mktemp("replay") / "plain"
    return load(write(folder))


@pytest.fixture(scope="session")
def few(portfolio: Portfolio) -> Portfolio:
    chosen = {event.stream_id for own in list(portfolio.projects.values())[:FEW] for event in own}
    kept = [event for event in portfolio.events if event.stream_id in chosen or "/" not in event.stream_id]
    return replace(portfolio, events=tuple(kept))


@pytest.fixture(scope="session")
def replayed(portfolio: Portfolio, few: Portfolio) -> Replay:
    cuts = list(portfolio.days(is_weekly=True))
    said = tuple(say(portfolio, looks(portfolio, cuts), cuts))
    return Replay(said, tuple(replay_alerts(few, {})))
