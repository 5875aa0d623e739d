"""What cannot be is refused with a clear error, by every log, and nothing of it is stored."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar

import psycopg
import pytest

from plan.commands import Reported, record
from store.admission import CLOCK_SKEW, MOST_BODY_BYTES
from store.errors import Conflict, Invalid, LeewayError, NotFound
from store.events import Fact, MessageSent, TaskCreated, TimeLogged
from store.ground import Ground, Urls
from store.ids import EventId, PartyId, PersonId, ProjectId, StreamId, TenantId, fact_id, tenant_id_of
from store.log import Draft, Log
from store.log_memory import MemoryLog
from store.log_sql import SqlLog
from tests.store.facts import NOW, draft, plan

LARGE = "x" * 5 * 1024 * 1024


class TaskInvented(Fact, frozen=True, kw_only=True):
    TYPE: ClassVar[str] = "task.invented"
    task_id: str = "t1"


class TaskCreatedLater(TaskCreated, frozen=True, kw_only=True):
    VERSION: ClassVar[int] = 2


def hours(value: str) -> TimeLogged:
    return TimeLogged(
        entry_id="e",
        external_id="e",
        person_id=PersonId("x"),
        project_id=ProjectId("p1"),
        worked_on=NOW.date(),
        hours=Decimal(value),
    )


def message(text: str) -> MessageSent:
    return MessageSent(
        message_id="m",
        external_id="m",
        project_id=ProjectId("p1"),
        from_id=PartyId("nobody-yet"),
        channel="email",
        text=text,
    )


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "a payload of 5 MB": ({"fact": message(LARGE)}, "payload_too_large"),
    "a large personal text": ({"fact": draft(tenant_id_of("x"), 1, name=LARGE).fact}, "payload_too_large"),
    "an unknown type": ({"fact": TaskInvented()}, "unknown_event_type"),
    "a version nobody knows": (
        {"fact": TaskCreatedLater(task_id="t", external_id="", project_id=ProjectId("p"), name="")},  # type: ignore[arg-type]
        "unknown_event_type",
    ),
    "recorded before it occurred": (
        {"occurred_at": NOW, "recorded_at": NOW - CLOCK_SKEW - timedelta(seconds=1)},
        "recorded_before_occurred",
    ),
    "no time zone": ({"occurred_at": datetime(2026, 1, 1)}, "naive_instant"),  # noqa: DTZ001
    "NaN": ({"fact": hours("NaN")}, "not_a_number"),
    "a signalling NaN": ({"fact": hours("sNaN1")}, "not_a_number"),
    "infinity": ({"fact": hours("-Infinity")}, "not_a_number"),
    "a lone surrogate": ({"fact": draft(tenant_id_of("x"), 1, name="a\ud800b").fact}, "unstorable_text"),
    "a personal lone surrogate": ({"fact": message("a\udfffb")}, "unstorable_text"),
    "a surrogate in the envelope": ({"source": "crm\ud800"}, "unstorable_text"),
    "a NUL in the envelope": ({"actor_id": "per\0son"}, "unstorable_text"),
}


@pytest.fixture(params=["memory", "sql"])
def log(request: pytest.FixtureRequest, sql_log: SqlLog) -> Log:
    return MemoryLog() if request.param == "memory" else sql_log


def good(tenant_id: TenantId, number: int) -> Draft:
    return draft(tenant_id, number)


def is_empty(log: Log, tenant_id: TenantId) -> bool:
    log.seal(tenant_id)
    return list(log.read_all(tenant_id)) == [] and log.read(tenant_id, plan("p1")) == []


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_is_refused_whole(log: Log, tenant_id: TenantId, case: str) -> None:
    changes, code = BAD[case]
    bad = replace(good(tenant_id, 2), **changes)
    for write in (_append, _bulk):
        with pytest.raises(LeewayError) as refused:
            write(log, tenant_id, [bad, good(tenant_id, 1)])
        assert (type(refused.value), refused.value.code) == (Invalid, code)
        assert refused.value.remedy
        assert str(bad.event_id) in refused.value.where or code == "unknown_event_type"
        assert is_empty(log, tenant_id)


def _append(log: Log, tenant_id: TenantId, drafts: list[Draft]) -> None:
    log.append(tenant_id, [(plan("p1"), drafts, None)], now=NOW)


def _bulk(log: Log, tenant_id: TenantId, drafts: list[Draft]) -> None:
    log.bulk(tenant_id, [(plan("p1"), one) for one in drafts], now=NOW)


def test_a_clock_that_is_a_little_ahead_is_borne(log: Log, tenant_id: TenantId) -> None:
    ahead = replace(good(tenant_id, 1), occurred_at=NOW + CLOCK_SKEW, recorded_at=NOW)
    (event,) = log.append(tenant_id, [(plan("p1"), [ahead], 0)], now=NOW)
    assert event.occurred_at - event.recorded_at == CLOCK_SKEW


def test_a_payload_up_to_the_limit_is_stored(log: Log, tenant_id: TenantId) -> None:
    room = MOST_BODY_BYTES - len(log.append(tenant_id, [(plan("p1"), [good(tenant_id, 1)], 0)], now=NOW)[0].body)
    fact = replace(good(tenant_id, 2), fact=draft(tenant_id, 1, name="x" * (room + len("Tâche 1".encode()))).fact)
    (event,) = log.append(tenant_id, [(plan("p1"), [fact], 1)], now=NOW)
    assert len(event.body) == MOST_BODY_BYTES


def test_the_word_nan_is_a_word(log: Log, tenant_id: TenantId) -> None:
    log.append(
        tenant_id, [(plan("p1"), [draft(tenant_id, 1, name="NaN"), draft(tenant_id, 2, name="Infinity")], 0)], now=NOW
    )


def test_no_key_is_made_for_what_is_refused(sql_log: SqlLog, tenant_id: TenantId) -> None:
    bad = replace(good(tenant_id, 1), fact=message(LARGE))
    with pytest.raises(Invalid):
        _append(sql_log, tenant_id, [bad])
    assert sql_log.keys.read(tenant_id, ["nobody-yet"]) == {}


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"event_id": EventId("not-a-uuid")}, "unstorable_value"), ({"source": "a\0b"}, "unstorable_text")],
)
def test_what_the_database_cannot_hold_is_invalid(
    sql_log: SqlLog, tenant_id: TenantId, changes: dict[str, Any], code: str
) -> None:
    for write in (_append, _bulk):
        with pytest.raises(Invalid) as refused:
            write(sql_log, tenant_id, [replace(good(tenant_id, 1), **changes)])
        assert refused.value.code == code
    assert is_empty(sql_log, tenant_id)


def test_a_stream_name_that_no_index_can_hold_is_invalid(sql_log: SqlLog, tenant_id: TenantId) -> None:
    name = StreamId("plan/" + "".join(chr(0x4E00 + number * 7919 % 20000) for number in range(9000)))
    with pytest.raises(Invalid) as refused:
        sql_log.append(tenant_id, [(name, [good(tenant_id, 1)], 0)], now=NOW)
    assert refused.value.code == "too_long"


def test_a_wrong_version_in_a_batch_stops_all_of_it(log: Log, tenant_id: TenantId) -> None:
    writes = [(plan(f"p{number}"), [good(tenant_id, number)], 0) for number in range(1, 50)]
    with pytest.raises(Conflict) as refused:
        log.append(tenant_id, [*writes, (plan("p50"), [good(tenant_id, 50)], 3)], now=NOW)
    assert (refused.value.code, refused.value.data) == ("stale_version", {"expected_version": 3, "current_version": 0})
    assert is_empty(log, tenant_id)


def test_a_log_written_by_a_newer_program_is_read_no_further(own_urls: Urls) -> None:
    log, tenant_id = SqlLog(own_urls.app, sealer_url=own_urls.sealer, may_be_unsafe=True), tenant_id_of("newer")
    _append(log, tenant_id, [good(tenant_id, 1), good(tenant_id, 2)])
    with psycopg.connect(own_urls.owner) as connection:
        connection.execute("update events set schema_version = 9 where stream_version = 2")
    log.seal(tenant_id)
    with pytest.raises(Invalid, match="Upgrade Leeway") as refused:
        log.read(tenant_id, plan("p1"))
    assert refused.value.code == "newer_schema_version"
    with pytest.raises(Invalid, match="Upgrade Leeway"):
        log.follow(tenant_id, after_position=0)
    assert len(log.follow(tenant_id, after_position=0, limit=1)) == 1
    log.close()


def test_a_fact_for_another_tenants_project_is_not_found(ground: Ground, tenant_id: TenantId) -> None:
    theirs, project_id = tenant_id_of(f"theirs-{tenant_id}"), ProjectId(fact_id(tenant_id, "test", "their-project"))
    created = Reported("project.created.v1", {"project_id": project_id, "name": "Theirs"})
    record(ground.log, theirs, [created], key="theirs-1", actor_id="a", now=NOW, appended_at=NOW)
    staged = Reported("project.stage_changed.v1", {"project_id": project_id, "stage": "build"})
    own = Reported("project.created.v1", {"name": "Ours"})
    with pytest.raises(NotFound) as refused:
        record(ground.log, tenant_id, [own, staged], key="ours-1", actor_id="a", now=NOW, appended_at=NOW)
    assert (refused.value.code, refused.value.where) == ("unknown_project", "events[1].payload.project_id")
    ground.log.seal(tenant_id)
    assert ground.log.head(tenant_id).position == 0
    assert len(ground.log.read(theirs, StreamId(f"plan/{project_id}"))) == 1
