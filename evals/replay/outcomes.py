"""What became of the projects, by a truth file or by the log itself, and which scores can be held against it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from evals.replay.fits import BASELINE
from evals.replay.looks import Look
from evals.replay.portfolio import Portfolio
from evals.replay.scores import Said
from plan.staffing import calendar_of
from risk.outcome import live_on, outcome


@dataclass(frozen=True, slots=True)
class Ending:
    """The day of the first go-live, and whether that was after the first plan's date; None where nobody knows."""

    live_on: dt.date | None
    is_late: bool | None


class Outcomes(Protocol):
    """Endings by the source's project id; a project without one cannot be scored."""

    def of(self, project_id: str) -> Ending | None:
        """The project's ending."""
        ...

    def is_late(self, look: Look, held_on: dt.date, target: str) -> bool | None:
        """Whether the project of the look went live after the date it was held against then."""
        ...


class Told:
    """The endings that a truth file tells."""

    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        self._endings = {row["project_id"]: _ending(row) for row in rows if row["record"] == "project"}

    def of(self, project_id: str) -> Ending | None:
        """See the port."""
        return self._endings.get(project_id)

    def is_late(self, look: Look, held_on: dt.date, target: str) -> bool | None:
        """See the port; against the first plan's date the file's own word counts."""
        ending = self._endings.get(look.external_id)
        if ending is None or ending.is_late is None:
            return None
        if target == BASELINE:
            return ending.is_late
        return ending.live_on is None or look.calendar.working_days_between(held_on, ending.live_on) > 0


class Logged:
    """The endings that the log itself knows at its end."""

    def __init__(self, portfolio: Portfolio) -> None:
        self._at = portfolio.calendar.end_of_day(portfolio.last_on)
        tenant = portfolio.frames.at(self._at)
        self._lives = {
            life.external_id or project_id: (life, calendar_of(tenant, life.calendar_id))
            for project_id, life in ((i, known.at(self._at)) for i, known in portfolio.lives.items())
        }

    def of(self, project_id: str) -> Ending | None:
        """See the port."""
        if project_id not in self._lives:
            return None
        life, calendar = self._lives[project_id]
        held_on = life.baseline_go_live_on
        is_late = outcome(life, held_on, calendar, self._at) if held_on else None
        return Ending(live_on(life, calendar), is_late)

    def is_late(self, look: Look, held_on: dt.date, _target: str) -> bool | None:
        """See the port."""
        known = self._lives.get(look.external_id)
        return outcome(known[0], held_on, known[1], self._at) if known else None


@dataclass(frozen=True, slots=True)
class Case:
    """A score that can be held against what happened; `weeks_before` the date it was held against."""

    said: Said
    is_late: bool
    weeks_before: float
    live_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Judged:
    """The cases of one target; `abstained` had a known outcome but no score, `passed` came after the date."""

    cases: tuple[Case, ...]
    abstained: int
    passed: int


def load_truth(path: Path) -> tuple[dict[str, Any], ...]:
    """The lines of a truth file, or of the truth.jsonl in a folder."""
    with (path / "truth.jsonl" if path.is_dir() else path).open(encoding="utf-8") as lines:
        return tuple(json.loads(line) for line in lines if line.strip())


def judged(said: Iterable[Said], outcomes: Outcomes, target: str) -> Judged:
    """Scores made before go-live and not after the date they are held against, where the outcome is known."""
    cases, abstained, passed = list[Case](), 0, 0
    for one in said:
        look = one.look
        held_on = look.week.baseline_on if target == BASELINE else look.week.row.committed_on
        ending = outcomes.of(look.external_id)
        is_over = ending is None or (ending.live_on is not None and look.as_of_on >= ending.live_on)
        is_late = outcomes.is_late(look, held_on, target) if held_on and not is_over else None
        if held_on is None or is_late is None or ending is None:
            continue
        if look.as_of_on > held_on:
            passed += 1
        elif one.probability(target) is None:
            abstained += 1
        else:
            cases.append(Case(one, is_late, (held_on - look.as_of_on).days / 7, ending.live_on))
    return Judged(tuple(cases), abstained, passed)


def coverage(said: Iterable[Said], outcomes: Outcomes) -> tuple[int, int]:
    """(scored, all) project-weeks from the third after the first look up to the first plan's date or go-live."""
    wanted, scored = set[tuple[str, int]](), set[tuple[str, int]]()
    first: dict[str, int] = {}
    for one in said:
        look, week = one.look, one.look.as_of_on.toordinal() // 7
        ending, held_on = outcomes.of(look.external_id), look.week.baseline_on
        if ending is None or ending.is_late is None or held_on is None:
            continue
        begins = first.setdefault(look.external_id, week) + 3
        ends_on = min(held_on, ending.live_on or dt.date.max)
        if begins <= week < ends_on.toordinal() // 7:
            wanted.add((look.external_id, week))
            if one.probability_late is not None:
                scored.add((look.external_id, week))
    return len(scored), len(wanted)


def _ending(row: Mapping[str, Any]) -> Ending:
    went_on = row.get("went_live_on")
    days = row.get("days_late")
    return Ending(dt.date.fromisoformat(went_on) if went_on else None, None if days is None else days > 0)
