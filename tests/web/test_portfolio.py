"""The portfolio: what it lists, finds, counts, and says when there is nothing."""

import datetime as dt
from decimal import Decimal

import msgspec
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from risk.assessment import Score
from risk.commands import Outlook, Thought
from risk.margins import Margins
from store.clock import FixedClock
from store.events import ProjectCreated, ProjectManagerChanged, ProjectStatusChanged
from store.ground import Ground
from store.ids import PersonId, ProjectId
from store.projections.projects.rows import Assessment, save_assessments
from tests.api.office import NINE, Office
from tests.web.desk import Visit, application, furnished, said, signed_in, visit
from web.options import ConsoleOptions


def names(page: Visit) -> list[str]:
    return [link.text_content() for link in page.all("//td//a[starts-with(@href, '/projects/')]")]


def test_a_line_says_who_when_how_far_and_what_waits(manager: TestClient, office: Office) -> None:
    page = visit(manager, "/")
    line = next(row for row in page.all("//tbody/tr") if "Hostile" in row.text_content())
    words = said(line)
    assert "late prior" in words
    assert "Fri 11 Sep" in words
    assert "Setup" in words
    assert "0/1" in words
    assert "Same Example" in words
    assert len(names(page)) == 3
    assert office.tenant.name in page.text


def test_the_riskiest_stands_first_with_probability_and_leeway(app: FastAPI, own_office: Office) -> None:
    tenant_id = own_office.tenant.tenant_id
    thoughts = [
        Assessment(
            project_id=own_office.id("project", name),
            as_of=NINE,
            position=1,
            model_hash="m",
            probability=probability,
            level=level,
            leeway_days=days,
            forecast_on=dt.date(2026, 11, 12),
            body=b"{}",
        )
        for name, probability, level, days in (("P-1", 0.2, "low", 4), ("P-2", 0.83, "high", -9))
    ]
    with own_office.ground.database.tx(tenant_id) as connection:
        save_assessments(connection, tenant_id, thoughts)
    client = signed_in(app, own_office)
    page = visit(client, "/")
    assert [name[:11] for name in names(page)] == ["Rollout P-2", "Hostile <sc", "Rollout P-1"]
    first = said(page.all("//tbody/tr")[0])
    assert "▲ High" in first
    assert "83 %" in first
    assert "−9 d" in first
    assert names(visit(client, "/?level=low")) == ["Rollout P-1"]
    assert names(visit(client, "/?sort=name"))[-1] == "Rollout P-2"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=rollout+p-1", ["Rollout P-1"]),
        ("q=example+logistics", ["Rollout P-1", "Rollout P-2"]),
        ("q=%25", []),
        ("status=live", []),
        ("status=all&sort=go_live", ["Hostile", "Rollout P-1", "Rollout P-2"]),
        ("level=high", ["Hostile"]),
        ("level=low", []),
        ("sort=nonsense&level=nonsense&status=nonsense", ["Rollout P-1", "Rollout P-2", "Hostile"]),
    ],
)
def test_filters_are_addresses(manager: TestClient, query: str, found: list[str]) -> None:
    page = visit(manager, f"/?{query}")
    assert sorted(name.partition(" <")[0] for name in names(page)) == sorted(found)
    if not found:
        assert "No project fits" in page.text


def test_a_manager_is_a_filter_with_a_count(manager: TestClient, office: Office) -> None:
    page = visit(manager, "/")
    (choice,) = [o for o in page.all("//select[@name='manager']/option") if "Over Example" in o.text_content()]
    assert choice.text_content() == "Over Example (2)"
    assert len(names(visit(manager, f"/?manager={choice.get('value')}"))) == 2


def test_an_empty_tenant_is_told_how_to_begin(house: Ground) -> None:
    house.tenants.open("web-empty")
    client = TestClient(application(house, ConsoleOptions(open_tenant_slug="web-empty")))
    page = visit(client, "/")
    assert "No projects yet" in page.text
    assert "leeway import FOLDER" in page.text
    assert "Nothing needs a decision" in visit(client, "/inbox").text


def test_when_none_runs_the_others_are_one_click_away(house: Ground, app: FastAPI, own_office: Office) -> None:
    own_office.tell(
        ProjectStatusChanged(project_id=ProjectId(own_office.id("project", name)), status="live")
        for name in ("P-1", "P-2", "P-3")
    )
    own_office.think()
    client = signed_in(app, own_office)
    page = visit(client, "/")
    assert "No project fits" in page.text
    assert len(names(page.link("3 projects of any status"))) == 3


def test_many_projects_come_page_by_page_without_gap_or_repeat(app: FastAPI, own_office: Office) -> None:
    facts = [
        ProjectCreated(project_id=ProjectId(own_office.id("project", f"N-{n}")), external_id=f"N-{n}", name=f"N {n:02}")
        for n in range(30)
    ]
    over = PersonId(own_office.id("person", "Over"))
    own_office.tell([*facts, ProjectManagerChanged(project_id=facts[0].project_id, manager_id=over)])
    own_office.think()
    client = signed_in(app, own_office)
    first = visit(client, "/?sort=name")
    second = first.link("Next")
    listed = [*names(first), *names(second)]
    assert len(listed) == len(set(listed)) == 33
    assert listed == sorted(listed)
    assert "First page" in second.text


def test_a_recorded_history_says_that_it_stands_still(house: Ground, clock: FixedClock) -> None:
    furnished(house, "web-frozen", frozen_at=clock.now())
    client = TestClient(application(house, ConsoleOptions(open_tenant_slug="web-frozen", actor_name="Guest")))
    page = visit(client, "/")
    assert "Recorded history" in page.text
    assert "Monday 7 September 2026" in page.text
    assert "Guest, no key asked" in page.text


def test_money_stays_out_of_the_portfolio(manager: TestClient) -> None:
    assert str(Decimal(12000)) not in visit(manager, "/").answer.text


def thoughts(office: Office) -> None:
    """P-1 loses more points of margin than P-2, on less money; the other knows no range."""
    losses = {"P-1": ("-0.20", "2400"), "P-2": ("-0.10", "3000")}
    found = []
    for name, (lost, stake) in losses.items():
        money = Margins(
            currency="EUR",
            sold=Decimal("0.48"),
            forecast=Decimal("0.48") + Decimal(lost),
            floor=Decimal("0.3"),
            points=Decimal(lost) * 100,
            stake=Decimal(stake),
            stake_home=Decimal(stake),
        )
        known = Outlook(
            forecast_on=dt.date(2026, 11, 12), p50_on=dt.date(2026, 11, 13), p80_on=dt.date(2026, 12, 2), projects=20
        )
        project_id = office.id("project", name)
        score = Score(project_id=project_id, as_of=NINE, level="high", probability=0.8)
        found.append(
            Assessment(
                project_id=project_id,
                as_of=NINE,
                position=1,
                model_hash="m",
                probability=0.8,
                level="high",
                leeway_days=-9,
                forecast_on=dt.date(2026, 11, 12),
                body=msgspec.json.encode(Thought(score=score, outlook=known, features={}, money=money)),
            )
        )
    with office.ground.database.tx(office.tenant.tenant_id) as connection:
        save_assessments(connection, office.tenant.tenant_id, found)


def test_a_line_has_the_range_and_the_margin_and_the_head_their_sums(app: FastAPI, own_office: Office) -> None:
    thoughts(own_office)
    page = visit(signed_in(app, own_office), "/?sort=name")
    line = next(said(row) for row in page.all("//tbody/tr") if "Rollout P-1" in said(row))
    assert "13 Nov – 2 Dec" in line
    assert "28.0 % of 48.0 %" in line
    assert "▼ below floor 30.0 %" in line
    assert "2,400 EUR at stake" in line
    cells = [said(cell).replace("−", "-").removesuffix(" d") for cell in page.all("//td[@data-label='Leeway']")]
    late = [-int(cell) for cell in cells if cell.startswith("-")]
    assert f"{len(late)} late by the plan, {sum(late)} working days together 5,400 EUR of margin at stake" in page.text


def test_money_sorts_by_points_or_by_amount_and_only_for_those_who_see_it(app: FastAPI, own_office: Office) -> None:
    thoughts(own_office)
    manager = signed_in(app, own_office)
    assert [name[:11] for name in names(visit(manager, "/?sort=margin"))][:2] == ["Rollout P-1", "Rollout P-2"]
    assert [name[:11] for name in names(visit(manager, "/?sort=stake"))][:2] == ["Rollout P-2", "Rollout P-1"]
    member = visit(signed_in(app, own_office, "member"), "/?sort=stake")
    assert names(member) == names(visit(manager, "/?sort=risk"))
    assert "at stake" not in member.text
    assert not member.all("//option[@value='stake']")
    assert "Margin" not in member.text


def test_a_project_without_a_range_says_why(manager: TestClient) -> None:
    reasons = visit(manager, "/").all("//b[@class='when']/@title")
    assert any("too few projects" in reason for reason in reasons)
