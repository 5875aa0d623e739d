"""From a transcript to its summary, without a model."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from summarizer.actions import actions
from summarizer.asks import open_questions, scope_asks
from summarizer.claims import Claim, quote_of
from summarizer.dates import days_in
from summarizer.decisions import decisions
from summarizer.german import GERMAN
from summarizer.goals import goals, success_milestones
from summarizer.grounding import grounded
from summarizer.hazards import blockers, risks
from summarizer.items import CueTime, Item, Side, Summary
from summarizer.kickoff import is_kickoff
from summarizer.language import NAMES, language_of
from summarizer.marked import is_marked_kickoff, marked_items
from summarizer.people import People
from summarizer.project_dates import date_commitments
from summarizer.scope import scope_commitments
from summarizer.sentences import blanked
from summarizer.spanish import SPANISH
from summarizer.stakeholders import stakeholders
from summarizer.talk import Talk
from summarizer.transcript import Participant, Transcript

RULES_VERSION = "rules-2"
SURE = Decimal("0.75")

_WORDS = {"de": GERMAN, "es": SPANISH}
_RULES = (
    goals,
    success_milestones,
    stakeholders,
    scope_commitments,
    decisions,
    actions,
    date_commitments,
    risks,
    blockers,
    scope_asks,
    open_questions,
)


def summarize(
    transcript: Transcript,
    *,
    held_on: date,
    timezone: str = "UTC",
    participants: Sequence[Participant] = (),
    sides: Mapping[str, Side] | None = None,
) -> Summary:
    """Cited items of the call, in the order of their first words.

    Dates in the text are resolved against `held_on`, the day of the call in `timezone`.
    `participants` and `sides` (speaker -> side) are hints that outrank what the talk lets one guess.
    """
    language = language_of(transcript)
    words = _WORDS.get(language)
    people = People(transcript, participants, sides, (words.vendor, words.customer) if words else None)
    talk = Talk(transcript, people, held_on, words.days if words else days_in)
    claims = marked_items(talk, words) if words else []
    if language == "en":
        claims = [found for rule in _RULES for found in rule(talk)]
    items = grounded((_item(found, talk) for found in sorted(claims, key=_place)), transcript)
    return Summary(
        held_on=held_on,
        timezone=timezone,
        language=language,
        is_kickoff=is_marked_kickoff(talk, words) if words else is_kickoff(talk),
        items=items,
        participants=people.participants(),
        notes=tuple(_notes(transcript, language, people)),
        cue_count=len(transcript.cues),
        rules_version=RULES_VERSION,
    )


def _place(found: Claim) -> tuple[int, int, str]:
    return found.cue, found.start, found.kind


def _item(found: Claim, talk: Talk) -> Item:
    quote = quote_of(found, talk)
    cues = tuple(sorted(found.cues))
    speaker = talk.speaker(found.cue)
    is_side_known = talk.people.side(speaker) != "unknown"
    return Item(
        kind=found.kind,
        text=_text(quote),
        quote=quote,
        cues=cues,
        speaker=speaker,
        side=talk.people.side(speaker),  # type: ignore[arg-type]
        owner=found.owner,
        due=found.due,
        track=found.track,
        modality=found.modality,
        confidence=found.confidence,
        needs_confirmation=found.confidence < SURE or found.modality != "committed" or not is_side_known,
        times=tuple(_times(cues, talk)),
    )


def _times(cues: Sequence[int], talk: Talk) -> list[CueTime]:
    found = [talk.transcript.cue(number) for number in cues]
    return [CueTime(cue=cue.number, start_ms=cue.start_ms, end_ms=cue.end_ms) for cue in found if cue is not None]


def _text(quote: str) -> str:
    """The quote without fillers and its opening word, for people."""
    said = re.sub(r"\s+", " ", blanked(quote) if blanked(quote).strip() else quote).strip(" ,")
    said = re.sub(r"^(?:so|and|okay|well|right|then|yeah|yes)\b,?\s+", "", said, count=1, flags=re.IGNORECASE)
    return said[:1].upper() + said[1:]


def _notes(transcript: Transcript, language: str, people: People) -> list[str]:
    notes = []
    if language in _WORDS:
        notes.append(
            f"The call is in {NAMES[language]}: only what plain marker words and days give away was read. "
            "Further promises, decisions and asks may stand in it."
        )
    elif language != "en":
        name = NAMES.get(language, "a language that was not recognised")
        notes.append(f"The call is in {name}. There are no rules for it yet, so nothing was read from it.")
    if transcript.unread:
        notes.append(f"{transcript.unread} cues have times that cannot be read and are missing here.")
    if not transcript.speakers:
        notes.append("The transcript names no speakers, so promises in the first person have no owner.")
    unknown = [name for name in people.speakers if people.side(name) == "unknown"]
    if unknown and language == "en":
        notes.append(f"It could not be told which side these speak for: {', '.join(unknown)}.")
    return notes
