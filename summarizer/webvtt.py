"""WebVTT, as Zoom and Teams write it."""

from __future__ import annotations

from store.errors import Invalid
from summarizer.transcript import Transcript


def read_webvtt(name: str, data: bytes) -> Transcript:
    raise Invalid("bad_transcript", f"{name} is no transcript ({len(data)} bytes).")
