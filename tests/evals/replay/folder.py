"""A small portfolio of plain projects: some are late from the start, and their tasks show it."""

import json
import random
from datetime import date, datetime, time, timedelta
from pathlib import Path

TENANT = {
    "name": "Example",
    "timezone": "UTC",
    "currency": "EUR",
    "weekdays": [1, 2, 3, 4, 5],
    "hours_per_day": 8,
    "holidays": [],
}
FIRST_ON = date(2024, 1, 2)
PROJECTS, TASKS, WEEKS = 30, 4, 5


def at(day: date, hour: int) -> str:
    return f"{datetime.combine(day, time(hour)).isoformat()}+00:00"


def write(folder: Path, *, seed: int = 3, has_planted_label: bool = False) -> Path:
    rng = random.Random(seed)
    projects, tasks, history = [], [], []
    for number in range(PROJECTS):
        project_id, created_on = f"P-{number}", FIRST_ON + timedelta(days=4 * number)
        go_live_on = created_on + timedelta(weeks=WEEKS)
        is_late = rng.random() < 0.5
        planted = f",{int(is_late)}" if has_planted_label else ""
        projects.append(f"{project_id},,Project {number},{go_live_on},{at(created_on, 9)}{planted}")
        for step in range(TASKS):
            due_on = created_on + timedelta(weeks=step + 1)
            milestone = "go_live" if step == TASKS - 1 else ""
            task_id = f"T-{number}-{step}"
            tasks.append(f"{task_id},{project_id},Step {step},{due_on},{milestone},{at(created_on, 9)}")
            slip_days = rng.randint(3, 9) * (step + 1) if is_late else rng.randint(-3, 1)
            done_on = due_on + timedelta(days=slip_days)
            history.append((at(done_on, 15), f"{project_id},task,{task_id},status,done"))
        history.append((at(done_on + timedelta(weeks=1), 16), f"{project_id},project,{project_id},status,live"))
    heads = "project_id,customer_id,name,baseline_go_live_on,created_at" + (",is_late" if has_planted_label else "")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "tenant.json").write_text(json.dumps(TENANT), encoding="utf-8")
    _table(folder / "projects.csv", heads, projects)
    _table(folder / "tasks.csv", "task_id,project_id,name,due_on,milestone,created_at", tasks)
    lines = [f"{when},{what}" for when, what in sorted(history)]
    _table(folder / "history.csv", "at,project_id,entity,entity_id,field,value", lines)
    return folder


def _table(path: Path, head: str, lines: list[str]) -> None:
    path.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
