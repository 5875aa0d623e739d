"""What the product would have said at every cut: models refitted every four weeks, scores in between.

A project is never scored by a model that was fitted on a row of its own: where an earlier promise of
a running project has passed, so that its outcome against that promise is known, it is scored by a
second fit without all such projects. Against the first plan such a project is late for certain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np

from evals.replay.fits import BASELINE, CURRENT, TARGETS, Fits, fitted, nothing_known
from evals.replay.looks import RULES, Cuts, Look
from evals.replay.portfolio import FRIDAY, Portfolio
from plan.calendar import zone_of
from risk.assessment import Score, assess
from risk.outlook import GoLiveRange, go_live_range

REFIT_WEEKS = 4
CONSTANT, LAST_WEEK = "constant past rate", "last week's value"
SHOWN = ("feature", "direction", "value", "unit", "typical", "contribution", "who_can_act", "next_step", "step")


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of a project at a cut; `rules`: target -> rule -> probability.

    `score` is against the date in force, `probability_late` against the first plan's date, which had
    passed where `is_certain`.
    """

    look: Look
    score: Score
    probability_late: float | None
    range: GoLiveRange | None
    rules: Mapping[str, Mapping[str, float]]
    is_certain: bool = False

    def probability(self, target: str) -> float | None:
        """Against the first plan's date or the date in force."""
        return self.probability_late if target == BASELINE else self.score.probability


def say(
    portfolio: Portfolio,
    looks: Sequence[Look],
    cuts: Cuts,
    progress: Callable[[str], None] = lambda _text: None,
    *,
    permuted: np.random.Generator | None = None,
) -> Iterator[Said]:
    """One `Said` per look, in the same order. `permuted` shuffles the labels over the projects: a negative control."""
    refits = [at for day, at in cuts if day.weekday() == FRIDAY][::REFIT_WEEKS]
    weekly: dict[str, list[Look]] = {}
    last: dict[str, Said] = {}
    fits, done = nothing_known(), 0
    for look in looks:
        due = sum(at <= look.week.row.as_of for at in refits)
        if due > done:
            fits, done = fitted(portfolio, weekly, refits[due - 1], permuted), due
            progress(f"{look.as_of_on}, {due} of {len(refits)} fits")
        said = _say(look, fits, last.get(look.project_id))
        yield said
        if look.as_of_on.weekday() == FRIDAY:
            weekly.setdefault(look.project_id, []).append(look)
            last[look.project_id] = said


def line(said: Said) -> dict[str, Any]:
    """A line of scores.jsonl, in the source's own ids."""
    as_of = said.look.week.row.as_of.astimezone(zone_of(said.look.calendar.timezone))
    drivers: list[dict[str, Any]] = msgspec.to_builtins(said.score.drivers)
    return {
        "project_id": said.look.external_id,
        "as_of": as_of.isoformat(timespec="seconds"),
        "probability_late": said.probability_late,
        "probability_late_current": said.score.probability,
        "p50_go_live": said.range.p50_on.isoformat() if said.range else None,
        "p80_go_live": said.range.p80_on.isoformat() if said.range else None,
        "level": said.score.level,
        "reason": said.score.reason,
        "drivers": [{name: d[name] for name in SHOWN if d.get(name) is not None} for d in drivers],
    }


def _say(look: Look, fits: Fits, last: Said | None) -> Said:
    row, held_on = look.week.row, look.week.baseline_on
    model = fits.apart if look.project_id in fits.contributors else fits.models[CURRENT]
    is_certain = held_on is not None and look.calendar.working_days_between(held_on, look.as_of_on) > 0
    probability: float | None = None
    if held_on is not None:
        # The date has passed and the project is not live: that is no longer a prediction.
        probability = 1.0 if is_certain else assess(row, fits.models[BASELINE]).probability
    forecast_on = look.week.forecast_on
    return Said(
        look=look,
        score=assess(row, model),
        probability_late=probability,
        range=go_live_range(forecast_on, look.as_of_on, fits.bands, look.calendar) if forecast_on else None,
        rules={target: _rules(look, fits, target, last) for target in TARGETS},
        is_certain=is_certain,
    )


def _rules(look: Look, fits: Fits, target: str, last: Said | None) -> dict[str, float]:
    rate = fits.rates[target]
    said = {CONSTANT: rate}
    for rule in RULES:
        curve, value = fits.curves.get((target, rule)), look.signals[rule]
        said[rule] = rate if curve is None or value is None else curve.at(value)
    before = last.probability(target) if last else None
    return {**said, LAST_WEEK: rate if before is None else before}
