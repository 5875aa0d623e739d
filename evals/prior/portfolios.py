"""Generated portfolios as examples, and how many rows of a real one come before it can have a model of its own."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import msgspec

from evals.generator.run import Recipe, generate
from evals.replay.portfolio import Portfolio, load
from risk.estimators import Example, Fitting
from risk.features import setting_of
from risk.model import LEAST_PROJECTS
from risk.training import Week, labelled, weeks_of
from store.projections.projects import fold as project_fold
from store.projections.projects.state import ProjectState

MECHANISMS = ("customer", "null", "queue")
HORIZON_ON = dt.date(2026, 6, 30)
# Seeds used nowhere else: not by the samples, not by a test, not by another measurement.
TRAIN_SEEDS = (70_001, 70_002, 70_003, 70_004)
CHECK_SEEDS = (71_001, 71_002)
WEEK = dt.timedelta(days=7)


def recipe(mechanism: str, seed: int, *, is_poor: bool = False) -> Recipe:
    """Sixty projects over two years."""
    return Recipe(seed, 60, mechanism, HORIZON_ON, months=24, is_poor=is_poor)


def generated(made: Recipe) -> list[Example]:
    """The weekly rows of a generated portfolio whose outcome is known at its end; ids are its own."""
    with tempfile.TemporaryDirectory() as folder:
        generate(made, Path(folder) / "portfolio")
        portfolio = load(Path(folder) / "portfolio")
    prefix = f"{made.mechanism}-{made.seed}"
    return [_renamed(example, f"{prefix}/{example.row.project_id}") for example in known(portfolio)]


def known(portfolio: Portfolio) -> list[Example]:
    """Every row whose outcome the log knows at its end."""
    at = portfolio.events[-1].recorded_at
    return [example for _, weeks, end in _histories(portfolio) for example in _labelled(portfolio, weeks, end, at)]


def before_own_model(portfolio: Portfolio) -> tuple[list[Example], dt.datetime]:
    """The rows made before enough projects were finished for a model of the tenant's own, and that instant."""
    end_at = portfolio.events[-1].recorded_at
    histories = list(_histories(portfolio))
    at = portfolio.events[0].recorded_at
    while at < end_at and _finished(portfolio, histories, at) < LEAST_PROJECTS:
        at += WEEK
    rows = [e for _, weeks, end in histories for e in _labelled(portfolio, weeks, end, end_at)]
    return [example for example in rows if example.row.as_of <= at], at


History = tuple[str, Sequence[Week], ProjectState]


def _histories(portfolio: Portfolio) -> Iterator[History]:
    at = portfolio.events[-1].recorded_at
    tenant = portfolio.frames.at(at)
    for project_id, events in sorted(portfolio.projects.items()):
        end = project_fold.fold(events)
        yield project_id, list(weeks_of(events, end, tenant, at)), end


def _labelled(portfolio: Portfolio, weeks: Iterable[Week], end: ProjectState, at: dt.datetime) -> Iterator[Example]:
    calendar = setting_of(portfolio.frames.at(at), end).calendar
    return labelled((week for week in weeks if week.row.as_of <= at), end, calendar, at, Fitting())


def _finished(portfolio: Portfolio, histories: Sequence[History], at: dt.datetime) -> int:
    lives = ((weeks, portfolio.lives[project_id].at(at)) for project_id, weeks, _ in histories)
    return sum(any(True for _ in _labelled(portfolio, weeks, life, at)) for weeks, life in lives if life.project_id)


def _renamed(example: Example, project_id: str) -> Example:
    return replace(example, row=msgspec.structs.replace(example.row, project_id=project_id))
