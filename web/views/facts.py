"""Each fact as one readable line. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from store.events import (
    ActivityRecorded,
    AlertCleared,
    AlertDecided,
    AlertRaised,
    AlertReworded,
    AlertRewordingMissed,
    AlertUpdated,
    AllocationBooked,
    AllocationChanged,
    AllocationReleased,
    BaselineApproved,
    Fact,
    MessageSent,
    PersonRegistered,
    ProjectCreated,
    ProjectGoLiveCommitted,
    ProjectGoLiveMoved,
    ProjectStageChanged,
    ProjectStatusChanged,
    ProposalApplied,
    ProposalUndone,
    SummaryItemDecided,
    SummaryMade,
    TaskCreated,
    TaskDueMoved,
    TaskReassigned,
    TaskStartMoved,
    TaskStatusChanged,
    TimeLogged,
    TimeOffBooked,
    TranscriptReceived,
)
from web.views.names import Names
from web.words import HARD, STATUSES, amount, count, day, days, plain


def line(fact: Fact, names: Names) -> str:
    """What happened, in one line; the type's own words where nothing better is known."""
    teller = _TELLERS.get(type(fact))
    return teller(fact, names) if teller else plain(fact.TYPE)


def _booked(fact: AllocationBooked | AllocationChanged, names: Names) -> str:
    who = names.party(fact.person_id) if fact.person_id else f"A {plain(getattr(fact, 'role', '') or 'person').lower()}"
    firmness = "tentatively " if fact.firmness == "soft" else ""
    verb = "booked" if isinstance(fact, AllocationBooked) else "booking changed to"
    where, when = names.project(fact.project_id), days(fact.starts_on, fact.ends_on)
    return f"{who} {firmness}{verb} {amount(fact.hours_per_day, 'h')}{HARD}a day on {where}, {when}"


def _released(fact: AllocationReleased, names: Names) -> str:
    return f"Booking of {names.party(fact.person_id)} on {names.project(fact.project_id)} released"


def _time_off(fact: TimeOffBooked, names: Names) -> str:
    how_much = f" for {amount(fact.hours_per_day, 'h')} a day" if fact.hours_per_day is not None else ""
    return f"{names.party(fact.person_id)} is away {days(fact.starts_on, fact.ends_on)}{how_much}"


def _person(fact: PersonRegistered, names: Names) -> str:
    hours = f", {amount(fact.hours_per_day, 'h')} a day" if fact.hours_per_day is not None else ", the tenant's hours"
    role = f" as {plain(fact.role).lower()}" if fact.role else ""
    return f"{names.party(fact.person_id)} registered{role}{hours}"


def _message(fact: MessageSent, names: Names) -> str:
    asked = ", asks for an answer" if fact.needs_answer else ""
    return f"{plain(fact.channel)} from {names.party(fact.from_id)}{asked}"


def _due(fact: TaskDueMoved, names: Names) -> str:
    return f"Due date moved to {day(fact.due_on, today=names.today)}" if fact.due_on else "Due date taken away"


def _start(fact: TaskStartMoved, names: Names) -> str:
    on = fact.planned_start_on
    return f"Planned start moved to {day(on, today=names.today)}" if on else "Planned start taken away"


def _decided(fact: AlertDecided, names: Names) -> str:
    reason = f": {plain(fact.reason).lower()}" if fact.reason else ""
    until = f" until {day(fact.until_on, today=names.today)}" if fact.until_on else ""
    to_whom = f" to {names.party(fact.assignee_id)}" if fact.assignee_id else ""
    return f"Decision on the alert: {fact.verb}{reason}{until}{to_whom}"


def _promised(fact: ProjectGoLiveCommitted, names: Names) -> str:
    return f"Go-live committed for {day(fact.committed_go_live_on, today=names.today)}"


_TELLERS: dict[type[Fact], Callable[[Any, Names], str]] = {
    AllocationBooked: _booked,
    AllocationChanged: _booked,
    AllocationReleased: _released,
    TimeOffBooked: _time_off,
    PersonRegistered: _person,
    MessageSent: _message,
    TaskDueMoved: _due,
    TaskStartMoved: _start,
    AlertDecided: _decided,
    ProjectGoLiveCommitted: _promised,
    ProjectCreated: lambda fact, _names: f"Project {fact.name or fact.external_id} created",
    ProjectStatusChanged: lambda fact, _names: f"Project is now {STATUSES.get(fact.status, fact.status).lower()}",
    ProjectStageChanged: lambda fact, _names: f"Stage {plain(fact.stage).lower()} entered",
    ProjectGoLiveMoved: lambda fact, names: f"Team expects go-live on {day(fact.go_live_on, today=names.today)}",
    BaselineApproved: lambda fact, _names: f"Baseline {fact.name} approved",
    TaskCreated: lambda fact, _names: f"Task {fact.name} created ({fact.track})",
    TaskStatusChanged: lambda fact, _names: f"Task is now {plain(fact.status).lower()}",
    TaskReassigned: lambda fact, names: f"Task given to {names.party(fact.owner_id)}",
    ActivityRecorded: lambda fact, _names: f"{plain(fact.activity)} ({fact.track})",
    TimeLogged: lambda fact, names: f"{amount(fact.hours, 'h')} logged by {names.party(fact.person_id)}",
    TranscriptReceived: lambda fact, _names: f"Transcript of the call {fact.name} received",
    SummaryMade: lambda fact, _names: f"Call {fact.name} summarised, {count(fact.item_count, 'item')}",
    SummaryItemDecided: lambda fact, _names: f"Decision on an item of a call: {fact.verb}",
    AlertRaised: lambda _fact, _names: "Alert raised",
    AlertUpdated: lambda _fact, _names: "Alert brought up to date",
    AlertCleared: lambda fact, _names: f"Alert closed: {plain(fact.reason).lower()}",
    ProposalApplied: lambda _fact, _names: "Proposal carried out",
    AlertReworded: lambda _fact, _names: "Alert said in other words",
    AlertRewordingMissed: lambda _fact, _names: "No other words for the alert",
    ProposalUndone: lambda _fact, _names: "Proposal undone",
}
