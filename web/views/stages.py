"""A project's way through its stages. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from store.projections.projects.state import ProjectState
from web.words import plain

USUAL = ("contract_signed", "handoff", "intake", "kickoff", "setup", "validation", "go_live", "transition")


@dataclass(frozen=True, slots=True)
class Step:
    """One stage: its name, whether it lies behind, is now or is to come, and its tasks done of all."""

    stage: str
    name: str
    place: Literal["done", "now", "ahead"]
    done: int
    total: int


def steps(project: ProjectState) -> list[Step]:
    """The stages in their order; those of the playbook where the source names none."""
    named = sorted(project.stages.values(), key=lambda s: (s.position is None, s.position or 0, s.stage))
    order = [entry.stage for entry in named] or list(USUAL)
    if project.stage and project.stage not in order:
        order.append(project.stage)
    at = order.index(project.stage) if project.stage else -1
    is_over = project.status == "closed"
    return [_step(project, stage, number, len(order) if is_over else at) for number, stage in enumerate(order)]


def _step(project: ProjectState, stage: str, number: int, at: int) -> Step:
    tasks = [task for task in project.tasks.values() if task.stage == stage and task.status != "cancelled"]
    place: Literal["done", "now", "ahead"] = "done" if number < at else "now" if number == at else "ahead"
    return Step(stage, plain(stage), place, sum(task.status == "done" for task in tasks), len(tasks))
