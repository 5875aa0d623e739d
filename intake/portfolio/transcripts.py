"""A call's transcript as a fact. Pure."""

from __future__ import annotations

import re
from datetime import date

from intake.portfolio.references import Records
from store.events import TranscriptReceived
from store.ids import ProjectId

FORMATS = ("vtt", "srt", "txt", "json")
_DATE = re.compile(r"(?<![0-9])((?:19[7-9]|[2-9][0-9]{2})[0-9]-[0-9]{2}-[0-9]{2})(?![0-9])")
_SAFE = re.compile(r"[^\x00-\x1f/\\:]{1,120}")


def transcript_fact(
    records: Records, project: str, project_id: str, name: str, form: str, text: str
) -> tuple[TranscriptReceived, date | None]:
    """The fact, and the day of the call where its name holds one."""
    held_on = _held_on(name)
    fact = TranscriptReceived(
        transcript_id=records.id_of("transcript", f"{project}/{name}.{form}"),
        project_id=ProjectId(project_id),
        name=name,
        held_on=held_on,
        format=form,
        text=text,
    )
    return fact, held_on


def transcript_path(project: str, fact: TranscriptReceived) -> str | None:
    """The file of a transcript; None where the names make no safe path."""
    parts = (project, f"{fact.name}.{fact.format}")
    if fact.format not in FORMATS or any(part.startswith(".") or not _SAFE.fullmatch(part) for part in parts):
        return None
    return "/".join(("transcripts", *parts))


def _held_on(name: str) -> date | None:
    found = _DATE.search(name)
    try:
        return date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None
