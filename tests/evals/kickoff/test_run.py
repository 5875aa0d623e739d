"""The kickoff eval on one made-up call with two gold items."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.kickoff.run import figures, main, run
from evals.kickoff.scorers import match
from store.errors import Invalid
from tests.summarizer.meeting import CARO, FORMS, LINES

GOLD = {"speaker": CARO, "side": "customer", "text": "", "track": "customer", "modality": "committed"}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "01-made-up"
    folder.mkdir()
    (folder / "call.vtt").write_bytes(FORMS["zoom_vtt"]())
    (folder / "call.json").write_bytes(FORMS["meet"]())
    promise = next(at for at, (_, text) in enumerate(LINES, 1) if "extract by" in text)
    gold = {
        "call": {
            "date": "2026-03-05",
            "timezone": "Europe/London",
            "is_kickoff": True,
            "files": {"call.vtt": "zoom", "call.json": "meet"},
        },
        "items": [
            {
                **GOLD,
                "kind": "action_item",
                "cues": [promise],
                "quote": LINES[promise - 1][1],
                "owner": CARO,
                "due": "2026-03-10",
            },
            {**GOLD, "kind": "blocker", "cues": [1], "quote": "Hello all.", "owner": None, "due": None},
        ],
        "traps": [{"cues": [2], "why": "made up"}],
    }
    (folder / "gold.json").write_text(json.dumps(gold))
    return tmp_path


def test_what_matches_is_counted_with_its_owner_and_day(data: Path) -> None:
    shown = figures(run(data))
    assert shown["kinds"]["action_item"]["matched"] == 1
    assert shown["kinds"]["blocker"]["matched"] == 0
    assert shown["right"]["owner"] == shown["right"]["due"] == {"right": 1, "of": 1}
    assert shown["right"]["citation"]["right"] == shown["right"]["citation"]["of"]
    assert (shown["trap_hits"], shown["differing_forms"]) == (0, [])


def test_predictions_are_written_one_file_a_call(data: Path, tmp_path: Path) -> None:
    said: list[str] = []
    assert main(data, out=tmp_path / "out", write=said.append) == 0
    written = json.loads((tmp_path / "out" / "01-made-up.json").read_text())
    assert {"kind", "cues", "quote", "owner", "due", "track", "modality"} <= set(written["items"][0])
    assert "action_item" in said[0]


def test_as_many_pairs_as_possible_are_matched() -> None:
    def item(*cues: int) -> dict[str, object]:
        return {**GOLD, "kind": "risk", "cues": list(cues), "quote": "", "owner": None, "due": None}

    assert match([item(1, 2), item(2)], [item(1, 2), item(1)]) == [(0, 1), (1, 0)]


def test_a_folder_without_calls_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        run(tmp_path)
