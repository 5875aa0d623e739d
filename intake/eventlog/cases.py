"""Cases as a log holds them, and as they are once their instants are understood. Pure."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from intake.eventlog.mapping import EventLogMapping, LogSection
from intake.eventlog.patterns import Matcher
from intake.report import Problem
from plan.calendar import zone_of

MAX_PROBLEMS = 1000
EARLIEST = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
LATEST = dt.datetime(2200, 1, 1, tzinfo=dt.UTC)
_SHOWN = 80


@dataclass(frozen=True, slots=True)
class RawEvent:
    """A line of a log: where it stood and its attributes as text."""

    line: int
    attributes: dict[str, str]


@dataclass(frozen=True, slots=True)
class RawCase:
    """A case of a log with its events in the file's order."""

    line: int
    case_id: str
    attributes: dict[str, str]
    events: list[RawEvent]


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """An event whose activity and instant (UTC) are known."""

    line: int
    activity: str
    at: dt.datetime
    attributes: dict[str, str]


@dataclass(frozen=True, slots=True)
class Case:
    """A case with its events in the order in which they happened; events of one instant in the file's order."""

    case_id: str
    attributes: dict[str, str]
    events: list[LoggedEvent]


@dataclass(slots=True)
class Tally:
    """What was met while reading: counts, problems (the first thousand, each once counted) and names."""

    file: str = ""
    cases: int = 0
    rows: int = 0
    refused: int = 0
    last_at: dt.datetime | None = None
    problems: list[Problem] = field(default_factory=list)
    attributes: set[str] = field(default_factory=set)
    activities: Counter[str] = field(default_factory=Counter)

    def problem(self, line: int, code: str, *, expected: str, remedy: str, column: str = "", value: str = "") -> None:
        """Notes one problem; `value` is shortened."""
        if len(self.problems) < MAX_PROBLEMS:
            shown = value if len(value) <= _SHOWN else value[: _SHOWN - 1] + "…"
            self.problems.append(
                Problem(
                    file=self.file,
                    line=line,
                    column=column,
                    value=shown,
                    code=code,
                    expected=expected,
                    remedy=remedy,
                )
            )

    def unknown_columns(self, mapping: EventLogMapping) -> tuple[str, ...]:
        """The attributes that the mapping neither uses, keeps, ignores nor calls a leak."""
        log, kept = mapping.log, mapping.attributes
        used = {log.case, log.activity, log.timestamp, log.role, log.order}
        used |= set(kept.at_creation.values()) | set(kept.per_event.values())
        dropped = Matcher((*kept.leaks, *kept.ignored))
        return tuple(sorted(name for name in self.attributes if name not in used and not dropped.matches(name)))


class Reading:
    """Turns raw cases into cases; what cannot be understood goes to the tally and the rest goes on."""

    def __init__(self, mapping: EventLogMapping, tally: Tally) -> None:
        self._log = mapping.log
        self._zone = zone_of(mapping.tenant.timezone)
        self._tally = tally
        self._seen: set[str] = set()

    def cases(self, raw: Iterator[RawCase]) -> Iterator[Case]:
        """The cases that have at least one event that can be understood."""
        for case in raw:
            self._tally.rows += len(case.events)
            events = self._events(case) if self._is_new(case) else []
            self._tally.refused += len(case.events) - len(events)
            if events:
                self._tally.cases += 1
                last_at = events[-1].at
                self._tally.last_at = max(self._tally.last_at or last_at, last_at)
                yield Case(case.case_id, case.attributes, events)

    def _is_new(self, case: RawCase) -> bool:
        if not case.case_id:
            self._tally.problem(
                case.line,
                "case_without_id",
                column=self._log.case,
                expected="the id of the case",
                remedy=f"Give it an attribute {self._log.case!r}, or name another one in log.case.",
            )
        elif case.case_id in self._seen:
            self._tally.problem(
                case.line,
                "case_twice",
                column=self._log.case,
                value=case.case_id,
                expected="each case once",
                remedy="Put all events of a case into one trace; the second one was left out.",
            )
        elif not case.events:
            self._tally.problem(
                case.line,
                "case_without_events",
                value=case.case_id,
                expected="at least one event",
                remedy="Nothing is known of this case; it was left out.",
            )
        else:
            self._seen.add(case.case_id)
            return True
        return False

    def _events(self, case: RawCase) -> list[LoggedEvent]:
        read = [(event, self._event(event)) for event in case.events]
        known = [(found.at, self._rank(event), found) for event, found in read if found]
        # Sorting is stable: what happened in the same instant stays in the file's order.
        known.sort(key=lambda entry: entry[:2])
        return [event for _at, _rank, event in known]

    def _rank(self, event: RawEvent) -> float:
        if not self._log.order:
            return 0
        text = event.attributes.get(self._log.order, "")
        try:
            return float(text)
        except ValueError:
            self._tally.problem(
                event.line,
                "order_unreadable",
                column=self._log.order,
                value=text,
                expected="a number",
                remedy="Mend it; the event was taken as the first of its instant.",
            )
            return 0

    def _event(self, event: RawEvent) -> LoggedEvent | None:
        self._tally.attributes.update(event.attributes)
        activity = event.attributes.get(self._log.activity, "")
        text = event.attributes.get(self._log.timestamp, "")
        if not activity:
            self._tally.problem(
                event.line,
                "event_without_activity",
                column=self._log.activity,
                expected="the name of the activity",
                remedy="Give the event a name; it was left out.",
            )
            return None
        self._tally.activities[activity] += 1
        at = self._instant(event.line, text)
        return LoggedEvent(event.line, activity, at, event.attributes) if at else None

    def _instant(self, line: int, text: str) -> dt.datetime | None:
        at = instant(text, self._log, self._zone)
        if at is not None and EARLIEST <= at < LATEST:
            return at
        shape = "an ISO 8601 instant" if self._log.timestamp_format == "iso" else self._log.timestamp_format
        code = "timestamp_missing" if not text else "timestamp_unreadable" if at is None else "timestamp_out_of_range"
        self._tally.problem(
            line,
            code,
            column=self._log.timestamp,
            value=text,
            expected=f"{shape} from 1970 to 2199",
            remedy="Mend the timestamp, or log.timestamp_format; the event was left out.",
        )
        return None


def instant(text: str, log: LogSection, zone: dt.tzinfo) -> dt.datetime | None:
    """The instant in UTC, None when unreadable. Without an offset it is local to `zone`; a bare date is 00:00."""
    try:
        if log.timestamp_format == "iso":
            at = dt.datetime.fromisoformat(text)
        else:
            at = dt.datetime.strptime(text, log.timestamp_format)  # noqa: DTZ007 (the zone follows)
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None
