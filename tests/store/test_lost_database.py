"""A database that fills up or goes away in the middle: a typed error, whole chunks, and a rerun that completes."""

import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from store import binaries, embedded
from store.embedded import Server
from store.errors import Unavailable
from store.ids import StreamId, TenantId, tenant_id_of
from store.log import Draft
from store.log_sql import SqlLog
from store.migrations import migrate
from store.verify import verify
from tests.store.facts import NOW, draft, plan

CHUNK_ROWS = 400
TENANT = tenant_id_of("lost-database")


def rows(count: int) -> list[tuple[StreamId, Draft]]:
    return [(plan(f"p{number % 9}"), draft(TENANT, number, name=f"{number} " * 60)) for number in range(count)]


def stored(log: SqlLog) -> list[int]:
    found = [event for number in range(9) for event in log.read(TENANT, plan(f"p{number}"))]
    return sorted(int(getattr(event.fact, "external_id", "0")) for event in found)


def kill(server: Server) -> None:
    postmaster = int((server.data_path / "postgres" / "postmaster.pid").read_text().splitlines()[0])
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    for process in (postmaster, *map(int, children)):
        os.kill(process, signal.SIGKILL)


@pytest.mark.crash
def test_a_database_that_goes_away_mid_batch_and_stays_away(tmp_path: Path) -> None:
    server = embedded.start(tmp_path / "data")
    migrate(server.owner_url)
    log = SqlLog(server.app_url, sealer_url=server.sealer_url, chunk_rows=CHUNK_ROWS)
    told: list[int] = []

    def tell(count: int) -> None:
        told.append(count)
        if len(told) == 3:
            kill(server)

    with pytest.raises(Unavailable) as lost:
        log.bulk(TENANT, rows(3000), now=NOW, progress=tell)
    assert lost.value.code == "database_unavailable"
    with pytest.raises(Unavailable, match="does not answer"):
        log.append(TENANT, [(plan("p0"), [draft(TENANT, 9000 + n) for n in range(50)], None)], now=NOW)
    again = embedded.start(tmp_path / "data")
    assert stored(log) == list(range(3 * CHUNK_ROWS))
    assert log.bulk(TENANT, rows(3000), now=NOW).known == 3 * CHUNK_ROWS
    assert log.seal(TENANT) == 3000
    assert verify(log.connections, TENANT).is_clean
    log.close()
    server.leave()
    again.release()


@pytest.mark.crash
def test_a_batch_over_many_streams_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    server = embedded.start(tmp_path / "data")
    migrate(server.owner_url)
    log = SqlLog(server.app_url, sealer_url=server.sealer_url)
    batch = [(plan(f"p{stream}"), [draft(TENANT, stream * 500 + n) for n in range(500)], 0) for stream in range(9)]
    log.head(TENANT)
    killer = threading.Timer(0.15, kill, (server,))
    killer.start()
    try:
        log.append(TENANT, batch, now=NOW)
        is_acknowledged = True
    except Unavailable:
        is_acknowledged = False
    killer.join()
    again = embedded.start(tmp_path / "data")
    assert len(stored(log)) == 4500 if is_acknowledged else len(stored(log)) in {0, 4500}
    log.append(TENANT, batch, now=NOW)
    assert stored(log) == list(range(4500))
    log.close()
    server.leave()
    again.release()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 3 MB in memory; only root may mount one."""
    folder = tmp_path / "small"
    folder.mkdir()
    if os.geteuid() != 0 or _mount("size=3m", folder).returncode != 0:
        pytest.skip("no file system can be mounted here")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _mount(options: str, folder: Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=False, capture_output=True
    )


def _partition(connection: psycopg.Connection[tuple[object, ...]], tenant_id: TenantId) -> str:
    """Where a tenant's events lie."""
    connection.execute(
        "insert into events (tenant_id, stream_id, stream_version, event_id, type, schema_version, occurred_at,"
        " recorded_at, appended_at, source, body, payload)"
        " values (%s, 's', 1, gen_random_uuid(), 't', 1, now(), now(), now(), 'x', '{}', '{}')",
        (tenant_id,),
    )
    row = connection.execute("select tableoid::regclass::text from events where tenant_id = %s", (tenant_id,))
    connection.rollback()
    return str((row.fetchone() or ("",))[0])


@pytest.mark.crash
def test_a_full_disk_is_said_and_loses_nothing(tmp_path: Path, small_disk: Path) -> None:
    with embedded.start(tmp_path / "data") as server:
        migrate(server.owner_url)
        binaries.give_to_server(small_disk)
        with psycopg.connect(server.owner_url, autocommit=True) as connection:
            connection.execute(sql.SQL("create tablespace small location {}").format(sql.Literal(str(small_disk))))
        with psycopg.connect(server.owner_url) as connection:
            partition = _partition(connection, TENANT)
            connection.execute(sql.SQL("alter table {} set tablespace small").format(sql.Identifier(partition)))
        log = SqlLog(server.app_url, sealer_url=server.sealer_url, chunk_rows=CHUNK_ROWS)
        with pytest.raises(Unavailable) as refused:
            log.bulk(TENANT, rows(6_000), now=NOW)
        assert (refused.value.code, "Make room" in refused.value.remedy) == ("database_full", True)
        kept = stored(log)
        assert kept == list(range(len(kept)))
        assert len(kept) % CHUNK_ROWS == 0 < len(kept) < 6_000
        big = [draft(TENANT, 50_000 + n, name="x" * 8000) for n in range(300)]
        with pytest.raises(Unavailable) as refused:
            log.append(TENANT, [(plan("big"), big, 0)], now=NOW)
        assert refused.value.code == "database_full"
        assert log.read(TENANT, plan("big")) == []
        assert _mount("remount,size=200m", small_disk).returncode == 0
        assert log.bulk(TENANT, rows(6_000), now=NOW).known == len(kept)
        assert log.seal(TENANT) == 6_000
        assert verify(log.connections, TENANT).is_clean
        log.close()
