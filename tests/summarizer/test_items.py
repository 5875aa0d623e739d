"""What the rules find in the made-up meeting, and that it is the same in every form."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from summarizer.forms import parse_transcript
from summarizer.grounding import grounded
from summarizer.items import Item
from summarizer.summary import summarize
from tests.summarizer.days import HELD_ON
from tests.summarizer.meeting import ANNA, BEN, CARO, FORMS, LINES, summary, transcript


def items(kind: str) -> list[Item]:
    return [item for item in summary().items if item.kind == kind]


def action(words: str) -> Item:
    return next(item for item in items("action_item") if words in item.quote)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_items(form: str) -> None:
    found = summarize(parse_transcript("call", FORMS[form]()), held_on=HELD_ON).items
    assert [msgspec.structs.replace(item, times=()) for item in found] == [
        msgspec.structs.replace(item, times=()) for item in summary().items
    ]


def test_every_item_quotes_a_cue_that_it_cites() -> None:
    cues = transcript().cues
    for item in summary().items:
        assert any(item.quote in cues[number - 1].text for number in item.cues)
        assert [time.cue for time in item.times] == list(item.cues)


def test_an_item_without_its_words_is_dropped() -> None:
    item = Item(kind="risk", text="x", quote="nobody said this", cues=(1,))
    assert grounded([item, msgspec.structs.replace(item, quote=LINES[0][1])], transcript()) == (
        msgspec.structs.replace(item, quote=LINES[0][1]),
    )
    assert grounded([msgspec.structs.replace(item, quote=LINES[0][1], cues=(1, 999))], transcript()) == ()


def test_a_promise_has_its_owner_its_day_and_its_track() -> None:
    item = action("extract by next Tuesday")
    assert (item.owner, item.due, item.track, item.modality) == (CARO, date(2026, 3, 10), "customer", "committed")


def test_a_hedged_promise_is_tentative() -> None:
    assert action("supplier list").modality == "tentative"


def test_an_offer_that_is_accepted_is_a_promise() -> None:
    item = action("template tomorrow")
    assert (item.owner, item.due, item.track, item.modality) == (ANNA, date(2026, 3, 6), "internal", "committed")


def test_a_task_that_nobody_took_has_no_owner() -> None:
    item = action("brief the warehouse")
    assert (item.owner, item.modality) == (None, "proposed")


def test_a_task_of_somebody_absent_is_theirs() -> None:
    item = action("ring the insurers")
    assert (item.owner, item.due) == ("Dora Lead", date(2026, 3, 13))


def test_a_read_back_is_a_citation_and_no_item() -> None:
    assert len(LINES) - 1 in action("extract by next Tuesday").cues
    assert not any(item.cues[0] == len(LINES) - 1 for item in summary().items)


def test_a_corrected_date_stands_once() -> None:
    assert [(item.due, item.speaker) for item in items("date_commitment")] == [(date(2026, 7, 6), BEN)]


def test_a_refused_ask_is_kept_as_refused() -> None:
    assert [item.modality for item in items("scope_ask")] == ["declined"]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("goal", "one stock figure"),
        ("success_milestone", "ship an order"),
        ("stakeholder", "Dora Lead"),
        ("decision", "one warehouse first"),
        ("risk", "we lose three weeks"),
        ("blocker", "I can't give anybody access"),
        ("open_question", "re-key the open orders"),
    ],
)
def test_the_other_kinds_are_found_once(kind: str, words: str) -> None:
    assert [words in item.quote for item in items(kind)] == [True]


def test_what_was_sold_is_a_commitment() -> None:
    assert [item.quote.split()[0] for item in items("scope_commitment")] == ["What", "The"]


def test_sides_are_told_by_what_people_say() -> None:
    sides = {person.name: person.side for person in summary().participants}
    assert sides == {ANNA: "vendor", BEN: "customer", CARO: "customer"}


def test_a_hint_outranks_the_guess() -> None:
    found = summarize(transcript(), held_on=HELD_ON, sides={CARO: "vendor"})
    assert {person.name: person.side for person in found.participants}[CARO] == "vendor"


def test_a_kickoff_is_told_from_another_call() -> None:
    talk = (
        (ANNA, "Status update. Since last week the import runs."),
        (BEN, "Good. As discussed last time, it is slow."),
    )
    assert summary().is_kickoff
    assert not summary(*talk).is_kickoff


def test_two_people_of_one_name_leave_the_owner_open() -> None:
    talk = (
        ("Kim Vendor", "Kim will send the keys by Friday."),
        ("Kim Client", "Good."),
        ("Lee Client", "Kim will do it."),
    )
    assert all(item.owner is None for item in summary(*talk).items if item.kind == "action_item")


def test_a_language_without_rules_says_so() -> None:
    talk = ((ANNA, "Le projet est dans les temps et nous avons une réunion avec vous dans la semaine, c'est sûr."),) * 3
    found = summary(*talk)
    assert (found.language, found.items) == ("fr", ())
    assert any("French" in note for note in found.notes)


def test_a_day_on_which_nothing_is_promised_is_no_due_date() -> None:
    talk = ((BEN, "I'll send the plan by Friday."), (ANNA, "I will check the effort; nothing is promised today."))
    dues = {item.quote: item.due for item in summary(*talk).items if item.kind == "action_item"}
    assert dues == {"I'll send the plan by Friday.": date(2026, 3, 6), talk[1][1]: None}
