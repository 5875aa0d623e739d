"""The Zoom eval counts what the file holds apart from the reader."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

import pytest

from evals.zoom.run import main, run
from store.errors import Invalid
from tests.summarizer.meeting import LINES, zoom


def test_a_whole_transcript_is_complete(tmp_path: Path) -> None:
    (tmp_path / "call").mkdir()
    (tmp_path / "call" / "transcript.vtt").write_bytes(zoom())
    said: list[str] = []
    assert main(tmp_path, as_json=True, write=said.append) == 0
    shown = json.loads(said[0])
    assert (shown["calls"], shown["complete"], shown["cues"], shown["faults"]) == (1, 1, len(LINES), [])


def test_an_archive_is_read_and_its_faults_are_named(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "calls.tar.xz", "w:xz") as tar:
        for name, content in (("a/transcript.vtt", zoom() + b"\n9\nx --> y\nlost\n"), ("b/transcript.vtt", b"WEBVTT")):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    result = run(tmp_path / "calls.tar.xz")
    assert (result.calls, result.complete, len(result.faults)) == (2, 0, 2)


def test_a_folder_without_transcripts_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        run(tmp_path)
