"""Leeway over the last weeks as plain geometry: days to spare above the line, days late below it. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from risk.burn import LeewayOn

WIDTH, HEIGHT = 320, 84
LEFT, RIGHT, TOP, BOTTOM = 8, 36, 10, 18
LEAST_DAYS = 5


@dataclass(frozen=True, slots=True)
class Dot:
    """A week's point."""

    x: float
    y: float
    on: dt.date
    leeway_days: int


@dataclass(frozen=True, slots=True)
class Burn:
    """The line, the zero it is read against, and its ends."""

    dots: Sequence[Dot]
    zero_y: float

    @property
    def first(self) -> Dot:
        """The oldest week."""
        return self.dots[0]

    @property
    def last(self) -> Dot:
        """The newest week."""
        return self.dots[-1]

    @property
    def line(self) -> str:
        """The path through the dots."""
        return "M" + "L".join(f"{dot.x} {dot.y}" for dot in self.dots)

    @property
    def area(self) -> str:
        """The line closed along zero."""
        return f"{self.line}L{self.last.x} {self.zero_y}L{self.first.x} {self.zero_y}Z"


def burn(weeks: Sequence[LeewayOn]) -> Burn | None:
    """The chart; None where fewer than two weeks are known."""
    if len(weeks) < 2:
        return None
    days = [week.leeway_days for week in weeks]
    top, bottom = max(*days, LEAST_DAYS), min(*days, -LEAST_DAYS)
    first, length = weeks[0].on, (weeks[-1].on - weeks[0].on).days

    def y_of(value: int) -> float:
        return round(TOP + (top - value) / (top - bottom) * (HEIGHT - TOP - BOTTOM), 1)

    def x_of(on: dt.date) -> float:
        return round(LEFT + (on - first).days / length * (WIDTH - LEFT - RIGHT), 1)

    dots = [Dot(x_of(week.on), y_of(week.leeway_days), week.on, week.leeway_days) for week in weeks]
    return Burn(dots, y_of(0))
