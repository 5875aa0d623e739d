"""Facts about playbooks: versioned templates of a project, whole in each version."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar, Literal

import msgspec

from store.events.fact import Fact
from store.events.projects import FeeType
from store.events.tasks import LinkType, Milestone, Track
from store.ids import PlaybookId

Side = Literal["vendor", "customer"]
Gate = Literal["soft", "hard"]
Anchor = Literal["contract_signed", "kickoff", "go_live"]
Tasks = Literal["", "all", "internal", "customer", "approval"]
Known = Literal["", "customer", "manager", "success_milestone", "committed_go_live", "scope"]


class PlaybookRole(msgspec.Struct, frozen=True, kw_only=True):
    """Who does a kind of work, and on whose side."""

    role: str
    name: str
    side: Side = "vendor"


class PlaybookCondition(msgspec.Struct, frozen=True, kw_only=True):
    """One condition of a stage, in one of four ways.

    `task`: that task is done. `tasks`: all of this stage's tasks, or of one track, are done. `known`: the
    project has it. `words`: a person sees to it; such a condition never holds a stage.
    """

    task: str = ""
    tasks: Tasks = ""
    known: Known = ""
    words: str = ""


class PlaybookStage(msgspec.Struct, frozen=True, kw_only=True):
    """A step with the role that owns it. A hard gate holds whoever wants to go on before its conditions are met."""

    stage: str
    owner: str
    entry: tuple[PlaybookCondition, ...] = ()
    exit: tuple[PlaybookCondition, ...] = ()
    gate: Gate = "soft"


class PlaybookScopeItem(msgspec.Struct, frozen=True, kw_only=True):
    """A clause of what is sold."""

    key: str
    text: str
    hours: Decimal | None = None


class PlaybookLink(msgspec.Struct, frozen=True, kw_only=True):
    """A dependency on another task; lag in working days."""

    on: str
    type: LinkType = "FS"
    lag_days: int = 0


class PlaybookTie(msgspec.Struct, frozen=True, kw_only=True):
    """A dependency that a module gives to a task outside it."""

    task: str
    on: str
    type: LinkType = "FS"
    lag_days: int = 0


class PlaybookTask(msgspec.Struct, frozen=True, kw_only=True):
    """A unit of work. `duration_days` and `offset_days` are working days.

    `anchor` is contract_signed, kickoff, go_live or another task's key: the task starts no earlier than
    `offset_days` after that day (after the other task's last day). Without one it follows its links.
    """

    key: str
    name: str
    stage: str
    track: Track
    role: str
    duration_days: int = 1
    effort_hours: Decimal = Decimal(0)
    anchor: str = ""
    offset_days: int = 0
    after: tuple[PlaybookLink, ...] = ()
    scope_item: str = ""
    milestone: Milestone = ""
    is_billable: bool = True


class PlaybookQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked when a project starts. Without a default it must be answered."""

    key: str
    text: str
    options: tuple[str, ...] = ("yes", "no")
    default: str = ""


class PlaybookModule(msgspec.Struct, frozen=True, kw_only=True):
    """A block that an answer adds; `adds_days` moves the usual go-live, in working days."""

    key: str
    name: str
    question: str
    answer: str = "yes"
    adds_days: int = 0
    scope_items: tuple[PlaybookScopeItem, ...] = ()
    tasks: tuple[PlaybookTask, ...] = ()
    links: tuple[PlaybookTie, ...] = ()


class PlaybookTemplate(msgspec.Struct, frozen=True, kw_only=True):
    """Everything of a version but the money. The two spans are working days, used where a start names no date."""

    roles: tuple[PlaybookRole, ...]
    stages: tuple[PlaybookStage, ...]
    tasks: tuple[PlaybookTask, ...]
    scope_items: tuple[PlaybookScopeItem, ...] = ()
    questions: tuple[PlaybookQuestion, ...] = ()
    modules: tuple[PlaybookModule, ...] = ()
    kickoff_after_days: int
    go_live_after_days: int
    success_milestone: str


class PlaybookFee(msgspec.Struct, frozen=True, kw_only=True):
    """What it is sold for. `margin_floor` is a share; `by_module` is what each module adds to a fixed amount."""

    fee_type: FeeType
    amount: Decimal | None = None
    currency: str = ""
    margin_floor: Decimal | None = None
    by_module: dict[str, Decimal] = {}


class PlaybookPublished(Fact, frozen=True, kw_only=True):
    """A version, from now on the one that projects start from. Versions count from 1 and never change."""

    TYPE: ClassVar[str] = "playbook.published"
    ACCESS: ClassVar[Mapping[str, str]] = {"fee": "money"}
    playbook_id: PlaybookId
    version: int
    name: str
    summary: str = ""
    template: PlaybookTemplate
    fee: PlaybookFee


class PlaybookRetired(Fact, frozen=True, kw_only=True):
    """No project starts from it any more; those that did keep their version."""

    TYPE: ClassVar[str] = "playbook.retired"
    playbook_id: PlaybookId
    reason: str
