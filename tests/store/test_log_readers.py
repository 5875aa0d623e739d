"""No reader skips a fact: followers read while many write."""

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

import psycopg

from store.events import dump
from store.ground import Urls
from store.ids import TenantId
from store.log_sql import SqlLog
from store.verify import verify
from tests.store.facts import draft

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
