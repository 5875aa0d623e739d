"""CSV logs, one event per line, as cases. Pure over the chunks it is given.

Lines of a case may lie anywhere in the file, so the whole file is held while it is read.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterable, Iterator

from intake.eventlog.cases import RawCase, RawEvent, Tally
from intake.eventlog.mapping import LogSection
from store.errors import Invalid

MAX_BYTES = 1 << 28
MAX_LINE = 1 << 20


def raw_cases(chunks: Iterable[bytes], log: LogSection, tally: Tally) -> Iterator[RawCase]:
    """The cases in the order of their first line; a line of another width than the header goes to the tally.

    Raises `Invalid` ("csv_*") for a wrong encoding, a header without the columns that the mapping names, a
    quote that never ends, more than 256 MB, or a line longer than a million signs.
    """
    rows = csv.reader(_lines(chunks, log.encoding), delimiter=log.delimiter, strict=True)
    header = _header(rows, log)
    cases: dict[str, RawCase] = {}
    for line, values in _numbered(rows):
        if len(values) != len(header):
            _wrong_width(tally, line, len(values), len(header))
            continue
        attributes = dict(zip(header, values, strict=True))
        case_id = attributes[log.case].strip()
        if case_id:
            cases.setdefault(case_id, RawCase(line, case_id, {}, [])).events.append(RawEvent(line, attributes))
        else:
            _without_case(tally, line, log.case)
    yield from cases.values()


def _lines(chunks: Iterable[bytes], encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8-sig" if encoding.lower() in {"utf-8", "utf8"} else encoding)()
    rest, count, size = "", 0, 0
    try:
        for chunk in chunks:
            size += len(chunk)
            if size > MAX_BYTES or len(rest) > MAX_LINE:
                raise _too_large(count)
            *lines, rest = (rest + decoder.decode(chunk)).split("\n")
            count += len(lines)
            yield from (line + "\n" for line in lines)
        rest += decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise _bad(
            "csv_encoding",
            f"The file is not {encoding} (after line {count}): {error.reason}.",
            'Name its true encoding in [log], such as encoding = "latin-1", or save it as UTF-8.',
        ) from error
    if rest:
        yield rest


def _header(rows: Iterator[list[str]], log: LogSection) -> list[str]:
    header = [name.strip() for name in next(_checked(rows), [])]
    if not header:
        raise _bad("csv_empty", "The file is empty.", "Its first line names the columns.")
    needed = [log.case, log.activity, log.timestamp, *([log.order] if log.order else [])]
    missing = [name for name in needed if name not in header]
    if missing:
        raise _bad(
            "csv_column_missing",
            f"The header has no column {', '.join(map(repr, missing))}; it has {', '.join(map(repr, header[:30]))}.",
            "Name the file's own columns, and its delimiter, in [log] of the mapping.",
        )
    if len(set(header)) < len(header):
        raise _bad("csv_column_twice", "Two columns of the header have one name.", "Rename one of them.")
    return header


def _numbered(rows: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    reader = rows
    for values in _checked(reader):
        if values:
            yield reader.line_num, values  # type: ignore[attr-defined]


def _checked(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    try:
        yield from rows
    except csv.Error as error:
        raise _bad(
            "csv_broken", f"The file cannot be read as CSV: {error}.", "Look for a quote that is not closed."
        ) from error


def _wrong_width(tally: Tally, line: int, found: int, wanted: int) -> None:
    tally.rows += 1
    tally.refused += 1
    tally.problem(
        line,
        "csv_wrong_width",
        value=f"{found} fields",
        expected=f"{wanted} fields, as in the header",
        remedy="Quote fields that hold the delimiter; the line was left out.",
    )


def _without_case(tally: Tally, line: int, column: str) -> None:
    tally.rows += 1
    tally.refused += 1
    tally.problem(
        line,
        "case_without_id",
        column=column,
        expected="the id of the case",
        remedy="Fill it in; the line was left out.",
    )


def _too_large(count: int) -> Invalid:
    detail = f"After line {count} the file is past 256 MB, or a line is longer than a million signs."
    return _bad("csv_too_large", detail, "Split it by case, or export XES, which is not held in memory.")


def _bad(code: str, detail: str, remedy: str) -> Invalid:
    return Invalid(code, detail, remedy=remedy)
