"""An event log on disk goes into the log: once, whole, and with a report."""

import datetime as dt
from pathlib import Path

import pytest

from intake.eventlog.commands import import_event_log
from intake.report import ImportReport
from store.errors import Invalid, NotFound
from store.ids import TenantId, tenant_id_of
from store.log import Event, Log
from store.log_memory import MemoryLog
from store.projections.projects.fold import fold
from tests.intake.eventlog.logs import CSV_LOG, MAPPING, ONE_CASE, Line, packed, xes

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
SAMPLES = Path(__file__).resolve().parents[3] / "samples" / "mappings"
ODD: dict[str, list[Line]] = {"A1": [("Tea", "2024-01-01", {"colour": "red"}), ("Start", "never")]}


@pytest.fixture
def log() -> MemoryLog:
    return MemoryLog()


def run(log: Log, folder: Path, content: bytes, text: str = MAPPING, *, is_strict: bool = False) -> ImportReport:
    (folder / "log").write_bytes(content)
    (folder / "mapping.toml").write_text(text, encoding="utf-8")
    return import_event_log(
        log, "forms", folder / "log", folder / "mapping.toml", now=NOW, is_strict=is_strict, progress=lambda _n: None
    )


def everything(log: MemoryLog, tenant_id: TenantId) -> list[Event]:
    log.seal(tenant_id)
    return log.read_all(tenant_id)


def test_importing_twice_changes_nothing(log: MemoryLog, tmp_path: Path) -> None:
    first = run(log, tmp_path, packed(xes(ONE_CASE)))
    before = everything(log, first.tenant_id)
    second = run(log, tmp_path, packed(xes(ONE_CASE)))
    assert first.files[0].new == len(before) == second.files[0].known
    assert (second.files[0].new, second.files[0].differing) == (0, 0)
    assert everything(log, first.tenant_id) == before


def test_a_log_that_has_grown_adds_what_is_new(log: MemoryLog, tmp_path: Path) -> None:
    run(log, tmp_path, xes({"A1": ONE_CASE["A1"][:4]}))
    grown = run(log, tmp_path, xes(ONE_CASE))
    whole = MemoryLog()
    alone = run(whole, tmp_path, xes(ONE_CASE))
    tenant_id = grown.tenant_id
    stream_id = next(event.stream_id for event in everything(whole, tenant_id) if event.stream_id != "tenant")
    assert grown.files[0].new + grown.files[0].known == alone.files[0].new
    assert fold(log.read(tenant_id, stream_id)) == fold(whole.read(tenant_id, stream_id))


def test_the_folded_project_is_closed_with_its_commitment_and_activities(log: MemoryLog, tmp_path: Path) -> None:
    report = run(log, tmp_path, xes(ONE_CASE))
    events = everything(log, report.tenant_id)
    (state,) = [fold(events[1:])]
    assert (state.status, state.committed_on, len(state.activities)) == ("closed", dt.date(2024, 5, 6), 9)
    assert report.tenant_id == tenant_id_of("forms")
    assert report.last_recorded_at == state.last_recorded_at == dt.datetime(2024, 5, 9, 10, tzinfo=dt.UTC)


def test_what_could_not_be_understood_is_reported_and_the_rest_imported(log: MemoryLog, tmp_path: Path) -> None:
    report = run(log, tmp_path, xes(ODD))
    (file,) = report.files
    assert (file.rows, file.refused, file.unknown_columns) == (2, 1, ("colour",))
    assert [problem.code for problem in report.problems] == ["timestamp_unreadable", "activity_unknown"]
    assert "Tea" in str(report.problems[1])
    assert everything(log, report.tenant_id)


def test_a_strict_import_stops_whole(log: MemoryLog, tmp_path: Path) -> None:
    with pytest.raises(Invalid) as caught:
        run(log, tmp_path, xes(ODD), is_strict=True)
    assert caught.value.code == "import_refused"
    assert "2 problems" in caught.value.detail
    assert log.pending_tenants() == []


@pytest.mark.parametrize("content", [packed(xes(ONE_CASE))[:-20], xes(ONE_CASE)[:-20], b"", b"<log/>"])
def test_a_file_that_is_not_whole_leaves_nothing_behind(log: MemoryLog, tmp_path: Path, content: bytes) -> None:
    with pytest.raises(Invalid) as caught:
        run(log, tmp_path, content)
    assert caught.value.where == "log"
    assert log.pending_tenants() == []


def test_a_wrong_format_in_the_mapping_is_told(log: MemoryLog, tmp_path: Path) -> None:
    with pytest.raises(Invalid) as caught:
        run(log, tmp_path, xes(ONE_CASE), MAPPING + CSV_LOG)
    assert caught.value.code == "csv_column_missing"


def test_a_missing_file_or_a_folder_is_told(log: MemoryLog, tmp_path: Path) -> None:
    mapping = SAMPLES / "permit.toml"
    with pytest.raises(NotFound):
        import_event_log(log, "forms", tmp_path / "no.xes", mapping, now=NOW)
    with pytest.raises(Invalid) as caught:
        import_event_log(log, "forms", tmp_path, mapping, now=NOW)
    assert caught.value.code == "file_unreadable"


FINES = """case_id,activity,timestamp,amount,article,points,vehicleclass,expense,paymentamount,totalpaymentamount,.order
N1,Create Fine,2024-01-01,35.0,157,0,A,,,,1
N2,Send Fine,2024-01-05,,,,,11.0,,,3
N2,Create Fine,2024-01-05,40.0,7,0,A,,,,2
N1,Payment,2024-01-20,,,,,,35.0,35.0,4
N2,Insert Fine Notification,2024-01-20,,,,,,,,5
N2,Send for Credit Collection,2025-02-01,,,,,,,,6
"""


def test_fines_from_a_csv_are_paid_or_go_to_collection(log: MemoryLog, tmp_path: Path) -> None:
    path = tmp_path / "fines.csv"
    path.write_text(FINES, encoding="utf-8")
    report = import_event_log(log, "fines", path, SAMPLES / "traffic-fines.toml", now=NOW, is_strict=True)
    plans = dict.fromkeys(event.stream_id for event in everything(log, report.tenant_id) if event.stream_id != "tenant")
    paid, unpaid = (fold(log.read(report.tenant_id, stream_id)) for stream_id in plans)
    assert (paid.name, paid.status, paid.committed_on) == ("Fine N1", "closed", None)
    assert (unpaid.status, unpaid.committed_on) == ("cancelled", dt.date(2024, 3, 20))
    assert [activity.activity for activity in unpaid.activities[:2]] == ["Create Fine", "Send Fine"]
    assert report.files[0].unknown_columns == ()


def permit_case() -> dict[str, list[Line]]:
    first: Line = ("Permit SUBMITTED by EMPLOYEE", "2024-01-01T10:00:00Z", {"(case)_RequestedBudget": "50", "id": "x"})
    names = ["Permit FINAL_APPROVED by SUPERVISOR", "Start trip", "End trip", "Declaration SUBMITTED by EMPLOYEE"]
    later = ["Declaration FINAL_APPROVED by SUPERVISOR", "Request Payment", "Payment Handled", "Payment Handled"]
    return {"P1": [first, *((name, f"2024-01-{day:02}") for day, name in enumerate([*names, *later], start=2))]}


def test_a_permit_is_due_thirty_days_after_the_trip_and_done_with_its_first_payment(
    log: MemoryLog, tmp_path: Path
) -> None:
    (tmp_path / "permit.xes").write_bytes(xes(permit_case()))
    report = import_event_log(log, "permits", tmp_path / "permit.xes", SAMPLES / "permit.toml", now=NOW, is_strict=True)
    state = fold(everything(log, report.tenant_id)[1:])
    assert (state.status, state.committed_on) == ("closed", dt.date(2024, 2, 3))
    assert state.live_at == dt.datetime(2024, 1, 7, 23, tzinfo=dt.UTC)
    steps = ("permit", "permit_approval", "trip", "declaration", "declaration_approval", "payment")
    assert {task.playbook_task: task.status for task in state.tasks.values()} == dict.fromkeys(steps, "done")
