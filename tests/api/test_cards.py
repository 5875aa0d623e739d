"""Cards over the API: one per subject, by view, without money for those who may not see it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from store.access import Role
from tests.api.office import Office


@pytest.fixture
def own(new_office: Callable[[], Office]) -> Office:
    return new_office()


def test_a_person_booked_across_projects_is_one_card_with_its_alert_as_cause(own: Office) -> None:
    alert = own.alert()
    page = own.get("/v1/cards")
    (card,) = page["data"]
    assert page["next_cursor"] is None
    assert card["id"] == f"person:{own.id('person', 'Over')}"
    assert card["subject"]["name"] == "Over Example"
    assert card["headline"] == "6 h too many over 3 days"
    assert [cause["alert_id"] for cause in card["causes"]] == [alert["id"]]
    assert card["project_ids"] == [alert["project_id"], *alert["other_project_ids"]]
    assert card["ways_out"] == sum(proposal["is_feasible"] for proposal in alert["proposals"])


def test_a_decided_alert_moves_its_card_to_another_view(own: Office) -> None:
    alert = own.alert()
    own.decide(alert["id"], verb="snooze", until_on="2026-09-10")
    assert own.get("/v1/cards")["data"] == []
    assert own.get("/v1/cards?state=snoozed")["data"][0]["state"] == "snoozed"
    own.decide(alert["id"], verb="reject", reason="known")
    assert own.get("/v1/cards?state=snoozed")["data"] == []
    (card,) = own.get("/v1/cards?state=rejected")["data"]
    assert card["causes"][0]["alert_id"] == alert["id"]


def test_cards_are_filtered_by_project_and_paged(own: Office) -> None:
    named = own.get(f"/v1/cards?project_id={own.id('project', 'P-2')}")["data"]
    assert len(named) == 1
    assert own.get(f"/v1/cards?project_id={own.id('project', 'P-9')}")["data"] == []
    assert own.get("/v1/cards?limit=1")["next_cursor"] is None
    assert own.get("/v1/cards?limit=1&cursor=1")["data"] == []


@pytest.mark.parametrize("query", ["state=asleep", "cursor=yesterday", "limit=0", "project_id=%00"])
def test_bad_questions_are_refused_with_what_was_expected(own: Office, query: str) -> None:
    refused = own.call("GET", f"/v1/cards?{query}")
    assert refused.status_code == 422
    assert refused.json()["remedy"]


@pytest.mark.parametrize("role", ["viewer", "member"])
def test_no_card_tells_of_money_to_those_who_may_not_see_it(own: Office, role: Role) -> None:
    (seen,), (told,) = own.get("/v1/cards", role=role)["data"], own.get("/v1/cards")["data"]
    assert seen["money_at_stake"] is None
    assert (seen["id"], seen["severity"]) == (told["id"], told["severity"])
    assert "EUR" not in str(seen)
