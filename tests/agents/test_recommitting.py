"""A later promise or less work make an impossible date possible; what is undone is as it was before."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from agents import recommitting
from agents.recommitting import CUT_SCOPE, HAND, MOVE_GO_LIVE
from agents.world import World, after
from plan.relaxations import smallest_cut
from plan.timeline import DEFAULT
from store.errors import Invalid
from store.ids import tenant_id_of
from store.projections.people.fold import PersonState
from store.projections.projects.state import ProjectState
from store.projections.tenants.fold import TenantState
from tests.plan.test_timeline import DAY, MONDAY, at, chain

FRIDAY = MONDAY + 4 * DAY
INPUTS = {"threshold.least_answer_days": "1"}


def world(*hours: int, due: dt.date = MONDAY + DAY) -> World:
    """A chain of tasks of one engineer at 50 an hour, promised for Tuesday."""
    tasks = {t.task_id: t for t in chain(*hours)}
    for each in tasks.values():
        each.owner_id = "p"
    project = ProjectState(
        project_id="project", external_id="P", status="active", baseline_go_live_on=due, tasks=tasks, currency="EUR"
    )
    person = PersonState(person_id="p", role="engineer", cost_rate=Decimal(50), currency="EUR")
    return World(tenant_id_of("t"), TenantState(), {"p": person}, {"project": project}, at(MONDAY), MONDAY)


def test_the_promise_moves_by_working_days_and_the_figures_follow() -> None:
    """40 h need until Friday: three working days after Tuesday."""
    offer = HAND.offered(world(32, 8), MOVE_GO_LIVE, recommitting.move_args("project", FRIDAY), INPUTS)
    assert offer.is_feasible
    assert (int(offer.effect.days), offer.effect.margin) == (-3, Decimal("0.00"))
    assert {n.name: int(n.value) for n in offer.effect.numbers} == {"days_needed": 5, "days_left": 5, "days_short": 0}


def test_a_date_that_could_not_be_kept_either_is_not_offered() -> None:
    args = recommitting.move_args("project", FRIDAY - DAY)
    assert HAND.problems(world(32, 8), MOVE_GO_LIVE, args, INPUTS) == ["The date could not be kept even so."]


def test_a_promise_that_is_undone_is_the_former_one_again() -> None:
    before = world(32, 8)
    done = HAND.facts(before, MOVE_GO_LIVE, recommitting.move_args("project", FRIDAY))
    later = after(after(before, done), HAND.undo(before, done))
    assert later.projects["project"].committed_on == before.projects["project"].committed_on


def test_the_smallest_cut_is_found_and_saves_what_it_costs() -> None:
    """40 h against two days: 24 h have to go; at 50 an hour they save 1,200 and three days."""
    here = world(32, 8)
    project = here.projects["project"]
    cut = smallest_cut(project, recommitting.staff_of(here), MONDAY + DAY, MONDAY, DEFAULT)
    assert cut == {"t0": Decimal(24)}
    offer = HAND.offered(here, CUT_SCOPE, recommitting.cut_args(project, cut), INPUTS)
    assert offer.is_feasible
    assert (int(offer.effect.days), offer.effect.margin) == (3, Decimal("1200.00"))


def test_what_is_cut_and_undone_is_there_again() -> None:
    before = world(32, 8)
    done = HAND.facts(before, CUT_SCOPE, {"project_id": "project", "efforts": "t0=8"})
    assert after(before, done).projects["project"].tasks["t0"].effort_hours == 8
    assert after(after(before, done), HAND.undo(before, done)).projects["project"].tasks["t0"].effort_hours == 32


def test_a_milestone_keeps_its_hours() -> None:
    here = world(40)
    assert smallest_cut(here.projects["project"], recommitting.staff_of(here), MONDAY, MONDAY, DEFAULT) is None


def test_only_the_promised_date_can_be_edited() -> None:
    args = recommitting.move_args("project", FRIDAY)
    assert HAND.edited(MOVE_GO_LIVE, args, {"to_on": "2024-04-01"})["to_on"] == "2024-04-01"
    with pytest.raises(Invalid):
        HAND.edited(MOVE_GO_LIVE, args, {"project_id": "other"})
    with pytest.raises(Invalid):
        HAND.edited(MOVE_GO_LIVE, args, {"to_on": "soon"})
