"""What can be proved or was forecast along the way, noted for the truth."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import ceil

from evals.generator.bookings import Bookings
from evals.generator.draw import spread, stream
from evals.generator.plan import Project, Task
from evals.generator.rows import Rows
from evals.generator.world import World


@dataclass
class Watch:
    """Per project `proofs` (Monday, loosely infeasible, strictly, date in force), `forecasts` (made, period, sum)."""

    world: World
    rows: Rows
    bookings: Bookings
    proofs: dict[str, list[tuple[date, bool, bool, date]]] = field(default_factory=lambda: defaultdict(list))
    forecasts: dict[str, list[tuple[date, str, float]]] = field(default_factory=lambda: defaultdict(list))

    def prove(self, project: Project, day: date) -> None:
        """Is the date in force out of reach? Strictly: even with eight hours a day and every wait one day long."""
        left = self.world.calendar.between(day, project.committed_on) + 1
        is_loose = self._chain(project, hours_a_day=5.0, is_strict=False) > left or self._is_short(project, day)
        is_strict = self._chain(project, hours_a_day=8.0, is_strict=True) > left
        self.proofs[project.project_id].append((day, is_loose or is_strict, is_strict, project.committed_on))

    def _is_short(self, project: Project, day: date) -> bool:
        """Does some role have more left to do before go-live than all its people have free until the date?"""
        left: dict[str, float] = defaultdict(float)
        for task in project.tasks:
            if task.is_open and task.track == "internal" and task.stage != "transition" and task.created_on <= day:
                left[task.role] += max(0.0, task.effort_hours - task.worked_hours)
        span = (day, max(day, project.committed_on))
        return any(
            hours > sum(self.bookings.free_for(p, project.project_id, span) for p in self.world.staff(role, day))
            for role, hours in left.items()
        )

    def _chain(self, project: Project, *, hours_a_day: float, is_strict: bool) -> int:
        memo: dict[str, int] = {}

        def end(task: Task) -> int:
            if task.task_id not in memo:
                memo[task.task_id] = 0
                before = [
                    end(link.before) + link.lag_days for link in task.links if link.kind == "FS" and not link.is_hidden
                ]
                memo[task.task_id] = max(before, default=0) + length(task)
            return memo[task.task_id]

        def length(task: Task) -> int:
            if not task.is_open:
                return 0
            if task.track == "internal":
                return ceil(max(1.0, task.effort_hours - task.worked_hours) / hours_a_day)
            return 1 if is_strict else max(1, task.wait_days)

        return end(project.launch)

    def forecast(self, project: Project, day: date) -> None:
        """On a month's first working day the manager says what the next three months bring."""
        if project.fee <= 0 or day != self.world.calendar.add(day.replace(day=1), 0):
            return
        rng = stream(self.world.seed, "forecast", project.project_id, day.isoformat())
        hours: dict[str, float] = defaultdict(float)
        for task in project.tasks:
            if task.is_open and task.created_on <= day:
                hours[max(day, task.due_on).isoformat()[:7]] += max(0.5, task.effort_hours - task.worked_hours)
        for ahead in range(3):
            period = (day.replace(day=1) + timedelta(days=32 * ahead)).isoformat()[:7]
            revenue = round(project.fee * hours[period] / project.budget_hours * spread(rng, 0.08, 0.03), 2)
            if revenue > 0:
                self.forecasts[project.project_id].append((day, period, revenue))
                self.rows.add(
                    "forecasts",
                    day,
                    project_id=project.project_id,
                    made_on=day,
                    period=period,
                    revenue=revenue,
                    currency=project.customer.currency,
                )
