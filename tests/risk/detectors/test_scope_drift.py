"""Scope drift: asks and tasks beyond the clauses, once they add up; what was approved is no drift."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec

from risk.detectors.scope_drift import detect, ledger
from risk.detectors.view import ProjectView
from store.projections.projects.state import ChangeRequest, Message, ScopeItem, Task
from tests.risk.detectors.staging import CONTACT, MANAGER, at, figures, on, said, task, view

CLAUSES = {
    "c1": "Single sign-on against the customer's identity provider.",
    "c2": "Configuration of 8 e-mail templates in one language.",
}
NEW, STRETCH = "Could you also build us a load test?", "Can you make the e-mails in French as well?"
QUESTION = "When will single sign-on be ready?"


def _view(texts: dict[str, str], *tasks: Task, day: int = 20, by: str = CONTACT, **more: Any) -> ProjectView:
    messages = [said(number, by, name=name) for number, name in enumerate(texts)]
    items = {key: ScopeItem(scope_item_id=key, external_id=key, text=text, hours=None) for key, text in CLAUSES.items()}
    fields = {"budget_hours": Decimal(100), "scope_items": items, "messages": messages, **more}
    return view(*tasks, day=day, texts=texts, **fields)


def _request(day: int, hours: str, decision: str, covers: tuple[str, ...] = ()) -> ChangeRequest:
    return ChangeRequest(
        change_request_id=f"cr-{day}",
        at=at(day),
        hours=Decimal(hours),
        amount=None,
        currency="EUR",
        decision=decision,
        covers=covers,
        event_id=f"event-cr-{day}",
    )


def _asked(count: int) -> dict[str, str]:
    return {f"m{number}": NEW for number in range(count)}


def _extra(name: str, hours: str, day: int = 5) -> Task:
    made = task("x", "internal", owner=MANAGER)
    return msgspec.structs.replace(made, name=name, effort_hours=Decimal(hours), created_at=at(day))


def test_small_asks_are_found_once_they_add_up() -> None:
    assert detect(_view(_asked(2))) == []
    (finding,) = detect(_view(_asked(3)))
    assert figures(finding) == {
        "unapproved_hours": 6,
        "creep_percent": 6,
        "unapproved_items": 3,
        "estimated_hours": 6,
    }
    assert finding.subject_ids == ("project-1", "m0", "m1", "m2")
    assert finding.evidence == ("event-m0", "event-m1", "event-m2")


def test_no_word_of_a_message_is_in_the_finding() -> None:
    (finding,) = detect(_view(_asked(3)))
    assert "load" not in str(msgspec.to_builtins(finding))


def test_an_ask_that_stretches_a_clause_names_it() -> None:
    entries = ledger(_view({"m": STRETCH, "n": NEW, "q": QUESTION}))
    assert [(entry.subject_id, entry.clause_id) for entry in entries] == [("m", "c2"), ("n", None)]


def test_what_we_write_ourselves_is_no_ask() -> None:
    assert ledger(_view(_asked(3), by=MANAGER)) == []


def test_a_change_request_tells_the_hours_and_what_became_of_the_ask() -> None:
    requests = {r.change_request_id: r for r in (_request(1, "5", "accepted"), _request(3, "7", "absorbed"))}
    entries = ledger(_view(_asked(3), change_requests=requests))
    assert [(e.hours, e.decision, e.is_estimated) for e in entries] == [
        (Decimal(6), "open", True),
        (Decimal(5), "accepted", False),
        (Decimal(7), "absorbed", False),
    ]


def test_what_was_accepted_or_refused_is_no_drift_and_what_was_absorbed_is() -> None:
    for decision, is_drift in (("accepted", False), ("rejected", False), ("pending", False), ("absorbed", True)):
        found = detect(_view({}, change_requests={"cr": _request(1, "9", decision)}))
        assert bool(found) is is_drift


def test_a_change_request_covers_the_asks_it_names_until_it_is_withdrawn() -> None:
    covering = _request(9, "6", "pending", ("m0", "m1", "m2"))
    assert detect(_view(_asked(3), change_requests={"cr": covering})) == []
    withdrawn = msgspec.structs.replace(covering, decision="withdrawn")
    assert detect(_view(_asked(3), change_requests={"cr": withdrawn}))


def test_a_task_beyond_plan_and_clauses_counts_with_its_hours() -> None:
    (finding,) = detect(_view({}, _extra("Portal for resellers", "8")))
    assert figures(finding)["unapproved_hours"] == 8
    assert detect(_view({}, _extra("E-mail templates, last two", "8"))) == []
    assert detect(_view({}, _extra("Portal for resellers", "8", day=-29))) == []


def test_doing_a_planned_task_again_is_an_overrun_and_not_scope() -> None:
    planned = msgspec.structs.replace(task("p", "internal", owner=MANAGER), name="Internal trial")
    assert detect(_view({}, planned, _extra("Rework after: internal trial", "8"))) == []


def test_without_clauses_or_texts_nothing_is_made_up() -> None:
    assert detect(_view(_asked(9), scope_items={})) == []
    blind = _view(_asked(9))
    assert detect(ProjectView(blind.project, blind.tenant, {}, blind.now, blind.as_of)) == []


def test_what_comes_later_is_not_known_yet() -> None:
    later: list[Message] = [said(30, name="m9")]
    assert ledger(_view({}, messages=later, day=20)) == []
    assert detect(_view(_asked(3)))[0].first_on == on(0)
