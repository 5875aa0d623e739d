"""Plain text: one turn a line, with or without `Name:` before it."""

from __future__ import annotations

import re

from store.errors import Invalid
from summarizer.speakers import split_speaker
from summarizer.transcript import Cue, Transcript

_STAMP = re.compile(r"\s*[\[(]?(?:(\d{1,2}):)?([0-5]?\d):([0-5]\d)(?:\.\d+)?[\])]?[\s-]+(?=\S)")
_STRANGE = re.compile(r"[\x00-\x08\x0e-\x1f\ufffd]")


def read_plain(name: str, text: str) -> Transcript:
    """Every line that is not empty is a cue. Raises `Invalid` for what is no text."""
    lines = [line for line in text.split("\n") if line.strip()]
    if not lines or len(_STRANGE.findall(text)) * 100 > len(text):
        raise Invalid(
            "bad_transcript",
            "The file is no transcript.",
            remedy="Send WebVTT, SRT, Meet or Fathom JSON, or text.",
            where=name,
        )
    return Transcript(form="plain", cues=tuple(_cue(number, line) for number, line in enumerate(lines, 1)))


def _cue(number: int, line: str) -> Cue:
    stamp = _STAMP.match(line)
    words = line[stamp.end() :] if stamp else line
    speaker, words = split_speaker(words.strip())
    if stamp and not speaker:  # "10:30 Meeting" is no time of a cue
        stamp, words = None, line.strip()
    start_ms = ((int(stamp[1] or 0) * 60 + int(stamp[2])) * 60 + int(stamp[3])) * 1000 if stamp else None
    return Cue(number=number, text=words, speaker=speaker, start_ms=start_ms)
