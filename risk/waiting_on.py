"""Whom a project waits on: the open waits of each party, how much float they leave and what hangs on them. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from plan.calendar import Calendar
from plan.network import Forecast
from risk.waits import OpenWait
from store.projections.projects.state import ProjectState


class WaitingTask(msgspec.Struct, frozen=True, kw_only=True):
    """A task that waits: `age_days` in its owner's working days; `float_days` None where the plan does not say."""

    task_id: str
    since_on: dt.date
    age_days: int
    float_days: int | None = None


class WaitingOn(msgspec.Struct, frozen=True, kw_only=True):
    """A party and what waits on it, the longest wait first; `party_id` is empty where nobody is named.

    `age_days` is the longest, `float_days` the least of its tasks'. `held` counts the open tasks that
    cannot go on before; `holds_go_live`: go-live is one of them.
    """

    party_id: str
    track: str
    since_on: dt.date
    age_days: int
    float_days: int | None = None
    tasks: tuple[WaitingTask, ...] = ()
    held: int = 0
    holds_go_live: bool = False

    @property
    def consumes_leeway(self) -> bool:
        """It has waited longer than it could without moving go-live."""
        return self.float_days is not None and self.age_days > self.float_days


def waiting_on(
    project: ProjectState, waits: Iterable[OpenWait], forecast: Forecast | None, calendar: Calendar
) -> tuple[WaitingOn, ...]:
    """The parties that something waits on: those that hold up go-live first, then the longest wait."""
    by_party: dict[tuple[str, str], list[OpenWait]] = {}
    for wait in waits:
        by_party.setdefault((wait.task.owner_id or "", wait.task.track), []).append(wait)
    found = [_party(key, own, project, forecast, calendar) for key, own in by_party.items()]
    return tuple(sorted(found, key=lambda one: (not one.consumes_leeway, -one.age_days, one.track, one.party_id)))


def held_by(project: ProjectState, task_ids: Iterable[str]) -> frozenset[str]:
    """The open tasks that follow these, however far down, through cancelled ones too."""
    after: dict[str, list[str]] = {}
    for task in project.tasks.values():
        for link in task.links:
            after.setdefault(link.depends_on_id, []).append(task.task_id)
    found: set[str] = set()
    ahead = list(task_ids)
    while ahead:
        new = [i for i in after.get(ahead.pop(), ()) if i not in found and project.tasks[i].status != "done"]
        found.update(new)
        ahead += new
    return frozenset(i for i in found if project.tasks[i].is_open)


def _party(
    key: tuple[str, str],
    waits: Sequence[OpenWait],
    project: ProjectState,
    forecast: Forecast | None,
    calendar: Calendar,
) -> WaitingOn:
    spare = {task_id: place.total_float_days for task_id, place in forecast.schedule.tasks.items()} if forecast else {}
    tasks = sorted((_task(wait, spare, calendar) for wait in waits), key=lambda one: (-one.age_days, one.task_id))
    held = held_by(project, [one.task_id for one in tasks])
    floats = [one.float_days for one in tasks if one.float_days is not None]
    return WaitingOn(
        party_id=key[0],
        track=key[1],
        since_on=min(one.since_on for one in tasks),
        age_days=tasks[0].age_days,
        float_days=min(floats, default=None),
        tasks=tuple(tasks),
        held=len(held),
        holds_go_live=any(project.tasks[task_id].milestone == "go_live" for task_id in held),
    )


def _task(wait: OpenWait, spare: Mapping[str, int | None], calendar: Calendar) -> WaitingTask:
    return WaitingTask(
        task_id=wait.task.task_id,
        since_on=calendar.local_date(wait.starts_at),
        age_days=wait.age_days,
        float_days=spare.get(wait.task.task_id),
    )
