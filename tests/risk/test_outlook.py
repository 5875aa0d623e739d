"""The go-live range: earlier errors, whoever is still open counted as at least as late as it is by now."""

import datetime as dt
from decimal import Decimal

from plan.calendar import weekly
from risk.outlook import Seen, bands, cautious, go_live_range, quantile, seen_forecasts, seen_of
from store.projections.projects.state import ProjectState

CALENDAR = weekly("UTC", range(1, 6), Decimal(8))
MONDAY = dt.date(2024, 3, 4)


def test_without_open_projects_it_is_the_plain_quantile() -> None:
    seen = [Seen(f"p{days}", 10, days) for days in range(1, 11)]
    assert (quantile(seen, 0.5), quantile(seen, 0.8)) == (5, 8)


def test_an_open_project_counts_as_at_least_as_late_as_it_is() -> None:
    seen = [Seen(f"p{days}", 10, days) for days in range(1, 6)]
    still_open = [Seen(f"o{number}", 10, 3, is_open=True) for number in range(5)]
    assert quantile([*seen, *still_open], 0.5) > quantile(seen, 0.5)


def test_a_project_weighs_the_same_however_many_weeks_it_has() -> None:
    seen = [*(Seen("long", 10, 40) for _ in range(50)), *(Seen(f"p{days}", 10, days) for days in range(1, 10))]
    assert quantile(seen, 0.5) == 5


def test_a_forecast_counts_from_its_own_day_on_whoever_was_early() -> None:
    early_on, later = MONDAY - dt.timedelta(days=7), MONDAY + dt.timedelta(days=1)
    as_of_on = MONDAY - dt.timedelta(days=14)
    assert seen_of("p", MONDAY, as_of_on, early_on, MONDAY, CALENDAR) is None
    assert seen_of("p", MONDAY, as_of_on, early_on, later, CALENDAR) == Seen("p", 10, -5)
    assert seen_of("p", MONDAY, as_of_on, None, later, CALENDAR) == Seen("p", 10, 1, is_open=True)


def test_too_few_projects_give_no_range() -> None:
    known = bands([Seen(f"p{n}", 10, n) for n in range(7)])
    assert known == ()
    assert go_live_range(MONDAY, MONDAY, known, CALENDAR) is None


def test_the_range_starts_no_sooner_than_today_and_widens_to_p80() -> None:
    known = bands([Seen(f"p{n}", 3, n - 20) for n in range(10)])
    found = go_live_range(MONDAY, MONDAY, known, CALENDAR)
    assert found is not None
    assert MONDAY == found.p50_on <= found.p80_on
    assert found.projects == 10


def test_a_project_cancelled_before_it_was_live_says_nothing_of_forecasts() -> None:
    forecasts = [(MONDAY, MONDAY + dt.timedelta(days=7)), (MONDAY + dt.timedelta(days=7), None)]
    known_at = dt.datetime(2024, 4, 1, 12, tzinfo=dt.UTC)
    life = ProjectState(project_id="p")
    assert list(seen_forecasts("p", forecasts, life, CALENDAR, known_at)) == [Seen("p", 5, 15, is_open=True)]
    life.status = "cancelled"
    assert list(seen_forecasts("p", forecasts, life, CALENDAR, known_at)) == []


def test_few_projects_are_read_with_caution_and_many_as_they_are() -> None:
    assert (cautious(0.8, 9), cautious(0.8, 3)) == (8 / 9, 1.0)
    assert 0.8 <= cautious(0.8, 500) < 0.805
