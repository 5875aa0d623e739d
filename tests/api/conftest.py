"""The API over a database of its own per worker, with a clock that stands still."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from store.clock import FixedClock
from store.embedded import Server
from store.ground import Ground, ground_at
from tests.api.office import NINE, Office, opened
from tests.databases import clone

_numbers = itertools.count()


@pytest.fixture(scope="session")
def clock() -> FixedClock:
    """Monday, nine o'clock UTC."""
    return FixedClock(NINE)


@pytest.fixture(scope="session")
def house(server: Server, worker_id: str, clock: FixedClock) -> Iterator[Ground]:
    """A ground floor of which this room's tests alone think."""
    ground = ground_at(clone(server, f"api_{worker_id}"), clock=clock, may_be_unsafe=True)
    yield ground
    ground.close()


@pytest.fixture(scope="session")
def client(house: Ground) -> Iterator[TestClient]:
    """The application, called in process."""
    with TestClient(create_app(house), raise_server_exceptions=False) as opened_client:
        yield opened_client


@pytest.fixture(scope="session")
def office(house: Ground, client: TestClient) -> Office:
    """A tenant that is only looked at."""
    return opened(house, client, "looked-at")


@pytest.fixture(scope="session")
def called(house: Ground, client: TestClient) -> Office:
    """A tenant with a call sent in, so that every operation has something to answer."""
    return opened(house, client, "called")


@pytest.fixture(scope="session")
def neighbour(house: Ground, client: TestClient) -> Office:
    """Another tenant, of the same kind."""
    return opened(house, client, "neighbour")


@pytest.fixture
def new_office(house: Ground, client: TestClient) -> Callable[[], Office]:
    """Makes a tenant that the test may change."""
    return lambda: opened(house, client, f"own-{next(_numbers)}")
