"""Time to value: working days from contract signed to the success milestone. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from plan.onboarding.journey import Behind, Journey, Period, behind
from plan.onboarding.survival import Point, Spell, incidence

QUARTER, HALF, MOST = Fraction(1, 4), Fraction(1, 2), Fraction(3, 4)


@dataclass(frozen=True, slots=True)
class TimeToValue:
    """Of the projects signed in the period, followed up to the day of the answer.

    `median_days` is by when half of all signed projects have their value, time on hold left out;
    None with a `reason` while that is not known. `median_with_hold_days` is the same by the working
    calendar alone. `curve`: what share has arrived by how many days. `left_out` projects name no
    success milestone.
    """

    median_days: int | None
    reason: str
    quarter_days: int | None
    three_quarters_days: int | None
    median_with_hold_days: int | None
    hold_days: int
    signed: int
    reached: int
    open: int
    cancelled: int
    left_out: int
    curve: tuple[Point, ...]
    projects: tuple[Behind, ...]


def time_to_value(journeys: Iterable[Journey], period: Period) -> TimeToValue:
    """The figure of the period's cohort."""
    signed = [j for j in journeys if period.holds(j.signed_on) and j.signed_on is not None]
    told = [j for j in signed if j.has_success_milestone]
    spells = [(j, *_spell(j, period)) for j in told]
    net = incidence(spell for _, spell, _ in spells)
    gross = incidence(Spell(spell.days + hold, spell.end) for _, spell, hold in spells)
    ends = [spell.end for _, spell, _ in spells]
    median = net.quantile(HALF)
    return TimeToValue(
        median_days=median,
        reason="" if median is not None else _reason(len(signed), len(told)),
        quarter_days=net.quantile(QUARTER),
        three_quarters_days=net.quantile(MOST),
        median_with_hold_days=gross.quantile(HALF),
        hold_days=sum(hold for _, _, hold in spells),
        signed=len(signed),
        reached=ends.count("reached"),
        open=ends.count("open"),
        cancelled=ends.count("cancelled"),
        left_out=len(signed) - len(told),
        curve=net.points,
        projects=tuple(behind(j, spell.end, spell.days) for j, spell, _ in spells),
    )


def _spell(journey: Journey, period: Period) -> tuple[Spell, int]:
    signed_on = journey.signed_on or journey.created_on
    is_reached = journey.value_on is not None and journey.value_on <= period.as_of
    gone_on = journey.ended_on
    last = journey.value_on if is_reached and journey.value_on else gone_on or period.as_of
    days = max(journey.calendar.working_days_between(signed_on, last), 0)
    hold = min(journey.held_days(signed_on, last), days)
    return Spell(days - hold, "reached" if is_reached else "cancelled" if gone_on else "open"), hold


def _reason(signed: int, told: int) -> str:
    if not signed:
        return "nothing_signed"
    return "half_not_reached" if told else "no_success_milestone"
