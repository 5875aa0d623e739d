"""When each fact of a folder was recorded, where its row leaves that open. Pure.

A row's own `recorded_at` stands. Otherwise: the instant of the fact; not later than the source's own
horizon for what is only planned; for a project, a task or a person not later than the first fact that
mentions them; for what has no instant at all, that of its project and tasks, else the earliest of the folder.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from intake.portfolio.stated import Stated

Record = tuple[str, str]
_PULLED = ("task", "project", "person")
"""A task's creation may pull its project's, and both their people's: children first."""


@dataclass(frozen=True, slots=True)
class _Span:
    earliest: datetime
    horizon: datetime


def settle(facts: Sequence[Stated], known: Mapping[Record, datetime], now: datetime) -> None:
    """Gives every fact both instants. `known`: the log's records; `now`: for a folder without any instant."""
    span = _span(facts, now)
    created = {fact.record: fact for fact in facts if fact.record}
    _clip_plans(facts, span)
    _pull_back(facts, created)
    for fact in facts:
        if fact.follows is None and fact.recorded_at is None:
            fact.recorded_at = span.horizon if fact.is_late else _of_its_plan(fact, created, known) or span.earliest
    for fact in facts:
        if fact.follows is not None:
            first = fact.follows.recorded_at or span.earliest
            fact.recorded_at = max(fact.recorded_at or span.horizon, first)
        recorded_at = fact.recorded_at or span.earliest
        fact.occurred_at = min(fact.occurred_at or recorded_at, recorded_at)


def _span(facts: Sequence[Stated], now: datetime) -> _Span:
    said = [fact.recorded_at for fact in facts if fact.recorded_at]
    certain = [fact.recorded_at for fact in facts if fact.recorded_at and (fact.is_fixed or not fact.is_planned)]
    return _Span(min(said, default=now), max(certain, default=now))


def _clip_plans(facts: Sequence[Stated], span: _Span) -> None:
    for fact in facts:
        if fact.is_planned and not fact.is_fixed and fact.recorded_at:
            fact.recorded_at = min(fact.recorded_at, span.horizon)


def _pull_back(facts: Sequence[Stated], created: Mapping[Record, Stated]) -> None:
    first: dict[Record, datetime] = {}
    for fact in facts:
        if fact.record is None or fact.record[0] not in _PULLED:
            _mention(fact, first)
    for kind in _PULLED:
        for record, fact in created.items():
            if record[0] != kind:
                continue
            mentioned = first.get(record)
            if mentioned and not fact.is_fixed and (fact.recorded_at or kind != "task"):
                fact.recorded_at = min(fact.recorded_at or mentioned, mentioned)
            _mention(fact, first)


def _mention(fact: Stated, first: dict[Record, datetime]) -> None:
    at = fact.recorded_at
    if at is None or (fact.is_planned and not fact.is_fixed):
        return
    for record in fact.mentions:
        if record not in first or at < first[record]:
            first[record] = at


def _of_its_plan(fact: Stated, created: Mapping[Record, Stated], known: Mapping[Record, datetime]) -> datetime | None:
    """When the youngest project or task that it is about was recorded."""
    about = [record for record in fact.mentions if record[0] != "person"]
    found = [created[record].recorded_at if record in created else known.get(record) for record in about]
    return max((at for at in found if at), default=None)
