"""An action survives the way through text; arguments that do not fit are named."""

from __future__ import annotations

from decimal import Decimal

import pytest

from agents.actions import Action, Move, action_of, args_of, edited
from store.errors import Invalid
from tests.agents.staging import day

MOVE = Move(
    allocation_id="a",
    person_id="p",
    project_id="q",
    from_on=day("2024-01-24"),
    to_on=day("2024-01-26"),
    hours_per_day=Decimal("2.5"),
    to_person_id="r",
)
LATER = Move(
    allocation_id="b",
    person_id="p",
    project_id="q",
    from_on=day("2024-01-24"),
    to_on=day("2024-01-24"),
    hours_per_day=Decimal(1),
    to_person_id="p",
    to_starts_on=day("2024-02-01"),
)


@pytest.mark.parametrize("moves", [(MOVE,), (MOVE, LATER)])
def test_what_is_written_as_text_reads_back(moves: tuple[Move, ...]) -> None:
    action = Action(kind="reassign", moves=moves)
    assert action_of("reassign", args_of(action)) == action


@pytest.mark.parametrize(
    ("kind", "change", "code"),
    [
        ("dance", {}, "unknown_action"),
        ("split", {"from_on": "soon"}, "malformed_action"),
        ("split", {"hours_per_day": "many"}, "malformed_action"),
        ("split", {"hours_per_day": "NaN"}, "malformed_action"),
        ("split", {"hours_per_day": "-1"}, "malformed_action"),
        ("split", {"to_on": "9999-12-31"}, "malformed_action"),
        ("split", {"to_on": "2024-01-01"}, "malformed_action"),
    ],
)
def test_what_does_not_fit_is_refused(kind: str, change: dict[str, str], code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        action_of(kind, {**args_of(Action(kind="split", moves=(MOVE,))), **change})
    assert refusal.value.code == code


def test_an_action_without_arguments_is_refused() -> None:
    with pytest.raises(Invalid, match="no arguments"):
        action_of("release", {})


@pytest.mark.parametrize(
    "changes", [{}, {"person_id": "x"}, {"allocation_id": "x"}, {"colour": "red"}, {"2.from_on": "x"}]
)
def test_an_edit_changes_days_hours_or_receiver_and_nothing_else(changes: dict[str, str]) -> None:
    args = args_of(Action(kind="reassign", moves=(MOVE,)))
    with pytest.raises(Invalid) as refusal:
        edited("reassign", args, changes)
    assert refusal.value.code == "not_editable"
    assert edited("reassign", args, {"to_person_id": "s"}).moves[0].to_person_id == "s"
