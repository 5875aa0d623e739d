"""What a playbook becomes with given answers: its core, and the blocks that the answers add. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from msgspec.structs import replace

from store.errors import Invalid
from store.events.playbooks import (
    PlaybookLink,
    PlaybookModule,
    PlaybookScopeItem,
    PlaybookTask,
    PlaybookTemplate,
)

Edge = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Choice:
    """Every question's answer, the modules they add, and all tasks with the links that the modules give them."""

    answers: Mapping[str, str]
    modules: tuple[PlaybookModule, ...]
    tasks: tuple[PlaybookTask, ...]
    scope_items: tuple[PlaybookScopeItem, ...]


def choose(template: PlaybookTemplate, answers: Mapping[str, str]) -> Choice:
    """The playbook with these answers; a question left out takes its default.

    Raises `Invalid` for a question or an answer that the playbook does not have, or one left open.
    """
    given = dict(_answered(template, answers))
    return with_modules(template, [m for m in template.modules if given.get(m.question) == m.answer], given)


def with_modules(
    template: PlaybookTemplate, modules: Iterable[PlaybookModule], answers: Mapping[str, str] | None = None
) -> Choice:
    """The core and these modules."""
    chosen = tuple(modules)
    tasks = [*template.tasks, *(task for module in chosen for task in module.tasks)]
    ties = [tie for module in chosen for tie in module.links]
    linked = [
        replace(task, after=(*task.after, *more))
        if (more := [PlaybookLink(on=t.on, type=t.type, lag_days=t.lag_days) for t in ties if t.task == task.key])
        else task
        for task in tasks
    ]
    items = (*template.scope_items, *(item for module in chosen for item in module.scope_items))
    return Choice(answers or {}, chosen, tuple(linked), items)


def edges_of(tasks: Iterable[PlaybookTask]) -> Iterator[Edge]:
    """(what comes first, what follows it) by links and by anchors on tasks."""
    found = tuple(tasks)
    keys = {task.key for task in found}
    for task in found:
        yield from ((link.on, task.key) for link in task.after)
        if task.anchor in keys:
            yield task.anchor, task.key


def _answered(template: PlaybookTemplate, answers: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    known = {question.key: question for question in template.questions}
    stranger = next((key for key in sorted(answers) if key not in known), None)
    if stranger is not None:
        raise Invalid(
            "playbook.unknown_question",
            f"The playbook does not ask {stranger!r}.",
            remedy=f"It asks: {', '.join(known) or 'nothing'}.",
            where=f"answers.{stranger}",
        )
    for key, question in known.items():
        answer = answers.get(key, question.default)
        if answer not in question.options:
            raise Invalid(
                "playbook.bad_answer",
                f"{question.text} The answer was {answer!r}." if answer else f"{question.text} Nobody answered.",
                remedy=f"Answer {key} with one of: {', '.join(question.options)}.",
                where=f"answers.{key}",
            )
        yield key, answer
