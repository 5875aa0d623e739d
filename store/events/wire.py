"""Between a fact and its bytes. The bytes are canonical: sorted keys, no spaces, UTF-8, decimals and dates as text."""

from __future__ import annotations

from collections.abc import Mapping

from store.events import (
    alerts,
    conversation,
    directory,
    ledger,
    people,
    playbooks,
    projects,
    summaries,
    tasks,
    timesheets,
    vault,
)
from store.events.catalogue import Catalogue, Upcast
from store.events.fact import Fact

FACT_TYPES: tuple[type[Fact], ...] = (
    directory.TenantConfigured,
    directory.CalendarDefined,
    directory.CalendarChanged,
    directory.CustomerRegistered,
    directory.ContactRegistered,
    directory.PartyErased,
    directory.EngagementOpened,
    directory.AccessLimited,
    directory.RateSet,
    directory.ExchangeRateSet,
    people.PersonRegistered,
    people.ContractChanged,
    people.TimeOffBooked,
    people.AllocationBooked,
    people.AllocationChanged,
    people.AllocationReleased,
    projects.ProjectCreated,
    projects.ProjectStatusChanged,
    projects.ProjectStageChanged,
    projects.ProjectGoLiveMoved,
    projects.ProjectGoLiveCommitted,
    projects.ProjectHealthReported,
    projects.ProjectManagerChanged,
    projects.ProjectFieldChanged,
    projects.StageDefined,
    projects.BaselineApproved,
    projects.BaselineTaken,
    projects.ScopeItemAdded,
    projects.ProjectPlaybookPinned,
    projects.StageGateOverridden,
    tasks.TaskCreated,
    tasks.TaskStatusChanged,
    tasks.TaskDueMoved,
    tasks.TaskStartMoved,
    tasks.TaskReassigned,
    tasks.TaskReestimated,
    tasks.TaskFieldChanged,
    tasks.TaskLinked,
    tasks.ActivityRecorded,
    conversation.MessageSent,
    conversation.EscalationRaised,
    conversation.TranscriptReceived,
    summaries.SummaryMade,
    summaries.SummaryItemDecided,
    timesheets.TimeLogged,
    timesheets.TimeApproved,
    ledger.ChangeRequested,
    ledger.ChangeRequestDecided,
    ledger.InvoiceIssued,
    ledger.InvoicePaid,
    ledger.ExpenseRecorded,
    ledger.RevenueForecastMade,
    alerts.AlertRaised,
    alerts.AlertUpdated,
    alerts.AlertReworded,
    alerts.AlertRewordingMissed,
    alerts.AlertCleared,
    alerts.AlertDecided,
    alerts.ProposalApplied,
    alerts.ProposalUndone,
    playbooks.PlaybookPublished,
    playbooks.PlaybookRetired,
    vault.SecretKept,
    vault.SecretRevealed,
)

UPCASTS: Mapping[tuple[str, int], Upcast] = {}
"""(type, version) -> the payload one version up. Empty until a type has a second version."""

CATALOGUE = Catalogue(FACT_TYPES, UPCASTS)
dump = CATALOGUE.dump
parse = CATALOGUE.parse


def wire_name(fact: Fact) -> str:
    """The name outside parties see, for example `task.created.v1`."""
    return f"{fact.TYPE}.v{fact.VERSION}"
