"""The agent's life with one finding: raised once, updated when it changed, closed when it is over."""

from __future__ import annotations

import datetime as dt

from agents.resource import prompts
from agents.resource.run import review
from risk.detectors.over_allocation import detect
from store.events import AlertCleared, AlertRaised, AlertUpdated
from tests.agents.staging import (
    CONFLICT,
    TENANT,
    Stage,
    away,
    booking,
    person_id,
    released,
)
from tests.agents.test_commands import say


def kinds(stage: Stage) -> list[type]:
    return [type(draft.fact) for draft in stage.review()]


def test_a_finding_becomes_one_alert_with_claim_evidence_and_verified_proposals() -> None:
    stage = Stage(CONFLICT)
    assert kinds(stage) == [AlertRaised]
    alert = stage.alert()
    assert alert.claim == (
        "Over (engineer) is booked 30 h against 24 h on 3 days from 2024-01-24 to 2024-01-26:"
        " 6 h too many, across P-1 and P-2."
    )
    assert {p.action for p in alert.proposals} == {"reassign", "reschedule", "split"}
    assert all(p.is_feasible for p in alert.proposals)
    assert alert.evidence
    assert alert.expires_on == dt.date(2024, 1, 26)


def test_an_unchanged_finding_says_nothing_the_next_day() -> None:
    stage = Stage(CONFLICT)
    stage.review()
    for _ in range(8):
        stage.clock.advance(dt.timedelta(days=1))
        assert kinds(stage) == []


def test_a_repeated_review_has_the_same_ids_and_bytes() -> None:
    stage = Stage(CONFLICT)
    world = stage.world()
    first, second = (review(world, person_id("Over"), [], position=7) for _ in range(2))
    assert first == second


def test_another_booking_on_the_same_days_updates_the_alert() -> None:
    stage = Stage(CONFLICT)
    stage.review()
    stage.tell([booking("A-3", "Over", "P-1", "2024-01-23", "2024-01-24", "3")])
    assert kinds(stage) == [AlertUpdated]
    assert "10 h too many" in stage.alert().claim
    assert kinds(stage) == []


def test_an_alert_closes_itself_when_its_condition_is_gone() -> None:
    stage = Stage(CONFLICT)
    stage.review()
    stage.tell([away("Over", "2024-01-22", "2024-02-02")])
    assert kinds(stage) == [AlertCleared]
    assert stage.alert().lifecycle == "cleared"
    assert kinds(stage) == []


def test_an_alert_expires_when_its_days_have_passed() -> None:
    stage = Stage(CONFLICT)
    stage.review()
    stage.clock.advance(dt.timedelta(days=12))
    assert kinds(stage) == [AlertCleared]
    assert stage.alert().lifecycle == "expired"


def test_a_condition_that_comes_back_opens_the_same_alert() -> None:
    stage = Stage(CONFLICT)
    stage.review()
    stage.tell([released("A-1", "Over", "P-1")])
    stage.review()
    stage.tell([CONFLICT[0]])
    assert kinds(stage) == [AlertUpdated]
    assert stage.alert().lifecycle == "open"


def test_a_rejected_alert_comes_back_only_when_it_got_materially_worse() -> None:
    stage = Stage(CONFLICT)
    stage.review()
    say(stage, "reject", reason="known")
    stage.tell([booking("A-3", "Over", "P-1", "2024-01-24", "2024-01-24", "1")])
    assert kinds(stage) == []
    stage.tell([booking("A-4", "Over", "P-1", "2024-01-25", "2024-01-26", "3")])
    assert kinds(stage) == [AlertRaised, AlertCleared]
    assert [alert.lifecycle for alert in stage.alerts()] == ["rejected", "open"]
    assert kinds(stage) == []


def test_an_applied_action_closes_the_alert_for_good() -> None:
    stage = Stage(CONFLICT)
    stage.review()
    say(stage, "approve", proposal_id=stage.alert().proposals[0].proposal_id)
    assert kinds(stage) == [AlertCleared]
    assert stage.alert().lifecycle == "done"
    assert kinds(stage) == []


def test_a_new_conflict_on_settled_days_is_another_alert() -> None:
    stage = Stage(CONFLICT)
    stage.review()
    say(stage, "approve", proposal_id=stage.alert().proposals[0].proposal_id)
    stage.review()
    stage.tell([booking("A-5", "Over", "P-1", "2024-01-24", "2024-01-24", "5")])
    assert kinds(stage) == [AlertRaised]
    assert len({alert.alert_id for alert in stage.alerts()}) == 2


def test_where_nobody_can_help_the_alert_says_so_and_asks_for_somebody() -> None:
    full = [
        away("Same", "2024-01-01", "2024-12-31"),
        booking("full", "Over", "P-1", "2024-01-15", "2024-06-30", "8"),
        booking("more", "Over", "P-2", "2024-01-24", "2024-01-26", "2"),
    ]
    stage = Stage(full)
    stage.review()
    alert = stage.alert()
    assert prompts.NO_WAY_OUT in alert.claim
    assert [(p.action, p.is_feasible) for p in alert.proposals] == [("add_capacity", False)]
    done = say(stage, "approve", proposal_id=alert.proposals[0].proposal_id)
    assert done.lifecycle == "done"
    assert len(stage.world().people["placeholder"].allocations) == 1
    say(stage, "undo")
    assert len(stage.world().people["placeholder"].allocations) == 0


def test_proposals_that_no_longer_hold_are_made_anew() -> None:
    stage = Stage(CONFLICT)
    stage.review()
    stage.tell([booking("B-1", "Same", "P-1", "2024-01-22", "2024-01-26", "8")])
    assert kinds(stage) == [AlertUpdated]
    assert "reassign" not in {p.action for p in stage.alert().proposals}


def test_a_text_with_a_foreign_figure_is_not_grounded() -> None:
    stage = Stage(CONFLICT)
    world = stage.world()
    (finding,) = detect(world.people[person_id("Over")], world.tenant, world.as_of)
    honest = prompts.claim(world, finding, is_solved=True)
    assert prompts.is_grounded(honest, world, finding)
    assert not prompts.is_grounded(honest.replace("6 h", "7 h"), world, finding)
    assert not prompts.is_grounded(f"{honest} Ask U-999.", world, finding)


def test_no_name_of_a_person_stands_in_an_alert() -> None:
    stage = Stage(CONFLICT)
    draft = stage.review()[0]
    body = stage.log.find(TENANT, [draft.event_id])[0].body
    names = [entry.name for entry in stage.world().tenant.parties.values() if entry.name]
    assert not any(name.encode() in body for name in names)
