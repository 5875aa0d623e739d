"""A project's facts folded to its state. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from store.events import (
    BaselineApproved,
    BaselineTaken,
    Fact,
    ProjectCreated,
    ProjectFieldChanged,
    ProjectGoLiveCommitted,
    ProjectGoLiveMoved,
    ProjectHealthReported,
    ProjectManagerChanged,
    ProjectPlaybookPinned,
    ProjectStageChanged,
    ProjectStatusChanged,
    ScopeItemAdded,
    StageDefined,
    StageGateOverridden,
)
from store.log import Event
from store.projections.projects import money, talk, work
from store.projections.projects.frame import FRAME_FIELDS
from store.projections.projects.state import (
    Baseline,
    DateMove,
    GateOverride,
    Pin,
    ProjectState,
    ScopeItem,
    Stage,
    StatusMove,
    TakenBaseline,
)
from store.projections.snapshot import copied

ENDED = frozenset({"closed", "cancelled"})
OVER = ENDED | {"live"}


def fold(events: Iterable[Event], state: ProjectState | None = None) -> ProjectState:
    """The state after these events; the given state is left as it is."""
    return extend(copied(state) if state else ProjectState(), events)


def extend(state: ProjectState, events: Iterable[Event]) -> ProjectState:
    """Folds into a state that the caller owns and gives up."""
    for event in events:
        handler = _HANDLERS.get(type(event.fact))
        if handler:
            handler(state, event.fact, event)
        if event.stream_id.startswith("plan/"):
            state.version = max(state.version, event.stream_version)
        if state.last_recorded_at is None or event.recorded_at > state.last_recorded_at:
            state.last_recorded_at = event.recorded_at
    return state


_FRAME = (
    "project_id",
    "external_id",
    "customer_id",
    "name",
    "playbook",
    "manager_id",
    "contract_signed_on",
    "fee_type",
    "fee",
    "currency",
    "budget_hours",
    "sold_margin",
    "margin_floor",
    "baseline_go_live_on",
    "success_milestone",
    "engagement_id",
    "calendar_id",
)


def _created(state: ProjectState, fact: ProjectCreated, event: Event) -> None:
    for name in _FRAME:
        setattr(state, name, getattr(fact, name))
    state.extra, state.first_fee = dict(fact.extra), fact.fee
    state.source = event.source
    state.created_at, state.created_event_id = event.occurred_at, event.event_id


def _status(state: ProjectState, fact: ProjectStatusChanged, event: Event) -> None:
    if fact.status not in OVER and state.status in OVER:
        state.reopened_at = event.occurred_at
    state.status = fact.status
    state.status_moves.append(StatusMove(at=event.occurred_at, status=fact.status, event_id=event.event_id))
    if fact.status == "live" and state.live_at is None:
        state.live_at = event.occurred_at
    state.ended_at = event.occurred_at if fact.status in ENDED else None


def _stage(state: ProjectState, fact: ProjectStageChanged, event: Event) -> None:
    state.stage = fact.stage
    state.stage_moves.append(StatusMove(at=event.occurred_at, status=fact.stage, event_id=event.event_id))


def _go_live_moved(state: ProjectState, fact: ProjectGoLiveMoved, event: Event) -> None:
    state.expected_go_live_on = fact.go_live_on
    state.go_live_moves.append(DateMove(at=event.occurred_at, on=fact.go_live_on, event_id=event.event_id))


def _committed(state: ProjectState, fact: ProjectGoLiveCommitted, event: Event) -> None:
    state.committed_go_live_on = fact.committed_go_live_on
    state.commitments.append(DateMove(at=event.occurred_at, on=fact.committed_go_live_on, event_id=event.event_id))


def _health(state: ProjectState, fact: ProjectHealthReported, _event: Event) -> None:
    state.health = fact.health


def _field_changed(state: ProjectState, fact: ProjectFieldChanged, _event: Event) -> None:
    if reader := FRAME_FIELDS.get(fact.field):
        try:
            setattr(state, fact.field, reader(fact.value))
        except ValueError:
            # A source may send anything: what cannot be read stays in the log, and the value before holds.
            return


def _manager(state: ProjectState, fact: ProjectManagerChanged, _event: Event) -> None:
    state.manager_id = fact.manager_id


def _stage_defined(state: ProjectState, fact: StageDefined, _event: Event) -> None:
    state.stages[fact.stage] = Stage(
        stage=fact.stage, position=fact.position, owner_id=fact.owner_id, entry=fact.entry, exit=fact.exit
    )


def _baseline(state: ProjectState, fact: BaselineApproved, event: Event) -> None:
    state.baselines.append(
        Baseline(
            name=fact.name,
            approved_at=event.occurred_at,
            task_id=fact.task_id,
            start_on=fact.start_on,
            due_on=fact.due_on,
            effort_hours=fact.effort_hours,
            cost=fact.cost,
        )
    )


def _baseline_taken(state: ProjectState, fact: BaselineTaken, event: Event) -> None:
    state.taken.append(
        TakenBaseline(
            name=fact.name,
            at=event.occurred_at,
            taken_at=event.recorded_at,
            position=fact.position,
            basis=fact.basis,
            go_live_on=fact.go_live_on,
            approval=fact.approval,
            actor_id=event.actor_id,
            event_id=event.event_id,
        )
    )


def _scope_item(state: ProjectState, fact: ScopeItemAdded, _event: Event) -> None:
    state.scope_items[fact.scope_item_id] = ScopeItem(
        scope_item_id=fact.scope_item_id, external_id=fact.external_id, text=fact.text, hours=fact.hours
    )


def _pinned(state: ProjectState, fact: ProjectPlaybookPinned, event: Event) -> None:
    state.pin = Pin(
        playbook_id=fact.playbook_id,
        version=fact.version,
        answers=dict(fact.answers),
        modules=fact.modules,
        owners=dict(fact.owners),
        contract_signed_on=fact.contract_signed_on,
        kickoff_on=fact.kickoff_on,
        go_live_on=fact.go_live_on,
        event_id=event.event_id,
    )


def _gate_overridden(state: ProjectState, fact: StageGateOverridden, event: Event) -> None:
    state.gate_overrides.append(
        GateOverride(
            at=event.occurred_at,
            stage=fact.stage,
            unmet=fact.unmet,
            reason=fact.reason,
            actor_id=event.actor_id,
            event_id=event.event_id,
        )
    )


Handler = Callable[[ProjectState, Any, Event], None]

_HANDLERS: dict[type[Fact], Handler] = {
    ProjectCreated: _created,
    ProjectStatusChanged: _status,
    ProjectStageChanged: _stage,
    ProjectGoLiveMoved: _go_live_moved,
    ProjectGoLiveCommitted: _committed,
    ProjectHealthReported: _health,
    ProjectFieldChanged: _field_changed,
    ProjectManagerChanged: _manager,
    StageDefined: _stage_defined,
    BaselineApproved: _baseline,
    BaselineTaken: _baseline_taken,
    ScopeItemAdded: _scope_item,
    ProjectPlaybookPinned: _pinned,
    StageGateOverridden: _gate_overridden,
    **work.HANDLERS,
    **talk.HANDLERS,
    **money.HANDLERS,
}
