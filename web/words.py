"""Figures, dates and names as people read them. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from plan.calendar import zone_of

MINUS = "−"
HARD = "\u00a0"
LEVELS = {
    "high": ("▲", "High"),
    "medium": ("◆", "Medium"),
    "low": ("▽", "Low"),
    "none": ("●", "None"),
    "not_assessed": ("–", "Not assessed"),
}
SEVERITIES = {
    "critical": ("▲▲", "Critical"),
    "high": ("▲", "High"),
    "medium": ("◆", "Medium"),
    "low": ("▽", "Low"),
}
STATUSES = {
    "active": "Running",
    "on_hold": "On hold",
    "live": "Live",
    "closed": "Closed",
    "cancelled": "Cancelled",
}
TRACKS = {"internal": "Internal", "customer": "Customer", "approval": "Approval"}
FEES = {
    "fixed": "Fixed fee",
    "time_and_material": "Time and material",
    "subscription": "Subscription",
    "non_billable": "Not billed",
}
TASK_STATUSES = {
    "todo": "To do",
    "in_progress": "In progress",
    "waiting": "Waiting",
    "done": "Done",
    "cancelled": "Cancelled",
}
LIFECYCLES = {
    "open": "Open",
    "snoozed": "Snoozed",
    "approved": "Approved",
    "done": "Done",
    "rejected": "Rejected",
    "cleared": "Cleared",
    "expired": "Expired",
    "superseded": "Superseded",
}
REASONS = {"wrong": "Wrong", "known": "Known", "not_now": "Not now", "duplicate": "Duplicate"}
SETTLED = {
    "approve": "Approved and carried out.",
    "undo": "Undone: everything is as it was.",
    "reject": "Rejected.",
    "snooze": "Snoozed.",
    "assign": "Assigned.",
    "escalate": "Escalated.",
    "respond": "Noted.",
    "edit": "Edited. Look at what it does now, then approve it.",
}
SENT = {
    "nudge": "Approved: the reminder is sent.",
    "request_approval": "Approved: they are asked to decide.",
    "escalate": "Approved: it is escalated.",
}
"""What was done and cannot be taken back."""
ACTIONS = {
    "reassign": "Give to another person",
    "reschedule": "Do it later",
    "split": "Do part of it later",
    "add_capacity": "Find another person",
    "release": "Give up the hours",
    "nudge": "Ask them",
    "request_approval": "Ask for the decision",
    "escalate": "Escalate",
    "raise_change_order": "Raise a change order",
    "absorb": "Do it for nothing",
    "move_go_live": "Promise a later date",
    "cut_scope": "Do less",
    "re_forecast": "Make the forecast anew",
}
FIELDS = {
    "from_on": "From",
    "to_on": "Until",
    "to_starts_on": "Starting",
    "hours_per_day": "Hours a day",
    "to_person_id": "Given to",
    "hours": "Hours",
    "amount": "Amount",
    "revenue": "Revenue by month",
}
NUMBERS = {
    "hours_over": "Hours over",
    "peak_hours_over": "Worst day",
    "booked_hours": "Booked",
    "capacity_hours": "Capacity",
    "utilisation": "Utilisation",
    "peak_week_utilisation": "Fullest week",
    "windows_over": "Days over",
    "silent_days": "Silent for",
    "waiting_items": "Waiting on them",
    "age_days": "Waiting for",
    "waiting_approvals": "Approvals waiting",
    "float_days": "Float",
    "blocked_tasks": "Tasks blocked",
    "overdue_days": "Overdue by",
    "overdue_tasks": "Tasks overdue",
    "leeway_days": "Leeway",
    "slips": "Moved later",
    "slipped_days": "Moved by",
    "late_probability": "Probability of late",
    "drift_points": "Margin lost",
    "margin_forecast": "Margin forecast",
    "margin_sold": "Margin sold",
    "eac": "Will cost",
    "variance": "Left of the budget",
    "actual_cost": "Cost so far",
    "accrued_hours": "Hours not submitted",
    "etc_hours": "Hours still to do",
    "performance": "Hours for a planned hour",
    "eac_hours": "Hours in the end",
    "eac_hours_percent": "Hours of budget",
    "eac_cost": "Cost in the end",
    "eac_cost_percent": "Cost of budget",
    "budget_hours": "Budgeted hours",
    "budget_cost": "Budgeted cost",
    "actual_hours": "Hours so far",
    "actual_hours_percent": "Hours of budget",
    "actual_cost_percent": "Cost of budget",
    "forecast_revenue": "Forecast",
    "most_possible": "Possible at most",
    "shortfall": "Will not come",
    "shortfall_percent": "Share of forecast",
    "recognised": "Recognised so far",
    "accrued": "Worked, not submitted",
    "most_to_come": "Can still come",
    "earlier_bias_percent": "Earlier forecasts too high",
    "unapproved_hours": "Hours nobody approved",
    "creep_percent": "Of the hours sold",
    "unapproved_items": "Items",
    "estimated_hours": "Of them guessed",
    "days_needed": "Days needed",
    "days_left": "Days left",
    "days_short": "Days short",
    "tasks_on_path": "Tasks in the chain",
    "go_live_slip_count": "Go-live moved later",
    "task_slip_days": "Tasks end late by",
}
FEATURES = {
    "earned_share": "Work done of what was due",
    "overdue_share": "Due tasks still open",
    "overdue_days": "Days overdue per due task",
    "done_share": "Work done",
    "pace_ratio": "Pace against what is needed",
    "task_slip_days": "How late tasks end",
    "due_slip_share": "Due dates moved later",
    "returned_count": "Work sent back",
    "idle_days": "Days without any movement",
    "customer_overdue_share": "Customer tasks overdue",
    "customer_wait_days": "Longest wait on the customer",
    "customer_response_days": "How long the customer takes",
    "customer_quiet_days": "Since the customer last acted",
    "customer_silence_days": "Customer silent while asked",
    "approval_wait_days": "Longest wait on an approval",
    "approval_response_days": "How long approvals take",
    "waiting_share": "Work under way that waits",
    "days_to_commitment": "Days left to the commitment",
    "elapsed_share": "Time gone",
    "planned_end_late_days": "Plan ends after the commitment",
    "expected_late_days": "Team expects later than committed",
    "go_live_slip_count": "Go-live moved later",
    "size": "Fee or budget",
    "leeway_burn_days": "Leeway used up in two weeks",
    "chain_late_days": "Longest chain ends after the commitment",
    "blocked_share": "Work blocked by other work",
    "scope_growth_share": "Scope grown beyond what was sold",
    "hours_ahead_share": "Hours spent ahead of work done",
    "commitment_moved_days": "Commitment moved from the first plan",
}
PLACES = {"h": 2, "%": 1, "days": 1}
UPPER = frozenset({"crm", "sso", "api", "id"})


def plain(name: str) -> str:
    """`go_live` -> `Go live`, as a heading says it."""
    words = name.replace("_", " ").replace(".", " ").strip().split()
    text = " ".join(word.upper() if word in UPPER else word for word in words)
    return text[:1].upper() + text[1:]


def number_label(name: str, unit: str = "") -> str:
    """What a figure of an alert is called."""
    if name == "windows_over" and unit:
        return f"{plain(unit)} over"
    return NUMBERS.get(name) or FEATURES.get(name) or plain(name)


def amount(value: Decimal | float | None, unit: str = "") -> str:
    """A figure with its unit: `7.5 h`, `125 %`, `3 days`; a dash where there is none."""
    if value is None:
        return "–"
    rounded = round(Decimal(str(value)), PLACES.get(unit, 2))
    short = rounded.normalize() if rounded else Decimal(0)
    text = f"{short:,f}".replace("-", MINUS)
    if short == 1 and unit.endswith("s") and len(unit) > 1:
        unit = unit.removesuffix("s")
    return f"{text}{HARD}{unit}" if unit else text


def share(value: float | None) -> str:
    """A probability as whole per cent; near the ends it never says certain."""
    if value is None:
        return "–"
    if 0 < value < 0.01:
        return f"<{HARD}1{HARD}%"
    if 0.99 < value < 1:
        return f">{HARD}99{HARD}%"
    return f"{round(value * 100)}{HARD}%"


def signed(value: Decimal | float | None, unit: str = "") -> str:
    """A difference with its sign: `+3 days`, `−2.5 h`, `0`."""
    if value is None:
        return "–"
    text = amount(abs(Decimal(str(value))), unit)
    if not value:
        return text
    return f"{MINUS if value < 0 else '+'}{text}"


def money(value: Decimal | None, currency: str) -> str:
    """`+1,240 EUR`, whole units; a dash where it is not known."""
    if value is None:
        return "–"
    return f"{signed(round(value))}{HARD}{currency}"


def day(on: dt.date | None, *, today: dt.date | None = None) -> str:
    """`Fri 28 Nov`, with the year where it is not this one."""
    if on is None:
        return "–"
    text = f"{on:%a} {on.day} {on:%b}"
    return text if today is None or on.year == today.year else f"{text} {on.year}"


def long_day(on: dt.date) -> str:
    """`Friday 28 November 2025`."""
    return f"{on:%A} {on.day} {on:%B %Y}"


def days(first: dt.date, last: dt.date) -> str:
    """`14–18 Sep`, `28 Sep – 2 Oct`."""
    if first == last:
        return f"{first:%a} {first.day} {first:%b}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{last.day} {last:%b}"
    return f"{first.day} {first:%b} – {last.day} {last:%b}"


def relative(on: dt.date | None, today: dt.date) -> str:
    """`in 3 days`, `yesterday`: for the title of a date."""
    if on is None:
        return ""
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}
    distance = (on - today).days
    if distance in near:
        return near[distance]
    return f"in {distance} days" if distance > 0 else f"{-distance} days ago"


def moment(at: dt.datetime | None, timezone: str) -> str:
    """`Fri 28 Nov 2025, 14:05` in the tenant's zone."""
    if at is None:
        return "–"
    local = at.astimezone(zone_of(timezone))
    return f"{day(local.date())} {local.year}, {local:%H:%M}"


def count(number: int, one: str, many: str = "") -> str:
    """`1 task`, `3 tasks`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def listed(names: Iterable[str]) -> str:
    """`A, B and C`."""
    all_names = list(names)
    if len(all_names) < 2:
        return "".join(all_names)
    return f"{', '.join(all_names[:-1])} and {all_names[-1]}"
