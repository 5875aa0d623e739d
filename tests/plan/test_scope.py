"""Which clause a request is about, and when small requests add up."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from plan.scope import Clauses, creep_percent, match, passed_at, unexplained

CLAUSES = {
    "s1": "Single sign-on against the customer's identity provider (one provider), up to 200 users.",
    "s2": "Configuration of 8 e-mail templates in one language.",
    "s3": "Migration of customer master data from one legacy source, one trial load.",
}


def test_a_request_finds_the_clause_that_says_the_same_in_other_words() -> None:
    assert match("Please let our people log in with their company account", CLAUSES)[0].item_id == "s1"


def test_a_request_in_another_language_finds_its_clause() -> None:
    assert match("Wann kommt die Übernahme der Stammdaten?", CLAUSES)[0].item_id == "s3"
    assert match("¿Qué preparamos para las plantillas de correo?", CLAUSES)[0].item_id == "s2"


def test_the_words_that_speak_for_a_clause_are_shown() -> None:
    assert "templates" in match("Do the e-mail templates carry our name?", CLAUSES)[0].words


def test_what_was_never_sold_matches_nothing() -> None:
    assert match("Could we get a talking assistant for the entrance hall?", CLAUSES) == []
    assert match("", CLAUSES) == []
    assert match("anything", {}) == []


def test_three_clauses_at_most_are_shown_best_first() -> None:
    found = Clauses({**CLAUSES, "s4": "One customer e-mail template."}).match("customer e-mail template")
    assert len(found) <= 3
    assert [m.score for m in found] == sorted((m.score for m in found), reverse=True)
    assert found[0].item_id == "s4"


def test_what_a_clause_does_not_account_for_is_named() -> None:
    assert unexplained("the e-mails in French", CLAUSES["s2"]) == ("french",)
    assert unexplained("the e-mail templates", CLAUSES["s2"]) == ()


def test_creep_is_unapproved_over_baseline_and_unknown_without_one() -> None:
    assert creep_percent(Decimal(6), Decimal(200)) == Decimal("3.00")
    assert creep_percent(Decimal(6), Decimal(0)) is None
    assert creep_percent(Decimal(6), None) is None


def test_small_asks_accumulate_until_they_pass_the_limit() -> None:
    small = [Decimal("1.5"), Decimal(2), Decimal("1.75"), Decimal(1)]
    assert passed_at(small, Decimal(5)) == 2
    assert passed_at(small, Decimal(7)) is None


@given(st.text(max_size=80), st.dictionaries(st.text("abc", min_size=1), st.text(max_size=60), max_size=4))
def test_scores_stay_between_nothing_and_one_and_do_not_depend_on_order(text: str, items: dict[str, str]) -> None:
    found = Clauses(items).match(text)
    assert all(0 < each.score <= 1 for each in found)
    assert found == Clauses(dict(reversed(items.items()))).match(text)
