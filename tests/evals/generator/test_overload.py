"""Over-allocation in the truth is what plain arithmetic over the files gives, no more and no less."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from evals.generator.run import SAMPLES
from tests.evals.generator.folder import Folder, Row, days

HARBOUR = Path(__file__).parents[3] / "samples" / "harbour"
PersonDay = tuple[str, date]


def contracted(folder: Folder, person: Row, day: date) -> Decimal:
    if day.isoformat() < person["starts_on"] or (person["ends_on"] and day.isoformat() > person["ends_on"]):
        return Decimal(0)
    own = {row["calendar_id"]: row for row in folder.table("calendars")}.get(person["calendar_id"])
    tenant = folder.tenant
    if day.isoformat() in (own["holidays"].split(";") if own else tenant["holidays"]):
        return Decimal(0)
    if own:
        return Decimal(own["weekday_hours"].split(";")[day.weekday()])
    return Decimal(person["hours_per_day"]) if day.isoweekday() in tenant["weekdays"] else Decimal(0)


def time_off(folder: Folder) -> dict[PersonDay, list[Row]]:
    off: dict[PersonDay, list[Row]] = defaultdict(list)
    for row in folder.table("time_off"):
        for day in days(row["starts_on"], row["ends_on"]):
            off[row["person_id"], day].append(row)
    return off


def violations(folder: Folder) -> dict[PersonDay, Decimal]:
    """Hours over per person and day, from the files alone."""
    people = {row["person_id"]: row for row in folder.table("people")}
    off = time_off(folder)
    booked: dict[PersonDay, Decimal] = defaultdict(Decimal)
    for row in folder.table("allocations"):
        if row["person_id"] and row["kind"] == "hard":
            for day in days(row["starts_on"], row["ends_on"]):
                booked[row["person_id"], day] += Decimal(row["hours_per_day"])
    over = {}
    for (person_id, day), hours in booked.items():
        room = contracted(folder, people[person_id], day)
        for row in off[person_id, day]:
            room -= Decimal(row["hours_per_day"]) if row["hours_per_day"] else room
        if room > 0 and hours > room:
            over[person_id, day] = hours - room
    return over


def told(folder: Folder) -> dict[PersonDay, Decimal]:
    incidents = [x for x in folder.truth("incident") if x["kind"] == "over_allocation"]
    return {
        (x["person_id"], date.fromisoformat(day)): Decimal(str(hours))
        for x in incidents
        for day, hours in x["hours_over"].items()
    }


def test_every_over_allocated_day_is_in_the_truth_and_no_other(portfolio: Folder) -> None:
    assert told(portfolio)
    assert told(portfolio) == violations(portfolio)


def test_the_samples_over_allocations_are_exact() -> None:
    assert told(Folder(HARBOUR)) == violations(Folder(HARBOUR))


def test_look_alikes_never_lie_on_an_over_allocated_day(portfolio: Folder) -> None:
    over = violations(portfolio)
    benign = [x for x in portfolio.truth("benign") if x["hit_kinds"] == ["over_allocation"]]
    assert {x["kind"] for x in benign} >= {"exact_capacity", "soft_overlap", "non_working_days"}
    for x in benign:
        person = next(i for i in x["subject_ids"] if i.startswith("ppl-"))
        assert not any((person, day) in over for day in days(x["from_on"], x["to_on"]))


def test_an_exact_look_alike_fills_its_days_to_the_hour(portfolio: Folder) -> None:
    people = {row["person_id"]: row for row in portfolio.table("people")}
    off = time_off(portfolio)
    for x in (x for x in portfolio.truth("benign") if x["kind"] == "exact_capacity"):
        person_id = next(i for i in x["subject_ids"] if i in people)
        mine = [a for a in portfolio.table("allocations") if a["person_id"] == person_id and a["kind"] == "hard"]
        for day in days(x["from_on"], x["to_on"]):
            room = contracted(portfolio, people[person_id], day)
            for row in off[person_id, day]:
                room -= Decimal(row["hours_per_day"]) if row["hours_per_day"] else room
            on = [Decimal(a["hours_per_day"]) for a in mine if a["starts_on"] <= day.isoformat() <= a["ends_on"]]
            assert room == 0 or sum(on) == room


def test_an_over_allocation_is_known_before_it_begins(portfolio: Folder) -> None:
    recorded = {a["allocation_id"]: a["recorded_at"][:10] for a in portfolio.table("allocations")}
    for x in (x for x in portfolio.truth("incident") if x["kind"] == "over_allocation"):
        assert x["known_on"] < x["from_on"]
        assert all(recorded[i] for i in x["allocation_ids"])
        assert set(x["subject_ids"]) == {*x["allocation_ids"], x["person_id"]}


@pytest.mark.parametrize("is_week", [True, False])
def test_the_sample_has_over_allocations_ahead_of_its_horizon(is_week: bool) -> None:
    horizon = SAMPLES["harbour"].horizon_on.isoformat()
    ahead = [
        x
        for x in Folder(HARBOUR).truth("incident")
        if x["kind"] == "over_allocation" and x["known_on"] <= horizon < x["from_on"] and not x["grey"]
    ]
    assert len({x["person_id"] for x in ahead}) >= 3
    assert any(len(x["project_ids"]) >= 2 for x in ahead)
    assert any(x["is_week_violation"] is is_week for x in ahead)
