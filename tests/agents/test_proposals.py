"""Preview, application and undo are one function; what harms somebody's calendar is not offered."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import msgspec
import pytest

from agents.actions import Action, Kind, Move
from agents.proposals import effect, preview, problems
from agents.rebooking import facts, undo_facts
from agents.world import World, after
from plan.money import statement
from risk.detectors.over_allocation import detect
from store.errors import Invalid, NotFound
from store.events import AllocationChanged, Fact, TaskDueMoved, TaskReassigned, TaskStartMoved
from store.projections.snapshot import dump_state
from tests.agents.staging import (
    CONFLICT,
    Stage,
    allocation_id,
    away,
    booking,
    day,
    link,
    person,
    person_id,
    project_id,
    task,
    task_id,
)

TASKS = (
    task("T-1", "P-2", "Over", "2024-01-24", "2024-01-26"),
    task("T-2", "P-2", "Same", "2024-01-29", "2024-01-30"),
    task("G-2", "P-2", "Same", "2024-01-31", "2024-01-31", milestone="go_live"),
    link("P-2", "T-2", "T-1"),
    link("P-2", "G-2", "T-2"),
)


def act(
    kind: Kind,
    hours: str,
    *,
    name: str = "A-2",
    to: str | None = "Over",
    project: str = "P-2",
    first: str = "2024-01-24",
    last: str = "2024-01-26",
    starts: str | None = None,
) -> Action:
    move = Move(
        allocation_id=allocation_id(name),
        person_id=person_id("Over"),
        project_id=project_id(project),
        from_on=day(first),
        to_on=day(last),
        hours_per_day=Decimal(hours),
        to_person_id=person_id(to) if to and to != "placeholder" else to,
        to_starts_on=day(starts) if starts else None,
    )
    return Action(kind=kind, moves=(move,))


ACTIONS = {
    "reschedule": act("reschedule", "4", starts="2024-02-05"),
    "split": act("split", "2", starts="2024-02-05"),
    "reassign": act("reassign", "4", to="Same"),
    "reassign_part": act("reassign", "2", to="Same"),
    "whole_booking": act("reschedule", "6", name="A-1", project="P-1", first="2024-01-22", starts="2024-02-05"),
    "add_capacity": act("add_capacity", "2", to="placeholder"),
    "release": act("release", "2", to=None),
}


def inputs(world: World) -> dict[str, str]:
    (finding,) = detect(world.people[person_id("Over")], world.tenant, world.as_of)
    return finding.inputs


def bare(world: World) -> list[object]:
    """The states without what a fact leaves behind by merely having happened."""

    def stripped(value: object) -> object:
        if isinstance(value, dict):
            gone = {"event_id", "recorded_at", "version", "last_recorded_at", "due_moves"}
            return {k: stripped(v) for k, v in value.items() if k not in gone}
        return [stripped(v) for v in value] if isinstance(value, list) else value

    states = [*sorted(world.people.items()), *sorted(world.projects.items())]
    return [stripped(msgspec.json.decode(dump_state(state))) for key, state in states if key != "placeholder"]


@pytest.mark.parametrize("name", ACTIONS)
def test_applying_and_recomputing_from_the_log_equals_the_preview(name: str) -> None:
    stage = Stage([*CONFLICT, *TASKS])
    before = stage.world()
    previewed = preview(before, ACTIONS[name], inputs(before))
    stage.tell(facts(before, ACTIONS[name]))
    assert effect(before, stage.world(), inputs(before)) == previewed


@pytest.mark.parametrize("name", ACTIONS)
def test_undoing_brings_back_the_states_before(name: str) -> None:
    stage = Stage([*CONFLICT, *TASKS])
    before = stage.world()
    done = facts(before, ACTIONS[name])
    stage.tell(done)
    assert bare(stage.world()) != bare(before)
    stage.tell(undo_facts(before, done))
    assert bare(stage.world()) == bare(before)


@pytest.mark.parametrize("name", ACTIONS)
def test_every_kind_of_action_clears_the_finding(name: str) -> None:
    world = Stage([*CONFLICT, *TASKS]).world()
    assert problems(world, ACTIONS[name], inputs(world)) == []
    later = after(world, facts(world, ACTIONS[name]))
    assert detect(later.people[person_id("Over")], later.tenant, later.as_of) == []


def test_moving_work_on_the_critical_path_moves_go_live_and_its_tasks() -> None:
    world = Stage([*CONFLICT, *TASKS]).world()
    done = facts(world, ACTIONS["reschedule"])
    moved = {type(f): f for f in done if not isinstance(f, AllocationChanged)}
    assert moved[TaskStartMoved].planned_start_on == day("2024-02-05")  # type: ignore[attr-defined]
    assert moved[TaskDueMoved].due_on == day("2024-02-07")  # type: ignore[attr-defined]
    assert preview(world, ACTIONS["reschedule"], inputs(world)).days == -8


def test_work_off_the_critical_path_moves_without_moving_go_live() -> None:
    slack = task("G-9", "P-2", "Same", "2024-02-20", "2024-02-20", milestone="go_live")
    world = Stage([*CONFLICT, TASKS[0], slack]).world()
    assert preview(world, ACTIONS["reschedule"], inputs(world)).days == 0


def worked(fact: Fact, hours: str) -> Fact:
    """The task with an effort."""
    return msgspec.structs.replace(fact, effort_hours=Decimal(hours))


EFFORT = (
    *(worked(fact, "12") for fact in TASKS[:3]),
    *TASKS[3:],
    worked(task("O-1", "P-1", "Over", "2024-01-22", "2024-01-26"), "30"),
)


def test_margin_is_by_how_much_the_forecast_margins_grow() -> None:
    world = Stage([*CONFLICT, *EFFORT]).world()
    later = after(world, facts(world, ACTIONS["reassign"]))
    was, is_now = (statement(w.projects[project_id("P-2")], w.tenant, w.people, w.as_of).eac for w in (world, later))
    assert was is not None
    assert is_now is not None
    assert preview(world, ACTIONS["reassign"], inputs(world)).margin == was - is_now == Decimal(120)  # 12 h at 80, 70
    assert preview(world, ACTIONS["split"], inputs(world)).margin == 0


def test_a_missing_rate_leaves_margin_unknown_rather_than_wrong() -> None:
    world = Stage([*CONFLICT, *EFFORT, person("Same", rate=None)]).world()
    assert preview(world, ACTIONS["reassign"], inputs(world)).margin is None


def test_without_effort_the_booked_hours_are_the_work_left() -> None:
    world = Stage(CONFLICT).world()
    assert preview(world, ACTIONS["reassign"], inputs(world)).margin == Decimal(120)
    assert preview(world, ACTIONS["split"], inputs(world)).margin == 0
    world = Stage([*CONFLICT, person("Same", rate=None)]).world()
    assert preview(world, ACTIONS["reassign"], inputs(world)).margin is None


def test_a_task_follows_its_hours_to_the_person_who_takes_them() -> None:
    world = Stage([*CONFLICT, *TASKS]).world()
    reassigned = [fact for fact in facts(world, ACTIONS["reassign"]) if isinstance(fact, TaskReassigned)]
    assert [fact.task_id for fact in reassigned] == [task_id("T-1")]
    assert reassigned[0].owner_id == str(person_id("Same"))


@pytest.mark.parametrize(
    ("action", "more", "reason"),
    [
        (ACTIONS["reassign"], [away("Same", "2024-01-25", "2024-01-25")], "does not work"),
        (ACTIONS["reassign"], [booking("B", "Same", "P-1", "2024-01-24", "2024-01-24", "5")], "beyond their hours"),
        (act("reassign", "4", to="Other"), [], "role or skill"),
        (act("reassign", "1", to="Same"), [], "does not clear"),
        (act("split", "2", starts="2024-01-16"), [], ""),
        (act("split", "2", starts="2024-01-25"), [], "beyond their hours"),
        (act("split", "2", starts="2024-01-10"), [], "have passed"),
        (act("release", "5", to=None), [], "fewer than"),
    ],
    ids=["away", "full", "unskilled", "too_little", "earlier", "onto_itself", "past", "too_much"],
)
def test_what_may_not_be_offered_says_why(action: Action, more: list[object], reason: str) -> None:
    world = Stage([*CONFLICT, *more]).world()  # type: ignore[list-item]
    if reason == "fewer than":
        with pytest.raises(Invalid, match=reason):
            problems(world, action, inputs(world))
    else:
        assert reason in " ".join(problems(world, action, inputs(world)))
        assert bool(reason) == bool(problems(world, action, inputs(world)))


def test_a_booking_that_is_gone_is_not_found() -> None:
    world = Stage(CONFLICT).world()
    with pytest.raises(NotFound):
        facts(world, act("release", "1", name="A-9", to=None))


def test_the_past_of_a_running_booking_stays() -> None:
    world = Stage(CONFLICT, on=dt.date(2024, 1, 25)).world()
    assert problems(world, ACTIONS["reassign"], inputs(world)) == ["It would change days that have passed."]
    rest = act("reassign", "4", to="Same", first="2024-01-25")
    assert problems(world, rest, inputs(world)) == []
    kept = [f for f in facts(world, rest) if isinstance(f, AllocationChanged)]
    assert (kept[0].starts_on, kept[0].ends_on) == (day("2024-01-24"), day("2024-01-24"))
    assert kept[0].hours_per_day == 4
