"""What a log must do, whichever backend holds it. Subclasses give the fixtures `log` and `tenant_id`."""

from datetime import timedelta

import pytest

from store.errors import Conflict
from store.events import PersonRegistered
from store.ids import StreamId, TenantId, tenant_id_of
from store.keys import ERASED, Keys
from store.log import GENESIS, Cut, Event, Head, Log, chain_hash, header
from tests.store.facts import NOW, draft, person, plan

P1, P2 = plan("p1"), plan("p2")


def numbers(events: list[Event]) -> list[int]:
    return [int(getattr(event.fact, "external_id", "0")) for event in events]


class LogContract:
    """One log, used as a port."""

    def test_what_was_appended_is_read_back_whole(self, log: Log, tenant_id: TenantId) -> None:
        written = draft(tenant_id, 1)
        (event,) = log.append(tenant_id, [(P1, [written], 0)], now=NOW)
        (read,) = log.read(tenant_id, P1)
        assert read == event
        assert (read.fact, read.event_id, read.stream_version) == (written.fact, written.event_id, 1)
        assert (read.occurred_at, read.recorded_at, read.appended_at) == (written.occurred_at, written.recorded_at, NOW)
        assert (read.source, read.actor_id, read.causation_id, read.correlation_id) == (
            "test",
            "person-1",
            "cause",
            "case",
        )
        assert (read.position, read.hash) == (None, None)

    def test_versions_count_up_in_each_stream(self, log: Log, tenant_id: TenantId) -> None:
        writes = [(P1, [draft(tenant_id, 1), draft(tenant_id, 2)], 0), (P2, [draft(tenant_id, 3)], None)]
        log.append(tenant_id, writes, now=NOW)
        log.append(tenant_id, [(P1, [draft(tenant_id, 4)], 2), (P2, [draft(tenant_id, 5)], 1)], now=NOW)
        assert [(event.stream_version, *numbers([event])) for event in log.read(tenant_id, P1)] == [
            (1, 1),
            (2, 2),
            (3, 4),
        ]
        assert numbers(log.read(tenant_id, P1, after_version=2)) == [4]
        assert numbers(log.read(tenant_id, P2)) == [3, 5]

    def test_one_stream_named_twice_is_one_stream(self, log: Log, tenant_id: TenantId) -> None:
        log.append(tenant_id, [(P1, [draft(tenant_id, 1)], 0), (P1, [draft(tenant_id, 2)], None)], now=NOW)
        assert [event.stream_version for event in log.read(tenant_id, P1)] == [1, 2]

    def test_a_stale_version_is_refused_and_nothing_is_written(self, log: Log, tenant_id: TenantId) -> None:
        log.append(tenant_id, [(P1, [draft(tenant_id, 1)], 0)], now=NOW)
        for expected in (0, 2):
            with pytest.raises(Conflict) as caught:
                log.append(tenant_id, [(P2, [draft(tenant_id, 2)], 0), (P1, [draft(tenant_id, 3)], expected)], now=NOW)
            assert caught.value.code == "stale_version"
            assert caught.value.data == {"expected_version": expected, "current_version": 1}
        assert log.read(tenant_id, P2) == []

    def test_a_repeat_answers_what_is_stored(self, log: Log, tenant_id: TenantId) -> None:
        writes = [(P1, [draft(tenant_id, 1), draft(tenant_id, 2)], 0)]
        first = log.append(tenant_id, writes, now=NOW)
        assert log.append(tenant_id, writes, now=NOW + timedelta(hours=1)) == first
        assert len(log.read(tenant_id, P1)) == 2

    @pytest.mark.parametrize("expected", [None, 0, 1])
    def test_an_id_with_other_bytes_is_refused(self, log: Log, tenant_id: TenantId, expected: int | None) -> None:
        log.append(tenant_id, [(P1, [draft(tenant_id, 1)], 0)], now=NOW)
        with pytest.raises(Conflict, match="another content") as caught:
            log.append(tenant_id, [(P1, [draft(tenant_id, 1, name="other")], expected)], now=NOW)
        assert caught.value.code == "event_id_taken"

    def test_an_id_twice_in_one_append_is_refused(self, log: Log, tenant_id: TenantId) -> None:
        with pytest.raises(Conflict):
            log.append(tenant_id, [(P1, [draft(tenant_id, 1), draft(tenant_id, 1)], None)], now=NOW)
        assert log.read(tenant_id, P1) == []

    def test_nothing_to_append_is_no_event(self, log: Log, tenant_id: TenantId) -> None:
        assert log.append(tenant_id, [], now=NOW) == []
        assert log.append(tenant_id, [(P1, [], None)], now=NOW) == []

    def test_sealing_gives_gapless_positions_and_a_chain(self, log: Log, tenant_id: TenantId) -> None:
        assert log.head(tenant_id) == Head(0, GENESIS)
        log.append(tenant_id, [(P1, [draft(tenant_id, 1), draft(tenant_id, 2)], 0)], now=NOW)
        assert (log.seal(tenant_id), log.seal(tenant_id)) == (2, 0)
        log.append(tenant_id, [(P2, [draft(tenant_id, 3)], 0)], now=NOW)
        assert log.follow(tenant_id, after_position=2) == []
        assert log.seal(tenant_id) == 1
        previous = GENESIS
        for position, event in enumerate(log.follow(tenant_id, after_position=0), start=1):
            previous = chain_hash(previous, header(event, position), event.body)
            assert (event.position, event.hash) == (position, previous)
        assert log.head(tenant_id) == Head(3, previous)

    def test_followers_see_sealed_events_only(self, log: Log, tenant_id: TenantId) -> None:
        log.append(tenant_id, [(P1, [draft(tenant_id, n) for n in range(1, 6)], 0)], now=NOW)
        assert log.follow(tenant_id, after_position=0) == []
        assert list(log.read_all(tenant_id)) == []
        assert tenant_id in log.pending_tenants()
        log.seal(tenant_id)
        assert tenant_id not in log.pending_tenants()
        assert numbers(log.follow(tenant_id, after_position=1, limit=2)) == [2, 3]
        assert numbers(list(log.read_all(tenant_id))) == [1, 2, 3, 4, 5]

    def test_each_basis_has_its_own_order_and_cut(self, log: Log, tenant_id: TenantId) -> None:
        log.append(tenant_id, [(P1, [draft(tenant_id, 1), draft(tenant_id, 2)], 0)], now=NOW)
        log.append(tenant_id, [(P2, [draft(tenant_id, 3)], 0)], now=NOW)
        log.seal(tenant_id)
        log.append(tenant_id, [(P1, [draft(tenant_id, 4)], 2)], now=NOW)
        known = Cut("recorded", recorded_at=NOW - timedelta(hours=2))
        both = [P1, P2]
        assert numbers(log.read_many(tenant_id, both)) == [1, 2, 3, 4]
        assert numbers(log.read_many(tenant_id, both, cut=Cut(position=2))) == [1, 2]
        assert numbers(log.read_many(tenant_id, both, cut=Cut("recorded"))) == [4, 3, 2, 1]
        assert numbers(log.read_many(tenant_id, both, cut=known)) == [4, 3, 2]
        assert numbers(log.read_many(tenant_id, [P2, P2])) == [3]
        assert numbers(list(log.read_all(tenant_id, cut=Cut(position=2)))) == [1, 2]
        assert numbers(list(log.read_all(tenant_id, cut=Cut("recorded")))) == [3, 2, 1]
        assert numbers(list(log.read_all(tenant_id, cut=known))) == [3, 2]

    def test_events_are_found_by_id_in_the_order_asked(self, log: Log, tenant_id: TenantId) -> None:
        log.append(tenant_id, [(P1, [draft(tenant_id, 1), draft(tenant_id, 2)], 0)], now=NOW)
        ids = [draft(tenant_id, number).event_id for number in (2, 9, 1)]
        assert numbers(log.find(tenant_id, ids)) == [2, 1]
        assert log.find(tenant_id, []) == []

    def test_bulk_says_what_became_of_each_fact(self, log: Log, tenant_id: TenantId) -> None:
        log.append(tenant_id, [(P1, [draft(tenant_id, 1)], 0)], now=NOW)
        other = draft(tenant_id, 2, name="other")
        rows = [(P1, draft(tenant_id, 1)), (P2, draft(tenant_id, 2)), (P1, draft(tenant_id, 3)), (P2, other)]
        report = log.bulk(tenant_id, [*rows, (P1, draft(tenant_id, 3))], now=NOW)
        assert (report.new, report.known, report.differing) == (2, 2, (other.event_id,))
        again = log.bulk(tenant_id, rows, now=NOW)
        assert (again.new, again.known, again.differing) == (0, 3, (other.event_id,))
        assert [(event.stream_version, *numbers([event])) for event in log.read(tenant_id, P1)] == [(1, 1), (2, 3)]
        log.seal(tenant_id)
        assert numbers(log.follow(tenant_id, after_position=0)) == [1, 2, 3]

    def test_bulk_keeps_the_order_of_its_rows(self, log: Log, tenant_id: TenantId) -> None:
        told: list[int] = []
        rows = [(plan(f"p{number % 7}"), draft(tenant_id, number)) for number in range(1, 300)]
        log.bulk(tenant_id, rows, now=NOW, progress=told.append)
        log.seal(tenant_id)
        assert numbers(list(log.read_all(tenant_id))) == list(range(1, 300))
        assert sum(told) == 299

    def test_personal_fields_are_ciphertext_until_read(self, log: Log, tenant_id: TenantId) -> None:
        (event,) = log.append(tenant_id, [(StreamId("capacity/x"), [person(tenant_id, "x")], 0)], now=NOW)
        assert b"Ada" not in event.body
        (read,) = log.read(tenant_id, StreamId("capacity/x"))
        assert read == event
        assert isinstance(read.fact, PersonRegistered)
        assert (read.fact.name, read.subject_keys) == ("Ada Example", {"name": "x", "email": "x"})

    def test_a_person_learnt_twice_has_the_same_bytes(self, log: Log, tenant_id: TenantId) -> None:
        stream = StreamId("capacity/x")
        log.append(tenant_id, [(stream, [person(tenant_id, "x")], 0)], now=NOW)
        assert log.bulk(tenant_id, [(stream, person(tenant_id, "x"))], now=NOW).known == 1

    def test_an_erased_person_is_gone_and_the_chain_holds(self, log: Log, keys: Keys, tenant_id: TenantId) -> None:
        stream = StreamId("capacity/x")
        log.append(tenant_id, [(stream, [person(tenant_id, "x")], 0)], now=NOW)
        log.seal(tenant_id)
        keys.destroy(tenant_id, "x")
        (event,) = log.read(tenant_id, stream)
        assert isinstance(event.fact, PersonRegistered)
        assert (event.fact.name, event.fact.email) == (ERASED, ERASED)
        assert chain_hash(GENESIS, header(event, 1), event.body) == log.head(tenant_id).hash

    def test_tenants_do_not_see_each_other(self, log: Log, tenant_id: TenantId) -> None:
        other = tenant_id_of(f"other-{tenant_id}")
        log.append(tenant_id, [(P1, [draft(tenant_id, 1)], 0)], now=NOW)
        log.append(other, [(P1, [draft(tenant_id, 1, name="theirs")], 0)], now=NOW)
        log.seal(tenant_id)
        assert log.follow(other, after_position=0) == []
        assert log.head(other) == Head()
        assert [event.fact for event in log.read(other, P1)] == [draft(tenant_id, 1, name="theirs").fact]
        assert [event.fact for event in log.find(tenant_id, [draft(tenant_id, 1).event_id])] == [
            draft(tenant_id, 1).fact
        ]
