"""From a playbook to a dated project plan."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from math import ceil
from random import Random

from evals.generator.draw import halves, is_hit, stream
from evals.generator.playbooks import LEAD, PLAYBOOKS, SHARES, Playbook, Step, links_of, steps_of
from evals.generator.texts import CLAUSES
from evals.generator.world import TO_EUR, Customer, Person, World

HOURS_A_DAY = 4.5
PLANNED_EXPENSES = 600.0
CONTINGENCY = 0.03
EARLIEST_FATE_DAYS = -8
EARLY_LAUNCH_DAYS = (0, 0, 1, 2, 3, 4, 6)
AREAS = ("first sites", "back office", "customer desk", "field crews", "claims desk", "stock rooms", "member services")


@dataclass
class Link:
    before: Task
    kind: str
    lag_days: int
    created_on: date
    is_hidden: bool = False


@dataclass
class Task:
    """A task as planned, as it stands and as it really went; `needs_hours` and `cause` are latent."""

    task_id: str
    key: str
    stage: str
    name: str
    track: str
    role: str
    owner_id: str
    effort_hours: float
    needs_hours: float
    starts_on: date
    due_on: date
    created_on: date
    capability: str = ""
    milestone: str = ""
    scope_item_id: str = ""
    is_billable: bool = True
    cause: str = ""
    links: list[Link] = field(default_factory=list)
    first: dict[str, str] = field(default_factory=dict)
    status: str = "todo"
    ready_on: date | None = None
    startable_on: date | None = None
    began_on: date | None = None
    asked_on: date | None = None
    answers_on: date | None = None
    done_on: date | None = None
    worked_hours: float = 0.0
    wait_days: int = 0
    rounds: int = 0

    def remember(self) -> None:
        """Keep what the plan said when the task was first recorded."""
        self.first = {
            "owner_id": self.owner_id,
            "effort_hours": f"{self.effort_hours:g}",
            "planned_start_on": self.starts_on.isoformat(),
            "due_on": self.due_on.isoformat(),
        }

    @property
    def is_open(self) -> bool:
        return self.status not in ("done", "cancelled")


@dataclass
class Project:
    project_id: str
    customer: Customer
    name: str
    playbook: Playbook
    manager: Person
    signed_on: date
    created_on: date
    baseline_on: date
    fee_type: str
    fee: float
    budget_hours: float
    sold_margin: float
    engagement_id: str
    is_promised_early: bool
    is_synced: bool
    tasks: list[Task]
    scope_items: list[tuple[str, str, str, float]]
    crew: dict[str, Person]
    early_days: int = 0
    fate_days: int | None = None
    committed_on: date = date.min
    status: str = "active"
    stage: str = "contract_signed"
    health: str = "green"
    held: tuple[date, date] | None = None
    cancel_on: date | None = None
    reopen_on: date | None = None
    live_on: date | None = None
    ended_on: date | None = None
    replanned_on: date | None = None

    @property
    def launch(self) -> Task:
        return next(t for t in self.tasks if t.milestone == "go_live")

    def task(self, key: str) -> Task | None:
        return next((t for t in self.tasks if t.key == key), None)


def plan_projects(world: World, count: int) -> list[Project]:
    rng = stream(world.seed, "projects")
    last = world.horizon_on - timedelta(days=12)
    span = (last - world.starts_on).days
    numbers = rng.sample(range(2000, 2000 + 9 * count), count)
    out: list[Project] = []
    for n in range(count):
        day = world.starts_on + timedelta(days=round(span * (n + rng.random() * 0.8) / count))
        out.append(_plan(world, f"prj-{numbers[n]}", world.calendar.add(day, 0), n, out))
    return out


def _plan(world: World, project_id: str, created_on: date, n: int, earlier: list[Project]) -> Project:
    rng = stream(world.seed, "project", project_id)
    customer = world.customers[n % len(world.customers)] if not is_hit(rng, 0.2) else rng.choice(world.customers)
    playbook = rng.choices(PLAYBOOKS, SHARES)[0]
    managers = world.staff(LEAD, created_on)
    manager = min(managers, key=lambda m: (sum(1 for p in earlier[-10:] if p.manager is m), m.person_id))
    crew = {
        role: _least_busy(world, role, created_on, earlier)
        for role in sorted({s.role for s in steps_of(playbook) if s.track == "internal"} - {LEAD})
    }
    crew[LEAD] = manager
    scale = playbook.size * rng.uniform(0.9, 1.2)
    tasks = _tasks(world, rng, project_id, playbook, crew, customer, created_on, scale)
    launch = next(t for t in tasks if t.milestone == "go_live")
    effort = sum(t.effort_hours for t in tasks)
    is_early = is_hit(rng, 0.08) and not world.mechanism.is_fated
    baseline_on = world.calendar.add(launch.due_on, playbook.buffer_days)
    if is_early:
        baseline_on = world.calendar.add(launch.due_on, -rng.randint(12, 18))
    engagement = f"eng-{customer.customer_id[4:]}" if playbook.letter == "c" or n % 5 == 0 else ""
    fee_type = rng.choices(("fixed", "time_and_material", "subscription", "non_billable"), (0.6, 0.25, 0.1, 0.05))[0]
    to_eur = TO_EUR[customer.currency]
    fee = 0.0 if fee_type == "non_billable" else round(effort * playbook.hour_rate * 1.05 / to_eur, -2)
    cost = sum(
        t.effort_hours * p.cost_rate * TO_EUR[p.currency]
        for t in tasks
        for p in crew.values()
        if p.person_id == t.owner_id
    )
    sold_margin = round(1 - (cost + PLANNED_EXPENSES) / (fee * to_eur) - CONTINGENCY, 2) if fee else 0.0
    name = f"{customer.name}: {rng.choice(AREAS)}"
    project = Project(
        project_id,
        customer,
        name,
        playbook,
        manager,
        created_on - timedelta(days=rng.randint(1, 6)),
        created_on,
        baseline_on,
        fee_type,
        fee,
        round(effort * 1.05),
        sold_margin,
        engagement,
        is_early,
        n % 3 == 1,
        tasks,
        [],
        crew,
    )
    _place_after(world, project, launch, baseline_on)
    _sell(rng, project)
    project.committed_on = baseline_on
    project.early_days = rng.choice(EARLY_LAUNCH_DAYS)
    if world.mechanism.is_fated:
        project.fate_days = max(EARLIEST_FATE_DAYS, round(rng.gauss(0.0, 6.0)))
    for task in project.tasks:
        task.remember()
    return project


def _least_busy(world: World, role: str, day: date, earlier: list[Project]) -> Person:
    """Whoever has the least planned work from projects still planned to run."""
    busy: dict[str, float] = {}
    for project in earlier:
        if project.baseline_on > day and role in project.crew:
            who = project.crew[role].person_id
            busy[who] = busy.get(who, 0.0) + sum(t.effort_hours for t in project.tasks if t.owner_id == who)
    return min(
        world.staff(role, day), key=lambda p: (busy.get(p.person_id, 0.0) / sum(p.calendar.weekday_hours), p.person_id)
    )


def _tasks(
    world: World,
    rng: Random,
    project_id: str,
    playbook: Playbook,
    crew: dict[str, Person],
    customer: Customer,
    created_on: date,
    scale: float,
) -> list[Task]:
    steps = steps_of(playbook)
    marks = rng.sample(range(100, 990), len(steps))
    tasks: dict[str, Task] = {}
    for step, mark in zip(steps, sorted(marks), strict=True):
        tasks[step.key] = _task(world, rng, f"tsk-{project_id[4:]}-{mark}", step, crew, customer, created_on, scale)
    last_due: dict[str, date] = {}
    for step in steps:
        task = tasks[step.key]
        task.links = [Link(tasks[key], kind, lag, created_on) for key, kind, lag in links_of(step, playbook)]
        _date(world, task, created_on, last_due)
        if step.hidden_after in tasks:
            task.links.append(Link(tasks[step.hidden_after], "FS", 0, created_on, is_hidden=True))
    return list(tasks.values())


def _task(
    world: World,
    rng: Random,
    task_id: str,
    step: Step,
    crew: dict[str, Person],
    customer: Customer,
    created_on: date,
    scale: float,
) -> Task:
    effort = halves(step.effort_hours * scale * rng.uniform(0.85, 1.15)) if step.effort_hours else 0.0
    owner = crew[step.role].person_id if step.role in crew else customer.contacts[step.role].contact_id
    needs = halves(effort * world.mechanism.effort_factor(rng)) if effort else 0.0
    wait = max(1, round(step.wait_days * (0.7 + 0.3 * scale)))
    task = Task(
        task_id,
        step.key,
        step.stage,
        step.name,
        step.track,
        step.role,
        owner,
        effort,
        needs,
        created_on,
        created_on,
        created_on,
        step.capability,
        step.milestone,
    )
    task.wait_days = 0 if effort else wait
    task.is_billable = step.track == "internal" and step.stage not in ("contract_signed", "handoff")
    return task


def _date(world: World, task: Task, created_on: date, last_due: dict[str, date]) -> None:
    """Earliest dates by links; one person does one larger step of the project after the other."""
    length = ceil(task.effort_hours / HOURS_A_DAY) if task.effort_hours else task.wait_days
    starts = [world.calendar.add(created_on, 1)]
    ends = []
    if task.effort_hours > HOURS_A_DAY and task.owner_id in last_due:
        starts.append(world.calendar.add(last_due[task.owner_id], 1))
    for link in task.links:
        before = link.before
        if link.kind == "FS":
            starts.append(world.calendar.add(before.due_on, 1 + link.lag_days))
        elif link.kind == "SS":
            starts.append(world.calendar.add(before.starts_on, link.lag_days))
        else:
            ends.append(world.calendar.add(before.due_on, link.lag_days))
    task.starts_on = max(starts)
    task.due_on = max([world.calendar.add(task.starts_on, max(0, length - 1)), *ends])
    if task.effort_hours > HOURS_A_DAY:
        last_due[task.owner_id] = task.due_on


def _place_after(world: World, project: Project, launch: Task, baseline_on: date) -> None:
    """Go-live stands on the promised date; what follows it moves along."""
    shift = world.calendar.between(launch.due_on, baseline_on)
    for task in project.tasks:
        if task is launch or task.stage == "transition":
            task.starts_on = world.calendar.add(task.starts_on, shift)
            task.due_on = max(task.starts_on, world.calendar.add(task.due_on, shift))
    launch.starts_on = launch.due_on = baseline_on


def _sell(rng: Random, project: Project) -> None:
    """One clause per capability the plan works on; its tasks share the clause's hours."""
    capabilities = sorted({t.capability for t in project.tasks if t.capability})
    for number, capability in enumerate(capabilities, 1):
        item = f"{project.project_id}-c{number * 3 + 4:02d}"
        mine = [t for t in project.tasks if t.capability == capability]
        text = rng.choice(CLAUSES[capability]).format(n=rng.randint(2, 9), m=rng.randint(2, 6) * 10)
        project.scope_items.append((item, capability, text, round(sum(t.effort_hours for t in mine) * 1.05, 1)))
        for task in mine:
            task.scope_item_id = item
