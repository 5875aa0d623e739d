"""`leeway summarize` prints the items of a file and stores nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from store.errors import Invalid, NotFound
from terminal.summarizing import summarize
from tests.summarizer.meeting import zoom


@pytest.fixture
def call(tmp_path: Path) -> Path:
    path = tmp_path / "call.vtt"
    path.write_bytes(zoom())
    return path


def test_json_holds_the_schema(call: Path, capsys: pytest.CaptureFixture[str]) -> None:
    summarize(call, "2026-03-05", timezone="Europe/London", as_json=True)
    shown = json.loads(capsys.readouterr().out)
    assert shown["held_on"] == "2026-03-05"
    assert {"kind", "text", "quote", "cues", "owner", "due", "track", "modality", "confidence"} <= set(
        shown["items"][0]
    )


def test_the_table_says_who_and_when(call: Path, capsys: pytest.CaptureFixture[str]) -> None:
    summarize(call, "2026-03-05")
    shown = capsys.readouterr().out
    assert "A kickoff" in shown
    assert "2026-03-10" in shown


def test_what_cannot_be_used_is_said(call: Path, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        summarize(tmp_path / "none.vtt", "2026-03-05")
    with pytest.raises(Invalid):
        summarize(call, "tomorrow")
    with pytest.raises(Invalid):
        summarize(call, "2026-03-05", timezone="Nowhere/Here")
