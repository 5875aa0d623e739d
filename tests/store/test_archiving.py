"""What is archived is read, counted and chained as before; nothing leaves the log that the archive does not hold."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest

from store import archiving
from store.archiving import Archived, archive
from store.errors import Conflict
from store.ground import Ground, Urls, ground_at
from store.ids import TenantId
from store.log import Cut, Event, Head
from store.log_sql import SqlLog
from store.verify import verify
from tests.contracts.log import numbers
from tests.store.facts import NOW, draft, person, plan

FACTS, STREAMS = 60, 6
OLD = NOW - timedelta(hours=30)
"""Fact n was recorded n hours before NOW: those after the thirtieth are old."""


@pytest.fixture
def ground(own_urls: Urls) -> Iterator[Ground]:
    opened = ground_at(own_urls, may_be_unsafe=True)
    yield opened
    opened.close()


@pytest.fixture
def log(ground: Ground) -> SqlLog:
    return ground.log


@pytest.fixture
def filled(log: SqlLog, tenant_id: TenantId) -> list[Event]:
    """Sixty facts in five streams, a person and a late fact: by every way to read, sealed."""
    log.bulk(tenant_id, [(plan(f"p{n % 5}"), draft(tenant_id, n)) for n in range(1, FACTS + 1)], now=NOW)
    log.append(tenant_id, [(plan("people"), [person(tenant_id, "x")], 0)], now=NOW)
    log.append(tenant_id, [(plan("p0"), [draft(tenant_id, 900)], None)], now=NOW)
    log.seal(tenant_id)
    return everything(log, tenant_id)


def everything(log: SqlLog, tenant_id: TenantId) -> list[Event]:
    """Every way to read, one after another."""
    streams = [plan(f"p{n}") for n in range(5)]
    found = list(log.read_all(tenant_id)) + list(log.read_all(tenant_id, cut=Cut("recorded")))
    found += list(log.read_all(tenant_id, cut=Cut("recorded", recorded_at=OLD))) + log.read_many(tenant_id, streams)
    found += log.read_many(tenant_id, streams, cut=Cut(position=17)) + log.read(tenant_id, plan("people"))
    found += log.find(tenant_id, [draft(tenant_id, n).event_id for n in (50, 1, 900)])
    return found + log.follow(tenant_id, after_position=3, limit=40)


def hot(urls: Urls) -> int:
    with psycopg.connect(urls.owner) as connection:
        row = connection.execute("select count(*) from events").fetchone()
    return int(row[0]) if row else 0


def test_every_read_answers_as_before(own_urls: Urls, ground: Ground, filled: list[Event], tenant_id: TenantId) -> None:
    head, position = ground.log.head(tenant_id), ground.projector.run(tenant_id)
    told: list[int] = []
    assert archive(own_urls.owner, tenant_id, before=OLD, progress=told.append) == Archived(26, 26)
    assert (sum(told), hot(own_urls)) == (26, FACTS + 2 - 26)
    assert position == FACTS + 2
    assert everything(ground.log, tenant_id) == filled
    verdict = verify(ground.log.connections, tenant_id, anchor=head)
    assert (verdict.is_clean, verdict.events) == (True, FACTS + 2)
    assert ground.position_at(tenant_id, NOW) == FACTS + 2
    assert archive(own_urls.owner, tenant_id, before=OLD) == Archived(0, 26)


def test_what_is_archived_stays_taken(own_urls: Urls, log: SqlLog, filled: list[Event], tenant_id: TenantId) -> None:
    archive(own_urls.owner, tenant_id, before=NOW + timedelta(days=1))
    assert hot(own_urls) == STREAMS
    (again,) = log.append(tenant_id, [(plan("p0"), [draft(tenant_id, 50)], None)], now=NOW + timedelta(days=9))
    assert (again.position, again.appended_at) == (50, NOW)
    two = [draft(tenant_id, 50), draft(tenant_id, 45)]
    assert [event.position for event in log.append(tenant_id, [(plan("p0"), two, None)], now=NOW)] == [50, 45]
    with pytest.raises(Conflict, match="another content"):
        log.append(tenant_id, [(plan("p9"), [draft(tenant_id, 50, name="other")], 0)], now=NOW)
    with pytest.raises(Conflict, match="another content"):
        log.append(tenant_id, [(plan("p9"), [draft(tenant_id, n, name="other") for n in (50, 51)], 0)], now=NOW)
    with pytest.raises(Conflict, match="at version 12, not 0"):
        log.append(tenant_id, [(plan("p1"), [draft(tenant_id, 901)], 0)], now=NOW)
    rows = [(plan(f"p{n % 5}"), draft(tenant_id, n)) for n in (*range(1, FACTS + 1), 902)]
    report = log.bulk(tenant_id, rows, now=NOW)
    assert (report.new, report.known, report.differing) == (1, FACTS, ())
    assert log.bulk(tenant_id, [(plan("p1"), draft(tenant_id, 3, name="other"))], now=NOW).differing
    (event,) = log.append(tenant_id, [(plan("p1"), [draft(tenant_id, 903)], 12)], now=NOW)
    assert event.stream_version == 13
    assert log.seal(tenant_id) == 2
    assert verify(log.connections, tenant_id).is_clean


def test_nothing_leaves_that_is_not_held(own_urls: Urls, log: SqlLog, filled: list[Event], tenant_id: TenantId) -> None:
    archive(own_urls.owner, tenant_id, before=OLD)
    statements = (
        "delete from events where position is not null",
        "delete from archived_events",
        "update archived_events set source = 'x'",
        "truncate archived_events",
    )
    for statement in statements:
        with psycopg.connect(own_urls.owner) as connection, pytest.raises(psycopg.DatabaseError, match="never changed"):
            connection.execute(statement.encode())
    copy = "insert into archived_events select {} from events where position = 1"
    columns = "tenant_id, stream_id, stream_version, event_id, type, schema_version, occurred_at, recorded_at,"
    columns += " appended_at, actor_id, source, causation_id, correlation_id, subject_keys, 'other', position, hash"
    with psycopg.connect(own_urls.owner) as connection:
        connection.execute(copy.format(columns).encode())
        with pytest.raises(psycopg.DatabaseError, match="never changed"):
            connection.execute("delete from events where position = 1")


def test_a_streams_newest_event_stays(own_urls: Urls, log: SqlLog, filled: list[Event], tenant_id: TenantId) -> None:
    archive(own_urls.owner, tenant_id, before=NOW + timedelta(days=1))
    columns = archiving._COLUMNS
    with psycopg.connect(own_urls.owner) as connection:
        left = connection.execute("select distinct stream_id from events").fetchall()
        copy = f"insert into archived_events ({columns}) select {columns} from events where stream_id = 'plan/p0'"
        connection.execute(copy.encode())
        with pytest.raises(psycopg.DatabaseError, match="never changed"):
            connection.execute("delete from events where stream_id = 'plan/p0'")
    assert len(left) == STREAMS


@pytest.mark.parametrize(
    "tampering",
    [
        "update archived_events set body = convert_to('{}', 'UTF8') where position = 40",
        "update archived_events set recorded_at = recorded_at + interval '1 day' where position = 60",
        "delete from archived_events where position = 31",
        "delete from archived_events",
        "update archived_events set stream_version = stream_version + 100 where position = 35",
    ],
)
def test_a_change_in_the_archive_is_found(
    own_urls: Urls, log: SqlLog, filled: list[Event], tenant_id: TenantId, tampering: str
) -> None:
    archive(own_urls.owner, tenant_id, before=OLD)
    assert verify(log.connections, tenant_id).is_clean
    with psycopg.connect(own_urls.owner) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute(tampering.encode())
    assert not verify(log.connections, tenant_id).is_clean


def test_an_event_in_both_places_is_found(
    own_urls: Urls, log: SqlLog, filled: list[Event], tenant_id: TenantId
) -> None:
    columns = archiving._COLUMNS
    with psycopg.connect(own_urls.owner) as connection:
        copy = f"insert into archived_events ({columns}) select {columns} from events where position = 5"
        connection.execute(copy.encode())
    assert not verify(log.connections, tenant_id).is_clean


def test_appends_and_reads_go_on_meanwhile(own_urls: Urls, log: SqlLog, tenant_id: TenantId) -> None:
    log.bulk(tenant_id, [(plan(f"p{n % 5}"), draft(tenant_id, n)) for n in range(1, 12_001)], now=NOW)
    log.seal(tenant_id)
    counts: list[int] = []
    is_over = threading.Event()

    def read() -> None:
        while not is_over.is_set():
            counts.append(sum(len(log.read(tenant_id, plan(f"p{n}"))) for n in range(5)))

    def write() -> None:
        number = 20_000
        while not is_over.is_set():
            log.append(tenant_id, [(plan("new"), [draft(tenant_id, number)], None)], now=NOW)
            number += 1

    threads = [threading.Thread(target=work) for work in (read, write)]
    for thread in threads:
        thread.start()
    assert archive(own_urls.owner, tenant_id, before=NOW).moved == 11_995
    is_over.set()
    for thread in threads:
        thread.join()
    assert set(counts) == {12_000}
    log.seal(tenant_id)
    assert verify(log.connections, tenant_id).is_clean
    assert log.head(tenant_id) != Head()
    assert numbers(list(log.read_all(tenant_id)))[:12_000] == list(range(1, 12_001))
