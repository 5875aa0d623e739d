"""Engagements over the API: their projects, and money for those who may see it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.api.office import Office


@pytest.fixture
def own(new_office: Callable[[], Office]) -> Office:
    return new_office()


def test_an_engagement_has_its_projects_and_their_money_together(own: Office) -> None:
    engagement_id = own.id("engagement", "D-1")
    (listed,) = own.get("/v1/engagements")["data"]
    assert (listed["id"], listed["name"], listed["project_ids"]) == (
        engagement_id,
        "Roll-out",
        [own.id("project", "P-1")],
    )
    found = own.get(f"/v1/engagements/{engagement_id}")
    assert [each["name"] for each in found["projects"]] == ["Rollout P-1"]
    money = found["money"]
    assert (money["total"]["currency"], money["total"]["cost"], money["missing"]) == ("EUR", "1200.00", [])
    assert money["by_currency"] == [money["total"]]


def test_another_currency_without_a_rate_is_not_added(own: Office) -> None:
    engagement_id = own.id("engagement", "D-1")
    made = own.record(
        "project.created.v1",
        {"name": "Overseas", "engagement_id": engagement_id, "currency": "USD", "fee": "100", "budget_hours": "1"},
        key="overseas-project",
    )
    assert made.status_code == 201, made.text
    own.ground.settle(own.tenant.tenant_id)
    money = own.get(f"/v1/engagements/{engagement_id}")["money"]
    assert money["total"]["fee"] is None
    assert "no exchange rate from USD to EUR by 2026-09-07" in money["missing"]
    assert {each["currency"] for each in money["by_currency"]} == {"EUR", "USD"}
    rate = {"from_currency": "USD", "to_currency": "EUR", "rate": "0.9", "valid_on": "2026-09-01"}
    assert own.record("exchange_rate.set.v1", rate, key="dollar-rate").status_code == 201
    own.ground.settle(own.tenant.tenant_id)
    assert own.get(f"/v1/engagements/{engagement_id}")["money"]["total"]["fee"] is not None


def test_money_of_an_engagement_is_money(own: Office) -> None:
    found = own.get(f"/v1/engagements/{own.id('engagement', 'D-1')}", role="member")
    assert (found["money"], found["arr"]) == (None, None)
    assert found["projects"]


def test_an_engagement_nobody_opened_is_not_there(own: Office) -> None:
    answer = own.call("GET", "/v1/engagements/none")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_engagement")
