"""Decisions are facts: exact, all or nothing, reversible, and never on what has moved on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import pytest

from agents.check import check
from agents.commands import decide
from agents.proposals import effect
from agents.reading import load_alert
from agents.world import World
from risk.detectors.over_allocation import detect
from store.errors import Conflict, Invalid, NotFound
from store.events import AlertDecided, AllocationChanged, ProposedAction
from store.ids import TenantId
from store.log import Event, Write
from store.log_memory import MemoryLog
from store.projections.alerts.fold import AlertState
from store.projections.snapshot import dump_state
from tests.agents.staging import (
    CONFLICT,
    TENANT,
    Stage,
    booking,
    day,
    person_id,
    released,
)


def staged(*more: Any) -> Stage:
    stage = Stage([*CONFLICT, *more])
    stage.review()
    return stage


def say(stage: Stage, verb: str, **what: Any) -> AlertState:
    alert_id = what.pop("alert_id", None) or stage.alerts()[0].alert_id
    return decide(
        stage.log,
        stage.tenant_id,
        alert_id,
        verb,
        actor_id="reviewer",
        now=stage.now,
        new_id=stage.clock.new_id,
        **what,
    )


def booked(world: World) -> set[tuple[Any, ...]]:
    held = [a for person in world.people.values() for a in person.allocations.values()]
    return {(a.allocation_id, a.starts_on, a.ends_on, a.hours_per_day) for a in held}


def offered(stage: Stage, kind: str) -> ProposedAction:
    return next(p for p in stage.alert().proposals if p.action == kind)


@pytest.mark.parametrize("kind", ["reassign", "reschedule", "split"])
def test_approving_does_exactly_what_was_shown(kind: str) -> None:
    stage = staged()
    before, proposal = stage.world(), offered(stage, kind)
    alert = say(stage, "approve", proposal_id=proposal.proposal_id)
    assert alert.lifecycle == "done"
    assert alert.applied[0].effect == proposal.effect
    assert effect(before, stage.world(), alert.inputs) == proposal.effect
    assert stage.log.find(TENANT, list(alert.applied[0].event_ids))  # type: ignore[arg-type]
    assert detect(stage.world().people[person_id("Over")], before.tenant, before.as_of) == []


@pytest.mark.parametrize("kind", ["reassign", "reschedule", "split"])
def test_undoing_opens_the_alert_and_restores_the_bookings(kind: str) -> None:
    stage = staged()
    before = stage.world()
    say(stage, "approve", proposal_id=offered(stage, kind).proposal_id)
    stage.review()
    alert = say(stage, "undo")
    assert (alert.lifecycle, alert.cleared_at) == ("open", None)
    now = {
        i: (a.starts_on, a.ends_on, a.hours_per_day)
        for p in stage.world().people.values()
        for i, a in p.allocations.items()
    }
    then = {
        i: (a.starts_on, a.ends_on, a.hours_per_day) for p in before.people.values() for i, a in p.allocations.items()
    }
    assert now == then
    assert stage.review() == []
    assert say(stage, "approve", proposal_id=offered(stage, kind).proposal_id).lifecycle == "done"


def test_of_two_decisions_on_one_state_one_wins() -> None:
    stage = staged()
    version, proposal = stage.alert().version, stage.alert().proposals[0].proposal_id
    say(stage, "approve", proposal_id=proposal, expected_version=version)
    with pytest.raises(Conflict) as refusal:
        say(stage, "approve", proposal_id=proposal, expected_version=version)
    assert refusal.value.code == "stale_version"
    assert len(stage.alert().applied) == 1


def test_a_proposal_whose_ground_has_moved_changes_nothing() -> None:
    stage = staged()
    proposal = offered(stage, "reassign")
    stage.tell([booking("B-1", "Same", "P-1", "2024-01-22", "2024-01-26", "8")])
    before = [dump_state(p) for _, p in sorted(stage.world().people.items())]
    with pytest.raises(Conflict) as refusal:
        say(stage, "approve", proposal_id=proposal.proposal_id)
    assert refusal.value.code == "stale_proposal"
    assert [dump_state(p) for _, p in sorted(stage.world().people.items())] == before
    assert stage.alert().lifecycle == "open"


@pytest.mark.parametrize(
    ("verb", "what", "error"),
    [
        ("approve", {}, Invalid),
        ("approve", {"proposal_id": "none such"}, NotFound),
        ("reject", {}, Invalid),
        ("reject", {"reason": "because"}, Invalid),
        ("snooze", {"until_on": day("2024-01-15")}, Invalid),
        ("snooze", {"until_on": day("2024-03-15")}, Invalid),
        ("respond", {"note": " "}, Invalid),
        ("assign", {}, Invalid),
        ("ponder", {}, Invalid),
        ("undo", {}, Conflict),
        ("reject", {"reason": "wrong", "alert_id": "none such"}, NotFound),
    ],
)
def test_a_decision_that_lacks_something_writes_nothing(
    verb: str, what: dict[str, Any], error: type[Exception]
) -> None:
    stage = staged()
    head = stage.log.head(TENANT)
    with pytest.raises(error):
        say(stage, verb, **what)
    stage.log.seal(TENANT)
    assert stage.log.head(TENANT) == head


@pytest.mark.parametrize(
    ("verb", "what", "lifecycle"),
    [
        ("reject", {"reason": "known", "note": "agreed with both leads"}, "rejected"),
        ("snooze", {"until_on": day("2024-01-19")}, "snoozed"),
        ("respond", {"note": "asked the lead"}, "open"),
        ("assign", {"assignee_id": "somebody"}, "open"),
        ("escalate", {}, "open"),
    ],
)
def test_a_decision_is_kept_with_who_and_why(verb: str, what: dict[str, Any], lifecycle: str) -> None:
    alert = say(staged(), verb, **what)
    assert alert.lifecycle == lifecycle
    assert (alert.decisions[-1].verb, alert.decisions[-1].actor_id) == (verb, "reviewer")


def test_an_expired_alert_takes_no_decision() -> None:
    stage = staged()
    stage.clock.advance(dt.timedelta(days=14))
    with pytest.raises(Conflict) as refusal:
        say(stage, "approve", proposal_id=stage.alert().proposals[0].proposal_id)
    assert refusal.value.code == "alert_expired"
    assert refusal.value.remedy


def test_a_cleared_alert_takes_no_decision() -> None:
    stage = staged()
    stage.tell([released("A-1", "Over", "P-1")])
    stage.review()
    with pytest.raises(Conflict) as refusal:
        say(stage, "snooze", until_on=day("2024-01-19"))
    assert refusal.value.code == "alert_cleared"


def test_what_was_changed_again_is_not_undone() -> None:
    stage = staged()
    alert = say(stage, "approve", proposal_id=offered(stage, "split").proposal_id)
    applied = stage.log.find(TENANT, list(alert.applied[0].event_ids))  # type: ignore[arg-type]
    changed = next(event.fact for event in applied if isinstance(event.fact, AllocationChanged))
    stage.tell([changed])
    with pytest.raises(Conflict) as refusal:
        say(stage, "undo")
    assert refusal.value.code == "moved_on"


def test_days_that_have_passed_are_not_undone() -> None:
    stage = staged()
    say(stage, "approve", proposal_id=offered(stage, "reassign").proposal_id)
    stage.clock.advance(dt.timedelta(days=10))
    with pytest.raises(Conflict) as refusal:
        say(stage, "undo")
    assert refusal.value.code == "undo_too_late"


def test_an_edited_proposal_is_verified_and_can_be_approved() -> None:
    stage = staged()
    former = offered(stage, "split")
    alert = say(stage, "edit", proposal_id=former.proposal_id, args={"to_starts_on": "2024-02-12"})
    edited = alert.proposals[0]
    assert (edited.args["to_starts_on"], edited.is_feasible) == ("2024-02-12", True)
    assert former.proposal_id not in {p.proposal_id for p in alert.proposals}
    stage.log.seal(TENANT)
    assert check(stage.log, TENANT, alert.alert_id, now=stage.now).is_confirmed
    assert say(stage, "approve", proposal_id=edited.proposal_id).lifecycle == "done"


def test_an_edit_that_clears_nothing_is_refused() -> None:
    stage = staged()
    with pytest.raises(Conflict, match="does not clear"):
        say(stage, "edit", proposal_id=offered(stage, "split").proposal_id, args={"hours_per_day": "1"})


def test_every_figure_of_an_alert_can_be_computed_again() -> None:
    stage = staged()
    stage.tell([booking("A-3", "Over", "P-1", "2024-01-24", "2024-01-24", "1")])
    report = check(stage.log, TENANT, stage.alert().alert_id, now=stage.now)
    assert report.is_confirmed
    assert report.still_holds
    assert len(report.numbers) > len(stage.alert().numbers)
    assert {n.name: n.value for n in report.numbers_now}["hours_over"] == 7


def test_a_wrong_figure_does_not_pass_the_check() -> None:
    stage = staged()
    alert = load_alert(stage.log, TENANT, stage.alert().alert_id)
    (draft,) = Stage(CONFLICT).review()
    wrong = tuple(
        n if n.name != "hours_over" else type(n)(name=n.name, value=Decimal(9), unit=n.unit) for n in alert.numbers
    )
    fact = type(draft.fact)(**{**{f: getattr(draft.fact, f) for f in draft.fact.__struct_fields__}, "numbers": wrong})
    stage.tell([fact])
    report = check(stage.log, TENANT, alert.alert_id, now=stage.now)
    assert [n.name for n in report.numbers if not n.is_equal] == ["hours_over"]
    assert not report.is_confirmed


class MeddlingLog(MemoryLog):
    """Before a reviewer's first append the worker brings the alert up to date."""

    def __init__(self) -> None:
        super().__init__()
        self.meddle: Callable[[], object] | None = None

    def append(self, tenant_id: TenantId, writes: Sequence[Write], *, now: dt.datetime) -> list[Event]:
        """See the port."""
        is_decision = any(isinstance(draft.fact, AlertDecided) for _, drafts, _ in writes for draft in drafts)
        meddle = self.meddle if is_decision else None
        if meddle:
            self.meddle = None
            meddle()
        return super().append(tenant_id, writes, now=now)


def test_an_alert_that_is_brought_up_to_date_meanwhile_can_be_undone_all_the_same() -> None:
    log = MeddlingLog()
    stage = Stage(CONFLICT, log=log)
    stage.review()
    proposal = next(proposal for proposal in stage.alert().proposals if proposal.is_feasible)
    say(stage, "approve", proposal_id=proposal.proposal_id)
    log.meddle = stage.review
    assert say(stage, "undo", proposal_id=proposal.proposal_id).lifecycle == "open"
    assert log.meddle is None
