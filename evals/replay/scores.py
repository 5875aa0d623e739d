"""What the product would have said at every cut: models refitted every four weeks, scores in between.

A project is never scored by a model that was fitted on a row of its own: where an earlier promise of
a running project has passed, so that its outcome against that promise is known, it is scored by a
second fit without all such projects. Against the first plan such a project is late for certain.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import msgspec
import numpy as np

from evals.replay.fits import BASELINE, CURRENT, TARGETS, Fits, fitted, nothing_known
from evals.replay.looks import RULES, Cuts, Look
from evals.replay.portfolio import FRIDAY, Portfolio
from evals.replay.workers import workers
from plan.calendar import zone_of
from risk.assessment import Score, assess
from risk.outlook import GoLiveRange, go_live_range
from store.events import ProjectCreated, ProjectStatusChanged
from store.log import Event
from store.streams import subjects_of

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
    jobs: int = 1,
) -> Iterator[Said]:
    """One `Said` per look, in the same order. `permuted` shuffles the labels over the projects: a negative control."""
    refits = [at for day, at in cuts if day.weekday() == FRIDAY][::REFIT_WEEKS]
    last: dict[str, Said] = {}
    known = _fits(portfolio, looks, refits, progress, permuted, jobs)
    for look in looks:
        said = _say(look, known[_due(refits, look)], last.get(look.project_id))
        yield said
        if look.as_of_on.weekday() == FRIDAY:
            last[look.project_id] = said


def _due(refits: Sequence[dt.datetime], look: Look) -> int:
    """How many fits were made by then."""
    return bisect_right(refits, look.week.row.as_of)


def _fits(
    portfolio: Portfolio,
    looks: Sequence[Look],
    refits: Sequence[dt.datetime],
    progress: Callable[[str], None],
    permuted: np.random.Generator | None,
    jobs: int,
) -> dict[int, Fits]:
    """The fits by their number, each on the Friday looks before it; where chance is drawn, they are made in order."""
    numbers = sorted({_due(refits, look) for look in looks} - {0})
    fridays = tuple(look for look in looks if look.as_of_on.weekday() == FRIDAY)
    found = {0: nothing_known(may_use_prior=permuted is None)}
    # A fit reads the tenant and the projects' lives; all other facts can stay here.
    slim = replace(portfolio, events=tuple(event for event in portfolio.events if _is_frame(event)))
    with workers((slim, fridays, tuple(refits)), 1 if permuted is not None else jobs) as at_work:
        for number, fits in at_work.ask(partial(_fit, permuted), [str(number) for number in numbers]):
            found[int(number)] = fits
            progress(f"{len(found) - 1} of {len(numbers)} fits")
    return found


def _is_frame(event: Event) -> bool:
    is_of_tenant = any(name == "tenants" for name, _ in subjects_of(event.stream_id, event.type))
    return is_of_tenant or isinstance(event.fact, ProjectCreated | ProjectStatusChanged)


def _fit(
    permuted: np.random.Generator | None,
    held: tuple[Portfolio, Sequence[Look], Sequence[dt.datetime]],
    number: str,
) -> Fits:
    portfolio, fridays, refits = held
    known_at = refits[int(number) - 1]
    weekly: dict[str, list[Look]] = {}
    for look in fridays:
        if look.week.row.as_of < known_at:
            weekly.setdefault(look.project_id, []).append(look)
    return fitted(portfolio, weekly, known_at, permuted)


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
        "basis": said.score.basis,
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
