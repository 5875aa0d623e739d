"""The one function from a project's state to its features. Pure."""

from __future__ import annotations

import datetime as dt
import math
from functools import lru_cache

import msgspec

from risk.features.reading import DIGITS
from risk.features.registry import FEATURES, NAMES
from risk.features.setting import Setting
from risk.features.view import View, status_at, until, view_of
from store.projections.projects.state import ProjectState

NO_STEP = ""


class FeatureRow(msgspec.Struct, frozen=True, kw_only=True):
    """The features of one project at one instant, in the order of the registry.

    `values` are rounded to six digits, None where the data is missing; `ids[i]` are the records
    that `values[i]` rests on. `not_assessed` says why no score makes sense, empty when it does.
    """

    project_id: str
    as_of: dt.datetime
    values: tuple[float | None, ...]
    ids: tuple[tuple[str, ...], ...]
    step: str
    step_ids: tuple[str, ...] = ()
    committed_on: dt.date | None = None
    not_assessed: str = ""

    def value(self, name: str) -> float | None:
        """One feature by its name."""
        return self.values[_index(name)]


def features(state: ProjectState, setting: Setting, as_of: dt.datetime) -> FeatureRow:
    """What is known of the project at `as_of` (aware), for training, serving and replay alike.

    The state must have been folded from what was known at the cut; what happened after `as_of` is
    left out besides.
    """
    view = view_of(state, setting, as_of)
    readings = [feature.read(view) for feature in FEATURES]
    step, step_ids = _step(view)
    return FeatureRow(
        project_id=state.project_id,
        as_of=as_of,
        values=tuple(_rounded(reading.value) for reading in readings),
        ids=tuple(reading.ids for reading in readings),
        step=step,
        step_ids=step_ids,
        committed_on=view.committed_on,
        not_assessed=_not_assessed(view),
    )


@lru_cache(maxsize=256)
def _index(name: str) -> int:
    return NAMES.index(name)


def _rounded(value: float | None) -> float | None:
    # Adding zero turns -0.0 into 0.0, which prints as other bytes.
    return None if value is None or not math.isfinite(value) else round(value, DIGITS) + 0.0


def _step(view: View) -> tuple[str, tuple[str, ...]]:
    if view.activities:
        moved = [activity for activity in view.activities if activity.task_id]
        last = (moved or view.activities)[-1]
        return last.activity, (last.event_id,)
    stages = until(view.state.stage_moves, view.as_of)
    if stages:
        return stages[-1].status, (stages[-1].event_id,)
    return NO_STEP, ()


def _not_assessed(view: View) -> str:
    status = status_at(view.state, view.as_of)
    if status not in {"active", "on_hold"}:
        return "not_running"
    if view.committed_on is None:
        return "no_committed_date"
    return "" if view.tasks or view.activities else "no_tasks"
