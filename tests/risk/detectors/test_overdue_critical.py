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


def test_it_is_grave_once_go_live_has_moved_by_three_working_days() -> None:
    late = task("t", "internal", owner=None, due=0)
    end = task("live", "internal", owner=None, due=1, after=["t"], milestone="go_live")
    moved = [detect(view(late, end, day=day, baseline_go_live_on=on(1)))[0] for day in (2, 3, 4)]
    leeway = [figures(finding)["leeway_days"] for finding in moved]
    assert [finding.severity for finding in moved] == ["high" if days <= -3 else "medium" for days in leeway]
    assert {finding.severity for finding in moved} == {"medium", "high"}
