"""Whether a project may go on to a stage: the conditions of its playbook held against what is known. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from store.errors import Conflict
from store.events.playbooks import PlaybookCondition, PlaybookStage, PlaybookTemplate
from store.projections.projects.state import ProjectState, Task

_KNOWN: Mapping[str, tuple[str, Callable[[ProjectState], object]]] = {
    "customer": ("the customer is named", lambda project: project.customer_id),
    "manager": ("a manager is named", lambda project: project.manager_id),
    "success_milestone": ("the success milestone is named", lambda project: project.success_milestone),
    "committed_go_live": ("a go-live date is committed", lambda project: project.committed_go_live_on),
    "scope": ("the scope is listed", lambda project: project.scope_items),
}
_TRACKS = {
    "all": "every task of the stage is done",
    "internal": "every internal task of the stage is done",
    "customer": "every task of the customer in the stage is done",
    "approval": "every approval of the stage is given",
}


@dataclass(frozen=True, slots=True)
class Held:
    """A condition of a stage and whether it is met; None for words that only a person can judge."""

    stage: str
    side: str
    words: str
    is_met: bool | None
    task_ids: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """The condition with its place, as an override names it."""
        return f"{self.stage} {self.side}: {self.words}"


@dataclass(frozen=True, slots=True)
class StageGate:
    """A stage with all its conditions as they stand now."""

    stage: str
    owner: str
    is_hard: bool
    entry: tuple[Held, ...]
    exit: tuple[Held, ...]


def gates(project: ProjectState, template: PlaybookTemplate) -> list[StageGate]:
    """Every stage of the playbook with its conditions held against the project."""
    titles = _titles(template)
    return [
        StageGate(
            stage=stage.stage,
            owner=stage.owner,
            is_hard=stage.gate == "hard",
            entry=tuple(_held(c, stage, "entry", project, titles) for c in stage.entry),
            exit=tuple(_held(c, stage, "exit", project, titles) for c in stage.exit),
        )
        for stage in template.stages
    ]


def unmet(project: ProjectState, template: PlaybookTemplate, into: str) -> list[Held]:
    """What speaks against entering a stage: exit conditions of hard stages before it, its own entry conditions.

    Going back is free, and so is a stage that the playbook does not have. What a manager has once
    overridden stays overridden.
    """
    order = [stage.stage for stage in template.stages]
    if into not in order or (project.stage in order and order.index(project.stage) >= order.index(into)):
        return []
    waived = {words for override in project.gate_overrides for words in override.unmet}
    found = gates(project, template)
    before = [held for gate in found[: order.index(into)] if gate.is_hard for held in gate.exit]
    own = found[order.index(into)]
    asked = [*before, *(own.entry if own.is_hard else ())]
    return [held for held in asked if held.is_met is False and held.sentence not in waived]


def hold(missing: Sequence[Held], into: str) -> Conflict:
    """The refusal, with what is missing."""
    listed = [held.sentence for held in missing]
    return Conflict(
        "gate_held",
        f"The playbook holds the project before {into}: {'; '.join(listed)}.",
        remedy="See to what is missing, or let a manager enter the stage with a reason.",
        data={"stage": into, "missing": listed, "task_ids": sorted({i for held in missing for i in held.task_ids})},
    )


def in_words(condition: PlaybookCondition, titles: Mapping[str, str]) -> str:
    """The condition as people read it."""
    if condition.task:
        return f"“{titles.get(condition.task, condition.task)}” is done"
    if condition.tasks:
        return _TRACKS[condition.tasks]
    return _KNOWN[condition.known][0] if condition.known else condition.words


def _titles(template: PlaybookTemplate) -> dict[str, str]:
    return {task.key: task.name for task in template.tasks}


def _held(
    condition: PlaybookCondition, stage: PlaybookStage, side: str, project: ProjectState, titles: Mapping[str, str]
) -> Held:
    words = in_words(condition, titles)
    if condition.known:
        return Held(stage.stage, side, words, bool(_KNOWN[condition.known][1](project)))
    if condition.words:
        return Held(stage.stage, side, words, None)
    wanted = list(_wanted(condition, stage.stage, project.tasks.values()))
    open_ids = tuple(task.task_id for task in wanted if task.is_open)
    # A single task that is asked for must be there; a stage without tasks of a track asks for none.
    is_there = bool(wanted) or not condition.task
    return Held(stage.stage, side, words, is_there and not open_ids, open_ids)


def _wanted(condition: PlaybookCondition, stage: str, tasks: Iterable[Task]) -> Iterator[Task]:
    for task in tasks:
        if condition.task:
            if task.playbook_task == condition.task:
                yield task
        elif task.stage == stage and condition.tasks in {"all", task.track}:
            yield task
