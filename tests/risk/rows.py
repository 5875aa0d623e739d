"""Made-up feature rows whose outcome follows from two of the features, or from nothing."""

import datetime as dt

import numpy as np

from risk.estimators import Example
from risk.features import FEATURES, FeatureRow

AS_OF = dt.datetime(2024, 5, 1, 22, tzinfo=dt.UTC)
STEPS = ("setup", "validation", "go_live")


def row(values: dict[str, float | None], *, project_id: str = "p", step: str = "setup", week: int = 0) -> FeatureRow:
    return FeatureRow(
        project_id=project_id,
        as_of=AS_OF + dt.timedelta(days=7 * week),
        values=tuple(values.get(feature.name) for feature in FEATURES),
        ids=tuple((f"{feature.name}-id",) for feature in FEATURES),
        step=step,
        step_ids=("step-id",),
    )


def examples(projects: int = 60, weeks: int = 3, seed: int = 1, *, is_noise: bool = False) -> list[Example]:
    rng = np.random.default_rng(seed)
    found: list[Example] = []
    for number in range(projects):
        slow, overdue = float(rng.gamma(2, 4)), float(rng.uniform())
        is_late = bool(rng.uniform() < 1 / (1 + np.exp(-(0.35 * (slow - 7) + 3 * (overdue - 0.5)))))
        if is_noise:
            is_late = bool(rng.uniform() < 0.4)
        for week in range(weeks):
            values: dict[str, float | None] = {
                "customer_response_days": slow + float(rng.normal(0, 1)),
                "overdue_share": overdue if rng.uniform() < 0.8 else None,
                "done_share": float(rng.uniform()),
                "days_to_commitment": 20.0 - 5 * week,
            }
            step = STEPS[int(rng.integers(0, 3))]
            found.append(Example(row(values, project_id=f"p{number:03}", step=step, week=week), is_late))
    return found
