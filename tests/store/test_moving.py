"""A tenant that moves is the same log elsewhere, takes no facts at home, and is readable in one place in the end."""

import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from store.access import Keyring
from store.backups import keys_path_of
from store.embedded import Server
from store.errors import Conflict, Invalid, Refused
from store.ground import Ground, Urls
from store.ids import StreamId, TenantId, tenant_id_of
from store.keys import ERASED
from store.log import Head
from store.moving import accept, carry_out, let_go
from store.tables import DERIVED
from store.verify import verify
from tests.databases import clone
from tests.store.facts import NOW, draft, plan
from tests.store.test_backups import damage, fill, opened

MOVES, STAYS = "moves", "stays"
TENANT = tenant_id_of(MOVES)
CAPACITY = StreamId("capacity/x")


@pytest.fixture
def home(own_urls: Urls) -> Iterator[Ground]:
    with opened(own_urls) as ground:
        for slug in (MOVES, STAYS):
            fill(ground, slug)
        yield ground


@pytest.fixture
def away(server: Server, worker_id: str) -> Iterator[Ground]:
    """Another database, with a tenant of its own."""
    name = f"away_{worker_id}"
    with opened(clone(server, name)) as ground:
        fill(ground, "local")
        yield ground
    with psycopg.connect(server.url("leeway_owner", "postgres"), autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)".encode())


def name_of(ground: Ground, tenant_id: TenantId) -> str:
    return str(getattr(ground.log.read(tenant_id, CAPACITY)[0].fact, "name", ""))


def test_a_moved_tenant_is_the_same_log_elsewhere(home: Ground, away: Ground, tmp_path: Path) -> None:
    path = tmp_path / "moves"
    written = carry_out(home.urls.owner, TENANT, path, keys_path_of(path), now=NOW)
    head = home.log.head(TENANT)
    end = accept(away.urls.owner, path, keys_path_of(path))
    assert written.anchors == (end,)
    assert (end.position, end.hash) == (head.position, head.hash.hex())
    assert list(away.log.read_all(TENANT)) == list(home.log.read_all(TENANT))
    assert verify(away.log.connections, TENANT, anchor=head).is_clean
    assert verify(away.log.connections, tenant_id_of("local")).is_clean
    assert name_of(away, TENANT) == "Ada Example"
    assert (away.settle(TENANT), away.differences(TENANT)) == (head.position, [])
    assert away.tenants.find(MOVES).moved_at is None
    (event,) = away.log.append(TENANT, [(plan("p1"), [draft(TENANT, 500)], 30)], now=NOW)
    assert event.stream_version == 31
    assert away.settle(TENANT) == head.position + 1


def test_at_home_nothing_more_is_taken(home: Ground, tmp_path: Path) -> None:
    token = home.keyring.issue(TENANT, "theirs", "manager", now=NOW)
    carry_out(home.urls.owner, TENANT, tmp_path / "f", tmp_path / "k", now=NOW)
    write = [(plan("p1"), [draft(TENANT, 500)], None)]
    with pytest.raises(Refused, match="moved away") as refused:
        home.log.append(TENANT, write, now=NOW)
    assert refused.value.code == "tenant_moved"
    with pytest.raises(Refused, match="moved away"):
        home.log.bulk(TENANT, [(plan("p1"), draft(TENANT, 501))], now=NOW)
    assert home.tenants.find(MOVES).moved_at == NOW
    assert Keyring(home.database).find(token, now=NOW) is None
    stays = tenant_id_of(STAYS)
    home.log.append(stays, [(plan("p1"), [draft(stays, 500)], None)], now=NOW)
    assert home.log.seal_pending() == {stays: 2}


def test_whoever_appends_while_it_closes_is_carried_or_refused(home: Ground, away: Ground, tmp_path: Path) -> None:
    acknowledged: list[int] = []

    def write(first: int) -> None:
        number = first
        try:
            while True:
                home.log.append(TENANT, [(plan(f"w{first}"), [draft(TENANT, number)], None)], now=NOW)
                acknowledged.append(number)
                number += 1
        except Refused:
            return

    writers = [threading.Thread(target=write, args=(first,)) for first in (1000, 20_000, 30_000)]
    for writer in writers:
        writer.start()
    while len(acknowledged) < 30:
        pass
    carry_out(home.urls.owner, TENANT, tmp_path / "f", tmp_path / "k", now=NOW)
    for writer in writers:
        writer.join()
    accept(away.urls.owner, tmp_path / "f", tmp_path / "k")
    carried = {
        int(getattr(event.fact, "external_id", "0") or 0)
        for event in away.log.read_all(TENANT)
        if event.stream_id.startswith("plan/w")
    }
    assert carried == set(acknowledged)
    assert verify(away.log.connections, TENANT, anchor=home.log.head(TENANT)).is_clean


def test_the_keys_at_home_are_destroyed_once_the_other_end_has_it(home: Ground, tmp_path: Path) -> None:
    head = home.log.head(TENANT)
    with pytest.raises(Refused, match="not carried out"):
        let_go(home.urls.owner, TENANT, head)
    carry_out(home.urls.owner, TENANT, tmp_path / "f", tmp_path / "k", now=NOW)
    with pytest.raises(Conflict, match="ends at"):
        let_go(home.urls.owner, TENANT, head)
    assert name_of(home, TENANT) == "Ada Example"
    let_go(home.urls.owner, TENANT, home.log.head(TENANT))
    assert (name_of(home, TENANT), name_of(home, tenant_id_of(STAYS))) == (ERASED, "Ada Example")
    assert verify(home.log.connections, TENANT).is_clean
    with psycopg.connect(home.urls.owner) as connection:
        for table in DERIVED:
            query = f"select count(*) from {table} where tenant_id = %s"
            assert connection.execute(query.encode(), (TENANT,)).fetchone() == (0,), table


def test_carrying_out_again_says_the_same(home: Ground, tmp_path: Path) -> None:
    first = carry_out(home.urls.owner, TENANT, tmp_path / "f", tmp_path / "k", now=NOW)
    assert carry_out(home.urls.owner, TENANT, tmp_path / "f2", tmp_path / "k2", now=NOW) == first


def test_a_tenant_is_accepted_whole_or_not_at_all(home: Ground, away: Ground, tmp_path: Path) -> None:
    path, keys = tmp_path / "f", tmp_path / "k"
    carry_out(home.urls.owner, TENANT, path, keys, now=NOW)
    whole = path.read_bytes()
    damage(path, "events", b"person-1", b"person-2")
    with pytest.raises(Invalid, match="not wholly"):
        accept(away.urls.owner, path, keys)
    assert away.log.head(TENANT) == Head()
    assert [tenant.slug for tenant in away.tenants.all()] == ["local"]
    path.write_bytes(whole)
    with pytest.raises(Invalid, match="holds a tenant"):
        accept(away.urls.owner, path, path)
    away.tenants.open(MOVES)
    accept(away.urls.owner, path, keys)
    with pytest.raises(Refused, match="a log here already"):
        accept(away.urls.owner, path, keys)
    with pytest.raises(Refused, match="a log here already"):
        accept(home.urls.owner, path, keys)
