"""The sheets of an .xlsx as text cells. Pure over the stream it is given."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Generator, Iterable, Iterator
from decimal import Decimal
from typing import IO
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from intake.portfolio.reading import Line, Sheet
from store.errors import Invalid


def workbook_sheets(stream: IO[bytes]) -> dict[str, Sheet]:
    """The sheets by name, lower case. `Invalid` when it is no workbook."""
    try:
        book = load_workbook(stream, read_only=True, data_only=True)
        return {
            sheet.title.strip().lower(): Sheet(
                f"{sheet.title} (sheet)", _each(list(_lines(sheet.values))), may_be_naive=True
            )
            for sheet in book.worksheets
        }
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError, ParseError, OSError) as error:
        raise Invalid(
            "workbook_broken",
            f"The workbook cannot be read: {error}.",
            remedy="Nothing was imported. Save it again as .xlsx, without a password.",
        ) from error


def _each(lines: list[Line]) -> Generator[Line, None, None]:
    yield from lines


def _lines(rows: Iterable[Iterable[object]]) -> Iterator[Line]:
    width = 0
    for number, row in enumerate(rows, start=1):
        cells = [_cell(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        if not width:
            width = len(cells)
        if cells:
            yield Line(number, cells + [""] * (width - len(cells)))


def _cell(value: object) -> str:
    """A cell as it would stand in a CSV file; a day without a time is a date."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float):
        return format(Decimal(str(value)).normalize(), "f")
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time(0) else value.isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value)
