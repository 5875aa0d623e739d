"""Imports an event log: reads the file once to see that it is whole, then a second time into the log."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import msgspec

from intake.eventlog.cases import Tally
from intake.eventlog.facts import cases_of, drafts_of
from intake.eventlog.mapping import EventLogMapping, parse_mapping
from intake.eventlog.playbook import Playbook
from intake.report import FileReport, ImportReport
from store.errors import Invalid, NotFound
from store.ids import tenant_id_of
from store.log import Log


def import_event_log(
    log: Log,
    slug: str,
    path: Path,
    mapping_path: Path,
    *,
    now: datetime,
    is_strict: bool = False,
    progress: Callable[[int], None] = lambda _count: None,
) -> ImportReport:
    """Appends every fact of an event log to the tenant's log. A repeat changes nothing and completes a broken one.

    A file that cannot be read to its end appends nothing (`Invalid`); an event that cannot be understood is reported
    and left out, or appends nothing with `is_strict`.
    """
    mapping = load_mapping(mapping_path)
    tenant_id = tenant_id_of(slug)
    tally = _look_over(path, mapping)
    if is_strict and tally.problems:
        raise _refused(path, tally)
    if not tally.cases:
        raise _nothing(path, mapping, tally)
    with _opened(path) as stream:
        done = log.bulk(tenant_id, drafts_of(stream, mapping, tenant_id), now=now, progress=progress)
    file = FileReport(
        file=path.name,
        rows=tally.rows,
        new=done.new,
        known=done.known,
        differing=len(done.differing),
        refused=tally.refused,
        unknown_columns=tally.unknown_columns(mapping),
    )
    return ImportReport(
        tenant_id=tenant_id,
        source=mapping.source,
        files=[file],
        problems=tally.problems,
        last_recorded_at=tally.last_at,
    )


def load_mapping(path: Path) -> EventLogMapping:
    """The mapping in a TOML file; `NotFound` or `Invalid`."""
    with _opened(path) as stream:
        return parse_mapping(stream.read(), file=path.name)


def _look_over(path: Path, mapping: EventLogMapping) -> Tally:
    tally = Tally(path.name)
    with _opened(path) as stream:
        for _case in cases_of(stream, mapping, tally):
            pass
    playbook = Playbook(mapping)
    for activity, count in tally.activities.items():
        if not playbook.part(activity).is_known:
            tally.problem(
                0,
                "activity_unknown",
                column=mapping.log.activity,
                value=activity,
                expected="an activity of the mapping",
                remedy=f"Name it in [activities]; its {count} events were taken as internal work.",
            )
    return tally


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        stream = path.open("rb")
    except FileNotFoundError as error:
        raise NotFound("file_missing", "There is no such file.", remedy="Check the path.", where=str(path)) from error
    except OSError as error:
        detail = f"The file cannot be read: {error.strerror}."
        raise Invalid("file_unreadable", detail, remedy="Name a file that may be read.", where=str(path)) from error
    with stream:
        try:
            yield stream
        except Invalid as error:
            error.where = error.where or path.name
            raise


def _refused(path: Path, tally: Tally) -> Invalid:
    first, count = tally.problems[0], len(tally.problems)
    return Invalid(
        "import_refused",
        f"{count} problem{'' if count == 1 else 's'}, the first: {first}",
        remedy="Nothing was imported. Mend them, or import without --strict.",
        where=path.name,
        data={"problems": msgspec.to_builtins(tally.problems)},
    )


def _nothing(path: Path, mapping: EventLogMapping, tally: Tally) -> Invalid:
    log = mapping.log
    why = f" The first problem: {tally.problems[0]}" if tally.problems else ""
    return Invalid(
        "log_without_cases",
        f"No case with an event was found in {tally.rows} rows.{why}",
        remedy=f"Check in [log] that the case is {log.case!r}, activity {log.activity!r}, timestamp {log.timestamp!r}.",
        where=path.name,
    )
