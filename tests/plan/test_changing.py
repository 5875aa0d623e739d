"""Calendars and contracts that change from a day on: what was before stays as it was."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plan.calendar import Calendar, weekly
from plan.commands import Reported, record
from plan.staffing import calendar_of, contract_of
from store.errors import LeewayError
from store.events import CalendarChanged, CalendarDefined, ContractChanged, Fact, PersonRegistered
from store.ids import EventId, PersonId, TenantId
from store.log import Event
from store.log_memory import MemoryLog
from store.projections.people.fold import fold as fold_person
from store.projections.tenants.fold import fold as fold_tenant
from store.streams import DIRECTORY, capacity_stream, stream_of
from tests.plan.strategies import calendars, days

DAY = dt.timedelta(days=1)
NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
TENANT_ID = TenantId("0c64a3a5-4f0f-5f7c-8d26-5a1c1f0a9c22")
ANN = PersonId("5b1e6a0c-1111-5222-8333-444455556666")
WEEK_ID = "7e9d6c5b-4a3f-5d2e-9c1b-0a9f8e7d6c5b"
EIGHT = (Decimal(8),) * 5 + (Decimal(0),) * 2
FOUR_DAYS = (Decimal(8),) * 4 + (Decimal(0),) * 3
CHANGE = dt.date(2026, 4, 1)


def events(*facts: Fact) -> list[Event]:
    return [
        Event(TENANT_ID, stream_of(fact), n, EventId(f"e-{n}"), fact, NOON, NOON, NOON, "test")
        for n, fact in enumerate(facts, start=1)
    ]


@given(calendars, calendars, days, st.integers(1, 400), st.integers(0, 300))
def test_a_change_alters_nothing_before_its_day(
    calendar: Calendar, later: Calendar, change: dt.date, ago: int, length: int
) -> None:
    changed, start = calendar.changed_from(change, later), change - ago * DAY
    end = min(start + length * DAY, change - DAY)
    assert changed.working_days_between(start, end) == calendar.working_days_between(start, end)
    assert changed.hours_between(start, end) == calendar.hours_between(start, end)
    assert [changed.hours_on(start + n * DAY) for n in range(ago)] == [
        calendar.hours_on(start + n * DAY) for n in range(ago)
    ]
    opens, closes = calendar.start_of_day(start), calendar.end_of_day(end)
    assert changed.working_time_between(opens, closes) == calendar.working_time_between(opens, closes)


@given(calendars, calendars, calendars, days, st.integers(-60, 60), st.integers(-200, 200), st.integers(0, 300))
def test_counting_over_changes_equals_walking(
    calendar: Calendar, second: Calendar, third: Calendar, change: dt.date, apart: int, offset: int, length: int
) -> None:
    changed = calendar.changed_from(change, second).changed_from(change + apart * DAY, third)
    start = change + offset * DAY
    walked = [start + n * DAY for n in range(1, length + 1) if changed.is_working_day(start + n * DAY)]
    end = start + length * DAY
    assert changed.working_days_between(start, end) == len(walked)
    assert changed.hours_between(start, end) == sum(map(changed.hours_on, walked))
    assert [changed.day_at(changed.index(start) + n) for n in range(1, len(walked) + 1)] == walked


@given(calendars, calendars, calendars, days, days)
def test_a_calendar_that_changes_itself_is_followed_from_the_day_on(
    first: Calendar, second: Calendar, third: Calendar, one: dt.date, two: dt.date
) -> None:
    later = second.changed_from(two, third)
    changed = first.changed_from(one, later)
    for day in (one - DAY, one, one + DAY, two - DAY, two, two + DAY):
        assert changed.hours_on(day) == (first if day < one else later).hours_on(day)


def test_days_off_and_contracted_hours_hold_on_both_sides_of_a_change() -> None:
    five, four = Calendar("UTC", EIGHT), Calendar("UTC", FOUR_DAYS)
    changed = five.changed_from(CHANGE, four).with_full_day(Decimal(6)).with_holidays([CHANGE - DAY, CHANGE])
    found = [changed.hours_on(CHANGE + n * DAY) for n in (-2, -1, 0, 1, 2)]
    assert found == [Decimal(hours) for hours in (6, 0, 0, 6, 0)]


def test_an_organisations_week_changes_from_its_day() -> None:
    tenant = fold_tenant(events(CalendarChanged(valid_from=CHANGE, weekday_hours=FOUR_DAYS)))
    assert [calendar_of(tenant, None).hours_on(dt.date(2026, 3, 27) + n * 7 * DAY) for n in range(3)] == [8, 0, 0]


def test_a_named_calendar_keeps_its_change_when_it_is_corrected() -> None:
    defined = CalendarDefined(calendar_id=WEEK_ID, external_id="", name="Week", weekday_hours=EIGHT)
    changed = CalendarChanged(calendar_id=WEEK_ID, valid_from=CHANGE, weekday_hours=FOUR_DAYS)
    for order in ((defined, changed), (defined, changed, defined)):
        found = calendar_of(fold_tenant(events(*order)), WEEK_ID)
        assert [found.hours_on(day) for day in (dt.date(2026, 3, 27), dt.date(2026, 4, 3))] == [8, 0]


def test_a_contract_changes_from_its_day_whichever_change_is_told_first() -> None:
    person = PersonRegistered(person_id=ANN, external_id="Ann", hours_per_day=Decimal(8))
    half = ContractChanged(person_id=ANN, valid_from=CHANGE, hours_per_day=Decimal(4))
    back = ContractChanged(person_id=ANN, valid_from=dt.date(2026, 6, 1), hours_per_day=Decimal(8))
    for order in ((person, half, back), (person, back, half)):
        contract = contract_of(fold_person(events(*order)), fold_tenant([]))
        asked = (CHANGE - DAY, CHANGE, dt.date(2026, 5, 29), dt.date(2026, 6, 1))
        assert [contract.hours_on(day) for day in asked] == [8, 4, 4, 8]


def test_a_contract_can_move_to_another_calendar() -> None:
    week = CalendarDefined(calendar_id=WEEK_ID, external_id="", name="Four days", weekday_hours=FOUR_DAYS)
    person = PersonRegistered(person_id=ANN, external_id="Ann", hours_per_day=Decimal(6))
    moved = ContractChanged(person_id=ANN, valid_from=CHANGE, calendar_id=WEEK_ID)
    contract = contract_of(fold_person(events(person, moved)), fold_tenant(events(week)))
    assert [contract.hours_on(day) for day in (dt.date(2026, 3, 27), dt.date(2026, 4, 2), dt.date(2026, 4, 3))] == [
        6,
        6,
        0,
    ]


@given(days, st.sampled_from([Decimal(0), Decimal(4), Decimal("7.5")]), st.integers(1, 500))
def test_a_change_of_contract_restates_no_day_before(change: dt.date, hours: Decimal, ago: int) -> None:
    person = events(PersonRegistered(person_id=ANN, external_id="Ann", hours_per_day=Decimal(8)))
    changed = events(ContractChanged(person_id=ANN, valid_from=change, hours_per_day=hours))
    tenant, day = fold_tenant([]), change - ago * DAY
    before, after = (contract_of(fold_person(known), tenant) for known in (person, [*person, *changed]))
    assert after.hours_on(day) == before.hours_on(day)


@pytest.mark.parametrize(
    ("kind", "payload", "code"),
    [
        ("calendar.changed.v1", {"valid_from": "2026-04-01", "weekday_hours": ["8"]}, "bad_hours"),
        ("calendar.changed.v1", {"valid_from": "2026-04-01", "weekday_hours": ["25"] * 7}, "bad_hours"),
        (
            "calendar.changed.v1",
            {"calendar_id": WEEK_ID, "valid_from": "2026-04-01", "weekday_hours": ["8"] * 7},
            "unknown_calendar",
        ),
        ("person.contract_changed.v1", {"person_id": ANN, "valid_from": "2026-04-01"}, "nothing_changed"),
        (
            "person.contract_changed.v1",
            {"person_id": ANN, "valid_from": "2026-04-01", "hours_per_day": "6"},
            "unknown_person",
        ),
        (
            "person.contract_changed.v1",
            {"person_id": ANN, "valid_from": "0001-01-01", "hours_per_day": "6"},
            "date_out",
        ),
    ],
)
def test_changes_that_cannot_be_are_refused(kind: str, payload: dict[str, object], code: str) -> None:
    with pytest.raises(LeewayError) as caught:
        record(MemoryLog(), TENANT_ID, [Reported(kind, payload)], key="k", actor_id="t", now=NOON, appended_at=NOON)
    assert caught.value.code.startswith(code)


def test_a_change_is_recorded_where_it_belongs() -> None:
    assert stream_of(CalendarChanged(valid_from=CHANGE, weekday_hours=EIGHT)) == DIRECTORY
    assert stream_of(ContractChanged(person_id=ANN, valid_from=CHANGE)) == capacity_stream(ANN)


def test_a_week_without_changes_is_what_it_was() -> None:
    assert calendar_of(fold_tenant([]), None) == weekly("UTC", range(1, 6), Decimal(8))
