"""Over-allocation, by arithmetic alone: hard hours booked on a day against what the person can give that day."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from evals.generator.bookings import Booking
from evals.generator.calendars import days
from evals.generator.world import Person, World

SIX_WEEKS = timedelta(days=42)


def over_allocations(world: World, made: list[Booking]) -> list[dict[str, object]]:
    """One incident per person and run of violated days with no clean working day between them."""
    out: list[dict[str, object]] = []
    for person in world.people:
        mine = [b for b in made if b.person_id == person.person_id and b.kind == "hard"]
        books: dict[date, list[Booking]] = defaultdict(list)
        for booking in mine:
            for day in days(booking.starts_on, booking.ends_on):
                if person.capacity(day) > 0:
                    books[day].append(booking)
        over = {day: sum(b.hours_per_day for b in bs) - person.capacity(day) for day, bs in books.items()}
        bad = sorted(day for day, hours in over.items() if hours > 0)
        out += [_incident(world, person, run, over, books) for run in _runs(person, bad)]
    return out


def _runs(person: Person, bad: list[date]) -> list[list[date]]:
    runs: list[list[date]] = []
    for day in bad:
        between = days(runs[-1][-1] + timedelta(days=1), day - timedelta(days=1)) if runs else []
        if runs and not any(person.capacity(d) > 0 for d in between):
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs


def _incident(
    world: World, person: Person, run: list[date], over: dict[date, float], books: dict[date, list[Booking]]
) -> dict[str, object]:
    part = {b.allocation_id: b for day in run for b in books[day]}
    projects = sorted({b.project_id for b in part.values()})
    known = min(_known_on(world, person, day, books[day]) for day in run)
    is_far = run[0] > world.horizon_on + SIX_WEEKS
    return {
        "record": "incident",
        "kind": "over_allocation",
        "person_id": person.person_id,
        "project_ids": projects,
        "allocation_ids": sorted(part),
        "subject_ids": sorted([*part, person.person_id]),
        "from_on": run[0],
        "to_on": run[-1],
        "harm_on": run[0],
        "known_on": known,
        "accept_from_on": known,
        "hours_over": {day.isoformat(): over[day] for day in run},
        "is_day_violation": True,
        "is_week_violation": any(_is_week_over(person, day, books) for day in run),
        "open_at_horizon": run[-1] > world.horizon_on,
        "grey": is_far,
        "why_grey": "more than six weeks past the horizon" if is_far else None,
    }


def _known_on(world: World, person: Person, day: date, bookings: list[Booking]) -> date:
    """The day on which the last booking or leave that was needed had been recorded."""
    leave = [t for t in world.time_off if t.person_id == person.person_id and t.starts_on <= day <= t.ends_on]
    moments = sorted({date.fromisoformat(b.recorded_at[:10]) for b in bookings} | {t.recorded_on for t in leave})
    for moment in moments:
        booked = sum(b.hours_per_day for b in bookings if b.recorded_at[:10] <= moment.isoformat())
        off = sum(
            person.contracted(day) if t.hours_per_day is None else t.hours_per_day
            for t in leave
            if t.recorded_on <= moment
        )
        if booked > max(0.0, person.contracted(day) - off) > 0:
            return moment
    return moments[-1]


def _is_week_over(person: Person, day: date, books: dict[date, list[Booking]]) -> bool:
    monday = day - timedelta(days=day.weekday())
    week = days(monday, monday + timedelta(days=6))
    return sum(b.hours_per_day for d in week for b in books.get(d, [])) > sum(person.capacity(d) for d in week)
