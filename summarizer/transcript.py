"""A transcript as cues in file order: who said what, and when. Every form is read into this one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import msgspec


class Participant(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody a transcript or its reader names. `side` is vendor, customer or unknown."""

    name: str
    side: str = "unknown"
    role: str = ""
    email: str = ""


class Cue(msgspec.Struct, frozen=True, kw_only=True):
    """One cue as the file has it. Entities are decoded and wrapped lines joined with a space.

    `number` counts from 1 in file order, whatever ids the file has. Times are milliseconds from the
    start of the recording; None where the form has none. `speaker` is empty where nobody is named.
    """

    number: int
    text: str
    speaker: str = ""
    start_ms: int | None = None
    end_ms: int | None = None
    cue_id: str = ""


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """Consecutive cues of one speaker. `text` is their texts joined with a space."""

    speaker: str
    cues: tuple[Cue, ...]

    @property
    def text(self) -> str:
        return " ".join(cue.text for cue in self.cues)

    @property
    def offsets(self) -> tuple[int, ...]:
        """Where each cue's text begins in `text`, in characters."""
        starts, at = [], 0
        for cue in self.cues:
            starts.append(at)
            at += len(cue.text) + 1
        return tuple(starts)


class Transcript(msgspec.Struct, frozen=True, kw_only=True):
    """`form` is zoom_vtt, teams_vtt, webvtt, srt, meet, fathom, fireflies or plain; `digest` the file's SHA-256.

    `unread` counts cues whose times could not be read and that are therefore missing.
    """

    form: str
    cues: tuple[Cue, ...]
    participants: tuple[Participant, ...] = ()
    title: str = ""
    language: str = ""
    digest: str = ""
    unread: int = 0

    @property
    def speakers(self) -> tuple[str, ...]:
        """Everybody who speaks, in the order of their first words."""
        return tuple(dict.fromkeys(cue.speaker for cue in self.cues if cue.speaker))

    def turns(self) -> Iterator[Turn]:
        for speaker, cues in groupby(self.cues, key=lambda cue: cue.speaker):
            yield Turn(speaker=speaker, cues=tuple(cues))

    def cue(self, number: int) -> Cue | None:
        return self.cues[number - 1] if 1 <= number <= len(self.cues) else None
