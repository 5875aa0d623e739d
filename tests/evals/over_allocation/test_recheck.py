"""The second opinion agrees with every honest proposal and finds the fault in a doctored one."""

from __future__ import annotations

import msgspec
import pytest

from evals.over_allocation.recheck import faults
from store.events import ProposedAction
from tests.agents.staging import CONFLICT, Stage, away, booking, day, person_id


def opinion(stage: Stage, proposal: ProposedAction) -> list[str]:
    return faults(stage.world(), proposal, day("2024-01-24"), day("2024-01-26"), person_id("Over"))


def offers() -> tuple[Stage, dict[str, ProposedAction]]:
    stage = Stage([*CONFLICT, away("Over", "2024-02-05", "2024-02-05")])
    stage.review()
    return stage, {proposal.action: proposal for proposal in stage.alert().proposals}


def test_honest_proposals_have_no_fault() -> None:
    stage, proposals = offers()
    assert [opinion(stage, proposal) for proposal in proposals.values()] == [[]] * 3


@pytest.mark.parametrize(
    ("kind", "args", "fault"),
    [
        ("split", {"hours_per_day": "1"}, "still over"),
        ("split", {"to_starts_on": "2024-01-22"}, "still over"),
        ("reassign", {"to_person_id": person_id("Other")}, "lacks engineer"),
        ("split", {"from_on": "2024-01-01", "to_starts_on": "2024-01-08"}, "has passed"),
    ],
)
def test_a_doctored_proposal_is_found_out(kind: str, args: dict[str, str], fault: str) -> None:
    stage, proposals = offers()
    doctored = msgspec.structs.replace(proposals[kind], args={**proposals[kind].args, **args})
    assert fault in " ".join(opinion(stage, doctored))


def test_hours_that_vanish_are_found_out() -> None:
    stage, proposals = offers()
    stage.tell([away("Same", "2024-01-24", "2024-01-24")])
    assert any("h before" in fault for fault in opinion(stage, proposals["reassign"]))


def test_a_receiver_who_filled_up_is_found_out() -> None:
    stage, proposals = offers()
    stage.tell([booking("B", "Same", "P-1", "2024-01-24", "2024-01-24", "8")])
    assert any("Same newly over" in fault for fault in opinion(stage, proposals["reassign"]))
