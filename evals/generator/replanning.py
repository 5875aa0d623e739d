"""The manager's Monday: health, a new plan when the old one is gone, a new promise when the plan passes it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from math import ceil

from evals.generator.bookings import Bookings
from evals.generator.draw import is_hit
from evals.generator.journal import Journal
from evals.generator.plan import HOURS_A_DAY, Project, Task
from evals.generator.rows import moment
from evals.generator.talk import Talk
from evals.generator.texts import ESCALATIONS

REPLAN_DAYS = 21
AMBER_DAYS, RED_DAYS = 3, 8


@dataclass
class Replanning:
    """`commitments`: (day, promised go-live) per project; `slips`: working days as seen last Monday."""

    journal: Journal
    bookings: Bookings
    talk: Talk
    commitments: dict[str, list[tuple[date, date]]] = field(default_factory=lambda: defaultdict(list))
    slips: dict[str, int] = field(default_factory=dict)

    def monday(self, project: Project, day: date) -> None:
        rng = self.journal.rng("monday", project, day)
        slip = self.slip_days(project, day)
        self.slips[project.project_id] = slip
        is_past = day > project.committed_on
        health = "red" if slip >= RED_DAYS or is_past else "amber" if slip >= AMBER_DAYS else "green"
        if self.journal.world.mechanism.is_fated:
            health = rng.choices(("green", "amber"), (0.8, 0.2))[0]
        if health != project.health:
            project.health = health
            self.journal.project(project, day, "send", "health", health)
        if is_hit(rng, 0.45):
            self.talk.update(project, day)
        has_waited = project.replanned_on is None or (day - project.replanned_on).days >= REPLAN_DAYS
        if has_waited and (slip >= RED_DAYS or is_past) and is_hit(rng, 0.7):
            self.replan(project, day)
        if health == "red" and is_hit(rng, 0.14):
            self._escalate(project, day)

    def _escalate(self, project: Project, day: date) -> None:
        rng = self.journal.rng("escalate", project, day)
        sponsor = project.customer.contacts["customer_sponsor"].contact_id
        self.journal.rows.add(
            "escalations",
            day,
            escalation_id=self.journal.rows.new_id("esc"),
            project_id=project.project_id,
            at=moment(rng, day, "finish"),
            by_id=rng.choice((project.manager.person_id, sponsor)),
            text=rng.choice(ESCALATIONS),
        )

    def slip_days(self, project: Project, day: date) -> int:
        """Working days by which the oldest overdue step before go-live is past its date."""
        world = self.journal.world
        if world.mechanism.is_fated:
            return 0
        late = [t for t in before_launch(project) if t.due_on < day and t.created_on <= day]
        return max((world.calendar.between(t.due_on, day) for t in late), default=0)

    def replan(self, project: Project, day: date) -> None:
        """Push what can no longer be met, step by step along the links."""
        project.replanned_on = day
        ends: dict[str, date] = {}
        for task in project.tasks:
            start, due = self._expected(task, day, ends)
            if is_movable(task, day) and due > task.due_on:
                self.journal.move(project, task, day, "stage", start, due)
        last = max([day, *(t.due_on for t in before_launch(project) if t.milestone != "go_live")])
        if last >= project.committed_on:
            days_on = self.journal.rng("replan", project, day).randint(3, 7)
            self.commit(project, day, self.journal.world.calendar.add(last, days_on), "stage")
        self.bookings.book_plan(project, [t for t in project.tasks if t.created_on <= day], day)

    def _expected(self, task: Task, day: date, ends: dict[str, date]) -> tuple[date, date]:
        """Start and end as they look today; `ends` keeps the ends already worked out."""
        calendar = self.journal.world.calendar
        if not task.is_open or task.ready_on is not None:
            left = ceil(max(0.0, task.effort_hours - task.worked_hours) / HOURS_A_DAY) or 2
            ends[task.task_id] = task.done_on or max(task.due_on, calendar.add(day, left))
            return task.starts_on, ends[task.task_id]
        length = calendar.between(task.starts_on, task.due_on)
        starts = [task.starts_on]
        for link in task.links:
            if link.kind == "FS" and not link.is_hidden:
                before = ends.get(link.before.task_id) or self._expected(link.before, day, ends)[1]
                starts.append(calendar.add(before, 1 + link.lag_days))
        ends[task.task_id] = calendar.add(max(starts), length)
        return max(starts), ends[task.task_id]

    def shift(self, project: Project, day: date, held_days: int) -> None:
        """After a hold everything not begun moves by its length, the promise too."""
        calendar = self.journal.world.calendar
        for task in project.tasks:
            if task.status == "waiting" and task.answers_on:
                task.answers_on = calendar.add(task.answers_on, held_days)
            if is_movable(task, day):
                start, due = calendar.add(task.starts_on, held_days), calendar.add(task.due_on, held_days)
                self.journal.move(project, task, day, "send", start, due)
        self.commit(project, day, calendar.add(project.committed_on, held_days), "send")

    def commit(self, project: Project, day: date, new: date, span: str) -> None:
        """A new promise; go-live and what follows it move along."""
        calendar = self.journal.world.calendar
        shift = calendar.between(project.committed_on, new)
        project.committed_on = new
        self.commitments[project.project_id].append((day, new))
        self.journal.project(project, day, span, "committed_go_live_on", new)
        for task in project.tasks:
            if task.is_open and (task.milestone == "go_live" or task.stage == "transition"):
                due = new if task.milestone == "go_live" else calendar.add(task.due_on, shift)
                self.journal.move(project, task, day, span, min(due, calendar.add(task.starts_on, shift)), due)


def before_launch(project: Project) -> list[Task]:
    return [t for t in project.tasks if t.is_open and t.stage != "transition"]


def is_movable(task: Task, day: date) -> bool:
    """Not begun, not the promise itself, and not entered only today."""
    is_waiting = task.status == "todo" and task.ready_on is None
    return is_waiting and task.milestone != "go_live" and task.stage != "transition" and task.created_on < day
