"""The playbook pages in a browser: nothing amiss for assistive tools, nothing too wide, a start by hand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from plan.playbook.commands import Caller, publish
from store.ground import Ground
from tests.api.office import NINE, Office
from tests.plan.playbook.templates import SHIPPED, shipped
from tests.web.test_console_browser import LAPTOP, PHONE, Open, console, overflow

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

START = "/playbooks/saas-onboarding/start?name=Example&contract_signed_on=2026-09-07&answer_sso=yes"
PAGES = ("/playbooks", "/playbooks/regulated-enterprise", "/playbooks/saas-onboarding/start", START)


@pytest.fixture
def opened(browser: Browser, house: Ground, own_office: Office) -> Iterator[Open]:
    """Pages of a tenant with the three playbooks."""
    for path in SHIPPED:
        publish(house.log, own_office.tenant.tenant_id, shipped(path), Caller("tester", NINE, NINE))
    house.settle(own_office.tenant.tenant_id)
    with console(browser, house, own_office) as open_page:
        yield open_page


def test_playbook_pages_have_no_accessibility_fault_and_fit(opened: Open) -> None:
    axe, faults = Axe(), []
    for scheme, size in (("light", LAPTOP), ("dark", PHONE)):
        page = opened("/playbooks", color_scheme=scheme, viewport=size)
        for path in PAGES:
            page.goto(path)
            assert overflow(page) <= 0, path
            found = axe.run(page).response["violations"]
            faults += [(path, fault["id"], [node["target"] for node in fault["nodes"]][:3]) for fault in found]
    assert faults == []


def test_a_project_is_started_by_hand(opened: Open) -> None:
    page = opened("/playbooks")
    page.get_by_role("link", name="SaaS onboarding").click()
    page.get_by_role("link", name="Start a project").click()
    page.get_by_label("Name", exact=True).fill("Started by hand")
    page.get_by_label("Was single sign-on bought?").select_option("yes")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", name="What it comes to")).to_be_visible()
    page.get_by_role("button", name="Start this project").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Started by hand")
    expect(page.get_by_text("0 of 44 steps done")).to_be_visible()
    expect(page.get_by_text("Held before handoff.")).to_be_visible()
