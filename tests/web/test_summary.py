"""A call's page: items beside the words they come from, decided with plain forms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from lxml import html

from api.app import create_app
from store.clock import FixedClock
from store.embedded import Server
from store.ground import ground_at
from store.ids import ProjectId
from summarizer.commands import Around, receive
from summarizer.filed import SummaryState
from tests.api.office import NINE, Office, opened
from tests.databases import clone
from tests.summarizer.meeting import CARO, LINES, zoom
from web.app import mount
from web.options import ConsoleOptions

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"
SPOKEN = (*LINES, (CARO, f"I'll send you {HOSTILE} and the price list by Friday."))


@pytest.fixture(scope="module")
def office(server: Server, worker_id: str) -> Iterator[Office]:
    """A tenant with a call, behind an open console."""
    ground = ground_at(clone(server, f"calls_{worker_id}"), clock=FixedClock(NINE), may_be_unsafe=True)
    app = create_app(ground)
    with TestClient(app) as client:
        office = opened(ground, client, "calls")
        options = ConsoleOptions(secret=b"s" * 32, open_tenant_slug=office.tenant.slug, actor_name="Tester")
        mount(app, ground, options)
        yield office
    ground.close()


@pytest.fixture(scope="module")
def call(office: Office) -> SummaryState:
    summary = receive(
        office.ground.log,
        office.tenant.tenant_id,
        ProjectId(office.id("project", "P-1")),
        f"Kickoff {HOSTILE}",
        zoom(SPOKEN).replace(b"&lt;", b"<"),
        dt.date(2026, 9, 4),
        Around(),
        actor_id="test",
        now=NINE,
        appended_at=NINE,
    )
    office.think()
    return summary


def parsed(text: str) -> Any:
    return html.fromstring(text)


def seen(office: Office, path: str) -> Any:
    answer = office.client.get(path)
    assert answer.status_code == 200, answer.text[:2000]
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    return parsed(answer.text)


def press(office: Office, tree: Any, item_id: str, verb: str, **fields: str) -> Any:
    """Sends the item's form with this button, as a browser without JavaScript does."""
    (button, *_) = tree.xpath(f"//li[@id='item-{item_id}']//button[@value='{verb}']")
    (form,) = button.iterancestors("form")
    sent = {name: str(value) for name, value in form.form_values()} | fields | {"verb": verb}
    return office.client.post(form.get("action"), data=sent)


def actions(call: SummaryState) -> list[str]:
    return [entry.item_id for entry in call.items if entry.item.kind == "action_item"]


def test_the_project_leads_to_its_call(office: Office, call: SummaryState) -> None:
    tree = seen(office, f"/projects/{call.project_id}")
    (link,) = tree.xpath("//section[@aria-labelledby='calls']//a")
    assert link.get("href") == f"/summaries/{call.summary_id}"
    assert "Kickoff summary" in link.text_content()


def test_every_item_links_to_its_words_and_back(office: Office, call: SummaryState) -> None:
    tree = seen(office, f"/summaries/{call.summary_id}")
    assert len(tree.xpath("//ul[@class='found']/li")) == len(call.items)
    assert len(tree.xpath("//ol[@class='cues']/li")) == len(SPOKEN)
    anchors = set(tree.xpath("//@id"))
    links = tree.xpath("//main//a[starts-with(@href, '#')]/@href")
    assert {link[1:] for link in links} <= anchors
    for entry in call.items:
        for number in entry.item.cues:
            (line,) = tree.xpath(f"//li[@id='cue-{number}']")
            assert line.xpath(f".//a[@href='#item-{entry.item_id}']")
            assert tree.xpath(f"//li[@id='item-{entry.item_id}']//a[@href='#cue-{number}']")


def test_what_was_said_is_never_markup(office: Office, call: SummaryState) -> None:
    tree = seen(office, f"/summaries/{call.summary_id}")
    assert not tree.xpath("//script[not(@src)]")
    assert not tree.xpath("//img | //*[@onerror] | //*[@style]")
    assert HOSTILE in tree.xpath("//p[@class='sub']")[0].text_content()
    assert HOSTILE in tree.xpath("//ol[@class='cues']")[0].text_content()


def test_an_action_is_reworded_and_made_a_task(office: Office, call: SummaryState) -> None:
    path, item_id = f"/summaries/{call.summary_id}", actions(call)[0]
    press(office, seen(office, path), item_id, "edit", text="Bring the item master")
    answer = press(office, seen(office, path), item_id, "accept")
    assert answer.status_code == 200
    (shown,) = parsed(answer.text).xpath(f"//li[@id='item-{item_id}']")
    assert "Task made" in shown.text_content()
    assert "Bring the item master" in shown.text_content()
    assert not shown.xpath(".//form")
    project = office.ground.project(office.tenant.tenant_id, call.project_id)
    assert [task.name for task in project.tasks.values()].count("Bring the item master") == 1


def test_an_item_that_is_dropped_can_be_taken_up_again(office: Office, call: SummaryState) -> None:
    path, item_id = f"/summaries/{call.summary_id}", actions(call)[1]
    press(office, seen(office, path), item_id, "drop")
    tree = seen(office, path)
    (shown,) = tree.xpath(f"//li[@id='item-{item_id}']")
    assert shown.get("class") == "is-dropped"
    assert press(office, tree, item_id, "accept").status_code == 200


def test_a_second_acceptance_and_a_foreign_form_change_nothing(office: Office, call: SummaryState) -> None:
    path, item_id = f"/summaries/{call.summary_id}", actions(call)[2]
    tree = seen(office, path)
    press(office, tree, item_id, "accept")
    again = press(office, tree, item_id, "accept")
    assert again.status_code == 409
    assert "Not done." in again.text
    action = f"{path}/items/{actions(call)[3]}/decisions"
    assert office.client.post(action, data={"verb": "accept", "form_token": "made.up"}).status_code == 403


def test_there_is_a_page_for_a_summary_that_is_not_there(office: Office) -> None:
    assert office.client.get("/summaries/nothing").status_code == 404
