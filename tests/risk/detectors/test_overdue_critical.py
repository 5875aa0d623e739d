"""Overdue work is found where go-live hangs on it, and nowhere else."""

from __future__ import annotations

from risk.detectors.overdue_critical import detect
from tests.risk.detectors.staging import figures, on, task, view


def test_overdue_work_on_the_way_to_go_live_is_found() -> None:
    late = task("t", "internal", owner=None, due=0)
    end = task("live", "internal", owner=None, due=1, after=["t"], milestone="go_live")
    (finding,) = detect(view(late, end, day=4, baseline_go_live_on=on(1)))
    assert finding.subject_ids == ("t", "live")
    assert figures(finding)["overdue_days"] == 4
    assert finding.severity == "high"


def test_overdue_work_with_float_is_no_finding() -> None:
    late = task("t", "internal", owner=None, due=0)
    end = task("live", "internal", owner=None, due=40, after=["t"], milestone="go_live")
    assert detect(view(late, end, day=4)) == []


def test_done_work_and_held_projects_are_not_overdue() -> None:
    end = task("live", "internal", owner=None, due=30, after=["t"], milestone="go_live")
    assert detect(view(task("t", asked=0, done=2, due=0), end, day=4)) == []
    assert detect(view(task("t", due=0), day=4, status="on_hold")) == []
