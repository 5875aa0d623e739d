"""An alert held against the log: every figure again from what was known then, and whether it holds now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from agents.hands import hand_of
from agents.minds import texts_of
from agents.proposals import numbers
from agents.reading import load_alert, load_tenant, load_world
from agents.world import World
from risk.commands import ScoreOf
from risk.detectors import PROJECT_DETECTORS, over_allocation
from risk.detectors.view import ProjectView, thresholds_of
from risk.findings import Finding
from store.errors import LeewayError
from store.events import Effect, Number, ProposedAction
from store.ids import EventId, TenantId
from store.log import NOW, Cut, Log
from store.projections.alerts.fold import AlertState
from store.projections.projects.state import ProjectState
from store.streams import conversation_stream

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


def check(
    log: Log, tenant_id: TenantId, alert_id: str, *, now: dt.datetime, score_of: ScoreOf | None = None
) -> CheckReport:
    """Computes the alert's figures and its proposals' effects again; `NotFound` for an unknown alert.

    `score_of` gives the score of the model that an alert names; without it what rests on one is not confirmed.
    """
    alert = load_alert(log, tenant_id, alert_id)
    position, as_of = int(alert.inputs["position"]), dt.date.fromisoformat(alert.inputs["as_of"])
    at = _Sight(log, tenant_id, alert, Cut(position=position), score_of)
    known = _world(at, now=alert.updated_at or now)
    then = replace(known, as_of=as_of)
    finding = _finding(at, then)
    today = replace(at, cut=NOW)
    present = _world(today, now=now)
    found_now = _finding(today, present)
    return CheckReport(
        alert_id=alert.alert_id,
        rule_id=alert.rule_id,
        position=position,
        as_of=as_of,
        numbers=tuple(_checked(then, alert, finding)),
        missing_evidence=_missing_evidence(log, tenant_id, alert, position),
        still_holds=found_now is not None,
        numbers_now=_numbers_now(present, alert, found_now),
    )


@dataclass(frozen=True, slots=True)
class _Sight:
    """From where an alert is looked at: the log up to a cut."""

    log: Log
    tenant_id: TenantId
    alert: AlertState
    cut: Cut
    score_of: ScoreOf | None


def _world(at: _Sight, *, now: dt.datetime) -> World:
    alert = at.alert
    projects = {alert.project_id, *alert.other_project_ids}
    named = {alert.inputs["person_id"]} if "person_id" in alert.inputs else _staff(at)
    for proposal in alert.proposals:
        people_ids, project_ids = hand_of(proposal.action).touched(proposal.action, proposal.args)
        named, projects = named | people_ids, projects | project_ids
    return load_world(at.log, at.tenant_id, named, projects - {""}, now=now, cut=at.cut)


def _staff(at: _Sight) -> set[str]:
    """Everybody on the delivering side, as a rule about a project is given them."""
    parties = load_tenant(at.log, at.tenant_id, cut=at.cut).parties.values()
    named = at.alert.inputs.get("person_ids", "").split()
    return {*named, *(party.party_id for party in parties if party.customer_id is None)}


def _finding(at: _Sight, world: World) -> Finding | None:
    """What the rule that made the alert finds in that world."""
    alert = at.alert
    detectors = [detector for detector in PROJECT_DETECTORS if detector.rule_id == alert.rule_id]
    if not detectors:
        return _over_allocation(world, alert)
    project = world.projects.get(alert.project_id)
    if project is None:
        return None
    found = detectors[0].detect(_view(at, world, project))
    return next((finding for finding in found if finding.subject_key == alert.subject_key), None)


def _view(at: _Sight, world: World, project: ProjectState) -> ProjectView:
    inputs = at.alert.inputs
    said = at.log.read_many(at.tenant_id, [conversation_stream(project.project_id)], cut=at.cut)
    model_hash = inputs.get("model_hash")
    score = at.score_of(project, world.tenant, world.now, model_hash) if model_hash and at.score_of else None
    return ProjectView(
        project, world.tenant, world.people, world.now, world.as_of, thresholds_of(inputs), score, texts_of(said)
    )


def _over_allocation(world: World, alert: AlertState) -> Finding | None:
    """What the rule finds in that world on the alert's days."""
    person, settings = world.person(alert.inputs["person_id"]), over_allocation.settings_of(alert.inputs)
    first, last = alert.inputs["first_on"], alert.inputs["last_on"]
    found = over_allocation.detect(person, world.tenant, world.as_of, settings)
    meeting = [f for f in found if f.first_on.isoformat() <= last and first <= f.last_on.isoformat()]
    return meeting[0] if meeting else None


def _numbers_now(world: World, alert: AlertState, finding: Finding | None) -> tuple[Number, ...]:
    """The claim's figures today; hours that are no longer too many still have theirs."""
    if alert.kind == over_allocation.KIND:
        return numbers(world, alert.inputs)
    return finding.numbers if finding else ()


def _checked(world: World, alert: AlertState, finding: Finding | None) -> Iterator[CheckedNumber]:
    yield from _compared(CLAIM, alert.numbers, finding.numbers if finding else ())
    for proposal in alert.proposals:
        yield from _compared(proposal.proposal_id, _figures(proposal.effect), _effect_again(world, alert, proposal))


def _effect_again(world: World, alert: AlertState, proposal: ProposedAction) -> list[Number]:
    try:
        hand = hand_of(proposal.action)
        return _figures(hand.effect(world, proposal.action, proposal.args, alert.inputs))
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
