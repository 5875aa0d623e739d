"""What the API answers about playbooks: a version whole, the plan of an order, a project held against its playbook."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated

from msgspec import Meta

from api.shapes import Money, Project, Shape
from store.events.playbooks import (
    PlaybookModule,
    PlaybookQuestion,
    PlaybookRole,
    PlaybookScopeItem,
    PlaybookStage,
    PlaybookTask,
)


class PlaybookBrief(Shape, frozen=True, kw_only=True):
    id: Annotated[str, Meta(examples=["saas-onboarding"])]
    name: str
    summary: str
    version: int
    latest_version: int
    published_at: dt.datetime
    published_by: str | None
    event_id: str
    is_retired: bool
    retired_because: str
    task_count: int
    module_count: int


class PlaybookList(Shape, frozen=True, kw_only=True):
    data: list[PlaybookBrief]


class PlaybookFeeOut(Shape, frozen=True, kw_only=True):
    """What it is sold for; `by_module` is what each module adds. `margin_floor` is a share."""

    fee_type: str
    amount: Money | None
    margin_floor: Decimal | None
    by_module: dict[str, Money]


class Playbook(PlaybookBrief, frozen=True, kw_only=True):
    """One version, whole. The fee is null for roles that may not see money. Days are working days."""

    success_milestone: str
    kickoff_after_days: int
    go_live_after_days: int
    fee: PlaybookFeeOut | None
    roles: list[PlaybookRole]
    stages: list[PlaybookStage]
    scope_items: list[PlaybookScopeItem]
    tasks: list[PlaybookTask]
    questions: list[PlaybookQuestion]
    modules: list[PlaybookModule]


class RoleHoursOut(Shape, frozen=True, kw_only=True):
    role: str
    name: str
    hours: Decimal


class PlannedTaskOut(Shape, frozen=True, kw_only=True):
    key: str
    name: str
    stage: str
    track: str
    role: str
    owner_id: str | None
    effort_hours: Decimal
    starts_on: dt.date
    due_on: dt.date
    float_days: Annotated[int | None, Meta(description="How far it can slip before go-live does, working days")]
    is_critical: bool


class ProjectPlan(Shape, frozen=True, kw_only=True):
    """What an order would come to. `leeway_days` lies between the planned and the promised go-live; negative is late.

    Fee, cost and margin are null for roles that may not see money, and where a rate is not known (`unrated_roles`).
    """

    playbook_id: str
    version: int
    answers: dict[str, str]
    modules: list[str]
    contract_signed_on: dt.date
    kickoff_on: dt.date
    planned_go_live_on: dt.date
    promised_go_live_on: dt.date
    leeway_days: int
    success_on: dt.date
    ends_on: dt.date
    hours: Decimal
    roles: list[RoleHoursOut]
    fee: Money | None
    cost: Money | None
    margin: Decimal | None
    margin_floor: Decimal | None
    is_below_floor: bool | None
    unrated_roles: list[str]
    critical_path: list[str]
    tasks: list[PlannedTaskOut]


class ProjectStarted(Shape, frozen=True, kw_only=True):
    """The deal's project; `is_new` is false where it was there already."""

    is_new: bool
    playbook_id: str
    version: int
    project: Project


class StageEntered(Shape, frozen=True, kw_only=True):
    project_id: str
    stage: str
    overridden: Annotated[list[str], Meta(description="Conditions that were not met and that a manager overrode")]


class MissingOut(Shape, frozen=True, kw_only=True):
    key: str
    name: str
    stage: str
    track: str
    is_cancelled: bool


class OutOfOrderOut(Shape, frozen=True, kw_only=True):
    """A task that went ahead of one it depends on."""

    task_id: str
    name: str
    before_id: str
    before_name: str
    link: str


class AddedOut(Shape, frozen=True, kw_only=True):
    task_id: str
    name: str
    stage: str
    track: str
    effort_hours: Decimal | None


class ReestimatedOut(Shape, frozen=True, kw_only=True):
    task_id: str
    name: str
    playbook_hours: Decimal
    effort_hours: Decimal


class HeldOut(Shape, frozen=True, kw_only=True):
    """A condition; `is_met` is null for words that only a person can judge."""

    words: str
    is_met: bool | None
    task_ids: tuple[str, ...]


class StageGateOut(Shape, frozen=True, kw_only=True):
    stage: str
    owner: str
    is_hard: bool
    entry: list[HeldOut]
    exit: list[HeldOut]


class ProjectPlaybook(Shape, frozen=True, kw_only=True):
    """A project held against its playbook. Not `is_pinned`: it only bears the playbook's name; the latest is taken."""

    project_id: str
    playbook_id: str
    version: int
    latest_version: int
    is_pinned: bool
    modules: list[str]
    steps: int
    steps_done: int
    missing: list[MissingOut]
    out_of_order: list[OutOfOrderOut]
    added: list[AddedOut]
    reestimated: list[ReestimatedOut]
    stages: list[StageGateOut]
