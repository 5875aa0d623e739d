"""What an import found and did, file by file and line by line. Pure data."""

from __future__ import annotations

import datetime as dt

import msgspec

from store.ids import TenantId


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that could not be taken as it stands: where, what, what was expected, how to mend it.

    `line` counts from 1 in the file (0: the file as a whole); `code` is stable; `value` is as found, shortened.
    """

    file: str
    line: int
    column: str = ""
    value: str = ""
    code: str
    expected: str
    remedy: str

    def __str__(self) -> str:
        """One line for a terminal."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        found = " ".join(part for part in (self.column, repr(self.value) if self.value else "") if part)
        return f"{place}: {found + ': ' if found else ''}expected {self.expected.rstrip('.')}. {self.remedy}"


class FileReport(msgspec.Struct, kw_only=True):
    """One file: rows read; facts that were new, known, or known with another content; rows refused."""

    file: str
    rows: int = 0
    new: int = 0
    known: int = 0
    differing: int = 0
    refused: int = 0
    unknown_columns: tuple[str, ...] = ()


class ImportReport(msgspec.Struct, kw_only=True):
    """A whole import into one tenant. `last_recorded_at`: up to when the source told, where that is known."""

    tenant_id: TenantId
    source: str
    files: list[FileReport] = []
    problems: list[Problem] = []
    notes: list[str] = []
    last_recorded_at: dt.datetime | None = None
