"""A date that cannot be kept is found against the promise in force, never against the baseline."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from risk.detectors import impossible_timeline
from store.projections.projects.state import DateMove, Task
from tests.risk.detectors.staging import at, figures, on, task, view


def work() -> list[Task]:
    """40 h from Monday on, then the go-live: five working days, until Friday."""
    build, launch = task("build", "internal", owner=None), task("launch", "internal", owner=None, after=["build"])
    build.effort_hours, launch.effort_hours, launch.milestone = Decimal(32), Decimal(8), "go_live"
    return [build, launch]


def promised(day: int) -> dict[str, Any]:
    move = DateMove(at=at(0), on=on(day), event_id="promised")
    return {"committed_go_live_on": on(day), "commitments": [move]}


def test_the_two_numbers_and_the_earliest_date_are_shown() -> None:
    (finding,) = impossible_timeline.detect(view(*work(), day=0, baseline_go_live_on=on(2)))
    numbers: dict[str, Any] = figures(finding)
    assert (numbers["days_needed"], numbers["days_left"], numbers["days_short"]) == (5, 3, 2)
    assert finding.inputs["earliest_on"] == on(4).isoformat()
    assert finding.subject_ids == ("project-1", "launch")
    assert "created" in finding.evidence


def test_a_date_that_can_just_be_kept_is_none() -> None:
    assert impossible_timeline.detect(view(*work(), day=0, baseline_go_live_on=on(4))) == []


def test_the_date_in_force_counts_and_the_baseline_stands_apart() -> None:
    promise: dict[str, Any] = {
        "committed_go_live_on": on(4),
        "commitments": [DateMove(at=at(0), on=on(4), event_id="promised")],
    }
    assert impossible_timeline.detect(view(*work(), day=0, baseline_go_live_on=on(1), **promise)) == []
    earlier: dict[str, Any] = {
        "committed_go_live_on": on(3),
        "commitments": [DateMove(at=at(0), on=on(3), event_id="promised")],
    }
    (finding,) = impossible_timeline.detect(view(*work(), day=0, baseline_go_live_on=on(1), **earlier))
    assert figures(finding)["days_short"] == 1
    assert figures(finding)["baseline_days_short"] == 3
    assert finding.evidence[0] == "promised"


def test_on_hold_nothing_is_found() -> None:
    assert impossible_timeline.detect(view(*work(), day=0, baseline_go_live_on=on(2), status="on_hold")) == []


def test_without_a_date_nothing_is_found() -> None:
    assert impossible_timeline.detect(view(*work(), day=0, baseline_go_live_on=None)) == []


def test_the_same_promise_is_the_same_finding_on_every_day() -> None:
    keys = {
        impossible_timeline.detect(view(*work(), day=day, baseline_go_live_on=on(2)))[0].subject_key for day in (0, 1)
    }
    assert len(keys) == 1


def test_a_date_missed_by_ten_days_is_critical() -> None:
    (finding,) = impossible_timeline.detect(view(*work(), day=14, baseline_go_live_on=on(2)))
    assert finding.severity == "critical"
    assert [int(figures(finding)[name]) for name in ("days_needed", "days_left", "days_short")] == [5, -7, 12]


def test_links_in_a_circle_prove_nothing() -> None:
    tasks = work()
    tasks[0].links = [*tasks[1].links]
    tasks[0].links[0].depends_on_id = "launch"
    tasks[1].links = [tasks[0].links[0].__class__(depends_on_id="build", link="FS", lag_days=Decimal(0), event_id="l")]
    assert impossible_timeline.detect(view(*tasks, day=0, baseline_go_live_on=on(2))) == []
