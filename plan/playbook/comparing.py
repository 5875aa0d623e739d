"""A project held against its playbook: what is missing, what went out of order, what was added. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from plan.playbook.choosing import Choice, choose, with_modules
from plan.playbook.gates import StageGate, gates
from store.errors import NotFound
from store.events.playbooks import PlaybookTask
from store.projections.playbooks.fold import PlaybookState, PlaybookVersion
from store.projections.projects.state import ProjectState, Task


@dataclass(frozen=True, slots=True)
class Missing:
    """A step that the project should have; cancelled where it once had it."""

    key: str
    name: str
    stage: str
    track: str
    is_cancelled: bool


@dataclass(frozen=True, slots=True)
class OutOfOrder:
    """A step that went ahead of one it depends on."""

    task_id: str
    name: str
    before_id: str
    before_name: str
    link: str


@dataclass(frozen=True, slots=True)
class Added:
    """A task that no step of the playbook stands behind."""

    task_id: str
    name: str
    stage: str
    track: str
    effort_hours: Decimal | None


@dataclass(frozen=True, slots=True)
class Reestimated:
    """A step whose effort is no longer the playbook's."""

    task_id: str
    name: str
    playbook_hours: Decimal
    effort_hours: Decimal


@dataclass(frozen=True, slots=True)
class Comparison:
    """`is_pinned`: the project was started from that version; else it only bears the playbook's name."""

    project_id: str
    playbook_id: str
    version: int
    latest_version: int
    is_pinned: bool
    modules: tuple[str, ...]
    steps: int
    steps_done: int
    missing: tuple[Missing, ...]
    out_of_order: tuple[OutOfOrder, ...]
    added: tuple[Added, ...]
    reestimated: tuple[Reestimated, ...]
    stages: tuple[StageGate, ...]


def compare(project: ProjectState, playbook: PlaybookState) -> Comparison:
    """Against the version that is pinned, or the latest with the modules whose steps the project has."""
    pin = project.pin if project.pin and project.pin.playbook_id == playbook.playbook_id else None
    version = playbook.numbered(pin.version if pin else None)
    choice = choose(version.template, pin.answers) if pin else _guessed(project, version)
    steps = {task.key: task for task in choice.tasks}
    found: dict[str, Task] = {}
    for task in project.tasks.values():
        if task.playbook_task in steps and (task.playbook_task not in found or task.status != "cancelled"):
            found[task.playbook_task] = task
    return Comparison(
        project_id=project.project_id,
        playbook_id=playbook.playbook_id,
        version=version.version,
        latest_version=playbook.latest.version,
        is_pinned=pin is not None,
        modules=tuple(module.key for module in choice.modules),
        steps=len(steps),
        steps_done=sum(task.status == "done" for task in found.values()),
        missing=tuple(_missing(steps, found)),
        out_of_order=tuple(_out_of_order(steps, found)),
        added=tuple(_added(project, steps)),
        reestimated=tuple(_reestimated(steps, found)),
        stages=tuple(gates(project, version.template)),
    )


def playbook_of(project: ProjectState) -> str:
    """The playbook that the project was started from, or is said to follow; raises `NotFound`."""
    named = project.pin.playbook_id if project.pin else project.playbook
    if not named:
        raise NotFound(
            "no_playbook",
            "The project follows no playbook.",
            remedy="Start projects with POST /v1/projects or `leeway project start`.",
        )
    return named


def _guessed(project: ProjectState, version: PlaybookVersion) -> Choice:
    there = {task.playbook_task for task in project.tasks.values()}
    modules = [m for m in version.template.modules if any(task.key in there for task in m.tasks)]
    return with_modules(version.template, modules)


def _missing(steps: Mapping[str, PlaybookTask], found: Mapping[str, Task]) -> Iterator[Missing]:
    for key, step in steps.items():
        task = found.get(key)
        if task is None or task.status == "cancelled":
            yield Missing(key, step.name, step.stage, step.track, task is not None)


def _out_of_order(steps: Mapping[str, PlaybookTask], found: Mapping[str, Task]) -> Iterator[OutOfOrder]:
    """By what happened: an FS link is broken where the successor started before the predecessor was done."""
    for key, step in steps.items():
        for link in step.after:
            task, before = found.get(key), found.get(link.on)
            if task is None or before is None or "cancelled" in {task.status, before.status}:
                continue
            # A lag that is negative allows the overlap.
            held = _at(task, link.type[1])
            if held and link.lag_days >= 0 and not _is_by(_at(before, link.type[0]), held):
                yield OutOfOrder(task.task_id, task.name, before.task_id, before.name, link.type)


def _at(task: Task, end: str) -> datetime | None:
    return task.started_at if end == "S" else task.done_at


def _is_by(first: datetime | None, then: datetime) -> bool:
    return first is not None and first <= then


def _added(project: ProjectState, steps: Mapping[str, PlaybookTask]) -> Iterator[Added]:
    for task in project.tasks.values():
        if task.playbook_task not in steps and task.status != "cancelled":
            yield Added(task.task_id, task.name, task.stage, task.track, task.effort_hours)


def _reestimated(steps: Mapping[str, PlaybookTask], found: Mapping[str, Task]) -> Iterator[Reestimated]:
    for key, task in found.items():
        hours = task.effort_hours or Decimal(0)
        if hours != steps[key].effort_hours:
            yield Reestimated(task.task_id, task.name, steps[key].effort_hours, hours)
