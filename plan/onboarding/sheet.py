"""All onboarding metrics of a period on one sheet. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from plan.attribution import Cause, LostDay, shares
from plan.onboarding.burden import Burden, burden
from plan.onboarding.journey import DAY, Behind, Journey, Period, behind
from plan.onboarding.shares import (
    OnTime,
    Share,
    by_status,
    customer_tasks,
    escalations,
    on_time,
    portal_adoption,
)
from plan.onboarding.value import TimeToValue, time_to_value

COHORT_DAYS = 182
"""A month's time to value is that of the projects signed in the half year that ends with it: one month has too few."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which projects the sheet is about; what is None does not filter."""

    manager_id: str | None = None
    customer_id: str | None = None
    playbook: str | None = None

    def admits(self, journey: Journey) -> bool:
        """Whether the project is among them."""
        pairs = (
            (self.manager_id, journey.manager_id),
            (self.customer_id, journey.customer_id),
            (self.playbook, journey.playbook),
        )
        return all(wanted is None or wanted == own for wanted, own in pairs)


@dataclass(frozen=True, slots=True)
class Delays:
    """Slipped working days that fell in the period, by cause. `by_cause` adds up to `days` exactly."""

    days: int
    by_cause: dict[Cause, Decimal]
    reason: str
    projects: tuple[Behind, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """A figure of a month; None where it is not known."""

    first: date
    last: date
    time_to_value_days: int | None
    on_time_share: Decimal | None
    customer_task_share: Decimal | None
    escalation_share: Decimal | None
    lost_days: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """Every metric of the period, and month by month what it was."""

    period: Period
    projects: int
    time_to_value: TimeToValue
    on_time: OnTime
    customer_tasks: Share
    escalations: Share
    burden: Burden
    portal_adoption: Share
    delays: Delays
    statuses: dict[str, int]
    trend: tuple[Tick, ...]


def sheet(everything: Sequence[Journey], period: Period, wanted: Wanted = Wanted()) -> Sheet:
    """The metrics of the wanted projects; a manager's load counts all projects of theirs."""
    chosen = [journey for journey in everything if wanted.admits(journey)]
    return Sheet(
        period=period,
        projects=len(chosen),
        time_to_value=time_to_value(chosen, period),
        on_time=on_time(chosen, period),
        customer_tasks=customer_tasks(chosen, period),
        escalations=escalations(chosen, period),
        burden=burden(chosen, everything, period),
        portal_adoption=portal_adoption(),
        delays=delays(chosen, period),
        statuses=by_status(chosen),
        trend=tuple(_tick(chosen, month) for month in months(period)),
    )


def delays(journeys: Iterable[Journey], period: Period) -> Delays:
    """The slipped days of these projects that lie in the period."""
    lost: list[LostDay] = []
    found: list[Behind] = []
    for journey in journeys:
        own = [day for day in journey.delay.days if period.holds(day.day)]
        lost += own
        if own:
            causes = shares(own)
            found.append(behind(journey, max(causes, key=lambda cause: causes[cause]), len(own)))
    found.sort(key=lambda project: (-(project.days or 0), project.project_id))
    return Delays(len(lost), shares(lost), "" if lost else "nothing_slipped", tuple(found))


def months(period: Period) -> Iterable[Period]:
    """The calendar months of the period that have begun, the first and the last cut to it."""
    first = period.first
    while first <= min(period.last, period.as_of):
        after = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        yield Period(first, min(after - DAY, period.last), period.as_of)
        first = after


def _tick(journeys: Sequence[Journey], month: Period) -> Tick:
    cohort = replace(month, first=month.last - timedelta(days=COHORT_DAYS - 1))
    return Tick(
        first=month.first,
        last=month.last,
        time_to_value_days=time_to_value(journeys, cohort).median_days,
        on_time_share=on_time(journeys, month).original.share,
        customer_task_share=customer_tasks(journeys, month).share,
        escalation_share=escalations(journeys, month).share,
        lost_days=sum(month.holds(lost.day) for journey in journeys for lost in journey.delay.days),
    )
