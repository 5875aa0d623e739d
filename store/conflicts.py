"""What a log answers when a fact is already there, or the stream has moved on. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from store.errors import Conflict
from store.ids import EventId, StreamId
from store.log import Event


def stale_version(stream_id: StreamId, expected: int, current: int) -> Conflict:
    """The error of a writer that has not seen the newest version of a stream."""
    return Conflict(
        "stale_version",
        f"{stream_id} is at version {current}, not {expected}.",
        remedy="Read it again and decide on what it says now.",
        data={"expected_version": expected, "current_version": current},
    )


def id_taken(event_ids: Sequence[EventId]) -> Conflict:
    """The error of a fact whose id is in the log with other bytes."""
    return Conflict(
        "event_id_taken",
        f"The event id {event_ids[0]} is in the log with another content.",
        remedy="Use the stored one, or append the correction as a fact of its own.",
        data={"event_ids": list(event_ids)},
    )


def same_or_conflict(wanted: Sequence[Event], stored: Sequence[Event]) -> list[Event]:
    """The stored events when they are just what is wanted, which makes a repeat harmless."""
    bodies = {event.event_id: event.body for event in stored}
    taken = [event.event_id for event in wanted if bodies.get(event.event_id) != event.body]
    if taken:
        raise id_taken(taken)
    return list(stored)
