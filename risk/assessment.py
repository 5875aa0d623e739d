"""From a row and a model to a score: probability, level, drivers. Pure.

A driver is a feature's exact part of the log-odds, against the average of the projects the model
was fitted on, with the records it rests on, who can act and what to do next.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

import msgspec

from risk.features import SCHEMA_HASH, FeatureRow, feature_named
from risk.features.registry import NAMES, STEP, Actor
from risk.model import Model, NotFitted, contributions, feature_names, log_odds, probability

Level = Literal["none", "low", "medium", "high", "not_assessed"]
Basis = Literal["", "own", "prior", "date"]
DIGITS = 6
MOST_DRIVERS = 3

SENTENCES = {
    "not_running": "The project is live, closed or cancelled.",
    "no_committed_date": "The project has no committed go-live date to be late against.",
    "no_tasks": "Neither tasks nor activities are known of this project.",
    "other_features": "The model was fitted on other features; it has to be fitted again.",
    "little_known": "Too little is known of this project to compare it with projects elsewhere.",
}
PASSED = "The committed date has passed and the project is not live."
LEAST_KNOWN = 0.5
"""A prior says nothing of a project of which it knows a smaller share of its features."""


class Levels(msgspec.Struct, frozen=True, kw_only=True):
    """From which probability on a level is reached, and below which log-odds a driver is not worth showing."""

    low: float = 0.15
    medium: float = 0.35
    high: float = 0.6
    least_contribution: float = 0.05


class Driver(msgspec.Struct, frozen=True, kw_only=True):
    """A feature's part in the score. `value` is None where the data is missing; `step` is the step's name.

    `typical`: the median of the projects the model knows. `contribution` in log-odds, positive
    towards late.
    """

    feature: str
    direction: Literal["raises", "lowers"]
    value: float | None
    unit: str
    typical: float | None
    contribution: float
    subject_ids: tuple[str, ...]
    who_can_act: Actor
    next_step: str
    step: str = ""


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """How likely the project goes live more than `k_days` working days after the date that `target` names.

    `log_odds` = `intercept` + the sum of `contributions`. Not assessed: no probability, and why.

    `basis`: fitted on the tenant's own projects, on generated ones ("prior", the sentence says so), or
    no prediction at all but the date itself, which has passed; then there are no log-odds.
    """

    project_id: str
    as_of: dt.datetime
    level: Level
    probability: float | None = None
    reason: str = ""
    sentence: str = ""
    target: str = "current"
    k_days: int = 0
    log_odds: float | None = None
    intercept: float | None = None
    contributions: dict[str, float] = {}
    drivers: tuple[Driver, ...] = ()
    model_hash: str = ""
    basis: Basis = ""


def assess(row: FeatureRow, model: Model | NotFitted, *, model_hash: str = "", levels: Levels | None = None) -> Score:
    """The score of the row, or why there is none."""
    if row.not_assessed:
        return _not_assessed(row, row.not_assessed, SENTENCES[row.not_assessed])
    levels = levels or Levels()
    if _has_passed(row, model):
        return _passed(row, model, model_hash, levels)
    if isinstance(model, NotFitted):
        return _not_assessed(row, model.reason, model.sentence)
    if model.schema_hash != SCHEMA_HASH:
        return _not_assessed(row, "other_features", SENTENCES["other_features"])
    if model.basis == "prior" and _known_share(row, model) < LEAST_KNOWN:
        return _not_assessed(row, "little_known", SENTENCES["little_known"])
    return _predicted(row, model, model_hash, levels)


def _predicted(row: FeatureRow, model: Model, model_hash: str, levels: Levels) -> Score:
    logit, parts = log_odds(row, model), contributions(row, model)
    likely = probability(logit)
    return Score(
        project_id=row.project_id,
        as_of=row.as_of,
        level=level_of(likely, levels),
        probability=round(likely, DIGITS),
        sentence=model.note,
        target=model.target,
        k_days=model.k_days,
        log_odds=logit,
        intercept=model.intercept,
        contributions=parts,
        drivers=_drivers(row, model, parts, levels),
        model_hash=model_hash,
        basis=model.basis,
    )


def _has_passed(row: FeatureRow, model: Model | NotFitted) -> bool:
    """Whether the project is late already, by risk.outcome's own rule: more than k working days past the date."""
    if isinstance(model, Model) and model.target != "current":
        return False
    days_left = row.value("days_to_commitment")
    k_days = model.k_days if isinstance(model, Model) else 0
    return days_left is not None and -days_left > k_days


def _passed(row: FeatureRow, model: Model | NotFitted, model_hash: str, levels: Levels) -> Score:
    """Late for certain; where a model knows these features, what it sees says what to do."""
    drivers: tuple[Driver, ...] = ()
    if isinstance(model, Model) and model.schema_hash == SCHEMA_HASH:
        drivers = _drivers(row, model, contributions(row, model), levels)
    return Score(
        project_id=row.project_id,
        as_of=row.as_of,
        level="high",
        probability=1.0,
        sentence=PASSED,
        k_days=model.k_days if isinstance(model, Model) else 0,
        drivers=drivers,
        model_hash=model_hash,
        basis="date",
    )


def _known_share(row: FeatureRow, model: Model) -> float:
    names = [name for name in feature_names(model) if name != STEP]
    return sum(row.value(name) is not None for name in names) / len(names) if names else 1.0


def level_of(likely: float, levels: Levels) -> Level:
    """The level of a probability."""
    if likely >= levels.high:
        return "high"
    if likely >= levels.medium:
        return "medium"
    return "low" if likely >= levels.low else "none"


def _not_assessed(row: FeatureRow, reason: str, sentence: str) -> Score:
    return Score(project_id=row.project_id, as_of=row.as_of, level="not_assessed", reason=reason, sentence=sentence)


def _drivers(row: FeatureRow, model: Model, parts: dict[str, float], levels: Levels) -> tuple[Driver, ...]:
    """The largest parts of what is known and can be acted on, at least one; ties in the order of the names."""
    known = [name for name in parts if (row.step if name == STEP else row.value(name) is not None)]
    ranked = sorted(known, key=lambda name: (_is_circumstance(name), -abs(parts[name]), name))
    worthy = [n for n in ranked if abs(parts[n]) >= levels.least_contribution and not _is_circumstance(n)]
    return tuple(_driver(name, row, model, parts[name]) for name in worthy[:MOST_DRIVERS] or ranked[:1])


def _is_circumstance(name: str) -> bool:
    """A size or a distance in time: it belongs to the score, but nobody can act on it."""
    return name != STEP and feature_named(name).worse == "either"


def _driver(name: str, row: FeatureRow, model: Model, part: float) -> Driver:
    feature = feature_named(name)
    is_step = name == STEP
    return Driver(
        feature=name,
        direction="raises" if part > 0 else "lowers",
        value=None if is_step else row.value(name),
        unit=feature.unit,
        typical=model.typical.get(name),
        contribution=round(part, DIGITS),
        subject_ids=row.step_ids if is_step else row.ids[NAMES.index(name)],
        who_can_act=feature.who_can_act,
        next_step=feature.next_step,
        step=row.step if is_step else "",
    )
