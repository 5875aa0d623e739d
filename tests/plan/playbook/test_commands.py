"""Publishing, starting, entering stages: in either log, once and only once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from plan.commands import Reported, record
from plan.playbook.commands import Caller, enter_stage, load_playbook, preview, publish, retire, start
from plan.playbook.order import Around
from plan.playbook.reading import draft_of
from store.errors import Conflict, Invalid, LeewayError, NotFound
from store.ids import TenantId
from store.log import Log
from store.log_memory import MemoryLog
from store.log_sql import SqlLog
from store.projections.people.fold import fold as fold_person
from store.projections.projects.fold import fold as fold_project
from store.projections.projects.state import ProjectState
from store.projections.tenants.fold import PartyEntry, TenantState
from store.streams import capacity_stream, project_streams
from tests.plan.playbook.templates import AT, drafted, order, small, with_stage, with_task

CALLER = Caller("tester", AT, AT)
LATER = Caller("tester", AT + dt.timedelta(hours=1), AT + dt.timedelta(hours=1))
ANN = "5b1e6a0c-1111-5222-8333-444455556666"


@pytest.fixture(params=["memory", "sql"])
def log(request: pytest.FixtureRequest) -> Iterator[Log]:
    if request.param == "memory":
        yield MemoryLog()
        return
    found: SqlLog = request.getfixturevalue("sql_log")
    yield found


def around() -> Around:
    party = PartyEntry(party_id=ANN, external_id="", name="Ann Example", email="", role="lead")
    return Around(TenantState(parties={ANN: party}))


def begin(log: Log, tenant_id: TenantId, caller: Caller = CALLER, **changes: Any) -> Any:
    return start(log, tenant_id, order(**changes), around(), caller)


def state_of(log: Log, tenant_id: TenantId, project_id: str) -> ProjectState:
    return fold_project(log.read_many(tenant_id, project_streams(project_id)))


def code_of(attempt: Any) -> str:
    with pytest.raises(LeewayError) as caught:
        attempt()
    return caught.value.code


def test_the_same_content_is_published_once(log: Log, tenant_id: TenantId) -> None:
    first = publish(log, tenant_id, drafted(), CALLER)
    assert publish(log, tenant_id, drafted(), LATER) == first
    changed = publish(log, tenant_id, draft_of(small(summary="Changed")), LATER)
    back = publish(log, tenant_id, drafted(), LATER)
    assert (first.version, changed.version, back.version) == (1, 2, 3)
    assert load_playbook(log, tenant_id, "small").numbered(1).template == drafted().template


def test_a_bad_playbook_is_not_published(log: Log, tenant_id: TenantId) -> None:
    assert code_of(lambda: publish(log, tenant_id, draft_of(with_task("build", role="x")), CALLER)) == (
        "playbook.unknown_role"
    )
    assert code_of(lambda: load_playbook(log, tenant_id, "small")) == "unknown_playbook"


def test_nothing_starts_from_a_retired_playbook(log: Log, tenant_id: TenantId) -> None:
    publish(log, tenant_id, drafted(), CALLER)
    there = begin(log, tenant_id)
    assert code_of(lambda: retire(log, tenant_id, "small", " ", CALLER)) == "missing_reason"
    retired = retire(log, tenant_id, "small", "Replaced", CALLER)
    assert retire(log, tenant_id, "small", "Again", LATER) == retired
    assert code_of(lambda: begin(log, tenant_id, external_id="D-2")) == "playbook_retired"
    assert begin(log, tenant_id).project_id == there.project_id
    assert publish(log, tenant_id, drafted(), LATER).version == 2
    assert begin(log, tenant_id, external_id="D-2").version == 2


def test_one_deal_has_one_project_however_often_it_is_told(log: Log, tenant_id: TenantId) -> None:
    publish(log, tenant_id, drafted(), CALLER)
    first = begin(log, tenant_id)
    state = state_of(log, tenant_id, first.project_id)
    placeholders = fold_person(log.read(tenant_id, capacity_stream(None)))
    again = begin(log, tenant_id, LATER)
    assert (first.is_new, again.is_new, again.project_id) == (True, False, first.project_id)
    assert state_of(log, tenant_id, first.project_id) == state
    assert len(placeholders.allocations) == 3
    assert fold_person(log.read(tenant_id, capacity_stream(None))) == placeholders


def test_another_manager_is_recorded_and_anything_else_is_a_conflict(log: Log, tenant_id: TenantId) -> None:
    publish(log, tenant_id, drafted(), CALLER)
    project_id = begin(log, tenant_id).project_id
    begin(log, tenant_id, manager_id=ANN)
    assert state_of(log, tenant_id, project_id).manager_id == ANN
    with pytest.raises(Conflict) as caught:
        begin(log, tenant_id, contract_signed_on=dt.date(2026, 5, 4), answers={"sso": "yes"})
    assert caught.value.code == "already_started"
    assert caught.value.data == {"project_id": project_id, "differing": ["contract_signed_on", "answers.sso"]}


def test_a_project_stays_on_its_version(log: Log, tenant_id: TenantId) -> None:
    publish(log, tenant_id, drafted(), CALLER)
    first = begin(log, tenant_id)
    publish(log, tenant_id, draft_of(small(summary="Changed")), CALLER)
    second, old = begin(log, tenant_id, external_id="D-2"), begin(log, tenant_id, external_id="D-3", version=1)
    assert (first.version, second.version, old.version) == (1, 2, 1)
    assert begin(log, tenant_id).version == 1
    assert code_of(lambda: begin(log, tenant_id, external_id="D-4", version=9)) == "unknown_playbook_version"


def test_a_preview_writes_nothing(log: Log, tenant_id: TenantId) -> None:
    publish(log, tenant_id, drafted(), CALLER)
    plan = preview(log, tenant_id, order(), around())
    assert len(plan.tasks) == 7
    assert begin(log, tenant_id).is_new
    assert code_of(lambda: preview(log, tenant_id, order(playbook_id="nothing"), around())) == "unknown_playbook"


def gated(log: Log, tenant_id: TenantId) -> str:
    publish(log, tenant_id, draft_of(with_stage("kickoff", exit=[{"task": "meet"}])), CALLER)
    project_id: str = begin(log, tenant_id).project_id
    return project_id


def reported(log: Log, tenant_id: TenantId, key: str, *facts: tuple[str, dict[str, Any]]) -> Any:
    reports = [Reported(kind, payload) for kind, payload in facts]
    return record(log, tenant_id, reports, key=key, actor_id="tester", now=AT, appended_at=AT)


def test_a_held_stage_is_not_entered_by_either_door(log: Log, tenant_id: TenantId) -> None:
    project_id = gated(log, tenant_id)
    entering = ("project.stage_changed.v1", {"project_id": project_id, "stage": "setup"})
    with pytest.raises(Conflict) as caught:
        reported(log, tenant_id, "one", entering)
    assert (caught.value.code, caught.value.where) == ("gate_held", "events[0].payload.stage")
    assert caught.value.data["missing"] == ["kickoff exit: “Meet” is done"]
    assert code_of(lambda: enter_stage(log, tenant_id, project_id, "setup", CALLER, key="k")) == "gate_held"
    assert state_of(log, tenant_id, project_id).stage == "contract_signed"


def test_what_the_same_call_settles_opens_the_gate(log: Log, tenant_id: TenantId) -> None:
    project_id = gated(log, tenant_id)
    meet = next(t for t in state_of(log, tenant_id, project_id).tasks.values() if t.playbook_task == "meet")
    done = ("task.status_changed.v1", {"project_id": project_id, "task_id": meet.task_id, "status": "done"})
    entering = ("project.stage_changed.v1", {"project_id": project_id, "stage": "setup"})
    assert code_of(lambda: reported(log, tenant_id, "wrong way round", entering, done)) == "gate_held"
    reported(log, tenant_id, "right", done, entering)
    assert state_of(log, tenant_id, project_id).stage == "setup"


def test_a_manager_may_override_with_a_reason(log: Log, tenant_id: TenantId) -> None:
    project_id = gated(log, tenant_id)
    held = enter_stage(log, tenant_id, project_id, "setup", CALLER, key="k", reason="The customer is in a hurry")
    assert [entry.words for entry in held] == ["“Meet” is done"]
    assert enter_stage(log, tenant_id, project_id, "setup", LATER, key="k", reason="Again") == []
    state = state_of(log, tenant_id, project_id)
    (override,) = state.gate_overrides
    assert (state.stage, override.stage, override.reason) == ("setup", "setup", "The customer is in a hurry")
    assert override.actor_id == "tester"


def test_overrides_and_pins_are_no_facts_to_be_sent(log: Log, tenant_id: TenantId) -> None:
    project_id = gated(log, tenant_id)
    override = {"project_id": project_id, "stage": "setup", "unmet": [], "reason": "I say so"}
    for kind in ("stage.gate_overridden.v1", "project.playbook_pinned.v1", "playbook.published.v1"):
        assert code_of(lambda kind=kind: reported(log, tenant_id, kind, (kind, override))) == "unknown_event_type"


def test_a_stage_or_project_that_is_not_there_is_said_so(log: Log, tenant_id: TenantId) -> None:
    project_id = gated(log, tenant_id)
    with pytest.raises(Invalid, match="no stage 'limbo'"):
        enter_stage(log, tenant_id, project_id, "limbo", CALLER, key="k")
    with pytest.raises(NotFound):
        enter_stage(log, tenant_id, ANN, "setup", CALLER, key="k")


def test_many_calls_at_once_make_one_project(sql_log: SqlLog, tenant_id: TenantId) -> None:
    publish(sql_log, tenant_id, drafted(), CALLER)
    with ThreadPoolExecutor(6) as pool:
        calls = [pool.submit(begin, sql_log, tenant_id, Caller(f"c{n}", AT, AT)) for n in range(12)]
        ids = {call.result().project_id for call in calls}
    (project_id,) = ids
    events = sql_log.read_many(tenant_id, project_streams(project_id))
    alone = begin(sql_log, tenant_id, external_id="D-2").project_id
    assert len({event.event_id for event in events}) == len(events)
    assert len(events) == len(sql_log.read_many(tenant_id, project_streams(alone)))
    assert len(fold_person(sql_log.read(tenant_id, capacity_stream(None))).allocations) == 2 * 3
