"""The waiting clock: since when a task waits on its owner, and how old that wait is.

The clock starts at the latest of three: the predecessors were done, the planned start was reached,
the owner was told (portal, message, call). It counts the owner's own working time, stands still
while the work is on hold and stops for good when the task is done.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from plan.calendar import Calendar


class WaitState(StrEnum):
    """Whether the clock has not started, runs, stands still or has stopped."""

    NOT_STARTED = "not_started"
    RUNNING = "running"
    ON_HOLD = "on_hold"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Hold:
    """A time on hold; `ends_at` None while it lasts."""

    starts_at: datetime
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """What is known of a task that its owner must act on.

    `predecessors_done_at` holds one entry per predecessor, None for one that is not done; without
    links it is empty and says nothing. `planned_start_on` None says nothing either. `told_at` None
    means the owner was never told, and the clock has not started.
    """

    told_at: datetime | None
    planned_start_on: date | None = None
    predecessors_done_at: tuple[datetime | None, ...] = ()
    done_at: datetime | None = None
    holds: tuple[Hold, ...] = ()


@dataclass(frozen=True, slots=True)
class WaitingClock:
    """A reading of the clock.

    `age_days` counts the owner's working days after the day the clock started, up to and including
    the day read, days on hold left out; `age_hours` the owner's working hours to 1/10,000.
    `stops_at` is when the task was done, None before. Where the clock has not started both ages are None.
    """

    state: WaitState
    starts_at: datetime | None
    stops_at: datetime | None
    age_days: int | None
    age_hours: Decimal | None


def waiting_clock(wait: Wait, owner: Calendar, tenant: Calendar, now: datetime) -> WaitingClock:
    """The clock as read at `now`: the plan's dates lie in the tenant's zone, the age is the owner's.

    Work done before the clock would have started never waited: it has stopped at age 0.
    """
    starts_at = clock_start(wait, tenant)
    done_at = wait.done_at if wait.done_at is not None and wait.done_at <= now else None
    if done_at is None and (starts_at is None or starts_at > now):
        return WaitingClock(WaitState.NOT_STARTED, starts_at, None, None, None)
    spans = [] if starts_at is None else _running(starts_at, done_at or now, wait.holds)
    days = sum(owner.working_days_between(owner.local_date(a), owner.local_date(b)) for a, b in spans)
    hours = sum((owner.working_hours_between(a, b) for a, b in spans), Decimal(0))
    return WaitingClock(_state(wait, now, is_done=done_at is not None), starts_at, done_at, days, hours)


def clock_start(wait: Wait, tenant: Calendar) -> datetime | None:
    """The latest of predecessors done, start of the planned day and owner told; None while one is missing."""
    if wait.told_at is None or None in wait.predecessors_done_at:
        return None
    done = [at for at in wait.predecessors_done_at if at is not None]
    planned = [] if wait.planned_start_on is None else [tenant.start_of_day(wait.planned_start_on)]
    return max([wait.told_at, *done, *planned])


def _state(wait: Wait, now: datetime, *, is_done: bool) -> WaitState:
    if is_done:
        return WaitState.STOPPED
    is_held = any(h.starts_at <= now and (h.ends_at is None or now < h.ends_at) for h in wait.holds)
    return WaitState.ON_HOLD if is_held else WaitState.RUNNING


def _running(starts_at: datetime, until: datetime, holds: Sequence[Hold]) -> list[tuple[datetime, datetime]]:
    """The spans from `starts_at` to `until` that are not on hold, in order."""
    spans: list[tuple[datetime, datetime]] = []
    at = starts_at
    for held_from, held_to in _sorted(holds, until):
        if at < min(held_from, until):
            spans.append((at, min(held_from, until)))
        at = max(at, held_to)
    return [*spans, (at, until)] if at < until else spans


def _sorted(holds: Iterable[Hold], until: datetime) -> list[tuple[datetime, datetime]]:
    return sorted((h.starts_at, until if h.ends_at is None else h.ends_at) for h in holds)
