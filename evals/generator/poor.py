"""The poor copy: what a portfolio looks like where little is kept."""

from __future__ import annotations

from datetime import date, timedelta

from evals.generator.draw import is_hit, stream
from evals.generator.rows import Row
from evals.generator.simulate import Simulation

EFFORT_SHARE, LINK_SHARE, WEEKLY_SHARE = 0.2, 0.05, 0.5


def impoverish(sim: Simulation) -> None:
    """Effort on a fifth of the tasks, one link in twenty, no baselines, half the people with weekly totals only."""
    rng = stream(sim.world.seed, "poor")
    tables = sim.rows.tables
    for task in tables["tasks"]:
        if not is_hit(rng, EFFORT_SHARE):
            task["effort_hours"] = ""
    tables["history"] = [h for h in tables["history"] if h["field"] != "effort_hours"]
    tables["dependencies"] = [d for d in tables["dependencies"] if is_hit(rng, LINK_SHARE)]
    tables["baselines"] = []
    tables["stages"] = []
    people = sorted({e["person_id"] for e in tables["time_entries"]})
    weekly = set(rng.sample(people, round(len(people) * WEEKLY_SHARE)))
    tables["time_entries"] = [e for e in tables["time_entries"] if e["person_id"] not in weekly] + _totals(
        [e for e in tables["time_entries"] if e["person_id"] in weekly]
    )


def _totals(entries: list[Row]) -> list[Row]:
    weeks: dict[tuple[str, str, str, str], Row] = {}
    for entry in sorted(entries, key=lambda e: (e["worked_on"], e["entry_id"])):
        day = date.fromisoformat(entry["worked_on"])
        friday = (day + timedelta(days=4 - day.weekday())).isoformat()
        key = (entry["person_id"], entry["project_id"], friday, entry["billable"])
        if key not in weeks:
            weeks[key] = entry | {"task_id": "", "hours": "0"}
        weeks[key] |= {
            "hours": f"{float(weeks[key]['hours']) + float(entry['hours']):g}",
            "worked_on": entry["worked_on"],
        }
    return list(weeks.values())
