"""A whole portfolio as facts in the order in which they became known, and what was wrong with it. Pure over streams."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import IO, Any, Protocol

from intake.portfolio.cells import Zone
from intake.portfolio.columns import Table
from intake.portfolio.cycles import circles
from intake.portfolio.events import Carried, EventsFile, read_events
from intake.portfolio.instants import settle
from intake.portfolio.reading import Budget, Contents, Line, Sheet, not_utf8, text_lines
from intake.portfolio.references import Records, refer
from intake.portfolio.rows import Row, Verdicts, read_rows
from intake.portfolio.stated import Stated, stated
from intake.portfolio.tables import DEPENDENCIES, EVENTS_RANK, MANDATORY, TABLES, TENANT, TRANSCRIPTS_RANK
from intake.portfolio.transcripts import transcript_fact
from intake.report import FileReport
from store.errors import Invalid
from store.events import TaskLinked, TenantConfigured
from store.ids import EventId, StreamId, TenantId
from store.log import Draft, Event
from store.streams import stream_of

Progress = Callable[[str, int, int | None], None]
"""Is told the stage, how much of it is done, and of how much, if known."""


class Knowledge(Protocol):
    """What the log knows already."""

    def find(self, event_ids: Sequence[EventId], /) -> Iterable[Event]:
        """The events of these ids that exist."""
        ...

    def links(self, project_ids: Iterable[str], /) -> Iterable[tuple[str, str]]:
        """Task and the task it depends on, of these projects."""
        ...

    def timezone(self) -> str | None:
        """The tenant's zone, if it is configured."""
        ...


@dataclass(frozen=True, slots=True)
class Placed:
    """A fact with the file and line it comes from."""

    file: str
    line: int
    stream_id: StreamId
    draft: Draft


@dataclass(slots=True)
class Parsed:
    """`facts` in the order to append them; what was found file by file; notes on what could not be checked."""

    facts: list[Placed]
    verdicts: dict[str, Verdicts]
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Reading:
    """What is gathered while the files of one folder are read."""

    contents: Contents
    records: Records
    budget: Budget
    progress: Progress
    zone: Zone = field(default_factory=Zone)
    events: EventsFile = field(default_factory=EventsFile)
    facts: list[Stated] = field(default_factory=list)
    verdicts: dict[str, Verdicts] = field(default_factory=dict)
    files: dict[int, str] = field(default_factory=dict)

    def verdicts_on(self, file: str) -> Verdicts:
        return self.verdicts.setdefault(file, Verdicts(FileReport(file=file)))


def parse_portfolio(
    contents: Contents,
    tenant_id: TenantId,
    source: str,
    knowledge: Knowledge,
    budget: Budget,
    *,
    now: datetime,
    progress: Progress,
) -> Parsed:
    """All facts of the good rows. `Invalid` when the input as a whole cannot be taken.

    `now` dates only what a folder without a single instant holds.
    """
    _check_mandatory(contents)
    records = Records(
        tenant_id, source, knowledge.find, lambda table: not contents.is_whole or table in contents.sheets
    )
    reading = _Reading(contents, records, budget, progress)
    _read_events(reading, tenant_id)
    _read_tenant(reading, knowledge)
    for table in TABLES:
        if table.name in contents.sheets:
            _read_table(reading, table, knowledge)
    _read_transcripts(reading)
    progress("ordering", 0, None)
    settle(reading.facts, records.recorded, now)
    return Parsed(_in_order(reading, source), reading.verdicts, _notes(reading))


def _check_mandatory(contents: Contents) -> None:
    missing = [f"{name}.csv" for name in MANDATORY if name not in contents.sheets]
    if contents.is_whole and missing:
        raise Invalid(
            "file_missing",
            f"There is no {' and no '.join(missing)}: these two files make a portfolio.",
            remedy="Nothing was imported. Add the file (a header is enough where there is no row), or name the folder.",
        )


def _read_events(reading: _Reading, tenant_id: TenantId) -> None:
    if reading.contents.events is None:
        return
    file, opener = reading.contents.events
    verdicts = reading.verdicts_on(file)
    reading.files[EVENTS_RANK] = file
    try:
        with opener() as stream, text_lines(stream, reading.budget) as lines:
            reading.events = read_events(lines, tenant_id, verdicts)
    except UnicodeDecodeError as error:
        raise _in_file(not_utf8(error, verdicts.report.rows), file) from error
    except Invalid as error:
        raise _in_file(error, file) from error
    for carried in reading.events.carried:
        reading.records.add_fact(carried.draft.fact)


def _read_tenant(reading: _Reading, knowledge: Knowledge) -> None:
    """The zone of bare dates: that of the export, else of the file, else what is known already, else UTC."""
    if reading.contents.tenant:
        file, opener = reading.contents.tenant
        reading.contents.sheets.setdefault(
            TENANT.name, lambda: Sheet(file, _tenant_lines(file, opener, reading.budget))
        )
    preamble = reading.events.preamble
    zone = preamble.timezone if preamble else None
    if TENANT.name in reading.contents.sheets:
        _read_table(reading, TENANT, knowledge)
        configured = next((fact.fact for fact in reading.facts if isinstance(fact.fact, TenantConfigured)), None)
        reading.contents.sheets.pop(TENANT.name)
        zone = zone or (configured.timezone if configured else None)
    reading.zone = Zone(zone or knowledge.timezone() or "UTC")


def _read_table(reading: _Reading, table: Table, knowledge: Knowledge) -> None:
    sheet = reading.contents.sheets[table.name]()
    verdicts = reading.verdicts_on(sheet.file)
    reading.files[TABLES.index(table)] = sheet.file
    try:
        rows = read_rows(sheet, table, reading.zone, verdicts)
    except UnicodeDecodeError as error:
        _leave_out(not_utf8(error, 0), table, verdicts)
        return
    except Invalid as error:
        if error.code == "too_large":
            raise _in_file(error, sheet.file) from error
        _leave_out(error, table, verdicts)
        return
    good = refer(rows, table, reading.records, verdicts)
    if table is DEPENDENCIES:
        good = _without_circles(good, reading, knowledge, verdicts)
    for row, values in good:
        reading.facts += stated(row, values, table, reading.records, reading.zone, verdicts)
    reading.progress(f"read {sheet.file}", len(rows), None)


def _leave_out(error: Invalid, table: Table, verdicts: Verdicts) -> None:
    """A file that cannot be read is reported and left out, unless all others hang on it."""
    if table.name in MANDATORY or table is TENANT:
        raise _in_file(error, verdicts.report.file) from error
    line = error.data.get("line", 0)
    verdicts.problem(line if isinstance(line, int) else 0, error.code, f"a readable file: {error.detail}", error.remedy)


def _in_file(error: Invalid, file: str) -> Invalid:
    error.where = error.where or file
    return error


def _without_circles(
    good: list[tuple[Row, dict[str, Any]]], reading: _Reading, knowledge: Knowledge, verdicts: Verdicts
) -> list[tuple[Row, dict[str, Any]]]:
    links = {(values["task_id"], values["depends_on_id"]) for _row, values in good}
    links |= set(knowledge.links(sorted(reading.records.stored_projects)))
    carried = (item.draft.fact for item in reading.events.carried)
    links |= {(fact.task_id, fact.depends_on_id) for fact in carried if isinstance(fact, TaskLinked)}
    found = circles(sorted(links))
    if not found:
        return good
    names = {task_id: name for name, task_id in reading.records.ids.get("task", {}).items()}
    kept = []
    for row, values in good:
        circle = found.get((values["task_id"], values["depends_on_id"]))
        if circle is None:
            kept.append((row, values))
            continue
        verdicts.refuse(
            row.line,
            "dependency_cycle",
            "links without a circle",
            "Remove one of these links: " + " → ".join(names.get(task_id, task_id) for task_id in circle) + ".",
            column="depends_on_id",
            value=str(row.values["depends_on_id"]),
        )
    return kept


def _tenant_lines(file: str, opener: Callable[[], IO[bytes]], budget: Budget) -> Generator[Line, None, None]:
    """tenant.json as a header and one row; lists as in a cell, numbers as written."""
    try:
        with opener() as stream, text_lines(stream, budget) as text:
            said = json.load(text, parse_float=str, parse_int=str, parse_constant=str)
    except json.JSONDecodeError as error:
        detail = f"Line {error.lineno} of {file} is no JSON: {error.msg}."
        raise Invalid(
            "not_json", detail, remedy="Write one object, as in the documentation.", data={"line": error.lineno}
        ) from error
    except RecursionError as error:
        raise Invalid("not_json", "It is nested too deeply.", remedy="Write one flat object.") from error
    if not isinstance(said, dict):
        raise Invalid("not_json", "It is not an object.", remedy='Write {"name": …, "timezone": …}.')
    yield Line(1, list(said))
    yield Line(1, [_json_cell(value) for value in said.values()])


def _json_cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ";".join(value)
    return json.dumps(value, sort_keys=True)


def _read_transcripts(reading: _Reading) -> None:
    found = reading.contents.transcripts
    if not found:
        return
    verdicts = reading.verdicts_on("transcripts")
    reading.files[TRANSCRIPTS_RANK] = "transcripts"
    reading.records.prepare({("project", project) for _path, project, *_rest in found})
    for number, (path, project, name, form, opener) in enumerate(found, start=1):
        verdicts.report.rows += 1
        project_id = reading.records.resolve("project", project)
        if project_id is None:
            verdicts.refuse(
                0,
                "unknown_project",
                "a folder named as a project_id",
                "Rename or remove it.",
                column=path,
                value=project,
            )
            continue
        try:
            with opener() as stream, text_lines(stream, reading.budget) as lines:
                text = lines.read()
        except UnicodeDecodeError as error:
            verdicts.refuse(0, "not_utf8", "UTF-8", not_utf8(error, 0).remedy, column=path)
            continue
        except Invalid as error:
            if error.code == "too_large":
                raise _in_file(error, path) from error
            verdicts.refuse(0, error.code, f"a readable file: {error.detail}", error.remedy, column=path)
            continue
        fact, held_on = transcript_fact(reading.records, project, project_id, name, form, text)
        at = reading.zone.end_of_day(held_on) if held_on else None
        event_id = reading.records.fact_id_of("transcripts", project, f"{name}.{form}")
        reading.facts.append(Stated(fact, event_id, TRANSCRIPTS_RANK, number, 0, at, at, is_late=True))


def _in_order(reading: _Reading, source: str) -> list[Placed]:
    """Sorted as they became known; what carries its place in an export is put there."""
    taken = {fact.event_id for fact in reading.facts}
    carried = [item for item in reading.events.carried if item.draft.event_id not in taken]
    entries = [_entry(fact, source, reading.files) for fact in reading.facts]
    file = reading.files.get(EVENTS_RANK, "")
    entries += [
        ((item.draft.recorded_at, EVENTS_RANK, item.line, 0), _carried(item, file))
        for item in carried
        if item.index is None
    ]
    entries.sort(key=lambda entry: entry[0])
    rest = iter([placed for _key, placed in entries])
    ordered: list[Placed] = []
    for item in sorted((item for item in carried if item.index is not None), key=lambda item: (item.index, item.line)):
        while len(ordered) < (item.index or 0) and (placed := next(rest, None)):
            ordered.append(placed)
        ordered.append(_carried(item, file))
    ordered.extend(rest)
    return ordered


def _carried(item: Carried, file: str) -> Placed:
    return Placed(file, item.line, item.stream_id, item.draft)


def _entry(fact: Stated, source: str, files: dict[int, str]) -> tuple[tuple[datetime, int, int, int], Placed]:
    recorded_at = fact.recorded_at or datetime.max.replace(tzinfo=UTC)
    draft = Draft(
        event_id=fact.event_id,
        fact=fact.fact,
        occurred_at=fact.occurred_at or recorded_at,
        recorded_at=recorded_at,
        source=source,
        actor_id=fact.actor_id,
    )
    placed = Placed(files[fact.rank], fact.line, stream_of(fact.fact), draft)
    return (recorded_at, fact.rank, fact.line, fact.number), placed


def _notes(reading: _Reading) -> list[str]:
    notes = [f"{name}: not a portfolio file; left out." for name in reading.contents.unknown_files]
    for kind, external_ids in sorted(reading.records.unchecked.items()):
        notes.append(f"{len(external_ids)} ids of kind {kind} could not be checked: their file is missing.")
    for file, verdicts in reading.verdicts.items():
        if verdicts.omitted:
            notes.append(f"{file}: {verdicts.omitted} further problems are counted, not listed.")
    return notes
