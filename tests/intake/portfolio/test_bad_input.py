"""Whatever is wrong is said with what was expected and how to mend it; nothing is half-written."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.commands import import_portfolio
from store.errors import Invalid, LeewayError, NotFound
from store.log_memory import MemoryLog
from tests.intake.portfolio.folders import NOW, RICH, TENANT_ID, codes, folder, load, loaded, new

FINE = {"projects.csv": "project_id,name\nP-1,One\n", "tasks.csv": "task_id,project_id\nT-1,P-1\nT-2,P-1\nT-3,P-1\n"}


def raised(path: Path, files: dict[str, str | bytes]) -> LeewayError:
    """The error of an import that is refused whole; nothing was written."""
    log = MemoryLog()
    with pytest.raises(LeewayError) as caught:
        load(log, folder(path, files))
    assert not list(log.read_all(TENANT_ID))
    assert caught.value.code
    assert caught.value.detail
    assert caught.value.remedy
    return caught.value


def places_of_trouble(path: Path) -> list[str]:
    """The files that an import complains about, each complaint with a remedy; any other error fails the test."""
    try:
        report = load(MemoryLog(), path)
    except Invalid as error:
        return [error.where if error.remedy else ""]
    return [problem.file if problem.expected and problem.remedy else "" for problem in report.problems]


@pytest.mark.parametrize(
    ("file", "line", "code", "column"),
    [
        ("messages.csv", "M-9,P-1,2025-01-01T00:00:00Z,,,,,,text,too much", "column_count", ""),
        ("messages.csv", "M-9,P-1", "column_count", ""),
        ("messages.csv", 'M-9,P-1,2025-01-01T00:00:00Z,,,,,,"never closed', "broken_line", ""),
        ("messages.csv", 'M-9,P-1,2025-01-01T00:00:00Z,,,,,,"closed" too early', "broken_line", ""),
        ("messages.csv", "M-9,P-9,2025-01-01T00:00:00Z,,,,,,text", "unknown_project", "project_id"),
        ("messages.csv", "M-9,P-1,2025-01-01T00:00:00Z,U-9,,,,,text", "unknown_party", "from_id"),
        ("messages.csv", "M-9,P-1,2025-01-01T00:00:00Z,U-1,K-1;K-9,,,,text", "unknown_party", "to_ids"),
        ("messages.csv", "M-9,P-1,2025-01-01T00:00:00,,,,,,text", "instant_without_offset", "at"),
        ("messages.csv", "M-9,P-1,yesterday,,,,,,text", "bad_instant", "at"),
        ("messages.csv", "M-9,P-1,,,,,,,text", "blank", "at"),
        ("messages.csv", "M-9,P-1,2025-01-01T00:00:00Z,,,fax,,,text", "bad_choice", "channel"),
        ("messages.csv", "M-9,P-1,2025-01-01T00:00:00Z,,,,,maybe,text", "bad_flag", "needs_answer"),
        ("messages.csv", "M-1,P-1,2025-01-01T00:00:00Z,,,,,,text", "duplicate_id", "message_id"),
        ("messages.csv", "M\x07,P-1,2025-01-01T00:00:00Z,,,,,,text", "bad_id", "message_id"),
        ("messages.csv", "M-9,P-1,2025-01-01T00:00:00Z,,,,,,te\x00xt", "bad_text", "text"),
        ("people.csv", "U-9,,,,,25,,,,,,,,", "bad_hours", "hours_per_day"),
        ("people.csv", "U-9,,,,,NaN,,,,,,,,", "bad_hours", "hours_per_day"),
        ("people.csv", "U-9,,,,,,-Infinity,,,,,,,", "bad_amount", "cost_rate"),
        ("people.csv", "U-9,,,,,,1e3,,,,,,,", "bad_amount", "cost_rate"),
        ("people.csv", "U-9,,,,,,,,,1969-12-31,,,,", "date_out_of_range", "starts_on"),
        ("people.csv", "U-9,,,,,,,,,10000-01-01,,,,", "bad_date", "starts_on"),
        ("people.csv", "U-9,,,,,,,,,2025-02-30,,,,", "bad_date", "starts_on"),
        ("people.csv", "U-9,,,,,,,,,20250203,,,,", "bad_date", "starts_on"),
        ("expenses.csv", 'X-9,P-1,2025-01-01,"1,5",EUR,,,', "bad_number", "amount"),
        ("stages.csv", "P-1,other,first,,,", "bad_whole_number", "position"),
        ("forecasts.csv", "P-1,2025-01-01,2025-13,1,EUR", "bad_period", "period"),
        ("customers.csv", "C-9,,,Mars/Olympus,", "bad_time_zone", "timezone"),
        ("calendars.csv", "CAL-9,,,8;8;8,", "bad_week", "weekday_hours"),
        ("calendars.csv", "CAL-9,,,8;8;8;8;8;0;0,May Day", "bad_date_list", "holidays"),
        ("rates.csv", ",,,cost,1,EUR,2025-01-01,", "blank", "person_id"),
        ("rates.csv", "U-1,,,cost,70,EUR,2024-01-01,", "duplicate_id", "person_id"),
        ("time_off.csv", "U-1,2025-03-05,2025-03-03,,", "ends_before_start", "ends_on"),
        ("history.csv", "2025-03-01T09:00:00Z,P-1,task,T-9,status,done,", "unknown_task", "entity_id"),
        ("history.csv", "2025-03-01T09:00:00Z,P-2,task,T-1,status,done,", "task_of_other_project", "project_id"),
        ("history.csv", "2025-03-01T09:00:00Z,P-2,project,P-1,status,live,", "entity_of_other_project", "entity_id"),
        ("history.csv", "2025-03-01T09:00:00Z,P-1,task,T-1,status,finished,", "bad_choice", "value"),
        ("history.csv", "2025-03-01T09:00:00Z,P-1,task,T-1,due_on,soon,", "bad_date", "value"),
        ("history.csv", "2025-03-01T09:00:00Z,P-1,task,T-1,owner_id,U-9,", "unknown_party", "value"),
        ("history.csv", "2025-03-01T09:00:00Z,P-1,project,P-1,manager_id,K-1,", "unknown_person", "value"),
        ("history.csv", "2025-03-01T09:00:00Z,P-1,project,P-1,go_live_on,,", "blank", "value"),
        ("history.csv", "2025-03-01T09:00:00Z,P-1,person,U-1,status,gone,", "bad_choice", "entity"),
    ],
)
def test_a_bad_line_is_reported_and_the_rest_goes_on(
    tmp_path: Path, file: str, line: str, code: str, column: str
) -> None:
    good = new(loaded(tmp_path / "good", RICH)[1])
    bad = {**RICH, file: RICH[file].rstrip("\n") + "\n" + line + "\n"}
    report = loaded(tmp_path / "bad", bad)[1]
    number = RICH[file].rstrip("\n").count("\n") + 2
    assert [(problem.file, problem.line, problem.code, problem.column) for problem in report.problems] == [
        (file, number, code, column)
    ]
    (problem,) = report.problems
    assert problem.expected
    assert problem.remedy
    assert next(entry for entry in report.files if entry.file == file).refused == 1
    assert new(report) == good


def test_strict_writes_nothing_when_anything_is_wrong(tmp_path: Path) -> None:
    files = {**RICH, "tasks.csv": RICH["tasks.csv"] + "T-9,P-9,,,,,,,,,,,,,\n"}
    log = MemoryLog()
    with pytest.raises(Invalid, match=r"1 problem, the first: tasks\.csv:6: project_id 'P-9'") as caught:
        load(log, folder(tmp_path, files), is_strict=True)
    assert caught.value.code == "import_refused"
    assert not list(log.read_all(TENANT_ID))
    assert load(log, folder(tmp_path, RICH), is_strict=True).problems == []


def test_strict_refuses_facts_known_with_another_content(tmp_path: Path) -> None:
    log, _report = loaded(tmp_path, RICH)
    head = log.head(TENANT_ID)
    more = RICH["customers.csv"].replace("Acme Example", "Acme Renamed") + "C-3,New,,,\n"
    with pytest.raises(Invalid, match="imported first"):
        load(log, folder(tmp_path, {"customers.csv": more}), is_strict=True)
    assert log.head(TENANT_ID) == head


def test_a_circle_of_dependencies_is_printed_and_its_links_are_refused(tmp_path: Path) -> None:
    links = "task_id,depends_on_id\nT-1,T-2\nT-2,T-3\nT-3,T-1\nT-1,T-1\n"
    report = loaded(tmp_path, {**FINE, "dependencies.csv": links})[1]
    assert codes(report) == [("dependencies.csv", line, "dependency_cycle") for line in (2, 3, 4, 5)]
    assert "T-1 → T-2 → T-3 → T-1" in report.problems[0].remedy
    assert new(report) == 4


def test_a_circle_that_closes_in_the_log_is_seen(tmp_path: Path) -> None:
    log, _report = loaded(tmp_path, {**FINE, "dependencies.csv": "task_id,depends_on_id\nT-1,T-2\nT-2,T-3\n"})
    later = folder(tmp_path / "later", {"dependencies.csv": "task_id,depends_on_id\nT-3,T-1\n"})
    assert codes(load(log, later / "dependencies.csv")) == [("dependencies.csv", 2, "dependency_cycle")]


@pytest.mark.parametrize("name", ["projects.csv", "tasks.csv"])
def test_a_portfolio_has_projects_and_tasks(tmp_path: Path, name: str) -> None:
    error = raised(tmp_path, {file: body for file, body in RICH.items() if file != name})
    assert (error.code, name in error.detail) == ("file_missing", True)


def test_a_folder_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="There is no"):
        load(MemoryLog(), tmp_path / "nowhere")


def test_a_file_that_is_none_of_ours_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="none of the portfolio files"):
        load(MemoryLog(), folder(tmp_path, {"notes.txt": "hello"}) / "notes.txt")


LATIN_1 = "task_id,project_id,name\nT-1,P-1,fine\nT-2,P-1,Übergabe\n".encode("latin-1")
TRUNCATED = gzip.compress(RICH["messages.csv"].encode(), mtime=0)[:-20]


def test_tasks_in_another_encoding_refuse_the_whole_import(tmp_path: Path) -> None:
    error = raised(tmp_path, {**FINE, "tasks.csv": LATIN_1})
    assert (error.code, error.where) == ("not_utf8", "tasks.csv")
    assert "Line 3" in error.detail
    assert "iconv" in error.remedy


@pytest.mark.parametrize(
    ("name", "body", "line", "code"),
    [
        ("contacts.csv", "contact_id,customer_id,name\nK-1,C-1,Jürgen\n".encode("latin-1"), 2, "not_utf8"),
        ("escalations.csv.gz", gzip.compress(RICH["escalations.csv"].encode(), mtime=0)[:-20], 0, "gzip_truncated"),
        ("escalations.csv.gz", b"\x1f\x8bnonsense", 0, "gzip_broken"),
        ("escalations.csv", "", 1, "header_missing"),
        ("escalations.csv", "escalation_id,project_id\n", 1, "column_missing"),
        ("escalations.csv", "escalation_id,project_id,at,at\n", 1, "column_twice"),
    ],
)
def test_a_file_that_cannot_be_read_is_reported_and_left_out(
    tmp_path: Path, name: str, body: str | bytes, line: int, code: str
) -> None:
    files: dict[str, str | bytes] = {**FINE, "customers.csv": RICH["customers.csv"].replace("CAL-1", ""), name: body}
    report = loaded(tmp_path, files)[1]
    assert codes(report) == [(name, line, code)]
    assert new(report) == 6
    with pytest.raises(Invalid):
        load(MemoryLog(), tmp_path, is_strict=True)


def test_a_truncated_gzip_of_tasks_refuses_the_whole_import(tmp_path: Path) -> None:
    body = gzip.compress(FINE["tasks.csv"].encode(), mtime=0)[:-10]
    error = raised(tmp_path, {"projects.csv": FINE["projects.csv"], "tasks.csv.gz": body})
    assert (error.code, error.where) == ("gzip_truncated", "tasks.csv.gz")


def test_a_byte_order_mark_and_windows_line_ends_are_fine(tmp_path: Path) -> None:
    files = {name: "\ufeff" + body.replace("\n", "\r\n") for name, body in RICH.items() if name.endswith(".csv")}
    report = loaded(tmp_path, files)[1]
    assert codes(report) == []


def test_a_table_may_not_be_there_twice(tmp_path: Path) -> None:
    error = raised(tmp_path, {**FINE, "tasks.csv.gz": gzip.compress(FINE["tasks.csv"].encode(), mtime=0)})
    assert error.code == "file_twice"


def test_a_large_file_is_read_and_one_beyond_the_limit_is_refused_early(tmp_path: Path) -> None:
    text = "x" * 100_000
    rows = "".join(f"M-{n},P-1,2025-01-01T00:00:00Z,{text}\n" for n in range(20))
    folder(
        tmp_path,
        {**FINE, "messages.csv.gz": gzip.compress(("message_id,project_id,at,text\n" + rows).encode(), mtime=0)},
    )
    log = MemoryLog()
    with pytest.raises(Invalid, match="more than 1 MB") as caught:
        import_portfolio(log, "example", tmp_path, now=NOW, max_bytes=1_000_000)
    assert caught.value.code == "too_large"
    assert not list(log.read_all(TENANT_ID))
    assert new(import_portfolio(log, "example", tmp_path, now=NOW, max_bytes=2_100_000)) == 24


def test_a_huge_cell_is_one_bad_line(tmp_path: Path) -> None:
    rows = (
        f"message_id,project_id,at,text\nM-1,P-1,2025-01-01T00:00:00Z,{'x' * 200_000}\nM-2,P-1,2025-01-01T00:00:00Z,y\n"
    )
    report = loaded(tmp_path, {**FINE, "messages.csv": rows})[1]
    assert codes(report) == [("messages.csv", 2, "broken_line")]
    assert new(report) == 5


@pytest.mark.parametrize("name", ["../projects.csv", "/etc/projects.csv", "a/../../b.csv", "C:/x.csv", "a\\..\\b.csv"])
def test_a_zip_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "bad.zip", "w") as archive:
        archive.writestr("projects.csv", FINE["projects.csv"])
        archive.writestr("tasks.csv", FINE["tasks.csv"])
        archive.writestr(name, "project_id\nP-1\n")
    with pytest.raises(Invalid) as caught:
        load(MemoryLog(), tmp_path / "bad.zip")
    assert caught.value.code == "zip_leads_out"


def test_a_zip_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("projects.csv", b"0" * 3_000_000)
    with pytest.raises(Invalid, match="more than 2 MB"):
        import_portfolio(MemoryLog(), "example", tmp_path / "bomb.zip", now=NOW, max_bytes=2_000_000)


@pytest.mark.parametrize("name", ["bad.zip", "bad.xlsx"])
@pytest.mark.parametrize("body", [b"", b"no archive", b"PK\x03\x04" + b"\x00" * 50])
def test_a_broken_archive_is_refused(tmp_path: Path, name: str, body: bytes) -> None:
    with pytest.raises(Invalid, match="cannot be read"):
        load(MemoryLog(), folder(tmp_path, {name: body}) / name)


def test_a_damaged_file_in_a_zip_is_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, body in FINE.items():
            archive.writestr(name, body)
    damaged = buffer.getvalue().replace(b"T-1,P-1", b"T-9,P-1")
    with pytest.raises(Invalid, match="cannot be read"):
        load(MemoryLog(), folder(tmp_path, {"bad.zip": damaged}) / "bad.zip")


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        '{"weekdays": [0]}',
        '{"hours_per_day": NaN}',
        '{"timezone": "Nowhere/At all"}',
        '{"holidays": [1]}',
        "[" * 9999,
    ],
)
def test_a_bad_tenant_is_refused_or_reported(tmp_path: Path, body: str) -> None:
    assert places_of_trouble(folder(tmp_path, {**FINE, "tenant.json": body})) == ["tenant.json"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("{", "broken_line"),
        ('{"type": "task.created"}', "broken_line"),
        ("event", "broken_line"),
        ("unknown type", "unknown_event_type"),
        ("newer version", "newer_schema_version"),
        ("bad id", "bad_event_id"),
        ("bad stream", "bad_stream_id"),
        ("no offset", "broken_line"),
        ("early", "date_out_of_range"),
        ("skewed", "recorded_before_occurred"),
        ("NaN", "not_finite"),
        ("bad payload", "malformed_event"),
    ],
)
def test_a_bad_event_is_reported(tmp_path: Path, line: str, code: str) -> None:
    good = (
        '{"type":"task.reestimated","version":1,"stream_id":"plan/x","event_id":"6c656577-6179-5000-8000-000000000001",'
        '"occurred_at":"2025-01-01T00:00:00Z","recorded_at":"2025-01-01T00:00:00Z","source":"api",'
        '"payload":{"task_id":"a","project_id":"x","effort_hours":"1.5"}}'
    )
    wrong = {
        "unknown type": good.replace("task.reestimated", "task.dreamt"),
        "newer version": good.replace('"version":1', '"version":2'),
        "bad id": good.replace("6c656577-6179", "6C656577-6179"),
        "bad stream": good.replace("plan/x", "../plan"),
        "no offset": good.replace("00:00:00Z", "00:00:00"),
        "early": good.replace("2025-", "1925-"),
        "skewed": good.replace('"recorded_at":"2025', '"recorded_at":"2024'),
        "NaN": good.replace('"1.5"', '"NaN"'),
        "bad payload": good.replace('"task_id":"a",', ""),
    }.get(line, line)
    report = loaded(tmp_path, {**FINE, "events.ndjson": f"{good}\n{wrong}\n"})[1]
    # A naive instant is caught with the range.
    expected = "date_out_of_range" if line == "no offset" else code
    assert codes(report) == [("events.ndjson", 2, expected)]
    assert new(report) == 5


def test_an_export_of_another_tenant_is_refused(tmp_path: Path) -> None:
    preamble = '{"leeway_export":1,"tenant_id":"6c656577-6179-5000-8000-000000000001","timezone":"UTC"}\n'
    assert raised(tmp_path, {**FINE, "events.ndjson": preamble}).code == "other_tenant"


def test_the_list_of_problems_is_bounded(tmp_path: Path) -> None:
    rows = "task_id,project_id\n" + "".join(f"T-{n},P-9\n" for n in range(1500))
    report = loaded(tmp_path, {**FINE, "tasks.csv": rows})[1]
    assert len(report.problems) == 1000
    assert next(file for file in report.files if file.file == "tasks.csv").refused == 1500
    assert report.notes == ["tasks.csv: 500 further problems are counted, not listed."]


CELLS = st.sampled_from(
    [
        "",
        "P-1",
        "T-1",
        "U-1",
        "2025-01-01",
        "2025-01-01T00:00:00Z",
        "9999-12-31",
        "0000-00-00",
        "NaN",
        "1",
        "-1",
        '"',
        "\x00",
    ]
) | st.text(max_size=6)
LINES = st.lists(st.lists(CELLS, max_size=16).map(",".join), max_size=6).map("\n".join)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(sorted(name for name in RICH if name.endswith(".csv"))),
    body=st.binary(max_size=200) | LINES.map(lambda text: text.encode("utf-8", "surrogatepass")),
    is_appended=st.booleans(),
)
def test_any_bytes_give_an_answer_or_one_of_our_errors(
    tmp_path: Path, name: str, body: bytes, is_appended: bool
) -> None:
    files: dict[str, str | bytes] = dict(RICH)
    files[name] = RICH[name].encode() + body if is_appended else body
    assert all(places_of_trouble(folder(tmp_path, files)))
