"""Facts about a project's frame: contract, status, stages, commitments, baselines, scope."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar, Literal

from store.events.fact import Fact
from store.ids import CustomerId, PartyId, PersonId, PlaybookId, ProjectId, TaskId

FeeType = Literal["fixed", "time_and_material", "subscription", "non_billable"]
ProjectStatus = Literal["active", "on_hold", "live", "closed", "cancelled"]


class ProjectCreated(Fact, frozen=True, kw_only=True):
    """One onboarding or engagement, as first recorded."""

    TYPE: ClassVar[str] = "project.created"
    ACCESS: ClassVar[Mapping[str, str]] = {
        "name": "public",
        "success_milestone": "public",
        "fee": "money",
        "sold_margin": "money",
        "margin_floor": "money",
    }
    project_id: ProjectId
    external_id: str
    customer_id: CustomerId | None = None
    name: str
    playbook: str = ""
    manager_id: PersonId | None = None
    contract_signed_on: dt.date | None = None
    fee_type: FeeType | None = None
    fee: Decimal | None = None
    currency: str = ""
    budget_hours: Decimal | None = None
    sold_margin: Decimal | None = None
    margin_floor: Decimal | None = None
    baseline_go_live_on: dt.date | None = None
    success_milestone: str = ""
    engagement_id: str | None = None
    calendar_id: str | None = None
    extra: dict[str, str] = {}


class ProjectStatusChanged(Fact, frozen=True, kw_only=True):
    """Active, on hold (clocks stop), live, closed or cancelled; active again when re-opened."""

    TYPE: ClassVar[str] = "project.status_changed"
    ACCESS: ClassVar[Mapping[str, str]] = {"status": "public"}
    project_id: ProjectId
    status: ProjectStatus


class ProjectStageChanged(Fact, frozen=True, kw_only=True):
    """The project entered a stage of its playbook."""

    TYPE: ClassVar[str] = "project.stage_changed"
    ACCESS: ClassVar[Mapping[str, str]] = {"stage": "public"}
    project_id: ProjectId
    stage: str


class ProjectGoLiveMoved(Fact, frozen=True, kw_only=True):
    """The delivery team's own expected go-live date."""

    TYPE: ClassVar[str] = "project.go_live_moved"
    project_id: ProjectId
    go_live_on: dt.date


class ProjectGoLiveCommitted(Fact, frozen=True, kw_only=True):
    """The date promised to the customer from now on."""

    TYPE: ClassVar[str] = "project.go_live_committed"
    ACCESS: ClassVar[Mapping[str, str]] = {"committed_go_live_on": "public"}
    project_id: ProjectId
    committed_go_live_on: dt.date


class ProjectHealthReported(Fact, frozen=True, kw_only=True):
    """A colour somebody gave; kept as said, never used as an outcome."""

    TYPE: ClassVar[str] = "project.health_reported"
    project_id: ProjectId
    health: str


class ProjectManagerChanged(Fact, frozen=True, kw_only=True):
    """Who answers for the project."""

    TYPE: ClassVar[str] = "project.manager_changed"
    project_id: ProjectId
    manager_id: PersonId


class ProjectFieldChanged(Fact, frozen=True, kw_only=True):
    """Another value of a field, by name: of the frame (fee, budget, sold margin, name, ...) it holds from now on.

    Any other field is kept and not interpreted.
    """

    TYPE: ClassVar[str] = "project.field_changed"
    project_id: ProjectId
    field: str
    value: str


class StageDefined(Fact, frozen=True, kw_only=True):
    """A step of the project with its owner and its entry and exit conditions."""

    TYPE: ClassVar[str] = "stage.defined"
    project_id: ProjectId
    stage: str
    position: int | None = None
    owner_id: PartyId | None = None
    entry: str = ""
    exit: str = ""
    extra: dict[str, str] = {}


class BaselineApproved(Fact, frozen=True, kw_only=True):
    """A line of the plan as approved at a moment; no task means the project itself."""

    TYPE: ClassVar[str] = "baseline.approved"
    ACCESS: ClassVar[Mapping[str, str]] = {"cost": "money"}
    project_id: ProjectId
    name: str
    approved_by: PartyId | None = None
    task_id: TaskId | None = None
    start_on: dt.date | None = None
    due_on: dt.date | None = None
    effort_hours: Decimal | None = None
    cost: Decimal | None = None
    extra: dict[str, str] = {}


class BaselineTaken(Fact, frozen=True, kw_only=True):
    """The plan as known at the instant of the envelope's `occurred_at`, kept under a name for good.

    The plan is what the log held at `position`; on the recorded basis only what its sources knew by that
    instant of it. `approval` says why the go-live may be another than in the baseline before.
    """

    TYPE: ClassVar[str] = "baseline.taken"
    project_id: ProjectId
    name: str
    position: int
    basis: Literal["position", "recorded"] = "position"
    go_live_on: dt.date | None = None
    approval: str = ""


class ScopeItemAdded(Fact, frozen=True, kw_only=True):
    """One clause of what was sold."""

    TYPE: ClassVar[str] = "scope_item.added"
    ACCESS: ClassVar[Mapping[str, str]] = {"text": "public"}
    scope_item_id: str
    external_id: str
    project_id: ProjectId
    text: str
    hours: Decimal | None = None
    extra: dict[str, str] = {}


class ProjectPlaybookPinned(Fact, frozen=True, kw_only=True):
    """The project was started from this version of a playbook, with these answers, dates and owners of roles.

    `modules` are the blocks that the answers added.
    """

    TYPE: ClassVar[str] = "project.playbook_pinned"
    project_id: ProjectId
    playbook_id: PlaybookId
    version: int
    answers: dict[str, str] = {}
    modules: tuple[str, ...] = ()
    owners: dict[str, PartyId] = {}
    contract_signed_on: dt.date
    kickoff_on: dt.date
    go_live_on: dt.date


class StageGateOverridden(Fact, frozen=True, kw_only=True):
    """A manager let the project enter a stage although these conditions of its playbook were not met."""

    TYPE: ClassVar[str] = "stage.gate_overridden"
    project_id: ProjectId
    stage: str
    unmet: tuple[str, ...]
    reason: str
