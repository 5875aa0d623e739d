"""What a feature says of one project: a number, or nothing, and the records it rests on. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from risk.features.view import TaskView

DIGITS = 6


class Reading(NamedTuple):
    """`value` is None when the data for it is missing. `ids` are those of tasks, messages or events."""

    value: float | None
    ids: tuple[str, ...] = ()


UNKNOWN = Reading(None)


def ids_of(tasks: Iterable[TaskView]) -> tuple[str, ...]:
    """The ids of the tasks, sorted."""
    return tuple(sorted(task.task_id for task in tasks))


def share(part: float, whole: float) -> float | None:
    """part / whole; None of nothing."""
    return part / whole if whole else None


def median_with_censored(observed: Sequence[int], still_open: Sequence[int]) -> float | None:
    """The Kaplan-Meier median of durations, in their own unit.

    A duration still open counts as at least its age. Where the curve never falls to one half, the
    longest duration seen is the best lower bound. None without any duration. Kaplan and Meier (1958).
    """
    if not observed and not still_open:
        return None
    at_risk, surviving = len(observed) + len(still_open), 1.0
    for day in sorted(set(observed) | set(still_open)):
        ended = observed.count(day)
        surviving *= 1 - ended / at_risk
        if surviving <= 0.5:
            return float(day)
        at_risk -= ended + still_open.count(day)
    return float(max([*observed, *still_open]))
