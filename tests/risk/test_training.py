"""Training knows outcomes only once they could be known, and folds nothing that came after the cut."""

import datetime as dt

import pytest

from risk.artifacts import dump_model
from risk.estimators import Fitting
from risk.features import plain_setting, setting_of
from risk.model import Model, NotFitted
from risk.outcome import live_on, outcome
from risk.outlook import EDGES_DAYS, LEAST_PROJECTS
from risk.training import examples_of, read, train, weekly_states
from store.events import Fact, ProjectGoLiveCommitted, ProjectStatusChanged
from store.log import NOW, Cut
from store.projections.projects import fold as project_fold
from store.projections.projects.state import ProjectState
from store.projections.snapshot import dump_state
from store.streams import project_streams
from tests.risk.portfolio import (
    START,
    TENANT_ID,
    Portfolio,
    add_all,
    created,
    portfolio,
    project_history,
    project_id_of,
    task,
)
from tests.risk.test_features import DAY

FRIDAY = dt.date(2024, 4, 5)
END = START + 400 * DAY


@pytest.fixture(scope="module")
def made() -> Portfolio:
    return portfolio()


def ended(days_after_friday: int | None, status: str = "live") -> ProjectState:
    state = ProjectState(project_id="p", baseline_go_live_on=FRIDAY)
    if days_after_friday is None:
        return state
    at = dt.datetime(2024, 4, 5, 12, tzinfo=dt.UTC) + days_after_friday * DAY
    events = Portfolio()
    events.add(created(0, baseline_go_live_on=FRIDAY), START)
    events.add(ProjectStatusChanged(project_id=project_id_of(0), status=status), at)  # type: ignore[arg-type]
    return project_fold.fold(events.sealed().read_all(TENANT_ID))


@pytest.mark.parametrize(
    ("days", "k_days", "is_late"),
    [(-3, 0, False), (0, 0, False), (1, 0, False), (2, 0, False), (3, 0, True), (3, 1, False), (4, 1, True)],
)
def test_late_is_live_more_than_k_working_days_after(days: int, k_days: int, *, is_late: bool) -> None:
    assert outcome(ended(days), FRIDAY, plain_setting().calendar, END, k_days=k_days) is is_late


def test_an_open_project_is_late_from_the_day_its_date_has_passed() -> None:
    calendar = plain_setting().calendar
    sunday, monday = dt.datetime(2024, 4, 7, 12, tzinfo=dt.UTC), dt.datetime(2024, 4, 8, 12, tzinfo=dt.UTC)
    assert outcome(ended(None), FRIDAY, calendar, sunday) is None
    assert outcome(ended(None), FRIDAY, calendar, monday) is True


def test_an_early_go_live_counts_no_sooner_than_the_date_it_was_early_for() -> None:
    calendar = plain_setting().calendar
    assert outcome(ended(-20), FRIDAY, calendar, dt.datetime(2024, 4, 4, tzinfo=dt.UTC)) is None
    assert outcome(ended(-20), FRIDAY, calendar, dt.datetime(2024, 4, 9, tzinfo=dt.UTC)) is False


def test_a_cancelled_project_is_neither_late_nor_on_time() -> None:
    assert outcome(ended(5, "cancelled"), FRIDAY, plain_setting().calendar, END) is None


def test_a_project_closed_without_a_go_live_went_live_when_it_closed() -> None:
    assert live_on(ended(5, "closed"), plain_setting().calendar) == FRIDAY + 5 * DAY


def test_what_came_after_the_cut_changes_no_byte_of_the_model(made: Portfolio) -> None:
    at = START + 160 * DAY
    until = Portfolio()
    for number in range(24):
        add_all(until, ((when, f) for when, f in history(made, number) if when <= at))
    whole = train(made.sealed(), TENANT_ID, as_of=at, cut=Cut("recorded", recorded_at=at))
    part = train(until.sealed(), TENANT_ID, as_of=at)
    assert isinstance(whole, Model)
    assert isinstance(part, Model)
    assert dump_model(whole) == dump_model(part)


def history(made: Portfolio, number: int) -> list[tuple[dt.datetime, Fact]]:
    events = made.sealed().read_many(TENANT_ID, project_streams(project_id_of(number)), cut=Cut("recorded"))
    return [(event.occurred_at, event.fact) for event in events]


def test_the_model_knows_how_far_the_forecasts_of_the_past_were_off(made: Portfolio) -> None:
    model = train(made.sealed(), TENANT_ID, as_of=END)
    assert isinstance(model, Model)
    assert [band.from_days for band in model.bands] == list(EDGES_DAYS)
    assert all(band.projects >= LEAST_PROJECTS and band.p50_days <= band.p80_days for band in model.bands)
    early = train(made.sealed(), TENANT_ID, as_of=START + 160 * DAY)
    assert isinstance(early, Model)
    assert early.bands != model.bands


def test_training_twice_gives_the_same_bytes(made: Portfolio) -> None:
    first, second = (train(made.sealed(), TENANT_ID, as_of=END) for _ in range(2))
    assert isinstance(first, Model)
    assert isinstance(second, Model)
    assert dump_model(first) == dump_model(second)
    assert first.card.projects == 24
    assert first.card.known_at.startswith("2025-04-08")


def test_before_enough_projects_are_known_nothing_is_fitted(made: Portfolio) -> None:
    refused = train(made.sealed(), TENANT_ID, as_of=START + 60 * DAY)
    assert isinstance(refused, NotFitted)
    assert refused.reason == "too_few_finished_projects"


def test_nothing_at_all_is_not_fitted() -> None:
    assert isinstance(train(Portfolio().sealed(), TENANT_ID, as_of=END), NotFitted)


def test_rows_stop_at_go_live_and_at_the_committed_date(made: Portfolio) -> None:
    tenant, projects = read(made.sealed(), TENANT_ID, NOW, END)
    for events in projects.values():
        end = project_fold.fold(events)
        rows = [example.row for example in examples_of(events, tenant, END, Fitting())]
        assert rows
        assert all(end.live_at is not None and row.as_of < end.live_at for row in rows)
        assert all(row.committed_on is not None and row.as_of.date() <= row.committed_on for row in rows)


def test_each_row_is_held_against_the_promise_of_its_day() -> None:
    made = Portfolio()
    made.add(created(0, baseline_go_live_on=dt.date(2024, 4, 5)), START)
    made.add(task(0, 0, "internal", None), START)
    promise = ProjectGoLiveCommitted(project_id=project_id_of(0), committed_go_live_on=dt.date(2024, 5, 3))
    made.add(promise, START + 15 * DAY)
    made.add(ProjectStatusChanged(project_id=project_id_of(0), status="live"), START + 50 * DAY)
    tenant, projects = read(made.sealed(), TENANT_ID, NOW, END)
    (events,) = projects.values()
    current = list(examples_of(events, tenant, END, Fitting()))
    assert [example.is_late for example in current] == [True, True, True, False, False, False, False, False]
    baseline = list(examples_of(events, tenant, END, Fitting(target="baseline")))
    assert [example.is_late for example in baseline] == [True] * 5


def test_weekly_states_equal_a_fresh_fold_of_what_was_recorded() -> None:
    made = Portfolio()
    add_all(made, project_history(0, START, 6))
    tenant, projects = read(made.sealed(), TENANT_ID, NOW, END)
    (events,) = projects.values()
    calendar = setting_of(tenant, ProjectState()).calendar
    for state, as_of in weekly_states(events, calendar, until=END):
        fresh = project_fold.fold(event for event in events if event.recorded_at <= as_of)
        assert dump_state(state) == dump_state(fresh)
