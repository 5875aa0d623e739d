"""Facts about summaries of calls: what was found in a transcript, and what people made of each item."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import ClassVar, Literal

from store.events.fact import Fact
from store.ids import ProjectId, TaskId

ItemVerb = Literal["accept", "edit", "drop"]


class SummaryMade(Fact, frozen=True, kw_only=True):
    """What a call was found to hold. Its words are the speakers', so the project's own key guards them.

    `items_json` is the list of items as canonical JSON; an item's place in it never changes.
    """

    TYPE: ClassVar[str] = "summary.made"
    PERSONAL: ClassVar[Mapping[str, str]] = {"items_json": "project_id", "notes": "project_id"}
    summary_id: str
    project_id: ProjectId
    transcript_id: str
    name: str
    held_on: dt.date
    language: str
    is_kickoff: bool = False
    items_json: str
    notes: str = ""
    item_count: int
    action_count: int = 0
    cue_count: int = 0
    rules_version: str = ""


class SummaryItemDecided(Fact, frozen=True, kw_only=True):
    """Somebody accepted, reworded or dropped an item; an accepted action item became the task."""

    TYPE: ClassVar[str] = "summary.item_decided"
    PERSONAL: ClassVar[Mapping[str, str]] = {"text": "project_id"}
    summary_id: str
    project_id: ProjectId
    item_id: str
    verb: ItemVerb
    text: str = ""
    task_id: TaskId | None = None
