"""Where the project stands against what was promised. Pure."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal, InvalidOperation

from risk.features.reading import UNKNOWN, Reading, ids_of
from risk.features.view import View, slips, until

SIZE_KEYS = frozenset({"budget", "requestedbudget"})


def days_to_commitment(view: View) -> Reading:
    """Working days left until the committed date, negative when it has passed."""
    return UNKNOWN if view.committed_on is None else Reading(float(view.days_until(view.committed_on)))


def commitment_moved_days(view: View) -> Reading:
    """Working days between the first plan's date and the committed one."""
    first_on = view.state.baseline_go_live_on
    if view.committed_on is None or first_on is None:
        return UNKNOWN
    moved = view.setting.calendar.working_days_between(first_on, view.committed_on)
    return Reading(float(moved), tuple(move.event_id for move in until(view.state.commitments, view.as_of)))


def elapsed_share(view: View) -> Reading:
    """Working days gone of those between the start and the committed date."""
    started = view.state.contract_signed_on or _created_on(view)
    if started is None or view.committed_on is None:
        return UNKNOWN
    whole = view.setting.calendar.working_days_between(started, view.committed_on)
    return Reading(min(max(view.days_since(started) / whole, 0.0), 3.0)) if whole > 0 else UNKNOWN


def planned_end_late_days(view: View) -> Reading:
    """Working days from the committed date to the latest due date of the open work before go-live."""
    before = [task for task in view.tasks if task.is_open and task.due_on and task.task.stage != "transition"]
    if view.committed_on is None or not before:
        return UNKNOWN
    last_on = max(*(task.due_on for task in before if task.due_on), view.today)
    late = [task for task in before if task.due_on and task.due_on > view.committed_on]
    return Reading(float(view.setting.calendar.working_days_between(view.committed_on, last_on)), ids_of(late))


def expected_late_days(view: View) -> Reading:
    """Working days from the committed date to the go-live that the team itself expects."""
    moves = until(view.state.go_live_moves, view.as_of)
    if view.committed_on is None or not moves or moves[-1].on is None:
        return UNKNOWN
    days = view.setting.calendar.working_days_between(view.committed_on, moves[-1].on)
    return Reading(float(days), (moves[-1].event_id,))


def go_live_slip_count(view: View) -> Reading:
    """How often the expected or promised go-live moved to a later day."""
    expected = until(view.state.go_live_moves, view.as_of)
    promised = until(view.state.commitments, view.as_of)
    first_on = view.state.baseline_go_live_on
    count = slips(first_on, expected) + slips(first_on, promised)
    return Reading(float(count), tuple(move.event_id for move in (*expected, *promised)))


def size(view: View) -> Reading:
    """Logarithm (base 10) of one plus the fee, or of the budget that the source names instead."""
    amount = view.state.fee if view.state.fee is not None else _named_amount(view.state.extra)
    if amount is None or amount < 0:
        return UNKNOWN
    return Reading(math.log10(1 + float(amount)))


def _named_amount(extra: dict[str, str]) -> Decimal | None:
    text = next((extra[key] for key in sorted(extra) if key.lower().replace("_", "") in SIZE_KEYS), None)
    try:
        amount = Decimal(text) if text else None
    except InvalidOperation:
        return None
    return amount if amount is not None and amount.is_finite() else None


def _created_on(view: View) -> dt.date | None:
    created_at = view.state.created_at
    return view.setting.calendar.local_date(created_at) if created_at else None
