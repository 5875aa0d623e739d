"""What managers and customers decide on the way: status, plans, scope, crew."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import ceil
from random import Random

from evals.generator.bookings import Bookings
from evals.generator.calendars import DAY
from evals.generator.draw import halves, is_hit, stream
from evals.generator.plan import HOURS_A_DAY, Link, Project, Task
from evals.generator.playbooks import CONFIG, INTEGRATOR, STAGES
from evals.generator.rows import Rows, moment
from evals.generator.talk import Talk
from evals.generator.texts import ESCALATIONS
from evals.generator.watch import Watch
from evals.generator.world import World

REPLAN_DAYS = 21
AMBER_DAYS, RED_DAYS = 3, 8
MOST_ASKS = 9


@dataclass
class Ask:
    message_id: str
    asked_on: date
    hours: float
    decision: str


@dataclass
class Steering:
    world: World
    rows: Rows
    bookings: Bookings
    talk: Talk
    watch: Watch
    asks: dict[str, list[Ask]] = field(default_factory=lambda: defaultdict(list))
    commitments: dict[str, list[tuple[date, date]]] = field(default_factory=lambda: defaultdict(list))
    slips: dict[str, int] = field(default_factory=dict)
    has_reopened: bool = False
    has_held: bool = False
    _resumed_on: dict[str, date] = field(default_factory=dict)

    def open(self, project: Project) -> None:
        """First day: the fates that do not depend on the work are drawn, the plan is booked."""
        rng = self._rng("fates", project)
        if not self.world.mechanism.is_fated:
            until = (self.world.horizon_on - project.created_on).days
            if 40 <= until <= 75 and not self.has_held and project.playbook.letter != "d":
                self.has_held = True
                project.held = (self.world.horizon_on - timedelta(days=9), self.world.horizon_on + timedelta(days=17))
            elif is_hit(rng, 0.08):
                first = project.created_on + timedelta(days=rng.randint(20, 45))
                project.held = (first, first + timedelta(days=rng.randint(12, 30)))
            elif is_hit(rng, 0.07):
                project.cancel_on = self.world.calendar.add(project.created_on, rng.randint(15, 50))
        self._leave(project, rng)
        self.commitments[project.project_id].append((project.created_on, project.committed_on))
        self._set(project, project.created_on, "status", "active", "stage")
        self.bookings.book_plan(project, project.tasks, project.created_on)

    def _leave(self, project: Project, rng: Random) -> None:
        """Customers announce their leave by message; the calendar then counts it out."""
        for contact in project.customer.contacts.values():
            if is_hit(rng, 0.3):
                first = self.world.calendar.add(project.created_on, rng.randint(10, 60))
                last = first + timedelta(days=rng.randint(7, 13))
                said = self.world.calendar.add(first, -rng.randint(2, 6))
                if any(a <= last and first <= b for a, b, _ in contact.leave):
                    continue
                row = self.talk.holiday(project, contact, first, last, said)
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
            self._set(project, day, "status", "on_hold", "status")
        elif project.status == "on_hold" and day >= last and self.world.calendar.is_working(day):
            self._resume(project, day)
        return project.status != "on_hold"

    def _resume(self, project: Project, day: date) -> None:
        assert project.held
        self._resumed_on[project.project_id] = day
        self._set(project, day, "status", "active", "send")
        shift = self.world.calendar.between(project.held[0], day)
        for task in project.tasks:
            if task.status == "waiting" and task.answers_on:
                task.answers_on = self.world.calendar.add(task.answers_on, shift)
        self._shift(project, day, shift, "the hold")
        self._commit(project, day, self.world.calendar.add(project.committed_on, shift))

    def _cancel(self, project: Project, day: date) -> None:
        rng = self._rng("cancel", project)
        for task in project.tasks:
            if task.is_open and task.created_on <= day:
                task.status = "cancelled"
                self.rows.change(
                    rng,
                    day,
                    "stage",
                    project.project_id,
                    "task",
                    task.task_id,
                    "status",
                    "cancelled",
                    project.manager.person_id,
                )
        self._end(project, day, "cancelled")

    def _end(self, project: Project, day: date, status: str) -> None:
        project.ended_on = day
        self._set(project, day, "status", status, "last")

    def hand_over(self, project: Project, day: date) -> None:
        """Open work of someone who left goes to a colleague some days later."""
        for task in project.tasks:
            if task.track != "internal" or not task.is_open:
                continue
            owner = self.world.person(task.owner_id)
            if owner.ends_on and day >= owner.ends_on + timedelta(days=4):
                heir = self._rng("heir", project).choice(self.world.staff(owner.role, day))
                task.owner_id = heir.person_id
                project.crew[owner.role] = heir
                self.rows.change(
                    self._rng("heir-at", project),
                    day,
                    "send",
                    project.project_id,
                    "task",
                    task.task_id,
                    "owner_id",
                    heir.person_id,
                    project.manager.person_id,
                )

    def after_task(self, project: Project, task: Task, day: date) -> None:
        rng = stream(self.world.seed, "after", task.task_id)
        if task.key in ("trial", "uat") and is_hit(rng, self.world.mechanism.rework_probability):
            hours = halves(rng.uniform(8, 26) * project.playbook.size)
            extra = self._extra(
                project, day, f"Rework after: {task.name.lower()}", "validation", INTEGRATOR, hours, "estimate"
            )
            extra.links = [Link(task, "FS", 0, day)]
            self._write_links(extra)
            self._gate(project, "accept", extra, day)

    def _gate(self, project: Project, key: str, extra: Task, day: date) -> None:
        later = project.task(key)
        if later and later.ready_on is None:
            later.links.append(Link(extra, "FS", 0, day))
            self._write_links(later, since=day, before=extra)

    def _extra(self, project: Project, day: date, name: str, stage: str, role: str, hours: float, cause: str) -> Task:
        rng = stream(self.world.seed, "extra", project.project_id, str(len(project.tasks)))
        starts = self.world.calendar.add(day + DAY, 0)
        due = self.world.calendar.add(starts, max(1, round(hours / 4)))
        owner = project.crew[role]
        task = Task(
            self.rows.new_id("tsk"),
            f"extra-{len(project.tasks)}",
            stage,
            name,
            "internal",
            role,
            owner.person_id,
            hours,
            halves(hours * rng.uniform(0.9, 1.3)),
            starts,
            due,
            day,
            cause=cause,
        )
        task.remember()
        project.tasks.append(task)
        return task

    def _write_links(self, task: Task, since: date | None = None, before: Task | None = None) -> None:
        for link in task.links:
            if before is None or link.before is before:
                rng = stream(self.world.seed, "link", task.task_id, link.before.task_id)
                self.rows.add(
                    "dependencies",
                    since or link.created_on,
                    task_id=task.task_id,
                    depends_on_id=link.before.task_id,
                    type=link.kind,
                    lag_days=link.lag_days,
                    created_at=moment(rng, since or link.created_on, "status"),
                )

    def evening(self, project: Project, day: date) -> None:
        if project.ended_on or not self.world.calendar.is_working(day):
            return
        rng = self._rng("evening", project, day)
        self._move_stage(project, day)
        self.watch.forecast(project, day)
        if project.live_on is None:
            self._scope(project, day, rng)
            if day.weekday() == 0:
                self.watch.prove(project, day)
                self._monday(project, day, rng)
        if is_hit(rng, 0.11):
            self.talk.small_talk(project, day, is_restless=self.slips.get(project.project_id, 0) >= AMBER_DAYS)
        if project.live_on and not any(t.is_open for t in project.tasks):
            self._end(project, day, "closed")
        elif project.reopen_on and day >= project.reopen_on and project.status == "live":
            self._reopen(project, day)

    def _move_stage(self, project: Project, day: date) -> None:
        open_stages = [STAGES.index(t.stage) for t in project.tasks if t.is_open and t.ready_on is not None]
        if open_stages and STAGES[max(open_stages)] != project.stage and max(open_stages) > STAGES.index(project.stage):
            project.stage = STAGES[max(open_stages)]
            self._set(project, day, "stage", project.stage, "stage")

    def _scope(self, project: Project, day: date, rng: Random) -> None:
        rate = self.world.mechanism.asks_per_project * project.playbook.size / 55
        if STAGES.index(project.stage) < STAGES.index("kickoff") or not project.scope_items or not is_hit(rng, rate):
            return
        if len(self.asks[project.project_id]) >= MOST_ASKS:
            return
        hours = rng.choice((0.5, 1.0, 1.0, 1.5, 2.0, 3.0, 5.0, 8.0, 12.0))
        decision = rng.choices(("absorbed", "accepted", "declined", "pending"), (0.42, 0.25, 0.2, 0.13))[0]
        message_id, words = self.talk.ask(project, day, hours, decision)
        self.asks[project.project_id].append(Ask(message_id, day, hours, decision))
        if decision == "accepted" or (decision != "pending" and is_hit(rng, 0.25)):
            self._change_request(project, day, words, hours, decision, rng)
        if decision in ("absorbed", "accepted"):
            extra = self._extra(project, day, f"Extra: {words.rstrip('.?')}", "setup", CONFIG, hours, "scope")
            self._gate(project, "polish", extra, day)

    def _change_request(
        self, project: Project, day: date, words: str, hours: float, decision: str, rng: Random
    ) -> None:
        decided = self.world.calendar.add(day + DAY, rng.randint(2, 9))
        is_known = decided <= self.world.horizon_on
        self.rows.add(
            "change_requests",
            day,
            change_request_id=self.rows.new_id("chg"),
            project_id=project.project_id,
            at=moment(rng, day, "stage"),
            text=words,
            hours=hours,
            amount=round(hours * 140),
            currency=project.customer.currency,
            decision={"declined": "rejected"}.get(decision, decision) if is_known else "pending",
            decided_at=moment(rng, decided, "send") if is_known else "",
        )

    def _monday(self, project: Project, day: date, rng: Random) -> None:
        slip = self.slip_days(project, day)
        self.slips[project.project_id] = slip
        health = "red" if slip >= RED_DAYS or day > project.committed_on else "amber" if slip >= AMBER_DAYS else "green"
        if self.world.mechanism.is_fated:
            health = rng.choices(("green", "amber"), (0.8, 0.2))[0]
        if health != project.health:
            project.health = health
            self._set(project, day, "health", health, "send")
        if is_hit(rng, 0.45):
            self.talk.update(project, day)
        waited = project.replanned_on is None or (day - project.replanned_on).days >= REPLAN_DAYS
        if waited and (slip >= RED_DAYS or day > project.committed_on) and is_hit(rng, 0.7):
            self._replan(project, day, rng)
        if health == "red" and is_hit(rng, 0.08):
            by = rng.choice((project.manager.person_id, project.customer.contacts["customer_sponsor"].contact_id))
            self.rows.add(
                "escalations",
                day,
                escalation_id=self.rows.new_id("esc"),
                project_id=project.project_id,
                at=moment(rng, day, "finish"),
                by_id=by,
                text=rng.choice(ESCALATIONS),
            )

    def slip_days(self, project: Project, day: date) -> int:
        """Working days by which the oldest overdue step before go-live is past its date."""
        if self.world.mechanism.is_fated:
            return 0
        late = [
            self.world.calendar.between(t.due_on, day)
            for t in project.tasks
            if t.is_open and t.stage != "transition" and t.due_on < day and t.created_on <= day
        ]
        return max(late, default=0)

    def _replan(self, project: Project, day: date, rng: Random) -> None:
        """Push what can no longer be met, step by step along the links; the promise moves when the plan passes it."""
        project.replanned_on = day
        ends: dict[str, date] = {}
        for task in project.tasks:
            start, due = self._expected(task, day, ends)
            if (
                task.status == "todo"
                and task.ready_on is None
                and due > task.due_on
                and task.milestone != "go_live"
                and task.stage != "transition"
                and task.created_on < day
            ):
                self._move(project, task, day, start, due, rng)
        last = max(
            [
                day,
                *(
                    t.due_on
                    for t in project.tasks
                    if t.is_open and t.stage != "transition" and t.milestone != "go_live"
                ),
            ]
        )
        if last >= project.committed_on:
            self._commit(project, day, self.world.calendar.add(last, rng.randint(3, 7)))
        self.bookings.book_plan(project, [t for t in project.tasks if t.created_on <= day], day)

    def _expected(self, task: Task, day: date, ends: dict[str, date]) -> tuple[date, date]:
        """Start and end as they look today; `ends` keeps the ends already worked out."""
        calendar = self.world.calendar
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

    def _shift(self, project: Project, day: date, slip: int, why: str) -> None:
        """Steps not begun move by the slip; go-live and what follows move with the commitment only."""
        rng = self._rng(f"shift {why}", project, day)
        for task in project.tasks:
            if (
                task.status == "todo"
                and task.ready_on is None
                and task.milestone != "go_live"
                and task.stage != "transition"
                and task.created_on < day
            ):
                self._move(
                    project,
                    task,
                    day,
                    self.world.calendar.add(task.starts_on, slip),
                    self.world.calendar.add(task.due_on, slip),
                    rng,
                )

    def _move(self, project: Project, task: Task, day: date, starts_on: date, due_on: date, rng: Random) -> None:
        task.starts_on, task.due_on = starts_on, due_on
        span = "send" if self._resumed_on.get(project.project_id) == day else "stage"
        for name, value in (("planned_start_on", starts_on), ("due_on", due_on)):
            self.rows.change(
                rng, day, span, project.project_id, "task", task.task_id, name, value, project.manager.person_id
            )

    def _commit(self, project: Project, day: date, new: date) -> None:
        rng = self._rng("commit", project, day)
        shift = self.world.calendar.between(project.committed_on, new)
        project.committed_on = new
        self.commitments[project.project_id].append((day, new))
        self._set(project, day, "committed_go_live_on", new, "stage")
        for task in project.tasks:
            if task.is_open and (task.milestone == "go_live" or task.stage == "transition"):
                due = new if task.milestone == "go_live" else self.world.calendar.add(task.due_on, shift)
                self._move(project, task, day, min(due, self.world.calendar.add(task.starts_on, shift)), due, rng)

    def go_live(self, project: Project, day: date) -> None:
        project.live_on, project.status = day, "live"
        self._set(project, day, "status", "live", "status")
        is_window = self.world.horizon_on - timedelta(days=45) <= day <= self.world.horizon_on - timedelta(days=14)
        if is_window and not self.has_reopened:
            self.has_reopened = True
            project.reopen_on = self.world.calendar.add(day, 6)

    def _reopen(self, project: Project, day: date) -> None:
        self._set(project, day, "status", "active", "status")
        project.reopen_on = None
        new = self.world.calendar.add(day, 25)
        self.commitments[project.project_id].append((day, new))
        self._set(project, day, "committed_go_live_on", new, "status")
        for name, hours in (
            ("Reopened: second site on the same workspace", 44.0),
            ("Reopened: check with the second site", 12.0),
        ):
            extra = self._extra(project, day, name, "validation", CONFIG, hours, "scope")
            extra.due_on = self.world.calendar.add(new, -2)
            extra.starts_on = self.world.calendar.add(new, -4) if hours < 20 else extra.starts_on
            extra.remember()
            self.bookings.book_plan(project, [extra], day)

    def _set(self, project: Project, day: date, name: str, value: object, span: str) -> None:
        if name == "status":
            project.status = str(value)
        rng = self._rng(f"set {name}", project, day)
        self.rows.change(
            rng, day, span, project.project_id, "project", project.project_id, name, value, project.manager.person_id
        )

    def _rng(self, label: str, project: Project, day: date | None = None) -> Random:
        return stream(self.world.seed, label, project.project_id, day.isoformat() if day else "")
