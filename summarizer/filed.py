"""A filed summary: the items of a call and what people made of them, folded from the project's conversation. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Literal

import msgspec

from store.events import SummaryItemDecided, SummaryMade, TranscriptReceived
from store.events.fact import is_sealed_text
from store.ids import TenantId, derived_id
from store.keys import ERASED
from store.log import Event
from summarizer.items import Item

ItemState = Literal["open", "accepted", "dropped"]
_ITEMS = msgspec.json.Decoder(tuple[Item, ...])
_ENCODER = msgspec.json.Encoder(order="sorted")


class FiledItem(msgspec.Struct, kw_only=True):
    """An item with its decision. `text` is as last worded; `quote` of the item stays the speaker's."""

    item_id: str
    item: Item
    text: str
    state: ItemState = "open"
    task_id: str | None = None
    decided_by: str | None = None
    decided_at: dt.datetime | None = None


class SummaryState(msgspec.Struct, kw_only=True):
    """A call's summary as it stands. `is_erased`: the words were erased, only the counts are left."""

    summary_id: str
    project_id: str
    transcript_id: str
    name: str
    held_on: dt.date
    language: str
    is_kickoff: bool
    items: list[FiledItem]
    notes: list[str]
    item_count: int
    action_count: int
    cue_count: int
    rules_version: str
    made_at: dt.datetime
    event_id: str
    is_erased: bool = False


def items_text(items: Iterable[Item]) -> str:
    """The items as canonical JSON."""
    return _ENCODER.encode(tuple(items)).decode()


def item_id_of(tenant_id: TenantId, summary_id: str, place: int) -> str:
    """The id of the item at a place, which never changes."""
    return derived_id(tenant_id, "summary_item", summary_id, str(place))


def readable(text: str) -> str:
    """The text; nothing where it was erased."""
    return "" if text == ERASED or is_sealed_text(text) else text


def fold(events: Iterable[Event]) -> dict[str, SummaryState]:
    """Summary id -> its state, in the order in which they were made."""
    found: dict[str, SummaryState] = {}
    for event in events:
        if isinstance(event.fact, SummaryMade):
            found[event.fact.summary_id] = _made(event, event.fact)
        elif isinstance(event.fact, SummaryItemDecided) and event.fact.summary_id in found:
            _decided(found[event.fact.summary_id], event, event.fact)
    return found


def transcripts(events: Iterable[Event]) -> dict[str, TranscriptReceived]:
    """Transcript id -> the transcript whose words can still be read."""
    received = (event.fact for event in events if isinstance(event.fact, TranscriptReceived))
    return {fact.transcript_id: fact for fact in received if readable(fact.text)}


def _made(event: Event, fact: SummaryMade) -> SummaryState:
    text = readable(fact.items_json)
    items = _ITEMS.decode(text) if text else ()
    return SummaryState(
        summary_id=fact.summary_id,
        project_id=fact.project_id,
        transcript_id=fact.transcript_id,
        name=fact.name,
        held_on=fact.held_on,
        language=fact.language,
        is_kickoff=fact.is_kickoff,
        items=[
            FiledItem(item_id=item_id_of(event.tenant_id, fact.summary_id, place), item=item, text=item.text)
            for place, item in enumerate(items)
        ],
        notes=readable(fact.notes).splitlines(),
        item_count=fact.item_count,
        action_count=fact.action_count,
        cue_count=fact.cue_count,
        rules_version=fact.rules_version,
        made_at=event.occurred_at,
        event_id=event.event_id,
        is_erased=not text,
    )


def _decided(summary: SummaryState, event: Event, fact: SummaryItemDecided) -> None:
    for entry in summary.items:
        if entry.item_id == fact.item_id:
            entry.text = readable(fact.text) or entry.text
            entry.decided_by, entry.decided_at = event.actor_id, event.occurred_at
            if fact.verb != "edit":
                entry.state = "accepted" if fact.verb == "accept" else "dropped"
            entry.task_id = fact.task_id or entry.task_id
