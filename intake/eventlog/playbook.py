"""Which part each activity plays under a mapping: whose work, which steps it moves, what it ends. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from intake.eventlog.mapping import EventLogMapping, Step
from intake.eventlog.patterns import Matcher
from plan.calendar import weekly
from store.events.tasks import TaskStatus, Track


@dataclass(frozen=True, slots=True)
class Part:
    """What one activity means. `moves` are (step, new status) in the order of the mapping."""

    track: Track
    moves: tuple[tuple[Step, TaskStatus], ...]
    is_known: bool
    is_milestone: bool
    is_done: bool
    is_cancelling: bool


class Playbook:
    """A mapping made ready to be asked once per activity name."""

    def __init__(self, mapping: EventLogMapping) -> None:
        activities = mapping.activities
        tenant = mapping.tenant
        self.mapping = mapping
        self.calendar = weekly(tenant.timezone, tenant.weekdays, tenant.hours_per_day, tenant.holidays)
        self._tracks: tuple[tuple[Track, Matcher], ...] = (
            ("customer", Matcher(activities.customer)),
            ("approval", Matcher(activities.approval)),
            ("internal", Matcher(activities.internal)),
        )
        self._done = Matcher(mapping.done.activities)
        self._cancelled = Matcher(mapping.cancelled.activities)
        self._milestone = mapping.milestone.activity if mapping.milestone else None
        self._steps = tuple((step, _moves(step)) for step in mapping.steps)
        self._parts: dict[str, Part] = {}

    def part(self, activity: str) -> Part:
        """What the activity means; one that no list names is internal work and not `is_known`."""
        found = self._parts.get(activity)
        if found is None:
            found = self._parts[activity] = self._work_out(activity)
        return found

    def _work_out(self, activity: str) -> Part:
        track = self._track(activity)
        moves = ((step, _status(activity, kinds)) for step, kinds in self._steps)
        return Part(
            track=track or "internal",
            moves=tuple((step, status) for step, status in moves if status),
            is_known=track is not None,
            is_milestone=activity == self._milestone,
            is_done=self._done.matches(activity),
            is_cancelling=self._cancelled.matches(activity),
        )

    def _track(self, activity: str) -> Track | None:
        exact = (track for track, matcher in self._tracks if matcher.names(activity))
        fitting = (track for track, matcher in self._tracks if matcher.matches(activity))
        return next(exact, None) or next(fitting, None)


def _moves(step: Step) -> tuple[tuple[TaskStatus, Matcher], ...]:
    # The strongest first: an activity that both starts and completes a step completes it.
    return (
        ("done", Matcher(step.completes)),
        ("todo", Matcher(step.reopens)),
        ("cancelled", Matcher(step.cancels)),
        ("waiting", Matcher(step.waits)),
        ("in_progress", Matcher(step.starts)),
    )


def _status(activity: str, kinds: tuple[tuple[TaskStatus, Matcher], ...]) -> TaskStatus | None:
    exact = (status for status, matcher in kinds if matcher.names(activity))
    fitting = (status for status, matcher in kinds if matcher.matches(activity))
    return next(exact, None) or next(fitting, None)
