"""Between an event and its row in the table `events`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, LiteralString

import msgspec

from store.admission import body_of
from store.events import Fact, parse, personal_fields
from store.ids import TenantId
from store.keys import conceal, reveal
from store.log import Draft, Event

_COLUMNS: LiteralString = (
    "select tenant_id, stream_id, stream_version, event_id, type, schema_version, occurred_at, recorded_at,"
    " appended_at, actor_id, source, causation_id, correlation_id, subject_keys::text, body, position, hash, append_seq"
)
SELECT_EVENTS: LiteralString = _COLUMNS + " from events "
SELECT_LOG: LiteralString = _COLUMNS + " from log_events "
"""What `event_of` and `unread_event_of` take, in this order. Ids are read as text. The second has the archive too."""

_UNREAD = Fact()


class Entry(msgspec.Struct, frozen=True):
    """A fact ready to be stored: personal fields concealed, payload in canonical bytes."""

    draft: Draft
    fact: Fact
    subject_keys: dict[str, str]
    body: bytes


def subjects(drafts: list[Draft]) -> set[str]:
    """The persons whose keys these facts need."""
    return {owner for draft in drafts if draft.fact.PERSONAL for owner in personal_fields(draft.fact).values()}


def entry_of(draft: Draft, keys: Mapping[str, bytes]) -> Entry:
    """The draft, which was admitted, as it will be stored."""
    fact, subject_keys = conceal(draft.fact, draft.event_id, keys) if draft.fact.PERSONAL else (draft.fact, {})
    return Entry(draft, fact, subject_keys, body_of(draft, fact))


def columns_of(entry: Entry) -> dict[str, Any]:
    """The columns that the writer decides, as `append_facts` takes them."""
    draft = entry.draft
    return {
        "event_id": draft.event_id,
        "type": entry.fact.TYPE,
        "schema_version": entry.fact.VERSION,
        "occurred_at": draft.occurred_at,
        "recorded_at": draft.recorded_at,
        "actor_id": draft.actor_id,
        "source": draft.source,
        "causation_id": draft.causation_id,
        "correlation_id": draft.correlation_id,
        "subject_keys": entry.subject_keys,
        "body": entry.body.decode(),
    }


def event_of(row: tuple[Any, ...], keys: Mapping[str, bytes]) -> Event:
    """The event of a row, its personal fields revealed where the key is there."""
    fact = parse(row[4], row[5], row[14])
    subject_keys = _subject_keys(row[13])
    return _event(row, reveal(fact, row[3], subject_keys, keys) if subject_keys else fact, subject_keys)


def unread_event_of(row: tuple[Any, ...]) -> Event:
    """The event of a row with its fact left unread: enough for the chain, whatever the type."""
    return _event(row, _UNREAD, _subject_keys(row[13]))


def subjects_of_rows(rows: list[tuple[Any, ...]]) -> set[str]:
    """The persons whose keys these rows need."""
    return {owner for row in rows if row[13] != "{}" for owner in _subject_keys(row[13]).values()}


def _subject_keys(text: str) -> dict[str, str]:
    return {} if text == "{}" else msgspec.json.decode(text, type=dict[str, str])


def _event(row: tuple[Any, ...], fact: Fact, subject_keys: dict[str, str]) -> Event:
    return Event(
        tenant_id=TenantId(row[0]),
        stream_id=row[1],
        stream_version=row[2],
        event_id=row[3],
        fact=fact,
        occurred_at=row[6],
        recorded_at=row[7],
        appended_at=row[8],
        source=row[10],
        actor_id=row[9],
        causation_id=row[11],
        correlation_id=row[12],
        type=row[4],
        schema_version=row[5],
        subject_keys=subject_keys,
        body=row[14],
        position=row[15],
        hash=row[16],
    )
