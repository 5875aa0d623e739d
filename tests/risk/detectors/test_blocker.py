"""A blocker consumes leeway; a wait with float does not."""

from __future__ import annotations

from risk.detectors.blocker import detect
from tests.risk.detectors.staging import CONTACT, figures, task, view


def test_a_wait_older_than_its_float_blocks() -> None:
    waits = task("t", asked=0, due=1)
    end = task("live", "internal", owner=None, due=2, after=["t"], milestone="go_live")
    (finding,) = detect(view(waits, end, day=4))
    assert finding.subject_ids == (CONTACT, "t")
    assert figures(finding)["age_days"] == 4
    assert finding.severity == "high"


def test_a_wait_with_float_or_without_a_plan_blocks_nobody() -> None:
    far = task("live", "internal", owner=None, due=80, after=["t"], milestone="go_live")
    assert detect(view(task("t", asked=0, due=1), far, day=4)) == []


def test_approvals_and_young_waits_are_left_alone() -> None:
    end = task("live", "internal", owner=None, due=2, after=["t"], milestone="go_live")
    assert detect(view(task("t", "approval", asked=0, due=1), end, day=4)) == []
    assert detect(view(task("t", asked=0, due=1), end, day=1)) == []
