"""The mapping language: what the activities of a foreign log mean for a project. Pure.

A mapping is a TOML file; docs/event-logs.md explains it. Activities are named exactly or by
patterns of `*` and `?`; an exact name wins over a pattern.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

import msgspec

from intake.eventlog.patterns import Matcher
from plan.calendar import zone_of
from store.errors import Invalid
from store.events.tasks import Milestone, Track

Patterns = tuple[str, ...]
MAX_DAYS = 3660


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the mapping: a key that nobody knows is an error, not a silent nothing."""


class TenantSection(Section, frozen=True, kw_only=True):
    """The organisation and its working week. Weekdays: Monday is 1. The zone also reads timestamps that have none."""

    name: str
    timezone: str
    currency: str = "EUR"
    weekdays: tuple[int, ...] = (1, 2, 3, 4, 5)
    hours_per_day: Decimal = Decimal(8)
    holidays: tuple[dt.date, ...] = ()


class LogSection(Section, frozen=True, kw_only=True):
    """Where case, activity, instant and role stand: keys of XES attributes, or columns of a CSV file.

    `timestamp_format` is "iso" or a strptime pattern. `order` names a column whose number orders
    events of one instant; without it they stay in the file's order.
    """

    format: Literal["xes", "csv"] = "xes"
    case: str = "concept:name"
    activity: str = "concept:name"
    timestamp: str = "time:timestamp"
    role: str = "org:role"
    order: str = ""
    timestamp_format: str = "iso"
    delimiter: str = ","
    encoding: str = "utf-8"


class ProjectSection(Section, frozen=True, kw_only=True):
    """The project that a case becomes; `{case}` in the name is the case's id."""

    name: str = "{case}"


class ActivitiesSection(Section, frozen=True, kw_only=True):
    """Whose work an activity is."""

    customer: Patterns = ()
    approval: Patterns = ()
    internal: Patterns = ()


class Step(Section, frozen=True, kw_only=True):
    """An expected task of the playbook and the activities that move it.

    It is created with the project, or with the first activity that moves it when optional.
    """

    id: str
    name: str
    track: Track = "internal"
    role: str = ""
    starts: Patterns = ()
    waits: Patterns = ()
    completes: Patterns = ()
    reopens: Patterns = ()
    cancels: Patterns = ()
    milestone: Milestone = ""
    is_optional: bool = False


class MilestoneSection(Section, frozen=True, kw_only=True):
    """The dated activity from which the committed date follows: so many days after it."""

    activity: str
    committed_after_days: int
    days: Literal["calendar", "working"] = "calendar"


class DoneSection(Section, frozen=True, kw_only=True):
    """Which activity ends a project well; the first one counts, or the first one after the milestone."""

    activities: Patterns
    counts: Literal["first", "first_after_milestone"] = "first"
    then: tuple[Literal["live", "closed"], ...] = ("live", "closed")


class CancelledSection(Section, frozen=True, kw_only=True):
    """Which activities end a project without a result. A step that moves later re-opens it."""

    activities: Patterns = ()


class AttributesSection(Section, frozen=True, kw_only=True):
    """What is kept of the attributes: name in Leeway = attribute in the log.

    `at_creation` is read from a case's first event (or the case itself), `per_event` from each.
    `leaks` describe the finished case: dropped, and refused where they are asked for.
    `ignored` are dropped without a word; any other attribute is dropped and reported.
    """

    at_creation: dict[str, str] = {}
    per_event: dict[str, str] = {}
    leaks: Patterns = ()
    ignored: Patterns = ()


class EventLogMapping(Section, frozen=True, kw_only=True):
    """A whole mapping file."""

    source: str
    playbook: str
    tenant: TenantSection
    done: DoneSection
    log: LogSection = LogSection()
    project: ProjectSection = ProjectSection()
    activities: ActivitiesSection = ActivitiesSection()
    steps: tuple[Step, ...] = ()
    milestone: MilestoneSection | None = None
    cancelled: CancelledSection = CancelledSection()
    attributes: AttributesSection = AttributesSection()


def parse_mapping(text: bytes, *, file: str = "mapping") -> EventLogMapping:
    """The mapping that a TOML file holds. `Invalid` ("mapping_*") names the place and what belongs there."""
    try:
        mapping = msgspec.toml.decode(text, type=EventLogMapping)
    except UnicodeDecodeError as error:
        raise _bad(file, "mapping_not_utf8", f"The mapping is not UTF-8: {error.reason}.") from error
    except msgspec.ValidationError as error:
        raise _bad(file, "mapping_invalid", f"{str(error).rstrip('.')}.") from error
    except msgspec.DecodeError as error:
        raise _bad(file, "mapping_not_toml", f"The mapping is not TOML: {str(error).rstrip('.')}.") from error
    for complaint in _complaints(mapping):
        raise _bad(file, "mapping_invalid", complaint)
    return mapping


def _bad(file: str, code: str, detail: str) -> Invalid:
    return Invalid(code, detail, remedy="docs/event-logs.md lists every key with an example.", where=file)


def _complaints(mapping: EventLogMapping) -> Iterator[str]:
    try:
        zone_of(mapping.tenant.timezone)
    except Invalid as error:
        yield f"tenant.timezone: {error.detail}"
    if not mapping.source or not mapping.playbook:
        yield "source and playbook need a name."
    if not mapping.done.activities or not mapping.done.then:
        yield "done needs at least one activity and one status: without them no project ever ends."
    if mapping.milestone and abs(mapping.milestone.committed_after_days) > MAX_DAYS:
        yield f"milestone.committed_after_days needs a number of days up to {MAX_DAYS}."
    if mapping.done.counts == "first_after_milestone" and mapping.milestone is None:
        yield 'done.counts = "first_after_milestone" needs a [milestone].'
    yield from _week_complaints(mapping.tenant)
    yield from _log_complaints(mapping.log)
    yield from _step_complaints(mapping.steps)
    yield from _leak_complaints(mapping.attributes)


def _week_complaints(tenant: TenantSection) -> Iterator[str]:
    if not tenant.weekdays or not set(tenant.weekdays) <= set(range(1, 8)):
        yield "tenant.weekdays needs numbers from 1 (Monday) to 7 (Sunday)."
    if not 0 < tenant.hours_per_day <= 24:
        yield "tenant.hours_per_day needs a number above 0 and up to 24."


def _log_complaints(log: LogSection) -> Iterator[str]:
    if len(log.delimiter) != 1:
        yield "log.delimiter needs exactly one character."
    try:
        "a".encode(log.encoding)
    except LookupError:
        yield f"log.encoding: no encoding is called {log.encoding!r}."
    if log.timestamp_format != "iso" and "%" not in log.timestamp_format:
        yield 'log.timestamp_format needs "iso" or a strptime pattern such as "%d/%m/%Y %H:%M".'


def _step_complaints(steps: tuple[Step, ...]) -> Iterator[str]:
    ids = [step.id for step in steps]
    for step_id in ids:
        if not step_id or ids.count(step_id) > 1:
            yield f"steps: the id {step_id!r} must be there once and not be empty."
    for step in steps:
        if not (step.starts or step.completes):
            yield f"steps: {step.id!r} needs activities that start or complete it."


def _leak_complaints(attributes: AttributesSection) -> Iterator[str]:
    leaks = Matcher(attributes.leaks)
    for section, kept in (("at_creation", attributes.at_creation), ("per_event", attributes.per_event)):
        for name, attribute in kept.items():
            if leaks.matches(attribute):
                yield f"attributes.{section}.{name}: {attribute!r} is listed as a leak, so it cannot be kept."
