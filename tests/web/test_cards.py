"""A card of several causes without JavaScript: read, decided one by one or all at once, and edited."""

import datetime as dt
from decimal import Decimal

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from store.events import AllocationBooked, Fact, ProjectGoLiveCommitted
from store.ground import Ground
from store.ids import AllocationId, PersonId, ProjectId
from tests.api.office import Office
from tests.web.desk import Visit, application, furnished, post, said, signed_in, visit
from web.options import ConsoleOptions


def troubles(office: Office) -> list[Fact]:
    """A project whose promise moved three times, and on which alone somebody is booked too much."""
    project, same = ProjectId(office.id("project", "P-1")), PersonId(office.id("person", "Same"))
    booked: list[Fact] = [
        AllocationBooked(
            allocation_id=AllocationId(office.id("allocation", name)),
            person_id=same,
            project_id=project,
            role="engineer",
            starts_on=dt.date(2026, 9, 21),
            ends_on=dt.date(2026, 9, 22),
            hours_per_day=Decimal(5),
        )
        for name in ("B-1", "B-2")
    ]
    moved = [
        ProjectGoLiveCommitted(project_id=project, committed_go_live_on=dt.date(2026, 10, day)) for day in (1, 5, 9, 14)
    ]
    return [*booked, *moved]


@pytest.fixture
def troubled(own_office: Office) -> Office:
    own_office.tell(troubles(own_office))
    own_office.think()
    return own_office


@pytest.fixture
def client(app: FastAPI, troubled: Office) -> TestClient:
    return signed_in(app, troubled)


def card_id(office: Office) -> str:
    return f"project:{office.id('project', 'P-1')}"


def the_card(client: TestClient, office: Office, view: str = "open") -> Visit:
    return visit(client, f"/inbox?view={view}&sel={card_id(office)}")


def causes(office: Office) -> list[str]:
    """The ids of the alerts on the project's card."""
    (found,) = (card for card in office.get("/v1/cards")["data"] if card["id"] == card_id(office))
    return [cause["alert_id"] for cause in found["causes"]]


def states(office: Office, ids: list[str]) -> set[str]:
    return {office.get(f"/v1/alerts/{alert_id}")["state"] for alert_id in ids}


def test_a_project_is_one_card_with_its_causes_inside(client: TestClient, troubled: Office) -> None:
    page = the_card(client, troubled)
    assert said(page.all("//h2[@id='claim']")[0]).startswith("Rollout P-1 ")
    lines = [said(summary) for summary in page.all("//details[starts-with(@id, 'cause-')]/summary")]
    assert len(lines) == len(causes(troubled)) >= 2
    assert any(line.startswith("Go-live moved 3 times") for line in lines)
    assert all(len(line) <= 80 for line in lines)
    assert not any("P-1" in said(what) for what in page.all("//span[@class='what']"))
    assert len(page.all("//ol[@class='briefs']/li")) == len(troubled.get("/v1/cards")["data"])
    assert len(set(page.tree.xpath("//@id"))) == len(page.tree.xpath("//@id"))


def test_all_causes_are_snoozed_or_rejected_at_once(client: TestClient, troubled: Office) -> None:
    ids = causes(troubled)
    snoozed = the_card(client, troubled).submit("Tomorrow")
    assert f"Snoozed. All {len(ids)} causes of the card." in snoozed.text
    assert states(troubled, ids) == {"snoozed"}
    the_card(client, troubled, "snoozed").submit("Known", note="Seen before")
    assert states(troubled, ids) == {"rejected"}
    assert {troubled.get(f"/v1/alerts/{i}")["decisions"][-1]["note"] for i in ids} == {"Seen before"}


def test_a_card_is_escalated_once_and_says_that_it_cannot_be_unsent(client: TestClient, troubled: Office) -> None:
    ids = causes(troubled)
    page = the_card(client, troubled).submit("Escalate", note="Please help")
    assert "Undo" not in [said(button) for button in page.all("//div[@role='status']//button")]
    verbs = [troubled.get(f"/v1/alerts/{i}")["decisions"][-1]["verb"] for i in ids]
    assert set(verbs) <= {"approve", "escalate"}
    assert verbs.count("approve") <= 1


@pytest.mark.parametrize(("day", "words"), [(11, ["Monday", "In a week"]), (9, ["Tomorrow", "Monday", "In a week"])])
def test_only_working_days_are_offered_for_a_snooze(house: Ground, day: int, words: list[str]) -> None:
    slug = f"web-snooze-{day}"
    furnished(house, slug, frozen_at=dt.datetime(2026, 9, day, 9, tzinfo=dt.UTC))
    page = visit(TestClient(application(house, ConsoleOptions(open_tenant_slug=slug))), "/inbox")
    offered = page.all("//button[@name='until_on']")
    assert [said(button).rsplit(" ", 3)[0] for button in offered] == words


def test_a_card_is_assigned_and_stays_open(client: TestClient, troubled: Office) -> None:
    same = troubled.id("person", "Same")
    page = the_card(client, troubled).submit("Assign", assignee_id=same)
    assert "Assigned." in page.text
    assert states(troubled, causes(troubled)) == {"open"}
    assert "assigned to Same Example" in the_card(client, troubled).text


def test_nothing_is_carried_out_for_a_whole_card_unseen(client: TestClient, troubled: Office) -> None:
    page = the_card(client, troubled)
    fields: dict[str, str | list[str]] = {
        "verb": "approve",
        "alerts": causes(troubled),
        "form_token": page.hidden("form_token"),
    }
    refused = post(client, "/cards/decisions", fields)
    assert refused.answer.status_code == 422
    assert (
        post(
            client, "/cards/decisions", {**fields, "verb": "reject", "reason": "wrong", "form_token": "x"}
        ).answer.status_code
        == 403
    )
    assert states(troubled, causes(troubled)) == {"open"}


def test_a_note_is_kept_and_the_alert_stays_open(client: TestClient, troubled: Office) -> None:
    (first, *_others) = causes(troubled)
    page = visit(client, f"/alerts/{first}").submit("Keep the note", note="They call back on Monday")
    assert "Noted." in page.text
    assert "They call back on Monday" in page.text
    assert states(troubled, [first]) == {"open"}


def test_a_proposal_is_edited_and_computed_anew(client: TestClient, troubled: Office) -> None:
    (alert,) = (
        a for a in troubled.get("/v1/alerts")["data"] if a["kind"] == "over_allocation" and a["other_project_ids"]
    )
    page = visit(client, f"/alerts/{alert['id']}")
    nothing = page.submit("Compute anew")
    assert nothing.answer.status_code == 422
    assert "An edit changes some of" in nothing.text
    first = next(p for p in alert["proposals"] if p["action"] in {"reschedule", "split"})
    form = next(
        f
        for f in page.tree.forms
        if first["proposal_id"] in f.xpath(".//input[@name='proposal_id']/@value")
        and f.xpath(".//button[contains(., 'anew')]")
    )
    values = {name: str(value) for name, value in form.form_values()}
    edited = post(client, form.get("action"), {**values, "arg.to_starts_on": "2026-10-05"})
    assert "Edited." in edited.text
    now = troubled.get(f"/v1/alerts/{alert['id']}")
    assert now["state"] == "open"
    assert now["proposals"][0]["args"]["to_starts_on"] == "2026-10-05"


def test_an_old_address_of_an_alert_finds_its_card(client: TestClient, troubled: Office) -> None:
    ids = causes(troubled)
    page = visit(client, f"/inbox?sel={ids[-1]}")
    assert "Rollout P-1" in said(page.all("//h2[@id='claim']")[0])
    assert page.all("//details[starts-with(@id, 'cause-') and @open]")
