"""The leeway needle: spare days to the right of the committed date, days late to the left. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

WIDTH, HEIGHT = 88, 10
FULL_DAYS = 30


@dataclass(frozen=True, slots=True)
class Needle:
    """A bar from the middle; `is_cut` says that it would be longer than the drawing."""

    x: float
    width: float
    is_late: bool
    is_cut: bool


def needle(leeway_days: Decimal | float) -> Needle:
    """The bar of so many working days; its scale ends at 30."""
    days = float(leeway_days)
    shown = min(abs(days), FULL_DAYS)
    width = round(shown / FULL_DAYS * WIDTH / 2, 1)
    middle = WIDTH / 2
    return Needle(round(middle - width, 1) if days < 0 else middle, width, days < 0, abs(days) > FULL_DAYS)
