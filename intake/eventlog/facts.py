"""Cases as facts about projects, by a mapping. Pure.

Each fact is dated by the event it follows from and depends on the events up to it alone, so that
a cut at any instant shows what a reader of the log could know then. Ids come from the case, the
activity and its instant: a second import, or one of a log that has grown, repeats nothing.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator

from intake.eventlog import csv_log, xes
from intake.eventlog.cases import EARLIEST, Case, LoggedEvent, RawCase, Reading, Tally
from intake.eventlog.mapping import EventLogMapping, MilestoneSection, Step
from intake.eventlog.playbook import Part, Playbook
from intake.eventlog.unpacking import Readable, plain_chunks
from plan.calendar import Calendar
from store.events import (
    ActivityRecorded,
    Fact,
    ProjectCreated,
    ProjectGoLiveCommitted,
    ProjectStatusChanged,
    TaskCreated,
    TaskDueMoved,
    TaskStatusChanged,
    TenantConfigured,
    dump,
)
from store.events.projects import ProjectStatus
from store.events.tasks import TaskStatus
from store.ids import EventId, ProjectId, StreamId, TaskId, TenantId, entity_id, fact_id
from store.log import Draft
from store.streams import TENANT

Row = tuple[StreamId, Draft]


def cases_of(stream: Readable, mapping: EventLogMapping, tally: Tally) -> Iterator[Case]:
    """The cases of a log (gzipped or not). `Invalid` for a file that cannot be read to its end."""
    chunks = plain_chunks(stream)
    raw: Iterator[RawCase]
    if mapping.log.format == "csv":
        raw = csv_log.raw_cases(chunks, mapping.log, tally)
    else:
        raw = xes.raw_cases(chunks, mapping.log)
    return Reading(mapping, tally).cases(raw)


def drafts_of(
    stream: Readable, mapping: EventLogMapping, tenant_id: TenantId, *, tally: Tally | None = None
) -> Iterator[Row]:
    """Every fact of a log with its stream: the tenant's settings first, then case by case.

    Problems and counts go to `tally`. Raises `Invalid` as `cases_of` does.
    """
    tally = tally if tally is not None else Tally()
    yield TENANT, tenant_draft(mapping, tenant_id)
    playbook = Playbook(mapping)
    for case in cases_of(stream, mapping, tally):
        yield from CaseFacts(playbook, tenant_id, case).rows()


def tenant_draft(mapping: EventLogMapping, tenant_id: TenantId) -> Draft:
    """The tenant's settings, dated before every event; other settings are another fact."""
    tenant = mapping.tenant
    fact = TenantConfigured(
        name=tenant.name,
        timezone=tenant.timezone,
        currency=tenant.currency,
        weekdays=tenant.weekdays,
        hours_per_day=tenant.hours_per_day,
        holidays=tenant.holidays,
    )
    event_id = fact_id(tenant_id, mapping.source, "tenant", dump(fact).decode())
    return Draft(event_id, fact, EARLIEST, EARLIEST, mapping.source)


class CaseFacts:
    """One case on its way to facts: what has been said of its steps and its project so far."""

    def __init__(self, playbook: Playbook, tenant_id: TenantId, case: Case) -> None:
        self._playbook = playbook
        self._mapping = playbook.mapping
        self._tenant_id = tenant_id
        self._case = case
        self._project_id = ProjectId(self._entity("project", case.case_id))
        self._stream = StreamId(f"plan/{self._project_id}")
        self._task_status: dict[str, TaskStatus] = {}
        self._status: ProjectStatus = "active"
        self._committed_on: dt.date | None = None
        self._is_past_milestone = False
        self._repeats: Counter[tuple[str, ...]] = Counter()

    def rows(self) -> Iterator[Row]:
        """The facts in the order in which they became known."""
        first = self._case.events[0]
        yield self._row(self._created(first), first, "project", is_once=True)
        for step in self._mapping.steps:
            if not step.is_optional:
                yield self._task(step, first)
        for event in self._case.events:
            yield from self._event(event)

    def _event(self, event: LoggedEvent) -> Iterator[Row]:
        part = self._playbook.part(event.activity)
        for step, _status in part.moves:
            if step.id not in self._task_status:
                yield self._task(step, event)
        activity = self._row(self._activity(event, part), event, "activity", event.activity)
        yield activity
        cause = activity[1].event_id
        # The first step goes with the activity itself, any further ones follow from it.
        for step, status in part.moves[1:]:
            if self._moved(step, status):
                yield self._row(self._task_moved(step, status), event, "task_status", step.id, cause=cause)
        yield from self._commitment(event, part, cause)
        yield from self._statuses(event, part, cause)

    def _commitment(self, event: LoggedEvent, part: Part, cause: EventId) -> Iterator[Row]:
        milestone = self._mapping.milestone
        if not (part.is_milestone and milestone):
            return
        self._is_past_milestone = True
        on = committed_on(event.at, milestone, self._playbook.calendar)
        if on == self._committed_on:
            return
        self._committed_on = on
        committed = ProjectGoLiveCommitted(project_id=self._project_id, committed_go_live_on=on)
        yield self._row(committed, event, "committed", cause=cause)
        for step in self._mapping.steps:
            if step.milestone == "go_live" and step.id in self._task_status:
                due = TaskDueMoved(task_id=self._task_id(step), project_id=self._project_id, due_on=on)
                yield self._row(due, event, "due", step.id, cause=cause)

    def _statuses(self, event: LoggedEvent, part: Part, cause: EventId) -> Iterator[Row]:
        for status in self._next_statuses(part):
            self._status = status
            changed = ProjectStatusChanged(project_id=self._project_id, status=status)
            yield self._row(changed, event, "status", status, cause=cause)

    def _next_statuses(self, part: Part) -> tuple[ProjectStatus, ...]:
        done = self._mapping.done
        is_ended = self._status in done.then
        is_counted = done.counts == "first" or self._is_past_milestone
        if part.is_done and is_counted and not is_ended:
            return done.then
        if part.is_cancelling and not is_ended and self._status != "cancelled":
            return ("cancelled",)
        is_reviving = any(status in {"in_progress", "done"} for _step, status in part.moves)
        return ("active",) if self._status == "cancelled" and is_reviving and not part.is_cancelling else ()

    def _created(self, first: LoggedEvent) -> ProjectCreated:
        known = {**self._case.attributes, **first.attributes}
        kept = self._mapping.attributes.at_creation
        return ProjectCreated(
            project_id=self._project_id,
            external_id=self._case.case_id,
            name=self._mapping.project.name.replace("{case}", self._case.case_id),
            playbook=self._mapping.playbook,
            extra={name: known[attribute] for name, attribute in kept.items() if attribute in known},
        )

    def _task(self, step: Step, event: LoggedEvent) -> Row:
        self._task_status[step.id] = "todo"
        created = TaskCreated(
            task_id=self._task_id(step),
            external_id=f"{self._case.case_id}/{step.id}",
            project_id=self._project_id,
            name=step.name,
            track=step.track,
            role=step.role,
            playbook_task=step.id,
            milestone=step.milestone,
            due_on=self._committed_on if step.milestone == "go_live" else None,
        )
        return self._row(created, event, "task", step.id, is_once=True)

    def _activity(self, event: LoggedEvent, part: Part) -> ActivityRecorded:
        step, status = part.moves[0] if part.moves else (None, None)
        kept = self._mapping.attributes.per_event
        return ActivityRecorded(
            project_id=self._project_id,
            activity=event.activity,
            track=part.track,
            task_id=self._task_id(step) if step else None,
            status=status if step and status and self._moved(step, status) else None,
            actor_role=event.attributes.get(self._mapping.log.role, ""),
            attributes={name: event.attributes[found] for name, found in kept.items() if event.attributes.get(found)},
        )

    def _task_moved(self, step: Step, status: TaskStatus) -> TaskStatusChanged:
        return TaskStatusChanged(task_id=self._task_id(step), project_id=self._project_id, status=status)

    def _moved(self, step: Step, status: TaskStatus) -> bool:
        """Notes the status; a step that has it already does not move."""
        before = self._task_status[step.id]
        self._task_status[step.id] = status
        return before != status

    def _task_id(self, step: Step) -> TaskId:
        return TaskId(self._entity("task", f"{self._case.case_id}/{step.id}"))

    def _entity(self, kind: str, external_id: str) -> str:
        return entity_id(self._tenant_id, kind, self._mapping.source, external_id)

    def _row(
        self, fact: Fact, event: LoggedEvent, *kind: str, cause: EventId | None = None, is_once: bool = False
    ) -> Row:
        key = kind if is_once else (*kind, event.at.isoformat())
        nth, self._repeats[key] = self._repeats[key], self._repeats[key] + 1
        event_id = fact_id(self._tenant_id, self._mapping.source, self._case.case_id, *key, str(nth))
        return self._stream, Draft(event_id, fact, event.at, event.at, self._mapping.source, causation_id=cause)


def committed_on(at: dt.datetime, milestone: MilestoneSection, calendar: Calendar) -> dt.date:
    """The date promised once the milestone's activity is known: days after its local date."""
    on = calendar.local_date(at)
    if milestone.days == "working":
        return calendar.add_working_days(on, milestone.committed_after_days)
    return on + dt.timedelta(days=milestone.committed_after_days)
