"""A person booked beyond their hours in the weeks ahead: a proof, not a score.

Firm bookings are held against effective capacity at the finest violated grain (`plan.over_allocation`).
One run of neighbouring violated days is one finding, whatever day it is looked at; it is reported
from `horizon_days` before its first day until its last day has passed. Soft bookings,
placeholders, days without capacity and integration accounts never count; exactly full never is over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from plan.calendar import NO_HOURS
from plan.capacity import Booking, Contract, day_loads, days_from
from plan.over_allocation import Grain, Limits, OverAllocation, over_allocations
from plan.staffing import bookings_of, contract_of
from risk.findings import Finding
from store.events import Number
from store.events.alerts import Severity
from store.projections.people.fold import PersonState
from store.projections.tenants.fold import TenantState

KIND = "over_allocation"
WEEK_OF_CONCERN = Decimal("1.1")
REACH = timedelta(days=182)
Span = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Settings:
    """When an over-allocation is shown.

    `horizon_days`: how far ahead its first day may lie. `limits`: share of capacity per grain.
    `smallest_hours_over`: a run whose fullest day (or week) is over by less is not material.
    """

    horizon_days: int = 42
    limits: Limits = field(default_factory=Limits)
    smallest_hours_over: Decimal = Decimal("0.25")


DEFAULT = Settings()


def detect(person: PersonState, tenant: TenantState, as_of: date, settings: Settings = DEFAULT) -> list[Finding]:
    """The person's over-allocations that have not passed by `as_of` and begin within the horizon."""
    if person.employment == "integration" or not person.person_id:
        return []
    contract = contract_of(person, tenant)
    found = runs(contract, bookings_of(person), as_of, settings)
    return [_finding(person, contract, run, as_of, settings) for run in found]


def runs(
    contract: Contract, bookings: Iterable[Booking], as_of: date, settings: Settings = DEFAULT
) -> list[OverAllocation]:
    """The violated runs that matter at `as_of`, each in its full length, in order of their first day."""
    horizon = as_of + timedelta(days=settings.horizon_days)
    near = [b for b in bookings if b.starts_on <= horizon + REACH and b.ends_on >= as_of - REACH and not b.is_soft]
    if not near:
        return []
    first = max(min(b.starts_on for b in near), as_of - REACH)
    last = min(max(b.ends_on for b in near), horizon + REACH)
    loads = day_loads(contract, near, _monday(first), _monday(last) + timedelta(days=6))
    found = over_allocations(loads, settings.limits)
    return [run for run in found if run.ends_on >= as_of and run.starts_on <= horizon and _is_material(run, settings)]


def _is_material(run: OverAllocation, settings: Settings) -> bool:
    return max(window.hours_over for window in run.windows) >= settings.smallest_hours_over


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _finding(person: PersonState, contract: Contract, run: OverAllocation, as_of: date, settings: Settings) -> Finding:
    project_id = _tipping_project(person, run, settings.limits.of(run.grain))
    return Finding(
        rule_id=rule_of(run.grain),
        kind=KIND,
        agent="resource",
        severity=_severity(run),
        subject_key=f"{person.person_id}/{run.grain}/{run.starts_on.isoformat()}",
        project_id=project_id,
        other_project_ids=tuple(other for other in run.project_ids if other != project_id),
        subject_ids=(person.person_id, *run.allocation_ids),
        numbers=measure(
            contract, bookings_of(person), run.grain, [(w.starts_on, w.ends_on) for w in run.windows], settings
        ),
        inputs=_inputs(person, run, as_of, settings),
        evidence=_evidence(person, run),
        first_on=run.starts_on,
        last_on=run.ends_on,
        expires_on=run.ends_on,
    )


def rule_of(grain: Grain) -> str:
    """The rule's id; one rule per grain."""
    return f"{KIND}.{grain}.v1"


def spans_of(inputs: Mapping[str, str]) -> list[Span]:
    """The violated windows that a finding wrote down, as first and last days."""
    pairs = (text.split("..") for text in inputs["windows"].split())
    return [(date.fromisoformat(first), date.fromisoformat(last)) for first, last in pairs]


def settings_of(inputs: Mapping[str, str]) -> Settings:
    """The settings in force that a finding wrote down."""
    limits = Limits(*(Decimal(inputs[f"limit.{grain}"]) for grain in Grain))
    return Settings(int(inputs["horizon_days"]), limits, Decimal(inputs["smallest_hours_over"]))


def _tipping_project(person: PersonState, run: OverAllocation, limit: Decimal) -> str:
    """The project whose booking first took a window over its limit, in the order in which bookings became known.

    Earlier bookings were there first, and later ones do not change it, so that an alert keeps its home.
    """
    firm = sorted(
        (person.allocations[allocation_id] for allocation_id in run.allocation_ids),
        key=lambda a: (a.recorded_at, a.external_id, a.allocation_id),
    )
    booked = [NO_HOURS] * len(run.windows)
    for allocation in firm:
        for number, window in enumerate(run.windows):
            days = sum(allocation.starts_on <= load.day <= allocation.ends_on for load in window.loads)
            booked[number] += days * allocation.hours_per_day
            if booked[number] > limit * window.capacity_hours:
                return allocation.project_id
    return firm[-1].project_id


def _severity(run: OverAllocation) -> Severity:
    if run.peak_week_share > WEEK_OF_CONCERN:
        return "high"
    return "medium" if Grain.WEEK in run.violated_grains else "low"


def measure(
    contract: Contract, bookings: Iterable[Booking], grain: Grain, spans: Sequence[Span], settings: Settings = DEFAULT
) -> tuple[Number, ...]:
    """The rule's figures over the given spans, whether they are over or not; the same for finding, check and effect."""
    firm = [b for b in bookings if not b.is_soft]
    hours = [_hours(contract, firm, span) for span in spans]
    weeks = [_hours(contract, firm, week) for week in _weeks(spans)]
    over = [max(booked - capacity, NO_HOURS) for booked, capacity in hours]
    booked, capacity = (sum(part, NO_HOURS) for part in zip(*hours, strict=True))
    limit = settings.limits.of(grain)
    return (
        _hours_number("hours_over", sum(over, NO_HOURS), NO_HOURS),
        _hours_number("peak_hours_over", max(over), settings.smallest_hours_over),
        _hours_number("booked_hours", booked, limit * capacity),
        _hours_number("capacity_hours", capacity),
        *_share("utilisation", [(booked, capacity)], limit),
        *_share("peak_week_utilisation", weeks, WEEK_OF_CONCERN),
        Number(name="windows_over", value=Decimal(sum(hours > 0 for hours in over)), unit=_UNITS[grain]),
    )


_UNITS = {Grain.DAY: "days", Grain.WEEK: "weeks", Grain.FOUR_WEEKS: "four-week spans"}


def _hours(contract: Contract, firm: Sequence[Booking], span: Span) -> tuple[Decimal, Decimal]:
    loads = day_loads(contract, firm, *span)
    return sum((d.hard_hours for d in loads), NO_HOURS), sum((d.capacity_hours for d in loads), NO_HOURS)


def _weeks(spans: Sequence[Span]) -> list[Span]:
    mondays = sorted({_monday(day) for span in spans for day in days_from(*span)})
    return [(monday, monday + timedelta(days=6)) for monday in mondays]


def _hours_number(name: str, hours: Decimal, threshold: Decimal | None = None) -> Number:
    return Number(name=name, value=plain(hours), unit="h", threshold=None if threshold is None else plain(threshold))


def _share(name: str, hours: Sequence[tuple[Decimal, Decimal]], limit: Decimal) -> list[Number]:
    """The fullest of them as per cent of capacity; nothing where there is no capacity."""
    shares = [booked / capacity for booked, capacity in hours if capacity]
    return [Number(name=name, value=percent(max(shares)), unit="%", threshold=percent(limit))] if shares else []


def _inputs(person: PersonState, run: OverAllocation, as_of: date, settings: Settings) -> dict[str, str]:
    return {
        "person_id": person.person_id,
        "grain": str(run.grain),
        "first_on": run.starts_on.isoformat(),
        "last_on": run.ends_on.isoformat(),
        "as_of": as_of.isoformat(),
        "windows": " ".join(f"{w.starts_on.isoformat()}..{w.ends_on.isoformat()}" for w in run.windows),
        "hours_over_by_window": " ".join(str(plain(w.hours_over)) for w in run.windows),
        "fewest_allocations": " ".join(run.clearing.allocation_ids),
        "horizon_days": str(settings.horizon_days),
        "smallest_hours_over": str(settings.smallest_hours_over),
        **{f"limit.{grain}": str(settings.limits.of(grain)) for grain in Grain},
    }


def _evidence(person: PersonState, run: OverAllocation) -> tuple[str, ...]:
    bookings = [person.allocations[allocation_id].event_id for allocation_id in run.allocation_ids]
    away = [off.event_id for off in person.time_off if off.starts_on <= run.ends_on and run.starts_on <= off.ends_on]
    return tuple(dict.fromkeys([*bookings, *away, person.event_id]))


def plain(amount: Decimal) -> Decimal:
    """The same amount without trailing zeros or exponent: one value has one text."""
    short = amount.normalize()
    return short.quantize(Decimal(1)) if short == short.to_integral() else short


def percent(share: Decimal) -> Decimal:
    """A share as per cent, to a tenth."""
    return plain((share * 100).quantize(Decimal("0.1")))
