"""Facts about money: change requests, invoices, expenses, revenue forecasts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar, Literal

from store.events.fact import Fact
from store.ids import ProjectId, TaskId

ChangeDecision = Literal["accepted", "rejected", "absorbed", "withdrawn"]


class ChangeRequested(Fact, frozen=True, kw_only=True):
    """More, or other, than was sold was asked for."""

    TYPE: ClassVar[str] = "change.requested"
    ACCESS: ClassVar[Mapping[str, str]] = {"amount": "money"}
    change_request_id: str
    external_id: str
    project_id: ProjectId
    text: str = ""
    hours: Decimal | None = None
    amount: Decimal | None = None
    currency: str = ""
    extra: dict[str, str] = {}


class ChangeRequestDecided(Fact, frozen=True, kw_only=True):
    """Accepted (fee and budget change), rejected, absorbed (done for nothing) or withdrawn by whoever raised it."""

    TYPE: ClassVar[str] = "change.decided"
    change_request_id: str
    project_id: ProjectId
    decision: ChangeDecision


class InvoiceIssued(Fact, frozen=True, kw_only=True):
    """An invoice, perhaps for a billing milestone."""

    TYPE: ClassVar[str] = "invoice.issued"
    ACCESS: ClassVar[Mapping[str, str]] = {"amount": "money"}
    invoice_id: str
    external_id: str
    project_id: ProjectId
    issued_on: dt.date
    amount: Decimal
    currency: str
    milestone_task_id: TaskId | None = None
    extra: dict[str, str] = {}


class InvoicePaid(Fact, frozen=True, kw_only=True):
    """The money came."""

    TYPE: ClassVar[str] = "invoice.paid"
    invoice_id: str
    project_id: ProjectId
    paid_on: dt.date


class ExpenseRecorded(Fact, frozen=True, kw_only=True):
    """Money spent, or planned to be spent, other than hours."""

    TYPE: ClassVar[str] = "expense.recorded"
    ACCESS: ClassVar[Mapping[str, str]] = {"amount": "money"}
    expense_id: str
    external_id: str
    project_id: ProjectId
    incurred_on: dt.date
    amount: Decimal
    currency: str
    is_billable: bool | None = None
    is_planned: bool | None = None
    supplier: str = ""
    extra: dict[str, str] = {}


class RevenueForecastMade(Fact, frozen=True, kw_only=True):
    """What somebody expected, on a day, a project to bring in a month (period "YYYY-MM")."""

    TYPE: ClassVar[str] = "revenue.forecast_made"
    ACCESS: ClassVar[Mapping[str, str]] = {"revenue": "money"}
    project_id: ProjectId
    made_on: dt.date
    period: str
    revenue: Decimal
    currency: str
    extra: dict[str, str] = {}
