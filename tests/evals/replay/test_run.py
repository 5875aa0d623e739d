"""A folder goes in; scores, alerts and a report come out in the source's own ids; what is unknown stays unsaid."""

import datetime as dt
import json
from pathlib import Path

from evals.replay.controls import RANDOM, WEEK_LATE, controls
from evals.replay.figures import OURS, SAMPLES
from evals.replay.html import page
from evals.replay.outcomes import Logged, Told
from evals.replay.portfolio import Portfolio
from evals.replay.run import Replay, files, main, report_of
from evals.replay.verdicts import score_alerts


def test_every_score_names_the_source_s_project_and_a_known_level(portfolio: Portfolio, replayed: Replay) -> None:
    lines = [json.loads(text) for text in files(replayed, report_of(portfolio, replayed))["scores.jsonl"].splitlines()]
    assert {line["project_id"] for line in lines} <= {f"P-{n}" for n in range(30)}
    assert [line["as_of"] for line in lines] == sorted(line["as_of"] for line in lines)
    for line in lines:
        assert (line["probability_late_current"] is None) == (line["level"] == "not_assessed")
        assert bool(line["reason"]) == (line["level"] == "not_assessed")
        if line["p50_go_live"]:
            assert line["as_of"][:10] <= line["p50_go_live"] <= line["p80_go_live"]


def test_the_table_holds_ours_beside_every_rule_on_the_same_rows(portfolio: Portfolio, replayed: Replay) -> None:
    report = report_of(portfolio, replayed)
    table = report.targets[0].tables[0]
    named = {row.name: row for row in table.scorers}
    assert {"constant past rate", "overdue share", "last week's value"} < set(named)
    ours = named[OURS].auc
    assert (ours.value or 0.0) > 0.8
    assert 0.0 < (ours.low or 0.0) <= (ours.value or 0.0) <= (ours.high or 0.0)
    assert SAMPLES >= 100
    assert report.outcomes_from == "log"
    assert 0 < report.coverage.scored == report.coverage.wanted


def test_the_prior_scores_until_the_projects_tell_enough(portfolio: Portfolio, replayed: Replay) -> None:
    first: dict[str, dt.datetime] = {}
    for one in sorted(replayed.said, key=lambda one: one.look.week.row.as_of):
        first.setdefault(one.score.basis, one.look.week.row.as_of)
    assert first["prior"] < first["own"]
    assert 0 < report_of(portfolio, replayed).by_prior < len(replayed.said)


def test_a_late_project_past_its_first_date_is_late_for_certain(replayed: Replay) -> None:
    certain = [one for one in replayed.said if one.is_certain]
    assert certain
    assert {one.probability_late for one in certain} == {1.0}


def test_the_page_needs_nothing_from_elsewhere(portfolio: Portfolio, replayed: Replay) -> None:
    text = page(report_of(portfolio, replayed), replayed.said, replayed.alerts, Logged(portfolio))
    assert "<svg" in text
    assert "prefers-color-scheme" in text
    assert not any(word in text for word in ("http:", "https:", "<script", "<link", "@import", "url("))


def test_outcomes_of_a_truth_file_and_of_the_log_agree(portfolio: Portfolio, replayed: Replay) -> None:
    logged = Logged(portfolio)
    rows = []
    for number in range(30):
        ending = logged.of(f"P-{number}")
        assert ending is not None
        went_on = ending.live_on.isoformat() if ending.live_on else None
        days = 1 if ending.is_late else 0
        rows.append({"record": "project", "project_id": f"P-{number}", "went_live_on": went_on, "days_late": days})
    told = Told(rows)
    assert all(told.of(f"P-{n}") == logged.of(f"P-{n}") for n in range(30))


def test_a_folder_that_says_little_runs_and_abstains(tmp_path: Path) -> None:
    folder, said = tmp_path / "poor", list[str]()
    folder.mkdir()
    (folder / "projects.csv").write_text(
        "project_id,name,created_at\nP-1,First,2024-01-02T09:00:00+00:00\nP-2,Second,2024-02-09T09:00:00+00:00\n",
        encoding="utf-8",
    )
    (folder / "tasks.csv").write_text("task_id,project_id,name\n", encoding="utf-8")
    (folder / "tenant.json").write_text('{"name": "Example", "timezone": "UTC", "currency": "EUR"}', encoding="utf-8")
    assert main(folder, tmp_path / "out", as_json=True, write=said.append) == 0
    figures = json.loads("".join(said))
    assert figures["levels"] == {"not_assessed": figures["looks"]}
    assert figures["targets"][0]["scored"] == 0
    assert figures["coverage"]["share"] is None
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "scores.jsonl",
        "alerts.jsonl",
        "report.json",
        "report.html",
    }


HEAD = {
    "record": "portfolio",
    "starts_on": "2024-01-01",
    "horizon_on": "2024-03-29",
    "weekdays": [1, 2, 3, 4, 5],
    "holidays": [],
}
PROJECT = {
    "record": "project",
    "project_id": "P-1",
    "created_on": "2024-01-01",
    "watched_to_on": "2024-02-26",
    "went_live_on": "2024-02-26",
    "baseline_go_live_on": "2024-02-19",
    "days_late": 5,
}
SILENCE = {
    "record": "incident",
    "kind": "customer_silent",
    "project_ids": ["P-1"],
    "subject_ids": ["K-1"],
    "grey": False,
    "from_on": "2024-01-08",
    "accept_from_on": "2024-01-08",
    "to_on": "2024-01-19",
    "harm_on": "2024-01-17",
}


def alert(kind: str, day: dt.date) -> dict[str, object]:
    raised_at = f"{day}T08:00:00+01:00"
    return {"project_id": "P-1", "kind": kind, "raised_at": raised_at, "cleared_at": None, "subject_ids": ["K-1"]}


def test_a_second_alert_on_one_incident_is_a_duplicate_and_counts_as_false() -> None:
    alerts = [
        alert("customer_silent", dt.date(2024, 1, 12)),
        alert("customer_silent", dt.date(2024, 1, 15)),
        alert("customer_silent", dt.date(2024, 2, 12)),
        alert("late_risk", dt.date(2024, 2, 5)),
    ]
    found = score_alerts(alerts, [HEAD, PROJECT, SILENCE])
    by_kind = {kind.kind: kind for kind in found.kinds}
    silent, late = by_kind["customer_silent"], by_kind["late_risk"]
    assert silent.verdicts == {"duplicate": 1, "false": 1, "hit": 1}
    assert (silent.precision, silent.recall, silent.median_lead_days) == (1 / 3, 1.0, 3)
    assert (late.precision, late.recall, late.median_lead_days) == (1.0, 1.0, 10)


def test_alerts_that_can_tell_nothing_are_worth_less_by_the_same_table() -> None:
    brief = {**SILENCE, "to_on": "2024-01-15"}
    alerts = [alert("customer_silent", dt.date(2024, 1, 12))]
    found = controls(alerts, [HEAD, PROJECT, brief])
    late = next(kind for kind in found[WEEK_LATE].kinds if kind.kind == "customer_silent")
    assert (late.verdicts, late.recall) == ({"false": 1}, 0.0)
    dealt = next(kind for kind in found[RANDOM].kinds if kind.kind == "customer_silent")
    assert sum(dealt.verdicts.values()) == len(alerts)
    assert controls(alerts, [HEAD, PROJECT, brief]) == found
