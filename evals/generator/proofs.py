"""Plans that could not hold, links nobody drew, scope that crept, lateness that did no harm."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from evals.generator.calendars import DAY
from evals.generator.plan import Project
from evals.generator.simulate import Simulation
from evals.generator.waits import Record, is_held, life_end

SCOPE_HOURS, SCOPE_SHARE = 6.0, 0.03


def hidden_links(sim: Simulation, project: Project) -> Iterator[Record]:
    for task in project.tasks:
        for link in task.links:
            if not link.is_hidden or not task.startable_on or task.startable_on > sim.world.horizon_on:
                continue
            end = min(link.before.done_on or date.max, life_end(sim, project))
            waited = sim.world.calendar.between(task.startable_on, end) if end > task.startable_on else 0
            yield {
                "record": "incident",
                "kind": "hidden_dependency",
                "project_ids": [project.project_id],
                "subject_ids": sorted([task.task_id, link.before.task_id]),
                "task_id": task.task_id,
                "waits_for_id": link.before.task_id,
                "from_on": task.startable_on,
                "accept_from_on": project.created_on,
                "to_on": max(end, task.startable_on),
                "harm_on": task.startable_on if waited else None,
                "waited_days": waited,
                "grey": waited == 0,
            }


def impossible_timelines(sim: Simulation, project: Project) -> Iterator[Record]:
    run: list[tuple[date, bool, bool, date]] = []
    proofs = [p for p in sim.steering.watch.proofs[project.project_id] if not is_held(project, p[0])]
    for number, proof in enumerate(proofs):
        if proof[1]:
            run.append(proof)
        is_last = number + 1 == len(proofs)
        if run and (is_last or not proof[1]):
            end = life_end(sim, project) if is_last and proof[1] else proof[0]
            first = next((p[0] for p in run if p[2]), run[0][0])
            accept = max(project.created_on, run[0][0] - 7 * DAY)
            if accept <= sim.world.horizon_on:
                yield {
                    "record": "incident",
                    "kind": "impossible_timeline",
                    "project_ids": [project.project_id],
                    "subject_ids": sorted([project.project_id, project.launch.task_id]),
                    "against": "committed",
                    "from_on": first,
                    "accept_from_on": accept,
                    "loose_from_on": run[0][0],
                    "strict_from_on": next((p[0] for p in run if p[2]), None),
                    "to_on": end,
                    "harm_on": sim.world.calendar.add(run[0][3], 1),
                    "grey": not any(p[2] for p in run),
                }
            run = []


def scope_drift(sim: Simulation, project: Project) -> Iterator[Record]:
    asks = [a for a in sim.steering.growth.asks[project.project_id] if a.asked_on <= sim.world.horizon_on]
    drift = [a for a in asks if a.decision in ("absorbed", "pending")]
    if not drift:
        return
    limit = max(SCOPE_HOURS, SCOPE_SHARE * project.budget_hours)
    total, crossed = 0.0, None
    for ask in drift:
        total += ask.hours
        crossed = crossed or (ask.asked_on if total >= limit else None)
    yield {
        "record": "incident",
        "kind": "scope_drift",
        "project_ids": [project.project_id],
        "subject_ids": sorted([project.project_id, *(a.message_id for a in drift)]),
        "from_on": crossed or drift[0].asked_on,
        "accept_from_on": drift[0].asked_on,
        "to_on": life_end(sim, project),
        "harm_on": crossed,
        "asked_hours": sum(a.hours for a in asks),
        "unapproved_hours": total,
        "grey": crossed is None,
    }


def overdue_with_slack(sim: Simulation, project: Project) -> Iterator[Record]:
    """Overdue, off the chain to go-live, in a project that was on time."""
    if not project.live_on or project.live_on > project.baseline_on:
        return
    chain: set[str] = set()
    todo = [project.launch]
    while todo:
        task = todo.pop()
        if task.task_id not in chain:
            chain.add(task.task_id)
            todo += [link.before for link in task.links]
    for task in project.tasks:
        if task.task_id in chain or task.stage == "transition" or not task.done_on or task.cause:
            continue
        due = task.due_on
        if sim.world.calendar.between(due, task.done_on) >= 3 and due < min(sim.world.horizon_on, project.baseline_on):
            yield {
                "record": "benign",
                "kind": "overdue_with_slack",
                "project_ids": [project.project_id],
                "subject_ids": [task.task_id],
                "from_on": due + DAY,
                "to_on": task.done_on,
                "slack_left_days": sim.world.calendar.between(due, project.baseline_on),
                "hit_kinds": ["late_risk", "impossible_timeline"],
            }
