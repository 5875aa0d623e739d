"""What a month can bring at most: revenue recognised by now, and what the plan could still add before its end. Pure.

Fixed fees are recognised by budgeted hours (M1: hours / budgeted hours x fee, capped at the fee with its
accepted changes), time and material at the bill rate of the day. The rest is counted as favourably as
`plan.timeline` counts time: what is not earned even so will not be earned. A subscription earns from go-live on.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from plan.effort import accrued_hours, remaining_of
from plan.network import Network, network_of
from plan.rates import in_currency, rate_on
from plan.timeline import LeastSpans, Staff, Work, least_spans, work_of
from store.projections.people.fold import PersonState
from store.projections.projects.state import ProjectState

NOTHING, ONE = Decimal(0), Decimal(1)
CENT = Decimal("0.01")
SHEETS_LATE = timedelta(days=14)
"""A task finished less than this ago may have hours that nobody has submitted yet."""

Month = str
"""A month as text, "2026-03"."""


@dataclass(frozen=True, slots=True)
class MonthOutlook:
    """Money of one month in the project's currency.

    `recognised`: for submitted hours. `accrued`: for hours worked and not submitted, estimated. `most_to_come`:
    for work that could be done before the month ends if everything goes well. `fee_left`: what the
    earlier months left of a fixed fee, None where nothing caps it.
    """

    month: Month
    recognised: Decimal
    accrued: Decimal
    most_to_come: Decimal
    fee_left: Decimal | None

    @property
    def most(self) -> Decimal:
        """The most the month can bring."""
        whole = self.recognised + self.accrued + self.most_to_come
        return whole if self.fee_left is None else min(whole, self.fee_left)


def month_of(day: date) -> Month:
    """The month a day lies in."""
    return day.isoformat()[:7]


def last_day(month: Month) -> date:
    """The month's last day."""
    year, number = int(month[:4]), int(month[5:7])
    return date(year, number, monthrange(year, number)[1])


def months_between(earlier: Month, later: Month) -> int:
    """How many months the second lies after the first."""
    return (int(later[:4]) - int(earlier[:4])) * 12 + int(later[5:7]) - int(earlier[5:7])


class Earnings:
    """What a project's hours earn, month by month; nothing where neither budget nor bill rate says how much."""

    def __init__(self, project: ProjectState, staff: Staff, as_of: date) -> None:
        self.project, self.staff, self.as_of = project, staff, as_of
        self._is_billed = project.fee_type == "time_and_material"
        self._waiting = accrued_hours(project, staff.tenant, staff.people, as_of)
        self._worked = self._by_month((e.person_id, e.worked_on, e.hours) for e in project.time)
        self._accrued = self._by_month((i, day, hours) for (i, day), hours in self._waiting.by_day.items())

    def recognised(self, month: Month) -> Decimal:
        """Revenue of the month's submitted hours, a fixed fee capped at what earlier months left of it."""
        amount, left = self._worked.get(month, NOTHING), self._left_before(month, self._worked)
        return amount if left is None else min(amount, left)

    def outlook(self, month: Month) -> MonthOutlook:
        """The month's most; `Invalid` prints a cycle of dependencies."""
        left = self._left_before(month, self._worked, self._accrued)
        return MonthOutlook(
            month=month,
            recognised=self._worked.get(month, NOTHING).quantize(CENT),
            accrued=self._accrued.get(month, NOTHING).quantize(CENT),
            most_to_come=(self._to_come(month) + self._unsubmitted(month)).quantize(CENT),
            fee_left=None if left is None else left.quantize(CENT),
        )

    def _by_month(self, hours: Iterable[tuple[str, date, Decimal]]) -> dict[Month, Decimal]:
        sums: dict[Month, Decimal] = {}
        for person_id, day, each in hours:
            sums[month_of(day)] = sums.get(month_of(day), NOTHING) + self._earned(each, person_id, day)
        return sums

    def _earned(self, hours: Decimal, person_id: str | None, day: date, role: str = "") -> Decimal:
        if self._is_billed and (rate := self._bill_rate(person_id, day, role)) is not None:
            return hours * rate
        budget = self.project.budget_hours
        return hours * self._fee() / budget if budget else NOTHING

    def _bill_rate(self, person_id: str | None, day: date, role: str) -> Decimal | None:
        tenant, project = self.staff.tenant, self.project
        person = self.staff.people.get(person_id or "") or PersonState(role=role)
        found = rate_on(tenant, person, project.project_id, day, "bill", role=role)
        return in_currency(tenant, *found, project.currency or tenant.currency, day) if found else None

    def _fee(self) -> Decimal:
        return self.project.fee or NOTHING

    def _left_before(self, month: Month, *earlier: Mapping[Month, Decimal]) -> Decimal | None:
        """What the months before left of a fixed fee with its accepted changes."""
        if self._is_billed or self.project.fee is None:
            return None
        accepted = (r.amount or NOTHING for r in self.project.change_requests.values() if r.decision == "accepted")
        used = sum((amount for sums in earlier for m, amount in sums.items() if m < month), NOTHING)
        return max(sum(accepted, self._fee()) - used, NOTHING)

    def _to_come(self, month: Month) -> Decimal:
        """What the work left earns that could be done by the end of the month."""
        end_on, total = last_day(month), NOTHING
        works, spans = self._earliest
        for work in remaining_of(self.project, self.staff.people, self._waiting).works:
            share = ONE
            if work.task_id is not None:
                share = _share_by(end_on, works[work.task_id], spans, self.as_of) if work.task_id in works else NOTHING
            total += share * self._earned(work.hours, work.person_id, self.as_of, work.role)
        return total

    @cached_property
    def _earliest(self) -> tuple[dict[str, Work], LeastSpans]:
        network: Network = network_of(self.project, self.staff.calendars)
        tasks = self.project.tasks
        works = {t.task_id: work_of(tasks[t.task_id], self.staff, self.as_of) for t in network.tasks}
        return works, least_spans(works, network.links, self.as_of)

    def _unsubmitted(self, month: Month) -> Decimal:
        """What finished tasks may still bring whose sheets are late: their effort beyond the hours logged."""
        logged: dict[str | None, Decimal] = {}
        for entry in self.project.time:
            logged[entry.task_id] = logged.get(entry.task_id, NOTHING) + entry.hours
        total = NOTHING
        for task_id, task in self.project.tasks.items():
            done_on = task.done_at.date() if task.done_at and task.status == "done" else None
            if done_on and month_of(done_on) == month and self.as_of - done_on <= SHEETS_LATE:
                spare = max((task.effort_hours or NOTHING) - logged.get(task_id, NOTHING), NOTHING)
                total += self._earned(spare, task.owner_id, done_on, task.role)
        return total


def _share_by(end_on: date, work: Work, spans: LeastSpans, as_of: date) -> Decimal:
    """The share of a task that could be done by that day."""
    if spans.ends[work.task_id].on <= end_on:
        return ONE
    start_on = max(spans.starts[work.task_id].on, as_of)
    if start_on > end_on:
        return NOTHING
    done = work.calendar.working_days_between(start_on, end_on)
    return min(ONE, Decimal(done) / max(int(work.days) + 1, 1))
