"""What is spent and what it will come to are held against the budget apart, hours and cost each at its threshold."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from risk.detectors import eac_over_budget
from risk.findings import Finding
from store.projections.projects.state import ChangeRequest, TimeEntry
from tests.risk.detectors.staging import at, figures, on, task, view


def worked(hours: int, task_id: str = "done") -> TimeEntry:
    return TimeEntry(
        entry_id="e",
        person_id="p",
        task_id=task_id,
        worked_on=on(-1),
        hours=Decimal(hours),
        is_billable=True,
        is_approved=True,
        recorded_at=at(0),
    )


def found(spent: int, left: int, **more: Any) -> list[Finding]:
    """A budget of 100 h; the finished work took what it was estimated at."""
    done, build = task("done", "internal", owner=None, asked=-9, done=-1), task("build", "internal", owner=None)
    done.effort_hours, build.effort_hours = Decimal(spent), Decimal(left)
    frame = {"budget_hours": Decimal(100), "time": [worked(spent)], **more}
    return eac_over_budget.detect(view(done, build, day=0, **frame))


def test_eighty_spent_and_forty_left_come_to_a_hundred_and_twenty() -> None:
    (finding,) = found(80, 40)
    numbers: dict[str, Any] = figures(finding)
    assert (numbers["eac_hours"], numbers["budget_hours"], numbers["eac_hours_percent"]) == (120, 100, 120)
    assert (finding.subject_key, finding.inputs["over"]) == ("project-1/eac", "eac_hours")


def test_ten_per_cent_over_is_still_within() -> None:
    assert found(80, 30) == []


def test_what_is_spent_already_is_a_finding_of_its_own() -> None:
    keys = [finding.subject_key for finding in found(105, 20)]
    assert keys == ["project-1/eac", "project-1/actual"]


def test_accepted_changes_belong_to_the_budget() -> None:
    change = ChangeRequest(
        change_request_id="c",
        at=dt.datetime(2024, 3, 1, tzinfo=dt.UTC),
        hours=Decimal(20),
        amount=None,
        currency="EUR",
        decision="accepted",
    )
    assert found(80, 40, change_requests={"c": change}) == []


def test_without_a_budget_nothing_is_held_against_it() -> None:
    assert found(80, 40, budget_hours=None) == []
