"""A go-live that slipped twice is found; moves to an earlier date are no slips."""

from __future__ import annotations

from risk.detectors.go_live_slipped import detect
from tests.risk.detectors.staging import figures, moved, on, view


def test_two_moves_to_a_later_date_are_found_with_what_moved() -> None:
    moves = [moved(0, 67), moved(7, 74)]
    (finding,) = detect(view(day=8, commitments=moves, baseline_go_live_on=on(60)))
    assert figures(finding) == {"slips": 2, "slipped_days": 10}
    assert finding.evidence == ("moved-0-67", "moved-7-74")


def test_one_slip_or_an_earlier_date_is_none() -> None:
    assert detect(view(day=8, commitments=[moved(0, 67), moved(7, 66)], baseline_go_live_on=on(60))) == []
    assert detect(view(day=8, go_live_moves=[moved(0, 67)], baseline_go_live_on=on(60))) == []


def test_what_happens_later_is_not_known_yet_and_a_live_project_has_not_slipped() -> None:
    moves = [moved(0, 67), moved(7, 74)]
    assert detect(view(day=6, go_live_moves=moves, baseline_go_live_on=on(60))) == []
    assert detect(view(day=8, go_live_moves=moves, baseline_go_live_on=on(60), status="live")) == []


def test_a_third_slip_is_grave() -> None:
    (finding,) = detect(
        view(day=20, go_live_moves=[moved(0, 67), moved(7, 74), moved(9, 80)], baseline_go_live_on=on(60))
    )
    assert finding.severity == "high"
