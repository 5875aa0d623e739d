"""A project's life: opened, held, cancelled, live, re-opened, closed; and who does its work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from evals.generator.draw import is_hit
from evals.generator.growth import Growth
from evals.generator.journal import Journal
from evals.generator.plan import Project, Task
from evals.generator.playbooks import CONFIG, STAGES
from evals.generator.replanning import AMBER_DAYS, Replanning
from evals.generator.talk import Talk
from evals.generator.watch import Watch

HANDOVER_DAYS = timedelta(days=4)
HELD_FROM, HELD_TO = timedelta(days=9), timedelta(days=17)


@dataclass
class Steering:
    journal: Journal
    talk: Talk
    growth: Growth
    replanning: Replanning
    watch: Watch
    has_reopened: bool = False
    has_held: bool = False

    def open(self, project: Project) -> None:
        """First day: the fates that do not depend on the work are drawn, the plan is booked."""
        rng = self.journal.rng("fates", project)
        if not self.journal.world.mechanism.is_fated:
            self._draw_fates(project, rng)
        self._announce_leave(project, rng)
        self.replanning.commitments[project.project_id].append((project.created_on, project.committed_on))
        self.journal.project(project, project.created_on, "stage", "status", "active")
        self.replanning.bookings.book_plan(project, project.tasks, project.created_on)

    def _draw_fates(self, project: Project, rng: Random) -> None:
        """A few are held or cancelled; one is on hold across the horizon."""
        horizon = self.journal.world.horizon_on
        if 40 <= (horizon - project.created_on).days <= 75 and not self.has_held and project.playbook.letter != "d":
            self.has_held = True
            project.held = (horizon - HELD_FROM, horizon + HELD_TO)
        elif is_hit(rng, 0.08):
            first = project.created_on + timedelta(days=rng.randint(20, 45))
            project.held = (first, first + timedelta(days=rng.randint(12, 30)))
        elif is_hit(rng, 0.07):
            project.cancel_on = self.journal.world.calendar.add(project.created_on, rng.randint(15, 50))

    def _announce_leave(self, project: Project, rng: Random) -> None:
        """Customers announce their leave by message; the calendar then counts it out."""
        calendar = self.journal.world.calendar
        for contact in project.customer.contacts.values():
            if is_hit(rng, 0.3):
                first = calendar.add(project.created_on, rng.randint(10, 60))
                last = first + timedelta(days=rng.randint(7, 13))
                said = calendar.add(first, -rng.randint(2, 6))
                if not any(a <= last and first <= b for a, b, _ in contact.leave):
                    row = self.talk.holiday(project, contact, (first, last), said)
                    contact.leave.append((first, last, row["message_id"]))

    def is_moving(self, project: Project, day: date) -> bool:
        """Apply holds and cancellations; False when nothing may happen today."""
        if project.cancel_on and day >= project.cancel_on and project.live_on is None:
            self._cancel(project, day)
            return False
        if project.held is None:
            return True
        first, last = project.held
        if project.status == "active" and first <= day < last and project.live_on is None:
            self.journal.project(project, day, "status", "status", "on_hold")
        elif project.status == "on_hold" and day >= last and self.journal.world.calendar.is_working(day):
            self.journal.project(project, day, "send", "status", "active")
            self.replanning.shift(project, day, self.journal.world.calendar.between(first, day))
        return project.status != "on_hold"

    def _cancel(self, project: Project, day: date) -> None:
        for task in project.tasks:
            if task.is_open and task.created_on <= day:
                task.status = "cancelled"
                self.journal.task(project, task, day, "stage", "status", "cancelled")
        self._end(project, day, "cancelled")

    def _end(self, project: Project, day: date, status: str) -> None:
        project.ended_on = day
        self.journal.project(project, day, "last", "status", status)

    def hand_over(self, project: Project, day: date) -> None:
        """Open work of someone who left goes to a colleague some days later."""
        world = self.journal.world
        for task in project.tasks:
            if task.track != "internal" or not task.is_open:
                continue
            owner = world.person(task.owner_id)
            if owner.ends_on and day >= owner.ends_on + HANDOVER_DAYS:
                heir = self.journal.rng("heir", project).choice(world.staff(owner.role, day))
                task.owner_id = heir.person_id
                project.crew[owner.role] = heir
                self.journal.task(project, task, day, "send", "owner_id", heir.person_id)

    def after_task(self, project: Project, task: Task, day: date) -> None:
        self.growth.after_task(project, task, day)

    def evening(self, project: Project, day: date) -> None:
        if project.ended_on or not self.journal.world.calendar.is_working(day):
            return
        rng = self.journal.rng("evening", project, day)
        self._move_stage(project, day)
        self.watch.forecast(project, day)
        if project.live_on is None:
            self.growth.listen(project, day, rng)
            if day.weekday() == 0:
                self.watch.prove(project, day)
                self.replanning.monday(project, day)
        if is_hit(rng, 0.11):
            slip = self.replanning.slips.get(project.project_id, 0)
            self.talk.small_talk(project, day, is_restless=slip >= AMBER_DAYS)
        if project.live_on and not any(t.is_open for t in project.tasks):
            self._end(project, day, "closed")
        elif project.reopen_on and day >= project.reopen_on and project.status == "live":
            self._reopen(project, day)

    def _move_stage(self, project: Project, day: date) -> None:
        begun = [STAGES.index(t.stage) for t in project.tasks if t.is_open and t.ready_on is not None]
        if begun and max(begun) > STAGES.index(project.stage):
            project.stage = STAGES[max(begun)]
            self.journal.project(project, day, "stage", "stage", project.stage)

    def go_live(self, project: Project, day: date) -> None:
        """The first go-live that lies a little before the horizon is followed by a re-opening."""
        project.live_on = day
        self.journal.project(project, day, "status", "status", "live")
        ago = self.journal.world.horizon_on - day
        if timedelta(days=14) <= ago <= timedelta(days=45) and not self.has_reopened:
            self.has_reopened = True
            project.reopen_on = self.journal.world.calendar.add(day, 6)

    def _reopen(self, project: Project, day: date) -> None:
        """A new commitment; the first go-live stays in history."""
        calendar = self.journal.world.calendar
        self.journal.project(project, day, "status", "status", "active")
        project.reopen_on = None
        new = calendar.add(day, 25)
        self.replanning.commitments[project.project_id].append((day, new))
        self.journal.project(project, day, "status", "committed_go_live_on", new)
        build = self.growth.plan_more(
            project, day, "Reopened: second site on the same workspace", CONFIG, 44.0, "scope"
        )
        check = self.growth.plan_more(project, day, "Reopened: check with the second site", CONFIG, 12.0, "scope")
        build.due_on = check.due_on = calendar.add(new, -2)
        check.starts_on = calendar.add(new, -4)
        for task in (build, check):
            task.remember()
        self.replanning.bookings.book_plan(project, [build, check], day)
