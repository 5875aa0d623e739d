"""Margin drift: found in a fixed fee when the cost at completion eats what was sold, as known at the time."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from risk.detectors.margin_drift import detect
from risk.detectors.view import ProjectView, thresholds_of
from store.projections.people.fold import PersonState
from store.projections.projects.state import Task, TimeEntry
from tests.plan.ledgers import AS_OF, NOW, TENANT, entry, person, project, task


def _view(tasks: list[Task], time: list[TimeEntry], someone: PersonState | None = None, **frame: Any) -> ProjectView:
    state = project(tasks, time, **{"created_event_id": "created", "status": "active", **frame})
    return ProjectView(state, TENANT, {"ann": someone or person()}, NOW, AS_OF)


def _over(hours: str) -> list[Task]:
    """40 h of 50 EUR were sold for 4,000 EUR: every 0.8 h more is a point less."""
    return [task("a", hours)]


def test_five_points_are_a_finding_and_less_is_none() -> None:
    (finding,) = detect(_view(_over("44"), []))
    assert {n.name: n.value for n in finding.numbers}["drift_points"] == Decimal("-5.00")
    assert finding.may_raise
    assert detect(_view(_over("40"), [])) == []


def test_a_smaller_drift_keeps_an_alert_and_raises_none() -> None:
    (finding,) = detect(_view(_over("43"), []))
    assert not finding.may_raise


def test_falling_below_the_floor_is_enough() -> None:
    (finding,) = detect(_view(_over("43"), [], margin_floor=Decimal("0.48")))
    assert (finding.may_raise, finding.severity) == (True, "high")


def test_a_loss_is_critical() -> None:
    (finding,) = detect(_view(_over("90"), []))
    assert finding.severity == "critical"


def test_the_tasks_that_took_more_are_named_with_their_facts() -> None:
    tasks = [task("a", "10", status="done"), task("b", "34")]
    tasks[0].status_event_id = "done-a"
    (finding,) = detect(_view(tasks, [entry("a", "22")]))
    assert finding.subject_ids == ("p", "a")
    assert finding.evidence == ("created", "done-a")


def test_time_and_material_and_ended_projects_are_left_alone() -> None:
    assert detect(_view(_over("90"), [], fee_type="time_and_material")) == []
    assert detect(_view(_over("90"), [], status="closed")) == []
    assert detect(_view(_over("90"), [], fee=Decimal(0))) == []


def test_what_cannot_be_priced_is_not_assessed() -> None:
    assert detect(_view(_over("90"), [], person(cost=None))) == []
    assert detect(_view(_over("90"), [], currency="USD")) == []


def test_late_sheets_do_not_make_it_look_better() -> None:
    tasks = [task("a", "10", status="done"), task("b", "36")]
    assert detect(_view(tasks, []))[0].numbers == detect(_view(tasks, []))[0].numbers
    money = {n.name: n.value for n in detect(_view(tasks, []))[0].numbers}
    assert (money["accrued_hours"], money["eac"]) == (Decimal(10), Decimal(2300))


def test_an_older_finding_is_made_again_with_its_own_thresholds() -> None:
    (finding,) = detect(_view(_over("44"), []))
    again = _view(_over("44"), [])
    assert thresholds_of(finding.inputs) == {"drift_points": Decimal(5), "kept_points": Decimal("0.5")}
    view = ProjectView(again.project, TENANT, again.people, NOW, AS_OF, {"drift_points": Decimal(9)})
    assert not detect(view)[0].may_raise
    assert finding.expires_on > AS_OF >= dt.date(2026, 3, 1)
