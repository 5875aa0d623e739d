"""A portfolio holds together: ids, order of time, links, outcomes; and keeps its truth to itself."""

from collections import defaultdict
from datetime import date, datetime
from pathlib import Path

import pytest

from evals.generator.columns import COLUMNS
from evals.generator.run import Recipe, generate
from tests.evals.generator.conftest import HORIZON
from tests.evals.generator.folder import Folder

KEYS = {
    "people": "person_id",
    "customers": "customer_id",
    "contacts": "contact_id",
    "projects": "project_id",
    "scope_items": "scope_item_id",
    "tasks": "task_id",
    "messages": "message_id",
    "allocations": "allocation_id",
    "time_entries": "entry_id",
    "expenses": "expense_id",
}
RECORDED = {
    "projects": "created_at",
    "tasks": "created_at",
    "dependencies": "created_at",
    "history": "at",
    "messages": "at",
    "allocations": "recorded_at",
    "time_off": "recorded_at",
    "time_entries": "submitted_at",
    "change_requests": "decided_at",
    "invoices": "paid_on",
    "forecasts": "made_on",
    "baselines": "approved_at",
}
SECRETS = ("truth", "incident", "benign", "inject", "latent", "fate", "violation", "look-alike", "grey", "speed")


def test_every_table_of_the_format_appears(portfolio: Folder) -> None:
    rare = {"escalations"}
    assert {p.stem for p in portfolio.path.glob("*.csv")} >= set(COLUMNS) - rare
    assert list(portfolio.path.glob("transcripts/*/*.vtt"))


def test_ids_are_unique_and_references_lead_somewhere(portfolio: Folder) -> None:
    for table, key in KEYS.items():
        assert len(portfolio.ids(table, key)) == len(portfolio.table(table)), table
    people, contacts = portfolio.ids("people", "person_id"), portfolio.ids("contacts", "contact_id")
    tasks = portfolio.ids("tasks", "task_id")
    assert portfolio.ids("tasks", "owner_id") <= people | contacts
    assert portfolio.ids("history", "actor_id") <= people | contacts
    assert portfolio.ids("dependencies", "task_id") | portfolio.ids("dependencies", "depends_on_id") <= tasks
    assert portfolio.ids("time_entries", "task_id") <= tasks
    assert portfolio.ids("allocations", "person_id") <= people | {""}
    assert portfolio.ids("messages", "in_reply_to") <= portfolio.ids("messages", "message_id") | {""}


def test_nothing_was_recorded_after_the_horizon(portfolio: Folder) -> None:
    for table, column in RECORDED.items():
        assert all(row[column][:10] <= HORIZON.isoformat() for row in portfolio.table(table)), table


def test_history_is_in_order_and_ends_with_the_project(portfolio: Folder) -> None:
    moments = [datetime.fromisoformat(row["at"]) for row in portfolio.table("history")]
    assert moments == sorted(moments)
    ended: set[str] = set()
    for row in portfolio.table("history"):
        assert row["project_id"] not in ended
        if row["entity"] == "project" and row["value"] in ("closed", "cancelled"):
            ended.add(row["project_id"])


def test_no_task_begins_before_what_it_waits_for_was_done(portfolio: Folder) -> None:
    began: dict[str, str] = {}
    done: dict[str, str] = {}
    for row in portfolio.table("history"):
        if row["field"] == "status" and row["entity"] == "task":
            began.setdefault(row["entity_id"], row["at"][:10])
            if row["value"] == "done":
                done[row["entity_id"]] = row["at"][:10]
    links = [d for d in portfolio.table("dependencies") if d["type"] == "FS" and d["task_id"] in done]
    assert links
    assert all(done[d["depends_on_id"]] <= began[d["task_id"]] for d in links)


def test_links_have_several_types_and_no_cycle(portfolio: Folder) -> None:
    assert portfolio.ids("dependencies", "type") >= {"FS", "SS"}
    after: dict[str, list[str]] = defaultdict(list)
    for row in portfolio.table("dependencies"):
        after[row["task_id"]].append(row["depends_on_id"])
    settled: set[str] = set()

    def settle(task: str, path: frozenset[str]) -> None:
        assert task not in path
        if task not in settled:
            for before in after[task]:
                settle(before, path | {task})
            settled.add(task)

    for task in list(after):
        settle(task, frozenset())


def test_replayed_outcomes_are_the_truths(portfolio: Folder) -> None:
    live = {r["project_id"]: r["at"][:10] for r in portfolio.table("history") if r["value"] == "live"}
    projects = portfolio.truth("project")
    assert {x["project_id"] for x in projects} == portfolio.ids("projects", "project_id")
    for x in projects:
        is_known = x["went_live_on"] is not None and x["went_live_on"] <= HORIZON.isoformat()
        assert live.get(x["project_id"]) == (x["went_live_on"] if is_known else None)
        assert sum(x["causes_days"].values()) == pytest.approx(max(x["days_late"] or 0, 0))


def test_the_truth_names_only_what_is_on_file(portfolio: Folder) -> None:
    known = set[str]().union(*(portfolio.ids(table, key) for table, key in KEYS.items()))
    for x in portfolio.truth("incident") + portfolio.truth("benign"):
        periods = {i for i in x["subject_ids"] if len(i) == 7 and i[4] == "-"}
        assert set(x["subject_ids"]) - periods <= known
        assert x["from_on"] <= x["to_on"]
    assert {x["message_id"] for x in portfolio.truth("message")} <= portfolio.ids("messages", "message_id")


def test_no_file_of_the_portfolio_gives_the_truth_away(portfolio: Folder) -> None:
    for path in portfolio.path.rglob("*"):
        words = path.read_text(encoding="utf-8").lower() if path.is_file() else path.name.lower()
        assert not [word for word in SECRETS if word in words], path.name


def test_the_order_of_allocation_ids_says_nothing(portfolio: Folder) -> None:
    ids = sorted(portfolio.ids("allocations", "allocation_id"))
    place = {i: n / len(ids) for n, i in enumerate(ids)}
    put_in = [i for x in portfolio.truth("benign") for i in x["subject_ids"] if i in place]
    assert 0.15 < sum(place[i] for i in put_in) / len(put_in) < 0.85


def test_the_poor_copy_keeps_little(tmp_path: Path) -> None:
    generate(Recipe(5, 8, "queue", date(2026, 9, 11), months=8, is_poor=True), tmp_path / "poor")
    generate(Recipe(5, 8, "queue", date(2026, 9, 11), months=8), tmp_path / "whole")
    poor, whole = Folder(tmp_path / "poor"), Folder(tmp_path / "whole")
    with_effort = sum(1 for t in poor.table("tasks") if t["effort_hours"]) / len(poor.table("tasks"))
    assert 0.05 < with_effort < 0.25
    assert 0.02 < len(poor.table("dependencies")) / len(whole.table("dependencies")) < 0.08
    assert not (poor.path / "baselines.csv").exists()
    assert any(not e["task_id"] for e in poor.table("time_entries"))
    assert poor.truth("project") == whole.truth("project")
