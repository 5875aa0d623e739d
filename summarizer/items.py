"""What a summary is made of: items, each with the words it comes from."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal, get_args

import msgspec

from summarizer.transcript import Participant

Kind = Literal[
    "goal",
    "success_milestone",
    "stakeholder",
    "scope_commitment",
    "decision",
    "action_item",
    "date_commitment",
    "risk",
    "blocker",
    "scope_ask",
    "open_question",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
Side = Literal["vendor", "customer", "unknown"]
Track = Literal["internal", "customer", "approval"]
Modality = Literal["committed", "tentative", "proposed", "declined"]
Origin = Literal["rules", "model"]


class CueTime(msgspec.Struct, frozen=True, kw_only=True):
    """When a cited cue was spoken, in milliseconds from the start; None where the form has no times."""

    cue: int
    start_ms: int | None = None
    end_ms: int | None = None


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One fact of a call.

    `quote` is a verbatim part of one of the cited `cues`; `speaker` and `side` belong to that cue.
    `owner` and `due` are None where nobody said them: unknown, not guessed. `confidence` is 0 to 1.
    `origin` says who found it; words and cues are the transcript's either way.
    """

    kind: Kind
    text: str
    quote: str
    cues: tuple[int, ...]
    speaker: str = ""
    side: Side = "unknown"
    owner: str | None = None
    due: date | None = None
    track: Track | None = None
    modality: Modality = "committed"
    confidence: Decimal = Decimal("0.50")
    needs_confirmation: bool = True
    times: tuple[CueTime, ...] = ()
    origin: Origin = "rules"


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """`notes` says in plain sentences what could not be read and why."""

    held_on: date
    timezone: str
    language: str
    is_kickoff: bool
    items: tuple[Item, ...]
    participants: tuple[Participant, ...] = ()
    notes: tuple[str, ...] = ()
    cue_count: int = 0
    rules_version: str = ""
