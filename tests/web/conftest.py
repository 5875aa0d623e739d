"""The console over a database of its own per worker; which browser the browser tests drive."""

import itertools
import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from store.clock import FixedClock
from store.embedded import Server
from store.ground import Ground, ground_at
from tests.api.office import NINE, Office
from tests.databases import clone
from tests.web.desk import application, furnished, signed_in
from web.options import ConsoleOptions

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The machine's own Chromium; nothing is downloaded."""
    path = _chromium()
    if path is None:
        reason = "No Chromium on PATH and none named by LEEWAY_CHROMIUM; on Debian: apt-get install chromium"
        if os.environ.get("LEEWAY_REQUIRE_BROWSER"):  # noqa: TID251
            pytest.fail(reason)
        pytest.skip(reason)
    return {**browser_type_launch_args, "executable_path": path, "args": list(QUIET)}


def _chromium() -> str | None:
    names = (os.environ.get("LEEWAY_CHROMIUM"), "chromium", "chromium-browser", "google-chrome")  # noqa: TID251
    return next((path for name in names if name and (path := shutil.which(name))), None)


_numbers = itertools.count()


@pytest.fixture(scope="session")
def clock() -> FixedClock:
    """Monday, nine o'clock UTC."""
    return FixedClock(NINE)


@pytest.fixture(scope="session")
def house(server: Server, worker_id: str, clock: FixedClock) -> Iterator[Ground]:
    """A ground floor of which this room's tests alone think."""
    ground = ground_at(clone(server, f"web_{worker_id}"), clock=clock, may_be_unsafe=True)
    yield ground
    ground.close()


@pytest.fixture(scope="session")
def app(house: Ground) -> FastAPI:
    """A console that asks for a key."""
    return application(house, ConsoleOptions())


@pytest.fixture(scope="session")
def office(house: Ground) -> Office:
    """A tenant that is only looked at."""
    return furnished(house, "web-looked-at")


@pytest.fixture(scope="session")
def neighbour(house: Ground) -> Office:
    """Another tenant, of the same kind."""
    return furnished(house, "web-neighbour")


@pytest.fixture(scope="session")
def manager(app: FastAPI, office: Office) -> TestClient:
    """A manager of the tenant that is only looked at."""
    return signed_in(app, office)


@pytest.fixture
def own_office(house: Ground) -> Office:
    """A tenant that the test may change."""
    return furnished(house, f"web-own-{next(_numbers)}")
