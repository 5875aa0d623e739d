"""A backup holds what was acknowledged before it began, and restores to the same log, elsewhere, or not at all."""

import stat
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from store.archiving import archive
from store.backups import backup, keys_path_of, restore
from store.embedded import Server
from store.errors import Invalid, LeewayError, NotFound, Refused, Unavailable
from store.ground import Ground, Urls, ground_at
from store.ids import StreamId, TenantId, tenant_id_of
from store.keys import ERASED
from store.models import SqlShelf
from store.tables import DERIVED, KEPT, KEYS
from store.verify import verify
from tests.databases import clone
from tests.store.facts import NOW, draft, person, plan

ALL_TABLES = """
    select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
    where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace and not c.relispartition
"""
SLUGS = ("first", "second", "third")
FACTS = 30


@contextmanager
def opened(urls: Urls) -> Iterator[Ground]:
    ground = ground_at(urls, may_be_unsafe=True)
    try:
        yield ground
    finally:
        ground.close()


@pytest.fixture
def origin(own_urls: Urls) -> Iterator[Ground]:
    """Three tenants with people, a model, an access key, and events in every state."""
    with opened(own_urls) as ground:
        for slug in SLUGS:
            fill(ground, slug)
        archive(own_urls.owner, tenant_id_of("second"), before=NOW)
        yield ground


def fill(ground: Ground, slug: str) -> None:
    tenant_id = ground.tenants.open(slug, slug.title()).tenant_id
    ground.log.append(tenant_id, [(plan("p1"), [draft(tenant_id, n) for n in range(1, FACTS)], 0)], now=NOW)
    for name in ("x", "y"):
        ground.log.append(tenant_id, [(StreamId(f"capacity/{name}"), [person(tenant_id, name)], 0)], now=NOW)
    ground.settle(tenant_id)
    ground.log.append(tenant_id, [(plan("p1"), [draft(tenant_id, 99)], None)], now=NOW)
    ground.log.keys.destroy(tenant_id, "y")
    ground.keyring.issue(tenant_id, "a key", "manager", now=NOW)
    SqlShelf(ground.database, tenant_id, NOW).put(f"hash-{slug}", b"model")


@pytest.fixture
def elsewhere(server: Server, worker_id: str) -> Iterator[Urls]:
    """An empty database."""
    name = f"elsewhere_{worker_id}"
    yield clone(server, name)
    with psycopg.connect(server.url("leeway_owner", "postgres"), autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)".encode())


def names(ground: Ground, tenant_id: TenantId) -> list[str]:
    found = [ground.log.read(tenant_id, StreamId(f"capacity/{name}"))[0].fact for name in ("x", "y")]
    return [getattr(fact, "name", "") for fact in found]


def test_every_table_is_kept_or_derived(urls: Urls) -> None:
    with psycopg.connect(urls.owner) as connection:
        tables = {str(row[0]) for row in connection.execute(ALL_TABLES)}
    assert {*KEPT, KEYS, *DERIVED} == tables
    assert not set(KEPT) & set(DERIVED)


def test_what_is_restored_is_what_was(origin: Ground, elsewhere: Urls, tmp_path: Path) -> None:
    path = tmp_path / "all.backup"
    written = backup(origin.urls.owner, path, keys_path_of(path), now=NOW)
    assert (written.rows["tenants"], written.rows["events"], written.rows["archived_events"]) == (3, 67, 29)
    assert {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()} == {0o600}
    restore(elsewhere.owner, path, keys_path_of(path))
    with opened(elsewhere) as ground:
        for slug in SLUGS:
            tenant_id = tenant_id_of(slug)
            assert list(ground.log.read_all(tenant_id)) == list(origin.log.read_all(tenant_id))
            assert ground.log.read(tenant_id, plan("p1")) == origin.log.read(tenant_id, plan("p1"))
            assert names(ground, tenant_id) == ["Ada Example", ERASED]
            assert SqlShelf(ground.database, tenant_id, NOW).find(f"hash-{slug}") == b"model"
            assert ground.log.seal(tenant_id) == 1
            assert ground.settle(tenant_id) == FACTS + 2
            assert ground.differences(tenant_id) == []
            assert verify(ground.log.connections, tenant_id, anchor=origin.log.head(tenant_id)).is_clean
            (event,) = ground.log.append(tenant_id, [(plan("p1"), [draft(tenant_id, 100)], FACTS)], now=NOW)
            assert event.stream_version == FACTS + 1
        assert [tenant.name for tenant in ground.tenants.all()] == ["First", "Second", "Third"]


def test_a_backup_amid_appends_holds_whatever_was_acknowledged_before(
    origin: Ground, elsewhere: Urls, tmp_path: Path
) -> None:
    acknowledged: list[int] = []
    is_over, tenant_id, path = threading.Event(), tenant_id_of("first"), tmp_path / "b"

    def write(first: int) -> None:
        number = first
        while not is_over.is_set():
            origin.log.append(tenant_id, [(plan(f"new{first}"), [draft(tenant_id, number)], None)], now=NOW)
            acknowledged.append(number)
            number += 1

    def seal() -> None:
        while not is_over.is_set():
            origin.log.seal(tenant_id)

    threads = [threading.Thread(target=write, args=(first,)) for first in (1000, 50_000)]
    threads.append(threading.Thread(target=seal))
    for thread in threads:
        thread.start()
    while len(acknowledged) < 50:
        pass
    before = set(acknowledged)
    backup(origin.urls.owner, path, keys_path_of(path), now=NOW)
    is_over.set()
    for thread in threads:
        thread.join()
    restore(elsewhere.owner, path, keys_path_of(path))
    with opened(elsewhere) as ground:
        ground.log.seal(tenant_id)
        events = [event for first in (1000, 50_000) for event in ground.log.read(tenant_id, plan(f"new{first}"))]
        assert before <= {int(getattr(event.fact, "external_id", 0)) for event in events}
        assert verify(ground.log.connections, tenant_id).is_clean


def test_without_the_keys_everybody_is_erased(origin: Ground, elsewhere: Urls, tmp_path: Path) -> None:
    path = tmp_path / "b"
    backup(origin.urls.owner, path, keys_path_of(path), now=NOW)
    restore(elsewhere.owner, path, None)
    with opened(elsewhere) as ground:
        for slug in SLUGS:
            tenant_id = tenant_id_of(slug)
            assert names(ground, tenant_id) == [ERASED, ERASED]
            again = [(StreamId("capacity/x"), [person(tenant_id, "x", name="Ada Again")], None)]
            with pytest.raises(LeewayError):
                ground.log.append(tenant_id, again, now=NOW)
            assert names(ground, tenant_id) == [ERASED, ERASED]


def test_the_backup_holds_no_personal_text(origin: Ground, tmp_path: Path) -> None:
    path = tmp_path / "b"
    backup(origin.urls.owner, path, keys_path_of(path), now=NOW)
    with zipfile.ZipFile(path) as bundle:
        texts = {name: bundle.read(name) for name in bundle.namelist()}
    assert KEYS not in texts
    assert b"T\xc3\xa2che" in texts["events"].replace(b"\\\\", b"\\") or b"5461" in texts["events"].lower()
    for text in texts.values():
        assert b"Ada" not in text
        assert b"Ada".hex().encode() not in text


def damage(path: Path, table: str, old: bytes, new: bytes) -> None:
    with zipfile.ZipFile(path) as bundle:
        texts = {name: bundle.read(name) for name in bundle.namelist()}
    assert old in texts[table]
    texts[table] = texts[table].replace(old, new, 1)
    with zipfile.ZipFile(path, "w") as bundle:
        for name, text in texts.items():
            bundle.writestr(name, text)


def test_a_damaged_backup_restores_nothing(origin: Ground, elsewhere: Urls, tmp_path: Path) -> None:
    path, keys = tmp_path / "b", tmp_path / "k"
    backup(origin.urls.owner, path, keys, now=NOW)
    whole = path.read_bytes()
    for change in (whole[: len(whole) // 2], b"no zip at all", whole[:200] + b"\0\0\0\0" + whole[204:]):
        path.write_bytes(change)
        with pytest.raises(Invalid) as refused:
            restore(elsewhere.owner, path, keys)
        assert refused.value.code == "damaged_bundle"
    path.write_bytes(whole)
    damage(path, "events", b"person-1", b"person-2")
    with pytest.raises(Invalid, match="not wholly"):
        restore(elsewhere.owner, path, keys)
    with opened(elsewhere) as ground:
        assert ground.tenants.all() == []


def test_a_forged_backup_restores_nothing(origin: Ground, elsewhere: Urls, tmp_path: Path) -> None:
    """Whoever changes rows and their digest still meets the chain."""
    path, keys = tmp_path / "b", tmp_path / "k"
    backup(origin.urls.owner, path, keys, now=NOW)
    with zipfile.ZipFile(path) as bundle:
        import hashlib

        before = hashlib.sha256(bundle.read("events")).hexdigest()
        after = hashlib.sha256(bundle.read("events").replace(b"person-1", b"person-2", 1)).hexdigest()
    damage(path, "events", b"person-1", b"person-2")
    damage(path, "manifest.json", before.encode(), after.encode())
    with pytest.raises(Invalid, match="does not hold"):
        restore(elsewhere.owner, path, keys)
    with opened(elsewhere) as ground:
        assert ground.tenants.all() == []


def test_a_backup_of_a_newer_program_is_refused(origin: Ground, elsewhere: Urls, tmp_path: Path) -> None:
    path, keys = tmp_path / "b", tmp_path / "k"
    backup(origin.urls.owner, path, keys, now=NOW)
    with zipfile.ZipFile(path) as bundle:
        revision = bundle.read("manifest.json").split(b'"revision": "')[1][:4]
    damage(path, "manifest.json", b'"revision": "' + revision, b'"revision": "9999')
    with pytest.raises(Invalid, match="Upgrade Leeway"):
        restore(elsewhere.owner, path, keys)


def test_nothing_is_overwritten(origin: Ground, elsewhere: Urls, tmp_path: Path) -> None:
    path, keys = tmp_path / "b", tmp_path / "k"
    keys.write_text("other keys")
    with pytest.raises(Refused, match="there already"):
        backup(origin.urls.owner, path, keys, now=NOW)
    assert (path.exists(), keys.read_text()) == (False, "other keys")
    keys.unlink()
    backup(origin.urls.owner, path, keys, now=NOW)
    with pytest.raises(Refused, match="there already"):
        backup(origin.urls.owner, path, tmp_path / "k2", now=NOW)
    with pytest.raises(Refused, match="holds tenants already"):
        restore(origin.urls.owner, path, keys)
    with pytest.raises(NotFound):
        restore(elsewhere.owner, tmp_path / "none", keys)
    with pytest.raises(Invalid, match="holds a keys"):
        restore(elsewhere.owner, keys, keys)
    with pytest.raises(Unavailable, match="cannot be written"):
        backup(origin.urls.owner, tmp_path / "no" / "folder", keys_path_of(tmp_path / "z"), now=NOW)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["b", "k"]
