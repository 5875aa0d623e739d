"""What makes a project late, kept apart from the world it happens in."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from evals.generator.draw import is_hit, spread


@dataclass(frozen=True)
class Mechanism:
    """One cause structure. `staff_load` sizes the crew; sigmas and shifts are of logarithms."""

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


# People shared across projects form queues; customers are quick.
QUEUE = Mechanism(
    name="queue",
    is_queueing=True,
    staff_load=0.28,
    effort_sigma=0.3,
    effort_shift=0.0,
    customer_speed_sigma=0.15,
    answer_sigma=0.35,
    answer_shift=-0.25,
    dark_probability=0.03,
    incomplete_probability=0.06,
    rework_probability=0.25,
    asks_per_project=2.5,
)
# Each customer has a pace of its own, goes dark at times and answers in rounds; staff is ample.
CUSTOMER = Mechanism(
    name="customer",
    is_queueing=False,
    staff_load=0.25,
    effort_sigma=0.2,
    effort_shift=-0.05,
    customer_speed_sigma=0.5,
    answer_sigma=0.45,
    answer_shift=-0.5,
    dark_probability=0.06,
    incomplete_probability=0.2,
    rework_probability=0.15,
    asks_per_project=2.5,
)
# Every project goes live on a date drawn before it began; nothing seen on the way tells.
NULL = Mechanism(
    name="null",
    is_queueing=False,
    staff_load=0.4,
    effort_sigma=0.1,
    effort_shift=-0.1,
    customer_speed_sigma=0.0,
    answer_sigma=0.25,
    answer_shift=-0.4,
    dark_probability=0.0,
    incomplete_probability=0.0,
    rework_probability=0.0,
    asks_per_project=1.5,
    is_fated=True,
)

MECHANISMS = {m.name: m for m in (QUEUE, CUSTOMER, NULL)}
