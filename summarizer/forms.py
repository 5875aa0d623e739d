"""Which form a transcript file has, and the reader for it."""

from __future__ import annotations

from hashlib import sha256

import msgspec

from store.errors import Invalid
from summarizer.plain import read_plain
from summarizer.structured import read_json
from summarizer.timed import is_srt, is_webvtt, read_timed
from summarizer.transcript import Transcript

LARGEST_BYTES = 20_000_000


def parse_transcript(name: str, data: bytes) -> Transcript:
    """Reads Zoom, Teams and other WebVTT, SRT, Meet, Fathom and Fireflies JSON, or plain text.

    `name` is the file's name, for messages; the content decides the form.
    Raises `store.errors.Invalid` for anything that is no transcript.
    """
    if len(data) > LARGEST_BYTES:
        raise Invalid("too_large", f"The file is larger than {LARGEST_BYTES:,} bytes.", where=name)
    text = decoded(data).replace("\r\n", "\n").replace("\r", "\n")
    if is_webvtt(text) or is_srt(text):
        transcript = read_timed(name, text)
    elif text.lstrip()[:1] in ("{", "["):
        transcript = read_json(name, text)
    else:
        transcript = read_plain(name, text)
    return msgspec.structs.replace(transcript, digest=sha256(data).hexdigest())


def decoded(data: bytes) -> str:
    """UTF-8 or UTF-16 by their marks; else UTF-8, and what it cannot be is read as Windows text."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")
