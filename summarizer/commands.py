"""Calls that come in, and what people make of the items: each appended in one step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast, get_args

from outside.model import Model
from plan.recordable import FIRST_DAY, LAST_DAY, LONGEST_NAME
from store.errors import Conflict, Invalid, NotFound
from store.events import SummaryItemDecided, SummaryMade, TaskCreated, TranscriptReceived
from store.events.summaries import ItemVerb
from store.events.tasks import Track
from store.ids import EventId, PartyId, ProjectId, TaskId, TenantId, derived_id, fact_id, is_uuid
from store.log import Draft, Event, Log, Write
from store.projections.projects.state import ProjectState
from store.projections.tenants.fold import TenantState
from store.streams import conversation_stream, stream_of
from summarizer.filed import FiledItem, SummaryState, fold, items_text, transcripts
from summarizer.forms import decoded, parse_transcript
from summarizer.model_extraction import with_model
from summarizer.parties import Parties, party_named, sides_of
from summarizer.summary import summarize
from summarizer.transcript import Transcript

SOURCE = "summarizer"
LARGEST_BYTES = 10 * 1024 * 1024
LONGEST_TEXT = 2_000
TRIES = 3
_ENDINGS = {"srt": "srt", "meet": "json", "fathom": "json", "fireflies": "json", "plain": "txt"}


@dataclass(frozen=True, slots=True)
class Around:
    """What is known around a call: the zone, the tenant's people and contacts, the project's customer."""

    timezone: str = "UTC"
    parties: Parties = field(default_factory=dict)
    customer_id: str | None = None


def around_of(tenant: TenantState, project: ProjectState) -> Around:
    """What is known around the calls of a project."""
    return Around(tenant.timezone, tenant.parties, project.customer_id)


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody makes of an item. `track`, `owner_id` and `due_on` of a task to be overrule what was said."""

    verb: str
    text: str = ""
    track: Track | None = None
    owner_id: str | None = None
    due_on: dt.date | None = None


def summaries_of(log: Log, tenant_id: TenantId, project_id: str) -> list[SummaryState]:
    """The summaries of a project, newest call first."""
    found = fold(log.read(tenant_id, conversation_stream(project_id))).values()
    return sorted(found, key=lambda summary: (summary.held_on, summary.made_at), reverse=True)


def load_summary(log: Log, tenant_id: TenantId, summary_id: str) -> SummaryState:
    """One summary; raises `NotFound`."""
    return _load(log, tenant_id, summary_id)[0]


def transcript_of(log: Log, tenant_id: TenantId, summary: SummaryState) -> Transcript | None:
    """The call that a summary is of; None where its words were erased."""
    received = transcripts(log.read(tenant_id, conversation_stream(summary.project_id)))
    fact = received.get(summary.transcript_id)
    return parse_transcript(fact.name, fact.text.encode()) if fact else None


def receive(  # noqa: PLR0913 (flat, as the doors have it)
    log: Log,
    tenant_id: TenantId,
    project_id: ProjectId,
    name: str,
    data: bytes,
    held_on: dt.date,
    around: Around,
    *,
    actor_id: str,
    now: dt.datetime,
    appended_at: dt.datetime,
) -> SummaryState:
    """Files a transcript and its summary; the same file again gives the summary that is there.

    Raises `Invalid` for what is no transcript, is too large, or has no name or an impossible day.
    """
    _check(name, data, held_on)
    transcript = parse_transcript(name, data)
    transcript_id = derived_id(tenant_id, "transcript", project_id, transcript.digest)
    known = _of_transcript(log, tenant_id, project_id, transcript_id)
    if known:
        return known
    received = TranscriptReceived(
        transcript_id=transcript_id,
        project_id=project_id,
        name=name,
        held_on=held_on,
        format=_ENDINGS.get(transcript.form, "vtt"),
        text=decoded(data),
    )
    made = _made(tenant_id, received, held_on, transcript, around)
    event_id = EventId(fact_id(tenant_id, SOURCE, "received", transcript_id))
    drafts = [
        Draft(event_id, received, now, now, SOURCE, actor_id),
        Draft(_made_id(tenant_id, made.summary_id), made, now, now, SOURCE, actor_id, causation_id=event_id),
    ]
    _append_unless_there(log, tenant_id, drafts, appended_at)
    return load_summary(log, tenant_id, made.summary_id)


def summarise_missing(
    log: Log,
    tenant_id: TenantId,
    project_id: str,
    around: Around,
    *,
    now: dt.datetime,
    appended_at: dt.datetime,
    model: Model | None = None,
) -> list[str]:
    """Summarises the project's calls that have no summary yet; returns the new summaries' ids.

    A model, if there is one, may point out more items.
    A call without a day is taken to have been held on the day on which it became known. What
    cannot be read as a transcript is left alone.
    """
    events = log.read(tenant_id, conversation_stream(project_id))
    summarised = {summary.transcript_id for summary in fold(events).values()}
    made_ids = []
    for transcript_id, received in transcripts(events).items():
        if transcript_id in summarised:
            continue
        told = next(event for event in events if event.fact is received)
        try:
            transcript = parse_transcript(received.name, received.text.encode())
        except Invalid:
            continue
        held_on = received.held_on or told.recorded_at.date()
        made = _made(tenant_id, received, held_on, transcript, around, model)
        draft = Draft(_made_id(tenant_id, made.summary_id), made, now, now, SOURCE, SOURCE, causation_id=told.event_id)
        _append_unless_there(log, tenant_id, [draft], appended_at)
        made_ids.append(made.summary_id)
    return made_ids


def decide_item(  # noqa: PLR0913 (flat, as the doors have it)
    log: Log,
    tenant_id: TenantId,
    summary_id: str,
    item_id: str,
    choice: Choice,
    around: Around,
    *,
    actor_id: str,
    now: dt.datetime,
    appended_at: dt.datetime,
) -> SummaryState:
    """The summary after the decision; an accepted action item is a task from then on.

    Raises `NotFound` for an unknown summary or item, `Invalid` for an unknown verb, person or a
    text too long, `Conflict` ("item_decided") for an item that was accepted before.
    """
    if choice.verb not in get_args(ItemVerb):
        raise Invalid(
            "unknown_verb", f"{choice.verb!r} is no verb.", remedy=f"Use one of: {', '.join(get_args(ItemVerb))}."
        )
    for left in range(TRIES - 1, -1, -1):
        summary, version = _load(log, tenant_id, summary_id)
        entry = _open_item(summary, item_id)
        decided, task = _decided(tenant_id, summary, entry, choice, around)
        decision_id = EventId(fact_id(tenant_id, SOURCE, "decided", item_id, str(version)))
        writes: list[Write] = [(stream_of(decided), [Draft(decision_id, decided, now, now, SOURCE, actor_id)], version)]
        if task:
            task_event = EventId(fact_id(tenant_id, SOURCE, "task", item_id))
            draft = Draft(task_event, task, now, now, SOURCE, actor_id, causation_id=decision_id)
            writes.append((stream_of(task), [draft], None))
        try:
            log.append(tenant_id, writes, now=appended_at)
        except Conflict:
            # Somebody said something on the project meanwhile; it is looked at again.
            if not left:
                raise
        else:
            break
    return load_summary(log, tenant_id, summary_id)


def _check(name: str, data: bytes, held_on: dt.date) -> None:
    if not name.strip() or len(name) > LONGEST_NAME or any(ord(letter) < 32 for letter in name):
        raise Invalid(
            "bad_name", "The call needs a name.", remedy=f"Send 1 to {LONGEST_NAME} characters.", where="query.name"
        )
    if len(data) > LARGEST_BYTES:
        raise Invalid("too_large", "The transcript is larger than 10 MB.", remedy="Send its text only.", where="body")
    if not FIRST_DAY <= held_on <= LAST_DAY:
        raise Invalid(
            "date_out_of_range",
            f"held_on is {held_on}.",
            remedy=f"Dates run from {FIRST_DAY} to {LAST_DAY}.",
            where="query.held_on",
        )


def _made(
    tenant_id: TenantId,
    received: TranscriptReceived,
    held_on: dt.date,
    transcript: Transcript,
    around: Around,
    model: Model | None = None,
) -> SummaryMade:
    sides = sides_of(around.parties, around.customer_id)
    found = summarize(transcript, held_on=held_on, timezone=around.timezone, sides=sides)
    found = with_model(found, transcript, model) if model else found
    return SummaryMade(
        summary_id=derived_id(tenant_id, "summary", received.transcript_id),
        project_id=received.project_id,
        transcript_id=received.transcript_id,
        name=received.name,
        held_on=held_on,
        language=found.language,
        is_kickoff=found.is_kickoff,
        items_json=items_text(found.items),
        notes="\n".join(found.notes),
        item_count=len(found.items),
        action_count=sum(item.kind == "action_item" for item in found.items),
        cue_count=found.cue_count,
        rules_version=found.rules_version,
    )


def _made_id(tenant_id: TenantId, summary_id: str) -> EventId:
    return EventId(fact_id(tenant_id, SOURCE, "made", summary_id))


def _of_transcript(log: Log, tenant_id: TenantId, project_id: str, transcript_id: str) -> SummaryState | None:
    summary_id = derived_id(tenant_id, "summary", transcript_id)
    return fold(log.read(tenant_id, conversation_stream(project_id))).get(summary_id)


def _append_unless_there(log: Log, tenant_id: TenantId, drafts: Sequence[Draft], appended_at: dt.datetime) -> None:
    """Two who send the same file at once both find the first one's summary."""
    try:
        log.append(tenant_id, [(stream_of(drafts[0].fact), drafts, None)], now=appended_at)
    except Conflict:
        if len(log.find(tenant_id, [draft.event_id for draft in drafts])) < len(drafts):
            raise


def _load(log: Log, tenant_id: TenantId, summary_id: str) -> tuple[SummaryState, int]:
    """A summary, and the version of the stream it was read from."""
    found: list[Event] = log.find(tenant_id, [_made_id(tenant_id, summary_id)]) if is_uuid(summary_id) else []
    if not found:
        raise NotFound(
            "unknown_summary",
            "There is no such summary.",
            remedy="List them with GET /v1/projects/{project_id}/summaries.",
        )
    events = log.read(tenant_id, found[0].stream_id)
    return fold(events)[summary_id], events[-1].stream_version


def _open_item(summary: SummaryState, item_id: str) -> FiledItem:
    entry = next((entry for entry in summary.items if entry.item_id == item_id), None)
    if entry is None:
        raise NotFound(
            "unknown_item", "The summary has no such item.", remedy="Read it with GET /v1/summaries/{summary_id}."
        )
    if entry.state == "accepted":
        raise Conflict(
            "item_decided", "The item was accepted before.", remedy="Change the task that it became, if it became one."
        )
    return entry


def _decided(
    tenant_id: TenantId, summary: SummaryState, entry: FiledItem, choice: Choice, around: Around
) -> tuple[SummaryItemDecided, TaskCreated | None]:
    text = choice.text.strip()
    if len(text) > LONGEST_TEXT or (choice.verb == "edit" and not text):
        raise Invalid(
            "bad_text",
            f"The text has {len(text)} characters.",
            remedy=f"Send 1 to {LONGEST_TEXT} characters.",
            where="body.text",
        )
    is_task = choice.verb == "accept" and entry.item.kind == "action_item"
    task = _task(tenant_id, summary, entry, choice, text, around) if is_task else None
    decided = SummaryItemDecided(
        summary_id=summary.summary_id,
        project_id=ProjectId(summary.project_id),
        item_id=entry.item_id,
        verb=cast("ItemVerb", choice.verb),
        text=text,
        task_id=task.task_id if task else None,
    )
    return decided, task


def _task(
    tenant_id: TenantId, summary: SummaryState, entry: FiledItem, choice: Choice, text: str, around: Around
) -> TaskCreated:
    if choice.owner_id and choice.owner_id not in around.parties:
        raise Invalid(
            "unknown_person",
            "There is no such person or contact.",
            remedy="Send the id of one, or leave it out.",
            where="body.owner_id",
        )
    name = " ".join((text or entry.text).replace("\0", "").split())
    owner_id = choice.owner_id or party_named(entry.item.owner, around.parties, around.customer_id)
    return TaskCreated(
        task_id=TaskId(derived_id(tenant_id, "summary_task", entry.item_id)),
        external_id="",
        project_id=ProjectId(summary.project_id),
        name=name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…",
        track=choice.track or entry.item.track or "internal",
        owner_id=PartyId(owner_id) if owner_id else None,
        due_on=choice.due_on or entry.item.due,
        extra={"summary_id": summary.summary_id, "item_id": entry.item_id},
    )
