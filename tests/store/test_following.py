"""A live follower gets every sealed event at once: by notices, and by polling where none come through."""

import threading
import time
from collections.abc import Iterator

import psycopg
import pytest

from store.connections import as_role
from store.following import DOUBT_SECONDS, Notices, follow_live
from store.ground import Urls
from store.ids import TenantId
from store.log import Event
from store.log_sql import SqlLog
from tests.contracts.log import numbers
from tests.store.facts import NOW, draft, plan

FACTS = 40
LISTENERS = "select pid from pg_stat_activity where datname = current_database() and query = 'listen leeway_sealed'"


@pytest.fixture(params=["notices", "polling"])
def notices(request: pytest.FixtureRequest, urls: Urls) -> Iterator[Notices]:
    made = Notices(urls.app, may_listen=request.param == "notices")
    yield made
    made.close()


def wait_until_listening(notices: Notices, tenant_id: TenantId) -> None:
    deadline = time.monotonic() + 10
    while not notices.is_listening and time.monotonic() < deadline:
        notices.wait(tenant_id, 0, seconds=0.01)


def append_and_seal(log: SqlLog, tenant_id: TenantId, first: int = 1) -> None:
    for number in range(first, first + FACTS):
        log.append(tenant_id, [(plan("p1"), [draft(tenant_id, number)], None)], now=NOW)
        log.seal(tenant_id)


def followed(log: SqlLog, notices: Notices, tenant_id: TenantId, wanted: int) -> list[Event]:
    found: list[Event] = []
    for events in follow_live(log, notices, tenant_id, after_position=0, seconds=30, limit=7):
        found += events
        if len(found) >= wanted:
            break
    return found


def test_a_follower_skips_and_repeats_nothing(sql_log: SqlLog, notices: Notices, tenant_id: TenantId) -> None:
    writer = threading.Thread(target=append_and_seal, args=(sql_log, tenant_id))
    writer.start()
    found = followed(sql_log, notices, tenant_id, FACTS)
    writer.join()
    assert numbers(found) == list(range(1, FACTS + 1))
    assert [event.position for event in found] == list(range(1, FACTS + 1))


def test_a_notice_wakes_long_before_doubt_does(urls: Urls, sql_log: SqlLog, tenant_id: TenantId) -> None:
    notices = Notices(urls.app)
    wait_until_listening(notices, tenant_id)
    woken: list[float] = []

    def wait() -> None:
        start = time.monotonic()
        notices.wait(tenant_id, 0, seconds=60)
        woken.append(time.monotonic() - start)

    waiter = threading.Thread(target=wait)
    waiter.start()
    sql_log.append(tenant_id, [(plan("p1"), [draft(tenant_id, 1)], 0)], now=NOW)
    sql_log.seal(tenant_id)
    waiter.join()
    assert woken[0] < DOUBT_SECONDS
    notices.close()


def test_a_follower_whose_listening_is_cut_goes_on(urls: Urls, sql_log: SqlLog, tenant_id: TenantId) -> None:
    notices = Notices(urls.app)
    wait_until_listening(notices, tenant_id)
    with psycopg.connect(urls.owner) as connection:
        cut = [connection.execute("select pg_terminate_backend(%s)", row) for row in connection.execute(LISTENERS)]
    assert cut
    append_and_seal(sql_log, tenant_id)
    assert numbers(followed(sql_log, notices, tenant_id, FACTS)) == list(range(1, FACTS + 1))
    wait_until_listening(notices, tenant_id)
    assert notices.is_listening
    notices.close()


def test_a_notice_names_a_tenant_and_a_position_and_nothing_else(
    urls: Urls, sql_log: SqlLog, tenant_id: TenantId
) -> None:
    with psycopg.connect(as_role(urls.app, "leeway_app"), autocommit=True) as connection:
        connection.execute("listen leeway_sealed")
        sql_log.append(tenant_id, [(plan("p1"), [draft(tenant_id, n) for n in (1, 2)], 0)], now=NOW)
        sql_log.seal(tenant_id)
        payloads = {notice.payload for notice in connection.notifies(timeout=5, stop_after=1)}
    assert payloads == {f"{tenant_id} 2"}


def test_a_follower_ends_when_its_time_is_over(sql_log: SqlLog, notices: Notices, tenant_id: TenantId) -> None:
    assert list(follow_live(sql_log, notices, tenant_id, after_position=0, seconds=0.05)) == []
