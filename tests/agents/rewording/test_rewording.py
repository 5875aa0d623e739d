"""Words come after the alert, at most once for a claim, on a schedule that is read from the log."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from agents.rewording.graph import attempt, compiled
from agents.rewording.run import WAITS, due_at
from agents.wording import Words
from outside.model import ModelReply, ModelRequest, NoModel
from store.errors import Conflict
from store.events import AlertReworded, AlertRewordingMissed
from store.log import NOW
from tests.agents.staging import CONFLICT, Stage, away, booking
from tests.agents.test_commands import say


def clearer(claim: str) -> str:
    return claim.replace("is booked", "has been booked")


class Says:
    """A model that answers with one line of its script after the other; None is no answer."""

    def __init__(self, *script: Any) -> None:
        self.script = list(script)
        self.asked: list[str] = []

    def complete(self, request: ModelRequest[Any]) -> ModelReply[Any] | None:
        self.asked.append(request.material)
        line = self.script[min(len(self.asked), len(self.script)) - 1]
        words = line(request.material.split("\n")[1]) if callable(line) else line
        return None if words is None else ModelReply(Words(words), "says")


def raised() -> Stage:
    stage = Stage(CONFLICT)
    stage.review()
    return stage


def said(stage: Stage) -> list[str]:
    """What was said about words so far."""
    facts = [event.fact for event in stage.log.read_all(stage.tenant_id, cut=NOW)]
    return [
        getattr(fact, "reason", "reworded") for fact in facts if isinstance(fact, AlertReworded | AlertRewordingMissed)
    ]


@pytest.mark.parametrize(
    ("script", "outcome", "questions"),
    [
        ([clearer], "reworded", 1),
        (["Nonsense.", clearer], "reworded", 2),
        (["Nonsense.", "More nonsense."], "unfaithful", 2),
        (["Nonsense.", None], "unanswered", 2),
        ([lambda claim: claim], "unchanged", 1),
        ([None], "unanswered", 1),
    ],
)
def test_every_way_through_the_graph_ends_in_one_fact(script: list[Any], outcome: str, questions: int) -> None:
    stage, model = raised(), Says(*script)
    stage.reword(model)
    assert said(stage) == [outcome]
    assert len(model.asked) == questions
    assert stage.alert().wording == (clearer(stage.alert().claim) if outcome == "reworded" else "")


def test_the_graph_branches_on_what_came_and_repairs_once() -> None:
    edges = compiled().get_graph().edges
    ways = {source: {edge.target for edge in edges if edge.source == source} for source in ("ask", "repair")}
    assert ways == {"ask": {"keep", "repair", "leave", "wait"}, "repair": {"keep", "leave", "wait"}}


def test_the_alert_is_there_before_anybody_is_asked() -> None:
    stage = raised()
    assert stage.alert().claim
    assert stage.alert().wording == ""


def test_silence_is_asked_again_by_the_schedule_and_then_no_more() -> None:
    stage = raised()
    for number in range(1, len(WAITS) + 2):
        stage.reword(NoModel())
        assert said(stage) == ["unanswered"] * number
        stage.reword(NoModel())
        assert said(stage) == ["unanswered"] * number, "not before its time"
        if number <= len(WAITS):
            assert due_at(stage.alert()) == stage.now + WAITS[number - 1]
            stage.clock.advance(WAITS[number - 1])
    assert due_at(stage.alert()) is None


def test_what_was_no_use_is_not_asked_for_again_until_the_claim_is_another() -> None:
    stage = raised()
    stage.reword(Says("Nonsense."))
    assert due_at(stage.alert()) is None
    stage.tell([booking("A-3", "Over", "P-1", "2024-01-23", "2024-01-24", "3")])
    stage.review()
    assert due_at(stage.alert()) is not None
    stage.reword(Says(clearer))
    assert stage.alert().wording == clearer(stage.alert().claim)


def test_words_go_with_the_claim_they_were_for() -> None:
    stage = raised()
    stage.reword(Says(clearer))
    stage.tell([booking("A-3", "Over", "P-1", "2024-01-23", "2024-01-24", "3")])
    stage.review()
    assert stage.alert().wording == ""


def test_an_edited_proposal_leaves_the_words_where_they_are() -> None:
    stage = raised()
    stage.reword(Says(clearer))
    words = stage.alert().wording
    offer = next(p for p in stage.alert().proposals if p.action == "reschedule")
    later = (dt.date.fromisoformat(offer.args["to_starts_on"]) + dt.timedelta(days=7)).isoformat()
    say(stage, "edit", proposal_id=offer.proposal_id, args={"to_starts_on": later})
    assert stage.alert().wording == words != ""


def test_an_alert_that_changes_while_the_model_thinks_drops_the_words() -> None:
    stage = raised()

    def slow(claim: str) -> str:
        stage.tell([booking("A-3", "Over", "P-1", "2024-01-23", "2024-01-24", "3")])
        stage.review()
        return clearer(claim)

    stage.reword(Says(slow))
    assert said(stage) == []
    assert stage.alert().wording == ""
    stage.reword(Says(clearer))
    assert stage.alert().wording == clearer(stage.alert().claim)


def test_a_closed_alert_gets_no_words() -> None:
    stage = raised()
    stage.tell([away("Over", "2024-01-22", "2024-02-02")])
    stage.review()
    model = Says(clearer)
    stage.reword(model)
    assert model.asked == []


def test_other_words_make_nobody_look_again_before_deciding() -> None:
    stage = raised()
    seen = stage.alert().version
    stage.reword(Says(clearer))
    assert stage.alert().version == seen + 1
    say(stage, "respond", note="I will ask.", expected_version=seen)
    with pytest.raises(Conflict, match="version"):
        say(stage, "respond", note="I will ask.", expected_version=seen)


def test_the_wait_goes_by_the_wall_clock_where_the_tenants_time_stands_still() -> None:
    stage = raised()
    frozen = stage.now
    stage.clock.advance(dt.timedelta(days=900))
    wall = stage.now
    stage.reword(NoModel())
    assert frozen < wall
    assert due_at(stage.alert()) == wall + WAITS[0]


def test_a_run_that_is_done_again_says_the_same() -> None:
    alert = raised().alert()
    first, second = (attempt(alert.claim, alert.values, Says("Nonsense.", clearer)) for _ in range(2))
    assert first == second
