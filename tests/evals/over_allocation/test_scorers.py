"""An alert is judged by what was true when it was raised, and a second one on the same harm counts against it."""

from __future__ import annotations

from typing import Any

from evals.over_allocation.scorers import Raised, Score, score
from tests.agents.staging import day

INCIDENT: dict[str, Any] = {
    "record": "incident",
    "kind": "over_allocation",
    "incident_id": "N-1",
    "project_ids": ["P1", "P2"],
    "subject_ids": ["U1", "A1"],
    "from_on": "2024-02-05",
    "accept_from_on": "2024-01-29",
    "to_on": "2024-02-06",
    "grey": False,
}
TRUTH: tuple[dict[str, Any], ...] = (
    {"record": "portfolio", "weekdays": [1, 2, 3, 4, 5], "holidays": []},
    *({"record": "project", "project_id": project} for project in ("P1", "P2")),
    INCIDENT,
    {**INCIDENT, "incident_id": "N-2", "subject_ids": ["U9"], "grey": True},
    {
        "record": "benign",
        "kind": "exact_capacity",
        "hit_kinds": ["over_allocation"],
        "project_ids": ["P2"],
        "subject_ids": ["U2"],
        "from_on": "2024-02-05",
        "to_on": "2024-02-06",
    },
)


def judged(*alerts: tuple[str, str, str]) -> Score:
    return score([Raised(p, day(on), None, frozenset({who})) for p, on, who in alerts], TRUTH)


def test_an_incident_is_hit_once_and_then_repeated() -> None:
    found = judged(("P1", "2024-01-30", "U1"), ("P2", "2024-02-01", "A1"))
    assert found.verdicts == ("hit", "duplicate")
    assert (found.recall, found.precision, found.lead_days) == (1.0, 0.5, (4,))


def test_an_early_alert_counts_when_it_is_still_open_a_week_later() -> None:
    assert judged(("P1", "2024-01-22", "U1")).verdicts == ("hit",)
    assert judged(("P1", "2024-01-19", "U1")).verdicts == ("false",)


def test_another_subject_or_a_later_day_is_false() -> None:
    found = judged(("P1", "2024-01-30", "U7"), ("P1", "2024-02-07", "U1"))
    assert found.verdicts == ("false", "false")
    assert (found.recall, found.missed) == (0.0, ("N-1",))


def test_a_grey_incident_neither_counts_nor_punishes() -> None:
    assert judged(("P1", "2024-01-30", "U9")).verdicts == ("ignored",)


def test_a_project_without_truth_is_outside() -> None:
    found = judged(("P3", "2024-01-30", "U1"))
    assert (found.verdicts, found.precision) == (("outside",), None)


def test_a_look_alike_that_was_taken_for_harm_is_named() -> None:
    assert judged(("P2", "2024-02-01", "U2")).benign_hits == {"exact_capacity": 1}
