"""The prior itself: which features mean the same everywhere, and how sure it may be of a mechanism it has not seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from evals.prior.portfolios import MECHANISMS, TRAIN_SEEDS, generated, recipe
from risk.estimators import Example, Fitting, fit
from risk.features import feature_named
from risk.model import Column, Model, NotFitted
from store.errors import Invalid

# Left out: money, names of steps, and whatever depends on how a source is kept or how large its tasks are.
NAMES = (
    "earned_share",
    "overdue_share",
    "overdue_days",
    "pace_ratio",
    "task_slip_days",
    "due_slip_share",
    "customer_overdue_share",
    "customer_wait_days",
    "customer_silence_days",
    "approval_wait_days",
    "days_to_commitment",
    "elapsed_share",
    "planned_end_late_days",
    "leeway_burn_days",
    "chain_late_days",
    "blocked_share",
    "scope_growth_share",
    "hours_ahead_share",
)
DIGITS = 4
Progress = Callable[[str], None]


def training_examples(
    seeds: Sequence[int] = TRAIN_SEEDS, progress: Progress = lambda _text: None
) -> dict[str, list[Example]]:
    """The rows by mechanism."""
    found: dict[str, list[Example]] = {mechanism: [] for mechanism in MECHANISMS}
    for mechanism in MECHANISMS:
        for seed in seeds:
            found[mechanism] += generated(recipe(mechanism, seed))
            progress(f"{mechanism} {seed}: {len(found[mechanism])} rows")
    return found


def fit_prior(by_mechanism: Mapping[str, Sequence[Example]]) -> Model:
    """A model whose penalty and calibration come from mechanisms that it was not fitted on.

    That is what caps its confidence: the slope is the one that unseen mechanisms justify. A feature
    that pulls against the direction which the registry gives it is left out: elsewhere it would mislead.
    """
    names: tuple[str, ...] = NAMES
    contrary: tuple[str, ...] = NAMES
    while contrary:
        model = _fitted(by_mechanism, names)
        contrary = tuple(column.feature for column in model.columns if _is_contrary(column))
        names = tuple(name for name in names if name not in contrary)
    return msgspec.structs.replace(rounded(model), basis="prior", note="From generated projects, not yours.")


def _fitted(by_mechanism: Mapping[str, Sequence[Example]], names: tuple[str, ...]) -> Model:
    part_of = {e.row.project_id: mechanism for mechanism, rows in by_mechanism.items() for e in rows}
    fitting = Fitting(names=names, is_plain=True, part_of=part_of)
    model = fit([example for rows in by_mechanism.values() for example in rows], fitting)
    if isinstance(model, NotFitted):
        raise Invalid("prior_not_fitted", model.sentence, remedy="Generate more portfolios.")
    return model


def _is_contrary(column: Column) -> bool:
    worse = feature_named(column.feature).worse
    return (worse == "higher" and column.coefficient < 0) or (worse == "lower" and column.coefficient > 0)


def rounded(model: Model) -> Model:
    """The same with numbers short enough to be read, and alike on every machine."""
    return msgspec.convert(_rounded(msgspec.to_builtins(model)), Model)


def as_text(model: Model) -> str:
    """The file: indented, in the order of the names."""
    return msgspec.json.format(msgspec.json.encode(model, order="sorted"), indent=1).decode() + "\n"


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, DIGITS) + 0.0
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    return [_rounded(item) for item in value] if isinstance(value, list | tuple) else value
