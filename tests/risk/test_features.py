"""Features say what was known at the cut, exactly that, and nothing of what came later."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.features import FEATURES, SCHEMA_HASH, FeatureRow, features, plain_setting, setting_of
from risk.features.reading import median_with_censored
from store.events import ActivityRecorded, ProjectGoLiveCommitted, ProjectStatusChanged, TaskReestimated
from store.log import Cut
from store.projections.projects import fold as project_fold
from store.projections.projects.state import ProjectState
from store.projections.snapshot import dump_state
from store.projections.tenants import fold as tenant_fold
from store.streams import DIRECTORY, TENANT, project_streams
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
)

DAY = dt.timedelta(days=1)


def state_at(made: Portfolio, as_of: dt.datetime, number: int = 0) -> ProjectState:
    cut = Cut("recorded", recorded_at=as_of)
    return project_fold.fold(made.sealed().read_many(TENANT_ID, project_streams(project_id_of(number)), cut=cut))


def row_known_early(made: Portfolio, as_of: dt.datetime) -> FeatureRow:
    """The row at `as_of` where everything had been recorded by then, also what happens later.

    A log admits no such fact any more; one from before may hold it.
    """
    tenant = tenant_fold.fold(made.sealed().read_many(TENANT_ID, [TENANT, DIRECTORY]))
    events = made.sealed().read_many(TENANT_ID, project_streams(project_id_of(0)))
    state = project_fold.fold(replace(event, recorded_at=min(event.recorded_at, as_of)) for event in events)
    return features(state, setting_of(tenant, state), as_of)


def row_at(made: Portfolio, as_of: dt.datetime, number: int = 0) -> FeatureRow:
    tenant = tenant_fold.fold(made.sealed().read_many(TENANT_ID, [TENANT, DIRECTORY]))
    state = state_at(made, as_of, number)
    return features(state, setting_of(tenant, state), as_of)


def bytes_of(row: FeatureRow) -> bytes:
    return msgspec.json.encode(row)


def one_project(slowness_days: float = 6) -> Portfolio:
    made = Portfolio()
    add_all(made, project_history(0, START, slowness_days))
    return made


@pytest.mark.parametrize("days", [0, 3, 10, 25, 40, 60])
def test_what_comes_later_changes_no_byte(days: int) -> None:
    as_of = START + days * DAY
    history = project_history(0, START, 6)
    until, everything, otherwise = Portfolio(), Portfolio(), Portfolio()
    add_all(until, (entry for entry in history if entry[0] <= as_of))
    add_all(everything, history)
    add_all(otherwise, (entry for entry in history if entry[0] <= as_of))
    otherwise.add(ProjectStatusChanged(project_id=project_id_of(0), status="cancelled"), as_of + DAY)
    otherwise.add(slipped(0, 5, (as_of + 300 * DAY).date()), as_of + DAY)
    assert bytes_of(row_at(until, as_of)) == bytes_of(row_at(everything, as_of)) == bytes_of(row_at(otherwise, as_of))


@given(days=st.integers(0, 70))
def test_what_was_recorded_ahead_of_its_time_says_nothing_yet(days: int) -> None:
    as_of = START + days * DAY
    history = [entry for entry in project_history(0, START, 6) if entry[0] <= as_of]
    plain, ahead = Portfolio(), Portfolio()
    add_all(plain, history)
    add_all(ahead, history)
    promise = ProjectGoLiveCommitted(project_id=project_id_of(0), committed_go_live_on=(as_of + 99 * DAY).date())
    for fact in (moved(0, 5, "cancelled"), promise, slipped(0, 4, (as_of + 50 * DAY).date())):
        ahead.add(fact, as_of + DAY)
    ignored = {"as_of"}
    first, second = (msgspec.to_builtins(row) for row in (row_at(plain, as_of), row_known_early(ahead, as_of)))
    assert {k: v for k, v in first.items() if k not in ignored} == {k: v for k, v in second.items() if k not in ignored}


def test_a_column_that_equals_the_outcome_is_not_read() -> None:
    planted, plain = Portfolio(), Portfolio()
    plain.add(created(0, baseline_go_live_on=dt.date(2024, 4, 18)), START)
    planted.add(created(0, baseline_go_live_on=dt.date(2024, 4, 18), extra={"is_late": "1", "days_late": "17"}), START)
    assert row_at(plain, START + DAY).values == row_at(planted, START + DAY).values


def test_reading_a_state_leaves_it_as_it_is() -> None:
    made = one_project()
    state = state_at(made, START + 30 * DAY)
    before = dump_state(state)
    features(state, plain_setting(), START + 20 * DAY)
    assert dump_state(state) == before


def test_the_same_state_gives_the_same_bytes() -> None:
    made = one_project()
    assert bytes_of(row_at(made, START + 25 * DAY)) == bytes_of(row_at(made, START + 25 * DAY))


def test_overdue_work_is_counted_and_named() -> None:
    made = Portfolio()
    made.add(created(0, baseline_go_live_on=dt.date(2024, 4, 1)), START)
    for index, track in enumerate(("internal", "customer", "internal", "customer")):
        made.add(task(0, index, "customer" if track == "customer" else "internal", dt.date(2024, 3, 8)), START)
    made.add(moved(0, 0, "done"), START + DAY)
    row = row_at(made, dt.datetime(2024, 3, 12, 12, tzinfo=dt.UTC))
    assert row.value("overdue_share") == 0.75
    assert row.value("customer_overdue_share") == 1.0
    assert row.value("overdue_days") == 1.5  # three tasks, two working days each, of four that were due
    assert row.value("earned_share") == 0.25
    assert row.value("days_to_commitment") == 14
    assert len(row.ids[[f.name for f in FEATURES].index("customer_overdue_share")]) == 2


def test_nothing_due_yet_is_unknown_and_not_zero() -> None:
    made = Portfolio()
    made.add(created(0, baseline_go_live_on=dt.date(2024, 6, 3)), START)
    made.add(task(0, 0, "internal", dt.date(2024, 5, 1)), START)
    row = row_at(made, START + DAY)
    assert row.value("overdue_share") is None
    assert row.value("earned_share") is None


def test_a_wait_counts_the_customers_working_days_and_stands_still_on_hold() -> None:
    made = Portfolio()
    made.add(created(0, baseline_go_live_on=dt.date(2024, 6, 3)), START)
    made.add(task(0, 0, "customer", None), START)
    made.add(moved(0, 0, "waiting"), START)  # a Monday
    assert row_at(made, START + 7 * DAY).value("customer_wait_days") == 5
    made.add(ProjectStatusChanged(project_id=project_id_of(0), status="on_hold"), START + 7 * DAY)
    made.add(ProjectStatusChanged(project_id=project_id_of(0), status="active"), START + 14 * DAY)
    assert row_at(made, START + 14 * DAY).value("customer_wait_days") == 5


def test_a_customers_day_ends_in_its_own_zone_also_when_clocks_change() -> None:
    made = Portfolio()
    made.add(created(0, baseline_go_live_on=dt.date(2024, 6, 3)), START)
    made.add(task(0, 0, "customer", None), START)
    # Friday 29 March 2024, 23:30 in Berlin, two days before summer time.
    made.add(moved(0, 0, "waiting"), dt.datetime(2024, 3, 29, 22, 30, tzinfo=dt.UTC))
    late_on_sunday = dt.datetime(2024, 3, 31, 21, 59, tzinfo=dt.UTC)
    assert row_at(made, late_on_sunday).value("customer_wait_days") == 0
    assert row_at(made, late_on_sunday + dt.timedelta(minutes=2)).value("customer_wait_days") == 1


def test_silence_counts_only_while_something_waits() -> None:
    made = one_project()
    busy_inside = START + dt.timedelta(days=4)
    assert row_at(made, busy_inside).value("customer_silence_days") == 0
    assert (row_at(made, START + 15 * DAY).value("customer_silence_days") or 0) > 0


def test_work_sent_back_is_counted() -> None:
    made = Portfolio()
    made.add(created(0, baseline_go_live_on=dt.date(2024, 6, 3)), START)
    made.add(task(0, 0, "customer", None), START)
    for day, status in enumerate(("waiting", "done", "in_progress", "done", "todo")):
        made.add(moved(0, 0, status), START + day * DAY)  # type: ignore[arg-type]
    assert row_at(made, START + 9 * DAY).value("returned_count") == 2


def test_effort_weighs_only_where_all_internal_work_has_it() -> None:
    made = Portfolio()
    made.add(created(0, baseline_go_live_on=dt.date(2024, 6, 3)), START)
    made.add(task(0, 0, "internal", dt.date(2024, 3, 5), hours=30), START)
    made.add(task(0, 1, "internal", dt.date(2024, 3, 5), hours=10), START)
    made.add(moved(0, 0, "done"), START + DAY)
    assert row_at(made, START + 3 * DAY).value("earned_share") == 0.75
    made.add(
        TaskReestimated(task_id=task(0, 1, "internal", None).task_id, project_id=project_id_of(0), effort_hours=None),
        START + DAY,
    )
    assert row_at(made, START + 3 * DAY).value("earned_share") == 0.5


def test_a_foreign_log_without_dates_and_effort_is_read_too() -> None:
    made = Portfolio()
    made.add(created(0, fee=None, currency="", extra={"RequestedBudget": "999"}), START)
    made.add(task(0, 0, "customer", None, hours=None), START)
    step = ActivityRecorded(
        project_id=project_id_of(0),
        activity="Form handed in",
        track="customer",
        task_id=task(0, 0, "customer", None).task_id,
        status="done",
    )
    made.add(step, START + DAY)
    made.add(ActivityRecorded(project_id=project_id_of(0), activity="Reminder", track="internal"), START + 2 * DAY)
    promise = ProjectGoLiveCommitted(project_id=project_id_of(0), committed_go_live_on=dt.date(2024, 4, 1))
    made.add(promise, START + DAY)
    row = row_at(made, START + 8 * DAY)
    assert row.not_assessed == ""
    assert row.step == "Form handed in"
    assert row.value("customer_quiet_days") == 5
    assert row.value("size") == 3.0
    assert row.value("overdue_share") is None


@pytest.mark.parametrize(
    ("reason", "fields", "status"),
    [
        ("no_committed_date", {}, None),
        ("no_tasks", {"baseline_go_live_on": dt.date(2024, 6, 3)}, None),
        ("not_running", {"baseline_go_live_on": dt.date(2024, 6, 3)}, "live"),
        ("not_running", {"baseline_go_live_on": dt.date(2024, 6, 3)}, "cancelled"),
    ],
)
def test_what_cannot_be_assessed_says_why(reason: str, fields: dict[str, object], status: str | None) -> None:
    made = Portfolio()
    made.add(created(0, **fields), START)
    if status:
        made.add(ProjectStatusChanged(project_id=project_id_of(0), status=status), START + DAY)  # type: ignore[arg-type]
    assert row_at(made, START + 2 * DAY).not_assessed == reason


def test_an_open_wait_counts_as_at_least_its_age() -> None:
    assert median_with_censored([2, 4, 6], []) == 4
    assert median_with_censored([2, 4], [9, 9]) == 4
    assert median_with_censored([2], [9, 9]) == 9  # never falls to one half: the longest seen
    assert median_with_censored([], []) is None


def test_values_are_rounded_and_never_minus_zero() -> None:
    for days in range(0, 60, 7):
        row = row_at(one_project(), START + days * DAY)
        assert all(value is None or round(value, 6) == value for value in row.values)
        assert b"-0.0" not in bytes_of(row)


def test_every_feature_is_described() -> None:
    assert len({feature.name for feature in FEATURES}) == len(FEATURES)
    for feature in FEATURES:
        assert all((feature.unit, feature.definition, feature.needs, feature.who_can_act, feature.next_step))
        assert feature.next_step.endswith(".")
    assert len(SCHEMA_HASH) == 64


def test_a_fee_is_read_as_its_logarithm() -> None:
    made = Portfolio()
    made.add(created(0, fee=Decimal(99_999)), START)
    assert row_at(made, START).value("size") == 5.0
