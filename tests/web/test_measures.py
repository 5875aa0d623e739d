"""Capacity and onboarding: what the pages show is what the API says, and nothing that nobody knows."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from store.events import ProjectCreated, TaskCreated
from store.ground import Ground
from store.ids import CustomerId, PersonId, ProjectId, TaskId
from tests.api.office import Office
from tests.web.desk import said, signed_in, visit
from web.drawing.trends import pieces, steps, trend

D = Decimal


def test_a_cell_says_how_full_and_opens_its_alert(manager: TestClient, office: Office) -> None:
    page = visit(manager, "/capacity")
    (row,) = [tr for tr in page.all("//table[contains(@class,'heat')]//tr") if "Over Example" in said(tr)]
    cells = [said(td) for td in row.xpath("./td")]
    assert cells[:3] == ["0 %", "▲ 105 % 6 h over", "50 %"]
    (link,) = row.xpath(".//td/a")
    assert link.get("href") == f"/alerts/{office.alert()['id']}"
    assert "over; open the alert" in link.get("aria-label")


def test_the_page_shows_the_figures_of_the_api(manager: TestClient, office: Office) -> None:
    whole = office.get("/v1/capacity")["total"]["total"]
    (row,) = visit(manager, "/capacity").all("//tr[contains(@class,'all')]")
    assert said(row).endswith(f"{round(D(whole['scheduled_utilisation']) * 100)} %")
    found = office.get("/v1/metrics")
    assert f"{found['projects']} projects known" in visit(manager, "/onboarding").text


def test_one_role_and_other_weeks_are_an_address(manager: TestClient) -> None:
    page = visit(manager, "/capacity?role=engineer&from=2026-09-21")
    assert "Over Example" in page.text
    assert page.link("Six weeks after").answer.status_code == 200
    assert "Nobody has this role in these weeks" in visit(manager, "/capacity?role=none").text
    assert visit(manager, "/capacity?from=nonsense", status=422).answer.status_code == 422


def test_what_is_not_known_is_said_and_never_nought(manager: TestClient) -> None:
    page = visit(manager, "/onboarding")
    for reason in ("No contract was signed", "No invitation to a portal", "too few finished"):
        assert reason in page.text
    (adoption,) = page.all("//section[h2='Portal adoption']//b")
    assert said(adoption) == "–"


def test_a_figure_opens_into_its_projects(app: FastAPI, own_office: Office) -> None:
    project = ProjectId(own_office.id("project", "P-9"))
    own_office.tell(
        [
            ProjectCreated(
                project_id=project,
                external_id="P-9",
                name="Late <b>example</b>",
                customer_id=CustomerId(own_office.id("customer", "C-1")),
                manager_id=PersonId(own_office.id("person", "Same")),
                contract_signed_on=dt.date(2026, 8, 3),
                baseline_go_live_on=dt.date(2026, 9, 1),
            ),
            TaskCreated(
                task_id=TaskId(own_office.id("task", "T-9")),
                external_id="T-9",
                project_id=project,
                name="Data",
                track="customer",
                due_on=dt.date(2026, 8, 28),
            ),
        ]
    )
    own_office.think()
    page = visit(signed_in(app, own_office), "/onboarding")
    assert "4 days of slip" in page.text
    assert "Waiting on the customer 4 days" in page.text
    assert page.link("Late <b>example</b>").answer.url.path == f"/projects/{project}"


@pytest.mark.parametrize("path", ["/capacity", "/onboarding"])
def test_an_empty_tenant_is_told_what_to_do(app: FastAPI, house: Ground, path: str) -> None:
    tenant = house.tenants.open("web-measures-empty")
    key = house.keyring.issue(tenant.tenant_id, "m", "viewer", now=house.clock.now())
    client = TestClient(app)
    visit(client, "/sign-in").submit("Sign in", key=key)
    assert visit(client, path).all("//section[@class='empty']")


def test_a_line_breaks_where_nothing_is_known() -> None:
    assert trend([D(1), None, D(2)]) is not None
    assert trend([None, D(1)]) is None
    drawn = trend([D(0), D(1), None, D(1), D("0.5")], top=1)
    assert drawn is not None
    assert (len(drawn.lines), len(drawn.dots)) == (2, 4)
    assert drawn.dots[0].height == 0


def test_steps_end_at_what_was_reached_and_parts_fill_the_bar() -> None:
    drawn = steps([(10, D("0.5")), (20, D("0.75"))], 10)
    assert drawn is not None
    assert drawn.median_x is not None
    assert steps([], None) is None
    parts = pieces({"a": 3, "b": 0, "c": 1})
    assert [(part.name, part.width) for part in parts] == [("a", 75.0), ("c", 25.0)]
