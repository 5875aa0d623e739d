"""What became of a project: late, on time, or not known yet. Pure.

Late means: went live more than k working days after the date it is held against. It is known once
that date (and k days) have passed, whether the project is live by then or not. Counting a project
as on time as soon as it goes live early, while its slower peers are still unknown, would tilt the
training set towards good news; so an outcome counts from that date on for all of them alike.
"""

from __future__ import annotations

import datetime as dt

from plan.calendar import Calendar
from store.projections.projects.state import ProjectState


def live_on(state: ProjectState, calendar: Calendar) -> dt.date | None:
    """The day of the first go-live, or of the closing where nobody recorded a go-live."""
    at = state.live_at or (state.ended_at if state.status == "closed" else None)
    return calendar.local_date(at) if at else None


def late_days(state: ProjectState, held_against: dt.date, calendar: Calendar) -> int | None:
    """Working days from the date to go-live, negative when early; None when it is not live."""
    went_on = live_on(state, calendar)
    return None if went_on is None else calendar.working_days_between(held_against, went_on)


def outcome(
    state: ProjectState, held_against: dt.date, calendar: Calendar, known_at: dt.datetime, *, k_days: int = 0
) -> bool | None:
    """Whether the project was late, as known at `known_at` from a state folded up to then; None while it is open.

    A project cancelled before it went live is neither late nor on time.
    """
    today = calendar.local_date(known_at)
    if calendar.working_days_between(held_against, today) <= k_days:
        return None
    days = late_days(state, held_against, calendar)
    if days is not None:
        return days > k_days
    return None if state.status == "cancelled" else True
