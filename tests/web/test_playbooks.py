"""Playbook pages: the list, one of them, a project started with plain forms, and the project beside it."""

from __future__ import annotations

import datetime as dt

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from plan.playbook.commands import Caller, publish, retire
from plan.playbook.reading import PlaybookDraft, draft_of
from store.events import ProjectStageChanged, TaskStatusChanged
from store.ids import ProjectId, TaskId
from tests.api.office import NINE, Office
from tests.plan.playbook.templates import SHIPPED, drafted, shipped, small, with_stage
from tests.web.desk import HOSTILE, Visit, post, said, signed_in, visit

CALLER = Caller("tester", NINE, NINE)


def publishing(office: Office, *drafts: PlaybookDraft) -> None:
    for draft in drafts:
        publish(office.ground.log, office.tenant.tenant_id, draft, CALLER)
    office.ground.settle(office.tenant.tenant_id)


@pytest.fixture
def desk(app: FastAPI, own_office: Office) -> TestClient:
    """A manager's browser over a tenant with one small playbook."""
    publishing(own_office, draft_of(with_stage("kickoff", exit=[{"task": "meet"}])))
    return signed_in(app, own_office)


def begin(desk: TestClient, **fields: str) -> Visit:
    """The form filled in, previewed and sent."""
    previewed = visit(desk, "/playbooks/small").link("Start a project").answer
    token = Visit(desk, previewed)
    assert token.all("//input[@name='contract_signed_on']")[0].get("value") == "2026-09-07"
    filled = {"name": "Example onboarding", "contract_signed_on": "2026-09-07", "answer_sso": "no"} | fields
    page = desk.get("/playbooks/small/start", params=filled)
    return Visit(desk, page).submit("Start this project")


def test_without_playbooks_the_page_says_how_to_bring_one_in(app: FastAPI, neighbour: Office) -> None:
    page = visit(signed_in(app, neighbour), "/playbooks")
    assert "No playbooks yet" in page.text
    assert "leeway playbook publish" in page.text


def test_a_playbook_shows_its_stages_tracks_modules_and_versions(app: FastAPI, own_office: Office) -> None:
    publishing(own_office, *(shipped(path) for path in SHIPPED))
    publishing(own_office, drafted(), draft_of(small(summary="Second words")))
    browser = signed_in(app, own_office)
    listed = visit(browser, "/playbooks")
    assert len(listed.all("//article")) == 4
    for path in SHIPPED:
        page = visit(browser, f"/playbooks/{path.stem}")
        assert len(page.all("//table[@class='stages']/tbody/tr")) == 8
        assert len(page.all("//div[@class='module']")) == 3
        assert "Gate" in page.text
    assert "Version 2 of 2" in visit(browser, "/playbooks/small").text
    older = visit(browser, "/playbooks/small?version=1")
    assert "An earlier version" in older.text
    assert "Second words" not in older.text
    visit(browser, "/playbooks/small?version=9", status=404)
    visit(browser, "/playbooks/nothing", status=404)


def test_a_start_is_previewed_then_done_and_shown(desk: TestClient) -> None:
    page = desk.get(
        "/playbooks/small/start",
        params={"name": "Example", "contract_signed_on": "2026-09-07", "answer_sso": "yes", "deal": "D-7"},
    )
    preview = Visit(desk, page)
    assert "What it comes to" in preview.text
    assert "11,500 EUR" in preview.text.replace("\u00a0", " ")
    assert "no rate for Lead" in preview.text
    project = preview.submit("Start this project")
    assert project.answer.status_code == 200
    assert "Connect" in project.text
    assert "Held before" not in project.text
    assert "0 of 8 steps done" in project.text
    followers = visit(desk, "/playbooks/small")
    assert "Example" in followers.text
    assert "0 of 8 done" in followers.text
    again = preview.submit("Start this project")
    assert again.answer.url == project.answer.url


def test_pressing_start_twice_makes_one_project(desk: TestClient) -> None:
    page = Visit(desk, desk.get("/playbooks/small/start", params={"name": "Twice", "contract_signed_on": "2026-09-07"}))
    assert page.submit("Start this project").answer.url == page.submit("Start this project").answer.url


def test_what_cannot_be_is_said_on_the_form(desk: TestClient) -> None:
    page = desk.get(
        "/playbooks/small/start", params={"name": "X", "contract_signed_on": "2026-09-07", "kickoff_on": "2026-09-01"}
    )
    assert page.status_code == 422
    assert "is before contract_signed_on" in Visit(desk, page).text
    bad = desk.get("/playbooks/small/start", params={"name": "X", "contract_signed_on": "soon"})
    assert (bad.status_code, "Not possible like this" in Visit(desk, bad).text) == (422, True)


def test_a_held_project_says_what_is_missing(desk: TestClient, own_office: Office) -> None:
    page = begin(desk)
    project_id = str(page.answer.url).rsplit("/", 1)[1]
    state = own_office.ground.project(own_office.tenant.tenant_id, project_id)
    agree = next(task for task in state.tasks.values() if task.playbook_task == "agree")
    own_office.tell([TaskStatusChanged(task_id=TaskId(agree.task_id), project_id=ProjectId(project_id), status="done")])
    own_office.tell([ProjectStageChanged(project_id=ProjectId(project_id), stage="kickoff")])
    own_office.think()
    shown = visit(desk, f"/projects/{project_id}")
    assert "Held before setup" in shown.text
    assert "“Meet” is done" in shown.text
    assert "Out of order: 1" in shown.text
    assert "went ahead of Build" in shown.text


def test_a_stage_is_entered_from_the_page_and_overridden_with_a_reason(desk: TestClient) -> None:
    page = begin(desk)
    for stage in ("handoff", "intake", "kickoff"):
        page = page.submit(f"Enter {stage}")
    assert "Held before setup" in page.text
    assert not [b for b in page.all("//button") if said(b) == "Enter setup"]
    entered = page.submit("Override and enter setup", reason="The customer is in a hurry")
    assert "Nothing holds it before validation" in entered.text
    again = page.submit("Override and enter setup", reason="The customer is in a hurry")
    assert again.answer.status_code == 200
    gone = page.submit("Override and enter setup", stage="limbo", key="other", reason="So")
    assert (gone.answer.status_code, "Not done." in gone.text) == (422, True)


def test_roles_see_and_do_what_they_may(app: FastAPI, own_office: Office) -> None:
    publishing(own_office, drafted())
    viewer = signed_in(app, own_office, "viewer")
    page = visit(viewer, "/playbooks/small")
    assert "10 000" not in page.text.replace("\u00a0", " ")
    assert "Start a project" not in page.text
    fields = {"contract_signed_on": "2026-09-07", "name": "X"}
    assert "Margin" not in Visit(viewer, viewer.get("/playbooks/small/start", params=fields)).text
    assert post(viewer, "/playbooks/small/start", fields).answer.status_code == 403
    manager = signed_in(app, own_office)
    assert post(manager, "/playbooks/small/start", fields).answer.status_code == 403, "no form of ours"


def test_a_retired_playbook_starts_nothing(app: FastAPI, own_office: Office) -> None:
    publishing(own_office, drafted())
    retire(own_office.ground.log, own_office.tenant.tenant_id, "small", "Nobody buys it", CALLER)
    own_office.ground.settle(own_office.tenant.tenant_id)
    browser = signed_in(app, own_office)
    assert "Nobody buys it" in visit(browser, "/playbooks/small").text
    assert not visit(browser, "/playbooks/small").all("//a[contains(@href, '/start')]")
    answer = browser.get("/playbooks/small/start", params={"name": "X", "contract_signed_on": "2026-09-07"})
    assert answer.status_code == 409


def test_hostile_words_stay_words(app: FastAPI, own_office: Office) -> None:
    written = small(name=f"Name {HOSTILE}", summary=HOSTILE)
    written["tasks"][0]["name"] = f"Task {HOSTILE}"
    publishing(own_office, draft_of(written))
    browser = signed_in(app, own_office)
    for path in ("/playbooks", "/playbooks/small", "/playbooks/small/start"):
        page = browser.get(path, params={"name": HOSTILE, "contract_signed_on": f"{dt.date(2026, 9, 7)}"})
        assert page.status_code == 200
        assert not Visit(browser, page).all("//script[not(@src)] | //img")
