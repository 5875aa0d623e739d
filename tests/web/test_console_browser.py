"""The console in a browser: the walk from portfolio to undo, keys, phone, no JavaScript, accessibility, no stranger."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from store.events import AllocationBooked
from store.ground import Ground
from store.ids import AllocationId, PersonId, ProjectId
from tests.api.office import Office
from tests.web.desk import application
from tests.web.serving import served
from tests.web.test_cards import troubles
from web.options import ConsoleOptions

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

LAPTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
# A loaded machine answers late, and that is no fault of a page.
expect.set_options(timeout=20_000)
Open = Callable[..., Page]


@dataclass
class Watch:
    """What a page did that it should not have."""

    address: str
    found: list[str] = field(default_factory=list)

    def over(self, page: Page) -> None:
        page.on("request", lambda request: self._request(request.url))
        page.on("console", lambda message: self._say(message.type, message.text))
        page.on("pageerror", lambda error: self.found.append(f"error: {error}"))

    def _request(self, url: str) -> None:
        if not url.startswith(self.address):
            self.found.append(f"request to {url}")

    def _say(self, kind: str, text: str) -> None:
        # The browser itself reports every answer that is an error; those pages are looked at by status.
        if kind in {"error", "warning"} and "Failed to load resource" not in text:
            self.found.append(f"{kind}: {text}")


@contextmanager
def console(browser: Browser, ground: Ground, office: Office) -> Iterator[Open]:
    """Opens pages of a tenant's console, each in a context of its own, and sees that they kept to themselves."""
    options = ConsoleOptions(open_tenant_slug=office.tenant.slug)
    with served(application(ground, options)) as address:
        watch, contexts = Watch(address), []

        def open_page(path: str, **settings: Any) -> Page:
            context = browser.new_context(
                base_url=address, **{"viewport": LAPTOP, "reduced_motion": "reduce", **settings}
            )
            contexts.append(context)
            page = context.new_page()
            watch.over(page)
            page.goto(path)
            return page

        yield open_page
        for context in contexts:
            context.close()
    assert watch.found == []


@pytest.fixture
def open_own(browser: Browser, house: Ground, own_office: Office) -> Iterator[Open]:
    """Pages of a tenant that the test may change."""
    with console(browser, house, own_office) as opened:
        yield opened


@pytest.fixture
def open_page(browser: Browser, house: Ground, office: Office) -> Iterator[Open]:
    """Pages of the tenant that is only looked at."""
    with console(browser, house, office) as opened:
        yield opened


def overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


@pytest.mark.parametrize("is_scripted", [True, False], ids=["scripted", "plain"])
def test_the_walk_from_portfolio_to_undo(open_own: Open, own_office: Office, is_scripted: bool) -> None:
    page = open_own("/", java_script_enabled=is_scripted)
    page.get_by_role("link", name="Rollout P-1", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Rollout P-1")
    page.get_by_role("link", name=re.compile("6.h too many")).click()
    page.get_by_role("link", name=re.compile("booked 6.h a day")).click()
    expect(page.get_by_text("allocation.booked.v1")).to_be_visible()
    page.go_back()
    page.get_by_role("link", name="Compute every number again").click()
    expect(page.get_by_text("✓ Confirmed.")).to_be_visible()
    page.get_by_role("button", name="Approve").first.click()
    expect(page.get_by_role("status").filter(has_text="Approved and carried out.")).to_be_visible()
    assert own_office.get("/v1/alerts?state=done")["data"]
    page.get_by_role("button", name="Undo").first.click()
    expect(page.get_by_role("status").filter(has_text="Undone")).to_be_visible()
    assert own_office.alert()["state"] == "open"


def test_keys_decide_and_undo_but_never_while_typing(open_own: Open, own_office: Office) -> None:
    page = open_own("/")
    page.keyboard.press("/")
    page.keyboard.type("jagd")
    expect(page.get_by_role("searchbox")).to_have_value("jagd")
    expect(page.get_by_text("No project fits")).to_be_visible()
    assert "q=jagd" in page.url
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("i")
    expect(page.get_by_role("heading", name="Over Example")).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    page.keyboard.press("a")
    page.keyboard.press("Escape")
    assert own_office.alert()["state"] == "open"
    page.keyboard.press("r")
    expect(page.get_by_role("button", name="Duplicate")).to_be_visible()
    page.get_by_label("Note", exact=True).press_sequentially("arsnz")
    assert own_office.alert()["state"] == "open"
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    expect(page.get_by_text("Nothing needs a decision")).to_be_visible()
    page.keyboard.press("z")
    expect(page.get_by_text("Undone: everything is as it was.")).to_be_visible()
    assert own_office.alert()["state"] == "open"


def test_single_keys_can_be_switched_off(open_own: Open, own_office: Office) -> None:
    page = open_own("/inbox")
    page.keyboard.press("?")
    page.get_by_label("Switch single keys off on this device").last.check()
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    page.wait_for_timeout(300)
    assert own_office.alert()["state"] == "open"


def test_the_list_keeps_its_place_and_the_address_its_choice(open_own: Open, own_office: Office) -> None:
    own_office.tell(more_alerts(own_office))
    own_office.think()
    page = open_own("/inbox")
    first = page.locator("#claim").inner_text()
    page.evaluate("document.querySelector('.list').isKept = true")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("#claim")).not_to_have_text(first)
    assert "sel=" in page.url
    assert page.evaluate("document.querySelector('.list').isKept") is True
    second = page.locator("#claim").inner_text()
    page.reload()
    expect(page.locator("#claim")).to_have_text(second)
    page.go_back()
    expect(page.locator("#claim")).to_have_text(first)


def more_alerts(office: Office) -> list[Any]:
    """A second person who is booked beyond their hours."""
    return [
        AllocationBooked(
            allocation_id=AllocationId(office.id("allocation", name)),
            person_id=PersonId(office.id("person", "Same")),
            project_id=ProjectId(office.id("project", "P-1")),
            role="engineer",
            starts_on=dt.date(2026, 9, 21),
            ends_on=dt.date(2026, 9, 22),
            hours_per_day=Decimal(5),
        )
        for name in ("B-1", "B-2")
    ]


def pages(office: Office) -> list[str]:
    alert = office.alert()
    return [
        "/",
        f"/projects/{office.id('project', 'P-3')}",
        f"/projects/{office.id('project', 'P-3')}?as_of=2026-09-07",
        f"/inbox?sel={alert['id']}&check={alert['id']}",
        f"/alerts/{alert['id']}",
        f"/events/{alert['evidence'][0]}",
        "/inbox?view=snoozed",
        "/capacity",
        "/onboarding",
        "/nowhere",
        "/keys",
        "/sign-in",
    ]


@pytest.mark.parametrize(
    ("scheme", "size"), [("light", LAPTOP), ("dark", LAPTOP), ("light", PHONE)], ids=["light", "dark", "phone"]
)
def test_no_page_has_an_accessibility_fault(open_page: Open, office: Office, scheme: str, size: dict[str, int]) -> None:
    axe, faults = Axe(), []
    page = open_page("/", color_scheme=scheme, viewport=size)
    for path in pages(office):
        page.goto(path)
        found = axe.run(page).response["violations"]
        faults += [(path, fault["id"], [node["target"] for node in fault["nodes"]][:3]) for fault in found]
    assert faults == []


def test_nothing_is_wider_than_a_phone(open_page: Open, office: Office) -> None:
    page = open_page("/", viewport=PHONE, is_mobile=True, has_touch=True)
    for path in pages(office):
        page.goto(path)
        assert overflow(page) <= 0, path


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_a_card_of_several_causes_opens_closes_and_sleeps_by_keys(
    open_own: Open, own_office: Office, size: dict[str, int]
) -> None:
    own_office.tell(troubles(own_office))
    own_office.think()
    page = open_own(f"/inbox?sel=project:{own_office.id('project', 'P-1')}", viewport=size)
    expect(page.locator(".cause")).not_to_have_count(0)
    count = page.locator(".cause").count()
    page.keyboard.press("1")
    expect(page.locator("#cause-1 .claim")).to_be_visible()
    page.locator("#cause-2 > summary").click()
    expect(page.locator("#cause-2 .claim")).to_be_visible()
    assert overflow(page) <= 0
    assert [fault["id"] for fault in Axe().run(page).response["violations"]] == []
    page.keyboard.press("s")
    page.get_by_role("button", name=re.compile("Tomorrow")).first.click()
    expect(page.get_by_role("status").filter(has_text=f"All {count} causes of the card.")).to_be_visible()
    assert own_office.get("/v1/cards?state=snoozed")["data"][0]["subject"]["name"] == "Rollout P-1"


def test_a_phone_shows_the_list_then_the_alert(open_page: Open) -> None:
    page = open_page("/inbox", viewport=PHONE)
    expect(page.locator(".briefs")).to_be_visible()
    expect(page.locator("#claim")).to_be_hidden()
    page.locator(".briefs a").first.click()
    expect(page.locator("#claim")).to_be_visible()
    expect(page.locator(".briefs")).to_be_hidden()
    page.get_by_role("link", name="Back to the list").click()
    expect(page.locator(".briefs")).to_be_visible()


def test_new_alerts_are_announced_without_moving_the_list(open_own: Open, own_office: Office) -> None:
    page = open_own("/inbox")
    page.clock.install()
    page.reload()
    own_office.tell(more_alerts(own_office))
    own_office.think()
    page.clock.run_for(20_000)
    expect(page.get_by_role("link", name="1 new card: show")).to_be_visible()
    expect(page.locator(".briefs li")).to_have_count(1)
    page.get_by_role("link", name="1 new card: show").click()
    expect(page.locator(".briefs li")).to_have_count(2)
