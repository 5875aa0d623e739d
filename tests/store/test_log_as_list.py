"""The log in PostgreSQL behaves like two lists, whatever is done to it in whatever order.

The gate tries 25 histories; `pytest tests/store/test_log_as_list.py --hypothesis-profile=long` tries 2,000.
"""

from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from store.archiving import archive
from store.errors import Conflict
from store.ground import Urls
from store.ids import StreamId, tenant_id_of
from store.log import Cut, Event
from store.log_sql import SqlLog
from store.verify import verify
from tests.contracts.log import numbers
from tests.store.facts import NOW, draft, plan

STREAMS = st.sampled_from("abc")
GATE_EXAMPLES, STEPS = 25, 20


class LogAsList(RuleBasedStateMachine):
    """The log against two lists: what was appended, and what was sealed of it."""

    log: SqlLog
    owner_url: str
    runs = 0

    def __init__(self) -> None:
        super().__init__()
        type(self).runs += 1
        self.tenant_id = tenant_id_of(f"machine-{type(self).runs}")
        self.appended: list[tuple[StreamId, int]] = []
        self.sealed: list[int] = []
        self.follower: list[int] = []
        self.known: set[int] = set()

    def of(self, stream_id: StreamId) -> list[int]:
        return [number for stream, number in self.appended if stream == stream_id]

    @rule(stream=STREAMS, count=st.integers(1, 3), start=st.integers(0, 40), is_exact=st.booleans())
    def append(self, stream: str, count: int, start: int, is_exact: bool) -> None:
        stream_id = plan(stream)
        wanted = list(range(start, start + count))
        expected = len(self.of(stream_id)) if is_exact else None
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

    @rule(first=st.integers(41, 60), count=st.integers(1, 2))
    def append_to_two(self, first: int, count: int) -> None:
        """Both streams or neither, in the order in which they are named."""
        wanted = {plan("b"): range(first, first + count), plan("a"): range(first + 20, first + 20 + count)}
        writes = [(s, [draft(self.tenant_id, n) for n in theirs], len(self.of(s))) for s, theirs in wanted.items()]
        fresh = [(stream_id, number) for stream_id in wanted for number in wanted[stream_id]]
        there = {number for _stream, number in fresh} & self.known
        if there and len(there) < len(fresh):
            with pytest.raises(Conflict):
                self.log.append(self.tenant_id, writes, now=NOW)
            return
        self.log.append(self.tenant_id, writes, now=NOW)
        if not there:
            self.appended += fresh
            self.known |= {number for _stream, number in fresh}

    @rule(choice=st.integers(0, 100), is_stale=st.booleans())
    def retry(self, choice: int, is_stale: bool) -> None:
        """The same fact gets the same answer, whatever version it is said to expect."""
        if not self.appended:
            return
        stream_id, number = self.appended[choice % len(self.appended)]
        expected = self.of(stream_id).index(number) if is_stale else None
        (event,) = self.log.append(
            self.tenant_id, [(stream_id, [draft(self.tenant_id, number)], expected)], now=NOW + timedelta(days=1)
        )
        assert (event.stream_version, event.appended_at) == (self.of(stream_id).index(number) + 1, NOW)

    @rule(choice=st.integers(0, 100))
    def append_another_under_a_known_id(self, choice: int) -> None:
        if self.appended:
            stream_id, number = self.appended[choice % len(self.appended)]
            other = draft(self.tenant_id, number, name="Something else")
            with pytest.raises(Conflict, match="id"):
                self.log.append(self.tenant_id, [(stream_id, [other], None)], now=NOW)

    @rule(start=st.integers(0, 40), count=st.integers(1, 6))
    def load(self, start: int, count: int) -> None:
        rows = [(plan("abc"[number % 3]), draft(self.tenant_id, number)) for number in range(start, start + count)]
        report = self.log.bulk(self.tenant_id, rows, now=NOW)
        fresh = [number for number in range(start, start + count) if number not in self.known]
        assert (report.new, report.known) == (len(fresh), count - len(fresh))
        self.appended += [(plan("abc"[number % 3]), number) for number in fresh]
        self.known |= set(fresh)

    @rule(stream=STREAMS, off=st.sampled_from([-1, 1]))
    def append_stale(self, stream: str, off: int) -> None:
        fresh, version = draft(self.tenant_id, 999), len(self.of(plan(stream)))
        with pytest.raises(Conflict) as caught:
            self.log.append(self.tenant_id, [(plan(stream), [fresh], version + off)], now=NOW)
        assert caught.value.code == "stale_version"

    @rule()
    def seal(self) -> None:
        count = self.log.seal(self.tenant_id)
        assert count == len(self.appended) - len(self.sealed)
        self.sealed += [number for _stream, number in self.appended[len(self.sealed) :]]

    @rule(hours=st.integers(0, 80))
    def archive_what_is_older(self, hours: int) -> None:
        archive(self.owner_url, self.tenant_id, before=NOW - timedelta(hours=hours))

    @rule(limit=st.integers(1, 5))
    def follow(self, limit: int) -> None:
        events = self.log.follow(self.tenant_id, after_position=len(self.follower), limit=limit)
        self.follower += numbers(events)
        assert self.follower == self.sealed[: len(self.follower)]

    @rule(position=st.integers(0, 60), stream=STREAMS)
    def look_back(self, position: int, stream: str) -> None:
        cut, streams = Cut(position=position), [plan(stream), plan("a")]
        then = self.sealed[:position]
        assert numbers(list(self.log.read_all(self.tenant_id, cut=cut))) == then
        theirs = {number for stream_id in streams for number in self.of(stream_id)}
        found = self.log.read_many(self.tenant_id, streams, cut=cut)
        assert numbers(found) == [number for number in then if number in theirs]

    @rule(hours=st.integers(0, 45))
    def replay(self, hours: int) -> None:
        cut = Cut("recorded", recorded_at=NOW - timedelta(hours=hours))
        found: list[Event] = list(self.log.read_all(self.tenant_id, cut=cut))
        assert numbers(found) == sorted((number for number in self.sealed if number >= hours), reverse=True)

    @invariant()
    def streams_are_as_appended(self) -> None:
        for stream in "abc":
            assert numbers(self.log.read(self.tenant_id, plan(stream))) == self.of(plan(stream))

    def teardown(self) -> None:
        verdict = verify(self.log.connections, self.tenant_id)
        assert verdict.is_clean
        assert (verdict.events, verdict.unsealed) == (len(self.sealed), len(self.appended) - len(self.sealed))


def test_the_log_behaves_like_a_list(own_urls: Urls) -> None:
    log = SqlLog(own_urls.app, sealer_url=own_urls.sealer, may_be_unsafe=True)
    # The gate's other properties cost microseconds; a history here costs a database.
    profile = settings()
    examples = GATE_EXAMPLES if profile.derandomize else profile.max_examples

    class Machine(LogAsList):
        pass

    Machine.log, Machine.owner_url = log, own_urls.owner
    try:
        run_state_machine_as_test(Machine, settings=settings(max_examples=examples, stateful_step_count=STEPS))
    finally:
        log.close()
