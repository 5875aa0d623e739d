"""Between a fact and its bytes. The bytes are canonical: sorted keys, no spaces, UTF-8, decimals and dates as text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from store.errors import Invalid
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
)
from store.events.fact import Fact

FACT_TYPES: tuple[type[Fact], ...] = (
    directory.TenantConfigured,
    directory.CalendarDefined,
    directory.CustomerRegistered,
    directory.ContactRegistered,
    directory.EngagementOpened,
    directory.RateSet,
    directory.ExchangeRateSet,
    people.PersonRegistered,
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
    alerts.AlertCleared,
    alerts.AlertDecided,
    alerts.ProposalApplied,
    alerts.ProposalUndone,
    playbooks.PlaybookPublished,
    playbooks.PlaybookRetired,
)

Upcast = Callable[[dict[str, Any]], dict[str, Any]]

UPCASTS: Mapping[tuple[str, int], Upcast] = {}
"""(type, version) -> the payload one version up. Empty until a type has a second version."""

_DECODERS = {fact_type.TYPE: msgspec.json.Decoder(fact_type) for fact_type in FACT_TYPES}
_VERSIONS = {fact_type.TYPE: fact_type.VERSION for fact_type in FACT_TYPES}
_ENCODER = msgspec.json.Encoder(order="sorted")
_NO_DEFAULT = object()


def _defaults_of(fact_type: type[Fact]) -> dict[str, Any]:
    """Field -> its default in wire form, for the fields that have one."""
    defaults: dict[str, Any] = {}
    for field in msgspec.structs.fields(fact_type):
        if field.default is not msgspec.NODEFAULT:
            defaults[field.name] = msgspec.to_builtins(field.default)
        elif field.default_factory is not msgspec.NODEFAULT:
            defaults[field.name] = msgspec.to_builtins(field.default_factory())
    return defaults


_DEFAULTS = {fact_type: _defaults_of(fact_type) for fact_type in FACT_TYPES}


def wire_name(fact: Fact) -> str:
    """The name outside parties see, for example `task.created.v1`."""
    return f"{fact.TYPE}.v{fact.VERSION}"


def dump(fact: Fact) -> bytes:
    """The canonical bytes of a fact: equal facts, equal bytes.

    A field that holds its default is left out, so that a field added later changes no bytes of
    facts without it. Compared by value: msgspec's own `omit_defaults` compares objects, and a
    freshly parsed "staff" is another object than the default. Raises `Invalid` for a type that is
    not registered, and `UnicodeEncodeError` for a text that is no Unicode.
    """
    defaults = _DEFAULTS.get(type(fact))
    if defaults is None:
        raise unknown_type(fact.TYPE or type(fact).__name__)
    fields: dict[str, Any] = msgspec.to_builtins(fact)
    return _ENCODER.encode({name: value for name, value in fields.items() if value != defaults.get(name, _NO_DEFAULT)})


def parse(type_name: str, version: int, body: bytes | str) -> Fact:
    """The fact that `dump` wrote, brought up to the present version.

    Raises `Invalid` for an unknown type, a version newer than this program knows, or a body that
    is not of the type's form.
    """
    known = _VERSIONS.get(type_name)
    if known is None:
        raise unknown_type(type_name)
    if version > known:
        raise Invalid(
            "newer_schema_version",
            f"{type_name} has version {version}; this program knows versions up to {known}.",
            remedy="Upgrade Leeway before reading this log.",
        )
    try:
        return _DECODERS[type_name].decode(_upcast(type_name, version, known, body))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Invalid(
            "malformed_event",
            f"{type_name}: {error}",
            remedy="Compare with the event's schema.",
        ) from error


def unknown_type(type_name: str) -> Invalid:
    """The error of a type that this program does not know."""
    return Invalid(
        "unknown_event_type",
        f"No event type is called {type_name!r}.",
        remedy="Upgrade Leeway, or mend the name.",
    )


def _upcast(type_name: str, version: int, known: int, body: bytes | str) -> bytes | str:
    if version == known:
        return body
    payload: dict[str, Any] = msgspec.json.decode(body)
    for step in range(version, known):
        payload = UPCASTS[(type_name, step)](payload)
    return msgspec.json.encode(payload)
