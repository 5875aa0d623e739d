"""Charts are arithmetic: nothing is drawn outside, nothing is lost, heights add up."""

import datetime as dt
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from plan.calendar import Calendar
from plan.capacity import Booking, Contract
from risk.burn import LeewayOn
from web.drawing import burn as burning
from web.drawing import reach as reaching
from web.drawing.burn import burn
from web.drawing.gantt import Span, gantt
from web.drawing.leeway import WIDTH, needle
from web.drawing.loads import FOOT, HEIGHT, loads
from web.drawing.reach import reach

TODAY = dt.date(2026, 9, 7)
WEEK = Calendar("UTC", (Decimal(8),) * 5 + (Decimal(0),) * 2)
CONTRACT = Contract("anna", WEEK)
days = st.dates(dt.date(2026, 6, 1), dt.date(2027, 3, 1))


@given(st.integers(-2000, 2000))
def test_a_needle_stays_in_its_drawing_and_points_the_right_way(leeway_days: int) -> None:
    drawn = needle(leeway_days)
    assert 0 <= drawn.x <= drawn.x + drawn.width <= WIDTH
    assert drawn.is_late is (leeway_days < 0)
    assert drawn.is_cut is (abs(leeway_days) > 30)


@given(st.none() | days, days, st.none() | days, st.integers(0, 90))
def test_a_range_stays_in_its_drawing_and_is_late_after_the_committed_day(
    committed_on: dt.date | None, forecast_on: dt.date, p50_on: dt.date | None, more: int
) -> None:
    p80_on = p50_on + dt.timedelta(days=more) if p50_on else None
    drawn = reach(committed_on, forecast_on, p50_on, p80_on)
    assert drawn is not None
    assert 0 <= drawn.band_x <= drawn.band_x + drawn.spare_width + drawn.late_width <= reaching.WIDTH
    assert min(drawn.spare_width, drawn.late_width) >= 0
    assert drawn.is_late is (committed_on is not None and forecast_on > committed_on)
    if p80_on and (committed_on is None or p80_on <= committed_on):
        assert drawn.late_width == 0


def test_without_a_forecast_no_range_is_drawn() -> None:
    assert reach(TODAY, None, None, None) is None


@given(st.lists(st.integers(-400, 400), min_size=2, max_size=12))
def test_every_week_of_leeway_is_drawn_within_the_frame_and_late_ones_below_the_line(leeway: list[int]) -> None:
    drawn = burn([LeewayOn(TODAY + dt.timedelta(weeks=n), value) for n, value in enumerate(leeway)])
    assert drawn is not None
    assert [dot.leeway_days for dot in drawn.dots] == leeway
    for dot in drawn.dots:
        assert 0 <= dot.x <= burning.WIDTH
        assert 0 <= dot.y <= burning.HEIGHT
        assert dot.y >= drawn.zero_y if dot.leeway_days <= 0 else dot.y <= drawn.zero_y


def test_one_week_is_no_trend() -> None:
    assert burn([LeewayOn(TODAY, 3)]) is None


@st.composite
def bookings(draw: st.DrawFn) -> list[Booking]:
    return [
        Booking(
            f"a{n}",
            f"p{n % 6}",
            first := draw(days),
            first + dt.timedelta(days=draw(st.integers(0, 40))),
            Decimal(draw(st.integers(1, 48))) / 4,
            draw(st.booleans()),
        )
        for n in range(draw(st.integers(0, 7)))
    ]


@given(bookings(), days.filter(lambda day: day.weekday() < 5), st.integers(0, 100))
def test_every_booked_hour_is_drawn_within_the_frame(booked: list[Booking], first: dt.date, length: int) -> None:
    last = first + dt.timedelta(days=length)
    drawn = loads(CONTRACT, booked, first, last, TODAY)
    assert drawn is not None
    for column in drawn.columns:
        assert sum(part.hours for part in column.parts) == column.hard_hours + column.soft_hours
        assert all(part.y >= 0 for part in column.parts)
        assert column.over_y + column.over_height <= HEIGHT - FOOT + 0.2
        assert (column.over_height > 0) is (column.hours_over > 0)
        assert 0 <= column.x <= column.x + column.width <= drawn.width + 1
    assert any(column.is_claimed for column in drawn.columns)


def test_somebody_without_capacity_has_no_picture() -> None:
    idle = Contract("idle", Calendar("UTC", (Decimal(0),) * 7))
    assert loads(idle, [], TODAY, TODAY, TODAY) is None


def test_a_day_over_shows_how_much_by_whom() -> None:
    booked = [Booking("a", "one", TODAY, TODAY, Decimal(6)), Booking("b", "two", TODAY, TODAY, Decimal(4))]
    drawn = loads(CONTRACT, booked, TODAY, TODAY, TODAY)
    assert drawn is not None
    (column,) = [c for c in drawn.columns if c.starts_on == TODAY]
    assert column.hours_over == 2
    assert [(part.project_id, part.hours) for part in column.parts] == [("one", Decimal(6)), ("two", Decimal(4))]
    assert dict(drawn.shades) == {"one": 0, "two": 1}


@st.composite
def spans(draw: st.DrawFn) -> list[Span]:
    found = []
    for n in range(draw(st.integers(1, 12))):
        first = draw(days)
        last = first + dt.timedelta(days=draw(st.integers(0, 60)))
        place = draw(st.sampled_from(["done", "running", "waiting", "ahead"]))
        due = draw(st.none() | days)
        found.append(Span(f"t{n}", f"T {n}", "internal", first, last, due, place, draw(st.booleans()), False))  # type: ignore[arg-type]
    return found


@given(spans(), st.none() | days)
def test_a_plan_is_drawn_within_its_width_and_late_only_after_its_due_day(
    drawn_spans: list[Span], committed: dt.date | None
) -> None:
    chart = gantt(drawn_spans, TODAY, [(committed, "Committed", "committed")])
    assert chart is not None
    assert len(chart.bars) == len(drawn_spans)
    for bar in chart.bars:
        assert 0 <= bar.x <= bar.x + bar.width <= chart.width
        assert 0 <= bar.fill_width <= bar.width + 0.1
        is_late = bar.span.due_on is not None and bar.span.ends_on > bar.span.due_on
        assert (bar.late_width > 0) is is_late
        assert (bar.fill_width > 0) or bar.span.place != "done"
    assert [mark.kind for mark in chart.marks].count("today") == 1


def test_a_plan_over_many_years_is_told_in_the_table_only() -> None:
    far = Span("t", "T", "internal", dt.date(1990, 1, 1), dt.date(2030, 1, 1), None, "ahead", False, False)
    assert gantt([far], TODAY, []) is None
