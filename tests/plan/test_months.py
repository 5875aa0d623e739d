"""What a month can bring at most, with figures worked by hand. 80 budgeted hours on 16,000: 200 an hour."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from plan.months import Earnings, last_day, month_of, months_between
from plan.network import calendars_of
from plan.timeline import Staff
from store.projections.people.fold import PersonState
from store.projections.projects.state import ChangeRequest, ProjectState, TimeEntry
from store.projections.tenants.fold import TenantState
from tests.plan.test_timeline import at, task

MONDAY = dt.date(2024, 3, 4)
DAY = dt.timedelta(days=1)


def entry(day: int, hours: int) -> TimeEntry:
    return TimeEntry(
        entry_id=f"{day}",
        person_id="p",
        task_id="done",
        worked_on=MONDAY + day * DAY,
        hours=Decimal(hours),
        is_billable=True,
        is_approved=True,
        recorded_at=at(MONDAY),
    )


def earnings(*, as_of: dt.date = MONDAY, hours: int = 0, worked: int = 0, **fields: object) -> Earnings:
    frame: dict[str, object] = {"fee": Decimal(16_000), "budget_hours": Decimal(80), "fee_type": "fixed", **fields}
    tasks = {"t": task("t", hours, owner_id="p")} if hours else {}
    if worked:
        tasks["done"] = task("done", worked, status="done", done_at=at(MONDAY - DAY))
    time = [entry(-1, worked)] if worked else []
    project = ProjectState(project_id="project", tasks=tasks, time=time, **frame)  # type: ignore[arg-type]
    person = PersonState(person_id="p", role="engineer", bill_rate=Decimal(150), currency="EUR")
    tenant = TenantState()
    return Earnings(project, Staff(tenant, {"p": person}, calendars_of(tenant, [person])), as_of)


def test_eight_of_eighty_hours_on_sixteen_thousand_are_sixteen_hundred() -> None:
    assert earnings(worked=8).recognised("2024-03") == 1600


def test_all_that_can_be_done_in_the_month_counts() -> None:
    """40 h left and 20 working days to go."""
    assert earnings(hours=40).outlook("2024-03").most == 8000


def test_what_does_not_fit_into_the_rest_of_the_month_does_not_count() -> None:
    """Thursday and Friday are left of March 2024; on Good Friday's tenant calendar both are working days."""
    outlook = earnings(hours=40, as_of=dt.date(2024, 3, 28)).outlook("2024-03")
    assert Decimal(0) < outlook.most_to_come < 3200


def test_a_fixed_fee_caps_what_is_left() -> None:
    outlook = earnings(worked=76, hours=40).outlook("2024-04")
    assert (outlook.fee_left, outlook.most) == (Decimal("800.00"), Decimal("800.00"))


def test_an_accepted_change_raises_the_cap() -> None:
    change = ChangeRequest(
        change_request_id="c", at=at(MONDAY), hours=None, amount=Decimal(1000), currency="EUR", decision="accepted"
    )
    assert earnings(worked=76, hours=40, change_requests={"c": change}).outlook("2024-04").fee_left == 1800


def test_time_and_material_earns_its_bill_rate_without_a_cap() -> None:
    found = earnings(worked=8, hours=16, fee_type="time_and_material").outlook("2024-03")
    assert [int(found.recognised), int(found.most_to_come)] == [1200, 2400]
    assert found.fee_left is None


def test_without_a_budget_nothing_is_earned() -> None:
    assert earnings(worked=8, budget_hours=None).outlook("2024-03").most == 0


def test_months_have_names_ends_and_distances() -> None:
    assert (month_of(MONDAY), last_day("2024-02"), months_between("2023-11", "2024-01")) == (
        "2024-03",
        dt.date(2024, 2, 29),
        2,
    )
