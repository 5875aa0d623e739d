"""Work nobody planned: wishes of the customer, rework after a trial."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from random import Random

from evals.generator.calendars import DAY
from evals.generator.draw import halves, is_hit, stream
from evals.generator.journal import Journal
from evals.generator.plan import Link, Project, Task
from evals.generator.playbooks import CONFIG, INTEGRATOR, STAGES
from evals.generator.rows import moment
from evals.generator.talk import Talk

MOST_ASKS = 9
WISH_HOURS = (0.5, 1.0, 1.0, 1.5, 2.0, 3.0, 5.0, 8.0, 12.0)
DECISIONS = {"absorbed": 0.42, "accepted": 0.25, "declined": 0.2, "pending": 0.13}
ASKING_DAYS = 55
WISH_RATE = 140


@dataclass
class Ask:
    message_id: str
    asked_on: date
    hours: float
    decision: str


@dataclass
class Growth:
    """`asks` and `paid` (day, amount in the project's currency) per project are kept for the truth."""

    journal: Journal
    talk: Talk
    asks: dict[str, list[Ask]] = field(default_factory=lambda: defaultdict(list))
    paid: dict[str, list[tuple[date, float]]] = field(default_factory=lambda: defaultdict(list))

    def listen(self, project: Project, day: date, rng: Random) -> None:
        """Now and then the customer wants something that was not sold."""
        world = self.journal.world
        rate = world.mechanism.asks_per_project * project.playbook.size / ASKING_DAYS
        is_early = STAGES.index(project.stage) < STAGES.index("kickoff")
        if is_early or not is_hit(rng, rate) or len(self.asks[project.project_id]) >= MOST_ASKS:
            return
        hours = rng.choice(WISH_HOURS)
        decision = rng.choices(tuple(DECISIONS), tuple(DECISIONS.values()))[0]
        message_id, words = self.talk.ask(project, day, hours, decision)
        self.asks[project.project_id].append(Ask(message_id, day, hours, decision))
        if decision == "accepted" or (decision != "pending" and is_hit(rng, 0.25)):
            self._change_request(project, day, words, hours, decision, rng)
        if decision in ("absorbed", "accepted"):
            extra = self.plan_more(project, day, f"Extra: {words.rstrip('.?')}", CONFIG, hours, "scope")
            self._gate(project, "polish", extra, day)

    def after_task(self, project: Project, task: Task, day: date) -> None:
        """A trial may find so much that a repair of its own is planned before acceptance."""
        rng = stream(self.journal.world.seed, "after", task.task_id)
        if task.key in ("trial", "uat") and is_hit(rng, self.journal.world.mechanism.rework_probability):
            hours = halves(rng.uniform(8, 26) * project.playbook.size)
            extra = self.plan_more(project, day, f"Rework after: {task.name.lower()}", INTEGRATOR, hours, "estimate")
            extra.links = [Link(task, "FS", 0, day)]
            self.journal.link(extra, extra.links[0], day)
            self._gate(project, "accept", extra, day)

    def _gate(self, project: Project, key: str, extra: Task, day: date) -> None:
        """The new work must be done before a later step, unless that has begun."""
        later = project.task(key)
        if later and later.ready_on is None:
            later.links.append(Link(extra, "FS", 0, day))
            self.journal.link(later, later.links[-1], day)

    def plan_more(self, project: Project, day: date, name: str, role: str, hours: float, cause: str) -> Task:
        world = self.journal.world
        rng = stream(world.seed, "extra", project.project_id, str(len(project.tasks)))
        starts = world.calendar.add(day + DAY, 0)
        task = Task(
            self.journal.rows.new_id("tsk"),
            f"extra-{len(project.tasks)}",
            "setup" if cause == "scope" and not project.live_on else "validation",
            name,
            "internal",
            role,
            project.crew[role].person_id,
            hours,
            halves(hours * rng.uniform(0.9, 1.3)),
            starts,
            world.calendar.add(starts, max(1, round(hours / 4))),
            day,
            cause=cause,
        )
        task.remember()
        project.tasks.append(task)
        return task

    def _change_request(
        self, project: Project, day: date, words: str, hours: float, decision: str, rng: Random
    ) -> None:
        world = self.journal.world
        decided = world.calendar.add(day + DAY, rng.randint(2, 9))
        is_known = decided <= world.horizon_on
        amount = round(hours * WISH_RATE)
        if decision == "accepted":
            self.paid[project.project_id].append((decided, amount))
        self.journal.rows.add(
            "change_requests",
            day,
            change_request_id=self.journal.rows.new_id("chg"),
            project_id=project.project_id,
            at=moment(rng, day, "stage"),
            text=words,
            hours=hours,
            amount=amount,
            currency=project.customer.currency,
            decision={"declined": "rejected"}.get(decision, decision) if is_known else "pending",
            decided_at=moment(rng, decided, "send") if is_known else "",
        )
