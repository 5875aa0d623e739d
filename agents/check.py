"""An alert held against the log: every figure again from what was known then, and whether it holds now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from agents.actions import Action, action_of
from agents.proposals import numbers, preview
from agents.reading import load_alert, load_world
from agents.world import World
from risk.detectors import over_allocation
from risk.findings import Finding
from store.errors import LeewayError
from store.events import Effect, Number, ProposedAction
from store.ids import EventId, TenantId
from store.log import NOW, Cut, Log
from store.projections.alerts.fold import AlertState

CLAIM = "claim"


@dataclass(frozen=True, slots=True)
class CheckedNumber:
    """One figure as stated and as computed again, None where there is none; `place` is "claim" or a proposal's id."""

    place: str
    name: str
    unit: str
    stated: Decimal | None
    recomputed: Decimal | None

    @property
    def is_equal(self) -> bool:
        """Whether the two are the same figure."""
        return self.stated == self.recomputed


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What checking an alert found.

    `position` and `as_of` say what was known when it was made; `missing_evidence` are cited events
    that are not in the log or were not known then; `still_holds` says whether the rule fires now,
    `numbers_now` gives the claim's figures today.
    """

    alert_id: str
    rule_id: str
    position: int
    as_of: dt.date
    numbers: tuple[CheckedNumber, ...]
    missing_evidence: tuple[str, ...]
    still_holds: bool
    numbers_now: tuple[Number, ...]

    @property
    def is_confirmed(self) -> bool:
        """Whether every figure is equal and every cited event was known."""
        return not self.missing_evidence and all(number.is_equal for number in self.numbers)


def check(log: Log, tenant_id: TenantId, alert_id: str, *, now: dt.datetime) -> CheckReport:
    """Computes the alert's figures and its proposals' effects again; `NotFound` for an unknown alert."""
    alert = load_alert(log, tenant_id, alert_id)
    position, as_of = int(alert.inputs["position"]), dt.date.fromisoformat(alert.inputs["as_of"])
    known = _world(log, tenant_id, alert, now=alert.updated_at or now, cut=Cut(position=position))
    then = replace(known, as_of=as_of)
    finding = _finding(then, alert, as_of)
    present = _world(log, tenant_id, alert, now=now)
    return CheckReport(
        alert_id=alert.alert_id,
        rule_id=alert.rule_id,
        position=position,
        as_of=as_of,
        numbers=tuple(_checked(then, alert, finding)),
        missing_evidence=_missing_evidence(log, tenant_id, alert, position),
        still_holds=_finding(present, alert, present.as_of) is not None,
        numbers_now=numbers(present, alert.inputs),
    )


def _world(log: Log, tenant_id: TenantId, alert: AlertState, *, now: dt.datetime, cut: Cut = NOW) -> World:
    moves = [move for proposal in alert.proposals for move in _action(proposal).moves]
    named = {i for move in moves for i in (move.person_id, move.to_person_id) if i}
    projects = {alert.project_id, *alert.other_project_ids, *(move.project_id for move in moves)}
    return load_world(log, tenant_id, named | {alert.inputs["person_id"]}, projects, now=now, cut=cut)


def _action(proposal: ProposedAction) -> Action:
    return action_of(proposal.action, proposal.args)


def _finding(world: World, alert: AlertState, as_of: dt.date) -> Finding | None:
    """What the rule finds in that world on the alert's days."""
    person, settings = world.person(alert.inputs["person_id"]), over_allocation.settings_of(alert.inputs)
    first, last = alert.inputs["first_on"], alert.inputs["last_on"]
    found = over_allocation.detect(person, world.tenant, as_of, settings)
    meeting = [f for f in found if f.first_on.isoformat() <= last and first <= f.last_on.isoformat()]
    return meeting[0] if meeting else None


def _checked(world: World, alert: AlertState, finding: Finding | None) -> Iterator[CheckedNumber]:
    yield from _compared(CLAIM, alert.numbers, finding.numbers if finding else ())
    for proposal in alert.proposals:
        yield from _compared(proposal.proposal_id, _figures(proposal.effect), _effect_again(world, alert, proposal))


def _effect_again(world: World, alert: AlertState, proposal: ProposedAction) -> list[Number]:
    try:
        return _figures(preview(world, _action(proposal), alert.inputs))
    except LeewayError:
        return []


def _figures(effect: Effect) -> list[Number]:
    margin = [] if effect.margin is None else [Number(name="margin", value=effect.margin, unit=effect.currency)]
    return [Number(name="days", value=effect.days, unit="working days"), *margin, *effect.numbers]


def _compared(place: str, stated: Iterable[Number], again: Iterable[Number]) -> Iterator[CheckedNumber]:
    said, found = _by_name(stated), _by_name(again)
    for name in dict.fromkeys([*said, *found]):
        unit = (said.get(name) or found[name]).unit
        values = [number.value if number else None for number in (said.get(name), found.get(name))]
        yield CheckedNumber(place, name, unit, *values)


def _by_name(figures: Iterable[Number]) -> Mapping[str, Number]:
    return {number.name: number for number in figures}


def _missing_evidence(log: Log, tenant_id: TenantId, alert: AlertState, position: int) -> tuple[str, ...]:
    events = log.find(tenant_id, [EventId(event_id) for event_id in alert.evidence])
    known = {event.event_id for event in events if event.position is not None and event.position <= position}
    return tuple(event_id for event_id in alert.evidence if event_id not in known)
