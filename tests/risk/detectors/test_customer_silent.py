"""Customer silence: counted on the customer's days, broken by any act, quiet on announced leave."""

from __future__ import annotations

from decimal import Decimal

import pytest

from risk.detectors.customer_silent import detect
from risk.detectors.view import thresholds_of
from tests.risk.detectors.staging import CONTACT, MANAGER, OTHER_CONTACT, figures, held, on, said, task, view


def test_five_working_days_without_an_act_are_a_finding_and_four_are_not() -> None:
    asked = task("t", asked=0)
    assert detect(view(asked, day=4)) == []
    (finding,) = detect(view(asked, day=7))
    assert figures(finding) == {"silent_days": 5, "waiting_items": 1}
    assert finding.subject_ids == (CONTACT, "t")
    assert finding.evidence == ("asked-t",)


def test_nothing_is_found_while_nothing_waits_or_nobody_was_told() -> None:
    assert detect(view(task("t", asked=0, done=1), day=20)) == []
    assert detect(view(task("t"), day=20)) == []
    assert detect(view(day=20, messages=[said(0)])) == []


@pytest.mark.parametrize("by", [CONTACT, OTHER_CONTACT])
def test_any_act_of_the_customer_ends_the_silence(by: str) -> None:
    assert detect(view(task("t", asked=0), day=9, messages=[said(4, by)])) == []
    (finding,) = detect(view(task("t", asked=0), day=11, messages=[said(4, by)]))
    assert finding.subject_key == f"project-1/{on(4)}"
    assert finding.evidence[0] == f"event-message-{by}-4"


def test_our_own_messages_do_not_end_it() -> None:
    assert detect(view(task("t", asked=0), day=7, messages=[said(4, MANAGER)]))


def test_announced_leave_does_not_count() -> None:
    texts = {"leave": "Out of office 4 March 2024 to 15 March 2024, back 18 March 2024."}
    messages = [said(-5, name="leave")]
    assert detect(view(task("t", asked=0), day=14, messages=messages, texts=texts)) == []
    (finding,) = detect(view(task("t", asked=0), day=18, messages=messages, texts=texts))
    assert figures(finding)["silent_days"] == 5
    somebody_is_there = task("u", owner=OTHER_CONTACT, asked=0)
    assert detect(view(task("t", asked=0), somebody_is_there, day=8, messages=messages, texts=texts))


def test_a_hold_starts_the_count_anew() -> None:
    assert detect(view(task("t", asked=0), day=8, status_moves=held(1, 3), status="active")) == []
    assert detect(view(task("t", asked=0), day=10, status_moves=held(1, 3), status="active"))
    assert detect(view(task("t", asked=0), day=30, status="on_hold")) == []


def test_a_question_waits_like_a_task_until_its_receiver_stirs() -> None:
    question = said(0, MANAGER, name="q", to=CONTACT, needs_answer=True)
    (finding,) = detect(view(day=7, messages=[question]))
    assert finding.subject_ids == (CONTACT, "q")
    assert detect(view(day=10, messages=[question, said(1)])) == []


def test_an_approval_alone_is_left_to_its_own_rule() -> None:
    assert detect(view(task("a", "approval", asked=0), day=20)) == []
    (finding,) = detect(view(task("a", "approval", asked=0), task("t", asked=0), day=7))
    assert set(finding.subject_ids) == {CONTACT, "a", "t"}


def test_the_finding_is_the_same_on_every_day_of_a_silence_and_holds_its_threshold() -> None:
    days = [detect(view(task("t", asked=0), day=day))[0] for day in (7, 9, 15)]
    assert len({finding.subject_key for finding in days}) == 1
    assert thresholds_of(days[0].inputs) == {"silent_days": Decimal(5)}
    assert detect(view(task("t", asked=0), day=2, thresholds={"silent_days": Decimal(2)}))
