"""What a rule found: where it stands in the transcript, before it becomes an item."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import msgspec

from summarizer.items import Kind, Modality, Track
from summarizer.sentences import Sentence
from summarizer.talk import Talk


class Claim(msgspec.Struct, kw_only=True):
    """A quote from `start` to `end` (offsets in the text of `cue`) and what it asserts. Confidence is 0 to 1."""

    kind: Kind
    cue: int
    start: int
    end: int
    cues: set[int]
    owner: str | None = None
    due: date | None = None
    track: Track | None = None
    modality: Modality = "committed"
    confidence: Decimal = Decimal("0.70")


def claim(kind: Kind, sentences: Iterable[Sentence], *, cites: Iterable[int] = (), confidence: str = "0.70") -> Claim:
    """A claim that quotes from the first to the last of `sentences`, all of one cue."""
    quoted = sorted(sentences, key=lambda sentence: sentence.start)
    cue = quoted[0].cue
    return Claim(
        kind=kind,
        cue=cue,
        start=quoted[0].start,
        end=quoted[-1].end,
        cues={cue, *cites},
        confidence=Decimal(confidence),
    )


def quote_of(found: Claim, talk: Talk) -> str:
    return talk.text(found.cue)[found.start : found.end]


def longest(sentences: Iterable[Sentence]) -> Sentence | None:
    return max(sentences, key=lambda sentence: sentence.words, default=None)
