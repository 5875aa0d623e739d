"""Imports and exports portfolio files: reads and writes the files, talks to the log."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

import msgspec

from intake.portfolio.parsing import Parsed, Placed, Progress, parse_portfolio
from intake.portfolio.reading import (
    MAX_BYTES,
    Budget,
    Contents,
    Opener,
    contents_of,
    too_large,
    workbook_contents,
    zip_files,
)
from intake.portfolio.rendering import render_portfolio
from intake.report import FileReport, ImportReport
from store.errors import Conflict, Invalid, NotFound
from store.events import TaskLinked, TenantConfigured, dump
from store.ids import EventId, StreamId, TenantId, tenant_id_of
from store.log import Event, Log
from store.streams import PLAN, TENANT

CHUNK_FACTS = 2000
SOURCE = "portfolio"


def quiet(_stage: str, _done: int, _total: int | None) -> None:
    """Progress that nobody watches."""


def import_portfolio(
    log: Log,
    slug: str,
    path: Path,
    *,
    source: str = SOURCE,
    now: datetime,
    is_strict: bool = False,
    progress: Progress = quiet,
    max_bytes: int = MAX_BYTES,
) -> ImportReport:
    """Appends the facts of a folder, zip, workbook or single file to the tenant's log; a repeat changes nothing.

    All is read and checked before anything is written. Lines that cannot be taken are reported and left
    out; with `is_strict` any of them, and any fact known with another content, refuses the whole import.
    Raises `Invalid` or `NotFound` when the input as a whole cannot be taken; then nothing was written.
    """
    tenant_id = tenant_id_of(slug)
    known = _Known(log, tenant_id)
    with ExitStack() as held:
        budget = Budget(max_bytes)
        contents = _opened(path, budget, held)
        parsed = parse_portfolio(contents, tenant_id, source, known, budget, now=now, progress=progress)
    fresh = _compare(known, parsed, progress)
    report = _report(parsed, tenant_id, source)
    if is_strict and report.problems:
        raise _refused(path, report)
    total = len(fresh)
    done = 0

    def count(appended: int) -> None:
        nonlocal done
        done += appended
        progress("appending", done, total)

    if fresh:
        log.bulk(tenant_id, ((placed.stream_id, placed.draft) for placed in fresh), now=now, progress=count)
    return report


def export_portfolio(
    log: Log, tenant_id: TenantId, path: Path, *, now: datetime, progress: Progress = quiet
) -> dict[str, int]:
    """Writes all sealed facts of a tenant into a new folder, so that an import under its slug repeats them exactly.

    Returns how many rows each file has. Raises `Conflict` when there is something at `path` already.
    """
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise Conflict("target_not_empty", f"{path} is not empty.", remedy="Name a new folder.", where=str(path))
    log.seal(tenant_id)
    progress("reading the log", 0, None)
    rendered = render_portfolio(list(log.read_all(tenant_id)), tenant_id, now=now, progress=progress)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=f".{path.name}-", dir=path.parent))
    try:
        for count, (name, body) in enumerate(sorted(rendered.files.items()), start=1):
            target = temporary / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(body)
            progress("writing", count, len(rendered.files))
        temporary.chmod(0o755)
        # One step; an empty folder gives way.
        temporary.replace(path)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    return rendered.rows


class _Known:
    """What the log knows, asked in chunks."""

    def __init__(self, log: Log, tenant_id: TenantId) -> None:
        self._log = log
        self._tenant_id = tenant_id

    def find(self, event_ids: Sequence[EventId]) -> Iterator[Event]:
        for start in range(0, len(event_ids), CHUNK_FACTS):
            yield from self._log.find(self._tenant_id, event_ids[start : start + CHUNK_FACTS])

    def links(self, project_ids: Iterable[str]) -> Iterator[tuple[str, str]]:
        streams = [StreamId(f"{PLAN}/{project_id}") for project_id in project_ids]
        for start in range(0, len(streams), 100):
            for event in self._log.read_many(self._tenant_id, streams[start : start + 100]):
                if isinstance(event.fact, TaskLinked):
                    yield event.fact.task_id, event.fact.depends_on_id

    def timezone(self) -> str | None:
        facts = [event.fact for event in self._log.read(self._tenant_id, TENANT)]
        return next((fact.timezone for fact in reversed(facts) if isinstance(fact, TenantConfigured)), None)


def _compare(known: _Known, parsed: Parsed, progress: Progress) -> list[Placed]:
    """Counts what is new, known, or known with another content; returns what is new."""
    fresh: list[Placed] = []
    for start in range(0, len(parsed.facts), CHUNK_FACTS):
        chunk = parsed.facts[start : start + CHUNK_FACTS]
        stored = {event.event_id: event.fact for event in known.find([placed.draft.event_id for placed in chunk])}
        for placed in chunk:
            verdicts = parsed.verdicts[placed.file]
            fact = stored.get(placed.draft.event_id)
            if fact is None:
                verdicts.report.new += 1
                fresh.append(placed)
            elif fact == placed.draft.fact and dump(fact) == dump(placed.draft.fact):
                verdicts.report.known += 1
            else:
                verdicts.report.differing += 1
                verdicts.problem(
                    placed.line,
                    "known_with_other_content",
                    "the content that was imported first",
                    "The first one was kept. Put the change into history.csv, or import under another source.",
                )
        progress("comparing", min(start + CHUNK_FACTS, len(parsed.facts)), len(parsed.facts))
    return fresh


def _report(parsed: Parsed, tenant_id: TenantId, source: str) -> ImportReport:
    verdicts = list(parsed.verdicts.values())
    files: list[FileReport] = [verdict.report for verdict in verdicts]
    problems = [
        problem
        for verdict in verdicts
        for problem in sorted(verdict.problems, key=lambda problem: (problem.line, problem.column))
    ]
    return ImportReport(tenant_id=tenant_id, source=source, files=files, problems=problems, notes=parsed.notes)


def _refused(path: Path, report: ImportReport) -> Invalid:
    count = len(report.problems)
    return Invalid(
        "import_refused",
        f"{count} problem{'' if count == 1 else 's'}, the first: {report.problems[0]}",
        remedy="Nothing was imported. Mend them, or import without --strict.",
        where=path.name,
        data={"problems": msgspec.to_builtins(report.problems), "files": msgspec.to_builtins(report.files)},
    )


def _opened(path: Path, budget: Budget, held: ExitStack) -> Contents:
    with _named(path):
        if path.is_dir():
            files = {entry.relative_to(path).as_posix(): entry for entry in _files_in(path)}
            if sum(entry.stat().st_size for entry in files.values()) > budget.limit:
                raise too_large(budget.limit)
            return contents_of({name: _opener(entry) for name, entry in files.items()}, budget)
        if path.suffix.lower() == ".zip":
            return contents_of(zip_files(held.enter_context(path.open("rb")), budget), budget)
        if path.suffix.lower() == ".xlsx":
            return workbook_contents(held.enter_context(path.open("rb")), budget)
        if not path.exists():
            raise FileNotFoundError(path)
        contents = contents_of({path.name: _opener(path)}, budget, is_whole=False)
        if contents.unknown_files:
            raise Invalid(
                "not_a_portfolio",
                f"{path.name} is none of the portfolio files.",
                remedy="Name a folder, a .zip, an .xlsx, or a file called as a table, for example history.csv.",
            )
        return contents


def _files_in(folder: Path) -> Iterator[Path]:
    """Files of the folder and transcripts two levels below; nothing else is looked at."""
    yield from (entry for entry in sorted(folder.iterdir()) if entry.is_file() and not entry.name.startswith("."))
    yield from (entry for entry in sorted(folder.glob("transcripts/*/*")) if entry.is_file())


def _opener(path: Path) -> Opener:
    def opener() -> IO[bytes]:
        with _named(path):
            return path.open("rb")

    return opener


@contextmanager
def _named(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise NotFound("file_missing", f"There is no {path}.", remedy="Check the path.", where=str(path)) from error
    except OSError as error:
        detail = f"It cannot be read: {error.strerror or error}."
        raise Invalid("file_unreadable", detail, remedy="Name a file that may be read.", where=str(path)) from error
    except Invalid as error:
        error.where = error.where or path.name
        raise
