"""A customer that has gone quiet while something waits on it, and was told so.

Counted are the customer's working days since its last act (a message, a delivery, an answer), or since
the oldest wait began where that is later; days on which everybody who is waited for had announced to
be away do not count, and a time on hold starts the count anew. One silence is one finding.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from risk.detectors.view import THRESHOLD, ProjectView
from risk.findings import Finding
from risk.waits import UNDER_WAY
from store.events import Number
from store.events.alerts import Severity

KIND = "customer_silent"
RULE_ID = "customer_silent.v1"
SILENT_DAYS = Decimal(5)
LONG_SILENCE_DAYS = 10
MOVED_DAYS = 3
LASTS = dt.timedelta(days=28)
DAY = dt.timedelta(days=1)


class Act(NamedTuple):
    """Something a contact did, and the fact that tells of it."""

    contact_id: str | None
    at: dt.datetime
    event_id: str


@dataclass(frozen=True, slots=True)
class Ask:
    """Something the customer was asked for: a task or approval of a contact, or a message that needs an answer."""

    contact_id: str | None
    since: dt.datetime
    subject_id: str
    event_id: str
    is_approval: bool = False


def detect(view: ProjectView) -> list[Finding]:
    """The customer's silence at this moment: one finding or none.

    Where only approvals wait there is none: an approval that waits has its own finding.
    """
    tasks = list(_tasks(view))
    asks = [*tasks, *_messages(view, {ask.contact_id for ask in tasks})]
    if all(ask.is_approval for ask in asks):
        return []
    act = max(_acts(view), key=lambda a: (a.at, a.event_id), default=None)
    since = max(min(ask.since for ask in asks), *_resets(view, act))
    threshold = view.threshold("silent_days", SILENT_DAYS)
    customer = view.setting.customer_calendar
    since_on = customer.local_date(since)
    most = customer.working_days_between(since_on, customer.local_date(view.now))
    silent = _silent_days(view, asks, since_on) if most >= threshold else 0
    return [_finding(view, asks, act, since_on, silent, threshold)] if silent >= threshold else []


def _tasks(view: ProjectView) -> Iterator[Ask]:
    for wait in view.waits:
        task = wait.task
        if task.track == "customer" or task.owner_id in view.setting.contact_ids:
            yield Ask(task.owner_id, wait.starts_at, task.task_id, wait.told_event_id, task.track == "approval")


def _messages(view: ProjectView, asked: Collection[str | None]) -> Iterator[Ask]:
    """Questions since which the contact they went to has not stirred; to those `asked` already they are reminders."""
    project, contacts = view.project, view.setting.contact_ids
    if project.status not in UNDER_WAY:
        return
    last: dict[str | None, dt.datetime] = {}
    for act in _acts(view):
        last[act.contact_id] = max(act.at, last.get(act.contact_id, act.at))
    for message in project.messages:
        to = next((party_id for party_id in message.to_ids if party_id in contacts), None)
        is_ours = message.needs_answer and message.from_id not in contacts
        if to and to not in asked and is_ours and message.at <= view.now and (to not in last or last[to] < message.at):
            yield Ask(to, message.at, message.message_id, message.event_id)


def _resets(view: ProjectView, act: Act | None) -> list[dt.datetime]:
    """When the count last began anew, besides the waits themselves."""
    moves = view.project.status_moves
    held = [after.at for before, after in pairwise(moves) if before.status == "on_hold" and after.at <= view.now]
    return [dt.datetime.min.replace(tzinfo=dt.UTC), *([act.at] if act else []), *held]


def _acts(view: ProjectView) -> Iterator[Act]:
    """What the customer did: messages, deliveries, steps of a foreign log."""
    project, contacts, now = view.project, view.setting.contact_ids, view.now
    for message in project.messages:
        if message.from_id in contacts and message.at <= now:
            yield Act(message.from_id, message.at, message.event_id)
    for activity in project.activities:
        if activity.track == "customer" and activity.at <= now:
            yield Act(None, activity.at, activity.event_id)
    for task in project.tasks.values():
        if task.track == "customer" or task.owner_id in contacts:
            for move in task.status_moves:
                if move.status == "done" and move.at <= now:
                    yield Act(task.owner_id, move.at, move.event_id)


def _silent_days(view: ProjectView, asks: Sequence[Ask], since_on: dt.date) -> int:
    """The customer's working days after `since_on` on which somebody who is waited for was there."""
    customer = view.setting.customer_calendar
    calendars = {ask.contact_id: view.working_days_of(ask.contact_id) for ask in asks}
    starts = [(customer.local_date(ask.since), calendars[ask.contact_id]) for ask in asks]
    span = (customer.local_date(view.now) - since_on).days
    days = [since_on + n * DAY for n in range(1, span + 1)]
    return sum(any(start < day and own.is_working_day(day) for start, own in starts) for day in days)


def _finding(
    view: ProjectView, asks: Sequence[Ask], act: Act | None, since_on: dt.date, silent: int, threshold: Decimal
) -> Finding:
    project_id = view.project.project_id
    contacts = sorted({ask.contact_id for ask in asks if ask.contact_id})
    return Finding(
        rule_id=RULE_ID,
        kind=KIND,
        agent="risk",
        severity=_severity(view, asks, silent),
        subject_key=f"{project_id}/{since_on.isoformat()}",
        project_id=project_id,
        subject_ids=(*contacts, *(ask.subject_id for ask in asks)),
        numbers=(
            Number(name="silent_days", value=Decimal(silent), unit="working days", threshold=threshold),
            Number(name="waiting_items", value=Decimal(len(asks)), unit="items"),
        ),
        inputs={
            "as_of": view.as_of.isoformat(),
            "since_on": since_on.isoformat(),
            f"{THRESHOLD}silent_days": f"{threshold}",
        },
        evidence=tuple(dict.fromkeys([*([act.event_id] if act else []), *(ask.event_id for ask in asks)])),
        first_on=since_on + DAY,
        last_on=view.as_of,
        expires_on=view.as_of + LASTS,
    )


def _severity(view: ProjectView, asks: Sequence[Ask], silent: int) -> Severity:
    """High when it has lasted two weeks, or go-live has moved by three days beyond the silence that is let pass."""
    floats = [spare for ask in asks if (spare := view.float_days(ask.subject_id)) is not None]
    has_moved = bool(floats) and silent - min(floats) >= MOVED_DAYS + SILENT_DAYS
    return "high" if silent >= LONG_SILENCE_DAYS or has_moved else "medium"
