"""How long until something happens, when for some it has not happened yet and for others never will. Pure.

Aalen-Johansen: the share that has reached the end by each duration, open cases censored (they count
for as long as they are known), cancellations a competing end. With no cancellations it is one minus
Kaplan-Meier. Aalen and Johansen, Scand. J. Statist. 5 (1978) 141-150.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Literal

SHARE = Decimal("0.0001")
End = Literal["reached", "open", "cancelled"]


@dataclass(frozen=True, slots=True)
class Spell:
    """One case: how many working days, and how it stood after them."""

    days: int
    end: End


@dataclass(frozen=True, slots=True)
class Point:
    """By so many working days this share has reached the end."""

    days: int
    share: Decimal


@dataclass(frozen=True, slots=True)
class Curve:
    """The share that has reached the end by each duration at which somebody did; a step function from 0."""

    steps: tuple[tuple[int, Fraction], ...]

    @property
    def points(self) -> tuple[Point, ...]:
        """The steps, shares to 1/10,000."""
        return tuple(Point(days, share_of(share)) for days, share in self.steps)

    def quantile(self, share: Fraction) -> int | None:
        """The first duration by which that share of all has arrived; None where so many never did."""
        return next((days for days, reached in self.steps if reached >= share), None)


def share_of(value: Fraction) -> Decimal:
    """A share to 1/10,000."""
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(SHARE)


def incidence(spells: Iterable[Spell]) -> Curve:
    """The curve of these cases. A case open at a duration still counts among those at risk there."""
    ordered = sorted(spells, key=lambda spell: spell.days)
    at_risk, surviving, reached = len(ordered), Fraction(1), Fraction(0)
    steps: list[tuple[int, Fraction]] = []
    for days, group in groupby(ordered, key=lambda spell: spell.days):
        ends: Sequence[End] = [spell.end for spell in group]
        arrived, gone = ends.count("reached"), ends.count("cancelled")
        if arrived:
            reached += surviving * Fraction(arrived, at_risk)
            steps.append((days, reached))
        surviving *= 1 - Fraction(arrived + gone, at_risk)
        at_risk -= len(ends)
    return Curve(tuple(steps))
