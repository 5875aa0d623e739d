"""Capacity and onboarding metrics as the pages show them: words, colours, drawings. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from api import shapes_capacity as forms
from store.projections.alerts.fold import AlertState
from web.drawing.trends import Piece, Steps, Trend, pieces, steps, trend

CAUSES = {
    "customer": "Waiting on the customer",
    "approval": "Waiting on an approval",
    "capacity": "Capacity",
    "scope": "Scope added",
    "estimate": "Took longer than planned",
    "on_hold": "On hold",
    "unknown": "Not known",
}
OUTCOMES = {
    "on_time": "On time",
    "late": "Live late",
    "overdue": "Overdue",
    "on_hold": "On hold",
    "cancelled": "Cancelled",
    "reached": "Reached",
    "open": "On the way",
    "escalated": "Escalated",
    "active": "Running",
    "re_opened": "Re-opened",
    "live": "Live",
    "closed": "Closed",
} | CAUSES
REASONS = {
    "nothing_signed": "No contract was signed in the period.",
    "no_success_milestone": "No plan of these projects names a success milestone.",
    "half_not_reached": "Fewer than half of these projects have their value so far.",
    "nothing_due": "Nothing fell due in the period.",
    "nothing_active": "No project ran in the period.",
    "nothing_invited": "No invitation to a portal is on record.",
    "nothing_slipped": "No working day was lost in the period.",
    "too_few": "Too few finished projects to tell: it takes 30.",
    "no_fall_seen": "The on-time rate does not fall with load, as far as the finished projects show.",
}
FULL, MOST, HALF = Decimal(1), Decimal("0.8"), Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Heat:
    """A cell of the table: `heat` names its colour; `alert_id` the open alert about it, if any."""

    cell: forms.CapacityCell
    utilisation: Decimal | None
    is_actual: bool
    heat: str
    alert_id: str


@dataclass(frozen=True, slots=True)
class Line:
    """A person's or role's row."""

    name: str
    role: str
    is_sum: bool
    heats: Sequence[Heat]
    total: Heat


@dataclass(frozen=True, slots=True)
class Drawn:
    """The metrics' drawings."""

    time_to_value: Trend | None
    on_time: Trend | None
    customer_tasks: Trend | None
    escalations: Trend | None
    lost_days: Trend | None
    curve: Steps | None
    outcomes: Sequence[tuple[str, Sequence[Piece]]]
    causes: Sequence[Piece]


def lines(found: forms.Capacity, alerts: Sequence[AlertState]) -> list[Line]:
    """Each role with its people below it; a role of one person is that person."""
    result: list[Line] = []
    for role in found.roles:
        people = [row for row in found.people if row.role == role.role]
        if len(people) > 1:
            result.append(_line(role, "", (), is_sum=True))
        for row in people:
            own = [alert for alert in alerts if row.person and alert.inputs.get("person_id") == row.person.id]
            result.append(_line(row, row.person.name if row.person else "", own, is_sum=False))
    return result


def whole(found: forms.Capacity) -> Line | None:
    """Everybody together."""
    return _line(found.total, "Everybody", (), is_sum=True) if found.total else None


def _line(row: forms.CapacityRow, name: str, alerts: Sequence[AlertState], *, is_sum: bool) -> Line:
    heats = [_heat(cell, alerts, is_sum=is_sum) for cell in row.cells]
    return Line(name, row.role, is_sum, heats, _heat(row.total, (), is_sum=True))


def _heat(cell: forms.CapacityCell, alerts: Sequence[AlertState], *, is_sum: bool) -> Heat:
    is_actual = cell.actual_utilisation is not None
    share = cell.actual_utilisation if is_actual else cell.scheduled_utilisation
    is_over = cell.is_over_allocated and not is_sum
    alert_id = next((a.alert_id for a in alerts if is_over and _touches(a, cell)), "")
    return Heat(cell, share, is_actual, _colour(share, is_over=is_over), alert_id)


def _touches(alert: AlertState, cell: forms.CapacityCell) -> bool:
    first, last = alert.inputs.get("first_on"), alert.inputs.get("last_on")
    if not first or not last:
        return False
    return dt.date.fromisoformat(first) <= cell.ends_on and cell.starts_on <= dt.date.fromisoformat(last)


def _colour(share: Decimal | None, *, is_over: bool) -> str:
    if share is None:
        return "off"
    if is_over or share > FULL:
        return "over"
    if share > MOST:
        return "full"
    return "half" if share > HALF else "some" if share > 0 else "free"


def drawn(found: forms.Metrics) -> Drawn:
    """Everything that the page draws."""
    months, one = found.trend, Decimal(1)
    value = found.time_to_value
    return Drawn(
        time_to_value=trend([month.time_to_value_days for month in months]),
        on_time=trend([month.on_time_share for month in months], top=one),
        customer_tasks=trend([month.customer_task_share for month in months], top=one),
        escalations=trend([month.escalation_share for month in months], top=Decimal("0.2")),
        lost_days=trend([month.lost_days for month in months]),
        curve=steps([(point.days, point.share) for point in value.curve], value.median_days),
        outcomes=[
            (name, pieces(_outcomes(found_due)))
            for name, found_due in (
                ("First commitment", found.on_time.original),
                ("Present commitment", found.on_time.current),
            )
        ],
        causes=pieces(ordered(found.delays.by_cause)),
    )


def ordered(by_cause: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """The causes in the order of the legend."""
    return {cause: by_cause[cause] for cause in CAUSES if cause in by_cause}


def _outcomes(found: forms.Punctuality) -> dict[str, int]:
    return {name: getattr(found, name) for name in ("on_time", "late", "overdue", "on_hold", "cancelled")}
