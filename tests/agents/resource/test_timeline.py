"""An impossible date is shown with its two numbers, and with what would make it possible."""

from __future__ import annotations

from agents.resource.graph import work_up
from agents.world import World
from risk.detectors import impossible_timeline
from risk.detectors.view import ProjectView
from tests.agents.test_recommitting import world


def alert(here: World) -> dict[str, object]:
    seen = ProjectView(here.projects["project"], here.tenant, here.people, here.now, here.as_of)
    (finding,) = impossible_timeline.detect(seen)
    return work_up(here, finding)


def test_the_claim_says_both_numbers_and_the_earliest_date() -> None:
    assert alert(world(32, 8))["claim"] == (
        "Go-live of P on 2024-03-05 cannot be kept: the work left takes 5 working days at the least, 2 are left."
        " The earliest date is 2024-03-08."
    )


def test_a_smaller_scope_and_a_later_promise_are_offered() -> None:
    offers = alert(world(32, 8))["proposals"]
    assert isinstance(offers, list)
    assert [offer["action"] for offer in offers] == ["cut_scope", "move_go_live"]
    assert all(offer["is_feasible"] for offer in offers)


def test_where_nothing_can_be_cut_the_promise_moves() -> None:
    offers = alert(world(40))["proposals"]
    assert isinstance(offers, list)
    assert [offer["action"] for offer in offers] == ["move_go_live"]
