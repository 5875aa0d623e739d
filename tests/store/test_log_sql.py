"""The log in PostgreSQL keeps the contract, and what is its own."""

import threading
from datetime import timedelta

import pytest

from store.errors import Conflict, Invalid
from store.ground import Urls
from store.ids import TenantId, tenant_id_of
from store.keys import Keys
from store.log import Log
from store.log_sql import SqlLog
from store.verify import verify
from tests.contracts.log import LogContract, numbers
from tests.store.facts import NOW, draft, plan


@pytest.fixture
def log(sql_log: SqlLog) -> Log:
    return sql_log


@pytest.fixture
def keys(sql_log: SqlLog) -> Keys:
    return sql_log.keys


class TestSqlLog(LogContract):
    """See the contract."""


def test_a_text_that_cannot_be_stored_is_invalid(sql_log: SqlLog, tenant_id: TenantId) -> None:
    bad = draft(tenant_id, 1, name="a\x00b")
    with pytest.raises(Invalid, match="NUL"):
        sql_log.append(tenant_id, [(plan("p1"), [bad], 0)], now=NOW)
    with pytest.raises(Invalid, match="NUL"):
        sql_log.bulk(tenant_id, [(plan("p1"), bad)], now=NOW)
    assert sql_log.read(tenant_id, plan("p1")) == []


def test_bulk_goes_over_chunks_and_pages(sql_log: SqlLog, tenant_id: TenantId) -> None:
    rows = [(plan(f"p{number % 40}"), draft(tenant_id, number)) for number in range(1, 12_001)]
    assert sql_log.bulk(tenant_id, rows[:7000], now=NOW).new == 7000
    report = sql_log.bulk(tenant_id, rows, now=NOW + timedelta(hours=1))
    assert (report.new, report.known) == (5000, 7000)
    assert sql_log.seal(tenant_id) == 12_000
    assert numbers(list(sql_log.read_all(tenant_id))) == list(range(1, 12_001))


def test_of_many_writers_at_one_version_one_wins(sql_log: SqlLog, tenant_id: TenantId) -> None:
    outcomes: list[str] = []

    def write(number: int) -> None:
        try:
            sql_log.append(tenant_id, [(plan("p1"), [draft(tenant_id, number)], 0)], now=NOW)
            outcomes.append("won")
        except Conflict as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [*["stale_version"] * 15, "won"]


def test_one_fact_from_many_writers_is_one_event(sql_log: SqlLog, tenant_id: TenantId) -> None:
    answers: list[int] = []

    def write() -> None:
        (event,) = sql_log.append(tenant_id, [(plan("p1"), [draft(tenant_id, 1)], None)], now=NOW)
        answers.append(event.stream_version)

    threads = [threading.Thread(target=write) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [1] * 16


def test_bulk_and_appends_share_a_stream(sql_log: SqlLog, tenant_id: TenantId) -> None:
    def load(start: int) -> None:
        rows = [(plan(f"p{number % 3}"), draft(tenant_id, number)) for number in range(start, start + 100)]
        sql_log.bulk(tenant_id, rows, now=NOW)

    def write(start: int) -> None:
        for number in range(start, start + 30):
            sql_log.append(tenant_id, [(plan(f"p{number % 3}"), [draft(tenant_id, number)], None)], now=NOW)

    starts = [(load, 0), (load, 50), (write, 1000), (write, 2000)]
    threads = [threading.Thread(target=work, args=(start,)) for work, start in starts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = [event for number in range(3) for event in sql_log.read(tenant_id, plan(f"p{number}"))]
    assert sorted(numbers(found)) == [*range(150), *range(1000, 1030), *range(2000, 2030)]


def test_all_waiting_tenants_are_sealed_at_once(own_urls: Urls) -> None:
    log = SqlLog(own_urls.app, sealer_url=own_urls.sealer, may_be_unsafe=True)
    tenants = [tenant_id_of(f"waiting-{number}") for number in range(5)]
    for number, tenant_id in enumerate(tenants, start=1):
        log.append(tenant_id, [(plan("p1"), [draft(tenant_id, n) for n in range(number)], 0)], now=NOW)
    assert log.seal_pending() == {tenant_id: number for number, tenant_id in enumerate(tenants, start=1)}
    assert log.seal_pending() == {}
    assert all(verify(log.connections, tenant_id).is_clean for tenant_id in tenants)
    log.close()
