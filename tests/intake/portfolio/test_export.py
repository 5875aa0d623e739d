"""What goes out comes in elsewhere as exactly the same facts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.commands import export_portfolio
from store.errors import Conflict
from store.events import (
    AlertDecided,
    AllocationChanged,
    AllocationReleased,
    Fact,
    ProjectCreated,
    RateSet,
    TaskCreated,
    TaskFieldChanged,
    TaskLinked,
    TaskStatusChanged,
    TenantConfigured,
    TimeApproved,
)
from store.ids import AlertId, AllocationId, EventId, PersonId, ProjectId, TaskId, entity_id, fact_id
from store.log import Draft
from store.log_memory import MemoryLog
from store.streams import stream_of
from tests.intake.portfolio.folders import (
    NOW,
    POOR,
    RICH,
    SLUG,
    TENANT_ID,
    codes,
    envelopes,
    folder,
    load,
    loaded,
    projections,
)

PROJECT = ProjectId(entity_id(TENANT_ID, "project", "portfolio", "P-1"))
TASK = TaskId(entity_id(TENANT_ID, "task", "portfolio", "T-1"))
ADA = PersonId(entity_id(TENANT_ID, "person", "portfolio", "U-1"))
BOOKING = AllocationId(entity_id(TENANT_ID, "allocation", "portfolio", "A-1"))


def exported(log: MemoryLog, path: Path) -> dict[str, int]:
    return export_portfolio(log, TENANT_ID, path, now=NOW)


def elsewhere(path: Path) -> MemoryLog:
    """Another installation with the export in it; nothing in it was wrong."""
    log = MemoryLog()
    report = load(log, path, now=NOW + timedelta(days=400), is_strict=True)
    assert codes(report) == []
    return log


def append(log: MemoryLog, facts: Sequence[Fact], source: str = "api", at: datetime = NOW) -> None:
    """Facts of a live tenant, with ids as clients make them."""
    for number, fact in enumerate(facts):
        draft = Draft(
            event_id=EventId(f"01890000-0000-7000-8000-{len(list(log.read_all(TENANT_ID))) + number:012d}"),
            fact=fact,
            occurred_at=at,
            recorded_at=at + timedelta(seconds=number),
            source=source,
            actor_id=ADA,
            causation_id="because",
        )
        log.append(TENANT_ID, [(stream_of(fact), [draft], None)], now=NOW)
    log.seal(TENANT_ID)


def assert_same(log: MemoryLog, path: Path) -> dict[str, int]:
    """Exports, imports elsewhere, and compares everything; the rows per file."""
    rows = exported(log, path)
    other = elsewhere(path)
    assert envelopes(other) == envelopes(log)
    assert projections(other) == projections(log)
    again = MemoryLog()
    load(again, path)
    assert exported(again, path.parent / "again") == rows
    assert {entry.name: entry.read_bytes() for entry in path.iterdir() if entry.is_file()} == {
        entry.name: entry.read_bytes() for entry in (path.parent / "again").iterdir() if entry.is_file()
    }
    return rows


@pytest.mark.parametrize("files", [RICH, POOR], ids=["rich", "poor"])
def test_an_imported_portfolio_comes_back_as_it_was(tmp_path: Path, files: dict[str, str]) -> None:
    log, _report = loaded(tmp_path / "in", files)
    rows = assert_same(log, tmp_path / "out")
    # An owner of whom there is no row has no name to be written in a cell.
    assert (rows["projects.csv"], rows["tasks.csv"], rows["events.ndjson"]) == (
        (2, 4, 0) if files is RICH else (2, 2, 2)
    )


def test_an_export_is_made_of_the_files_that_came_in(tmp_path: Path) -> None:
    log, _report = loaded(tmp_path / "in", RICH)
    rows = exported(log, tmp_path / "out")
    names = {entry.relative_to(tmp_path / "in").as_posix() for entry in (tmp_path / "in").rglob("*") if entry.is_file()}
    out = {entry.relative_to(tmp_path / "out").as_posix() for entry in (tmp_path / "out").rglob("*") if entry.is_file()}
    assert out == names | {"events.ndjson"}
    assert rows["events.ndjson"] == 0
    assert (tmp_path / "out/transcripts/P-1/kickoff 2025-01-14.vtt").read_bytes() == RICH[
        "transcripts/P-1/kickoff 2025-01-14.vtt"
    ].encode()


def test_an_empty_log_exports_and_imports(tmp_path: Path) -> None:
    assert_same(MemoryLog(), tmp_path / "out")


@pytest.mark.parametrize("files", [RICH, POOR], ids=["rich", "poor"])
def test_later_facts_of_every_source_come_along(tmp_path: Path, files: dict[str, str]) -> None:
    log, _report = loaded(tmp_path / "in", files)
    append(
        log,
        [
            TenantConfigured(
                name="Renamed", timezone="Asia/Tokyo", currency="JPY", weekdays=(1, 2), hours_per_day=Decimal(4)
            ),
            AllocationChanged(
                allocation_id=BOOKING,
                person_id=ADA,
                project_id=PROJECT,
                starts_on=date(2025, 1, 13),
                ends_on=date(2025, 1, 31),
                hours_per_day=Decimal(3),
            ),
            AllocationReleased(allocation_id=BOOKING, person_id=ADA, project_id=PROJECT),
            ProjectCreated(
                project_id=ProjectId("01890000-0000-7000-8000-0000000000aa"), external_id="", name="By hand"
            ),
            TaskStatusChanged(task_id=TASK, project_id=PROJECT, status="cancelled"),
            TaskLinked(task_id=TASK, project_id=PROJECT, depends_on_id=TASK),
            RateSet(
                person_id=ADA, kind="cost", amount_per_hour=Decimal("1E+2"), currency="EUR", valid_from=date(2025, 6, 1)
            ),
            TimeApproved(entry_id=entity_id(TENANT_ID, "time_entry", "portfolio", "E-2"), project_id=PROJECT),
            AlertDecided(alert_id=AlertId("01890000-0000-7000-8000-0000000000bb"), verb="reject", reason="wrong"),
        ],
    )
    rows = assert_same(log, tmp_path / "out")
    assert rows["events.ndjson"] >= 9


def test_facts_learnt_out_of_order_keep_the_logs_order(tmp_path: Path) -> None:
    log, _report = loaded(tmp_path / "in", RICH)
    late = (
        "at,project_id,entity,entity_id,field,value,actor_id\n2025-01-18T09:00:00+01:00,P-1,task,T-1,status,todo,U-1\n"
    )
    load(log, folder(tmp_path / "late", {"history.csv": late}) / "history.csv")
    assert_same(log, tmp_path / "out")


def test_a_record_whose_creation_is_no_row_still_has_rows(tmp_path: Path) -> None:
    log = MemoryLog()
    created = ProjectCreated(project_id=PROJECT, external_id="P-1", name="From elsewhere", customer_id=None)
    append(log, [created], source="crm", at=datetime(2025, 1, 1, tzinfo=UTC))
    tasks = folder(tmp_path / "in", {"projects.csv": "project_id\n", "tasks.csv": "task_id,project_id\nT-1,P-1\n"})
    report = load(log, tasks / "tasks.csv")
    assert [code for _file, _line, code in codes(report)] == ["unknown_project"]
    draft = Draft(
        event_id=fact_id(TENANT_ID, "portfolio", "tasks", "T-1"),
        fact=TaskCreated(task_id=TASK, external_id="T-1", project_id=PROJECT, name="Kick-off"),
        occurred_at=NOW,
        recorded_at=NOW,
        source="portfolio",
    )
    log.bulk(TENANT_ID, [(stream_of(draft.fact), draft)], now=NOW)
    log.seal(TENANT_ID)
    rows = assert_same(log, tmp_path / "out")
    assert rows == {"projects.csv": 0, "tasks.csv": 1, "events.ndjson": 1}


ODD = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
AWKWARD = ["", " ", "a,b", '"', "\r", "\n x", "\x00", "\ufeff", "status", "due_on", " padded ", "é" * 3, "x" * 120_000]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(ODD | st.sampled_from(AWKWARD), min_size=4, max_size=4), is_imported=st.booleans())
def test_whatever_a_fact_says_it_comes_back(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], is_imported: bool
) -> None:
    path = tmp_path_factory.mktemp("odd")
    log, _report = loaded(path / "in", POOR)
    name, field, value, extra = texts
    task = TaskId(entity_id(TENANT_ID, "task", "portfolio", name))
    drafts = [
        Draft(
            event_id=fact_id(TENANT_ID, "portfolio", "tasks", name),
            fact=TaskCreated(task_id=task, external_id=name, project_id=PROJECT, name=value, extra={extra: value}),
            occurred_at=NOW,
            recorded_at=NOW,
            source="portfolio" if is_imported else "api",
        ),
        Draft(
            event_id=fact_id(
                TENANT_ID, "portfolio", "history", "2026-01-15T09:00:00Z", "task", name, field, value, "1"
            ),
            fact=TaskFieldChanged(task_id=task, project_id=PROJECT, field=field, value=value),
            occurred_at=NOW - timedelta(days=1),
            recorded_at=NOW,
            source="portfolio",
            actor_id=value.replace("\0", "") or None,
        ),
    ]
    log.bulk(TENANT_ID, [(stream_of(draft.fact), draft) for draft in drafts], now=NOW)
    log.seal(TENANT_ID)
    exported(log, path / "out")
    assert envelopes(elsewhere(path / "out")) == envelopes(log)


def test_erased_persons_stay_erased(tmp_path: Path) -> None:
    from store.log_memory import MemoryKeys

    keys = MemoryKeys()
    log = MemoryLog(keys)
    load(log, folder(tmp_path / "in", RICH))
    keys.destroy(TENANT_ID, ADA)
    assert_same(log, tmp_path / "out")
    assert "Ada Example" not in (tmp_path / "out" / "people.csv").read_text(encoding="utf-8")


def test_a_target_with_something_in_it_is_refused(tmp_path: Path) -> None:
    log, _report = loaded(tmp_path / "in", POOR)
    target = folder(tmp_path / "out", {"mine.txt": "precious"})
    with pytest.raises(Conflict, match="is not empty"):
        exported(log, target)
    assert [entry.name for entry in target.iterdir()] == ["mine.txt"]
    with pytest.raises(Conflict):
        exported(log, target / "mine.txt")


def test_nothing_is_left_behind_beside_an_export(tmp_path: Path) -> None:
    log, _report = loaded(tmp_path / "in", POOR)
    (tmp_path / "out").mkdir()
    exported(log, tmp_path / "out")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["in", "out"]


def test_the_exports_ids_need_the_same_slug(tmp_path: Path) -> None:
    from intake.commands import import_portfolio
    from store.errors import Invalid

    log, _report = loaded(tmp_path / "in", RICH)
    exported(log, tmp_path / "out")
    with pytest.raises(Invalid, match="another slug"):
        import_portfolio(MemoryLog(), SLUG + "-2", tmp_path / "out", now=NOW)
