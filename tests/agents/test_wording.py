"""A rewording is heard only where it says what the template says."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.rewording.graph import attempt
from agents.wording import PLAIN_WORDS, TURNING_WORDS, UNITS, Words, is_faithful, named_in, question
from outside.model import ModelReply, ModelRequest, NoModel

TEMPLATE = (
    "U-7 (engineer) is booked 30 h against 24 h on 3 days from 2024-01-24 to 2024-01-26:"
    " 6 h too many, across P-1 and P-2."
)
FACTS = ["30", "24", "6", "3", "2024-01-24", "2024-01-26", "U-7", "engineer", "P-1", "P-2"]

words = st.sampled_from(sorted(PLAIN_WORDS))
figures = st.decimals(min_value=0, max_value=9_999, places=1).map(str)
tokens = st.one_of(words, figures, st.sampled_from(["U-7", "P-1", "2024-01-24", "booked", "h", "not", "Karin"]))
templates = st.lists(tokens, min_size=1, max_size=12).map(lambda parts: " ".join(parts) + ".")


class Says:
    """A model that says one thing and remembers what it was asked."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.asked: list[ModelRequest[Any]] = []

    def complete(self, request: ModelRequest[Any]) -> ModelReply[Any] | None:
        self.asked.append(request)
        return ModelReply(Words(self.text), "says")


def came(text: str) -> dict[str, str]:
    """What comes of words that say the same; the claim itself is no other words."""
    return {"outcome": "unchanged", "wording": ""} if text == TEMPLATE else {"outcome": "reworded", "wording": text}


FAITHFUL = [
    TEMPLATE,
    TEMPLATE.replace("is booked", "has been booked"),
    TEMPLATE.replace("26: 6 h", "26. That is 6 h"),
    (
        "For all of this, U-7, who is engineer, has been booked 30 h against 24 h on 3 days, from 2024-01-24 to"
        " 2024-01-26. That is 6 h too many in all, on P-1 and P-2 together."
    ),
]

UNFAITHFUL = {
    "empty": "",
    "a wrong figure": TEMPLATE.replace("30", "31"),
    "figures swapped": TEMPLATE.replace("30 h against 24", "24 h against 30"),
    "a figure left out": TEMPLATE.replace("30 h against 24 h", "24 h"),
    "a figure twice": TEMPLATE.replace("6 h", "6 h, 6 h"),
    "a figure in words": TEMPLATE.replace("3 days", "three days"),
    "another figure in words": TEMPLATE.replace("6 h", "6 h twice"),
    "another unit": TEMPLATE.replace("3 days", "3 weeks"),
    "units swapped": TEMPLATE.replace("24 h on 3 days", "24 days on 3 h"),
    "a percentage": TEMPLATE.replace("6 h", "6% h"),
    "a sign": TEMPLATE.replace("6 h", "−6 h"),
    "a currency": TEMPLATE.replace("6 h", "€6 h"),
    "a decimal": TEMPLATE.replace("6 h", "6.5 h"),
    "wide digits": TEMPLATE.replace("30", "３０"),
    "a fraction": TEMPLATE.replace("6 h", "6½ h"),
    "another date": TEMPLATE.replace("2024-01-26", "2024-01-27"),
    "another project": TEMPLATE.replace("P-2", "P-3"),
    "an id in small letters": TEMPLATE.replace("P-2", "p-2"),
    "a foreign name": TEMPLATE.replace("U-7 (engineer)", "U-7 (engineer), Karin,"),
    "a foreign name at the start": "Karin and " + TEMPLATE,
    "a name that is a word": TEMPLATE + " Mark was asked.",
    "a negation": TEMPLATE.replace("is booked", "is not booked"),
    "a negation left out": TEMPLATE.replace("too ", ""),
    "a modal": TEMPLATE.replace("is booked", "may be booked"),
    "an order": TEMPLATE + " Approve this now.",
    "praise": TEMPLATE + " All good.",
    "the days turned round": TEMPLATE.replace("from 2024-01-24 to", "to 2024-01-24 from"),
    "a guess": TEMPLATE.replace("6 h", "about 6 h"),
    "a word with another figure": TEMPLATE.replace("booked 30 h against 24 h", "30 h against booked 24 h"),
    "a word left out": TEMPLATE.replace("booked ", ""),
    "a word twice": TEMPLATE.replace("booked", "booked booked"),
    "a question": TEMPLATE.removesuffix(".") + "?",
    "a link": TEMPLATE + " See https://example.com",
    "a bare host": TEMPLATE + " See example.com.",
    "a markdown link": TEMPLATE.replace("booked", "[booked](x)"),
    "an image": TEMPLATE + " ![](x)",
    "html": TEMPLATE.replace("booked", "<b>booked</b>"),
    "emphasis": TEMPLATE.replace("booked", "**booked**"),
    "code": TEMPLATE.replace("booked", "`booked`"),
    "two lines": TEMPLATE.replace(" across", "\nacross"),
    "a tab": TEMPLATE.replace(" across", "\tacross"),
    "a hidden character": TEMPLATE.replace("booked", "boo\u200bked"),
    "text that runs backwards": TEMPLATE + "\u202e",
    "a look-alike letter": TEMPLATE.replace("booked", "b\u043eoked"),
    "a face": TEMPLATE + " 🙂",
    "padding": TEMPLATE + " and so on" * 40,
    "an address": TEMPLATE + " to@you",
}


@pytest.mark.parametrize("text", FAITHFUL)
def test_the_same_in_other_words_is_heard(text: str) -> None:
    assert is_faithful(text, TEMPLATE, FACTS)
    assert attempt(TEMPLATE, FACTS, Says(text)) == came(text)


@pytest.mark.parametrize("name", UNFAITHFUL)
def test_anything_else_gives_way_to_the_template(name: str) -> None:
    assert not is_faithful(UNFAITHFUL[name], TEMPLATE, FACTS)
    outcome = "unfaithful" if UNFAITHFUL[name] else "unanswered"
    assert attempt(TEMPLATE, FACTS, Says(UNFAITHFUL[name])) == {"outcome": outcome, "wording": ""}


def test_a_model_that_says_nothing_is_waited_for() -> None:
    assert attempt(TEMPLATE, FACTS, NoModel()) == {"outcome": "unanswered", "wording": ""}


def test_what_does_not_say_the_same_is_asked_for_once_more() -> None:
    model = Says(UNFAITHFUL["praise"])
    attempt(TEMPLATE, FACTS, model)
    assert [request.material for request in model.asked] == [
        question(TEMPLATE, FACTS).material,
        question(TEMPLATE, FACTS, is_repair=True).material,
    ]
    assert "good" not in model.asked[1].material, "what a model said goes nowhere"
    assert "booked 30 h against 24 h" in model.asked[1].material.rpartition("in this order:")[2]


def test_values_that_the_claim_does_not_name_change_no_judgement() -> None:
    more = [*FACTS, "Karin", "99", "threshold", "2030-01-01"]
    assert named_in(TEMPLATE, more) == FACTS
    for text in (*FAITHFUL, *UNFAITHFUL.values()):
        assert is_faithful(text, TEMPLATE, more) == is_faithful(text, TEMPLATE, FACTS)


def test_words_that_turn_a_statement_are_not_plain() -> None:
    assert not PLAIN_WORDS & (TURNING_WORDS | UNITS)


@given(templates)
def test_a_template_is_faithful_to_itself(template: str) -> None:
    assert is_faithful(template, template, ["U-7", "P-1"])


@given(templates, st.lists(tokens, max_size=14).map(" ".join))
def test_a_faithful_text_holds_the_figures_of_its_template_in_their_order(template: str, text: str) -> None:
    if is_faithful(text, template, []):
        assert re.findall(r"\d+", text) == re.findall(r"\d+", template)
        assert text.count("Karin") == template.count("Karin")
        assert text.split().count("not") == template.strip(".").split().count("not")


@given(templates, st.integers(0, 11), st.one_of(figures, st.sampled_from(["Karin", "not", "P-9", "half", "h", "<b>"])))
def test_whatever_is_put_into_a_template_beside_plain_words_is_noticed(template: str, at: int, intruder: str) -> None:
    parts = template.split(" ")
    text = " ".join([*parts[: at % len(parts)], intruder, *parts[at % len(parts) :]])
    assert not is_faithful(text, template, [])


@given(st.text(max_size=300))
def test_any_text_at_all_is_judged_without_an_error(text: str) -> None:
    assert not is_faithful(text, TEMPLATE, FACTS)
    assert is_faithful(text, text, []) in {True, False}


def test_nothing_comes_between_a_figure_and_its_unit() -> None:
    said = "It will cost 4310.50 EUR more than planned, 19 h in all."
    assert is_faithful("Then it will cost 4310.50 EUR more than planned, 19 h in all.", said, [])
    assert not is_faithful("It will cost 4310.50 also EUR more than planned, 19 h in all.", said, [])
    assert not is_faithful("It will cost 4310.50 EUR more than planned, 19 so h in all.", said, [])
