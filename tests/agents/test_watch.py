"""The agent that watches projects: alerts in figures, messages that leave only once approved, no flapping."""

from __future__ import annotations

import datetime as dt

import pytest

from agents.check import check
from agents.minds import review_project, texts_of
from agents.reading import load_world
from risk.detectors.view import ProjectView
from store.errors import Conflict, Invalid
from store.events import (
    ContactRegistered,
    CustomerRegistered,
    EscalationRaised,
    Fact,
    MessageSent,
    ProjectCreated,
    TaskCreated,
    TaskDueMoved,
    TaskLinked,
    TaskStartMoved,
    TaskStatusChanged,
)
from store.ids import ContactId, CustomerId, PartyId, ProjectId, derived_id
from store.projections.alerts.fold import AlertState
from store.streams import conversation_stream, stream_of
from tests.agents.staging import MONDAY, TENANT, Stage, day, person_id, task_id
from tests.agents.test_commands import say

PROJECT = ProjectId(derived_id(TENANT, "watched"))
CUSTOMER = CustomerId(derived_id(TENANT, "customer"))
CONTACT = ContactId(derived_id(TENANT, "contact"))


def waiting(name: str, track: str = "customer") -> list[Fact]:
    return [
        TaskCreated(
            task_id=task_id(name),
            external_id=name,
            project_id=PROJECT,
            name=f"Send {name}",
            track=track,  # type: ignore[arg-type]
            owner_id=PartyId(CONTACT),
            planned_start_on=MONDAY,
            due_on=day("2024-01-19"),
        ),
        TaskStatusChanged(task_id=task_id(name), project_id=PROJECT, status="waiting"),
    ]


def answer() -> Fact:
    return MessageSent(message_id="answer", external_id="M-1", project_id=PROJECT, from_id=PartyId(CONTACT))


class Watched(Stage):
    """A project whose customer was asked on Monday."""

    def __init__(self, *more: Fact) -> None:
        frame = [
            CustomerRegistered(customer_id=CUSTOMER, external_id="C-1", name="", timezone=""),
            ContactRegistered(contact_id=CONTACT, external_id="K-1", customer_id=CUSTOMER, name="Ada Example"),
            ProjectCreated(
                project_id=PROJECT,
                external_id="P-9",
                name="Watched",
                customer_id=CUSTOMER,
                manager_id=person_id("Same"),
                baseline_go_live_on=day("2024-06-03"),
            ),
            TaskCreated(
                task_id=task_id("live"),
                external_id="live",
                project_id=PROJECT,
                name="Go live",
                planned_start_on=day("2024-06-03"),
                due_on=day("2024-06-03"),
                milestone="go_live",
            ),
        ]
        super().__init__([*frame, *more])

    def look(self, on: str) -> list[str]:
        """What the agents say of the project on that day, appended; the types of the facts."""
        self.clock.advance(dt.datetime.combine(day(on), dt.time(17), dt.UTC) - self.now)
        self.log.seal(self.tenant_id)
        position = self.log.head(self.tenant_id).position
        world = load_world(self.log, self.tenant_id, [], [PROJECT], now=self.now)
        texts = texts_of(self.log.read(self.tenant_id, conversation_stream(PROJECT)))
        view = ProjectView(world.projects[PROJECT], world.tenant, world.people, world.now, world.as_of, texts=texts)
        drafts = review_project(world, view, self.alerts(), position=position)
        for draft in drafts:
            self.log.append(self.tenant_id, [(stream_of(draft.fact), [draft], None)], now=self.now)
        self.log.seal(self.tenant_id)
        return [draft.fact.TYPE for draft in drafts]

    def of(self, kind: str) -> AlertState:
        """The only alert of the kind."""
        (alert,) = [alert for alert in self.alerts() if alert.kind == kind]
        return alert

    def said(self, fact_type: type[Fact]) -> list[Fact]:
        events = self.log.read(self.tenant_id, conversation_stream(PROJECT))
        return [event.fact for event in events if isinstance(event.fact, fact_type)]


def silent() -> Watched:
    stage = Watched(*waiting("T-1"))
    assert stage.look("2024-01-18") == []
    stage.look("2024-01-22")
    return stage


def test_a_silence_becomes_one_alert_that_names_ids_and_no_person() -> None:
    alert = silent().of("customer_silent")
    assert alert.claim == (
        "The customer of P-9 has been silent for 5 working days, since 2024-01-15, while 1 item waits on K-1:"
        " Send T-1 (T-1)."
    )
    assert [proposal.action for proposal in alert.proposals] == ["nudge", "escalate"]
    assert all(proposal.effect.days == 0 and proposal.effect.margin == 0 for proposal in alert.proposals)


def test_every_figure_of_the_alert_is_computed_again_on_any_later_day() -> None:
    stage = silent()
    alert = stage.of("customer_silent")
    report = check(stage.log, TENANT, alert.alert_id, now=stage.now + dt.timedelta(days=3))
    assert report.is_confirmed
    assert report.still_holds
    assert {number.name: number.value for number in report.numbers_now}["silent_days"] == 8
    stage.tell([answer()])
    report = check(stage.log, TENANT, alert.alert_id, now=stage.now)
    assert report.is_confirmed
    assert not report.still_holds


def test_looking_twice_says_nothing_and_another_day_brings_the_figures_up_to_date() -> None:
    stage = silent()
    assert stage.look("2024-01-22") == []
    assert set(stage.look("2024-01-23")) == {"alert.updated"}
    assert {number.name: number.value for number in stage.of("customer_silent").numbers}["silent_days"] == 6


def test_an_answer_clears_the_alert_and_the_next_silence_is_another() -> None:
    stage = silent()
    stage.tell([answer()])
    assert "alert.cleared" in stage.look("2024-01-22")
    stage.look("2024-01-29")
    assert [a.lifecycle for a in stage.alerts() if a.kind == "customer_silent"] == ["cleared", "open"]


def test_an_approved_nudge_is_one_message_from_the_manager_and_cannot_be_unsent() -> None:
    stage = silent()
    alert = stage.of("customer_silent")
    assert stage.said(MessageSent) == []
    done = say(stage, "approve", alert_id=alert.alert_id, proposal_id=alert.proposals[0].proposal_id)
    (sent,) = stage.said(MessageSent)
    assert isinstance(sent, MessageSent)
    assert (sent.from_id, sent.to_ids, sent.channel) == (PartyId(person_id("Same")), (PartyId(CONTACT),), "portal")
    assert sent.needs_answer
    assert "Send T-1 (T-1)" in sent.text
    assert done.lifecycle == "done"
    with pytest.raises(Conflict) as refusal:
        say(stage, "undo", alert_id=alert.alert_id)
    assert refusal.value.code == "already_sent"
    assert len(stage.said(MessageSent)) == 1


def test_a_settled_alert_rests_until_it_is_materially_worse() -> None:
    stage = silent()
    alert = stage.of("customer_silent")
    say(stage, "approve", alert_id=alert.alert_id, proposal_id=alert.proposals[0].proposal_id)
    assert stage.look("2024-01-24") == []
    assert "alert.raised" in stage.look("2024-01-31")


def test_a_nudge_for_what_has_been_done_is_refused() -> None:
    stage = silent()
    alert = stage.of("customer_silent")
    stage.tell([TaskStatusChanged(task_id=task_id("T-1"), project_id=PROJECT, status="done")])
    with pytest.raises(Conflict) as refusal:
        say(stage, "approve", alert_id=alert.alert_id, proposal_id=alert.proposals[0].proposal_id)
    assert refusal.value.code == "stale_proposal"
    assert stage.said(MessageSent) == []


def test_a_message_has_nothing_to_edit_and_an_escalation_is_a_fact() -> None:
    stage = silent()
    alert = stage.of("customer_silent")
    with pytest.raises(Invalid):
        say(stage, "edit", alert_id=alert.alert_id, proposal_id=alert.proposals[0].proposal_id, args={"to_id": "x"})
    say(stage, "approve", alert_id=alert.alert_id, proposal_id=alert.proposals[-1].proposal_id)
    (raised,) = stage.said(EscalationRaised)
    assert isinstance(raised, EscalationRaised)
    assert raised.by_id == PartyId(person_id("Same"))


def test_an_approval_is_asked_for_as_one() -> None:
    stage = Watched(*waiting("T-2", "approval"))
    stage.look("2024-01-22")
    alert = stage.of("approval_ageing")
    assert alert.proposals[0].action == "request_approval"
    assert alert.claim.startswith("Send T-2 (T-2) on P-9 has waited 5 working days for the approval of K-1")
    assert not [other for other in stage.alerts() if other.kind == "customer_silent"]


def test_one_of_ones_own_people_can_be_reminded_of_overdue_work() -> None:
    own = TaskCreated(
        task_id=task_id("own"),
        external_id="own",
        project_id=PROJECT,
        name="Build it",
        owner_id=PartyId(person_id("Other")),
        planned_start_on=MONDAY,
        due_on=day("2024-01-16"),
    )
    link = TaskLinked(task_id=task_id("live"), project_id=PROJECT, depends_on_id=own.task_id)
    late = TaskDueMoved(task_id=task_id("live"), project_id=PROJECT, due_on=day("2024-01-17"))
    start = TaskStartMoved(task_id=task_id("live"), project_id=PROJECT, planned_start_on=day("2024-01-17"))
    stage = Watched(own, link, start, late)
    stage.look("2024-01-24")
    alert = stage.of("overdue_critical")
    nudge = next(proposal for proposal in alert.proposals if proposal.action == "nudge")
    assert nudge.is_feasible
    assert say(stage, "approve", alert_id=alert.alert_id, proposal_id=nudge.proposal_id).lifecycle == "done"
    (sent,) = stage.said(MessageSent)
    assert sent.to_ids == (person_id("Other"),)  # type: ignore[attr-defined]
