"""No reader skips a fact: followers read while many write, and the log behaves like a list."""

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from store.errors import Conflict
from store.events import dump
from store.ground import Urls
from store.ids import StreamId, TenantId, tenant_id_of
from store.log import Cut, Event
from store.log_sql import SqlLog
from store.verify import verify
from tests.contracts.log import numbers
from tests.store.facts import NOW, draft, plan

WRITERS = 16
FACTS_EACH = 25


def test_sixteen_writers_and_no_follower_skips(urls: Urls, sql_log: SqlLog, tenant_id: TenantId) -> None:
    """Commits come in another order than inserts: each writer sleeps between the two."""
    is_over = threading.Event()
    seen: list[list[int]] = [[], []]

    def write(writer: int) -> None:
        chance = random.Random(writer)
        with psycopg.connect(urls.app) as connection:
            for nth in range(FACTS_EACH):
                _append_slowly(connection, tenant_id, writer, nth, chance.uniform(0, 0.01))

    def follow(follower: int) -> None:
        position = 0
        while True:
            is_last = is_over.is_set()
            sql_log.seal(tenant_id)
            events = sql_log.follow(tenant_id, after_position=position, limit=50)
            seen[follower] += [event.position or 0 for event in events]
            position = seen[follower][-1] if seen[follower] else 0
            if is_last and not events:
                return

    with ThreadPoolExecutor(WRITERS + 2) as threads:
        followers = [threads.submit(follow, follower) for follower in range(2)]
        writers = [threads.submit(write, writer) for writer in range(WRITERS)]
        wait(writers)
        is_over.set()
    for thread in (*writers, *followers):
        thread.result()
    everything = list(range(1, WRITERS * FACTS_EACH + 1))
    assert seen == [everything, everything]
    assert verify(sql_log.connections, tenant_id).is_clean


def _append_slowly(
    connection: psycopg.Connection[tuple[Any, ...]], tenant_id: TenantId, writer: int, nth: int, pause_seconds: float
) -> None:
    fact = draft(tenant_id, writer * 1000 + nth)
    values = (tenant_id, f"plan/w{writer}", fact.event_id, dump(fact.fact).decode())
    connection.execute(
        "select append_fact(%s, now(), %s, null, %s, 'task.created', 1::smallint, now(), now(), null, 't', null, null,"
        " '{}', %s)",
        values,
    )
    time.sleep(pause_seconds)
    connection.commit()


class LogAsList(RuleBasedStateMachine):
    """The log against two lists: what was appended, and what was sealed of it."""

    log: SqlLog
    runs = 0

    def __init__(self) -> None:
        super().__init__()
        type(self).runs += 1
        self.tenant_id = tenant_id_of(f"machine-{type(self).runs}")
        self.appended: list[tuple[StreamId, int]] = []
        self.sealed: list[int] = []
        self.follower: list[int] = []
        self.known: set[int] = set()

    def version(self, stream_id: StreamId) -> int:
        return sum(1 for stream, _number in self.appended if stream == stream_id)

    @rule(stream=st.sampled_from("abc"), count=st.integers(1, 3), start=st.integers(0, 40), is_exact=st.booleans())
    def append(self, stream: str, count: int, start: int, is_exact: bool) -> None:
        stream_id = plan(stream)
        wanted = list(range(start, start + count))
        expected = self.version(stream_id) if is_exact else None
        drafts = [draft(self.tenant_id, number) for number in wanted]
        if self.known & set(wanted) and not set(wanted) <= self.known:
            with pytest.raises(Conflict):
                self.log.append(self.tenant_id, [(stream_id, drafts, expected)], now=NOW)
            return
        events = self.log.append(self.tenant_id, [(stream_id, drafts, expected)], now=NOW)
        assert numbers(events) == wanted
        if not set(wanted) <= self.known:
            self.appended += [(stream_id, number) for number in wanted]
            self.known |= set(wanted)

    @rule(start=st.integers(0, 40), count=st.integers(1, 6))
    def load(self, start: int, count: int) -> None:
        rows = [(plan("abc"[number % 3]), draft(self.tenant_id, number)) for number in range(start, start + count)]
        report = self.log.bulk(self.tenant_id, rows, now=NOW)
        fresh = [number for number in range(start, start + count) if number not in self.known]
        assert (report.new, report.known) == (len(fresh), count - len(fresh))
        self.appended += [(plan("abc"[number % 3]), number) for number in fresh]
        self.known |= set(fresh)

    @rule(stream=st.sampled_from("abc"), off=st.sampled_from([-1, 1]))
    def append_stale(self, stream: str, off: int) -> None:
        fresh = draft(self.tenant_id, 999)
        with pytest.raises(Conflict):
            self.log.append(self.tenant_id, [(plan(stream), [fresh], self.version(plan(stream)) + off)], now=NOW)

    @rule()
    def seal(self) -> None:
        count = self.log.seal(self.tenant_id)
        assert count == len(self.appended) - len(self.sealed)
        self.sealed += [number for _stream, number in self.appended[len(self.sealed) :]]

    @rule(limit=st.integers(1, 5))
    def follow(self, limit: int) -> None:
        events = self.log.follow(self.tenant_id, after_position=len(self.follower), limit=limit)
        self.follower += numbers(events)
        assert self.follower == self.sealed[: len(self.follower)]

    @rule(hours=st.integers(0, 45))
    def replay(self, hours: int) -> None:
        cut = Cut("recorded", recorded_at=NOW - timedelta(hours=hours))
        found: list[Event] = list(self.log.read_all(self.tenant_id, cut=cut))
        assert numbers(found) == sorted((number for number in self.sealed if number >= hours), reverse=True)

    @invariant()
    def streams_are_as_appended(self) -> None:
        for stream in "abc":
            stored = numbers(self.log.read(self.tenant_id, plan(stream)))
            assert stored == [number for stream_id, number in self.appended if stream_id == plan(stream)]


def test_the_log_behaves_like_a_list(own_urls: Urls) -> None:
    log = SqlLog(own_urls.app, sealer_url=own_urls.sealer, may_be_unsafe=True)

    class Machine(LogAsList):
        pass

    Machine.log = log
    try:
        run_state_machine_as_test(Machine, settings=settings(max_examples=25, stateful_step_count=20, deadline=None))
    finally:
        log.close()
