"""What a project has cost, will cost and earns: actual, accrued, to complete, at completion, margin. Pure.

EAC = actual + accrued + ETC, with ETC = max(re-estimated, performance-based) remaining work x dated
rate + remaining expenses. All amounts in the project's currency; where a rate or an exchange rate is
missing the figure is not assessed, and `missing` says why. "Loaded" cost is what the cost rates hold;
expenses are included on both sides. docs/money.md tells the formulas and where they come from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from plan.effort import PersonDay, Remaining, accrued_hours, booked_hours_from, remaining_of
from plan.rates import RateKind, by_way_of_home, rate_on
from plan.revenue import by_budgeted_hours
from store.projections.people.fold import PersonState
from store.projections.projects.state import ProjectState
from store.projections.tenants.fold import TenantState

NOTHING = Decimal(0)
HUNDRED = Decimal(100)
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Statement:
    """A project's money as of a day, in `currency`; None is "not assessed", and `missing` holds the reasons.

    `accrued_*` are estimated: booked hours of weeks that nobody has submitted a sheet for.
    `actual_cost` and `etc_cost` include expenses. `performance` is hours worked per hour estimated.
    `variance` = budget − EAC, positive is good. Margins are shares; `drift_points` = forecast − sold
    margin in points, negative is bad. `margin_actual` takes revenue by budgeted hours (M1).
    """

    currency: str
    actual_hours: Decimal
    accrued_hours: Decimal
    etc_hours: Decimal
    performance: Decimal
    actual_cost: Decimal | None
    accrued_cost: Decimal | None
    etc_cost: Decimal | None
    eac: Decimal | None
    budget_cost: Decimal | None
    variance: Decimal | None
    revenue: Decimal | None
    margin_sold: Decimal | None
    margin_planned: Decimal | None
    margin_actual: Decimal | None
    margin_forecast: Decimal | None
    drift_points: Decimal | None
    missing: tuple[str, ...]

    @property
    def cost_incurred(self) -> Decimal | None:
        """Actual and accrued cost: what has been spent whether or not the sheets are in."""
        return _plus(self.actual_cost, self.accrued_cost)


@dataclass(frozen=True, slots=True)
class Staffing:
    """The work left beside what is booked for it. `peers_eac` is what others call EAC: actual + booked x rate."""

    booked_hours: Decimal
    unstaffed_hours: Decimal
    unstaffed_cost: Decimal | None
    peers_eac: Decimal | None


def margin(revenue: Decimal | None, cost: Decimal | None) -> Decimal | None:
    """(revenue − cost) / revenue; None without revenue."""
    return None if revenue is None or cost is None or revenue <= 0 else (revenue - cost) / revenue


def variance(budget: Decimal | None, eac: Decimal | None) -> Decimal | None:
    """Budget − EAC; negative is over budget."""
    return None if budget is None or eac is None else budget - eac


def drift(forecast: Decimal | None, sold: Decimal | None) -> Decimal | None:
    """Forecast − sold margin in percentage points, to two places; negative is bad."""
    return None if forecast is None or sold is None else ((forecast - sold) * HUNDRED).quantize(CENT)


def statement(project: ProjectState, tenant: TenantState, people: Mapping[str, PersonState], as_of: date) -> Statement:
    """The project's money as known; `people` are those who worked on it, own its tasks or are booked."""
    book = _Book(project, tenant, people, as_of)
    waiting = accrued_hours(project, tenant, people, as_of)
    left = remaining_of(project, people, waiting)
    actual = _plus(book.worked_cost(), book.expenses(is_future=False))
    accrued = book.cost_of(waiting.by_day)
    etc = _plus(book.work_left(left), book.expenses(is_future=True))
    eac = _plus(_plus(actual, accrued), etc)
    revenue, budget = book.revenue(left), book.budget_cost()
    expected, hours = margin(revenue, eac), sum((entry.hours for entry in project.time), NOTHING)
    return Statement(
        currency=book.currency,
        actual_hours=hours,
        accrued_hours=waiting.hours,
        etc_hours=left.hours,
        performance=left.performance,
        actual_cost=_cents(actual),
        accrued_cost=_cents(accrued),
        etc_cost=_cents(etc),
        eac=_cents(eac),
        budget_cost=_cents(budget),
        variance=_cents(variance(budget, eac)),
        revenue=_cents(revenue),
        margin_sold=project.sold_margin,
        margin_planned=_rounded(margin(revenue, book.planned_cost(left))),
        margin_actual=_rounded(margin(book.earned(revenue, hours), _plus(actual, accrued))),
        margin_forecast=_rounded(expected),
        drift_points=drift(expected, project.sold_margin),
        missing=tuple(sorted(book.missing)),
    )


def staffing(project: ProjectState, tenant: TenantState, people: Mapping[str, PersonState], as_of: date) -> Staffing:
    """Whether somebody is booked for the work left: an unstaffed late project is not healthy."""
    book = _Book(project, tenant, people, as_of)
    left = remaining_of(project, people, accrued_hours(project, tenant, people, as_of))
    booked = booked_hours_from(project, tenant, people, as_of)
    booked_sum = sum(booked.values(), NOTHING)
    unstaffed = max(left.hours - booked_sum, NOTHING)
    cost, spent = book.work_left(left), _plus(book.worked_cost(), book.expenses(is_future=False))
    share = unstaffed / left.hours if left.hours else NOTHING
    return Staffing(
        booked_hours=booked_sum,
        unstaffed_hours=unstaffed,
        unstaffed_cost=None if cost is None else _cents(cost * share),
        peers_eac=_cents(_plus(spent, book.cost_of(booked))),
    )


def hourly_price(
    project: ProjectState, tenant: TenantState, people: Mapping[str, PersonState], day: date
) -> Decimal | None:
    """What an hour more is sold for: the mean bill rate of the project's people, else fee over budgeted hours."""
    book = _Book(project, tenant, people, day)
    rate = book.priced(Decimal(1), None, day, "", "bill")
    if rate is None and project.fee and project.budget_hours:
        rate = project.fee / project.budget_hours
    return _cents(rate)


class _Book:
    """Prices hours and amounts of one project in its currency, and notes what it could not price."""

    def __init__(
        self, project: ProjectState, tenant: TenantState, people: Mapping[str, PersonState], as_of: date
    ) -> None:
        self.project, self.tenant, self.as_of = project, tenant, as_of
        named = {entry.person_id for entry in project.time} | {task.owner_id for task in project.tasks.values()}
        # Nobody else: the same figures come out whoever else the caller happens to know.
        self.people = {person_id: person for person_id, person in people.items() if person_id in named}
        self.currency = project.currency or tenant.currency
        self.missing: set[str] = set()
        self._rates: dict[tuple[str, date, RateKind, str], Decimal | None] = {}

    def converted(self, amount: Decimal, currency: str, day: date) -> Decimal | None:
        """In the project's currency at the last rate stated by that day, by way of the tenant's where there is none."""
        known = by_way_of_home(self.tenant, amount, currency or self.currency, self.currency, day)
        if known is None:
            self.missing.add(f"no exchange rate from {currency} to {self.currency}")
        return known

    def priced(self, hours: Decimal, person_id: str | None, day: date, role: str, kind: RateKind) -> Decimal | None:
        """The hours at the rate of that day."""
        key = (person_id or "", day, kind, role)
        if key not in self._rates:
            self._rates[key] = self._rate(*key)
        rate = self._rates[key]
        return None if rate is None else hours * rate

    def _rate(self, person_id: str, day: date, kind: RateKind, role: str) -> Decimal | None:
        person = self.people.get(person_id) or PersonState(role=role)
        found = rate_on(self.tenant, person, self.project.project_id, day, kind, role=role)
        return self.converted(*found, day) if found else self._mean_rate(role, day, kind)

    def _mean_rate(self, role: str, day: date, kind: RateKind) -> Decimal | None:
        """For nobody in particular: the mean of the project's people of that role, else of all of them."""
        everybody = [person for _, person in sorted(self.people.items()) if person.person_id]
        peers = [person for person in everybody if role == person.role] or everybody
        found = [rate_on(self.tenant, peer, self.project.project_id, day, kind) for peer in peers]
        known = [rate for rate in (self.converted(*each, day) for each in found if each) if rate is not None]
        if not known:
            self.missing.add(f"no {kind} rate of {role.replace('_', ' ') or 'anybody'}")
            return None
        return sum(known, NOTHING) / len(known)

    def worked_cost(self) -> Decimal | None:
        """Submitted hours at the cost rates of their days."""
        return _sum(self.priced(e.hours, e.person_id, e.worked_on, "", "cost") for e in self.project.time)

    def cost_of(self, hours: Mapping[PersonDay, Decimal]) -> Decimal | None:
        """Hours by person and day at cost."""
        return _sum(self.priced(each, person_id, day, "", "cost") for (person_id, day), each in hours.items())

    def work_left(self, left: Remaining, kind: RateKind = "cost") -> Decimal | None:
        """Each task's hours at its owner's or role's rate on its due date; overdue work falls on today."""
        if not left.is_assessed:
            self.missing.add("neither effort on tasks nor budgeted hours")
            return None
        works = [work for work in left.works if work.hours and (kind == "cost" or work.is_billable)]
        return _sum(
            self.priced(w.hours, w.person_id, max(w.day or self.as_of, self.as_of), w.role, kind) for w in works
        )

    def planned_cost(self, left: Remaining) -> Decimal | None:
        """What the plan's efforts would cost had everything gone as estimated, with planned expenses."""
        tasks = [t for _, t in sorted(self.project.tasks.items()) if t.effort_hours and t.status != "cancelled"]
        if not left.is_assessed or not tasks:
            return None
        efforts = (
            self.priced(t.effort_hours or NOTHING, t.owner_id, t.due_on or self.as_of, t.role, "cost") for t in tasks
        )
        planned = (e for _, e in sorted(self.project.expenses.items()) if e.is_planned)
        return _plus(_sum(efforts), _sum(self.converted(e.amount, e.currency, e.incurred_on) for e in planned))

    def expenses(self, *, is_future: bool) -> Decimal | None:
        """Money spent, or planned for days to come, other than on hours."""
        due = [e for _, e in sorted(self.project.expenses.items()) if (e.incurred_on > self.as_of) == is_future]
        return _sum(self.converted(e.amount, e.currency, min(e.incurred_on, self.as_of)) for e in due)

    def fee(self) -> Decimal | None:
        """The fee with what accepted change requests added."""
        accepted = [r for _, r in sorted(self.project.change_requests.items()) if r.decision == "accepted"]
        added = [self.converted(r.amount, r.currency, r.at.date()) for r in accepted if r.amount is not None]
        return _plus(self.project.fee, _sum(added))

    def revenue(self, left: Remaining) -> Decimal | None:
        """What the project will bring in: the fee, or billable hours at the bill rate up to the fee."""
        if self.project.fee_type == "non_billable":
            return NOTHING
        fee = self.fee()
        if self.project.fee_type != "time_and_material":
            return fee
        billed = [e for e in self.project.time if e.is_billable is not False]
        worked = _sum(self.priced(e.hours, e.person_id, e.worked_on, "", "bill") for e in billed)
        total = _plus(worked, self.work_left(left, "bill"))
        return total if fee is None or total is None else min(fee, total)

    def budget_cost(self) -> Decimal | None:
        """What the work may cost for the sold margin to be kept: fee x (1 − sold margin)."""
        fee = self.fee()
        return None if fee is None or self.project.sold_margin is None else fee * (1 - self.project.sold_margin)

    def earned(self, revenue: Decimal | None, hours: Decimal) -> Decimal | None:
        """Revenue by budgeted hours so far."""
        if revenue is None or self.project.budget_hours is None:
            return None
        recognised = by_budgeted_hours(revenue, hours, self.project.budget_hours)
        return recognised.amount if recognised else None


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    total = NOTHING
    for amount in list(amounts):
        if amount is None:
            return None
        total += amount
    return total


def _plus(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else one + other


def _cents(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else amount.quantize(CENT)


def _rounded(share: Decimal | None) -> Decimal | None:
    return None if share is None else share.quantize(Decimal("0.0001"))
