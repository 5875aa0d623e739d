"""A real worker whose model hangs: alerts appear as ever, and other words are somebody else's wait."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from store.clock import SystemClock
from store.embedded import Server
from store.events import AlertReworded, Fact
from store.ground import Ground, Urls, ground_at
from store.ids import fact_id
from store.log import Draft
from store.streams import stream_of
from store.tenants import Tenant
from tests.agents.staging import FRAME, booking, person
from tests.databases import clone
from tests.house.source import ROOT
from tests.outside.scripted_server import Asked, Said, ScriptedServer, ready_and, text

PATIENCE_SECONDS = 60


@contextmanager
def worker(urls: Urls, model_url: str) -> Iterator[None]:
    """`leeway work` as people run it, with a model that is waited for 45 s."""
    named = {
        "LEEWAY_DATABASE_URL": urls.app,
        "LEEWAY_OWNER_URL": urls.owner,
        "LEEWAY_MODEL_URL": model_url,
        "LEEWAY_MODEL": "small",
        "LEEWAY_MODEL_MODE": "responses",
        "LEEWAY_MODEL_SECONDS": "45",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "leeway", "work", "--child"],
        cwd=ROOT,
        env={**os.environ, **named},  # noqa: TID251 - a real process needs a real environment
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.communicate(timeout=30)


def overbooked(name: str) -> list[Fact]:
    """Somebody with 10 h on days of 8 h, months from now whenever this runs."""
    return [person(name), booking(f"{name}-1", name, "P-1", *DAYS, "6"), booking(f"{name}-2", name, "P-2", *DAYS, "4")]


NOW = SystemClock().now()
DAYS = ((NOW.date()).isoformat(), NOW.date().replace(year=NOW.year + 1).isoformat())


def tell(ground: Ground, tenant: Tenant, facts: list[Fact]) -> None:
    now = ground.clock.now()
    for fact in facts:
        key = fact_id(tenant.tenant_id, "test", fact.TYPE, str(getattr(fact, "external_id", "")))
        ground.log.append(tenant.tenant_id, [(stream_of(fact), [Draft(key, fact, now, now, "test")], None)], now=now)


def wait_for(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def raised(ground: Ground, tenant: Tenant) -> int:
    events = ground.log.read_all(tenant.tenant_id)
    return sum(event.type == "alert.raised" for event in events)


def test_an_endpoint_that_hangs_delays_no_alert(durable_server: Server) -> None:
    own_urls = clone(durable_server, "words_hanging")
    ground = ground_at(own_urls)
    tenant = ground.tenants.open("hanging")
    with ScriptedServer(ready_and(lambda _asked: Said(hangs=True))) as server, worker(own_urls, server.url):
        tell(ground, tenant, [*FRAME, *overbooked("Ann")])
        wait_for(lambda: len(server.questions) == 1)
        assert raised(ground, tenant) == 1, "nobody is asked before the alert is there"
        for number, name in enumerate(("Ben", "Cem", "Dee"), start=2):
            tell(ground, tenant, overbooked(name))
            wait_for(lambda count=number: raised(ground, tenant) == count)  # type: ignore[misc]
        assert len(server.questions) == 1, "all of it while the first question hung"
    ground.close()


def test_an_endpoint_that_answers_is_heard_afterwards(durable_server: Server) -> None:
    def clearer(asked: Asked) -> Said:
        claim = asked.body["input"][0]["content"].split("\n")[1]
        return text(asked, {"text": claim.replace("is booked", "has been booked")})

    own_urls = clone(durable_server, "words_answering")
    ground = ground_at(own_urls)
    tenant = ground.tenants.open("answering")
    with ScriptedServer(ready_and(clearer)) as server, worker(own_urls, server.url):
        tell(ground, tenant, [*FRAME, *overbooked("Ann")])
        wait_for(lambda: any(event.type == AlertReworded.TYPE for event in ground.log.read_all(tenant.tenant_id)))
    assert len(server.questions) == 1
    ground.close()
