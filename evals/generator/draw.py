"""Seeded draws: one independent stream per label, the same under any hash seed."""

from __future__ import annotations

from math import exp
from random import Random


def stream(seed: int, *labels: str) -> Random:
    """A stream of its own for each label, so that adding a draw in one place moves no other."""
    return Random("/".join((str(seed), *labels)))


def is_hit(rng: Random, probability: float) -> bool:
    return rng.random() < probability


def spread(rng: Random, sigma: float, shift: float = 0.0) -> float:
    """A log-normal factor around exp(shift)."""
    return exp(rng.gauss(shift, sigma))


def halves(hours: float) -> float:
    """Hours rounded to the half hour, never under half an hour."""
    return max(0.5, round(hours * 2) / 2)
