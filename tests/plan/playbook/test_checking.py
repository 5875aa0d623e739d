"""Every fault of a playbook is found, with its place."""

from typing import Any

import pytest
from hypothesis import given

from plan.playbook.checking import STAGES, checked, faults
from plan.playbook.reading import PlaybookDraft, draft_of
from store.errors import Invalid
from tests.plan.playbook.templates import drafted, drafts, small, with_stage, with_task


def codes(written: dict[str, Any]) -> set[tuple[str, str]]:
    return {(fault.code.removeprefix("playbook."), fault.where) for fault in faults(draft_of(written))}


def test_a_good_playbook_has_no_fault() -> None:
    assert faults(drafted()) == []
    assert checked(drafted()) == drafted()


def test_a_cycle_is_printed_with_the_tasks_it_runs_through() -> None:
    (fault,) = faults(draft_of(with_task("meet", after=["agree"])))
    assert (fault.code, fault.where) == ("playbook.cycle", "tasks")
    assert "agree -> meet -> connect -> agree" in fault.detail


def test_a_cycle_through_a_module_or_an_anchor_is_found() -> None:
    modules = small()["modules"]
    modules[0]["links"].append({"task": "meet", "on": "connect"})
    assert codes(small(modules=modules)) == {("cycle", "tasks")}
    assert codes(with_task("file", anchor="value")) == set()
    assert codes(with_task("build", anchor="live")) == {("cycle", "tasks")}
    assert codes(with_task("build", after=["build"])) == {("cycle", "tasks")}


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        (small(id="Small one"), ("bad_key", "id")),
        (small(name=" "), ("missing", "name")),
        (small(name="a\x07b"), ("bad_text", "name")),
        (small(success_milestone=""), ("missing", "success_milestone")),
        (small(kickoff_after_days=-1), ("bad_days", "kickoff_after_days")),
        (small(go_live_after_days=10**30), ("bad_days", "go_live_after_days")),
        (small(stages=[s for s in small()["stages"] if s["stage"] != "intake"]), ("stages", "stages")),
        (small(stages=list(reversed(small()["stages"]))), ("stages", "stages")),
        (small(roles=[*small()["roles"], {"role": "lead", "name": "Other"}]), ("duplicate_key", "roles.lead")),
        (small(tasks=[*small()["tasks"], small()["tasks"][0]]), ("duplicate_key", "tasks.file")),
        (with_stage("setup", owner="nobody"), ("unknown_role", "stages.setup.owner")),
        (with_stage("setup", exit=[{"task": "nothing"}]), ("unknown_task", "stages.setup")),
        (with_stage("setup", exit=[{"task": "build", "known": "manager"}]), ("bad_condition", "stages.setup")),
        (with_stage("setup", entry=[{}]), ("bad_condition", "stages.setup")),
        (with_task("build", key="Build!"), ("bad_key", "tasks.Build!")),
        (with_task("build", key="kickoff"), ("duplicate_key", "tasks.kickoff")),
        (with_task("build", role="nobody"), ("unknown_role", "tasks.build.role")),
        (with_task("build", role="client"), ("wrong_side", "tasks.build.role")),
        (with_task("send", role="lead"), ("wrong_side", "tasks.send.role")),
        (with_task("build", stage="limbo"), ("unknown_stage", "tasks.build.stage")),
        (with_task("build", scope_item="nothing"), ("unknown_scope_item", "tasks.build.scope_item")),
        (with_task("build", anchor="someday"), ("unknown_anchor", "tasks.build.anchor")),
        (with_task("build", anchor="connect"), ("unknown_anchor", "tasks.build.anchor")),
        (with_task("build", offset_days=2), ("unknown_anchor", "tasks.build.anchor")),
        (with_task("build", after=["nothing"]), ("unknown_task", "tasks.build.after")),
        (with_task("build", after=["connect"]), ("unknown_task", "tasks.build.after")),
        (with_task("build", duration_days=0), ("bad_days", "tasks.build.duration_days")),
        (with_task("build", effort_hours=-1), ("bad_hours", "tasks.build")),
        (with_task("build", effort_hours="NaN"), ("bad_hours", "tasks.build")),
        (with_task("live", milestone=""), ("milestone", "tasks")),
        (with_task("build", milestone="success"), ("milestone", "tasks")),
        (small(questions=[]), ("unknown_question", "modules.sso.question")),
        (small(questions=[{"key": "sso", "text": "?", "options": ["no"]}]), ("bad_question", "questions.sso")),
        (small(questions=[{"key": "sso", "text": "?", "default": "so"}]), ("bad_question", "questions.sso.default")),
        (small(fee={"fee_type": "fixed"}), ("bad_fee", "fee.amount")),
        (small(fee={"fee_type": "non_billable", "amount": 3, "currency": "EUR"}), ("bad_fee", "fee.amount")),
        (small(fee={"fee_type": "fixed", "amount": 3}), ("bad_fee", "fee.currency")),
        (small(fee=small()["fee"] | {"margin_floor": 40}), ("bad_fee", "fee.margin_floor")),
        (small(fee=small()["fee"] | {"amount": "Infinity"}), ("bad_fee", "fee.amount")),
    ],
)
def test_each_fault_is_named_where_it_is(written: dict[str, Any], fault: tuple[str, str]) -> None:
    assert fault in codes(written)


def test_a_module_may_not_lean_on_another_module() -> None:
    modules = small()["modules"]
    other: dict[str, Any] = {"key": "more", "name": "More", "question": "sso", "answer": "no", "tasks": []}
    other["links"] = [{"task": "agree", "on": "connect"}]
    assert codes(small(modules=[*modules, other])) == {("unknown_task", "modules.more.links")}


def test_all_faults_come_at_once() -> None:
    written = with_task("build", role="nobody", after=["nothing"])
    with pytest.raises(Invalid) as caught:
        checked(draft_of(written), "f.toml")
    listed = caught.value.data["faults"]
    assert isinstance(listed, list)
    assert [fault["where"] for fault in listed] == ["tasks.build.role", "tasks.build.after"]
    assert caught.value.where == "f.toml: tasks.build.role"
    assert "(1 more)" in caught.value.detail


def test_the_stages_are_the_eight() -> None:
    assert len(STAGES) == 8


@given(drafts())
def test_what_the_strategy_draws_is_valid(draft: PlaybookDraft) -> None:
    assert faults(draft) == []
