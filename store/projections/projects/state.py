"""What is known of one project at a cut. Pure data; `fold` makes it.

Every date is as last recorded; `first_*` keeps what was recorded first. `event_id`s name the fact
that gave a value its present form, so that any claim about it can cite its evidence.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import msgspec


class DateMove(msgspec.Struct, kw_only=True):
    """A date that was set at an instant (by occurrence)."""

    at: dt.datetime
    on: dt.date | None
    event_id: str


class StatusMove(msgspec.Struct, kw_only=True):
    """A status that was entered at an instant."""

    at: dt.datetime
    status: str
    event_id: str


class Link(msgspec.Struct, kw_only=True):
    """A dependency on another task; lag in working days."""

    depends_on_id: str
    link: str
    lag_days: Decimal
    event_id: str


class Task(msgspec.Struct, kw_only=True):
    """A unit of work on one of three tracks."""

    task_id: str
    external_id: str
    stage: str
    name: str
    track: str
    owner_id: str | None
    role: str
    effort_hours: Decimal | None
    planned_start_on: dt.date | None
    due_on: dt.date | None
    first_due_on: dt.date | None
    scope_item_id: str | None
    playbook_task: str
    milestone: str
    is_billable: bool | None
    created_at: dt.datetime
    created_event_id: str
    status: str = "todo"
    status_event_id: str = ""
    started_at: dt.datetime | None = None
    done_at: dt.datetime | None = None
    status_moves: list[StatusMove] = []
    due_moves: list[DateMove] = []
    links: list[Link] = []

    @property
    def is_open(self) -> bool:
        """Neither done nor cancelled."""
        return self.status not in {"done", "cancelled"}


class Message(msgspec.Struct, kw_only=True):
    """A message without its text: who, when, and whether it asked for an answer."""

    message_id: str
    at: dt.datetime
    from_id: str | None
    to_ids: tuple[str, ...]
    channel: str
    in_reply_to: str | None
    needs_answer: bool
    event_id: str


class TimeEntry(msgspec.Struct, kw_only=True):
    """Hours worked. `recorded_at` is when the sheet was submitted."""

    entry_id: str
    person_id: str
    task_id: str | None
    worked_on: dt.date
    hours: Decimal
    is_billable: bool | None
    is_approved: bool
    recorded_at: dt.datetime


class ChangeRequest(msgspec.Struct, kw_only=True):
    """More than was sold, asked for; undecided while pending. `covers`: ids of the messages and tasks it is about."""

    change_request_id: str
    at: dt.datetime
    hours: Decimal | None
    amount: Decimal | None
    currency: str
    decision: str = "pending"
    covers: tuple[str, ...] = ()
    event_id: str = ""


class Invoice(msgspec.Struct, kw_only=True):
    """An invoice and when it was paid."""

    invoice_id: str
    issued_on: dt.date
    amount: Decimal
    currency: str
    paid_on: dt.date | None = None


class Expense(msgspec.Struct, kw_only=True):
    """Money spent other than on hours; still to be spent while `is_planned` and its day has not come."""

    expense_id: str
    incurred_on: dt.date
    amount: Decimal
    currency: str
    is_planned: bool
    event_id: str


class RevenueForecast(msgspec.Struct, kw_only=True):
    """Revenue somebody expected for a month."""

    made_on: dt.date
    period: str
    revenue: Decimal
    currency: str
    event_id: str


class Activity(msgspec.Struct, kw_only=True):
    """A line of a foreign event log."""

    at: dt.datetime
    activity: str
    track: str
    event_id: str
    task_id: str | None = None


class Stage(msgspec.Struct, kw_only=True):
    """A step of the project."""

    stage: str
    position: int | None
    owner_id: str | None
    entry: str
    exit: str


class ScopeItem(msgspec.Struct, kw_only=True):
    """A clause of what was sold."""

    scope_item_id: str
    external_id: str
    text: str
    hours: Decimal | None


class Baseline(msgspec.Struct, kw_only=True):
    """A line of an approved plan."""

    name: str
    approved_at: dt.datetime
    task_id: str | None
    start_on: dt.date | None
    due_on: dt.date | None
    effort_hours: Decimal | None
    cost: Decimal | None = None


class TakenBaseline(msgspec.Struct, kw_only=True):
    """A name for the plan as known at `at`: what the log held at `position`, on that basis."""

    name: str
    at: dt.datetime
    taken_at: dt.datetime
    position: int
    basis: str
    go_live_on: dt.date | None
    approval: str
    actor_id: str | None
    event_id: str


class Pin(msgspec.Struct, kw_only=True):
    """The version of a playbook that the project was started from, and with what."""

    playbook_id: str
    version: int
    answers: dict[str, str]
    modules: tuple[str, ...]
    owners: dict[str, str]
    contract_signed_on: dt.date
    kickoff_on: dt.date
    go_live_on: dt.date
    event_id: str


class GateOverride(msgspec.Struct, kw_only=True):
    """A stage entered although its gate held, by whose decision and why."""

    at: dt.datetime
    stage: str
    unmet: tuple[str, ...]
    reason: str
    actor_id: str | None
    event_id: str


class ProjectState(msgspec.Struct, kw_only=True):
    """One project at a cut. `version` is that of its plan stream; `extra` holds columns that only the source knows."""

    project_id: str = ""
    external_id: str = ""
    source: str = ""
    customer_id: str | None = None
    name: str = ""
    playbook: str = ""
    pin: Pin | None = None
    manager_id: str | None = None
    contract_signed_on: dt.date | None = None
    fee_type: str | None = None
    fee: Decimal | None = None
    currency: str = ""
    budget_hours: Decimal | None = None
    sold_margin: Decimal | None = None
    margin_floor: Decimal | None = None
    baseline_go_live_on: dt.date | None = None
    committed_go_live_on: dt.date | None = None
    expected_go_live_on: dt.date | None = None
    success_milestone: str = ""
    engagement_id: str | None = None
    calendar_id: str | None = None
    extra: dict[str, str] = {}
    created_at: dt.datetime | None = None
    created_event_id: str = ""
    status: str = "active"
    stage: str = ""
    health: str = ""
    first_fee: Decimal | None = None
    live_at: dt.datetime | None = None
    reopened_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    status_moves: list[StatusMove] = []
    stage_moves: list[StatusMove] = []
    go_live_moves: list[DateMove] = []
    commitments: list[DateMove] = []
    tasks: dict[str, Task] = {}
    stages: dict[str, Stage] = {}
    gate_overrides: list[GateOverride] = []
    scope_items: dict[str, ScopeItem] = {}
    baselines: list[Baseline] = []
    taken: list[TakenBaseline] = []
    messages: list[Message] = []
    escalations: list[StatusMove] = []
    transcripts: list[str] = []
    time: list[TimeEntry] = []
    change_requests: dict[str, ChangeRequest] = {}
    invoices: dict[str, Invoice] = {}
    expenses: dict[str, Expense] = {}
    forecasts: list[RevenueForecast] = []
    activities: list[Activity] = []
    last_recorded_at: dt.datetime | None = None
    version: int = 0

    @property
    def committed_on(self) -> dt.date | None:
        """The date in force: the last promise to the customer, else the baseline."""
        return self.committed_go_live_on or self.baseline_go_live_on

    @property
    def is_running(self) -> bool:
        """Neither live, closed nor cancelled: a score makes sense."""
        return self.status in {"active", "on_hold"}

    @property
    def held_since(self) -> dt.datetime | None:
        """Since when the project is on hold, None while it is not."""
        return self.status_moves[-1].at if self.status == "on_hold" and self.status_moves else None

    @property
    def lacks_commitment(self) -> bool:
        """Re-opened, and no date was promised since: the one before is over."""
        if self.reopened_at is None or not self.is_running:
            return False
        return not any(move.at >= self.reopened_at for move in self.commitments)
