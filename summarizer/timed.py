"""WebVTT and SRT: cues with times, as Zoom, Teams and others write them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

import msgspec

from store.errors import Invalid
from summarizer.speakers import repeated_labels, split_label, split_speaker
from summarizer.transcript import Cue, Transcript

_STAMP = r"(?:(\d{1,4}):)?([0-5]?\d):([0-5]\d)[.,](\d{1,3})"
_TIMING = re.compile(rf"\s*{_STAMP}\s*-->\s*{_STAMP}(?:\s.*)?$")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]+)>")
_TAG = re.compile(r"</?(?:c|i|b|u|ruby|rt|v|lang)(?:[.\s][^>]*)?>|<\d[\d:.]*>")


def is_webvtt(text: str) -> bool:
    return re.match(r"WEBVTT(?:[ \t\n]|$)", text) is not None


def is_srt(text: str) -> bool:
    return re.match(r"\s*\d+[ \t]*\n[^\n]*-->", text) is not None


def read_timed(name: str, text: str) -> Transcript:
    """`text` has newlines only. Raises `Invalid` where no cue can be read."""
    blocks = list(_blocks(text.split("\n")))
    cues: list[Cue] = []
    voices = unread = 0
    for cue_id, timing, body in blocks:
        times = _TIMING.match(timing)
        if times is None:
            unread += 1
            continue
        start_ms, end_ms = _milliseconds(times.groups()[:4]), _milliseconds(times.groups()[4:])
        speaker, words, is_voice = _voiced(" ".join(line.strip() for line in body))
        voices += is_voice
        cues.append(
            Cue(number=len(cues) + 1, text=words, speaker=speaker, start_ms=start_ms, end_ms=end_ms, cue_id=cue_id)
        )
    if not cues:
        raise Invalid(
            "no_cues", "The file has no cue that can be read.", remedy="Export the transcript again.", where=name
        )
    cues = _named(cues)
    return Transcript(form=_form(text, cues, voices), cues=tuple(cues), unread=unread)


def _blocks(lines: Sequence[str]) -> Iterator[tuple[str, str, Sequence[str]]]:
    """Every cue as (id, timing line, body lines); notes, styles and headers have no arrow and are passed over."""
    at = 0
    while at < len(lines):
        if "-->" not in lines[at]:
            at += 1
            continue
        before = lines[at - 1].strip() if at else ""
        end = at + 1
        while end < len(lines) and lines[end].strip() and "-->" not in lines[end]:
            end += 1
        yield before, lines[at], lines[at + 1 : end]
        at = end


def _milliseconds(parts: Sequence[str | None]) -> int:
    hours, minutes, seconds, fraction = (part or "0" for part in parts)
    return ((int(hours) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(fraction.ljust(3, "0"))


def _voiced(body: str) -> tuple[str, str, bool]:
    """(speaker, words, whether a voice tag named the speaker)."""
    voice = _VOICE.search(body) if "<" in body else None
    words = _TAG.sub("", body) if "<" in body else body
    words = html.unescape(words).strip() if "&" in words else words.strip()
    if voice:
        return html.unescape(voice[1]).strip(), words, True
    return *split_speaker(words), False


def _named(cues: list[Cue]) -> list[Cue]:
    """Speakers that only their repetition shows to be some."""
    without = [cue.text for cue in cues if not cue.speaker]
    labels = repeated_labels(without, 1 - len(without) / len(cues))
    return [cue if cue.speaker or not labels else _relabelled(cue, labels) for cue in cues]


def _relabelled(cue: Cue, labels: frozenset[str]) -> Cue:
    speaker, words = split_label(cue.text, labels)
    return msgspec.structs.replace(cue, speaker=speaker, text=words)


def _form(text: str, cues: Sequence[Cue], voices: int) -> str:
    if not is_webvtt(text):
        return "srt"
    if voices:
        return "teams_vtt"
    has_numbers = all(cue.cue_id.isdigit() for cue in cues[:20])
    return "zoom_vtt" if has_numbers and any(cue.speaker for cue in cues) else "webvtt"
