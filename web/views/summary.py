"""A call's summary as its page shows it: items by kind beside the words they come from. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from summarizer.filed import FiledItem, SummaryState
from summarizer.items import KINDS, Kind
from summarizer.transcript import Cue, Transcript

KIND_NAMES: dict[Kind, str] = {
    "goal": "Goals",
    "success_milestone": "First value",
    "stakeholder": "Stakeholders",
    "scope_commitment": "Scope promised",
    "decision": "Decisions",
    "action_item": "Action items",
    "date_commitment": "Dates",
    "risk": "Risks",
    "blocker": "Blockers",
    "scope_ask": "Asked beyond scope",
    "open_question": "Open questions",
}
_FIRST: tuple[Kind, ...] = ("action_item", "date_commitment", "decision", "blocker", "risk")
_ORDER = (*_FIRST, *(kind for kind in KINDS if kind not in _FIRST))
MODALITIES = {"tentative": "Tentative", "proposed": "Proposed", "declined": "Declined"}


@dataclass(frozen=True, slots=True)
class Group:
    """The items of a kind, in the order in which they were said."""

    kind: str
    title: str
    items: Sequence[FiledItem]


@dataclass(frozen=True, slots=True)
class Line:
    """A cue with the items that cite it."""

    cue: Cue
    time: str
    cited_by: Sequence[FiledItem]


def groups(summary: SummaryState) -> list[Group]:
    """What has to be done first, the rest after it; kinds without items are left out."""
    by_kind = {kind: [entry for entry in summary.items if entry.item.kind == kind] for kind in _ORDER}
    return [Group(kind, KIND_NAMES[kind], items) for kind, items in by_kind.items() if items]


def lines(summary: SummaryState, transcript: Transcript | None) -> list[Line]:
    """Every cue of the call with what it gave rise to."""
    cited: dict[int, list[FiledItem]] = {}
    for entry in summary.items:
        for number in entry.item.cues:
            cited.setdefault(number, []).append(entry)
    cues = transcript.cues if transcript else ()
    return [Line(cue, clock(cue.start_ms), cited.get(cue.number, [])) for cue in cues]


def clock(start_ms: int | None) -> str:
    """`1:02:03` into the recording; nothing where the form has no times."""
    if start_ms is None:
        return ""
    minutes, seconds = divmod(start_ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
