"""What a case says as facts, and that each fact knows nothing of what came after it."""

import datetime as dt
from collections import Counter
from decimal import Decimal

import pytest

from intake.eventlog.cases import Tally
from store.events import (
    ActivityRecorded,
    ProjectCreated,
    ProjectGoLiveCommitted,
    ProjectStatusChanged,
    TaskCreated,
    TaskDueMoved,
    TaskStatusChanged,
    TenantConfigured,
    dump,
)
from store.log import Draft
from store.streams import stream_of
from tests.intake.eventlog.logs import (
    CSV_LOG,
    MAPPING,
    ONE_CASE,
    TENANT_ID,
    Line,
    drafts,
    facts,
    mapping,
    xes,
)

Story = list[tuple[str, str, str]]


def story(content: bytes, text: str = MAPPING) -> Story:
    """(playbook task or "project", status or date, activity) in the order told."""
    found: Story = []
    names: dict[str, str] = {}
    activity = ""
    for fact in facts(content, mapping(text)):
        if isinstance(fact, TaskCreated):
            names[fact.task_id] = fact.playbook_task
        elif isinstance(fact, ActivityRecorded):
            activity = fact.activity
            if fact.status:
                found.append((names[fact.task_id or ""], fact.status, activity))
        elif isinstance(fact, TaskStatusChanged):
            found.append((names[fact.task_id], fact.status, activity))
        elif isinstance(fact, TaskDueMoved):
            found.append((names[fact.task_id], f"due {fact.due_on}", activity))
        elif isinstance(fact, ProjectGoLiveCommitted):
            found.append(("project", str(fact.committed_go_live_on), activity))
        elif isinstance(fact, ProjectStatusChanged):
            found.append(("project", fact.status, activity))
    return found


def test_a_case_is_told_as_a_project() -> None:
    assert story(xes(ONE_CASE)) == [
        ("form", "done", "Form sent"),
        ("check", "in_progress", "Form sent"),
        ("form", "todo", "Form refused by clerk"),
        ("check", "todo", "Form refused by clerk"),
        ("form", "done", "Form sent"),
        ("check", "in_progress", "Form sent"),
        ("check", "done", "Form accepted by clerk"),
        # Wednesday the 1st, Thursday a holiday: two working days later is Monday the 6th.
        ("project", "2024-05-06", "End"),
        ("delivery", "due 2024-05-06", "End"),
        ("delivery", "done", "Delivered"),
        ("project", "live", "Delivered"),
        ("project", "closed", "Delivered"),
        ("chase", "done", "Reminder"),
    ]


def test_every_event_of_the_log_is_one_activity_in_its_order() -> None:
    told = [fact for fact in facts(xes(ONE_CASE)) if isinstance(fact, ActivityRecorded)]
    assert [fact.activity for fact in told] == [line[0] for line in ONE_CASE["A1"]]
    assert [fact.track for fact in told[:4]] == ["customer", "approval", "customer", "approval"]
    assert told[0].actor_role == "CLIENT"
    assert told[0].attributes == {"note": "first"}


def test_the_tenant_comes_first_and_a_project_keeps_what_its_creation_knew() -> None:
    tenant, project, *tasks = facts(xes(ONE_CASE))[:5]
    assert isinstance(tenant, TenantConfigured)
    assert (tenant.name, tenant.timezone, tenant.hours_per_day) == ("Forms", "Europe/Madrid", Decimal(8))
    assert isinstance(project, ProjectCreated)
    assert (project.external_id, project.playbook, project.extra) == ("A1", "form", {"budget": "100"})
    assert [task.playbook_task for task in tasks if isinstance(task, TaskCreated)] == ["form", "check", "delivery"]


def test_attributes_of_the_case_itself_are_known_at_creation() -> None:
    content = xes({"A1": [("Start", "2024-01-01")]}).replace(b"<event>", b'<int key="budget" value="7"/><event>', 1)
    assert [fact.extra for fact in facts(content) if isinstance(fact, ProjectCreated)] == [{"budget": "7"}]


def test_a_fact_is_dated_by_its_event_and_names_its_cause() -> None:
    told = drafts(xes(ONE_CASE))
    activities = {draft.event_id: draft for draft in told if isinstance(draft.fact, ActivityRecorded)}
    caused = [draft for draft in told if draft.causation_id]
    assert {type(draft.fact) for draft in caused} == {
        TaskStatusChanged,
        TaskDueMoved,
        ProjectStatusChanged,
        ProjectGoLiveCommitted,
    }
    for draft in caused:
        assert draft.recorded_at == draft.occurred_at == activities[draft.causation_id].occurred_at  # type: ignore[index]
    instants = [draft.recorded_at for draft in told]
    assert instants == sorted(instants)


def test_ids_are_unique_and_the_same_every_time() -> None:
    first, second = drafts(xes(ONE_CASE)), drafts(xes(ONE_CASE))
    assert first == second
    assert max(Counter(draft.event_id for draft in first).values()) == 1


def test_facts_lie_in_the_streams_that_the_store_expects() -> None:
    from io import BytesIO

    from intake.eventlog.facts import drafts_of

    for stream_id, draft in drafts_of(BytesIO(xes(ONE_CASE)), mapping(), TENANT_ID):
        assert stream_id == stream_of(draft.fact)


def said(told: list[Draft]) -> dict[str, tuple[dt.datetime, bytes]]:
    return {draft.event_id: (draft.recorded_at, dump(draft.fact)) for draft in told}


@pytest.mark.parametrize("length", range(1, len(ONE_CASE["A1"])))
def test_the_future_changes_nothing_that_was_known_before(length: int) -> None:
    lines = ONE_CASE["A1"]
    changed: list[Line] = [*lines[:length], ("Form refused for good by clerk", "2024-06-01", {"budget": "1"})]
    short, other, whole = (said(drafts(xes({"A1": part}))) for part in (lines[:length], changed, lines))
    assert short.items() <= whole.items()
    assert short.items() <= other.items()


def test_the_first_delivery_after_the_milestone_may_be_the_one_that_counts() -> None:
    lines: list[Line] = [("Delivered", "2024-01-01"), ("End", "2024-01-02"), ("Delivered", "2024-01-03")]
    content = xes({"A1": lines})

    def ended(text: str) -> list[dt.datetime]:
        told = drafts(content, mapping(text))
        return [draft.occurred_at for draft in told if isinstance(draft.fact, ProjectStatusChanged)]

    assert {at.day for at in ended(MAPPING)} == {31}
    later = MAPPING.replace("[done]", '[done]\ncounts = "first_after_milestone"\nthen = ["live"]')
    assert [(at.month, at.day) for at in ended(later)] == [(1, 2)]


def test_a_cancelled_project_lives_again_when_a_step_moves() -> None:
    lines: list[Line] = [
        ("Form sent", "2024-01-01"),
        ("Form refused for good by clerk", "2024-01-02"),
        ("Form refused for good by clerk", "2024-01-03"),
        ("Start", "2024-01-04"),
        ("Form sent", "2024-01-05"),
        ("Delivered", "2024-01-06"),
        ("Form refused for good by clerk", "2024-01-07"),
    ]
    statuses = [status for subject, status, _activity in story(xes({"A1": lines})) if subject == "project"]
    assert statuses == ["cancelled", "active", "live", "closed"]


def test_a_milestone_that_repeats_commits_again_only_to_another_date() -> None:
    lines: list[Line] = [("End", "2024-01-02T08:00"), ("End", "2024-01-02T09:00"), ("End", "2024-01-03")]
    committed = [told[1] for told in story(xes({"A1": lines})) if told[0] == "project"]
    assert committed == ["2024-01-04", "2024-01-05"]


def test_calendar_days_run_over_weekends() -> None:
    text = MAPPING.replace('days = "working"', 'days = "calendar"')
    assert ("project", "2024-01-07", "End") in story(xes({"A1": [("End", "2024-01-05")]}), text)


def test_activities_are_counted_so_that_unknown_ones_can_be_told() -> None:
    tally = Tally()
    told = drafts(xes({"A1": [("Tea", "2024-01-01"), ("Tea", "2024-01-02")]}), tally=tally)
    assert tally.activities == {"Tea": 2}
    assert [draft.fact.track for draft in told if isinstance(draft.fact, ActivityRecorded)] == ["internal", "internal"]


def test_a_csv_tells_the_same_story_as_xes() -> None:
    rows = [(line[0], dt.datetime.fromisoformat(line[1]).strftime("%d/%m/%Y %H:%M")) for line in ONE_CASE["A1"]]
    lines = "".join(f"A1;{activity};{at};us;{nr}\n" for nr, (activity, at) in enumerate(rows))
    content = f"case;what;when;role;nr\n{lines}".encode()
    assert story(content, MAPPING + CSV_LOG) == story(xes(ONE_CASE))
