"""A portfolio folder goes in; figures and alerts.jsonl come out, in the source's own ids."""

from __future__ import annotations

import json
from pathlib import Path

from evals.over_allocation.run import main, run

FILES = {
    "tenant.json": json.dumps(
        {
            "name": "Example",
            "timezone": "Europe/Berlin",
            "currency": "EUR",
            "weekdays": [1, 2, 3, 4, 5],
            "hours_per_day": 8,
            "holidays": [],
        }
    ),
    "people.csv": "person_id,name,email,role,hours_per_day,cost_rate,currency,starts_on\n"
    "U-1,Ada Example,ada@example.org,engineer,8,80,EUR,2023-01-01\n"
    "U-2,Ben Example,ben@example.org,engineer,8,70,EUR,2023-01-01\n",
    "projects.csv": "project_id,customer_id,name,created_at\n"
    "P-1,,First,2024-01-01T09:00:00+01:00\nP-2,,Second,2024-01-01T09:00:00+01:00\n",
    "tasks.csv": "task_id,project_id,name\nT-1,P-1,Work\n",
    "allocations.csv": "allocation_id,person_id,role,project_id,starts_on,ends_on,hours_per_day,kind,recorded_at\n"
    "A-1,U-1,engineer,P-1,2024-01-22,2024-01-26,6,hard,2024-01-08T09:00:00+01:00\n"
    "A-2,U-1,engineer,P-2,2024-01-24,2024-01-26,4,hard,2024-01-10T09:00:00+01:00\n"
    "A-3,U-2,engineer,P-2,2024-01-22,2024-01-23,8,hard,2024-02-01T09:00:00+01:00\n",
}
TRUTH = (
    {"record": "portfolio", "weekdays": [1, 2, 3, 4, 5], "holidays": []},
    {"record": "project", "project_id": "P-2"},
    {
        "record": "incident",
        "kind": "over_allocation",
        "incident_id": "N-1",
        "project_ids": ["P-1", "P-2"],
        "subject_ids": ["A-1", "A-2", "U-1"],
        "from_on": "2024-01-24",
        "accept_from_on": "2024-01-10",
        "to_on": "2024-01-26",
        "grey": False,
    },
)


def portfolio(folder: Path) -> Path:
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "truth.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in TRUTH), encoding="utf-8")
    return folder


def test_a_replayed_portfolio_is_scored_and_its_alerts_written(tmp_path: Path) -> None:
    folder, said = portfolio(tmp_path), list[str]()
    assert main(folder, folder, out=tmp_path / "out", write=said.append) == 0
    assert "precision, recall     1.000, 1.000" in "".join(said)
    (line,) = (tmp_path / "out" / "alerts.jsonl").read_text(encoding="utf-8").splitlines()
    alert = json.loads(line)
    assert (alert["project_id"], alert["kind"]) == ("P-2", "over_allocation")
    assert alert["subject_ids"] == ["A-1", "A-2", "U-1"]
    assert alert["raised_at"] < "2024-01-11"
    assert alert["cleared_at"] > "2024-01-26"
    assert alert["proposals"]


def test_without_truth_nothing_is_scored(tmp_path: Path) -> None:
    result = run(portfolio(tmp_path))
    assert (len(result.alerts), result.score, result.faults) == (1, None, [])
