"""A range of go-live days: the plan's forecast, moved by how far earlier forecasts were off. Pure.

Forecasts of the past are compared with what came of them, in working days, at about the same
distance from the forecast day. A project that is not live yet counts as at least as late as it is
by now: its error is censored, and the quantiles are those of the Kaplan-Meier curve (Kaplan and
Meier 1958), read a little higher where few projects are known. Each project weighs the same within
a band, however many of its weeks fall into it.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from plan.calendar import Calendar
from risk.outcome import live_on
from store.projections.projects.state import ProjectState

EDGES_DAYS = (0, 6, 11, 21, 41, 61)
LEAST_PROJECTS = 8
P50, P80 = 0.5, 0.8


@dataclass(frozen=True, slots=True)
class Seen:
    """A forecast of the past. `lead_days`: working days it lay ahead; `late_days`: from it to go-live.

    `is_open`: not live yet, so `late_days` is the least that it can become.
    """

    project_id: str
    lead_days: int
    late_days: int
    is_open: bool = False


class Band(msgspec.Struct, frozen=True, kw_only=True):
    """How far forecasts were off that lay at least `from_days` working days ahead, up to the next band."""

    from_days: int
    p50_days: int
    p80_days: int
    projects: int


class GoLiveRange(NamedTuple):
    """The day by which half, and the one by which four in five such projects were live; how many it rests on."""

    p50_on: dt.date
    p80_on: dt.date
    projects: int = 0


def seen_of(
    project_id: str,
    forecast_on: dt.date,
    as_of_on: dt.date,
    live_on: dt.date | None,
    known_on: dt.date,
    calendar: Calendar,
) -> Seen | None:
    """What became of a forecast by `known_on`; None while its day has not passed, early finishers too.

    A forecast counts from its own day on whether the project was live by then or not: counting the
    early ones first would bring good news only.
    """
    if known_on <= forecast_on:
        return None
    late_days = calendar.working_days_between(forecast_on, live_on or known_on)
    lead_days = calendar.working_days_between(as_of_on, forecast_on)
    return Seen(project_id, max(lead_days, 0), late_days, live_on is None)


def seen_forecasts(
    project_id: str,
    forecasts: Iterable[tuple[dt.date, dt.date | None]],
    life: ProjectState,
    calendar: Calendar,
    known_at: dt.datetime,
) -> Iterator[Seen]:
    """What became of a project's forecasts, (made on, for) each, by `known_at`; `life` is folded up to then.

    A project cancelled before it went live says nothing.
    """
    went_on, known_on = live_on(life, calendar), calendar.local_date(known_at)
    if life.status == "cancelled" and went_on is None:
        return
    for as_of_on, forecast_on in forecasts:
        seen = forecast_on and seen_of(project_id, forecast_on, as_of_on, went_on, known_on, calendar)
        if seen:
            yield seen


def bands(seen: Sequence[Seen]) -> tuple[Band, ...]:
    """The errors by distance; a band with too few projects takes those of its neighbours. None of too few in all."""
    if len({one.project_id for one in seen}) < LEAST_PROJECTS:
        return ()
    return tuple(_band(seen, index) for index in range(len(EDGES_DAYS)))


def go_live_range(
    forecast_on: dt.date, as_of_on: dt.date, known: Sequence[Band], calendar: Calendar
) -> GoLiveRange | None:
    """The range around the plan's forecast, never before today; None where too few projects are known."""
    lead_days = max(calendar.working_days_between(as_of_on, forecast_on), 0)
    band = next((band for band in reversed(known) if band.from_days <= lead_days), None)
    if band is None:
        return None
    on = calendar.on_or_after(forecast_on)
    p50, p80 = (max(calendar.add_working_days(on, days), as_of_on) for days in (band.p50_days, band.p80_days))
    return GoLiveRange(p50, max(p50, p80), band.projects)


def quantile(seen: Iterable[Seen], share: float) -> int:
    """The days by which this share was live, by Kaplan-Meier; where it was never reached, the longest seen."""
    known = list(seen)
    rows = Counter(one.project_id for one in known)
    ended: dict[int, float] = defaultdict(float)
    left: dict[int, float] = defaultdict(float)
    for one in known:
        (left if one.is_open else ended)[one.late_days] += 1 / rows[one.project_id]
    at_risk, surviving = float(len(rows)), 1.0
    for days in sorted({*ended, *left}):
        if at_risk > 0:
            surviving *= 1 - min(ended[days] / at_risk, 1.0)
        if surviving <= 1 - share + 1e-9:
            return days
        at_risk -= ended[days] + left[days]
    return max(one.late_days for one in known)


def cautious(share: float, projects: int) -> float:
    """The share to read off so few projects that the next one falls below it with at least that chance.

    Rank ceil((n + 1) x share) of n (split conformal prediction; Lei et al. 2018).
    """
    return min(math.ceil((projects + 1) * share - 1e-9) / projects, 1.0)


def _band(seen: Sequence[Seen], index: int) -> Band:
    for reach in range(len(EDGES_DAYS) + 1):
        chosen = [one for one in seen if index - reach <= _index(one.lead_days) <= index + reach]
        projects = len({one.project_id for one in chosen})
        if projects >= LEAST_PROJECTS:
            break
    return Band(
        from_days=EDGES_DAYS[index],
        p50_days=quantile(chosen, cautious(P50, projects)),
        p80_days=quantile(chosen, cautious(P80, projects)),
        projects=projects,
    )


def _index(lead_days: int) -> int:
    return max(index for index, edge in enumerate(EDGES_DAYS) if edge <= lead_days)
