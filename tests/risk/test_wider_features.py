"""Chains, leeway burnt, scope grown and hours spent: what they say, and that they say nothing too early."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest

from store.events import (
    ChangeRequestDecided,
    ChangeRequested,
    Fact,
    ProjectGoLiveCommitted,
    ScopeItemAdded,
    TaskCreated,
    TaskLinked,
    TimeLogged,
)
from store.ids import PersonId, derived_id
from tests.risk.portfolio import (
    START,
    TENANT_ID,
    Portfolio,
    add_all,
    created,
    moved,
    project_history,
    project_id_of,
    slipped,
    task,
    task_id_of,
)
from tests.risk.test_features import DAY, bytes_of, row_at, row_known_early

WIDER = ("leeway_burn_days", "chain_late_days", "blocked_share", "scope_growth_share", "hours_ahead_share")
PERSON_ID = PersonId(derived_id(TENANT_ID, "person"))


def planned(index: int, first: dt.date, last: dt.date) -> TaskCreated:
    return TaskCreated(
        task_id=task_id_of(0, index),
        external_id=f"T-{index}",
        project_id=project_id_of(0),
        name=f"Task {index}",
        track="internal",
        effort_hours=Decimal(8),
        planned_start_on=first,
        due_on=last,
    )


def linked(index: int, on: int) -> TaskLinked:
    return TaskLinked(task_id=task_id_of(0, index), project_id=project_id_of(0), depends_on_id=task_id_of(0, on))


def sold(hours: int) -> ScopeItemAdded:
    return ScopeItemAdded(
        scope_item_id="clause", external_id="S", project_id=project_id_of(0), text="All of it", hours=Decimal(hours)
    )


def asked(name: str, hours: int) -> ChangeRequested:
    return ChangeRequested(
        change_request_id=name, external_id=name, project_id=project_id_of(0), text="More", hours=Decimal(hours)
    )


def decided(name: str, decision: str) -> ChangeRequestDecided:
    return ChangeRequestDecided(change_request_id=name, project_id=project_id_of(0), decision=decision)  # type: ignore[arg-type]


def logged(name: str, on: dt.date, hours: int) -> TimeLogged:
    return TimeLogged(
        entry_id=name,
        external_id=name,
        person_id=PERSON_ID,
        project_id=project_id_of(0),
        worked_on=on,
        hours=Decimal(hours),
    )


def rich_history() -> Iterator[tuple[dt.datetime, Fact]]:
    """A project of which everything is known that these features read."""
    yield from project_history(0, START, 6)
    yield START, sold(40)
    for days in range(1, 40, 6):
        at = START + days * DAY
        yield at, logged(f"entry-{days}", at.date(), 5)
        yield at, asked(f"request-{days}", days)
        yield at + 3 * DAY, decided(f"request-{days}", "accepted" if days % 2 else "rejected")
        yield at + DAY, slipped(0, 5, (at + 45 * DAY).date())


def chained(days_each: int = 5) -> Portfolio:
    """Three tasks of a week, each after the other, and one beside them; committed to the end of the third."""
    made = Portfolio()
    made.add(created(0, baseline_go_live_on=dt.date(2024, 3, 22)), START)
    for index in range(3):
        first = dt.date(2024, 3, 4) + 7 * index * DAY
        made.add(planned(index, first, first + (days_each - 1) * DAY), START)
        if index:
            made.add(linked(index, index - 1), START)
    made.add(planned(3, dt.date(2024, 3, 4), dt.date(2024, 3, 5)), START)
    return made


@pytest.mark.parametrize("days", [0, 3, 10, 17, 25, 40])
def test_what_comes_later_changes_no_byte_of_them(days: int) -> None:
    as_of = START + days * DAY
    until, everything = Portfolio(), Portfolio()
    add_all(everything, rich_history())
    add_all(until, (entry for entry in rich_history() if entry[0] <= as_of))
    assert bytes_of(row_at(until, as_of)) == bytes_of(row_at(everything, as_of))


@pytest.mark.parametrize("days", [3, 17, 25])
def test_what_was_recorded_ahead_of_its_time_says_nothing_to_them(days: int) -> None:
    as_of = START + days * DAY
    plain, ahead = Portfolio(), Portfolio()
    for made in (plain, ahead):
        add_all(made, (entry for entry in rich_history() if entry[0] <= as_of))
    late = ProjectGoLiveCommitted(project_id=project_id_of(0), committed_go_live_on=dt.date(2025, 1, 1))
    for fact in (asked("early", 90), slipped(0, 4, dt.date(2024, 9, 2)), moved(0, 5, "cancelled"), late):
        ahead.add(fact, as_of + DAY)
    ahead.add(logged("early", (as_of + 5 * DAY).date(), 8), as_of - DAY)
    assert row_at(plain, as_of).values == row_known_early(ahead, as_of).values


def test_without_the_data_they_are_unknown_and_not_zero() -> None:
    made = Portfolio()
    made.add(created(0), START)
    made.add(task(0, 0, "internal", None, hours=None), START)
    row = row_at(made, START + 30 * DAY)
    assert [row.value(name) for name in WIDER] == [None] * len(WIDER)


def test_a_chain_counts_what_must_follow_and_not_what_runs_beside_it() -> None:
    made = chained()
    assert row_at(made, START).value("chain_late_days") == 15 - 14
    made.add(moved(0, 0, "done"), START + 4 * DAY)
    assert row_at(made, START + 4 * DAY).value("chain_late_days") == 10 - 10


def test_links_in_a_circle_end_the_walk() -> None:
    made = chained()
    made.add(linked(0, 2), START)
    assert row_at(made, START).value("chain_late_days") == 2 - 14  # the one task that is in no circle
    made.add(moved(0, 3, "done"), START)
    assert row_at(made, START).value("chain_late_days") == 0 - 14


def test_a_chain_of_thousands_is_walked_too() -> None:
    made = Portfolio()
    made.add(created(0, baseline_go_live_on=dt.date(2024, 3, 22)), START)
    for index in range(1200):
        made.add(task(0, index, "internal", None), START)
        if index:
            made.add(linked(index, index - 1), START)
    assert row_at(made, START).value("chain_late_days") == 1200 - 14


def test_work_that_should_have_begun_and_cannot_is_blocked() -> None:
    made = chained()
    assert row_at(made, START).value("blocked_share") == 0
    row = row_at(made, START + 8 * DAY)
    assert row.value("blocked_share") == 0.25  # the second of four waits for the first
    made.add(moved(0, 0, "done"), START + 8 * DAY)
    assert row_at(made, START + 8 * DAY).value("blocked_share") == 0


def test_standing_still_burns_leeway_and_moving_on_does_not() -> None:
    standing, moving = chained(), chained()
    for index, day in enumerate((4, 11)):
        moving.add(moved(0, index, "done"), START + day * DAY)
    as_of = START + 15 * DAY  # a Tuesday, eleven working days on
    assert row_at(standing, as_of).value("leeway_burn_days") == 10
    assert row_at(moving, as_of).value("leeway_burn_days") == 0
    assert row_at(moving, START + 11 * DAY).value("leeway_burn_days") is None  # not ten working days yet


def test_a_later_due_date_burns_leeway_and_a_new_promise_does_not() -> None:
    made = chained()
    for index in range(4):
        made.add(moved(0, index, "done"), START + DAY)
    made.add(planned(4, dt.date(2024, 4, 1), dt.date(2024, 4, 5)), START)
    as_of = START + 21 * DAY
    assert row_at(made, as_of).value("leeway_burn_days") == 0
    promise = ProjectGoLiveCommitted(project_id=project_id_of(0), committed_go_live_on=dt.date(2024, 5, 3))
    made.add(promise, START + 20 * DAY)
    made.add(slipped(0, 4, dt.date(2024, 4, 12)), START + 20 * DAY)
    assert row_at(made, as_of).value("leeway_burn_days") == 5


def test_scope_grows_by_what_is_asked_and_planned_counted_once() -> None:
    made = chained()
    made.add(sold(40), START)
    made.add(asked("granted", 6), START + DAY)
    made.add(asked("refused", 30), START + DAY)
    made.add(asked("open", 2), START + DAY)
    for name, decision in (("granted", "accepted"), ("refused", "rejected")):
        made.add(decided(name, decision), START + 2 * DAY)
    assert row_at(made, START + 3 * DAY).value("scope_growth_share") == 0.2
    made.add(task(0, 9, "internal", None, hours=8), START + 20 * DAY)
    assert row_at(made, START + 20 * DAY).value("scope_growth_share") == 0.25


def test_hours_are_ahead_of_the_work_where_more_is_spent_than_done() -> None:
    made = chained()
    made.add(logged("first", dt.date(2024, 3, 5), 16), START + 2 * DAY)
    assert row_at(made, START + 2 * DAY).value("hours_ahead_share") == 0.5  # 16 of 32 hours, nothing done
    made.add(moved(0, 0, "done"), START + 2 * DAY)
    assert row_at(made, START + 2 * DAY).value("hours_ahead_share") == 0.25
