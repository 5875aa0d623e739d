"""A call is filed once, its items decided once; what is accepted becomes a task."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from outside.model import ModelReply, ModelRequest
from store.errors import Conflict, Invalid, NotFound
from store.events import SummaryMade, TaskCreated, TranscriptReceived
from store.ids import EventId, ProjectId, TenantId, derived_id
from store.log import Draft
from store.log_memory import MemoryKeys, MemoryLog
from store.projections.tenants.fold import PartyEntry
from store.streams import conversation_stream
from summarizer.commands import Around, Choice, decide_item, load_summary, receive, summaries_of, summarise_missing
from summarizer.filed import FiledItem, SummaryState
from summarizer.model_extraction import Found, Pointed
from tests.summarizer.days import HELD_ON
from tests.summarizer.meeting import CARO, zoom

TENANT = TenantId("6c656577-6179-5000-8000-0000000000aa")
PROJECT = ProjectId(derived_id(TENANT, "project", "one"))
NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
CONTACT = PartyEntry(party_id="contact-1", external_id="c", name="caro  client", email="", role="", customer_id="cust")
AROUND = Around("Europe/London", {"contact-1": CONTACT}, "cust")


def filed(log: MemoryLog, data: bytes = b"", *, held_on: dt.date = HELD_ON) -> SummaryState:
    return receive(
        log, TENANT, PROJECT, "Kickoff", data or zoom(), held_on, AROUND, actor_id="me", now=NOW, appended_at=NOW
    )


def decided(log: MemoryLog, summary: SummaryState, entry: FiledItem, choice: Choice) -> SummaryState:
    return decide_item(
        log, TENANT, summary.summary_id, entry.item_id, choice, AROUND, actor_id="me", now=NOW, appended_at=NOW
    )


def action_of(summary: SummaryState, owner: str) -> FiledItem:
    return next(e for e in summary.items if e.item.kind == "action_item" and e.item.owner == owner)


def tasks(log: MemoryLog) -> list[TaskCreated]:
    log.seal(TENANT)
    return [event.fact for event in log.read_all(TENANT) if isinstance(event.fact, TaskCreated)]


def test_a_call_and_its_summary_are_filed_together_and_only_once() -> None:
    log = MemoryLog()
    first = filed(log)
    assert first.is_kickoff
    assert first.item_count == len(first.items) > 8
    assert len({entry.item_id for entry in first.items}) == len(first.items)
    assert filed(log, held_on=HELD_ON + dt.timedelta(days=3)) == first
    events = log.read(TENANT, conversation_stream(PROJECT))
    assert [type(event.fact) for event in events] == [TranscriptReceived, SummaryMade]
    assert summaries_of(log, TENANT, PROJECT) == [first]


def test_an_accepted_action_becomes_the_task_of_whoever_promised_it() -> None:
    log = MemoryLog()
    summary = filed(log)
    entry = action_of(summary, CARO)
    after = decided(log, summary, entry, Choice("accept"))
    (task,) = tasks(log)
    accepted = next(e for e in after.items if e.item_id == entry.item_id)
    assert (accepted.state, accepted.task_id, accepted.decided_by) == ("accepted", task.task_id, "me")
    assert (task.owner_id, task.due_on, task.track) == ("contact-1", entry.item.due, entry.item.track)
    assert (task.name, task.external_id) == (entry.text, "")
    with pytest.raises(Conflict):
        decided(log, summary, entry, Choice("accept"))
    assert len(tasks(log)) == 1


def test_an_item_can_be_reworded_and_what_was_dropped_taken_up_again() -> None:
    log = MemoryLog()
    summary = filed(log)
    entry = action_of(summary, CARO)
    decided(log, summary, entry, Choice("edit", text="Send the item master"))
    dropped = decided(log, summary, entry, Choice("drop"))
    assert next(e for e in dropped.items if e.item_id == entry.item_id).state == "dropped"
    assert tasks(log) == []
    decided(log, summary, entry, Choice("accept", track="approval", due_on=dt.date(2026, 4, 1)))
    (task,) = tasks(log)
    assert (task.name, task.track, task.due_on) == ("Send the item master", "approval", dt.date(2026, 4, 1))


def test_what_is_no_action_is_accepted_without_a_task() -> None:
    log = MemoryLog()
    summary = filed(log)
    entry = next(e for e in summary.items if e.item.kind != "action_item")
    after = decided(log, summary, entry, Choice("accept"))
    assert next(e for e in after.items if e.item_id == entry.item_id).state == "accepted"
    assert tasks(log) == []


@pytest.mark.parametrize(
    ("choice", "code"),
    [
        (Choice("praise"), "unknown_verb"),
        (Choice("edit"), "bad_text"),
        (Choice("edit", text="x" * 2001), "bad_text"),
        (Choice("accept", owner_id="nobody"), "unknown_person"),
    ],
)
def test_a_choice_that_cannot_be_is_refused(choice: Choice, code: str) -> None:
    log = MemoryLog()
    summary = filed(log)
    with pytest.raises(Invalid) as refused:
        decided(log, summary, action_of(summary, CARO), choice)
    assert refused.value.code == code


def test_what_is_unknown_is_not_found() -> None:
    log = MemoryLog()
    summary = filed(log)
    for summary_id in ("nonsense", derived_id(TENANT, "x")):
        with pytest.raises(NotFound):
            load_summary(log, TENANT, summary_id)
    with pytest.raises(NotFound):
        decide_item(
            log, TENANT, summary.summary_id, "x", Choice("drop"), AROUND, actor_id="me", now=NOW, appended_at=NOW
        )


@pytest.mark.parametrize("data", [b"", b"\x00\x01\x02\x03", b'{"colour": 1}'])
def test_what_is_no_transcript_leaves_nothing_behind(data: bytes) -> None:
    log = MemoryLog()
    with pytest.raises(Invalid):
        receive(log, TENANT, PROJECT, "X", data, HELD_ON, AROUND, actor_id="me", now=NOW, appended_at=NOW)
    assert log.read(TENANT, conversation_stream(PROJECT)) == []


def test_calls_that_came_with_an_import_are_summarised_once() -> None:
    log = MemoryLog()
    for name, held_on, text in (
        ("kickoff", HELD_ON, zoom().decode()),
        ("undated", None, "Ann: Hi."),
        ("bad", None, "\0"),
    ):
        transcript_id = derived_id(TENANT, "transcript", name)
        fact = TranscriptReceived(
            transcript_id=transcript_id, project_id=PROJECT, name=name, held_on=held_on, format="vtt", text=text
        )
        draft = Draft(EventId(transcript_id), fact, NOW, NOW, "portfolio")
        log.append(TENANT, [(conversation_stream(PROJECT), [draft], None)], now=NOW)
    made = summarise_missing(log, TENANT, PROJECT, AROUND, now=NOW, appended_at=NOW)
    assert len(made) == 2
    assert summarise_missing(log, TENANT, PROJECT, AROUND, now=NOW, appended_at=NOW) == []
    assert {(s.name, s.held_on) for s in summaries_of(log, TENANT, PROJECT)} == {
        ("kickoff", HELD_ON),
        ("undated", NOW.date()),
    }


class Pointing:
    """A model that points at the first cue it is shown."""

    def complete(self, request: ModelRequest[Any]) -> ModelReply[Any] | None:
        number, _, words = request.material.split("\n")[0].partition(" ")
        quote = words.partition(": ")[2]
        return ModelReply(Found([Pointed("risk", int(number), quote, None, "committed")]), "pointing")


def test_a_model_adds_to_what_the_rules_found_in_an_imported_call() -> None:
    text = "WEBVTT\n\n00:00:01.000 --> 00:00:04.000\n<v Ann>The old system may not survive the winter.</v>\n"
    fact = TranscriptReceived(
        transcript_id=derived_id(TENANT, "transcript", "t"), project_id=PROJECT, name="t", format="vtt", text=text
    )
    log = MemoryLog()
    draft = Draft(EventId(fact.transcript_id), fact, NOW, NOW, "portfolio")
    log.append(TENANT, [(conversation_stream(PROJECT), [draft], None)], now=NOW)
    summarise_missing(log, TENANT, PROJECT, AROUND, now=NOW, appended_at=NOW, model=Pointing())
    (summary,) = summaries_of(log, TENANT, PROJECT)
    (item,) = [filed.item for filed in summary.items if filed.item.origin == "model"]
    assert item.quote == "The old system may not survive the winter."
    assert item.needs_confirmation


def test_of_erased_words_only_the_counts_are_left() -> None:
    keys = MemoryKeys()
    log = MemoryLog(keys)
    summary = filed(log)
    keys.destroy(TENANT, PROJECT)
    after = load_summary(log, TENANT, summary.summary_id)
    assert (after.is_erased, after.items, after.item_count) == (True, [], summary.item_count)
