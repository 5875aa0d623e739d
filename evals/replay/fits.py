"""Everything that is fitted at one instant of a replay: on what was known then, and on nothing else."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from sklearn.linear_model import LogisticRegression

from evals.replay.looks import RULES, Look
from evals.replay.portfolio import Portfolio
from plan.staffing import calendar_of
from risk.artifacts import prior
from risk.estimators import Example, Fitting, fit
from risk.model import Model, NotFitted, probability
from risk.outlook import Band, Seen, bands, seen_forecasts
from risk.training import labelled

BASELINE, CURRENT = "baseline", "current"
TARGETS = (BASELINE, CURRENT)
NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)
Weekly = Mapping[str, Sequence[Look]]


@dataclass(frozen=True, slots=True)
class Curve:
    """A logistic curve over one rule's value."""

    slope: float
    offset: float

    def at(self, value: float) -> float:
        """The calibrated probability."""
        return probability(self.offset + self.slope * value)


@dataclass(frozen=True, slots=True)
class Fits:
    """The models by target, the rules' curves, the share of late projects, and how far plans were off.

    `apart` is the current-date model without the `contributors`: running projects that have rows in it.
    """

    models: Mapping[str, Model | NotFitted]
    apart: Model | NotFitted
    contributors: frozenset[str] = frozenset()
    bands: tuple[Band, ...] = ()
    rates: Mapping[str, float] = field(default_factory=lambda: dict.fromkeys(TARGETS, 0.5))
    curves: Mapping[tuple[str, str], Curve | None] = field(default_factory=dict)


def nothing_known(*, may_use_prior: bool = True) -> Fits:
    """What there is before the first fit: the prior, as for a tenant without history."""
    models = {target: _or_prior(fit([]), may_use_prior=may_use_prior) for target in TARGETS}
    return Fits(models, models[CURRENT])


def _or_prior(model: Model | NotFitted, *, may_use_prior: bool) -> Model | NotFitted:
    return prior()[1] if isinstance(model, NotFitted) and may_use_prior else model


def fitted(
    portfolio: Portfolio, weekly: Weekly, known_at: dt.datetime, permuted: np.random.Generator | None = None
) -> Fits:
    """The fits at `known_at` on the looks had by then, the prior where they are too few, as live.

    `permuted` deals the labels out anew among the projects; the prior, which knows better, is left out then.
    """
    tables = {target: _examples(portfolio, weekly, known_at, target) for target in TARGETS}
    if permuted is not None:
        tables = {target: _shuffled(examples, permuted) for target, examples in tables.items()}
    may_use_prior = permuted is None
    models = {
        t: _or_prior(fit(known, _fitting(t, known_at)), may_use_prior=may_use_prior) for t, known in tables.items()
    }
    running = {i for i in weekly if portfolio.lives[i].at(known_at).is_running}
    own = frozenset(e.row.project_id for e in tables[CURRENT]) & running
    others = [e for e in tables[CURRENT] if e.row.project_id not in own]
    signals = {_key(look.project_id, look.week.row.as_of): look.signals for own in weekly.values() for look in own}
    return Fits(
        models=models,
        apart=_or_prior(fit(others, _fitting(CURRENT, known_at)), may_use_prior=may_use_prior)
        if own
        else models[CURRENT],
        contributors=own,
        bands=bands(list(_seen(portfolio, weekly, known_at))),
        rates={target: _rate(examples) for target, examples in tables.items()},
        curves={
            (target, rule): _curve([(signals[_key(e.row.project_id, e.row.as_of)][rule], e) for e in examples])
            for target, examples in tables.items()
            for rule in RULES
        },
    )


def _key(project_id: str, as_of: dt.datetime) -> tuple[str, dt.datetime]:
    return project_id, as_of


def _fitting(target: str, known_at: dt.datetime) -> Fitting:
    return Fitting(target=target, known_at=known_at.isoformat())


def _examples(portfolio: Portfolio, weekly: Weekly, known_at: dt.datetime, target: str) -> list[Example]:
    """The rows looked at so far whose outcome is known by now; labels as in live training."""
    tenant, fitting, found = portfolio.frames.at(known_at), _fitting(target, known_at), list[Example]()
    for project_id, own in sorted(weekly.items()):
        life = portfolio.lives[project_id].at(known_at)
        calendar = calendar_of(tenant, life.calendar_id)
        found += labelled([look.week for look in own], life, calendar, known_at, fitting)
    return found


def _shuffled(examples: list[Example], rng: np.random.Generator) -> list[Example]:
    """Each project's rows get the labels of another project: nothing is left to learn."""
    names = sorted({e.row.project_id for e in examples})
    share = {n: np.mean([e.is_late for e in examples if e.row.project_id == n]) >= 0.5 for n in names}
    given = dict(zip(names, rng.permutation([share[n] for n in names]), strict=True))
    return [Example(e.row, bool(given[e.row.project_id])) for e in examples]


def _seen(portfolio: Portfolio, weekly: Weekly, known_at: dt.datetime) -> Iterator[Seen]:
    tenant = portfolio.frames.at(known_at)
    for project_id, own in sorted(weekly.items()):
        life = portfolio.lives[project_id].at(known_at)
        forecasts = [(look.as_of_on, look.week.forecast_on) for look in own]
        yield from seen_forecasts(project_id, forecasts, life, calendar_of(tenant, life.calendar_id), known_at)


def _rate(examples: Sequence[Example]) -> float:
    """The share of late projects so far, each counted once, drawn towards one half by one project of each kind."""
    late: dict[str, list[bool]] = {}
    for example in examples:
        late.setdefault(example.row.project_id, []).append(example.is_late)
    return (sum(sum(own) / len(own) for own in late.values()) + 1) / (len(late) + 2)


def _curve(known: Sequence[tuple[float | None, Example]]) -> Curve | None:
    """The curve, each project weighing the same; None where there is nothing to fit it on."""
    rows = [(value, example) for value, example in known if value is not None]
    late = [example.is_late for _, example in rows]
    counts = Counter(example.row.project_id for _, example in rows)
    if len(counts) < Fitting().min_projects or len(set(late)) < 2:
        return None
    weights = [1 / counts[example.row.project_id] for _, example in rows]
    found = LogisticRegression(C=100.0).fit(np.array([[value] for value, _ in rows]), late, sample_weight=weights)
    slope, offset = float(found.coef_[0][0]), float(found.intercept_[0])
    return Curve(slope, offset) if math.isfinite(slope) else None
