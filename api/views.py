"""From states of the store to what the API says. Money and cost rates go only to roles that may see them. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import msgspec

from agents.check import CheckReport
from api import shapes
from api.clocks import hold_of, waits_of
from api.deps import Moment
from api.money import is_money, shown_args, shown_text
from api.texts import plain
from api.thoughts import go_live_range, margin, waiting_on
from risk.commands import Thought, stored_thought
from store.access import Principal, Role, may_see
from store.events import (
    FACT_TYPES,
    Effect,
    ProjectFieldChanged,
    ProposalApplied,
    TaskFieldChanged,
    field_class,
    is_sealed_text,
    projects_of_fact,
)
from store.log import NOW, Event
from store.projections.alerts.fold import AlertState
from store.projections.people.fold import PersonState
from store.projections.projects.state import ProjectState, Task
from store.projections.tenants.fold import TenantState
from summarizer.filed import FiledItem, SummaryState


def named(tenant: TenantState, party_id: str | None) -> shapes.Named | None:
    """A person or contact by name; an unknown one by id."""
    if party_id is None:
        return None
    party = tenant.parties.get(party_id)
    return shapes.Named(id=party_id, name=party.name if party and party.name else party_id)


def customer_named(tenant: TenantState, customer_id: str | None) -> shapes.Named | None:
    """A customer by name."""
    customer = tenant.customers.get(customer_id or "")
    return shapes.Named(id=customer.customer_id, name=customer.name) if customer else None


def risk_of(row: Mapping[str, Any]) -> shapes.Risk:
    """The assessment columns of a project's row."""
    return shapes.Risk(
        level=row["level"] or "not_assessed",
        probability_late=row["probability"],
        leeway_days=row["leeway_days"],
        forecast_go_live_on=row["forecast_on"],
        as_of=row["as_of"],
    )


def project_summary(
    row: Mapping[str, Any], tenant: TenantState, open_alerts: Mapping[str, int], role: Role
) -> shapes.ProjectSummary:
    """A line of the portfolio."""
    thought = stored_thought(row["body"])
    return shapes.ProjectSummary(
        id=row["project_id"],
        external_ref=shapes.ExternalRef(source=row["source"], id=row["external_id"]),
        name=row["name"],
        customer=customer_named(tenant, row["customer_id"]),
        manager=named(tenant, row["manager_id"]),
        playbook=row["playbook"],
        status=row["status"],
        stage=row["stage"],
        baseline_go_live_on=row["baseline_go_live_on"],
        committed_go_live_on=row["committed_on"],
        live_on=row["live_on"],
        open_tasks=row["open_tasks"],
        done_tasks=row["done_tasks"],
        open_alerts=open_alerts.get(row["project_id"], 0),
        risk=risk_of(row),
        go_live_range=go_live_range(thought.outlook) if thought else None,
        margin=margin(thought.money, role) if thought else None,
        waiting_on=waiting_on(thought, tenant) if thought else [],
    )


def score(thought: Thought, state: ProjectState, tenant: TenantState, moment: Moment, role: Role) -> shapes.Score:
    """A score with its drivers and the plan's own outlook."""
    found = thought.score
    return shapes.Score(
        project_id=state.project_id,
        external_ref=shapes.ExternalRef(source=state.source, id=state.external_id),
        as_of=as_of(moment),
        level=found.level,
        probability_late=found.probability,
        reason=found.reason,
        sentence=found.sentence,
        basis=found.basis,
        target=found.target,
        k_days=found.k_days,
        log_odds=found.log_odds,
        intercept=found.intercept,
        contributions=found.contributions,
        drivers=msgspec.convert(found.drivers, list[shapes.Driver], from_attributes=True),
        leeway_days=thought.outlook.leeway_days,
        forecast_go_live_on=thought.outlook.forecast_on,
        go_live_range=go_live_range(thought.outlook),
        margin=margin(thought.money, role),
        waiting_on=waiting_on(thought, tenant),
        features=thought.features,
        model_hash=found.model_hash,
    )


def recorded_score(thought: Thought, state: ProjectState, tenant: TenantState, role: Role) -> shapes.Score:
    """A score as it was recorded when it was thought."""
    return score(thought, state, tenant, Moment(thought.score.as_of, NOW, is_now=True), role)


def as_of(moment: Moment) -> shapes.AsOf:
    """Which moment an answer is about."""
    basis = "now" if moment.is_now else moment.cut.basis
    return shapes.AsOf(at=moment.at, basis=basis, position=moment.cut.position)


def project(
    state: ProjectState,
    tenant: TenantState,
    moment: Moment,
    role: Role,
    thought: Thought | None,
    people: Mapping[str, PersonState] = MappingProxyType({}),
) -> shapes.Project:
    """A project with its tasks, and what was thought of it then; `people` own tasks whose clocks count their days."""
    waits = waits_of(state, tenant, people, moment.at)
    fee = shapes.Money(amount=plain(state.fee), currency=state.currency) if state.fee is not None else None
    return shapes.Project(
        id=state.project_id,
        external_ref=shapes.ExternalRef(source=state.source, id=state.external_id),
        as_of=as_of(moment),
        name=state.name,
        customer=customer_named(tenant, state.customer_id),
        manager=named(tenant, state.manager_id),
        playbook=state.playbook,
        status=state.status,
        stage=state.stage,
        contract_signed_on=state.contract_signed_on,
        baseline_go_live_on=state.baseline_go_live_on,
        committed_go_live_on=state.committed_on,
        expected_go_live_on=state.expected_go_live_on,
        live_at=state.live_at,
        reopened_at=state.reopened_at,
        lacks_commitment=state.lacks_commitment,
        hold=hold_of(state, tenant, moment.at),
        commitments=[shapes.CommitmentOut(at=move.at, on=move.on) for move in state.commitments],
        success_milestone=state.success_milestone,
        fee=fee if may_see(role, "money") else None,
        budget_hours=_tidy(state.budget_hours),
        logged_hours=Decimal(plain(sum((entry.hours for entry in state.time), Decimal(0)))),
        go_live_range=go_live_range(thought.outlook) if thought else None,
        margin=margin(thought.money, role) if thought else None,
        waiting_on=waiting_on(thought, tenant) if thought else [],
        tasks=[_task(task, state, tenant, waits.get(task.task_id)) for task in state.tasks.values()],
    )


def _tidy(hours: Decimal | None) -> Decimal | None:
    return None if hours is None else Decimal(plain(hours))


def _task(task: Task, state: ProjectState, tenant: TenantState, waiting: shapes.WaitOut | None) -> shapes.Task:
    return shapes.Task(
        id=task.task_id,
        external_ref=shapes.ExternalRef(source=state.source, id=task.external_id),
        name=task.name,
        stage=task.stage,
        track=task.track,
        status=task.status,
        owner=named(tenant, task.owner_id),
        effort_hours=_tidy(task.effort_hours),
        planned_start_on=task.planned_start_on,
        due_on=task.due_on,
        first_due_on=task.first_due_on,
        started_at=task.started_at,
        done_at=task.done_at,
        milestone=task.milestone,
        depends_on=[link.depends_on_id for link in task.links],
        waiting=waiting,
    )


def event(stored: Event, role: Role) -> shapes.EventOut:
    """An event as a caller of this role may see it."""
    return shapes.EventOut(
        id=stored.event_id,
        position=stored.position,
        type=f"{stored.fact.TYPE}.v{stored.fact.VERSION}",
        stream_id=stored.stream_id,
        stream_version=stored.stream_version,
        occurred_at=stored.occurred_at,
        recorded_at=stored.recorded_at,
        appended_at=stored.appended_at,
        actor_id=stored.actor_id,
        source=stored.source,
        causation_id=stored.causation_id,
        correlation_id=stored.correlation_id,
        payload=_payload(stored, role),
        hash=stored.hash.hex() if stored.hash else None,
    )


def _payload(stored: Event, role: Role) -> dict[str, Any]:
    fact = stored.fact
    payload: dict[str, Any] = msgspec.to_builtins(fact)
    hidden = {field for field in payload if not may_see(role, field_class(type(fact), field))}
    if isinstance(fact, ProposalApplied):
        payload["effect"] = msgspec.to_builtins(effect(fact.effect, role))
    if isinstance(fact, ProjectFieldChanged | TaskFieldChanged) and not may_see(
        role, _CLASS_BY_NAME.get(fact.field, "internal")
    ):
        hidden.add("value")
    shown = {name: value for name, value in payload.items() if name not in hidden}
    return {name: value for name, value in shown.items() if not (isinstance(value, str) and is_sealed_text(value))}


_CLASS_BY_NAME = {
    field: kind for fact_type in FACT_TYPES for field, kind in fact_type.ACCESS.items() if kind != "public"
}


def effect(change: Effect, role: Role) -> shapes.EffectOut:
    """An effect; its margin is money."""
    return _masked(msgspec.convert(change, shapes.EffectOut, from_attributes=True), role)


def _masked(shown: shapes.EffectOut, role: Role) -> shapes.EffectOut:
    if may_see(role, "money"):
        return shown
    numbers = [figure for figure in shown.numbers if not is_money(figure.name, figure.unit)]
    return msgspec.structs.replace(shown, margin=None, currency="", numbers=numbers)


def alert(state: AlertState, role: Role) -> shapes.Alert:
    """An alert as a caller of this role may see it."""
    shown = msgspec.convert(state, shapes.Alert, from_attributes=True)
    if may_see(role, "money"):
        return shown
    return msgspec.structs.replace(
        shown,
        claim=shown_text(shown.claim, role),
        wording=shown_text(shown.wording, role),
        numbers=[figure for figure in shown.numbers if not is_money(figure.name, figure.unit)],
        proposals=[_without_money(proposal, role) for proposal in shown.proposals],
    )


def _without_money(proposal: shapes.ProposalOut, role: Role) -> shapes.ProposalOut:
    """The sentence about margin comes last in the words of an action."""
    sentence = _MARGIN.sub("", shown_text(proposal.sentence, role))
    return msgspec.structs.replace(
        proposal, sentence=sentence, args=shown_args(proposal.args, role), effect=_masked(proposal.effect, role)
    )


_MARGIN = re.compile(r"\s*\bMargin\b.*", re.DOTALL)


def check(report: CheckReport, role: Role) -> shapes.Check:
    """A check; what it says of margins is money."""
    shown = msgspec.convert(report, shapes.Check, from_attributes=True)
    if may_see(role, "money"):
        return shown
    return msgspec.structs.replace(
        shown,
        numbers=[figure for figure in shown.numbers if not is_money(figure.name, figure.unit)],
        numbers_now=[figure for figure in shown.numbers_now if not is_money(figure.name, figure.unit)],
    )


def summary_brief(state: SummaryState) -> shapes.SummaryBrief:
    """A line of a project's calls."""
    return shapes.SummaryBrief(**_summary_fields(state))


def summary(state: SummaryState) -> shapes.Summary:
    """A call's summary with its items and what was made of them."""
    items = [_summary_item(entry) for entry in state.items]
    return shapes.Summary(**_summary_fields(state), items=items, notes=list(state.notes))


def _summary_fields(state: SummaryState) -> dict[str, Any]:
    fields = {
        name: getattr(state, name) for name in state.__struct_fields__ if name in shapes.SummaryBrief.__struct_fields__
    }
    return {**fields, "id": state.summary_id, "open_count": sum(entry.state == "open" for entry in state.items)}


def _summary_item(entry: FiledItem) -> shapes.SummaryItemOut:
    item = entry.item
    return shapes.SummaryItemOut(
        id=entry.item_id,
        kind=item.kind,
        text=entry.text,
        quote=item.quote,
        cues=[msgspec.convert(cue, shapes.CueTimeOut, from_attributes=True) for cue in item.times],
        speaker=item.speaker,
        side=item.side,
        owner=item.owner,
        due_on=item.due,
        track=item.track,
        modality=item.modality,
        confidence=item.confidence,
        needs_confirmation=item.needs_confirmation,
        origin=item.origin,
        state=entry.state,
        task_id=entry.task_id,
        decided_by=entry.decided_by,
        decided_at=entry.decided_at,
    )


def event_page(events: Sequence[Event], principal: Principal, limit: int) -> shapes.EventPage:
    """A page of the sealed log, without what is out of the caller's reach; its cursor is a position."""
    last = str(events[-1].position) if len(events) == limit else None
    own = [each for each in events if principal.may_reach(projects_of_fact(each.fact))]
    return shapes.EventPage(data=[event(stored, principal.role) for stored in own], next_cursor=last)
