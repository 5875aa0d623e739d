"""How many projects each manager carries, and the load above which go-lives come late. Pure.

The capacity is a change point: one on-time rate up to a load, a lower one above it, placed where
the projects are told apart best (largest likelihood). It is reported only where the fall is beyond
chance: twice the log-likelihood gained over one rate for all must pass 8.85, the 5 % bound when the
best of many split points is taken with 15 % of the projects kept on either side (Andrews,
Econometrica 61 (1993) 821-856, table I). The interval holds every load within 3.84 of the best.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import log

from plan.onboarding.journey import DAY, Behind, Journey, Period, behind
from plan.onboarding.survival import SHARE

FEWEST = 30
"""With fewer finished projects no fall can be told from chance."""
TRIMMED = 0.15
SUPREMUM_BOUND = 8.85
INTERVAL_BOUND = 3.84
TENTH = Decimal("0.1")
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Capacity:
    """The mean load of a manager above which the on-time rate falls; `load` None with a `reason` otherwise."""

    load: Decimal | None
    lowest: Decimal | None
    highest: Decimal | None
    rate_up_to: Decimal | None
    rate_above: Decimal | None
    finished: int
    reason: str


@dataclass(frozen=True, slots=True)
class ManagerLoad:
    """One manager: running projects now and on average over the period.

    `weighted` counts each by its effort against the tenant's mean project (1 = a usual one);
    projects of unknown effort count as usual ones and are told in `unweighted`. `due` and `on_time`:
    go-lives whose first commitment fell in the period. `is_above_capacity` None while the capacity is not known.
    """

    manager_id: str | None
    load: int
    weighted: Decimal
    unweighted: int
    mean_load: Decimal
    due: int
    on_time: int
    is_above_capacity: bool | None
    projects: tuple[Behind, ...]


@dataclass(frozen=True, slots=True)
class Burden:
    """Everybody's load, the heaviest first, and the capacity of a manager as this tenant's history shows it."""

    managers: tuple[ManagerLoad, ...]
    capacity: Capacity


def burden(chosen: Sequence[Journey], everything: Sequence[Journey], period: Period) -> Burden:
    """Loads of the chosen projects' managers, counted over all projects of theirs."""
    capacity = capacity_of(everything, period.as_of)
    usual = _usual_effort(everything)
    theirs = _by_manager(everything)
    wanted = {j.manager_id for j in chosen if j.is_running_within(period.first, min(period.last, period.as_of))}
    loads = [_load(manager_id, theirs[manager_id], usual, capacity, period) for manager_id in wanted]
    loads.sort(key=lambda load: (-load.weighted, -load.load, load.manager_id or ""))
    return Burden(tuple(loads), capacity)


def capacity_of(journeys: Sequence[Journey], as_of: date) -> Capacity:
    """The change point over every project whose first commitment has passed; cancelled ones left out."""
    over = [j for j in journeys if j.original_on and j.original_on < as_of and not j.cancelled_on and j.manager_id]
    theirs = _by_manager(journeys)
    told = sorted((_mean_beside(j, theirs[j.manager_id], as_of), _is_on_time(j)) for j in over)
    if len(told) < FEWEST:
        return Capacity(None, None, None, None, None, len(told), "too_few")
    return _change_point(told)


def _change_point(told: Sequence[tuple[Decimal, bool]]) -> Capacity:
    """`told`: load and outcome of each project, by load."""
    total, kept = len(told), sum(is_kept for _, is_kept in told)
    whole, least = _likelihood(kept, total), max(1, round(total * TRIMMED))
    found: list[tuple[float, Decimal, int, int]] = []
    below = 0
    for count, (load, is_kept) in enumerate(told[:-1], start=1):
        below += is_kept
        if load != told[count][0] and least <= count <= total - least:
            gain = 2 * (_likelihood(below, count) + _likelihood(kept - below, total - count) - whole)
            found.append((gain if below / count > (kept - below) / (total - count) else 0.0, load, below, count))
    best = max(found, key=lambda split: (split[0], -split[1]), default=(0.0, Decimal(0), 0, 0))
    if best[0] < SUPREMUM_BOUND:
        return Capacity(None, None, None, None, None, total, "no_fall_seen")
    near = [load for gain, load, _, _ in found if gain > best[0] - INTERVAL_BOUND]
    above = _share(kept - best[2], total - best[3])
    return Capacity(best[1], min(near), max(near), _share(best[2], best[3]), above, total, "")


def _likelihood(kept: int, total: int) -> float:
    """Log-likelihood of so many of so many at their own rate."""
    return sum(count * log(count / total) for count in (kept, total - kept) if count)


def _share(count: int, of: int) -> Decimal:
    return (Decimal(count) / of).quantize(SHARE)


def _is_on_time(journey: Journey) -> bool:
    return journey.live_on is not None and journey.original_on is not None and journey.live_on <= journey.original_on


def _by_manager(journeys: Iterable[Journey]) -> dict[str | None, list[Journey]]:
    found: dict[str | None, list[Journey]] = defaultdict(list)
    for journey in journeys:
        found[journey.manager_id].append(journey)
    return found


def _mean_beside(journey: Journey, theirs: Iterable[Journey], as_of: date) -> Decimal:
    """How many projects ran at once for the manager, itself included, on average over the project's own run."""
    first = journey.created_on
    last = max(first, min(journey.live_on - DAY if journey.live_on else as_of, as_of))
    return _mean_load(theirs, first, last).quantize(TENTH)


def _mean_load(journeys: Iterable[Journey], first: date, last: date) -> Decimal:
    """Mean number that ran at once over these days, both included."""
    days = 0
    for journey in journeys:
        for start, end in filter(None, (span.overlap(first, last) for span in journey.runs)):
            days += (end - start).days + 1
    return Decimal(days) / ((last - first).days + 1)


def _usual_effort(journeys: Iterable[Journey]) -> Decimal:
    known = [j.effort_hours for j in journeys if j.effort_hours]
    return sum(known, Decimal(0)) / len(known) if known else Decimal(1)


def _load(
    manager_id: str | None, theirs: Sequence[Journey], usual: Decimal, capacity: Capacity, period: Period
) -> ManagerLoad:
    last = min(period.last, period.as_of)
    running = [j for j in theirs if j.is_running_within(last, last)]
    weights = [j.effort_hours / usual if j.effort_hours else Decimal(1) for j in running]
    due = [j for j in theirs if period.holds(j.original_on) and not j.cancelled_on]
    return ManagerLoad(
        manager_id=manager_id,
        load=len(running),
        weighted=sum(weights, Decimal(0)).quantize(CENT),
        unweighted=sum(not j.effort_hours for j in running),
        mean_load=_mean_load(theirs, period.first, max(period.first, last)).quantize(CENT),
        due=len(due),
        on_time=sum(map(_is_on_time, due)),
        is_above_capacity=None if capacity.load is None else len(running) > capacity.load,
        projects=tuple(behind(j, j.status) for j in running),
    )
