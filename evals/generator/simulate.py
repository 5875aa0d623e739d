"""The portfolio, day by day: who works, who answers, what waits."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from evals.generator.bookings import Bookings
from evals.generator.calendars import DAY, instant
from evals.generator.draw import is_hit, stream
from evals.generator.journal import Journal
from evals.generator.plan import EARLIEST_FATE_DAYS, Project, Task
from evals.generator.playbooks import CONFIG, LEAD, PLAYBOOKS, ROLES, SHARES, steps_of
from evals.generator.rows import Rows, moment
from evals.generator.steering import Steering
from evals.generator.talk import Talk
from evals.generator.world import ZONE, Contact, Person, World

TASK_HOURS_A_DAY = 6.0
EARLY_START_DAYS = 5
LAST_DAYS = 400
UNLIMITED_HOURS = 99.0
GIVEN_SHARE = 0.85
LEAST_SEATS = {LEAD: 3, CONFIG: 3}


@dataclass
class Simulation:
    """One run over all projects; after the horizon it goes on so that the truth is whole."""

    world: World
    projects: list[Project]
    rows: Rows
    bookings: Bookings
    talk: Talk
    steering: Steering
    journal: Journal
    focus: dict[str, float] = field(default_factory=dict)
    contacts: dict[str, Contact] = field(default_factory=dict)
    acts: dict[str, list[tuple[date, str]]] = field(default_factory=lambda: defaultdict(list))
    worked: list[tuple[str, str, str, date, float]] = field(default_factory=list)

    def run(self) -> None:
        for customer in self.world.customers:
            self.contacts |= {c.contact_id: c for c in customer.contacts.values()}
        self.focus = self._focus()
        day = self.world.starts_on
        last = self.world.horizon_on + timedelta(days=LAST_DAYS)
        while day <= last and (day <= self.world.horizon_on or any(p.ended_on is None for p in self.projects)):
            self._step(day)
            day += DAY

    def _focus(self) -> dict[str, float]:
        """The share of a person's day that projects get, so that the mechanism's load is met."""
        span = max(
            1,
            sum(
                self.world.calendar.is_working(self.world.starts_on + DAY * n)
                for n in range((self.world.horizon_on - self.world.starts_on).days)
            ),
        )
        out = {}
        for role in ROLES:
            need = sum(t.needs_hours for p in self.projects for t in p.tasks if t.role == role)
            have = span * sum(p.hours_per_day for p in self.world.people if p.role == role)
            out[role] = (
                min(0.9, max(0.55, need / (self.world.mechanism.staff_load * have)))
                if self.world.mechanism.is_queueing
                else 0.95
            )
        return out

    def _step(self, day: date) -> None:
        active = [p for p in self.projects if p.created_on <= day and p.ended_on is None]
        for project in active:
            if project.created_on == day:
                self.steering.open(project)
        active = [p for p in active if self.steering.is_moving(p, day)]
        if self.world.calendar.is_working(day):
            for project in active:
                self.steering.hand_over(project, day)
        for project in active:
            self._release(project, day)
            self._answers(project, day)
        self._work(active, day)
        for project in active:
            self.steering.evening(project, day)

    def _release(self, project: Project, day: date) -> None:
        if not self.world.calendar.is_working(day):
            return
        for task in project.tasks:
            if task.status != "todo" or task.ready_on is not None or task.created_on > day:
                continue
            if not all(
                _holds(link.kind, link.before, link.lag_days, day, self.world)
                for link in task.links
                if not link.is_hidden
            ):
                continue
            if day < self.world.calendar.add(task.starts_on, -self._early_days(project, task)):
                continue
            task.startable_on = task.startable_on or day
            if all(
                _holds(link.kind, link.before, link.lag_days, day, self.world) for link in task.links if link.is_hidden
            ):
                self._start(project, task, day)

    def _early_days(self, project: Project, task: Task) -> int:
        if task.milestone == "go_live":
            return -EARLIEST_FATE_DAYS if self.world.mechanism.is_fated else project.early_days
        return EARLY_START_DAYS if task.track == "internal" else 0

    def _start(self, project: Project, task: Task, day: date) -> None:
        if task.milestone == "go_live":
            self._launch(project, task, day)
            return
        task.ready_on = day
        if task.track != "internal":
            self._ask(project, task, day)

    def _launch(self, project: Project, task: Task, day: date) -> None:
        if project.fate_days is not None and day < self.world.calendar.add(project.baseline_on, project.fate_days):
            return
        if self.world.person(task.owner_id).capacity(day) <= 0:
            return
        task.ready_on = task.began_on = task.done_on = day
        task.status, task.worked_hours = "done", task.needs_hours
        self.journal.task(project, task, day, "start", "status", "in_progress", task.owner_id)
        self.journal.task(project, task, day, "finish", "status", "done", task.owner_id)
        self._log_time(project, task, self.world.person(task.owner_id), day, min(8.0, task.needs_hours))
        self.steering.go_live(project, day)

    def _ask(self, project: Project, task: Task, day: date) -> None:
        task.status, task.asked_on, task.began_on = "waiting", day, day
        task.answers_on = self._answer_day(project, task, day, task.wait_days)
        contact = self.contacts.get(task.owner_id)
        if contact:
            self.talk.request(project, task, contact, day)
        self.journal.task(project, task, day, "start", "status", "waiting")

    def _answer_day(self, project: Project, task: Task, day: date, planned_days: int) -> date:
        rng = stream(self.world.seed, "answer", task.task_id, str(task.rounds))
        contact = self.contacts.get(task.owner_id)
        speed = project.customer.speed if contact else 0.7
        left = self.world.mechanism.answer_days(rng, planned_days, speed)
        return walk(self.world, project, contact, day, left)

    def _answers(self, project: Project, day: date) -> None:
        for task in project.tasks:
            if task.status != "waiting" or task.answers_on is None:
                continue
            contact = self.contacts.get(task.owner_id)
            if day >= task.answers_on and self._is_at_work(project, task.owner_id, day):
                self._receive(project, task, contact, day)
            elif contact and task.asked_on and self.world.calendar.is_working(day) and day > task.asked_on:
                waited = self.world.calendar.between(task.asked_on, day)
                if waited in (4, 9, 14, 20) and not any(a <= day <= b for a, b, _ in contact.leave):
                    self.talk.nudge(project, task, contact, day)

    def _is_at_work(self, project: Project, owner_id: str, day: date) -> bool:
        contact = self.contacts.get(owner_id)
        return project.customer.works(contact, day) if contact else self.world.person(owner_id).capacity(day) > 0

    def _receive(self, project: Project, task: Task, contact: Contact | None, day: date) -> None:
        rng = stream(self.world.seed, "receive", task.task_id, str(task.rounds))
        if contact:
            self.acts[project.project_id].append((day, contact.contact_id))
        is_part = contact is not None and task.rounds < 2 and is_hit(rng, self.world.mechanism.incomplete_probability)
        if contact and (is_part or is_hit(rng, 0.75)):
            self.talk.answer(project, task, contact, day, is_part=is_part)
        if is_part and contact:
            task.rounds += 1
            back = self.world.calendar.add(day + DAY, 0)
            self.talk.more_needed(project, task, contact, back)
            task.answers_on = self._answer_day(project, task, back, max(1, task.wait_days // 2))
            return
        task.status, task.done_on = "done", day
        self.journal.task(project, task, day, "finish", "status", "done", task.owner_id)
        self.steering.after_task(project, task, day)

    def _work(self, active: list[Project], day: date) -> None:
        queues: dict[str, list[tuple[Project, Task]]] = defaultdict(list)
        for project in active:
            for task in project.tasks:
                if task.track == "internal" and task.is_open and task.ready_on is not None:
                    queues[task.owner_id].append((project, task))
        for person in self.world.people:
            if queues[person.person_id] and person.capacity(day) > 0:
                self._spend(person, queues[person.person_id], day)

    def _spend(self, person: Person, queue: list[tuple[Project, Task]], day: date) -> None:
        """A day's hours: booked projects first, then the earliest due date."""
        left = person.capacity(day) * self.focus[person.role] if not self.world.mechanism.is_fated else UNLIMITED_HOURS
        mine = self.bookings.projects_of[person.person_id, day]
        queue.sort(
            key=lambda pair: (
                self.world.mechanism.is_queueing and pair[0].project_id not in mine,
                pair[1].due_on,
                pair[1].task_id,
            )
        )
        for project, task in queue:
            hours = min(left, TASK_HOURS_A_DAY, max(0.5, task.needs_hours - task.worked_hours))
            hours = int(hours * 2) / 2
            if hours < 0.5:
                break
            if task.worked_hours < task.needs_hours:
                left -= hours
                self._work_on(project, task, person, day, hours)
            self._finish(project, task, day)

    def _work_on(self, project: Project, task: Task, person: Person, day: date, hours: float) -> None:
        if task.began_on is None:
            task.began_on, task.status = day, "in_progress"
            self.journal.task(project, task, day, "start", "status", "in_progress", task.owner_id)
        task.worked_hours += hours
        self._log_time(project, task, person, day, hours)

    def _finish(self, project: Project, task: Task, day: date) -> None:
        is_done = task.worked_hours >= task.needs_hours
        if not is_done or not all(link.before.done_on for link in task.links if link.kind == "FF"):
            return
        task.status, task.done_on = "done", day
        self.journal.task(project, task, day, "finish", "status", "done", task.owner_id)
        self.steering.after_task(project, task, day)

    def _log_time(self, project: Project, task: Task, person: Person, day: date, hours: float) -> None:
        rng = stream(self.world.seed, "time", task.task_id, day.isoformat())
        self.worked.append((person.person_id, project.project_id, task.task_id, day, hours))
        friday = self.world.calendar.add(day + timedelta(days=max(0, 4 - day.weekday())), 0)
        sent = friday if person.logs_time == "daily" else self.world.calendar.add(friday + DAY, 0)
        approved = self.world.calendar.add(sent + DAY, rng.randint(0, 2))
        horizon = self.world.horizon_on
        self.rows.add(
            "time_entries",
            day,
            entry_id=self.rows.new_id("tme"),
            person_id=person.person_id,
            project_id=project.project_id,
            task_id=task.task_id,
            worked_on=day,
            hours=hours,
            billable=task.is_billable and project.fee_type != "non_billable",
            submitted_at=moment(rng, sent, "stage") if sent <= horizon else "",
            approved_at=instant(approved, 600 + rng.randint(0, 90), ZONE) if approved <= horizon else "",
        )


def _holds(kind: str, before: Task, lag_days: int, day: date, world: World) -> bool:
    """Is the link satisfied for a start on this day? Finish-to-finish binds the end only."""
    if kind == "FF":
        return True
    mark = before.done_on if kind == "FS" else before.began_on
    if mark is None or mark >= day:
        return False
    return lag_days == 0 or world.calendar.between(mark, day) > lag_days


def walk(world: World, project: Project, contact: Contact | None, day: date, working_days: int) -> date:
    """The day after so many working days of the answering party."""
    left = working_days
    while left > 0:
        day += DAY
        left -= project.customer.works(contact, day) if contact else world.calendar.is_working(day)
    return day


def demand(count: int, months: float, mechanism_load: float) -> dict[str, int]:
    """Seats per role for a portfolio of that size."""
    hours_there = months * 20 * 8 * GIVEN_SHARE * mechanism_load
    seats = {}
    for role in ROLES:
        need = sum(
            w * b.size * sum(s.effort_hours for s in steps_of(b) if s.role == role)
            for b, w in zip(PLAYBOOKS, SHARES, strict=True)
        )
        seats[role] = max(LEAST_SEATS.get(role, 2), round(count * need * 1.15 / hours_there))
    return seats
