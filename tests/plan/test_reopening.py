"""Hold and re-open: what the facts of a project's course come to, and what its door asks for."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from plan.commands import Reported, record
from store.errors import Invalid
from store.ids import TenantId
from store.log_memory import MemoryLog
from store.projections.projects.fold import fold
from store.projections.projects.state import ProjectState
from store.streams import project_streams

TENANT_ID = TenantId("0c64a3a5-4f0f-5f7c-8d26-5a1c1f0a9c22")
PROJECT = "b1b6ad10-7f0e-5d0a-9a51-2f4a7b0c6d33"
START = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)


class Course:
    """A project and what is recorded of it, a day apart."""

    def __init__(self) -> None:
        self.log, self.day = MemoryLog(), 0
        self.tell(("project.created.v1", {"name": "P", "fee": "12000", "currency": "EUR"}))

    def tell(self, *facts: tuple[str, dict[str, str]]) -> ProjectState:
        now = START + self.day * dt.timedelta(days=1)
        self.day += 1
        reports = [Reported(kind, {"project_id": PROJECT, **payload}) for kind, payload in facts]
        record(self.log, TENANT_ID, reports, key=f"k{self.day}", actor_id="t", now=now, appended_at=now)
        return self.state()

    def state(self) -> ProjectState:
        return fold(self.log.read_many(TENANT_ID, project_streams(PROJECT)))

    def status(self, status: str) -> ProjectState:
        return self.tell(("project.status_changed.v1", {"status": status}))

    def reopen(self, on: str = "2026-06-01") -> ProjectState:
        promise = ("project.go_live_committed.v1", {"committed_go_live_on": on})
        return self.tell(("project.status_changed.v1", {"status": "active"}), promise)


def changed(field: str, value: str) -> tuple[str, dict[str, str]]:
    return "project.field_changed.v1", {"field": field, "value": value}


@pytest.fixture
def course() -> Course:
    return Course()


@pytest.mark.parametrize("end", ["live", "closed", "cancelled"])
def test_what_was_over_is_opened_again_with_a_new_promise_only(course: Course, end: str) -> None:
    course.status(end)
    with pytest.raises(Invalid) as caught:
        course.status("active")
    assert (caught.value.code, caught.value.where) == ("commitment_needed", "events[0].payload.status")
    assert course.state().status == end
    state = course.reopen()
    assert (state.status, state.committed_on, state.lacks_commitment) == ("active", dt.date(2026, 6, 1), False)
    assert state.reopened_at is not None


def test_the_first_go_live_and_every_promise_stay_in_history(course: Course) -> None:
    course.tell(("project.go_live_committed.v1", {"committed_go_live_on": "2026-03-06"}))
    first = course.status("live").live_at
    course.reopen()
    state = course.status("live")
    assert (state.live_at, [move.on for move in state.commitments]) == (
        first,
        [dt.date(2026, 3, 6), dt.date(2026, 6, 1)],
    )
    assert [move.status for move in state.status_moves] == ["live", "active", "live"]


def test_a_hold_ends_without_a_new_promise(course: Course) -> None:
    held = course.status("on_hold")
    assert held.held_since == START + dt.timedelta(days=1)
    going = course.status("active")
    assert (going.held_since, going.reopened_at, going.lacks_commitment) == (None, None, False)


def test_a_project_that_its_source_reopens_without_a_promise_says_so(course: Course) -> None:
    course.status("live")
    state = course.reopen()
    state.commitments.clear()
    assert state.lacks_commitment


def test_a_field_of_the_frame_takes_its_new_value(course: Course) -> None:
    state = course.tell(changed("fee", "11000"), changed("budget_hours", " 90.5 "), changed("name", "Renamed"))
    assert (state.fee, state.first_fee, state.budget_hours, state.name) == (
        Decimal(11000),
        Decimal(12000),
        Decimal("90.5"),
        "Renamed",
    )
    assert course.tell(changed("fee", "")).fee is None


def test_a_field_that_is_not_of_the_frame_is_kept_and_changes_nothing(course: Course) -> None:
    before = course.state()
    after = course.tell(changed("region", "north"), changed("project_id", "x"), changed("version", "9"))
    assert (after.fee, after.name, after.project_id) == (before.fee, before.name, before.project_id)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("fee", "a lot"),
        ("fee", "NaN"),
        ("fee", "Infinity"),
        ("fee", "1e30"),
        ("fee_type", "gift"),
        ("currency", "euro"),
        ("name", " "),
    ],
)
def test_a_value_that_cannot_be_read_is_refused(course: Course, field: str, value: str) -> None:
    with pytest.raises(Invalid) as caught:
        course.tell(changed(field, value))
    assert (caught.value.code, caught.value.where) == ("bad_value", "events[0].payload.value")
    assert course.state().fee == Decimal(12000)
