"""A zip, a workbook, gzipped files and a folder within a zip are the same portfolio."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from store.log_memory import MemoryLog
from tests.intake.portfolio.folders import RICH, codes, envelopes, folder, load, loaded, new, projections


@pytest.fixture
def plain(tmp_path: Path) -> MemoryLog:
    return loaded(tmp_path / "plain", RICH)[0]


def test_gzipped_files_are_the_same(tmp_path: Path, plain: MemoryLog) -> None:
    files = {
        f"{name}.gz" if name.endswith(".csv") else name: gzip.compress(body.encode()) if name.endswith(".csv") else body
        for name, body in RICH.items()
    }
    log, _report = loaded(tmp_path / "gzipped", files)
    assert envelopes(log) == envelopes(plain)


@pytest.mark.parametrize("prefix", ["", "portfolio 2025/"])
def test_a_zip_is_the_same(tmp_path: Path, plain: MemoryLog, prefix: str) -> None:
    path = tmp_path / "portfolio.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in RICH.items():
            archive.writestr(prefix + name, body)
        archive.writestr("__MACOSX/._tasks.csv", "junk")
    log = MemoryLog()
    report = load(log, path)
    assert codes(report) == []
    assert envelopes(log) == envelopes(plain)


def typed(cell: str) -> object:
    """A cell as a spreadsheet program holds it."""
    for kind in (int, float, date.fromisoformat):
        try:
            return kind(cell)
        except ValueError:
            continue
    if len(cell) == 25 and cell.endswith(("+01:00", "+02:00")):
        # Berlin's own time: a workbook holds no offset.
        return datetime.fromisoformat(cell[:-6])
    return cell or None


def workbook(path: Path, files: dict[str, str]) -> Path:
    book = Workbook()
    for name, body in files.items():
        sheet = book.create_sheet(name.removesuffix(".csv"))
        for row in csv.reader(io.StringIO(body)):
            sheet.append([typed(cell) for cell in row])
    settings = json.loads(RICH["tenant.json"])
    sheet = book.create_sheet("Tenant")
    sheet.append(list(settings))
    sheet.append([";".join(map(str, value)) if isinstance(value, list) else value for value in settings.values()])
    book.create_sheet("Notes").append(["hello"])
    book.remove(book.worksheets[0])
    book.save(path)
    return path


def test_a_workbook_is_the_same(tmp_path: Path) -> None:
    # A workbook keeps neither trailing zeros nor leading blanks.
    files = {
        name: body.replace(" soon", "soon").replace("60.50", "60.5").replace("42300.00", "42300")
        for name, body in RICH.items()
        if not name.startswith("transcripts")
    }
    files["tenant.json"] = files["tenant.json"].replace("7.50", "7.5")
    files["invoices.csv"] = files["invoices.csv"].replace("8029.50", "8029.5")
    files["expenses.csv"] = files["expenses.csv"].replace("99.90", "99.9")
    sheet_log = MemoryLog()
    report = load(
        sheet_log,
        workbook(tmp_path / "book.xlsx", {name: body for name, body in files.items() if name.endswith(".csv")}),
    )
    assert codes(report) == []
    assert report.notes == ["Notes (sheet): not a portfolio file; left out."]
    plain, _report = loaded(tmp_path / "plain", files)
    assert projections(sheet_log) == projections(plain)
    assert envelopes(sheet_log) == envelopes(plain)


def test_a_single_file_adds_to_what_is_known(tmp_path: Path, plain: MemoryLog) -> None:
    body = "task_id,project_id,name\nT-9,P-2,Late comer\n"
    path = folder(tmp_path, {"tasks.csv.gz": gzip.compress(body.encode())}) / "tasks.csv.gz"
    report = load(plain, path)
    assert (codes(report), new(report)) == ([], 1)
