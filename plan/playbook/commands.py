"""Publishing playbooks, starting projects from them, and going from stage to stage. Shell over the log's port."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import msgspec

from plan.playbook.checking import STAGES, checked
from plan.playbook.gates import Held, hold, unmet
from plan.playbook.order import Around, Order, version_for
from plan.playbook.planning import Plan, plan_of
from plan.playbook.reading import PlaybookDraft
from plan.playbook.starting import Names, facts_of
from plan.staffing import calendar_of
from store.errors import Conflict, Invalid, NotFound
from store.events import (
    Fact,
    PlaybookPublished,
    PlaybookRetired,
    ProjectManagerChanged,
    ProjectStageChanged,
    StageGateOverridden,
)
from store.ids import EventId, PersonId, PlaybookId, ProjectId, StreamId, TenantId, fact_id
from store.log import Draft, Log
from store.projections.playbooks.fold import PlaybookState, PlaybookVersion, unknown_playbook
from store.projections.playbooks.fold import fold as fold_playbook
from store.projections.projects.fold import fold as fold_project
from store.projections.projects.state import ProjectState
from store.streams import PLAN, playbook_stream, project_streams, stream_of

SOURCE = "playbook"
LONGEST_REASON = 2000


@dataclass(frozen=True, slots=True)
class Caller:
    """Who does it and when: `now` is the tenant's instant, `appended_at` the wall clock's."""

    actor_id: str
    now: datetime
    appended_at: datetime


@dataclass(frozen=True, slots=True)
class Started:
    """The project that an order led to, now or when it was first sent."""

    project_id: ProjectId
    playbook_id: str
    version: int
    is_new: bool


def load_playbook(log: Log, tenant_id: TenantId, playbook_id: str) -> PlaybookState:
    """A playbook as it is in the log; raises `NotFound`."""
    state = fold_playbook(log.read(tenant_id, playbook_stream(playbook_id)))
    if not state.versions:
        raise unknown_playbook()
    return state


def publish(log: Log, tenant_id: TenantId, draft: PlaybookDraft, caller: Caller) -> PlaybookVersion:
    """The version that holds this content: a new one, or the latest where it says the same already.

    Raises `Invalid` with all faults, and `Conflict` when somebody else published at the same moment.
    """
    checked(draft)
    stream = playbook_stream(draft.playbook_id)
    state = fold_playbook(log.read(tenant_id, stream))
    if state.versions and state.retired_at is None and _says_the_same(state.latest, draft):
        return state.latest
    fact = PlaybookPublished(
        playbook_id=PlaybookId(draft.playbook_id),
        version=len(state.versions) + 1,
        name=draft.name,
        summary=draft.summary,
        template=draft.template,
        fee=draft.fee,
    )
    digest = sha256(msgspec.json.encode(fact, order="sorted")).hexdigest()
    event_id = fact_id(tenant_id, SOURCE, "published", draft.playbook_id, str(state.version), digest)
    log.append(tenant_id, [(stream, [_draft(event_id, fact, caller)], state.version)], now=caller.appended_at)
    return load_playbook(log, tenant_id, draft.playbook_id).latest


def retire(log: Log, tenant_id: TenantId, playbook_id: str, reason: str, caller: Caller) -> PlaybookState:
    """The playbook, from which nothing starts any more. Retiring a retired one changes nothing."""
    state = load_playbook(log, tenant_id, playbook_id)
    if state.retired_at is None:
        fact = PlaybookRetired(playbook_id=PlaybookId(playbook_id), reason=_reason(reason))
        event_id = fact_id(tenant_id, SOURCE, "retired", playbook_id, str(state.version))
        stream = playbook_stream(playbook_id)
        log.append(tenant_id, [(stream, [_draft(event_id, fact, caller)], state.version)], now=caller.appended_at)
    return load_playbook(log, tenant_id, playbook_id)


def preview(log: Log, tenant_id: TenantId, order: Order, around: Around) -> Plan:
    """What the order would come to. Nothing is written."""
    return plan_of(version_for(load_playbook(log, tenant_id, order.playbook_id), order), order, around)


def start(log: Log, tenant_id: TenantId, order: Order, around: Around, caller: Caller) -> Started:
    """The project of this order, made if the deal has none: facts of one append, with ids that follow from it.

    The same order again changes nothing, but for another manager, who is recorded. Raises `Conflict`
    ("already_started") when the deal's project was started from something else.
    """
    there = _project_of(log, tenant_id, order)
    if there.project_id:
        return _started_before(log, tenant_id, there, order, around, caller)
    plan = preview(log, tenant_id, order, around)
    names = Names(tenant_id, order, order.playbook_id, plan.version.version)
    facts = facts_of(plan, order, names, calendar_of(around.tenant, None))
    own = StreamId(f"{PLAN}/{names.project_id}")
    by_stream: dict[StreamId, list[Draft]] = {}
    for event_id, fact in facts:
        draft = Draft(event_id, fact, caller.now, caller.now, order.source, caller.actor_id)
        by_stream.setdefault(stream_of(fact), []).append(draft)
    writes = [(stream, drafts, 0 if stream == own else None) for stream, drafts in by_stream.items()]
    try:
        log.append(tenant_id, writes, now=caller.appended_at)
    except Conflict as error:
        # Another call was faster: whatever it made is the deal's project.
        there = _project_of(log, tenant_id, order)
        if error.code not in {"stale_version", "event_id_taken"} or not there.project_id:
            raise
        return _started_before(log, tenant_id, there, order, around, caller)
    return Started(names.project_id, order.playbook_id, plan.version.version, is_new=True)


def enter_stage(
    log: Log, tenant_id: TenantId, project_id: str, stage: str, caller: Caller, *, key: str, reason: str = ""
) -> list[Held]:
    """Enters a stage; returns the conditions that were overridden, which takes a `reason`.

    Ids follow from `key`. Raises `Conflict` ("gate_held") when the playbook holds the project and no reason is given.
    """
    project = fold_project(log.read_many(tenant_id, project_streams(project_id)))
    if not project.project_id:
        raise NotFound("unknown_project", "There is no such project.", remedy="List them with GET /v1/projects.")
    known = list(project.stages or STAGES)
    if stage not in known:
        raise Invalid(
            "unknown_stage",
            f"The project has no stage {stage!r}.",
            remedy=f"Enter one of: {', '.join(known)}.",
            where="stage",
        )
    if log.find(tenant_id, [fact_id(tenant_id, SOURCE, "entered", key)]):
        return []
    missing = held_before(log, tenant_id, project, stage)
    if missing and not reason.strip():
        raise hold(missing, stage)
    facts = list(_entering(ProjectId(project_id), stage, missing, reason))
    drafts = [_draft(fact_id(tenant_id, SOURCE, name, key), fact, caller) for name, fact in facts]
    log.append(tenant_id, [(stream_of(facts[0][1]), drafts, None)], now=caller.appended_at)
    return missing


def held_before(log: Log, tenant_id: TenantId, project: ProjectState, stage: str) -> list[Held]:
    """What the project's own version of its playbook has against entering the stage; nothing without one."""
    if project.pin is None:
        return []
    playbook = load_playbook(log, tenant_id, project.pin.playbook_id)
    return unmet(project, playbook.numbered(project.pin.version).template, stage)


def _entering(project_id: ProjectId, stage: str, missing: list[Held], reason: str) -> list[tuple[str, Fact]]:
    entered: tuple[str, Fact] = ("entered", ProjectStageChanged(project_id=project_id, stage=stage))
    if not missing:
        return [entered]
    override = StageGateOverridden(
        project_id=project_id, stage=stage, unmet=tuple(held.sentence for held in missing), reason=_reason(reason)
    )
    return [("overridden", override), entered]


def _project_of(log: Log, tenant_id: TenantId, order: Order) -> ProjectState:
    names = Names(tenant_id, order, order.playbook_id, 0)
    return fold_project(log.read_many(tenant_id, project_streams(names.project_id)))


def _started_before(
    log: Log, tenant_id: TenantId, project: ProjectState, order: Order, around: Around, caller: Caller
) -> Started:
    project_id, pin = ProjectId(project.project_id), project.pin
    differing = _differences(project, order)
    if pin is None or differing:
        raise Conflict(
            "already_started",
            f"The deal {order.source}/{order.external_id} has a project already, with "
            f"{'another ' + ', '.join(differing) if pin else 'no playbook'}.",
            remedy="Change that project by facts, or send another external_ref.",
            data={"project_id": project_id, "differing": differing},
        )
    if order.manager_id and order.manager_id != project.manager_id:
        _change_manager(log, tenant_id, project, PersonId(order.manager_id), around, caller)
    return Started(project_id, pin.playbook_id, pin.version, is_new=False)


def _differences(project: ProjectState, order: Order) -> list[str]:
    """What an order asks for and the project was not started with. What is left out asks for nothing."""
    pin = project.pin
    if pin is None:
        return ["playbook"]
    pairs = {
        "playbook_id": (order.playbook_id, pin.playbook_id),
        "version": (order.version, pin.version),
        "contract_signed_on": (order.contract_signed_on, project.contract_signed_on),
        "customer_id": (order.customer_id, project.customer_id),
        "fee": (order.fee, project.first_fee),
        "go_live_on": (order.go_live_on, pin.go_live_on),
    }
    found = [name for name, (asked, there) in pairs.items() if asked is not None and asked != there]
    found += [f"answers.{key}" for key, answer in order.answers.items() if pin.answers.get(key) != answer]
    return found + [f"owners.{role}" for role, party in order.owners.items() if pin.owners.get(role) != party]


def _change_manager(
    log: Log, tenant_id: TenantId, project: ProjectState, manager_id: PersonId, around: Around, caller: Caller
) -> None:
    if manager_id not in around.tenant.parties:
        raise NotFound(
            "unknown_person", "There is no such person.", remedy="Use an id that exists.", where="manager_id"
        )
    fact = ProjectManagerChanged(project_id=ProjectId(project.project_id), manager_id=manager_id)
    event_id = fact_id(tenant_id, SOURCE, "manager", project.project_id, str(project.version))
    log.append(
        tenant_id, [(stream_of(fact), [_draft(event_id, fact, caller)], project.version)], now=caller.appended_at
    )


def _says_the_same(version: PlaybookVersion, draft: PlaybookDraft) -> bool:
    return (version.name, version.summary, version.template, version.fee) == (
        draft.name,
        draft.summary,
        draft.template,
        draft.fee,
    )


def _reason(text: str) -> str:
    if not text.strip() or len(text) > LONGEST_REASON:
        raise Invalid(
            "missing_reason",
            "A reason is needed.",
            remedy=f"Say it in 1 to {LONGEST_REASON} characters.",
            where="reason",
        )
    return text


def _draft(event_id: EventId, fact: Fact, caller: Caller) -> Draft:
    return Draft(event_id, fact, caller.now, caller.now, SOURCE, caller.actor_id)
