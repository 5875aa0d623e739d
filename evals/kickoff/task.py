"""The product's summary of each call, knowing nothing but the transcript, the day and the zone."""

from __future__ import annotations

from typing import Any

import msgspec

from evals.kickoff.dataset import Call
from summarizer.summary import summarize
from summarizer.transcript import Transcript


def predict(call: Call, transcript: Transcript | None = None) -> dict[str, Any]:
    """The summary in the form of the gold files."""
    found = summarize(transcript or call.main, held_on=call.held_on, timezone=call.timezone)
    content: dict[str, Any] = msgspec.to_builtins(found)
    return {"call": {"is_kickoff": content["is_kickoff"]}, "items": content["items"], "notes": content["notes"]}
