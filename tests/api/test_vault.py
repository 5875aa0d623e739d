"""One-time secrets: read once, by whoever may, and nowhere else to be found."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from store.access import Role
from store.clock import FixedClock
from store.embedded import Server
from store.ground import Ground, ground_at
from tests.api.office import NINE, Json, Office, opened
from tests.databases import clone

WORDS = "correct horse battery ✓ staple"


@pytest.fixture(scope="module")
def ticking(server: Server, worker_id: str) -> Iterator[tuple[Office, FixedClock]]:
    """An office whose clock the tests move."""
    clock = FixedClock(NINE)
    ground = ground_at(clone(server, f"api_vault_{worker_id}"), clock=clock, may_be_unsafe=True)
    with TestClient(create_app(ground), raise_server_exceptions=False) as client:
        yield opened(ground, client, "ticking"), clock
    ground.close()


def keep(office: Office, *, role: Role = "admin", **changes: object) -> Any:
    body = {"project_id": office.id("project", "P-1"), "name": "SFTP", "secret": WORDS, **changes}
    return office.call("POST", "/v1/secrets", body, role=role)


def reveal(office: Office, ref: str, *, role: Role = "admin") -> Any:
    return office.call("POST", f"/v1/secrets/{ref}/reveal", role=role)


def whole(ground: Ground) -> bytes:
    """Every row of every table, as one text."""
    with psycopg.connect(ground.urls.owner) as connection:
        names = connection.execute(
            "select table_name from information_schema.tables"
            " where table_schema = 'public' and table_type = 'BASE TABLE'"
        ).fetchall()
        found = b""
        for (name,) in names:
            with connection.cursor().copy(f"copy (select * from {name}) to stdout (format binary)") as copied:
                found += b"".join(bytes(piece) for piece in copied)
    return found


def test_a_secret_is_read_once_and_then_never(new_office: Callable[[], Office]) -> None:
    office = new_office()
    kept = keep(office, role="member")
    assert kept.status_code == 201, kept.text
    assert WORDS not in kept.text
    ref = kept.json()["ref"]
    first, second = reveal(office, ref, role="manager"), reveal(office, ref)
    assert (first.status_code, first.json()["secret"], first.headers["cache-control"]) == (201, WORDS, "no-store")
    assert (second.status_code, second.json()["code"]) == (409, "already_revealed")
    assert "battery" not in second.text


def test_the_log_and_the_database_hold_no_word_of_it(ticking: tuple[Office, FixedClock]) -> None:
    office, _clock = ticking
    ref = keep(office).json()["ref"]
    assert b"battery" not in whole(office.ground)
    reveal(office, ref)
    office.ground.settle(office.tenant.tenant_id)
    assert b"battery" not in whole(office.ground)
    events: list[Json] = office.get(f"/v1/projects/{office.id('project', 'P-1')}/events?limit=200")["data"]
    told = [(each["type"], each["payload"]["secret_id"]) for each in events if each["type"].startswith("secret.")]
    assert told[-2:] == [("secret.kept.v1", ref), ("secret.revealed.v1", ref)]


def test_however_many_ask_at_once_one_reads_it(new_office: Callable[[], Office]) -> None:
    office = new_office()
    ref, answers = keep(office).json()["ref"], []
    barrier = threading.Barrier(6)

    def ask() -> None:
        barrier.wait()
        answers.append(reveal(office, ref).status_code)

    askers = [threading.Thread(target=ask) for _ in range(6)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert sorted(answers) == [201, 409, 409, 409, 409, 409]


def test_what_nobody_read_in_time_is_gone(ticking: tuple[Office, FixedClock]) -> None:
    office, clock = ticking
    ref = keep(office, expires_in_hours=1).json()["ref"]
    clock.advance(dt.timedelta(hours=1))
    answer = reveal(office, ref)
    assert (answer.status_code, answer.json()["code"]) == (409, "secret_expired")
    query = "select 1 from secrets where tenant_id = %s and secret_id = %s and ciphertext is not null"
    assert office.ground.log.connections.ask(office.tenant.tenant_id, query, (office.tenant.tenant_id, ref)) == []
    assert office.ground.log.keys.read(office.tenant.tenant_id, [f"secret:{ref}"]) == {}


def test_others_cannot_keep_or_read(office: Office, neighbour: Office) -> None:
    ref = keep(office).json()["ref"]
    assert [reveal(office, ref, role=role).status_code for role in ("viewer", "finance")] == [403, 403]
    assert keep(office, role="viewer").status_code == 403
    unknown = reveal(neighbour, "0c64a3a5-4f0f-5f7c-8d26-5a1c1f0a9c22")
    foreign = reveal(neighbour, ref)
    assert (foreign.status_code, foreign.json()) == (404, unknown.json())
    assert keep(neighbour, project_id=office.id("project", "P-1")).status_code == 404
    assert reveal(office, ref).json()["secret"] == WORDS


def test_bad_secrets_are_refused_without_repeating_them(office: Office) -> None:
    for changes in (
        {"secret": ""},
        {"secret": "battery" * 2000},
        {"secret": ["battery"]},
        {"expires_in_hours": 0},
        {"expires_in_hours": 721},
        {"name": ""},
        {"more": "battery"},
    ):
        answer = keep(office, **changes)
        assert answer.status_code == 422, changes
        assert "battery" not in answer.text
    headers = {"Authorization": f"Bearer {office.keys['admin']}", "Content-Type": "application/json"}
    body = f'{{"project_id": "{office.id("project", "P-1")}", "name": "x", "secret": "battery \\ud800"}}'
    half = office.client.post("/v1/secrets", content=body.encode(), headers=headers)
    assert half.status_code == 422
    assert [reveal(office, ref).status_code for ref in ("none", "x" * 300)] == [404, 404]
