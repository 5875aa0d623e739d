"""Stages held by their conditions, and a project held against its playbook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pytest

from plan.playbook.comparing import compare, playbook_of
from plan.playbook.gates import gates, unmet
from plan.playbook.order import Around
from plan.playbook.planning import plan_of
from plan.playbook.reading import draft_of
from plan.playbook.starting import Names, facts_of
from plan.staffing import calendar_of
from store.errors import NotFound
from store.events import (
    Fact,
    ProjectGoLiveCommitted,
    ProjectStageChanged,
    StageGateOverridden,
    TaskCreated,
    TaskReestimated,
    TaskStatusChanged,
)
from store.ids import ProjectId, TaskId, TenantId, tenant_id_of
from store.log import Event
from store.projections.projects.fold import fold
from store.projections.projects.state import ProjectState
from store.projections.tenants.fold import TenantState
from store.streams import stream_of
from tests.plan.playbook import templates
from tests.plan.playbook.templates import AT, drafted, order, small, version_of

TENANT: TenantId = tenant_id_of("test")
PLAYBOOK = templates.playbook_of


def gated() -> dict[str, Any]:
    """Kickoff needs its meeting and a committed date, setup all tasks of the customer."""
    written = small()
    stages = {stage["stage"]: stage for stage in written["stages"]}
    stages["kickoff"]["exit"] = [{"task": "meet"}, {"known": "committed_go_live"}, {"words": "All agree"}]
    stages["setup"]["exit"] = [{"tasks": "customer"}]
    stages["setup"]["entry"] = [{"known": "scope"}]
    stages["intake"]["exit"] = [{"known": "manager"}]
    return written


class Project:
    """A project started from a playbook, to which things happen."""

    def __init__(self, written: dict[str, Any] | None = None, **changes: Any) -> None:
        self.draft = draft_of(gated() if written is None else written)
        asked = order(**changes)
        plan = plan_of(version_of(self.draft), asked, Around(TenantState()))
        names = Names(TENANT, asked, "small", 1)
        self.id = ProjectId(names.project_id)
        self.facts: list[tuple[dt.datetime, Fact]] = [
            (AT, fact) for _, fact in facts_of(plan, asked, names, calendar_of(TenantState(), None))
        ]

    def tell(self, *facts: Fact) -> None:
        for fact in facts:
            self.facts.append((self.facts[-1][0] + dt.timedelta(hours=1), fact))

    def task(self, key: str) -> TaskId:
        return next(TaskId(t.task_id) for t in self.state.tasks.values() if t.playbook_task == key)

    def set(self, key: str, status: Any) -> None:
        self.tell(TaskStatusChanged(task_id=self.task(key), project_id=self.id, status=status))

    @property
    def state(self) -> ProjectState:
        return fold(self._events())

    def _events(self) -> Iterable[Event]:
        for number, (at, fact) in enumerate(self.facts, start=1):
            if stream_of(fact).startswith("plan/"):
                yield Event(TENANT, stream_of(fact), number, f"e{number}", fact, at, at, at, "test")  # type: ignore[arg-type]

    def missing(self, stage: str) -> list[str]:
        return [held.sentence for held in unmet(self.state, self.draft.template, stage)]


def test_a_hard_stage_holds_until_its_exit_conditions_are_met() -> None:
    project = Project()
    assert project.missing("kickoff") == []
    assert project.missing("setup") == ["kickoff exit: “Meet” is done", "kickoff exit: a go-live date is committed"]
    project.set("meet", "done")
    project.tell(ProjectGoLiveCommitted(project_id=project.id, committed_go_live_on=dt.date(2026, 4, 6)))
    assert project.missing("setup") == []
    assert project.missing("go_live") == ["setup exit: every task of the customer in the stage is done"]
    project.set("send", "cancelled")
    assert project.missing("go_live") == []


def test_a_soft_stage_and_words_hold_nobody() -> None:
    project = Project()
    intake = next(gate for gate in gates(project.state, project.draft.template) if gate.stage == "intake")
    assert [(held.words, held.is_met) for held in intake.exit] == [("a manager is named", False)]
    kickoff = next(gate for gate in gates(project.state, project.draft.template) if gate.stage == "kickoff")
    assert kickoff.exit[2].is_met is None
    assert project.missing("kickoff") == []


def test_a_hard_stage_asks_for_its_entry_conditions_too() -> None:
    project = Project(gated() | {"scope_items": [], "tasks": [t | {"scope_item": ""} for t in small()["tasks"]]})
    assert "setup entry: the scope is listed" in project.missing("setup")


def test_going_back_is_free_and_so_is_a_stage_of_ones_own() -> None:
    project = Project()
    project.tell(ProjectStageChanged(project_id=project.id, stage="go_live"))
    assert project.missing("setup") == []
    assert project.missing("transition") != []
    assert Project().missing("parking") == []


def test_a_detour_through_a_stage_of_ones_own_opens_no_gate() -> None:
    project = Project()
    project.tell(ProjectStageChanged(project_id=project.id, stage="parking"))
    assert project.missing("setup") != []


def test_an_override_opens_what_it_names_and_no_more() -> None:
    project = Project()
    first = project.missing("setup")[:1]
    project.tell(StageGateOverridden(project_id=project.id, stage="setup", unmet=tuple(first), reason="The board asks"))
    assert project.missing("setup") == ["kickoff exit: a go-live date is committed"]


def test_a_fresh_project_lacks_nothing_and_adds_nothing() -> None:
    project = Project()
    found = compare(project.state, PLAYBOOK(project.draft))
    assert (found.is_pinned, found.version, found.steps, found.steps_done) == (True, 1, 7, 0)
    assert [*found.missing, *found.out_of_order, *found.added, *found.reestimated] == []


def test_what_is_missing_out_of_order_added_and_reestimated_is_listed() -> None:
    project = Project()
    project.set("meet", "done")
    project.set("agree", "in_progress")
    project.set("build", "done")
    project.set("send", "cancelled")
    project.tell(
        TaskReestimated(task_id=project.task("build"), project_id=project.id, effort_hours=None),
        TaskCreated(task_id=TaskId("t-new"), external_id="", project_id=project.id, name="Paint", stage="setup"),
    )
    found = compare(project.state, PLAYBOOK(project.draft))
    assert [(m.key, m.is_cancelled) for m in found.missing] == [("send", True)]
    assert [(o.name, o.before_name, o.link) for o in found.out_of_order] == [("Agree", "Build", "FS")]
    assert [a.name for a in found.added] == ["Paint"]
    assert [(r.name, r.playbook_hours, r.effort_hours) for r in found.reestimated] == [
        ("Build", Decimal(24), Decimal(0))
    ]
    assert found.steps_done == 2


def test_a_step_that_waits_its_turn_is_in_order() -> None:
    project = Project()
    for key in ("meet", "build", "agree"):
        project.set(key, "in_progress")
        project.set(key, "done")
    assert compare(project.state, PLAYBOOK(project.draft)).out_of_order == ()


def test_a_project_keeps_the_version_it_was_started_from() -> None:
    project = Project()
    newer = draft_of(gated() | {"tasks": small()["tasks"][1:]})
    found = compare(project.state, PLAYBOOK(project.draft, newer))
    assert (found.version, found.latest_version, found.steps) == (1, 2, 7)


def test_a_project_that_only_bears_the_name_is_held_against_the_latest() -> None:
    state = Project(answers={"sso": "yes"}).state
    state.pin = None
    found = compare(state, PLAYBOOK(drafted()))
    assert (found.is_pinned, found.modules, found.missing) == (False, ("sso",), ())
    assert playbook_of(state) == "small"
    with pytest.raises(NotFound, match="follows no playbook"):
        playbook_of(ProjectState())
