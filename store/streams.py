"""Which stream a fact belongs to, and which subjects of which projection it concerns. Pure."""

from __future__ import annotations

from store.events import (
    Fact,
    alerts,
    conversation,
    directory,
    ledger,
    people,
    playbooks,
    projects,
    summaries,
    tasks,
    timesheets,
    vault,
)
from store.ids import StreamId

TENANT = StreamId("tenant")
DIRECTORY = StreamId("directory")
PLACEHOLDER = "placeholder"

PLAN = "plan"
CONVERSATION = "conversation"
TIMESHEET = "timesheet"
LEDGER = "ledger"
CAPACITY = "capacity"
ALERT = "alert"
PLAYBOOK = "playbook"

_ROOMS: dict[str, str] = {
    projects.__name__: PLAN,
    tasks.__name__: PLAN,
    conversation.__name__: CONVERSATION,
    summaries.__name__: CONVERSATION,
    vault.__name__: CONVERSATION,
    timesheets.__name__: TIMESHEET,
    ledger.__name__: LEDGER,
    people.__name__: CAPACITY,
    alerts.__name__: ALERT,
    playbooks.__name__: PLAYBOOK,
}
_PROJECT_STREAMS = (PLAN, CONVERSATION, TIMESHEET, LEDGER)


def stream_of(fact: Fact) -> StreamId:
    """The stream that a fact is appended to."""
    if isinstance(fact, directory.TenantConfigured):
        return TENANT
    kind = _ROOMS.get(type(fact).__module__)
    if kind is None:
        return DIRECTORY
    if kind == CAPACITY:
        return StreamId(f"{CAPACITY}/{getattr(fact, 'person_id', None) or PLACEHOLDER}")
    key = {ALERT: "alert_id", PLAYBOOK: "playbook_id"}.get(kind, "project_id")
    return StreamId(f"{kind}/{getattr(fact, key)}")


def project_streams(project_id: str) -> list[StreamId]:
    """All streams that make up a project's state."""
    return [StreamId(f"{kind}/{project_id}") for kind in _PROJECT_STREAMS]


def capacity_stream(person_id: str | None) -> StreamId:
    """A person's stream of contract, time off and allocations; no person: the placeholders' stream."""
    return StreamId(f"{CAPACITY}/{person_id or PLACEHOLDER}")


def conversation_stream(project_id: str) -> StreamId:
    """What was said on a project."""
    return StreamId(f"{CONVERSATION}/{project_id}")


def alert_stream(alert_id: str) -> StreamId:
    """An alert's life."""
    return StreamId(f"{ALERT}/{alert_id}")


def playbook_stream(playbook_id: str) -> StreamId:
    """A playbook's versions."""
    return StreamId(f"{PLAYBOOK}/{playbook_id}")


def subjects_of(stream_id: StreamId, type_name: str) -> list[tuple[str, str]]:
    """(projection, subject) pairs whose state this event changes. The tenant's own subject is ""."""
    kind, _, subject = stream_id.partition("/")
    if kind in _PROJECT_STREAMS:
        return [("projects", subject)]
    if kind == CAPACITY:
        also = [("tenants", "")] if type_name == people.PersonRegistered.TYPE else []
        return [("people", subject), *also]
    if kind == ALERT:
        return [("alerts", subject)]
    if kind == PLAYBOOK:
        return [("playbooks", subject)]
    return [("tenants", "")]
