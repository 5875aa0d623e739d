"""When a person is booked beyond their hours, shown as arithmetic anyone can repeat.

A window (a day, an ISO week, four ISO weeks in a row) is violated when its firm hours exceed its
effective capacity times the grain's limit; equality never violates and soft bookings never count.
Only the finest violated grain is reported: weeks that hold a reported day, and four weeks that
hold a reported day or week, are not reported again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import combinations, groupby
from math import comb

from plan.calendar import NO_HOURS
from plan.capacity import SHARE, DayLoad

WEEK = timedelta(days=7)
TRIED_SETS = 100_000


class Grain(StrEnum):
    """The span over which hours are held against capacity, finest first."""

    DAY = "day"
    WEEK = "week"
    FOUR_WEEKS = "four_weeks"


@dataclass(frozen=True, slots=True)
class Limits:
    """Share of capacity above which a window is violated, per grain; 1.1 allows a tenth more."""

    day: Decimal = Decimal(1)
    week: Decimal = Decimal(1)
    four_weeks: Decimal = Decimal(1)

    def of(self, grain: Grain) -> Decimal:
        """The limit of that grain."""
        return {Grain.DAY: self.day, Grain.WEEK: self.week, Grain.FOUR_WEEKS: self.four_weeks}[grain]


EXACT = Limits()


@dataclass(frozen=True, slots=True)
class Window:
    """A span of days with its effective capacity and its firm hours."""

    starts_on: date
    ends_on: date
    capacity_hours: Decimal
    booked_hours: Decimal
    loads: tuple[DayLoad, ...]

    @property
    def hours_over(self) -> Decimal:
        """Firm hours beyond the capacity, 0 when they fit."""
        return max(self.booked_hours - self.capacity_hours, NO_HOURS)

    @property
    def share(self) -> Decimal:
        """Firm hours over capacity, rounded to 1/10,000; a window always has capacity."""
        return (self.booked_hours / self.capacity_hours).quantize(SHARE)

    def exceeds(self, limit: Decimal) -> bool:
        """Whether the firm hours are more than `limit` times the capacity."""
        return self.booked_hours > limit * self.capacity_hours


@dataclass(frozen=True, slots=True)
class ClearingSet:
    """The fewest allocations whose removal clears a finding; of those sets the least hours, then by id.

    `is_minimal` is False only where so many allocations overlap that not every set was tried.
    """

    allocation_ids: tuple[str, ...]
    is_minimal: bool


@dataclass(frozen=True, slots=True)
class OverAllocation:
    """One finding: a run of violated windows of one grain with everything that contributes.

    `windows` are the violated ones in order; a run of days is broken by a day with capacity that is
    not violated, not by a weekend or a day off. Ids are sorted. `violated_grains` names every
    grain that these days violate, `peak_week_share` the fullest of the ISO weeks they touch.
    """

    grain: Grain
    windows: tuple[Window, ...]
    allocation_ids: tuple[str, ...]
    project_ids: tuple[str, ...]
    clearing: ClearingSet
    violated_grains: tuple[Grain, ...]
    peak_week_share: Decimal

    @property
    def starts_on(self) -> date:
        """First violated day (or first day with capacity of the first violated week)."""
        return self.windows[0].starts_on

    @property
    def ends_on(self) -> date:
        """Last violated day (or last day with capacity of the last violated week)."""
        return self.windows[-1].ends_on

    @property
    def hours_over(self) -> Decimal:
        """Hours beyond capacity, summed over the windows."""
        return sum((w.hours_over for w in self.windows), NO_HOURS)


def over_allocations(loads: Sequence[DayLoad], limits: Limits = EXACT) -> tuple[OverAllocation, ...]:
    """Every finding in one person's days, in order of their first day.

    `loads` are the days with capacity in order (`day_loads`); give whole ISO weeks, as a week cut
    off is held against the capacity of the days given.
    """
    days, weeks = tuple(map(_day, loads)), _weeks(loads)
    day_runs = _runs(days, limits.day)
    taken = {_monday(w.starts_on) for run in day_runs for w in run}
    week_runs = _runs([w for w in weeks if _monday(w.starts_on) not in taken], limits.week, step=WEEK)
    taken |= {_monday(w.starts_on) for run in week_runs for w in run}
    spans = list(_four_weeks(weeks, taken, limits.four_weeks))
    found = [(Grain.DAY, r) for r in day_runs] + [(Grain.WEEK, r) for r in week_runs]
    found += [(Grain.FOUR_WEEKS, (span,)) for span in spans]
    found.sort(key=lambda item: item[1][0].starts_on)
    return tuple(_finding(grain, run, weeks, limits) for grain, run in found)


def _day(load: DayLoad) -> Window:
    return Window(load.day, load.day, load.capacity_hours, load.hard_hours, (load,))


def _joined(windows: Sequence[Window]) -> Window:
    return Window(
        windows[0].starts_on,
        windows[-1].ends_on,
        sum((w.capacity_hours for w in windows), NO_HOURS),
        sum((w.booked_hours for w in windows), NO_HOURS),
        tuple(load for w in windows for load in w.loads),
    )


def _weeks(loads: Iterable[DayLoad]) -> tuple[Window, ...]:
    by_week = groupby(map(_day, loads), key=lambda w: _monday(w.starts_on))
    return tuple(_joined(tuple(days)) for _, days in by_week)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _runs(windows: Iterable[Window], limit: Decimal, step: timedelta | None = None) -> list[tuple[Window, ...]]:
    """Neighbouring windows that exceed the limit; with `step`, neighbours start that far apart."""
    runs: list[list[Window]] = []
    is_open = False
    for window in windows:
        follows = is_open and (step is None or _monday(window.starts_on) - _monday(runs[-1][-1].starts_on) == step)
        is_open = window.exceeds(limit)
        if is_open and follows:
            runs[-1].append(window)
        elif is_open:
            runs.append([window])
    return [tuple(run) for run in runs]


def _four_weeks(weeks: Sequence[Window], taken: set[date], limit: Decimal) -> Iterator[Window]:
    """Violated spans of four ISO weeks that hold nothing reported yet and do not overlap."""
    free_from = date.min
    for span in _spans(weeks, {_monday(w.starts_on) for w in weeks}):
        monday = _monday(span.starts_on)
        is_new = monday >= free_from and not any(_monday(load.day) in taken for load in span.loads)
        if is_new and span.exceeds(limit):
            free_from = monday + 4 * WEEK
            yield span


def _spans(weeks: Sequence[Window], mondays: Iterable[date]) -> Iterator[Window]:
    """Four ISO weeks from each of the Mondays, where the weeks given reach that far."""
    given = [_monday(w.starts_on) for w in weeks]
    for monday in sorted(mondays):
        if given[0] <= monday <= given[-1] - 3 * WEEK:
            yield _joined([w for w in weeks if monday <= w.starts_on < monday + 4 * WEEK])


def _finding(grain: Grain, run: tuple[Window, ...], weeks: Sequence[Window], limits: Limits) -> OverAllocation:
    firm = {b.allocation_id: b for w in run for load in w.loads for b in load.bookings if not b.is_soft}
    mondays = {_monday(load.day) for w in run for load in w.loads}
    touched = [w for w in weeks if _monday(w.starts_on) in mondays]
    return OverAllocation(
        grain=grain,
        windows=run,
        allocation_ids=tuple(sorted(firm)),
        project_ids=tuple(sorted({b.project_id for b in firm.values()})),
        clearing=clearing_set(run, limits.of(grain)),
        violated_grains=_violated(grain, weeks, touched, limits),
        peak_week_share=max(w.share for w in touched),
    )


def _violated(grain: Grain, weeks: Sequence[Window], touched: Sequence[Window], limits: Limits) -> tuple[Grain, ...]:
    starts = {_monday(w.starts_on) - n * WEEK for w in touched for n in range(4)}
    holds = {
        Grain.WEEK: any(w.exceeds(limits.week) for w in touched),
        Grain.FOUR_WEEKS: any(span.exceeds(limits.four_weeks) for span in _spans(weeks, starts)),
    }
    return (grain, *(g for g, is_violated in holds.items() if is_violated and g is not grain))


def clearing_set(windows: Sequence[Window], limit: Decimal = Decimal(1)) -> ClearingSet:
    """The fewest firm allocations that, taken away, bring every window down to its limit."""
    needs = [w.booked_hours - limit * w.capacity_hours for w in windows]
    given = _given(windows)

    def clears(chosen: Iterable[str]) -> bool:
        picked = [given[i] for i in chosen]
        return all(sum((g[n] for g in picked), NO_HOURS) >= need for n, need in enumerate(needs))

    greedy = tuple(sorted(_greedy(given, needs)))
    for size in range(1, len(greedy) + 1):
        if comb(len(given), size) > TRIED_SETS:
            return ClearingSet(greedy, is_minimal=size == len(greedy))
        fitting = [chosen for chosen in combinations(sorted(given), size) if clears(chosen)]
        if fitting:
            return ClearingSet(_lightest(fitting, given), is_minimal=True)
    return ClearingSet((), is_minimal=True)


def _given(windows: Sequence[Window]) -> dict[str, list[Decimal]]:
    """Hours that each firm allocation books in each window."""
    given: dict[str, list[Decimal]] = {}
    for number, window in enumerate(windows):
        for load in window.loads:
            for booking in load.bookings:
                if not booking.is_soft:
                    hours = given.setdefault(booking.allocation_id, [NO_HOURS] * len(windows))
                    hours[number] += booking.hours_per_day
    return given


def _greedy(given: Mapping[str, Sequence[Decimal]], needs: Sequence[Decimal]) -> list[str]:
    left, chosen = list(needs), list[str]()
    while any(need > 0 for need in left):
        gain = {
            i: sum(min(h, max(n, NO_HOURS)) for h, n in zip(hours, left, strict=True))
            for i, hours in given.items()
            if i not in chosen
        }
        best = min(gain, key=lambda i: (-gain[i], i))
        chosen.append(best)
        left = [need - hours for need, hours in zip(left, given[best], strict=True)]
    return chosen


def _lightest(sets: Sequence[tuple[str, ...]], given: Mapping[str, Sequence[Decimal]]) -> tuple[str, ...]:
    return min(sets, key=lambda ids: (sum((sum(given[i], NO_HOURS) for i in ids), NO_HOURS), ids))
