"""What a reader must have found in a Zoom file, counted without the reader."""

from __future__ import annotations

from dataclasses import dataclass

from summarizer.transcript import Transcript


@dataclass(frozen=True, slots=True)
class Counted:
    """`arrows` counts "-->" in the file: one for each cue of a Zoom export, which never holds one in its text."""

    arrows: int
    cues: int
    with_speaker: int
    with_times: int
    speakers: int

    @property
    def is_complete(self) -> bool:
        return self.arrows == self.cues == self.with_speaker == self.with_times


def counted(transcript: Transcript, content: bytes) -> Counted:
    return Counted(
        arrows=content.count(b"-->"),
        cues=len(transcript.cues),
        with_speaker=sum(1 for cue in transcript.cues if cue.speaker),
        with_times=sum(1 for cue in transcript.cues if cue.start_ms is not None and cue.end_ms is not None),
        speakers=len(transcript.speakers),
    )
