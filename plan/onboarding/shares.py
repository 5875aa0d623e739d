"""The metrics that are a count of a count: on-time go-live, customer tasks, escalations, adoption, statuses. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from plan.onboarding.journey import Behind, Journey, Period, behind
from plan.onboarding.survival import SHARE

STATUSES = ("active", "on_hold", "live", "re_opened", "closed", "cancelled")


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many. `share` is None, with the reason, where there is nothing to count."""

    count: int
    of: int
    reason: str = ""
    projects: tuple[Behind, ...] = ()

    @property
    def share(self) -> Decimal | None:
        """Count over of, to 1/10,000."""
        return (Decimal(self.count) / self.of).quantize(SHARE) if self.of else None


@dataclass(frozen=True, slots=True)
class Punctuality:
    """Of the projects due in the period: how many were live by then, and what became of the others."""

    due: int
    on_time: int
    late: int
    overdue: int
    on_hold: int
    cancelled: int
    reason: str
    projects: tuple[Behind, ...]

    @property
    def share(self) -> Decimal | None:
        """Live by the date, of all that were due: held and cancelled ones stay in the denominator."""
        return (Decimal(self.on_time) / self.due).quantize(SHARE) if self.due else None


@dataclass(frozen=True, slots=True)
class OnTime:
    """On-time go-live against the first commitment and against the one in force, side by side."""

    original: Punctuality
    current: Punctuality


def on_time(journeys: Sequence[Journey], period: Period) -> OnTime:
    """Both readings of the same projects."""
    return OnTime(
        _punctuality([(j, j.original_on) for j in journeys], period),
        _punctuality([(j, j.current_on) for j in journeys], period),
    )


def _punctuality(dated: Iterable[tuple[Journey, date | None]], period: Period) -> Punctuality:
    due = [(j, on) for j, on in dated if on is not None and period.holds(on) and _is_settled(j, on, period.as_of)]
    found = tuple(behind(j, _outcome(j, on), _late_days(j, on, period)) for j, on in due)
    counts = Counter(project.outcome for project in found)
    return Punctuality(
        due=len(found),
        on_time=counts["on_time"],
        late=counts["late"],
        overdue=counts["overdue"],
        on_hold=counts["on_hold"],
        cancelled=counts["cancelled"],
        reason="" if found else "nothing_due",
        projects=found,
    )


def _is_settled(journey: Journey, due_on: date, as_of: date) -> bool:
    """A date counts from the day after, or as soon as it is kept."""
    return due_on < as_of or (journey.live_on is not None and journey.live_on <= due_on)


def _outcome(journey: Journey, due_on: date) -> str:
    if journey.live_on is not None:
        return "on_time" if journey.live_on <= due_on else "late"
    if journey.cancelled_on is not None:
        return "cancelled"
    return "on_hold" if journey.status == "on_hold" else "overdue"


def _late_days(journey: Journey, due_on: date, period: Period) -> int | None:
    if journey.live_on is None and journey.cancelled_on is not None:
        return None
    return journey.calendar.working_days_between(due_on, journey.live_on or period.as_of)


def customer_tasks(journeys: Iterable[Journey], period: Period) -> Share:
    """Customer tasks done by their first agreed due date, of those due; the projects with late ones behind it."""
    kept = due = 0
    late: list[Behind] = []
    for journey in journeys:
        own = [
            task
            for task in journey.customer_tasks
            if period.holds(task.first_due_on) and (task.first_due_on < period.as_of or task.done_on is not None)
        ]
        in_time = sum(task.done_on is not None and task.done_on <= task.first_due_on for task in own)
        kept, due = kept + in_time, due + len(own)
        if in_time < len(own):
            late.append(behind(journey, f"{len(own) - in_time} of {len(own)} late"))
    return Share(kept, due, "" if due else "nothing_due", tuple(late))


def escalations(journeys: Iterable[Journey], period: Period) -> Share:
    """Projects escalated in the period, of those that ran in it."""
    last = min(period.last, period.as_of)
    running = [j for j in journeys if j.is_running_within(period.first, last)]
    raised = tuple(behind(j, "escalated") for j in running if any(period.holds(on) for on in j.escalated_on))
    return Share(len(raised), len(running), "" if running else "nothing_active", raised)


def portal_adoption() -> Share:
    """Customers that joined of those invited: no fact records an invitation, so nothing can be told."""
    return Share(0, 0, "nothing_invited")


def by_status(journeys: Iterable[Journey]) -> dict[str, int]:
    """How many projects stand where, at the day of the answer."""
    counts = Counter(journey.status for journey in journeys)
    return {status: counts[status] for status in STATUSES}
