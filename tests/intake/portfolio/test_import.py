"""A portfolio comes in whole, once, in the order in which it became known."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from intake.report import ImportReport
from store.events import (
    AllocationBooked,
    ChangeRequestDecided,
    InvoicePaid,
    MessageSent,
    PersonRegistered,
    ProjectCreated,
    ProjectFieldChanged,
    ScopeItemAdded,
    TaskCreated,
    TaskDueMoved,
    TaskReassigned,
    TaskReestimated,
    TaskStatusChanged,
    TenantConfigured,
    TimeApproved,
    TimeLogged,
    TimeOffBooked,
    TranscriptReceived,
)
from store.ids import entity_id
from store.log_memory import MemoryLog
from tests.intake.portfolio.folders import (
    NOW,
    POOR,
    RICH,
    TENANT_ID,
    codes,
    facts,
    folder,
    load,
    loaded,
    new,
    projections,
)


def rows_of(report: ImportReport) -> dict[str, int]:
    return {file.file: file.rows for file in report.files}


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text + "+01:00").astimezone(UTC)


def end_of(text: str) -> datetime:
    """The last microsecond of a winter day in Berlin."""
    return berlin(text + "T00:00:00") + timedelta(days=1, microseconds=-1)


def test_every_row_of_every_file_comes_in(tmp_path: Path) -> None:
    log, report = loaded(tmp_path, RICH)
    assert codes(report) == []
    assert rows_of(report)["history.csv"] == 18
    assert sum(file.refused for file in report.files) == 0
    assert new(report) == len(list(log.read_all(TENANT_ID))) == sum(rows_of(report).values()) + 5


def test_importing_twice_changes_nothing(tmp_path: Path) -> None:
    log, first = loaded(tmp_path, RICH)
    head = log.head(TENANT_ID)
    again = load(log, tmp_path, now=NOW + timedelta(days=1))
    assert new(again) == 0
    assert sum(file.known for file in again.files) == new(first)
    assert sum(file.differing for file in again.files) == 0
    assert log.head(TENANT_ID) == head


def test_known_facts_with_another_content_are_reported_and_the_first_is_kept(tmp_path: Path) -> None:
    log, _report = loaded(tmp_path, RICH)
    folder(tmp_path, {"customers.csv": RICH["customers.csv"].replace("Acme Example", "Acme Renamed")})
    before = projections(log)
    again = load(log, tmp_path)
    assert codes(again) == [("customers.csv", 2, "known_with_other_content")]
    assert next(file for file in again.files if file.file == "customers.csv").differing == 1
    assert projections(log) == before


def test_unknown_columns_are_reported_and_kept(tmp_path: Path) -> None:
    log, report = loaded(tmp_path, RICH)
    (project, poor) = facts(log, ProjectCreated)[:2]
    unknown = {file.file: file.unknown_columns for file in report.files if file.unknown_columns}
    assert unknown == {"tenant.json": ("fiscal_year",), "projects.csv": ("region",)}
    extras = {event.fact.external_id: event.fact.extra for event in (project, poor)}
    assert extras == {"P-1": {"region": "north"}, "P-2": {}}


def test_a_file_that_is_none_of_ours_is_named(tmp_path: Path) -> None:
    _log, report = loaded(tmp_path, {**RICH, "README.md": "hello"})
    assert report.notes == ["README.md: not a portfolio file; left out."]


def test_the_report_is_json(tmp_path: Path) -> None:
    _log, report = loaded(tmp_path, RICH)
    assert msgspec.json.decode(msgspec.json.encode(report), type=ImportReport) == report


def test_equal_rows_of_history_are_facts_of_their_own(tmp_path: Path) -> None:
    log, _report = loaded(tmp_path, RICH)
    started = [event for event in facts(log, TaskStatusChanged) if event.fact.status == "in_progress"]
    assert len({event.event_id for event in started}) == 2
    assert len(facts(log, TimeOffBooked)) == 3


def test_facts_stand_in_the_order_in_which_they_became_known(tmp_path: Path) -> None:
    log, _report = loaded(tmp_path, RICH)
    recorded = [event.recorded_at for event in log.read_all(TENANT_ID)]
    assert recorded == sorted(recorded)
    assert all(at.utcoffset() == timedelta(0) for at in recorded)


def test_nothing_changes_before_it_was_created(tmp_path: Path) -> None:
    log, _report = loaded(tmp_path, RICH)
    created: set[str] = set()
    for event in log.read_all(TENANT_ID):
        if isinstance(event.fact, (TaskCreated, ProjectCreated)):
            created.add(event.stream_id if isinstance(event.fact, ProjectCreated) else event.fact.task_id)
        elif event.stream_id.startswith("plan/"):
            assert getattr(event.fact, "task_id", None) in created | {None}
            assert event.stream_id in created


def test_a_record_created_after_its_first_change_was_known_before_it(tmp_path: Path) -> None:
    history = (
        "at,project_id,entity,entity_id,field,value,actor_id\n2025-01-02T09:00:00+01:00,P-1,task,T-1,status,done,U-2\n"
    )
    log, _report = loaded(tmp_path, {**RICH, "history.csv": history})
    known = {event.fact.external_id: event.recorded_at for event in facts(log, TaskCreated)}
    people = {event.fact.external_id: event.recorded_at for event in facts(log, PersonRegistered)}
    projects = {event.fact.external_id: event.recorded_at for event in facts(log, ProjectCreated)}
    assert known["T-1"] == projects["P-1"] == people["U-2"] == berlin("2025-01-02T09:00:00")


def test_a_bare_date_means_the_end_of_the_day_in_the_tenants_zone(tmp_path: Path) -> None:
    log, _report = loaded(tmp_path, RICH)
    assert facts(log, InvoicePaid)[0].occurred_at == end_of("2025-03-20")
    people = {event.fact.external_id: event.recorded_at for event in facts(log, PersonRegistered)}
    assert people["U-1"] == end_of("2024-01-01")


def test_what_is_planned_was_not_known_after_the_end_of_the_history(tmp_path: Path) -> None:
    log, _report = loaded(tmp_path, RICH)
    assert max(event.recorded_at for event in log.read_all(TENANT_ID)) == end_of("2025-03-20")
    (placeholder,) = [event for event in facts(log, AllocationBooked) if event.fact.person_id is None]
    assert placeholder.recorded_at == end_of("2025-03-20")
    assert placeholder.stream_id == "capacity/placeholder"


def test_what_has_no_instant_is_as_old_as_its_project_or_the_folder(tmp_path: Path) -> None:
    log, _report = loaded(tmp_path, RICH)
    assert facts(log, ScopeItemAdded)[0].recorded_at == berlin("2025-01-10T08:00:00")
    assert facts(log, TenantConfigured)[0].recorded_at == end_of("2024-01-01")


def test_hours_are_known_when_submitted_and_approved_when_approved(tmp_path: Path) -> None:
    log, _report = loaded(tmp_path, RICH)
    logged = {event.fact.external_id: event for event in facts(log, TimeLogged)}
    assert logged["E-1"].recorded_at == logged["E-1"].occurred_at == berlin("2025-01-13T17:45:00")
    assert logged["E-4"].occurred_at == end_of("2025-01-10")
    assert logged["E-3"].recorded_at == end_of("2025-01-20")
    assert not logged["E-3"].fact.is_submitted
    assert logged["E-2"].fact.task_id is None
    approved = facts(log, TimeApproved)
    assert [event.recorded_at for event in approved] == [berlin("2025-01-15T10:00:00"), berlin("2025-01-17T17:45:00")]


def test_a_decision_without_a_date_is_not_known_early(tmp_path: Path) -> None:
    log, _report = loaded(tmp_path, RICH)
    decided = {event.fact.decision: event.recorded_at for event in facts(log, ChangeRequestDecided)}
    assert decided == {"accepted": berlin("2025-02-10T10:00:00"), "absorbed": end_of("2025-03-20")}


def test_changes_are_typed(tmp_path: Path) -> None:
    log, _report = loaded(tmp_path, RICH)
    assert [event.fact.due_on for event in facts(log, TaskDueMoved)] == [date(2025, 2, 15), None]
    ada = entity_id(TENANT_ID, "person", "portfolio", "U-1")
    assert [event.fact.owner_id for event in facts(log, TaskReassigned)] == [ada, None]
    (estimate,) = facts(log, TaskReestimated)
    assert (estimate.fact.effort_hours, estimate.actor_id) == (Decimal("9.5"), "robot")
    assert facts(log, ProjectFieldChanged)[0].fact.field == "region"


def test_texts_stay_as_written(tmp_path: Path) -> None:
    log, _report = loaded(tmp_path, RICH)
    texts = {event.fact.external_id: event.fact.text for event in facts(log, MessageSent)}
    assert texts == {"M-1": "Dear Cleo,\n\nwhen?", "M-2": " soon", "M-3": ""}


def test_transcripts_come_in_at_the_end_of_their_day(tmp_path: Path) -> None:
    log, _report = loaded(tmp_path, RICH)
    dated, undated = facts(log, TranscriptReceived)
    assert (dated.fact.format, dated.fact.name, dated.recorded_at) == (
        "vtt",
        "kickoff 2025-01-14",
        end_of("2025-01-14"),
    )
    assert dated.fact.text.endswith("Hello\r\n")
    assert undated.recorded_at == end_of("2025-03-20")


def test_poor_data_comes_in_and_says_what_it_could_not_check(tmp_path: Path) -> None:
    log, report = loaded(tmp_path, POOR)
    assert codes(report) == []
    assert new(report) == 7
    assert report.notes == ["1 ids of kind person could not be checked: their file is missing."]
    owner = facts(log, TaskCreated)[0].fact.owner_id
    assert owner == entity_id(TENANT_ID, "person", "portfolio", "somebody")


def test_a_later_import_may_refer_to_what_the_log_knows(tmp_path: Path) -> None:
    log, _report = loaded(tmp_path / "all", RICH)
    more = (
        "at,project_id,entity,entity_id,field,value,actor_id\n2025-04-01T09:00:00+02:00,P-1,task,{},owner_id,{},U-2\n"
    )
    report = load(log, folder(tmp_path / "more", {"history.csv": more.format("T-2", "K-1")}) / "history.csv")
    assert (codes(report), new(report)) == ([], 1)
    moved = facts(log, TaskReassigned)[-1]
    assert moved.fact.owner_id == entity_id(TENANT_ID, "contact", "portfolio", "K-1")
    for task, owner, code in (("T-9", "K-1", "unknown_task"), ("T-2", "K-9", "unknown_party")):
        report = load(log, folder(tmp_path / "more", {"history.csv": more.format(task, owner)}) / "history.csv")
        assert codes(report) == [("history.csv", 2, code)]


def test_a_broken_import_is_completed_by_a_rerun(tmp_path: Path) -> None:
    log, _report = loaded(tmp_path / "part", {**RICH, "history.csv": "\n".join(RICH["history.csv"].splitlines()[:5])})
    whole, _report = loaded(tmp_path / "whole", RICH)
    load(log, tmp_path / "whole")
    assert {event.event_id for event in log.read_all(TENANT_ID)} == {
        event.event_id for event in whole.read_all(TENANT_ID)
    }


def test_progress_is_told(tmp_path: Path) -> None:
    from intake.commands import import_portfolio

    told: list[tuple[str, int, int | None]] = []
    log = MemoryLog()
    import_portfolio(
        log,
        "example",
        folder(tmp_path, RICH),
        now=NOW,
        progress=lambda stage, done, total: told.append((stage, done, total)),
    )
    assert ("read tasks.csv", 4, None) in told
    assert told[-1][0] == "appending"
    assert told[-1][1] == told[-1][2]


@pytest.mark.parametrize("source", ["portfolio", "other"])
def test_another_source_has_records_of_its_own(tmp_path: Path, source: str) -> None:
    from intake.commands import import_portfolio

    log, first = loaded(tmp_path, RICH)
    again = import_portfolio(log, "example", tmp_path, source=source, now=NOW)
    assert new(again) == (0 if source == "portfolio" else new(first))
