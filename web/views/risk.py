"""The risk panel: probability, level, and why, with who can act. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from risk.assessment import Driver, Score
from store.projections.projects.state import ProjectState
from web.words import FEATURES, HARD, MINUS, amount, plain

DRIVER_BAR = 100


@dataclass(frozen=True, slots=True)
class DriverLine:
    """A driver; `x` and `width` of its bar on a scale of 200 whose middle is the average project."""

    label: str
    raises: bool
    value: str
    typical: str
    x: float
    width: float
    who_can_act: str
    next_step: str
    subjects: Sequence[str]


@dataclass(frozen=True, slots=True)
class RiskPanel:
    """Level and probability, or why there is none; and the drivers."""

    level: str
    probability: float | None
    reason: str
    sentence: str
    target: str
    k_days: int
    drivers: Sequence[DriverLine]
    model_hash: str
    basis: str


def panel(score: Score, state: ProjectState) -> RiskPanel:
    """The score as a person reads it."""
    longest = max((abs(driver.contribution) for driver in score.drivers), default=1.0) or 1.0
    return RiskPanel(
        level=score.level,
        probability=score.probability,
        reason=score.reason,
        sentence=score.sentence,
        target=score.target,
        k_days=score.k_days,
        drivers=[_line(driver, longest, state) for driver in score.drivers],
        model_hash=score.model_hash,
        basis=score.basis,
    )


def _line(driver: Driver, longest: float, state: ProjectState) -> DriverLine:
    width = round(abs(driver.contribution) / longest * DRIVER_BAR, 1)
    raises = driver.direction == "raises"
    names = [state.tasks[i].name for i in driver.subject_ids if i in state.tasks]
    return DriverLine(
        label=f"Step: {plain(driver.step)}" if driver.step else FEATURES.get(driver.feature, plain(driver.feature)),
        raises=raises,
        value=figure(driver.value, driver.unit),
        typical=figure(driver.typical, driver.unit),
        x=DRIVER_BAR if raises else DRIVER_BAR - width,
        width=width,
        who_can_act=driver.who_can_act,
        next_step=driver.next_step,
        subjects=names,
    )


def figure(value: float | None, unit: str) -> str:
    """A feature's value: a share as per cent, money from its logarithm, anything else to a tenth with its unit."""
    if unit == "name":
        return ""
    if value is None:
        return "not known"
    if unit == "share":
        return f"{round(value * 100)}{HARD}%"
    if unit == "log10 of money":
        return f"about {amount(float(f'{10**value:.1e}'))}"
    text = f"{round(value, 1):g}".replace("-", MINUS)
    return f"{text}{HARD}{unit.removesuffix('s') if text == '1' else unit}"
