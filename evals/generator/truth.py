"""The truth of a run: outcomes, causes, incidents, look-alikes, labels. Never part of the portfolio."""

from __future__ import annotations

from datetime import date

from evals.generator.incidents import Injection
from evals.generator.overload import over_allocations
from evals.generator.plan import Project, Task
from evals.generator.proofs import hidden_links, impossible_timelines, overdue_with_slack, scope_drift
from evals.generator.results import forecasts_not_credible, margin_drift
from evals.generator.simulate import Simulation
from evals.generator.waits import Record, approvals, silences

CAUSES = ("customer", "approval", "capacity", "scope", "estimate")


def tell(sim: Simulation, injection: Injection, spent: dict[str, float]) -> list[Record]:
    world = sim.world
    records: list[Record] = [
        *over_allocations(world, sim.bookings.made),
        *injection.lookalikes.put_in,
        *map(_unsubmitted, injection.unsubmitted),
    ]
    for project in sim.projects:
        records += [
            *silences(sim, project),
            *approvals(sim, project),
            *hidden_links(sim, project),
            *impossible_timelines(sim, project),
        ]
        records += [
            *scope_drift(sim, project),
            *margin_drift(sim, project, spent),
            *forecasts_not_credible(sim, project),
            *overdue_with_slack(sim, project),
        ]
    records.sort(key=lambda r: (str(r["record"]), str(r["from_on"]), str(r["kind"]), str(r["subject_ids"])))
    for number, record in enumerate([r for r in records if r["record"] == "incident"], 1):
        record["incident_id"] = f"N-{number:05d}"
    noisy = {p for r in records if r["record"] == "incident" and not r["grey"] for p in _projects_of(r)}
    projects = [
        _project(sim, p, is_quiet=p.project_id not in noisy) for p in sorted(sim.projects, key=lambda p: p.project_id)
    ]
    return [_head(sim), *projects, *records, *sorted(sim.rows.labels, key=lambda x: str(x["message_id"]))]


def _projects_of(record: Record) -> list[str]:
    ids = record["project_ids"]
    return ids if isinstance(ids, list) else []


def _head(sim: Simulation) -> Record:
    world = sim.world
    return {
        "record": "portfolio",
        "regime": world.mechanism.name,
        "seed": world.seed,
        "projects": len(sim.projects),
        "starts_on": world.starts_on,
        "horizon_on": world.horizon_on,
        "timezone": world.calendar.timezone,
        "weekdays": [n + 1 for n in range(7) if world.calendar.weekday_hours[n]],
        "holidays": sorted(world.calendar.holidays),
        "integration_users": [world.bot.person_id],
        "late_is": "days_late > 0 (tenant working days after the baselined go-live)",
    }


def _project(sim: Simulation, project: Project, *, is_quiet: bool) -> Record:
    live = project.live_on
    late = sim.world.calendar.between(project.baseline_on, live) if live else None
    return {
        "record": "project",
        "project_id": project.project_id,
        "customer_id": project.customer.customer_id,
        "playbook": project.playbook.key,
        "created_on": project.created_on,
        "baseline_go_live_on": project.baseline_on,
        "outcome": "live" if live else "cancelled",
        "went_live_on": live,
        "closed_on": project.ended_on,
        "days_late": late,
        "causes_days": _causes(sim, project, max(late or 0, 0)),
        "watched_to_on": live or project.ended_on or sim.world.horizon_on,
        "is_known_at_horizon": bool(live and live <= sim.world.horizon_on),
        "is_open_at_horizon": project.ended_on is None or project.ended_on > sim.world.horizon_on,
        "true_manager_id": project.manager.person_id,
        "sales_promise": project.is_promised_early,
        "quiet_success": bool(live and late is not None and late <= 0 and is_quiet),
    }


def _causes(sim: Simulation, project: Project, late: int) -> dict[str, float]:
    """Walk the driving chain back from go-live; each step's excess goes to its cause; scaled to the days late."""
    raw = dict.fromkeys(CAUSES, 0.0)
    task: Task | None = project.launch
    while task is not None and late:
        for cause, days in _excess(sim, task).items():
            raw[cause] += days
        before = [link.before for link in task.links if link.kind == "FS" and link.before.done_on]
        task = max(before, key=lambda t: (t.done_on or date.min, t.task_id), default=None)
    if project.held and late:
        raw["customer"] += sim.world.calendar.between(*project.held)
    total = sum(raw.values())
    if late and not total:
        raw["estimate"] = total = 1.0
    shares = {cause: round(late * days / total, 2) if late else 0.0 for cause, days in raw.items()}
    biggest = max(CAUSES, key=lambda c: shares[c])
    shares[biggest] = round(shares[biggest] + late - sum(shares.values()), 2)
    return shares


def _excess(sim: Simulation, task: Task) -> dict[str, float]:
    if not task.done_on or not task.ready_on or task.milestone == "go_live":
        return {}
    calendar = sim.world.calendar
    if task.track != "internal":
        return {
            "customer" if task.track == "customer" else "approval": max(
                0.0, calendar.between(task.ready_on, task.done_on) - task.wait_days
            )
        }
    if task.cause:
        return {task.cause: max(1.0, calendar.between(task.ready_on, task.done_on))}
    took = calendar.between(task.ready_on, task.done_on) + 1
    over = max(0.0, (task.needs_hours - task.effort_hours) / 4)
    return {"estimate": over, "capacity": max(0.0, took - task.effort_hours / 4 - over)}


def _unsubmitted(row: Record) -> Record:
    return {
        "record": "incident",
        "kind": "unsubmitted_time",
        "subject_ids": [row["person_id"]],
        "accept_from_on": row["from_on"],
        "harm_on": None,
        "grey": False,
        "mode": "draft",
    } | row
