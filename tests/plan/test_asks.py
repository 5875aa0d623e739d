"""What a customer's message asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plan.asks import read, sentences
from plan.scope import Clauses

CLAUSES = Clauses(
    {
        "sso": "Single sign-on against the customer's identity provider (one provider), up to 200 users.",
        "mails": "Configuration of 8 e-mail templates in one language.",
        "reports": "4 standard reports from the report library.",
    }
)


@pytest.mark.parametrize(
    "text",
    [
        "Hi Kim,\n\nCould you also build us a portal for our resellers?\n\nBest, Lee",
        "We need the payment provider connected as well.",
        "It would be great to have a chatbot on the page.",
        "Können Sie bitte zusätzlich einen Lasttest durchführen?",
        "¿Pueden además instalar la aplicación en los móviles?",
    ],
)
def test_a_request_for_something_nobody_sold_is_out_of_scope(text: str) -> None:
    reading = read(text, CLAUSES)
    assert (reading.kind, reading.clause_id) == ("out_of_scope_ask", None)


@pytest.mark.parametrize(
    ("text", "clause_id"),
    [
        ("Can you make the e-mails in French as well?", "mails"),
        ("Please connect a second identity provider for our subsidiary.", "sso"),
        ("Können Sie noch einen Bericht nach Regionen bauen?", "reports"),
    ],
)
def test_a_request_that_stretches_a_clause_is_out_of_scope_and_names_it(text: str, clause_id: str) -> None:
    reading = read(text, CLAUSES)
    assert (reading.kind, reading.clause_id, reading.is_stretch) == ("out_of_scope_ask", clause_id, True)


@pytest.mark.parametrize(
    "text",
    [
        "When will single sign-on be ready to try?",
        "As agreed, please set up the e-mail templates.",
        "Who is responsible for the standard reports?",
        "Was sollen wir vorbereiten für: die E-Mail-Vorlagen?",
        "Also, the standard reports are ready for you to review, please go ahead as agreed.",
    ],
)
def test_what_was_sold_may_be_asked_about(text: str) -> None:
    assert read(text, CLAUSES).kind == "in_scope_question"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Could you tell me where we stand?", "status_request"),
        ("Wo stehen wir im Moment?", "status_request"),
        ("I am away from Monday to Friday, please write to Jo.", "holiday"),
        ("Sorry for the silence, here it is.", "answer"),
        ("Thanks, have a good weekend!", "chit_chat"),
        ("My boss is asking.", "chit_chat"),
        ("", "chit_chat"),
    ],
)
def test_the_rest_is_no_ask(text: str, kind: str) -> None:
    assert read(text, CLAUSES).kind == kind


def test_an_ask_hidden_behind_thanks_is_found_and_quoted() -> None:
    reading = read("Hello,\n\nThank you! Could you also write a payment interface? No hurry.\n\nBest, Lee", CLAUSES)
    assert reading.quote == "Could you also write a payment interface?"


def test_greeting_and_signature_are_no_sentences() -> None:
    assert sentences("Dear Kim,\n\nAll fine.\n\nKind regards\nLee of Payments") == ["All fine."]


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    assert read(text, CLAUSES).kind
