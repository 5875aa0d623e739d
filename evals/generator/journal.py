"""Changes as they enter the history, each at a moment of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from evals.generator.draw import stream
from evals.generator.plan import Link, Project, Task
from evals.generator.rows import Rows, moment
from evals.generator.world import World


@dataclass
class Journal:
    """Writes history rows; the actor is the manager unless said otherwise."""

    world: World
    rows: Rows

    def rng(self, label: str, project: Project, day: date | None = None) -> Random:
        return stream(self.world.seed, label, project.project_id, day.isoformat() if day else "")

    def task(
        self, project: Project, task: Task, day: date, span: str, field: str, value: object, actor_id: str = ""
    ) -> None:
        at = moment(stream(self.world.seed, "at", task.task_id, field, str(value), day.isoformat()), day, span)
        self._row(day, at, project, "task", task.task_id, field, value, actor_id or project.manager.person_id)

    def project(self, project: Project, day: date, span: str, field: str, value: object) -> None:
        """A project's own change; a changed status is the project's from now on."""
        if field == "status":
            project.status = str(value)
        at = moment(self.rng(f"set {field}", project, day), day, span)
        self._row(day, at, project, "project", project.project_id, field, value, project.manager.person_id)

    def move(self, project: Project, task: Task, day: date, span: str, starts_on: date, due_on: date) -> None:
        """New dates of a task; some projects are kept in step by the integration."""
        actor = self.world.bot.person_id if project.is_synced else ""
        if starts_on != task.starts_on:
            self.task(project, task, day, span, "planned_start_on", starts_on, actor)
        if due_on != task.due_on:
            self.task(project, task, day, span, "due_on", due_on, actor)
        task.starts_on, task.due_on = starts_on, due_on

    def link(self, task: Task, link: Link, day: date) -> None:
        """A link found later, written with the day it was entered."""
        rng = stream(self.world.seed, "link", task.task_id, link.before.task_id)
        self.rows.add(
            "dependencies",
            day,
            task_id=task.task_id,
            depends_on_id=link.before.task_id,
            type=link.kind,
            lag_days=link.lag_days,
            created_at=moment(rng, day, "status"),
        )

    def _row(
        self,
        day: date,
        at: str,
        project: Project,
        entity: str,
        entity_id: str,
        field: str,
        value: object,
        actor_id: str,
    ) -> None:
        self.rows.add(
            "history",
            day,
            at=at,
            project_id=project.project_id,
            entity=entity,
            entity_id=entity_id,
            field=field,
            value=value,
            actor_id=actor_id,
        )
