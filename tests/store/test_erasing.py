"""An erased person is in no table, no dump, no new backup and no export, and the chain still verifies."""

import subprocess
import zipfile
from pathlib import Path

import pytest

from agents.runner import Runner
from agents.thinkers import THINKERS
from intake.commands import export_portfolio, import_portfolio
from store import binaries
from store.backups import backup, keys_path_of, restore
from store.embedded import Server
from store.erasing import erase
from store.errors import NotFound
from store.events import MessageSent, PartyErased
from store.ground import Ground, Urls
from store.ids import EventId, PartyId, ProjectId, StreamId, TenantId, fact_id, tenant_id_of
from store.keys import ERASED
from store.log import Draft
from store.repeats import Repeats, StoredAnswer
from store.verify import verify
from tests.databases import clone
from tests.house.source import ROOT
from tests.store.facts import NOW, person
from tests.store.test_backups import opened

SLUG = "erasing"
TENANT = tenant_id_of(SLUG)
CANARY, WORDS = "Zephyrine Quillfeather", "the purple giraffe budget"
CAPACITY = StreamId("capacity/canary")


def said(tenant_id: TenantId) -> Draft:
    fact = MessageSent(
        message_id="m-canary",
        external_id="m-canary",
        project_id=ProjectId("p-canary"),
        from_id=PartyId("canary"),
        text=WORDS,
    )
    return Draft(fact_id(tenant_id, "test", "said"), fact, NOW, NOW, "test")


def fill(ground: Ground, tenant_id: TenantId = TENANT) -> None:
    drafts = [person(tenant_id, "canary", name=CANARY)]
    ground.log.append(tenant_id, [(CAPACITY, drafts, 0)], now=NOW)
    ground.log.append(tenant_id, [(StreamId("conversation/p-canary"), [said(tenant_id)], 0)], now=NOW)
    ground.settle(tenant_id)


def dumped(urls: Urls) -> bytes:
    """Every table as PostgreSQL's own dump writes it."""
    command = [str(binaries.folder() / "pg_dump"), "--data-only", urls.owner]
    return subprocess.run(command, capture_output=True, check=True).stdout


def holds(text: bytes, *words: str) -> bool:
    """Whether a text has a word, plainly or as a dump writes bytes."""
    return any(word.encode() in text or word.encode().hex().encode() in text for word in words)


def test_the_canary_is_found_nowhere(own_urls: Urls, tmp_path: Path) -> None:
    words = (CANARY, WORDS, "canary@example.org")
    with opened(own_urls) as ground:
        ground.tenants.open(SLUG)
        fill(ground)
        repeats = Repeats(ground.database, TENANT, NOW)
        repeats.begin("answered-key", b"hash")
        repeats.finish("answered-key", StoredAnswer(200, CANARY.encode()))
        assert holds(dumped(own_urls), *words)
        head = ground.log.head(TENANT)
        assert not erase(ground, TENANT, "canary", actor_id="admin", now=NOW).was_erased
        assert not holds(dumped(own_urls), *words)
        backup(own_urls.owner, tmp_path / "b", tmp_path / "k", now=NOW)
        for file in ("b", "k"):
            with zipfile.ZipFile(tmp_path / file) as bundle:
                assert not any(holds(bundle.read(name), *words) for name in bundle.namelist())
        export_portfolio(ground.log, TENANT, tmp_path / "out", now=NOW)
        assert not any(holds(file.read_bytes(), *words) for file in (tmp_path / "out").rglob("*") if file.is_file())
        verdict = verify(ground.log.connections, TENANT, anchor=head)
        assert (verdict.is_clean, verdict.events) == (True, 3)
        assert ground.differences(TENANT) == []


def test_what_is_left_reads_erased_and_says_who_did_it(ground: Ground, tenant_id: TenantId) -> None:
    fill(ground, tenant_id)
    erase(ground, tenant_id, "canary", actor_id="admin", now=NOW)
    (registered,) = ground.log.read(tenant_id, CAPACITY)
    assert getattr(registered.fact, "name", "") == ERASED
    assert ground.tenant_state(tenant_id).parties["canary"].name == ERASED
    (event,) = ground.log.read(tenant_id, StreamId("directory"))
    assert (event.fact, event.actor_id) == (PartyErased(party_id="canary"), "admin")


def test_erasing_twice_is_one_fact(ground: Ground, tenant_id: TenantId) -> None:
    fill(ground, tenant_id)
    erase(ground, tenant_id, "canary", actor_id=None, now=NOW)
    assert erase(ground, tenant_id, "canary", actor_id="other", now=NOW).was_erased
    assert ground.log.head(tenant_id).position == 3


def test_a_later_fact_about_them_is_kept_without_the_text(ground: Ground, tenant_id: TenantId) -> None:
    fill(ground, tenant_id)
    erase(ground, tenant_id, "canary", actor_id=None, now=NOW)
    again = Draft(
        EventId(fact_id(tenant_id, "test", "again")), person(tenant_id, "canary", name=CANARY).fact, NOW, NOW, "t"
    )
    (event,) = ground.log.append(tenant_id, [(CAPACITY, [again], None)], now=NOW)
    assert CANARY.encode() not in event.body
    assert ground.log.keys.read(tenant_id, ["canary"]) == {}


def test_somebody_unknown_is_not_found_and_nothing_is_written(ground: Ground, tenant_id: TenantId) -> None:
    with pytest.raises(NotFound):
        erase(ground, tenant_id, "nobody", actor_id=None, now=NOW)
    assert ground.log.keys.read(tenant_id, ["nobody"]) == {}
    assert ground.log.read(tenant_id, StreamId("directory")) == []


def test_an_older_file_of_keys_brings_nobody_back(
    own_urls: Urls, server: Server, worker_id: str, tmp_path: Path
) -> None:
    with opened(own_urls) as ground:
        ground.tenants.open(SLUG)
        fill(ground)
        backup(own_urls.owner, tmp_path / "old", tmp_path / "old.keys", now=NOW)
        erase(ground, TENANT, "canary", actor_id=None, now=NOW)
        backup(own_urls.owner, tmp_path / "new", tmp_path / "new.keys", now=NOW)
    elsewhere = clone(server, f"erased_{worker_id}")
    restore(elsewhere.owner, tmp_path / "new", tmp_path / "old.keys")
    with opened(elsewhere) as restored:
        assert getattr(restored.log.read(TENANT, CAPACITY)[0].fact, "name", "") == ERASED
        assert not holds(dumped(elsewhere), CANARY)


@pytest.mark.xdist_group("sample")
def test_nobody_of_the_sample_is_left_in_what_agents_wrote(own_urls: Urls) -> None:
    """After a worker thought about everything: claims, proposals, drafts and assessments hold no name."""
    with opened(own_urls) as ground:
        import_portfolio(ground.log, SLUG, ROOT / "samples" / "harbour", now=ground.clock.now())
        ground.tenants.open(SLUG)
        ground.settle(TENANT)
        ground.tenants.open(SLUG, frozen_at=ground.last_recorded_at(TENANT))
        runner = Runner(ground, THINKERS)
        runner.catch_up()
        while runner.think() + runner.settle_pending():
            pass
        parties = list(ground.tenant_state(TENANT).parties.values())
        names = {party.name: party.party_id for party in parties if party.name and party.customer_id is None}
        booked = sorted(names)[:2]
        assert holds(dumped(own_urls), *booked)
        for name in booked:
            erase(ground, TENANT, names[name], actor_id=None, now=NOW)
        text = dumped(own_urls)
        assert [name for name in booked if holds(text, name)] == []
        assert keys_path_of(Path("x")).name == "x.keys"
