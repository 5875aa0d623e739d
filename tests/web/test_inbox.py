"""The inbox without JavaScript: read, check, decide, undo; and what is said when the world moved on."""

import datetime as dt
from decimal import Decimal

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from store.clock import FixedClock
from store.events import AllocationBooked, AllocationReleased
from store.ground import Ground
from store.ids import AllocationId, PersonId, ProjectId
from tests.api.office import NINE, Office
from tests.web.desk import Visit, application, furnished, post, said, signed_in, visit
from web.options import ConsoleOptions


@pytest.fixture
def client(app: FastAPI, own_office: Office) -> TestClient:
    return signed_in(app, own_office)


def state(office: Office, alert_id: str) -> str:
    return str(office.get(f"/v1/alerts/{alert_id}")["state"])


def decisions(page: Visit) -> list[str]:
    return [said(item) for item in page.all("//section[starts-with(@aria-labelledby, 'history')]//li")]


def test_the_card_names_people_numbers_limits_and_evidence(client: TestClient, own_office: Office) -> None:
    page = visit(client, "/inbox")
    words = page.text
    assert "Over Example 6 h too many over 3 days" in words
    assert "Over Example (engineer) is booked 30 h against 24 h on 3 days 16–18 Sep" in words
    assert "Utilisation 125 % limit 100 %" in words
    assert "Over Example booked 6 h a day on Rollout P-1, 14–18 Sep" in words
    assert "Move" in words or "Give" in words
    assert len(page.all("//button[starts-with(normalize-space(), 'Approve')]")) >= 2
    assert page.all("//figure[@class='loads']//*[local-name()='svg' and @role='img']")
    assert "+2" in page.text


def test_a_figure_can_be_followed_to_its_event(client: TestClient, own_office: Office) -> None:
    event = visit(client, "/inbox").link("booked 6")
    assert event.answer.url.path.startswith("/events/")
    assert "allocation.booked.v1" in event.text
    assert "Over Example booked 6" in event.text
    assert "Rollout P-1" in event.link("Rollout P-1").text


def test_approving_carries_out_and_undo_takes_it_back(client: TestClient, own_office: Office) -> None:
    alert = own_office.alert()
    before = own_office.ground.people(own_office.tenant.tenant_id)
    done = visit(client, "/inbox").submit("Approve")
    assert done.answer.status_code == 200
    assert "Approved and carried out." in done.text
    assert "Nothing needs a decision" in done.text
    assert state(own_office, alert["id"]) == "done"
    assert own_office.ground.people(own_office.tenant.tenant_id) != before
    assert "It no longer holds now." in visit(client, f"/alerts/{alert['id']}?check=1").text
    undone = done.submit("Undo")
    assert "Undone: everything is as it was." in undone.text
    after = own_office.ground.people(own_office.tenant.tenant_id)
    assert {i: sorted(p.allocations) for i, p in after.items()} == {i: sorted(p.allocations) for i, p in before.items()}
    assert state(own_office, alert["id"]) == "open"
    assert [text.split()[0] for text in decisions(undone)] == ["Undone", "Approved"]


def test_undo_stays_on_the_decided_alert(client: TestClient, own_office: Office) -> None:
    alert = own_office.alert()
    visit(client, "/inbox").submit("Approve")
    page = visit(client, "/inbox?view=done")
    assert "Carried out:" in page.text
    page.submit("Undo")
    assert state(own_office, alert["id"]) == "open"


@pytest.mark.parametrize(("word", "reason"), [("Wrong", "wrong"), ("Not now", "not_now"), ("Duplicate", "duplicate")])
def test_rejecting_takes_a_reason(client: TestClient, own_office: Office, word: str, reason: str) -> None:
    alert = own_office.alert()
    visit(client, "/inbox").submit(word, note="Seen <b>before</b>")
    decided = own_office.get(f"/v1/alerts/{alert['id']}")
    assert decided["state"] == "rejected"
    assert decided["decisions"][0]["reason"] == reason
    page = visit(client, "/inbox?view=rejected")
    assert "Seen <b>before</b>" in page.text
    assert "<b>before" not in page.answer.text


def test_snoozing_takes_a_day(client: TestClient, own_office: Office) -> None:
    alert = own_office.alert()
    visit(client, "/inbox").submit("Tomorrow")
    assert own_office.get(f"/v1/alerts/{alert['id']}")["state"] == "snoozed"
    assert "asleep until Tue 8 Sep" in visit(client, "/inbox?view=snoozed").text


def test_a_snoozed_alert_comes_back_on_its_day(house: Ground) -> None:
    office = furnished(house, "web-sleeper")
    client = TestClient(application(house, ConsoleOptions(open_tenant_slug="web-sleeper")))
    visit(client, "/inbox").submit("Tomorrow").link("See the alert").submit(
        "Assign", assignee_id=office.id("person", "Same")
    )
    assert "Nothing needs a decision" in visit(client, "/inbox").text
    house.tenants.open("web-sleeper", frozen_at=NINE + dt.timedelta(days=1))
    page = visit(client, "/inbox")
    assert "Needs a decision 1" in page.text
    assert "back since Tue 8 Sep" in page.text
    assert "Snoozed 0" in page.text
    assert "Nothing here" in page.link("Snoozed").text
    page.submit("Approve")
    assert state(office, office.get("/v1/alerts?state=done")["data"][0]["id"]) == "done"


def test_assigning_takes_a_person(client: TestClient, own_office: Office) -> None:
    same = own_office.id("person", "Same")
    page = visit(client, "/inbox").submit("Assign", assignee_id=same)
    assert "assigned to Same Example" in page.text
    unknown = visit(client, "/inbox").submit("Assign", assignee_id="nobody")
    assert unknown.answer.status_code == 422
    assert "There is no such person." in unknown.text


@pytest.mark.parametrize(
    "fields",
    [
        {"verb": "snooze", "until_on": "soon"},
        {"verb": "snooze", "until_on": "2020-01-01"},
        {"verb": "reject"},
        {"verb": "reject", "reason": "boring"},
        {"verb": "explode"},
    ],
)
def test_half_a_decision_says_what_it_lacks(client: TestClient, own_office: Office, fields: dict[str, str]) -> None:
    alert = own_office.alert()
    token = visit(client, "/inbox").hidden("form_token")
    refused = post(client, f"/alerts/{alert['id']}/decisions", fields | {"form_token": token})
    assert refused.answer.status_code == 422
    assert "Not done." in refused.text
    assert state(own_office, alert["id"]) == "open"


def test_a_decision_on_what_changed_meanwhile_says_what_changed(client: TestClient, own_office: Office) -> None:
    seen = visit(client, "/inbox")
    person, project = PersonId(own_office.id("person", "Over")), ProjectId(own_office.id("project", "P-2"))
    own_office.tell(
        [
            AllocationBooked(
                allocation_id=AllocationId(own_office.id("allocation", "A-3")),
                person_id=person,
                project_id=project,
                role="engineer",
                starts_on=dt.date(2026, 9, 16),
                ends_on=dt.date(2026, 9, 18),
                hours_per_day=Decimal(1),
            )
        ]
    )
    own_office.think()
    refused = seen.submit("Approve")
    assert refused.answer.status_code in {409, 412}
    words = refused.text
    assert "Not done." in words
    assert "Hours over: 6 h then, 9 h now." in words
    assert "Over Example 9 h too many" in words


def test_an_alert_whose_days_have_passed_cannot_be_decided(house: Ground) -> None:
    office = furnished(house, "web-expired")
    path = f"/alerts/{office.alert()['id']}"
    client = TestClient(application(house, ConsoleOptions(open_tenant_slug="web-expired")))
    before = visit(client, path)
    house.tenants.open("web-expired", frozen_at=dt.datetime(2026, 9, 21, 9, tzinfo=dt.UTC))
    page = visit(client, path)
    assert "Its days have passed; nothing can be decided on it any more." in page.text
    assert not page.all("//button[starts-with(normalize-space(), 'Approve')]")
    refused = before.submit("Approve")
    assert refused.answer.status_code == 409
    assert "Not done. The alert expired" in refused.text


def test_an_alert_that_closed_itself_says_why(client: TestClient, own_office: Office) -> None:
    alert = own_office.alert()
    person, project = PersonId(own_office.id("person", "Over")), ProjectId(own_office.id("project", "P-2"))
    released = AllocationId(own_office.id("allocation", "A-2"))
    own_office.tell([AllocationReleased(allocation_id=released, person_id=person, project_id=project)])
    own_office.think()
    assert "Nothing needs a decision" in visit(client, "/inbox").text
    page = visit(client, f"/alerts/{alert['id']}")
    assert "Closed by itself" in page.text
    assert "the condition is gone" in page.text
    assert not page.all("//button[starts-with(normalize-space(), 'Approve')]")


def test_the_check_computes_every_number_again(client: TestClient, own_office: Office) -> None:
    page = visit(client, "/inbox").link("Compute every number again")
    assert "✓ Confirmed." in page.text
    assert "It holds now." in page.text
    rows = page.all("//section[starts-with(@aria-labelledby, 'check')]//tbody/tr")
    assert len(rows) >= 5
    assert all("✓ equal" in row.text_content() for row in rows)


def test_a_viewer_looks_but_does_not_decide(app: FastAPI, own_office: Office) -> None:
    client, alert = signed_in(app, own_office, "viewer"), own_office.alert()
    page = visit(client, "/inbox")
    assert "Your role may look but not decide." in page.text
    assert not page.all("//button[starts-with(normalize-space(), 'Approve')]")
    fields = {"verb": "reject", "reason": "wrong", "form_token": page.hidden("form_token")}
    assert post(client, f"/alerts/{alert['id']}/decisions", fields).answer.status_code == 403
    assert state(own_office, alert["id"]) == "open"


@pytest.mark.parametrize(("role", "is_seen"), [("manager", True), ("member", False), ("viewer", False)])
def test_margin_is_for_those_who_may_see_money(app: FastAPI, office: Office, role: str, *, is_seen: bool) -> None:
    page = visit(signed_in(app, office, role), "/inbox")  # type: ignore[arg-type]
    text = page.text
    assert ("EUR" in text) is is_seen
    assert ("for managers and finance" in text) is not is_seen


def test_the_open_page_learns_of_new_alerts_without_moving(client: TestClient) -> None:
    assert visit(client, "/inbox/news?seen=0").text == "1 new card: show"
    assert not client.get("/inbox/news?seen=1").text.strip()


def test_views_count_and_an_empty_one_says_so(client: TestClient, own_office: Office, clock: FixedClock) -> None:
    page = visit(client, "/inbox")
    assert [said(a) for a in page.all("//nav[@class='views']/a")] == [
        "Needs a decision 1",
        "Snoozed 0",
        "Done 0",
        "Rejected 0",
        "Closed by itself 0",
    ]
    assert "No alert is asleep." in page.link("Snoozed").text
    assert "Only Rollout P-1" in visit(client, f"/inbox?project={own_office.id('project', 'P-1')}").text
    assert clock.now() == NINE
