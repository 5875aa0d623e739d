"""A playbook's versions, folded from its facts. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import msgspec

from store.errors import NotFound
from store.events import PlaybookPublished, PlaybookRetired
from store.events.playbooks import PlaybookFee, PlaybookTemplate
from store.log import Event
from store.projections.snapshot import copied


class PlaybookVersion(msgspec.Struct, kw_only=True):
    """One published version, whole."""

    version: int
    name: str
    summary: str
    template: PlaybookTemplate
    fee: PlaybookFee
    published_at: dt.datetime
    published_by: str | None
    event_id: str


class PlaybookState(msgspec.Struct, kw_only=True):
    """A playbook with all its versions, oldest first. Retired until another version is published."""

    playbook_id: str = ""
    versions: list[PlaybookVersion] = []
    retired_at: dt.datetime | None = None
    retired_because: str = ""
    version: int = 0

    @property
    def latest(self) -> PlaybookVersion:
        """The version that projects start from."""
        return self.versions[-1]

    def numbered(self, number: int | None) -> PlaybookVersion:
        """The version of that number, the latest for None; raises `NotFound`."""
        if number is None:
            return self.latest
        found = next((version for version in self.versions if version.version == number), None)
        if found is None:
            raise NotFound(
                "unknown_playbook_version",
                f"The playbook {self.playbook_id} has no version {number}.",
                remedy=f"Its versions are 1 to {len(self.versions)}.",
            )
        return found


def fold(events: Iterable[Event], state: PlaybookState | None = None) -> PlaybookState:
    """The state after these events; the given state is left as it is. `version` is that of the stream."""
    result = copied(state) if state else PlaybookState()
    for event in events:
        fact = event.fact
        if isinstance(fact, PlaybookPublished):
            result.playbook_id = fact.playbook_id
            result.versions.append(_version(fact, event))
            result.retired_at, result.retired_because = None, ""
        elif isinstance(fact, PlaybookRetired):
            result.retired_at, result.retired_because = event.occurred_at, fact.reason
        result.version = max(result.version, event.stream_version)
    return result


def _version(fact: PlaybookPublished, event: Event) -> PlaybookVersion:
    return PlaybookVersion(
        version=fact.version,
        name=fact.name,
        summary=fact.summary,
        template=fact.template,
        fee=fact.fee,
        published_at=event.occurred_at,
        published_by=event.actor_id,
        event_id=event.event_id,
    )


def unknown_playbook() -> NotFound:
    """The error for a playbook that is not there."""
    return NotFound(
        "unknown_playbook",
        "There is no such playbook.",
        remedy="List them with GET /v1/playbooks or `leeway playbook list`.",
    )
