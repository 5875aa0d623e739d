"""The truth of a run: outcomes, causes, incidents, look-alikes, labels. Never part of the portfolio."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from evals.generator.calendars import DAY
from evals.generator.incidents import Injection
from evals.generator.overload import over_allocations
from evals.generator.plan import Project, Task
from evals.generator.simulate import Simulation
from evals.generator.waits import Record, approvals, is_held, life_end, silences
from evals.generator.world import TO_EUR

CAUSES = ("customer", "approval", "capacity", "scope", "estimate")
SCOPE_HOURS, SCOPE_SHARE = 6.0, 0.03
MARGIN_POINTS, MARGIN_GREY = -5.0, -3.0
FORECAST_GAP, FORECAST_GREY = 0.35, 0.15


def tell(sim: Simulation, injection: Injection, spent: dict[str, float]) -> list[Record]:
    world = sim.world
    records: list[Record] = [
        *over_allocations(world, sim.bookings.made),
        *injection.benign,
        *map(_unsubmitted, injection.unsubmitted),
    ]
    for project in sim.projects:
        records += [
            *silences(sim, project),
            *approvals(sim, project),
            *_hidden(sim, project),
            *_impossible(sim, project),
        ]
        records += [
            *_scope(sim, project),
            *_margin(sim, project, spent),
            *_forecast(sim, project),
            *_slack(sim, project),
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
    assert isinstance(ids, list)
    return ids


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
    """Walk the driving chain back from go-live; the excess of each step goes to its cause, then all is scaled to the days late."""
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


def _hidden(sim: Simulation, project: Project) -> Iterator[Record]:
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


def _impossible(sim: Simulation, project: Project) -> Iterator[Record]:
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


def _scope(sim: Simulation, project: Project) -> Iterator[Record]:
    asks = [a for a in sim.steering.asks[project.project_id] if a.asked_on <= sim.world.horizon_on]
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


def _margin(sim: Simulation, project: Project, spent: dict[str, float]) -> Iterator[Record]:
    """Fixed price: cost to date plus what the rest will really take, against the margin sold."""
    if project.fee <= 0 or project.fee_type not in ("fixed", "subscription") or not project.live_on:
        return
    rate = {p.person_id: p.cost_rate * TO_EUR[p.currency] for p in sim.world.people}
    fee = project.fee * TO_EUR[project.customer.currency]
    series = []
    for month in _months(project.created_on, project.ended_on or project.live_on):
        known = [t for t in project.tasks if t.created_on <= month and t.track == "internal"]
        cost = spent[project.project_id] + sum(t.needs_hours * rate[t.owner_id] for t in known)
        series.append((month, round(100 * ((fee - cost) / fee - project.sold_margin), 2)))
    final = series[-1][1]
    if final > MARGIN_GREY:
        return
    is_grey = final > MARGIN_POINTS
    first = next(m for m, points in series if points <= (MARGIN_GREY if is_grey else MARGIN_POINTS))
    if project.created_on <= sim.world.horizon_on:
        yield {
            "record": "incident",
            "kind": "margin_drift",
            "project_ids": [project.project_id],
            "subject_ids": [project.project_id],
            "from_on": first,
            "accept_from_on": project.created_on,
            "to_on": project.ended_on or project.live_on,
            "harm_on": None if is_grey else first,
            "final_points": final,
            "series": [[m.isoformat()[:7], points] for m, points in series],
            "grey": is_grey,
        }


def _months(first: date, last: date) -> list[date]:
    out = []
    day = first
    while not out or out[-1] < last:
        end = (day.replace(day=1) + timedelta(days=32)).replace(day=1) - DAY
        out.append(end)
        day = end + DAY
    return out


def _forecast(sim: Simulation, project: Project) -> Iterator[Record]:
    hours: dict[str, float] = defaultdict(float)
    for _, project_id, _, day, worked in sim.worked:
        if project_id == project.project_id:
            hours[day.isoformat()[:7]] += worked
    total = sum(hours.values()) or 1.0
    seen: set[str] = set()
    for made, period, revenue in sim.steering.watch.forecasts[project.project_id]:
        real = project.fee * hours[period] / total
        gap = (revenue - real) / revenue
        if made > sim.world.horizon_on or period in seen or gap < FORECAST_GREY or revenue < 0.05 * project.fee:
            continue
        seen.add(period)
        end = _months(date.fromisoformat(period + "-01"), date.fromisoformat(period + "-01"))[0]
        yield {
            "record": "incident",
            "kind": "forecast_not_credible",
            "project_ids": [project.project_id],
            "subject_ids": sorted([period, project.project_id]),
            "period": period,
            "made_on": made,
            "from_on": made,
            "accept_from_on": made,
            "to_on": end,
            "harm_on": end,
            "forecast": revenue,
            "recognised": round(real, 2),
            "grey": gap < FORECAST_GAP,
        }


def _slack(sim: Simulation, project: Project) -> Iterator[Record]:
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
