"""Rows of a sheet as typed values; what cannot be taken is said line by line. Pure."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Any

from intake.portfolio.cells import INSTANT, Zone, problem_of
from intake.portfolio.columns import RECORDED_AT, Column, Table
from intake.portfolio.reading import Line, Sheet
from intake.report import FileReport, Problem
from store.errors import Invalid

PROBLEMS_PER_FILE = 1000
SHOWN_CHARACTERS = 80
_RECORDED = Column(RECORDED_AT, INSTANT)


@dataclass(slots=True)
class Row:
    """A row by column name; a blank cell has the column's blank value. `key` makes it the same row again."""

    line: int
    values: dict[str, Any]
    extra: dict[str, str]
    key: tuple[str, ...] = ()


@dataclass(slots=True)
class Verdicts:
    """What was found in one file. Problems beyond `PROBLEMS_PER_FILE` are counted only."""

    report: FileReport
    problems: list[Problem] = field(default_factory=list)
    omitted: int = 0

    def problem(self, line: int, code: str, expected: str, remedy: str, *, column: str = "", value: str = "") -> None:
        """Notes one problem."""
        if len(self.problems) >= PROBLEMS_PER_FILE:
            self.omitted += 1
            return
        shown = value if len(value) <= SHOWN_CHARACTERS else value[:SHOWN_CHARACTERS] + "…"
        self.problems.append(
            Problem(
                file=self.report.file,
                line=line,
                column=column,
                value=shown,
                code=code,
                expected=expected,
                remedy=remedy,
            )
        )

    def refuse(self, line: int, code: str, expected: str, remedy: str, *, column: str = "", value: str = "") -> None:
        """Notes the problem that keeps one row out."""
        self.report.refused += 1
        self.problem(line, code, expected, remedy, column=column, value=value)


def read_rows(sheet: Sheet, table: Table, zone: Zone, verdicts: Verdicts) -> list[Row]:
    """The good rows of a sheet. `Invalid` when the file as a whole cannot be taken."""
    zone = replace(zone, may_be_naive=sheet.may_be_naive)
    shows = {column.name: column.kind.show for column in table.columns if column.name in table.key}
    rows = []
    seen: dict[tuple[str, ...], int] = {}
    with closing(sheet.lines) as lines:
        columns = _columns(next(lines, None), table, verdicts.report)
        for line in lines:
            if not line.reason and not any(line.cells):
                continue
            verdicts.report.rows += 1
            row = _row(line, columns, table, zone, verdicts)
            if row is None:
                continue
            row.key = tuple(_text_of(row.values[name], shows[name]) for name in table.key)
            if _is_unique(row, table, seen, verdicts):
                rows.append(row)
    return rows


def _columns(header: Line | None, table: Table, report: FileReport) -> list[tuple[str, Column | None]]:
    """The file's columns in their order, those that the table does not know as (name, None)."""
    names = [cell.strip() for cell in header.cells] if header else []
    if not any(names):
        raise Invalid(
            "header_missing",
            "The file is empty.",
            remedy=f"Begin it with a header: {_header_of(table)}.",
            data={"line": 1},
        )
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise Invalid(
            "column_twice",
            f"The header names {', '.join(map(repr, twice))} more than once.",
            remedy="Name every column once.",
            data={"line": 1},
        )
    missing = [column.name for column in table.columns if column.is_required and column.name not in names]
    if missing:
        raise Invalid(
            "column_missing",
            f"The header lacks {', '.join(map(repr, missing))}.",
            remedy=f"Expected columns: {_header_of(table)}.",
            data={"line": 1},
        )
    known = {column.name: column for column in (*table.columns, _RECORDED)}
    found = [(name or f"column {number}", known.get(name)) for number, name in enumerate(names, start=1)]
    report.unknown_columns = tuple(name for name, column in found if column is None)
    return found


def _row(
    line: Line, columns: list[tuple[str, Column | None]], table: Table, zone: Zone, verdicts: Verdicts
) -> Row | None:
    if line.reason or len(line.cells) != len(columns):
        _refuse_broken(line, len(columns), verdicts)
        return None
    values: dict[str, Any] = {column.name: column.blank for column in table.columns}
    values[RECORDED_AT] = None
    extra: dict[str, str] = {}
    is_good = True
    for (name, column), cell in zip(columns, line.cells, strict=True):
        stripped = cell.strip()
        if column is None:
            if stripped and "\x00" not in cell:
                extra[name] = cell
        elif stripped:
            try:
                values[name] = column.kind.parse(cell if column.kind.is_verbatim else stripped, zone)
            except ValueError as error:
                is_good = _refuse(line, column, cell, error, verdicts, is_first=is_good)
        elif column.is_required:
            is_good = _refuse(line, column, cell, None, verdicts, is_first=is_good)
    if not is_good or not _is_sound(line.number, table, values, verdicts):
        return None
    return Row(line.number, values, extra)


def _refuse(
    line: Line, column: Column, cell: str, error: ValueError | None, verdicts: Verdicts, *, is_first: bool
) -> bool:
    """Notes a bad cell; the row counts as refused once."""
    code, expected, remedy = (
        problem_of(column.kind, error) if error else ("blank", column.kind.expected, f"Fill in {column.name}.")
    )
    note = verdicts.refuse if is_first else verdicts.problem
    note(line.number, code, expected, remedy, column=column.name, value=cell)
    return False


def _refuse_broken(line: Line, width: int, verdicts: Verdicts) -> None:
    if line.reason:
        verdicts.refuse(
            line.number,
            "broken_line",
            "a line of CSV as in RFC 4180",
            f"{line.reason.capitalize()}: close every quote and double the quotes inside of a quoted cell; "
            "the lines up to the next whole one were left out.",
        )
    else:
        verdicts.refuse(
            line.number,
            "column_count",
            f"{width} columns as in the header, found {len(line.cells)}",
            "Quote cells that hold commas or line breaks.",
            value=",".join(line.cells),
        )


def _is_sound(number: int, table: Table, values: dict[str, Any], verdicts: Verdicts) -> bool:
    """What one row can say against itself."""
    if table.name in {"time_off", "allocations"} and values["ends_on"] < values["starts_on"]:
        verdicts.refuse(
            number,
            "ends_before_start",
            f"a day from {values['starts_on']} on",
            "Mend one of the two dates; both days are included.",
            column="ends_on",
            value=str(values["ends_on"]),
        )
        return False
    if table.name == "rates" and not values["person_id"] and not values["role"]:
        verdicts.refuse(number, "blank", "a person_id or a role", "Say whose rate it is.", column="person_id")
        return False
    return True


def _text_of(value: Any, show: Callable[[Any], str]) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else show(value)


def _is_unique(row: Row, table: Table, seen: dict[tuple[str, ...], int], verdicts: Verdicts) -> bool:
    """Whether no earlier row has this key; rows that may repeat are numbered instead."""
    first = seen.get(row.key)
    if table.may_repeat:
        count = seen[row.key] = (first or 0) + 1
        row.key = (*row.key, str(count))
        return True
    if first is None:
        seen[row.key] = row.line
        return True
    verdicts.refuse(
        row.line,
        "duplicate_id",
        f"each {' + '.join(table.key)} once; line {first} has it too",
        "Keep one of the two; a later change of a record belongs into history.csv.",
        column=table.key[0] if table.key else "",
        value=", ".join(part for part in row.key if part),
    )
    return False


def _header_of(table: Table) -> str:
    return ",".join(column.name for column in table.columns)
