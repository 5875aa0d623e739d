"""How messages, escalations and calls change a project's state; texts stay in the log. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from store.events import EscalationRaised, Fact, MessageSent, TranscriptReceived
from store.log import Event
from store.projections.projects.state import Message, ProjectState, StatusMove


def _message(state: ProjectState, fact: MessageSent, event: Event) -> None:
    state.messages.append(
        Message(
            message_id=fact.message_id,
            at=event.occurred_at,
            from_id=fact.from_id,
            to_ids=fact.to_ids,
            channel=fact.channel,
            in_reply_to=fact.in_reply_to,
            needs_answer=fact.needs_answer,
            event_id=event.event_id,
        )
    )


def _escalation(state: ProjectState, _fact: EscalationRaised, event: Event) -> None:
    state.escalations.append(StatusMove(at=event.occurred_at, status="escalated", event_id=event.event_id))


def _transcript(state: ProjectState, fact: TranscriptReceived, _event: Event) -> None:
    state.transcripts.append(fact.transcript_id)


HANDLERS: Mapping[type[Fact], Callable[[ProjectState, Any, Event], None]] = {
    MessageSent: _message,
    EscalationRaised: _escalation,
    TranscriptReceived: _transcript,
}
