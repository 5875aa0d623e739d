"""Approvals that age: patient where there is float, urgent where there is none."""

from __future__ import annotations

from risk.detectors.approval_ageing import detect
from store.projections.projects.state import Task
from tests.risk.detectors.staging import CONTACT, OTHER_CONTACT, figures, held, said, task, view


def go_live(*, due: int, after: str = "a") -> Task:
    return task("live", "internal", owner=None, due=due, after=[after], milestone="go_live")


def test_with_float_an_approval_may_wait_a_working_week() -> None:
    waits, end = task("a", "approval", asked=0, due=3), go_live(due=60)
    assert detect(view(waits, end, day=4)) == []
    (finding,) = detect(view(waits, end, day=7))
    assert figures(finding)["age_days"] == 5
    assert finding.severity == "low"


def test_with_little_float_it_is_found_on_day_three() -> None:
    waits, end = task("a", "approval", asked=0, due=2), go_live(due=3)
    assert detect(view(waits, end, day=2)) == []
    (finding,) = detect(view(waits, end, day=3))
    assert figures(finding)["age_days"] == 3
    assert finding.numbers[0].threshold == 3
    assert finding.severity == "high"


def test_many_waits_on_one_approver_are_one_finding() -> None:
    waits = [task("a", "approval", asked=0), task("b", "approval", asked=0)]
    other = task("c", "approval", asked=0, owner=OTHER_CONTACT)
    found = detect(view(*waits, other, day=8))
    assert [finding.subject_ids for finding in found] == [(CONTACT, "a", "b"), (OTHER_CONTACT, "c")]


def test_announced_leave_and_holds_stop_the_clock() -> None:
    texts = {"leave": "Urlaub von 04.03.2024 bis 17.03.2024, zurück am 18.03.2024."}
    assert detect(view(task("a", "approval", asked=0), day=14, messages=[said(-5, name="leave")], texts=texts)) == []
    assert detect(view(task("a", "approval", asked=0), day=8, status_moves=held(1, 7), status="active")) == []


def test_customer_work_is_not_an_approval_and_what_is_done_does_not_wait() -> None:
    assert detect(view(task("t", asked=0), day=20)) == []
    assert detect(view(task("a", "approval", asked=0, done=2), day=20)) == []


def test_a_predecessor_that_is_not_done_holds_the_clock() -> None:
    before = task("b", "internal", owner=None)
    assert detect(view(before, task("a", "approval", asked=0, after=["b"]), day=20)) == []
