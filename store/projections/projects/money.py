"""How time sheets and the ledger change a project's state. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from store.events import (
    ChangeRequestDecided,
    ChangeRequested,
    ExpenseRecorded,
    Fact,
    InvoiceIssued,
    InvoicePaid,
    RevenueForecastMade,
    TimeApproved,
    TimeLogged,
)
from store.log import Event
from store.projections.projects.state import ChangeRequest, Expense, Invoice, ProjectState, RevenueForecast, TimeEntry


def _logged(state: ProjectState, fact: TimeLogged, event: Event) -> None:
    state.time.append(
        TimeEntry(
            entry_id=fact.entry_id,
            person_id=fact.person_id,
            task_id=fact.task_id,
            worked_on=fact.worked_on,
            hours=fact.hours,
            is_billable=fact.is_billable,
            is_approved=False,
            recorded_at=event.recorded_at,
        )
    )


def _approved(state: ProjectState, fact: TimeApproved, _event: Event) -> None:
    # Newest first: an approval follows its entry within days.
    entry = next((entry for entry in reversed(state.time) if entry.entry_id == fact.entry_id), None)
    if entry:
        entry.is_approved = True


def _change(state: ProjectState, fact: ChangeRequested, event: Event) -> None:
    state.change_requests[fact.change_request_id] = ChangeRequest(
        change_request_id=fact.change_request_id,
        at=event.occurred_at,
        hours=fact.hours,
        amount=fact.amount,
        currency=fact.currency,
        covers=tuple(fact.extra.get("covers", "").split()),
        event_id=event.event_id,
    )


def _change_decided(state: ProjectState, fact: ChangeRequestDecided, _event: Event) -> None:
    if request := state.change_requests.get(fact.change_request_id):
        request.decision = fact.decision


def _invoice(state: ProjectState, fact: InvoiceIssued, _event: Event) -> None:
    state.invoices[fact.invoice_id] = Invoice(
        invoice_id=fact.invoice_id, issued_on=fact.issued_on, amount=fact.amount, currency=fact.currency
    )


def _paid(state: ProjectState, fact: InvoicePaid, _event: Event) -> None:
    if invoice := state.invoices.get(fact.invoice_id):
        invoice.paid_on = fact.paid_on


def _expense(state: ProjectState, fact: ExpenseRecorded, event: Event) -> None:
    state.expenses[fact.expense_id] = Expense(
        expense_id=fact.expense_id,
        incurred_on=fact.incurred_on,
        amount=fact.amount,
        currency=fact.currency,
        is_planned=bool(fact.is_planned),
        event_id=event.event_id,
    )


def _forecast(state: ProjectState, fact: RevenueForecastMade, event: Event) -> None:
    state.forecasts.append(
        RevenueForecast(
            made_on=fact.made_on,
            period=fact.period,
            revenue=fact.revenue,
            currency=fact.currency,
            event_id=event.event_id,
        )
    )


HANDLERS: Mapping[type[Fact], Callable[[ProjectState, Any, Event], None]] = {
    TimeLogged: _logged,
    TimeApproved: _approved,
    ChangeRequested: _change,
    ChangeRequestDecided: _change_decided,
    InvoiceIssued: _invoice,
    InvoicePaid: _paid,
    ExpenseRecorded: _expense,
    RevenueForecastMade: _forecast,
}
