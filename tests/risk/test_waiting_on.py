"""Whom a project waits on: the clock of each party, its float and what hangs on it."""

from __future__ import annotations

from risk.detectors.view import ProjectView
from risk.waiting_on import WaitingOn, held_by, waiting_on
from tests.risk.detectors.staging import CONTACT, OTHER_CONTACT, on, task, view


def of(made: ProjectView) -> tuple[WaitingOn, ...]:
    return waiting_on(made.project, made.waits, made.forecast, made.calendar)


def test_a_party_has_one_line_with_its_longest_wait_and_its_least_float() -> None:
    end = task("live", "internal", owner=None, due=2, after=["old"], milestone="go_live")
    (found,) = of(view(task("old", asked=0, due=1), task("young", asked=2, due=20), end, day=4))
    assert (found.party_id, found.track, found.since_on) == (CONTACT, "customer", on(0))
    assert [one.task_id for one in found.tasks] == ["old", "young"]
    assert (found.age_days, found.float_days) == (4, 0)
    assert found.consumes_leeway
    assert (found.held, found.holds_go_live) == (1, True)


def test_who_holds_up_go_live_comes_before_who_waits_longer_with_time_to_spare() -> None:
    end = task("live", "internal", owner=None, due=30, after=["urgent", "slack"], milestone="go_live")
    urgent = task("urgent", asked=3, due=30, owner=OTHER_CONTACT)
    first, second = of(view(urgent, task("slack", asked=0, due=1), end, day=4))
    assert (first.party_id, second.party_id) == (OTHER_CONTACT, CONTACT)
    assert second.age_days > first.age_days
    assert not second.consumes_leeway


def test_what_hangs_on_a_task_is_counted_all_the_way_down() -> None:
    made = view(
        task("a", asked=0),
        task("b", "internal", after=["a"]),
        task("c", "internal", after=["b"]),
        task("d", "internal", done=1, asked=0, after=["a"]),
        task("e", "internal"),
        day=4,
    )
    assert held_by(made.project, ["a"]) == {"b", "c"}
    made.project.tasks["b"].status = "cancelled"
    assert held_by(made.project, ["a"]) == {"c"}


def test_without_a_plan_there_is_an_age_and_no_float() -> None:
    made = view(task("t", asked=0), day=4)
    (found,) = waiting_on(made.project, made.waits, None, made.calendar)
    assert (found.age_days, found.float_days, found.consumes_leeway) == (4, None, False)


def test_what_waits_on_nobody_in_particular_is_said_so() -> None:
    (found,) = of(view(task("t", asked=0, owner=None), day=4))
    assert found.party_id == ""
