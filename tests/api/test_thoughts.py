"""What is thought of a project beside its score: the same in the list, on the project and with the score."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.api.office import Office


@pytest.fixture
def path(office: Office) -> str:
    return f"/v1/projects/{office.id('project', 'P-1')}"


def test_the_list_the_project_and_the_score_say_the_same(office: Office, path: str) -> None:
    (line,) = [row for row in office.get("/v1/projects")["data"] if path.endswith(row["id"])]
    whole, score = office.get(path), office.get(f"{path}/risk")
    for name in ("go_live_range", "margin", "waiting_on"):
        assert line[name] == whole[name] == score[name]
    assert line["go_live_range"] == {"p50_on": None, "p80_on": None, "projects": 0, "reason": "too_few_projects"}


def test_a_margin_is_for_those_who_may_see_money(office: Office, path: str) -> None:
    seen = office.get(path, role="finance")["margin"]
    assert seen["sold"] is None
    assert Decimal(seen["forecast"]) == round(1 - Decimal(seen["eac"]["amount"]) / 11000, 4)
    for role in ("viewer", "member"):
        assert office.get(path, role=role)["margin"] is None
        assert office.get(f"{path}/risk", role=role)["margin"] is None
        assert office.get(f"{path}/risk/history", role=role)["data"][0]["margin"] is None
        assert all(row["margin"] is None for row in office.get("/v1/projects", role=role)["data"])


@pytest.mark.parametrize("sort", ["margin", "stake"])
def test_an_order_by_money_is_refused_to_those_who_may_not_see_it(office: Office, sort: str) -> None:
    assert office.call("GET", f"/v1/projects?sort={sort}", role="finance").status_code == 200
    refused = office.call("GET", f"/v1/projects?sort={sort}", role="viewer")
    assert (refused.status_code, refused.json()["code"]) == (403, "role_too_low")


def test_the_past_has_the_margins_of_then(office: Office, path: str) -> None:
    then = office.get(f"{path}?as_of=2026-09-07")
    assert then["margin"] == office.get(path)["margin"]
