"""Months as a line or as bars, a distribution as steps, parts of a whole as a bar. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH, HEIGHT = 240, 48
PAD = 4
STEPS_WIDTH, STEPS_HEIGHT = 480, 150
LEFT, FOOT, TOP = 34, 20, 10

Value = Decimal | int | None


@dataclass(frozen=True, slots=True)
class Dot:
    """One month: where it is drawn; `height` is that of its bar."""

    x: float
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Trend:
    """A line that breaks where nothing is known; `bars` has the same values as columns."""

    width: int
    height: int
    lines: Sequence[str]
    dots: Sequence[Dot]
    step: float


@dataclass(frozen=True, slots=True)
class Steps:
    """The share that has arrived by each duration; `median_x` None while half have not."""

    width: int
    height: int
    ground_y: float
    path: str
    ticks_x: Sequence[tuple[float, str]]
    ticks_y: Sequence[tuple[float, str]]
    median_x: float | None
    half_y: float


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a bar that is 100 wide."""

    name: str
    value: Decimal
    x: float
    width: float


def trend(values: Sequence[Value], *, top: Decimal | int | None = None) -> Trend | None:
    """The values from left to right, from zero up to the largest (or `top`); None where fewer than two are known."""
    known = [Decimal(value) for value in values if value is not None]
    if len(known) < 2:
        return None
    highest = max([*known, Decimal(top or 0), Decimal("0.0001")])
    step = (WIDTH - 2 * PAD) / len(values)
    lines: list[list[str]] = [[]]
    dots = []
    for number, value in enumerate(values):
        if value is None:
            lines.append([])
            continue
        height = float(Decimal(value) / highest) * (HEIGHT - 2 * PAD)
        dot = Dot(round(PAD + (number + 0.5) * step, 1), round(HEIGHT - PAD - height, 1), round(height, 1))
        lines[-1].append(f"{dot.x} {dot.y}")
        dots.append(dot)
    paths = [f"M{'L'.join(line)}" for line in lines if len(line) > 1]
    return Trend(WIDTH, HEIGHT, paths, dots, round(step, 1))


def steps(points: Sequence[tuple[int, Decimal]], median_days: int | None) -> Steps | None:
    """The step function through these points; None without any."""
    if not points:
        return None
    longest = points[-1][0] or 1
    ground = STEPS_HEIGHT - FOOT

    def x(days: int) -> float:
        return round(LEFT + days / longest * (STEPS_WIDTH - LEFT - 10), 1)

    def y(share: Decimal) -> float:
        return round(ground - float(share) * (ground - TOP), 1)

    path = f"M{LEFT} {ground}" + "".join(f"H{x(days)}V{y(share)}" for days, share in points) + f"H{STEPS_WIDTH - 4}"
    gap = next(gap for gap in (5, 10, 20, 50, 100, 200, 500, 100_000) if longest / gap <= 6)
    return Steps(
        width=STEPS_WIDTH,
        height=STEPS_HEIGHT,
        ground_y=ground,
        path=path,
        ticks_x=[(x(days), str(days)) for days in range(0, longest + 1, gap)],
        ticks_y=[(y(share), text) for share, text in ((Decimal("0.5"), "50 %"), (Decimal(1), "100 %"))],
        median_x=None if median_days is None else x(median_days),
        half_y=y(Decimal("0.5")),
    )


def pieces(parts: Mapping[str, Decimal | int]) -> list[Piece]:
    """The parts that are not nothing, side by side, in the order given."""
    whole = sum(map(Decimal, parts.values()), Decimal(0))
    found, x = [], 0.0
    for name, value in parts.items():
        if value:
            width = float(Decimal(value) / whole) * 100
            found.append(Piece(name, Decimal(value), round(x, 2), round(width, 2)))
            x += width
    return found
