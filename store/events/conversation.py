"""Facts about what was said: messages, escalations, transcripts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import ClassVar, Literal

from store.events.fact import Fact
from store.ids import PartyId, ProjectId

Channel = Literal["email", "portal", "call", "chat"]


class MessageSent(Fact, frozen=True, kw_only=True):
    """A message on a project; its text belongs to the person who wrote it."""

    TYPE: ClassVar[str] = "message.sent"
    PERSONAL: ClassVar[Mapping[str, str]] = {"text": "from_id"}
    message_id: str
    external_id: str
    project_id: ProjectId
    from_id: PartyId | None = None
    to_ids: tuple[PartyId, ...] = ()
    channel: Channel = "email"
    in_reply_to: str | None = None
    needs_answer: bool = False
    text: str = ""
    extra: dict[str, str] = {}


class EscalationRaised(Fact, frozen=True, kw_only=True):
    """Somebody asked for help from above."""

    TYPE: ClassVar[str] = "escalation.raised"
    PERSONAL: ClassVar[Mapping[str, str]] = {"text": "by_id"}
    escalation_id: str
    external_id: str
    project_id: ProjectId
    by_id: PartyId | None = None
    text: str = ""
    extra: dict[str, str] = {}


class TranscriptReceived(Fact, frozen=True, kw_only=True):
    """A recorded call, as it came; many speak in it, so the project's own key guards it."""

    TYPE: ClassVar[str] = "transcript.received"
    PERSONAL: ClassVar[Mapping[str, str]] = {"text": "project_id"}
    transcript_id: str
    project_id: ProjectId
    name: str
    held_on: dt.date | None = None
    format: str
    text: str
