"""A plan over time as plain geometry: one row per task, days along x. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Literal

ROW, BAR = 26, 12
DAY = dt.timedelta(days=1)
NARROWEST, WIDEST = 3.0, 16.0
WIDTH = 860
MOST_DAYS = 1200
WORD_WIDTH = 84
Place = Literal["done", "running", "waiting", "ahead"]


@dataclass(frozen=True, slots=True)
class Span:
    """What is to be drawn of a task: its days, its due day, where it stands."""

    task_id: str
    name: str
    track: str
    starts_on: dt.date
    ends_on: dt.date
    due_on: dt.date | None
    place: Place
    is_critical: bool
    is_milestone: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """A drawn task. `late_x` and `late_width` are the part after its due day."""

    span: Span
    y: float
    x: float
    width: float
    fill_width: float
    late_x: float
    late_width: float

    @property
    def middle(self) -> float:
        """The y of the bar's middle."""
        return self.y + BAR / 2


@dataclass(frozen=True, slots=True)
class Mark:
    """A line down the chart with its words; `is_left` puts them before the line."""

    x: float
    text: str
    kind: str
    is_left: bool = False


@dataclass(frozen=True, slots=True)
class Gantt:
    """The whole drawing, in pixels."""

    width: float
    height: float
    bars: Sequence[Bar]
    months: Sequence[Mark]
    weeks: Sequence[float]
    marks: Sequence[Mark]

    @property
    def first_open_y(self) -> float:
        """Where the first task begins that is not done: what the reader came for."""
        return next((bar.y for bar in self.bars if bar.span.place != "done"), 0)


def gantt(spans: Sequence[Span], today: dt.date, dates: Sequence[tuple[dt.date | None, str, str]]) -> Gantt | None:
    """The chart of these tasks; `dates` are (day, words, kind) lines to draw. None where there is nothing to draw."""
    shown = [(on, text, kind) for on, text, kind in [(today, "Today", "today"), *dates] if on]
    days = [day for span in spans for day in (span.starts_on, span.ends_on)] + [on for on, _, _ in shown]
    if not spans or (max(days) - min(days)).days > MOST_DAYS:
        return None
    first, last = min(days) - 3 * DAY, max(days)
    pixels = min(max((WIDTH - WORD_WIDTH) / ((last - first).days + 1), NARROWEST), WIDEST)
    last += ceil(WORD_WIDTH / pixels) * DAY

    def x_of(day: dt.date) -> float:
        return round((day - first).days * pixels, 1)

    width = x_of(last + DAY)
    return Gantt(
        width=width,
        height=ROW * len(spans),
        bars=[_bar(span, number, x_of, today) for number, span in enumerate(spans)],
        months=[
            Mark(max(x_of(day), 0), f"{day:%b} {day.year}" if day.month == 1 else f"{day:%b}", "month")
            for day in _months(first, last)
        ],
        weeks=[x_of(first + n * DAY) for n in range((last - first).days + 1) if (first + n * DAY).weekday() == 0],
        marks=_marks([Mark(x_of(on), text, kind) for on, text, kind in shown]),
    )


def _bar(span: Span, number: int, x_of: Callable[[dt.date], float], today: dt.date) -> Bar:
    x, end = x_of(span.starts_on), x_of(span.ends_on + DAY)
    width = max(end - x, 2)
    late_from = x_of(max(span.due_on + DAY, span.starts_on)) if span.due_on and span.ends_on > span.due_on else end
    reached = {"done": end, "ahead": x}.get(span.place, min(max(x_of(today), x), end))
    y = number * ROW + (ROW - BAR) / 2
    return Bar(span, y, x, width, round(reached - x, 1), late_from, round(max(end - late_from, 0), 1))


def _months(first: dt.date, last: dt.date) -> list[dt.date]:
    days = [first + n * DAY for n in range((last - first).days + 1)]
    starts = [day for day in days if day.day == 1]
    return starts if starts and (starts[0] - first).days < 12 else [first, *starts]


def _marks(marks: Sequence[Mark]) -> list[Mark]:
    """Words stand right of their line, or left where the next line is near; between two near lines there is no room."""
    ranked = sorted(marks, key=lambda mark: mark.x)
    befores = [float("-inf"), *(mark.x for mark in ranked)]
    afters = [*(mark.x for mark in ranked[1:]), float("inf")]
    found = []
    for mark, before, after in zip(ranked, befores, afters, strict=False):
        is_left = after - mark.x < WORD_WIDTH
        text = "" if is_left and mark.x - before < WORD_WIDTH else mark.text
        found.append(Mark(mark.x, text, mark.kind, is_left))
    return found
