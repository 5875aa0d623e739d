"""Opens what holds portfolio files (a folder, a zip, a workbook, one file) as sheets of text cells. Pure over streams.

Reading is bounded: `Budget` stops an input that unpacks to more than Leeway takes.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO

from intake.eventlog.unpacking import plain_chunks
from intake.portfolio.tables import BY_NAME
from store.errors import Invalid

MAX_BYTES = 200_000_000
Opener = Callable[[], IO[bytes]]
_DRIVE = re.compile(r"[A-Za-z]:")
_TRANSCRIPT = re.compile(r"transcripts/([^/]+)/([^/]+)\.(vtt|srt|txt|json)", re.IGNORECASE)
_TABLE = re.compile(r"([a-z_]+)\.csv(?:\.gz)?")
_EVENTS = ("events.ndjson", "events.ndjson.gz")


@dataclass(slots=True)
class Budget:
    """How many unpacked bytes may still come."""

    limit: int = MAX_BYTES
    taken: int = 0

    def take(self, count: int) -> None:
        """Counts bytes; `Invalid` once they are too many."""
        self.taken += count
        if self.taken > self.limit:
            raise too_large(self.limit)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a sheet at its line; `reason` says why it could not be split into cells."""

    number: int
    cells: list[str]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of text; closing its lines closes its file. `may_be_naive`: its program cannot hold an offset."""

    file: str
    lines: Generator[Line, None, None]
    may_be_naive: bool = False


@dataclass(slots=True)
class Contents:
    """What lies in a folder: sheets by table, transcripts, facts without a file, and files that are none of these.

    `is_whole` says that it claims to be a portfolio, not a single file of one.
    """

    sheets: dict[str, Callable[[], Sheet]] = field(default_factory=dict)
    tenant: tuple[str, Opener] | None = None
    transcripts: list[tuple[str, str, str, str, Opener]] = field(default_factory=list)
    events: tuple[str, Opener] | None = None
    unknown_files: list[str] = field(default_factory=list)
    is_whole: bool = True


def too_large(limit: int) -> Invalid:
    """The error of an input beyond the limit."""
    return Invalid(
        "too_large",
        f"The input holds more than {limit // 1_000_000} MB of unpacked data.",
        remedy="Nothing was imported. Split it, for example by project or by year, and import the parts one by one.",
    )


def contents_of(files: Mapping[str, Opener], budget: Budget, *, is_whole: bool = True) -> Contents:
    """Sorts the files of a folder by what they hold. Names are relative, with `/`. `Invalid` for two of one table."""
    found = Contents(is_whole=is_whole)
    for name in sorted(files):
        opener = files[name]
        table = _TABLE.fullmatch(name)
        transcript = _TRANSCRIPT.fullmatch(name)
        if table and table[1] in BY_NAME and table[1] != "tenant":
            if table[1] in found.sheets:
                raise _twice(table[1])
            found.sheets[table[1]] = lambda name=name, opener=opener: Sheet(name, csv_lines(opener(), budget))  # type: ignore[misc]
        elif name == "tenant.json":
            found.tenant = (name, opener)
        elif name in _EVENTS:
            if found.events:
                raise _twice("events")
            found.events = (name, opener)
        elif transcript:
            found.transcripts.append((name, transcript[1], transcript[2], transcript[3].lower(), opener))
        else:
            found.unknown_files.append(name)
    return found


def zip_files(stream: IO[bytes], budget: Budget) -> dict[str, Opener]:
    """The files of a zip, without the folder that holds them all. `Invalid` when it is damaged, huge or leads out."""
    archive = _archive(stream, budget, "zip")
    members = {info.filename: info for info in archive.infolist() if not info.is_dir()}
    for name in members:
        if name.startswith("/") or "\\" in name or ".." in name.split("/") or _DRIVE.match(name):
            raise Invalid(
                "zip_leads_out",
                f"The zip holds a file that would lie outside of it: {name!r}.",
                remedy="Nothing was imported. Zip the folder again, with plain relative names.",
            )
    names = [name for name in members if not name.startswith("__MACOSX/")]
    tops = {name.split("/")[0] for name in names}
    is_wrapped = len(tops) == 1 and all("/" in name for name in names) and tops != {"transcripts"}
    start = len(next(iter(tops))) + 1 if is_wrapped else 0
    return {name[start:]: lambda name=name: _member(archive, name) for name in names}  # type: ignore[misc]


def workbook_contents(stream: IO[bytes], budget: Budget) -> Contents:
    """The sheets of an .xlsx, named as the files are; the sheet `tenant` has one row."""
    _archive(stream, budget, "workbook")
    stream.seek(0)
    from intake.portfolio.workbook import workbook_sheets  # noqa: PLC0415 - openpyxl is slow to import

    found = Contents()
    for name, sheet in workbook_sheets(stream).items():
        if name in BY_NAME:
            found.sheets[name] = lambda sheet=sheet: sheet  # type: ignore[misc]
        else:
            found.unknown_files.append(sheet.file)
    return found


def csv_lines(stream: IO[bytes], budget: Budget) -> Generator[Line, None, None]:
    """The lines of a CSV file, gzipped or not; `Invalid` for what makes the whole file unreadable."""
    with stream, text_lines(stream, budget) as text:
        reader = csv.reader(text, strict=True)
        start = 1
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except UnicodeDecodeError as error:
                raise not_utf8(error, reader.line_num) from error
            except csv.Error as error:
                yield Line(start, [], str(error))
            else:
                yield Line(start, cells)
            start = reader.line_num + 1


def text_lines(stream: IO[bytes], budget: Budget) -> io.TextIOWrapper:
    """UTF-8 text (a BOM is dropped) of a stream that may be gzipped, counted against the budget."""
    chunks = _Chunks(plain_chunks(stream), budget)
    return io.TextIOWrapper(io.BufferedReader(chunks, 1 << 16), encoding="utf-8-sig", newline="")


def not_utf8(error: UnicodeDecodeError, lines_read: int) -> Invalid:
    """The error of a file in another encoding, with the line where it shows."""
    line = lines_read + 1 + error.object[: error.start].count(b"\n")
    return Invalid(
        "not_utf8",
        f"Line {line} is not UTF-8 (byte 0x{error.object[error.start]:02x}); the file may be Latin-1 or Windows-1252.",
        remedy="Save it as UTF-8, for example: iconv -f WINDOWS-1252 -t UTF-8.",
        data={"line": line},
    )


class _Chunks(io.RawIOBase):
    """An iterator of byte chunks as a file."""

    def __init__(self, chunks: Iterator[bytes], budget: Budget) -> None:
        self._chunks = chunks
        self._budget = budget
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        if not self._rest:
            self._rest = next(self._chunks, b"")
            self._budget.take(len(self._rest))
        count = min(len(self._rest), len(buffer))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count


def _archive(stream: IO[bytes], budget: Budget, what: str) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise _damaged(what, str(error)) from error
    # The sizes that the directory declares; zipfile never unpacks more than those.
    if sum(info.file_size for info in archive.infolist()) > budget.limit:
        raise too_large(budget.limit)
    return archive


def _member(archive: zipfile.ZipFile, name: str) -> IO[bytes]:
    try:
        return io.BufferedReader(_Member(archive.open(name)))
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as error:
        raise _damaged("zip", str(error)) from error


class _Member(io.RawIOBase):
    """A file of a zip whose damage is told in our words."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            data = self._stream.read(len(buffer))
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise _damaged("zip", str(error)) from error
        buffer[: len(data)] = data
        return len(data)


def _damaged(what: str, why: str) -> Invalid:
    return Invalid(
        f"{what}_broken", f"The {what} cannot be read: {why}.", remedy="Nothing was imported. Make it again."
    )


def _twice(table: str) -> Invalid:
    return Invalid(
        "file_twice",
        f"The table {table!r} is there twice, plain and gzipped.",
        remedy="Nothing was imported. Remove one of the two.",
    )
