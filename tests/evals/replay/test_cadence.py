"""Every day says on Fridays what every week says, and a poor copy is replayed without a false word."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from evals.replay.looks import looks
from evals.replay.portfolio import FRIDAY, Portfolio, load
from evals.replay.run import files, replay, report_of
from evals.replay.scores import line, say


def test_every_day_says_on_fridays_what_every_week_says(few: Portfolio) -> None:
    weekly, daily = (list(few.days(is_weekly=is_weekly)) for is_weekly in (True, False))
    by_week = [line(one) for one in say(few, looks(few, weekly), weekly)]
    by_day = list(say(few, looks(few, daily), daily))
    assert len(by_day) > 4 * len(by_week) > 0
    assert [line(one) for one in by_day if one.look.as_of_on.weekday() == FRIDAY] == by_week


@pytest.fixture(scope="module")
def poor(tmp_path_factory: pytest.TempPathFactory) -> Portfolio:
    """A generated portfolio in which little is kept; the first four of its projects, without their people."""
    folder: Path = tmp_path_factory.mktemp("poor") / "poor"
    make = [sys.executable, "-m", "evals.generator", "--out", str(folder), "--projects", "12", "--seed", "5", "--poor"]
    subprocess.run(make, check=True, capture_output=True)
    whole = load(folder)
    chosen = {event.stream_id for own in list(whole.projects.values())[:4] for event in own}
    kept = [
        e for e in whole.events if e.stream_id in chosen or e.stream_id.partition("/")[0] in ("tenant", "directory")
    ]
    return replace(whole, events=tuple(kept))


def test_a_poor_copy_runs_and_says_no_blocker_that_the_plan_does_not_tell(poor: Portfolio) -> None:
    replayed = replay(poor)
    assert set(files(replayed, report_of(poor, replayed))) == {"scores.jsonl", "alerts.jsonl", "report.json"}
    assert replayed.said
    assert not [alert for alert in replayed.alerts if alert["kind"] == "blocker"]
