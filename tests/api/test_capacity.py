"""Capacity as the API tells it: the same hours as the alert's, sums that add up, and the past as it was known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest

from store.events import AllocationBooked, AllocationReleased, TaskStatusChanged, TimeLogged, TimeOffBooked
from store.ids import AllocationId, PersonId, ProjectId, TaskId
from tests.api.office import Json, Office

D = Decimal
HOURS = ("contracted_hours", "holiday_hours", "time_off_hours", "capacity_hours", "hard_hours", "soft_hours")


def row(found: Json, name: str) -> Json:
    (row,) = [r for r in found["people"] if r["person"]["name"] == name]
    return dict(row)


def test_an_over_booked_week_says_by_how_much(office: Office) -> None:
    found = office.get("/v1/capacity")
    assert (found["first"], found["last"], found["grain"]) == ("2026-09-07", "2026-10-18", "week")
    weeks = row(found, "Over Example")["cells"]
    assert len(weeks) == 6
    week = weeks[1]
    # 6 h on five days, 4 h on three of them: 2 h over on each of those three.
    assert (week["hard_hours"], week["capacity_hours"], week["scheduled_utilisation"]) == ("42", "40", "1.0500")
    assert (week["is_over_allocated"], week["hours_over"], week["actual_utilisation"]) == (True, "6", None)
    assert [w["is_over_allocated"] for w in weeks] == [False, True, False, False, False, False]


def test_people_add_up_to_roles_and_weeks_to_days(office: Office) -> None:
    by_week, by_day = (office.get(f"/v1/capacity?grain={grain}") for grain in ("week", "day"))
    for name in HOURS:
        people = sum(D(r["total"][name]) for r in by_week["people"])
        assert people == sum(D(r["total"][name]) for r in by_week["roles"]) == D(by_week["total"]["total"][name])
        assert people == sum(D(cell[name]) for r in by_day["people"] for cell in r["cells"])
    whole = by_week["total"]["total"]
    assert D(whole["scheduled_utilisation"]) == round(D(whole["hard_hours"]) / D(whole["capacity_hours"]), 4)


def test_one_person_or_one_role_can_be_asked_about(office: Office) -> None:
    found = office.get(f"/v1/capacity?person_id={office.id('person', 'Same')}")
    assert [r["person"]["name"] for r in found["people"]] == ["Same Example"]
    assert office.get("/v1/capacity?role=nobody")["people"] == []
    assert office.get("/v1/capacity?role=nobody")["total"] is None
    assert len(office.get("/v1/capacity?role=engineer")["people"]) == 2


def test_booked_to_do_and_worked_stand_beside_one_another(new_office: Callable[[], Office]) -> None:
    office = new_office()
    same, one = PersonId(office.id("person", "Same")), ProjectId(office.id("project", "P-1"))
    office.tell(
        [
            TimeLogged(
                entry_id=office.id("entry", str(day)),
                external_id=str(day),
                person_id=same,
                project_id=one,
                task_id=TaskId(office.id("task", "T-2")),
                worked_on=dt.date(2026, 9, day),
                hours=D(2),
            )
            for day in (3, 4, 7)
        ]
    )
    office.ground.settle(office.tenant.tenant_id)
    found = office.get("/v1/capacity?from=2026-08-31&to=2026-09-20")
    (gap,) = [g for g in found["gaps"] if g["person"]["id"] == same]
    assert (gap["allocated_hours"], gap["effort_hours"], gap["unbooked_hours"]) == ("0", "2.00", "2.00")
    assert (gap["logged_hours"], gap["logged_before_hours"], gap["booked_before_hours"]) == ("6", "4", "0")
    past, now, ahead = row(found, "Same Example")["cells"]
    assert (past["actual_utilisation"], now["logged_hours"], ahead["logged_hours"]) == ("0.1000", "2", None)


def test_placeholders_stand_apart_and_have_no_utilisation(new_office: Callable[[], Office]) -> None:
    office = new_office()
    one = ProjectId(office.id("project", "P-1"))
    nobody = AllocationBooked(
        allocation_id=AllocationId(office.id("allocation", "A-9")),
        role="trainer",
        project_id=one,
        starts_on=dt.date(2026, 9, 1),
        ends_on=dt.date(2026, 9, 8),
        hours_per_day=D(4),
    )
    before = office.get("/v1/capacity")
    office.tell([nobody])
    office.ground.settle(office.tenant.tenant_id)
    found = office.get("/v1/capacity")
    assert {v["role"]: (v["placeholder_hours"], v["unowned_effort_hours"]) for v in found["unfilled"]} == {
        "trainer": (["8", "0", "0", "0", "0", "0"], "0"),
        "": (["0"] * 6, "100.5"),  # P-2 has a budget and no tasks
    }
    assert found["people"] == before["people"]


def test_what_is_recorded_is_seen_at_once_and_the_past_stays(new_office: Callable[[], Office]) -> None:
    office = new_office()
    over, then = PersonId(office.id("person", "Over")), office.ground.clock.now().isoformat().replace("+00:00", "Z")
    office.tell([TimeOffBooked(person_id=over, starts_on=dt.date(2026, 9, 14), ends_on=dt.date(2026, 9, 18))])
    release = AllocationReleased(
        allocation_id=AllocationId(office.id("allocation", "A-2")),
        person_id=over,
        project_id=ProjectId(office.id("project", "P-2")),
    )
    done = TaskStatusChanged(
        task_id=TaskId(office.id("task", "T-1")), project_id=ProjectId(office.id("project", "P-1")), status="done"
    )
    office.tell([release, done])
    office.ground.settle(office.tenant.tenant_id)
    found = office.get("/v1/capacity")
    week = row(found, "Over Example")["cells"][1]
    assert (week["capacity_hours"], week["scheduled_utilisation"], week["hard_hours"]) == ("0", None, "0")
    assert not [g for g in found["gaps"] if g["person"]["id"] == over and g["effort_hours"] != "0"]
    past = office.get(f"/v1/capacity?as_of={then}&basis=recorded")
    assert past["as_of"]["basis"] == "recorded"
    assert office.get("/v1/capacity?as_of=2026-09-06&basis=recorded")["people"] == []


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("from=2026-09-31", "bad_date"),
        ("to=0000-01-01", "bad_date"),
        ("from=2026-09-10&to=2026-09-09", "bad_period"),
        ("from=2026-01-01&to=2027-12-31", "period_too_long"),
        ("from=2026-01-01&to=2026-12-31&grain=day", "period_too_long"),
        ("from=yesterday", "invalid_request"),
        ("grain=month", "invalid_request"),
    ],
)
def test_a_window_that_cannot_be_is_refused_with_a_remedy(office: Office, query: str, code: str) -> None:
    answer = office.call("GET", f"/v1/capacity?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["remedy"] or answer.json()["errors"]
