"""What makes a project late, kept apart from the world it happens in."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from evals.generator.draw import is_hit, spread


@dataclass(frozen=True)
class Mechanism:
    """One cause structure. Loads and shares are plain fractions; sigmas are of logarithms."""

    name: str
    is_queueing: bool
    staff_load: float
    effort_sigma: float
    effort_shift: float
    customer_speed_sigma: float
    answer_sigma: float
    answer_shift: float
    dark_probability: float
    incomplete_probability: float
    rework_probability: float
    asks_per_project: float
    is_fated: bool = False

    def customer_speed(self, rng: Random) -> float:
        """A customer's own pace for its whole life; above 1 is slow."""
        return spread(rng, self.customer_speed_sigma)

    def answer_days(self, rng: Random, planned_days: int, speed: float) -> int:
        """Working days of the answering party until it acts."""
        days = planned_days * speed * spread(rng, self.answer_sigma, self.answer_shift)
        if is_hit(rng, min(0.5, self.dark_probability * speed)):
            days += rng.randint(6, 16)
        return max(1, round(days))

    def effort_factor(self, rng: Random) -> float:
        return spread(rng, self.effort_sigma, self.effort_shift)


QUEUE = Mechanism("queue", True, 0.3, 0.3, 0.0, 0.15, 0.35, -0.25, 0.03, 0.06, 0.25, 2.5)
CUSTOMER = Mechanism("customer", False, 0.25, 0.2, -0.05, 0.5, 0.45, -0.35, 0.06, 0.2, 0.15, 2.5)
NULL = Mechanism("null", False, 0.4, 0.1, -0.1, 0.0, 0.25, -0.4, 0.0, 0.0, 0.0, 1.5, is_fated=True)

MECHANISMS = {m.name: m for m in (QUEUE, CUSTOMER, NULL)}
