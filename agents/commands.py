"""What a reviewer does with an alert: each decision is facts, appended all or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast, get_args

from agents.acting import Hand
from agents.actions import KINDS, action_of
from agents.decisions import may_decide, may_undo
from agents.hands import hand_of
from agents.proposals import numbers
from agents.reading import load_alert, load_tenant, load_world, today
from agents.world import World, version_of
from store.errors import Conflict, Invalid, NotFound
from store.events import AlertDecided, AlertUpdated, Fact, ProposalApplied, ProposalUndone, ProposedAction
from store.events.alerts import RejectReason, Verb
from store.ids import AlertId, EventId, StreamId, TenantId, fact_id
from store.log import Draft, Event, Log, Write
from store.projections.alerts.fold import AlertState, AppliedProposal
from store.projections.people import fold as people
from store.projections.projects import fold as projects
from store.projections.projects.state import ProjectState
from store.streams import CAPACITY, PLAN, alert_stream, project_streams, stream_of

SOURCE = "review"
TRIES = 3


@dataclass(frozen=True, slots=True)
class Deciding:
    """One decision in the making: who decides, when, and the id that all its facts follow from."""

    log: Log
    tenant_id: TenantId
    alert: AlertState
    actor_id: str
    now: dt.datetime
    appended_at: dt.datetime
    decision_id: str

    def draft(self, number: int, fact: Fact) -> Draft:
        """The fact under an id that follows from the decision's."""
        is_decision = isinstance(fact, AlertDecided)
        event_id = EventId(self.decision_id) if is_decision else self.event_id(number)
        return Draft(
            event_id=event_id,
            fact=fact,
            occurred_at=self.now,
            recorded_at=self.now,
            source=SOURCE,
            actor_id=self.actor_id,
            causation_id=None if is_decision else self.decision_id,
            correlation_id=self.alert.alert_id,
        )

    def event_id(self, number: int) -> EventId:
        """The id of the decision's n-th consequence."""
        return fact_id(self.tenant_id, SOURCE, self.decision_id, str(number))

    def append(
        self, own: Sequence[Fact], consequences: Sequence[Fact], versions: Mapping[StreamId, int | None]
    ) -> None:
        """The alert's own facts and what follows from them elsewhere, in one append at the versions that were read."""
        drafts = [self.draft(number, fact) for number, fact in enumerate([*consequences, *own])]
        by_stream: dict[StreamId, list[Draft]] = {}
        for draft in drafts:
            by_stream.setdefault(stream_of(draft.fact), []).append(draft)
        expected: dict[StreamId, int | None] = {**versions, alert_stream(self.alert.alert_id): self.alert.version}
        writes: list[Write] = [(stream, theirs, expected[stream]) for stream, theirs in by_stream.items()]
        self.log.append(self.tenant_id, writes, now=self.appended_at)


def decide(  # noqa: PLR0913 (flat, as the doors have it)
    log: Log,
    tenant_id: TenantId,
    alert_id: str,
    verb: str,
    *,
    actor_id: str,
    now: dt.datetime,
    new_id: Callable[[], str],
    proposal_id: str | None = None,
    args: Mapping[str, str] | None = None,
    reason: str | None = None,
    note: str = "",
    until_on: dt.date | None = None,
    assignee_id: str | None = None,
    expected_version: int | None = None,
    appended_at: dt.datetime | None = None,
) -> AlertState:
    """The alert after the decision.

    `now` is the tenant's time, `appended_at` the wall clock where the two differ. `args` are the
    edited arguments of a proposal (verb "edit"). Raises `NotFound` for an unknown alert or
    proposal, `Invalid` for a verb without what it needs, `Conflict` when the alert moved on
    ("stale_version", "alert_expired", "alert_cleared", "alert_decided"), when the proposal would no
    longer do what it says ("stale_proposal") or when what it did has moved on since ("moved_on").
    """
    decided = _decided(alert_id, verb, proposal_id, reason, note, until_on, assignee_id)
    decision_id = new_id()
    for left in range(TRIES - 1, -1, -1):
        alert = load_alert(log, tenant_id, alert_id)
        _is_at(alert, expected_version)
        may_decide(alert, decided, today(load_tenant(log, tenant_id), now))
        try:
            _carry_out(Deciding(log, tenant_id, alert, actor_id, now, appended_at or now, decision_id), decided, args)
        except Conflict as error:
            # The worker brought the alert up to date meanwhile; who named no version decides on what it says now.
            if error.code != "stale_version" or expected_version is not None or not left:
                raise
        else:
            break
    return load_alert(log, tenant_id, alert_id)


def _is_at(alert: AlertState, expected_version: int | None) -> None:
    # Other words for the same claim are no reason to look again.
    if expected_version is not None and not alert.said_version <= expected_version <= alert.version:
        raise Conflict(
            "stale_version",
            f"The alert is at version {alert.version}, not {expected_version}.",
            remedy="Read it again and decide on what it says now.",
            data={"expected_version": expected_version, "current_version": alert.version},
        )


def _carry_out(deciding: Deciding, decided: AlertDecided, args: Mapping[str, str] | None) -> None:
    match decided.verb:
        case "approve":
            _approve(deciding, decided)
        case "undo":
            _undo(deciding, decided)
        case "edit":
            _edit(deciding, decided, args or {})
        case _:
            deciding.append([decided], [], {})


def _decided(
    alert_id: str,
    verb: str,
    proposal_id: str | None,
    reason: str | None,
    note: str,
    until_on: dt.date | None,
    assignee_id: str | None,
) -> AlertDecided:
    for value, known, what in ((verb, Verb, "verb"), (reason, RejectReason, "reason")):
        if value is not None and value not in get_args(known):
            raise Invalid(
                f"unknown_{what}", f"{value!r} is no {what}.", remedy=f"Use one of: {', '.join(get_args(known))}."
            )
    return AlertDecided(
        alert_id=AlertId(alert_id),
        verb=cast("Verb", verb),
        proposal_id=proposal_id,
        reason=cast("RejectReason | None", reason),
        note=note,
        until_on=until_on,
        assignee_id=assignee_id,
    )


def _approve(deciding: Deciding, decided: AlertDecided) -> None:
    proposal = _proposal(deciding.alert, decided.proposal_id)
    hand, kind, args, inputs = hand_of(proposal.action), proposal.action, proposal.args, deciding.alert.inputs
    world = _world_of(deciding, hand, kind, args)
    done = hand.facts(world, kind, args)
    obstacles = hand.problems(world, kind, args, inputs)
    actual = hand.effect(world, kind, args, inputs)
    if obstacles or actual != proposal.effect:
        raise Conflict(
            "stale_proposal",
            " ".join(obstacles) or "The proposal would now have another effect than it shows.",
            remedy="Nothing was changed. The alert will be brought up to date; read it again and choose anew.",
        )
    applied = ProposalApplied(
        alert_id=decided.alert_id,
        proposal_id=proposal.proposal_id,
        event_ids=tuple(deciding.event_id(number) for number in range(len(done))),
        effect=actual,
    )
    deciding.append([decided, applied], done, {stream_of(fact): _version(world, stream_of(fact)) for fact in done})


def _version(world: World, stream_id: StreamId) -> int | None:
    """The version that was read; what is only said or booked on a ledger comes after whatever was said before."""
    return version_of(world, stream_id) if stream_id.partition("/")[0] in (CAPACITY, PLAN) else None


def _proposal(alert: AlertState, proposal_id: str | None) -> ProposedAction:
    for proposal in alert.proposals:
        if proposal.proposal_id == proposal_id:
            return proposal
    raise NotFound(
        "unknown_proposal",
        "The alert has no such proposal.",
        remedy="Use a proposal_id that the alert shows now; proposals are made anew when bookings change.",
    )


def _world_of(deciding: Deciding, hand: Hand, kind: str, args: Mapping[str, str]) -> World:
    """Everybody and everything the action touches, as the log has it now."""
    people_ids, project_ids = hand.touched(kind, args)
    own_person = deciding.alert.inputs.get("person_id")
    own_project = {deciding.alert.project_id} if not own_person else set()
    everybody = people_ids | ({own_person} if own_person else set())
    return load_world(deciding.log, deciding.tenant_id, everybody, project_ids | own_project, now=deciding.now)


def _edit(deciding: Deciding, decided: AlertDecided, changes: Mapping[str, str]) -> None:
    """An edited proposal takes the old one's place, verified like any other; approving it is another step."""
    alert, former = deciding.alert, _proposal(deciding.alert, decided.proposal_id)
    hand, kind = hand_of(former.action), former.action
    args = hand.edited(kind, former.args, changes)
    world = _world_of(deciding, hand, kind, args)
    obstacles = hand.problems(world, kind, args, alert.inputs)
    if obstacles:
        raise Conflict(
            "infeasible_edit", " ".join(obstacles), remedy="Nothing was changed. Choose other days or another person."
        )
    if alert.inputs.get("person_id") and numbers(world, alert.inputs) != alert.numbers:
        raise Conflict(
            "stale_alert",
            "The alert's figures have changed since.",
            remedy="Read it again once it is brought up to date.",
        )
    offer = hand.offered(world, kind, args, alert.inputs)
    others = [p for p in alert.proposals if p.proposal_id not in (former.proposal_id, offer.proposal_id)]
    seen = {"as_of": world.as_of.isoformat(), "position": str(deciding.log.head(deciding.tenant_id).position)}
    deciding.append([decided, _with_proposals(alert, [offer, *others], {**alert.inputs, **seen})], [], {})


def _with_proposals(alert: AlertState, proposals: Iterable[ProposedAction], inputs: dict[str, str]) -> AlertUpdated:
    kept = {name: getattr(alert, name) for name in AlertUpdated.__struct_fields__ if hasattr(alert, name)}
    as_of = dt.date.fromisoformat(inputs["as_of"])
    return AlertUpdated(**{**kept, "proposals": tuple(proposals), "inputs": inputs, "as_of": as_of})


def _undo(deciding: Deciding, decided: AlertDecided) -> None:
    applied = may_undo(deciding.alert, decided.proposal_id)
    log, tenant_id = deciding.log, deciding.tenant_id
    done = log.find(tenant_id, [EventId(event_id) for event_id in applied.event_ids])
    histories = {event.stream_id: log.read(tenant_id, event.stream_id) for event in done}
    _nothing_moved_on(histories, done)
    _not_begun(deciding, applied)
    hand = _hand_that_did(deciding, applied)
    undone = hand.undo(_world_before(deciding, histories, done), [event.fact for event in done])
    taken_back = ProposalUndone(
        alert_id=decided.alert_id,
        proposal_id=applied.proposal_id,
        event_ids=tuple(deciding.event_id(number) for number in range(len(undone))),
    )
    versions = {stream_id: events[-1].stream_version for stream_id, events in histories.items()}
    deciding.append([decided, taken_back], undone, versions)


def _hand_that_did(deciding: Deciding, applied: AppliedProposal) -> Hand:
    """By the action as it was offered, though the alert may offer others now."""
    said = deciding.log.read(deciding.tenant_id, alert_stream(deciding.alert.alert_id))
    offered = (p for event in said for p in getattr(event.fact, "proposals", ()))
    return hand_of(next(p.action for p in offered if p.proposal_id == applied.proposal_id))


def _subject(fact: Fact) -> str | None:
    """The booking, task or change request that a fact changes."""
    names = ("allocation_id", "task_id", "change_request_id")
    return next((found for name in names if (found := getattr(fact, name, None))), None)


def _nothing_moved_on(histories: Mapping[StreamId, Sequence[Event]], done: Sequence[Event]) -> None:
    own, touched = {event.event_id for event in done}, {_subject(event.fact) for event in done} - {None}
    first = {stream: min(e.stream_version for e in done if e.stream_id == stream) for stream in histories}
    for stream_id, events in histories.items():
        for event in events:
            is_later = event.stream_version > first[stream_id] and event.event_id not in own
            if is_later and _subject(event.fact) in touched:
                raise Conflict(
                    "moved_on",
                    "A booking or task of this action has been changed again since.",
                    remedy="Change it by hand; undoing would take that later change back too.",
                )


def _not_begun(deciding: Deciding, applied: AppliedProposal) -> None:
    applying = (p for p in deciding.alert.proposals if p.proposal_id == applied.proposal_id)
    proposal = next((p for p in applying if p.action in KINDS), None)
    day = today(load_tenant(deciding.log, deciding.tenant_id), deciding.now)
    moves = action_of(proposal.action, proposal.args).moves if proposal else ()
    if any(move.from_on < day for move in moves):
        raise Conflict(
            "undo_too_late",
            "Days that the action changed have passed.",
            remedy="Book the days that are left anew; the past stays as it was.",
        )


def _world_before(deciding: Deciding, histories: Mapping[StreamId, Sequence[Event]], done: Sequence[Event]) -> World:
    """The touched people and projects as they were just before the action."""
    first = {stream: min(e.stream_version for e in done if e.stream_id == stream) for stream in histories}
    former = {
        stream: [event for event in events if event.stream_version < first[stream]]
        for stream, events in histories.items()
    }
    tenant = load_tenant(deciding.log, deciding.tenant_id)
    project_ids = {stream.partition("/")[2] for stream in former if not stream.startswith(f"{CAPACITY}/")}
    return World(
        tenant_id=deciding.tenant_id,
        tenant=tenant,
        people={s.partition("/")[2]: people.fold(e) for s, e in former.items() if s.startswith(f"{CAPACITY}/")},
        projects={project_id: _project_before(deciding, project_id, former) for project_id in project_ids},
        now=deciding.now,
        as_of=today(tenant, deciding.now),
    )


def _project_before(deciding: Deciding, project_id: str, former: Mapping[StreamId, Sequence[Event]]) -> ProjectState:
    """From all its streams: the touched ones up to the action, the others as they are."""
    streams = project_streams(project_id)
    others = deciding.log.read_many(deciding.tenant_id, [stream for stream in streams if stream not in former])
    return projects.fold([*(event for stream in streams for event in former.get(stream, ())), *others])
