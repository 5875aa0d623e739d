"""Transcripts in JSON: Google Meet entries, Fathom and Fireflies."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from store.errors import Invalid
from summarizer.transcript import Cue, Participant, Transcript

_CLOCK = re.compile(r"(?:(\d{1,4}):)?([0-5]?\d):([0-5]\d)(?:\.(\d{1,3}))?")


def read_json(name: str, text: str) -> Transcript:
    """Raises `Invalid` for JSON that is none of the known forms, or is broken."""
    try:
        content = msgspec.json.decode(text.encode())
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError) as error:
        raise _invalid(name, "The file is no JSON that can be read.") from error
    content = _unwrapped(content)
    if not isinstance(content, dict):
        raise _invalid(name, "The file holds no transcript.")
    readers = {"transcriptEntries": _meet, "transcript": _fathom, "sentences": _fireflies}
    for field, read in readers.items():
        entries = content.get(field)
        if isinstance(entries, list):
            transcript = read(content, [entry if isinstance(entry, dict) else {} for entry in entries])
            if not any(cue.text for cue in transcript.cues):
                raise Invalid("no_cues", "The transcript says nothing.", where=name)
            return transcript
    raise _invalid(name, "The JSON is no Meet, Fathom or Fireflies transcript.")


def _invalid(name: str, detail: str) -> Invalid:
    return Invalid("bad_transcript", detail, remedy="Send WebVTT, SRT, Meet or Fathom JSON, or text.", where=name)


def _unwrapped(content: Any) -> Any:
    """Fireflies answers as {"data": {"transcript": {...}}}."""
    for field in ("data", "transcript"):
        if isinstance(content, dict) and isinstance(content.get(field), dict):
            content = content[field]
    return content


def _meet(content: dict[str, Any], entries: Sequence[dict[str, Any]]) -> Transcript:
    names = {}
    for person in _dicts(content.get("participants")):
        user: Any = next(
            (person[kind] for kind in ("signedinUser", "anonymousUser", "phoneUser") if kind in person), {}
        )
        names[_text(person.get("name"))] = _text(user.get("displayName")) if isinstance(user, dict) else ""
    starts = [_instant(entry.get("startTime")) for entry in entries]
    zero = min((start for start in starts if start is not None), default=None)
    cues = tuple(
        Cue(
            number=number,
            text=_text(entry.get("text")),
            speaker=names.get(_text(entry.get("participant")), ""),
            start_ms=_since(start, zero),
            end_ms=_since(_instant(entry.get("endTime")), zero),
            cue_id=_text(entry.get("name")).rpartition("/")[2],
        )
        for number, (entry, start) in enumerate(zip(entries, starts, strict=True), 1)
    )
    language = next((_text(entry.get("languageCode")) for entry in entries if entry.get("languageCode")), "")
    people = tuple(Participant(name=name) for name in names.values() if name)
    return Transcript(form="meet", cues=cues, participants=people, language=language)


def _fathom(content: dict[str, Any], entries: Sequence[dict[str, Any]]) -> Transcript:
    invited = {
        _text(person.get("email")).casefold(): _invitee(person) for person in _dicts(content.get("calendar_invitees"))
    }
    cues = []
    for number, entry in enumerate(entries, 1):
        speaker = entry.get("speaker")
        speaker = speaker if isinstance(speaker, dict) else {"display_name": speaker}
        name = _text(speaker.get("display_name"))
        known = invited.get(_text(speaker.get("matched_calendar_invitee_email")).casefold())
        if known and name:
            invited[known.email.casefold()] = msgspec.structs.replace(known, name=name)
        start = _clock_ms(entry.get("timestamp"))
        cues.append(Cue(number=number, text=_text(entry.get("text")), speaker=name, start_ms=start))
    people = tuple(person for person in invited.values() if person.name)
    title = _text(content.get("title")) or _text(content.get("meeting_title"))
    language = _text(content.get("transcript_language"))
    return Transcript(form="fathom", cues=tuple(cues), participants=people, title=title, language=language)


def _invitee(person: dict[str, Any]) -> Participant:
    is_external = person.get("is_external")
    side = ("customer" if is_external else "vendor") if isinstance(is_external, bool) else "unknown"
    return Participant(name=_text(person.get("name")), side=side, email=_text(person.get("email")))


def _fireflies(content: dict[str, Any], entries: Sequence[dict[str, Any]]) -> Transcript:
    cues = tuple(
        Cue(
            number=number,
            text=_text(entry.get("text") or entry.get("raw_text")),
            speaker=_text(entry.get("speaker_name")),
            start_ms=_seconds_ms(entry.get("start_time")),
            end_ms=_seconds_ms(entry.get("end_time")),
        )
        for number, entry in enumerate(entries, 1)
    )
    return Transcript(form="fireflies", cues=cues, title=_text(content.get("title")))


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _text(value: Any) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _instant(value: Any) -> datetime | None:
    try:
        instant = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return instant if instant is not None and instant.tzinfo is not None else None


def _since(instant: datetime | None, zero: datetime | None) -> int | None:
    return None if instant is None or zero is None else round((instant - zero).total_seconds() * 1000)


def _clock_ms(value: Any) -> int | None:
    found = (
        re.fullmatch(r"(?:(\d{1,4}):)?([0-5]?\d):([0-5]\d)(?:\.(\d{1,3}))?", value) if isinstance(value, str) else None
    )
    if found is None:
        return None
    seconds = (int(found[1] or 0) * 60 + int(found[2])) * 60 + int(found[3])
    return seconds * 1000 + int((found[4] or "").ljust(3, "0"))


def _seconds_ms(value: Any) -> int | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e7
    return round(value * 1000) if is_number else None
