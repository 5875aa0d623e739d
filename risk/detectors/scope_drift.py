"""Asks and tasks that match no clause of what was sold, once their hours add up.

An ask is a sentence of a customer's message (plan/asks) or a change request. Nobody writes hours into
a message: what a change request says counts, else an estimate, shown as such. Small asks accumulate;
the finding comes when they pass the de-minimis value. Without clauses nothing is assessed, and
without the texts of the messages only tasks and change requests are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b
from statistics import median

from plan.asks import read
from plan.lexicon import plain
from plan.scope import MATCHING_SCORE, Clauses, creep_percent
from risk.detectors.view import THRESHOLD, ProjectView
from risk.findings import Finding
from store.events import Number
from store.events.alerts import Severity
from store.projections.projects.state import ChangeRequest, Message, Task

KIND = "scope_drift"
RULE_ID = "scope_drift.v1"
DE_MINIMIS_HOURS = Decimal(6)
DE_MINIMIS_PERCENT = Decimal(3)
ASK_HOURS = Decimal(2)
"""An ask whose hours nobody has said is taken for this many, ours; the project's own change requests know better."""
KEPT_SHARE = Decimal("0.75")
CLAIM_DAYS = dt.timedelta(days=21)
"""A change request belongs to the last ask before it, if that is not older than this."""
PLAN_DAYS = dt.timedelta(days=14)
"""Tasks made this soon after the project are its plan, not drift."""
SHORT_NAME = 7
CHANGE_WORDS = ("change request", "change order", "anderungsantrag", "nachtrag", "solicitud de cambio")
"""A task named so carries out a change request, which is counted itself."""
LASTS = dt.timedelta(days=28)
GRAVE_PERCENT = Decimal(10)
WATCHED = frozenset({"active", "on_hold", "live"})
UNAPPROVED = frozenset({"open", "absorbed"})
NO_HOURS, HUNDRED = Decimal(0), Decimal(100)


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the scope ledger: who asked for what, the clause it stretches, its hours and what was decided.

    `decision`: open, pending, accepted, rejected or absorbed. `is_estimated`: nobody said the hours.
    """

    subject_id: str
    event_id: str
    at: dt.datetime
    clause_id: str | None
    hours: Decimal
    decision: str
    is_estimated: bool


def detect(view: ProjectView) -> list[Finding]:
    """The project's drift at this moment: one finding or none."""
    project = view.project
    if not project.scope_items or project.status not in WATCHED:
        return []
    entries = [entry for entry in ledger(view) if entry.decision in UNAPPROVED]
    limit = _limit(view)
    hours = sum((entry.hours for entry in entries), NO_HOURS)
    if not entries or hours < limit * view.threshold("kept_share", KEPT_SHARE):
        return []
    return [_finding(view, entries, hours, limit)]


def ledger(view: ProjectView) -> list[Entry]:
    """Every ask, change request and task beyond the clauses, in order of time."""
    sold = _sold(tuple((item_id, item.text) for item_id, item in sorted(view.project.scope_items.items())))
    asks = list(_asks(view, sold))
    known = [request for request in view.project.change_requests.values() if request.decision != "withdrawn"]
    requests = sorted(known, key=lambda request: (request.at, request.change_request_id))
    claims = _claims(asks, [request for request in requests if request.at <= view.now])
    usual = _usual_hours(view, requests)
    covered = {subject: request for request in requests for subject in request.covers}
    rows = [
        _ask_entry(m, clause_id, covered.get(m.message_id) or claims.get(m.message_id), usual) for m, clause_id in asks
    ]
    taken = {request.change_request_id for request in claims.values()}
    rows += [
        _request_entry(r) for r in requests if r.change_request_id not in taken and not r.covers and r.at <= view.now
    ]
    rows += [_task_entry(task, covered.get(task.task_id)) for task in _extra_tasks(view, sold)]
    return sorted(rows, key=lambda entry: (entry.at, entry.subject_id))


class _Sold:
    """A project's clauses, and what was found about messages and names of tasks beside them.

    Nothing that anybody wrote is kept: a message is known by its digest, as long as it says the same.
    """

    def __init__(self, items: tuple[tuple[str, str], ...]) -> None:
        self.clauses = Clauses(dict(items))
        self._read: dict[bytes, tuple[bool, str | None]] = {}
        self._matches: dict[str, bool] = {}

    def ask_in(self, text: str) -> tuple[bool, str | None]:
        """Whether the text asks for something beyond the clauses, and the clause it stretches."""
        digest = blake2b(text.encode(), digest_size=16).digest()
        if digest not in self._read:
            reading = read(text, self.clauses)
            self._read[digest] = (reading.kind == "out_of_scope_ask", reading.clause_id)
        return self._read[digest]

    def has(self, name: str) -> bool:
        """Whether a clause matches the name."""
        if name not in self._matches:
            best = self.clauses.match(name, top=1)
            self._matches[name] = bool(best) and best[0].score >= MATCHING_SCORE
        return self._matches[name]


_sold = lru_cache(maxsize=512)(_Sold)
_plain = lru_cache(maxsize=16384)(plain)


def _asks(view: ProjectView, sold: _Sold) -> Iterator[tuple[Message, str | None]]:
    for message in view.project.messages:
        text = view.texts.get(message.message_id)
        if text and message.from_id in view.setting.contact_ids and message.at <= view.now:
            is_ask, clause_id = sold.ask_in(text)
            if is_ask:
                yield message, clause_id


def _claims(asks: Sequence[tuple[Message, str | None]], requests: Sequence[ChangeRequest]) -> dict[str, ChangeRequest]:
    """Message -> the change request that came of it."""
    claimed: dict[str, ChangeRequest] = {}
    for request in requests:
        before = [m for m, _ in asks if m.message_id not in claimed and m.at <= request.at <= m.at + CLAIM_DAYS]
        if before and not request.covers:
            claimed[max(before, key=lambda m: (m.at, m.message_id)).message_id] = request
    return claimed


def _usual_hours(view: ProjectView, requests: Sequence[ChangeRequest]) -> Decimal:
    """What the project's own change requests came to, the median; else the default."""
    told = [request.hours for request in requests if request.hours]
    return median(told) if told else view.threshold("ask_hours", ASK_HOURS)


def _ask_entry(message: Message, clause_id: str | None, request: ChangeRequest | None, usual: Decimal) -> Entry:
    is_own = request is not None and not request.covers
    told = request.hours if request and is_own else None
    return Entry(
        subject_id=message.message_id,
        event_id=message.event_id,
        at=message.at,
        clause_id=clause_id,
        hours=usual if told is None else told,
        decision=request.decision if request else "open",
        is_estimated=told is None,
    )


def _request_entry(request: ChangeRequest) -> Entry:
    return Entry(
        subject_id=request.change_request_id,
        event_id=request.event_id,
        at=request.at,
        clause_id=None,
        hours=request.hours or NO_HOURS,
        decision=request.decision,
        is_estimated=False,
    )


def _extra_tasks(view: ProjectView, sold: _Sold) -> Iterator[Task]:
    """Internal work added after the plan was made that belongs to no playbook step, clause or accepted change.

    A task that names a planned one does it again: that is an overrun, not scope.
    """
    start = view.project.created_at
    if start is None:
        return
    tasks = sorted(view.project.tasks.values(), key=lambda task: (task.created_at, task.task_id))
    planned = [
        _plain(task.name) for task in tasks if task.created_at <= start + PLAN_DAYS and len(task.name) > SHORT_NAME
    ]
    accepted = {request.hours for request in view.project.change_requests.values() if request.decision == "accepted"}
    for task in tasks:
        is_ours = task.track == "internal" and task.status != "cancelled" and bool(task.effort_hours)
        is_late = start + PLAN_DAYS < task.created_at <= view.now
        is_placed = bool(task.scope_item_id or task.playbook_task or task.milestone) or task.effort_hours in accepted
        if is_ours and is_late and not is_placed and not _is_known(_plain(task.name), planned, sold):
            yield task


def _is_known(name: str, planned: Sequence[str], sold: _Sold) -> bool:
    if any(each in name for each in planned) or any(word in name for word in CHANGE_WORDS):
        return True
    return sold.has(name)


def _task_entry(task: Task, request: ChangeRequest | None) -> Entry:
    return Entry(
        subject_id=task.task_id,
        event_id=task.created_event_id,
        at=task.created_at,
        clause_id=None,
        hours=task.effort_hours or NO_HOURS,
        decision=request.decision if request else "open",
        is_estimated=False,
    )


def _limit(view: ProjectView) -> Decimal:
    """The de-minimis value: some hours or a share of the baseline, whichever is more."""
    share = view.threshold("de_minimis_percent", DE_MINIMIS_PERCENT) * (view.project.budget_hours or NO_HOURS) / HUNDRED
    return max(view.threshold("de_minimis_hours", DE_MINIMIS_HOURS), share).quantize(Decimal("0.01"))


def _finding(view: ProjectView, entries: Sequence[Entry], hours: Decimal, limit: Decimal) -> Finding:
    project = view.project
    creep = creep_percent(hours, project.budget_hours)
    return Finding(
        rule_id=RULE_ID,
        kind=KIND,
        agent="architect",
        severity=_severity(creep),
        subject_key=project.project_id,
        project_id=project.project_id,
        subject_ids=(project.project_id, *(entry.subject_id for entry in entries)),
        numbers=(
            Number(name="unapproved_hours", value=hours, unit="h", threshold=limit),
            *([] if creep is None else [Number(name="creep_percent", value=creep, unit="%")]),
            Number(name="unapproved_items", value=Decimal(len(entries)), unit="items"),
            Number(name="estimated_hours", value=sum((e.hours for e in entries if e.is_estimated), NO_HOURS), unit="h"),
        ),
        inputs={
            "as_of": view.as_of.isoformat(),
            "items": " ".join(f"{e.subject_id}={e.clause_id or 'none'}:{e.hours}:{e.decision}" for e in entries),
            f"{THRESHOLD}de_minimis_hours": f"{view.threshold('de_minimis_hours', DE_MINIMIS_HOURS)}",
            f"{THRESHOLD}de_minimis_percent": f"{view.threshold('de_minimis_percent', DE_MINIMIS_PERCENT)}",
            f"{THRESHOLD}ask_hours": f"{view.threshold('ask_hours', ASK_HOURS)}",
            f"{THRESHOLD}kept_share": f"{view.threshold('kept_share', KEPT_SHARE)}",
        },
        evidence=tuple(dict.fromkeys(entry.event_id for entry in entries if entry.event_id)),
        first_on=view.calendar.local_date(entries[0].at),
        last_on=view.as_of,
        expires_on=view.as_of + LASTS,
        may_raise=hours >= limit,
    )


def _severity(creep: Decimal | None) -> Severity:
    return "high" if creep is not None and creep >= GRAVE_PERCENT else "medium"
