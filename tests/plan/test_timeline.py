"""The proof that a date cannot be kept, worked by hand. Monday 4 March 2024 is day one; eight-hour days."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from plan.network import calendars_of
from plan.timeline import Allowances, Moment, Staff, Timeline, after, may_do, timeline_of
from store.projections.people.fold import Allocation, PersonState
from store.projections.projects.state import Link, ProjectState, Task
from store.projections.tenants.fold import PartyEntry, TenantState

MONDAY = dt.date(2024, 3, 4)
DAY = dt.timedelta(days=1)


def at(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(9), dt.UTC)


def task(name: str, hours: int | None, *, after: str = "", track: str = "internal", **more: object) -> Task:
    frame: dict[str, object] = {
        "stage": "",
        "name": name,
        "owner_id": None,
        "role": "engineer",
        "planned_start_on": None,
        "due_on": MONDAY,
        "first_due_on": MONDAY,
        "scope_item_id": None,
        "playbook_task": "",
        "milestone": "",
        "is_billable": None,
        "created_at": at(MONDAY),
        "created_event_id": f"created-{name}",
        **more,
    }
    links = [Link(depends_on_id=i, link="FS", lag_days=Decimal(0), event_id="link") for i in after.split()]
    effort = None if hours is None else Decimal(hours)
    return Task(task_id=name, external_id=name, track=track, effort_hours=effort, links=links, **frame)  # type: ignore[arg-type]


def staff(*people: PersonState) -> Staff:
    parties = {
        p.person_id: PartyEntry(party_id=p.person_id, external_id="", name="", email="", role="") for p in people
    }
    tenant = TenantState(parties=parties)
    return Staff(tenant, {p.person_id: p for p in people}, calendars_of(tenant, people))


def proof(*tasks: Task, due: int, people: Staff | None = None, allowances: Allowances | None = None) -> Timeline:
    project = ProjectState(project_id="project", tasks={t.task_id: t for t in tasks})
    found = timeline_of(project, people or staff(), MONDAY + due * DAY, MONDAY, allowances or Allowances())
    assert found
    return found


def chain(*hours: int) -> list[Task]:
    """Tasks one after the other; the last one is the go-live."""
    tasks = [task(f"t{n}", h, after=f"t{n - 1}" if n else "") for n, h in enumerate(hours)]
    tasks[-1].milestone = "go_live"
    return tasks


def test_three_days_of_work_fit_into_three_days() -> None:
    """16 + 8 h are three eight-hour days: Monday to Wednesday."""
    found = proof(*chain(16, 8), due=2)
    assert (found.days_needed, found.days_left, found.is_impossible) == (3, 3, False)


def test_three_days_of_work_do_not_fit_into_two() -> None:
    found = proof(*chain(16, 8), due=1)
    assert (found.days_needed, found.days_left, found.days_short, found.is_impossible) == (3, 2, 1, True)
    assert found.earliest_on == MONDAY + 2 * DAY
    assert found.path.task_ids == ("t0", "t1")


def test_short_tasks_follow_each_other_within_a_day() -> None:
    assert proof(*chain(2, 2, 2, 2), due=0).days_needed == 1


def test_a_weekend_is_no_time() -> None:
    """48 h are six working days: Monday to the next Monday."""
    assert proof(*chain(48), due=4).earliest_on == MONDAY + 7 * DAY


def test_an_answer_takes_at_least_its_day() -> None:
    tasks = [task("ask", None, track="customer"), *chain(8)]
    tasks[1].links = [Link(depends_on_id="ask", link="FS", lag_days=Decimal(0), event_id="link")]
    assert proof(*tasks, due=5).days_needed == 2
    assert proof(*tasks, due=5, allowances=Allowances(Decimal(0))).days_needed == 1


def test_work_that_was_begun_counts_as_worked_on_full_time_since() -> None:
    begun = task("t0", 40, milestone="go_live", status="in_progress", started_at=at(MONDAY - 4 * DAY))
    assert proof(begun, due=5).days_needed == 3


def test_smaller_scope_is_tried_by_cutting_hours() -> None:
    cut = Allowances(cut_hours={"t0": Decimal(8)})
    assert not proof(*chain(16, 8), due=1, allowances=cut).is_impossible


def booked(hours: int, *, firmness: str = "hard") -> PersonState:
    other = Allocation(
        allocation_id="a",
        external_id="",
        role="",
        project_id="other",
        starts_on=MONDAY,
        ends_on=MONDAY + 60 * DAY,
        hours_per_day=Decimal(hours),
        firmness=firmness,  # type: ignore[arg-type]
        recorded_at=at(MONDAY),
        event_id="booked",
    )
    return PersonState(person_id="p", role="engineer", allocations={"a": other})


def test_a_role_with_too_few_free_hours_proves_it_too() -> None:
    """8 h of work, 2 free hours a day: enough on Thursday, and until Tuesday only 4."""
    (gap,) = proof(*chain(8), due=1, people=staff(booked(6))).short_roles
    assert [int(h) for h in (gap.needed_hours, gap.free_hours, gap.hours_short)] == [8, 4, 4]
    assert gap.enough_on == MONDAY + 3 * DAY


def test_soft_bookings_are_released() -> None:
    assert not proof(*chain(8), due=1, people=staff(booked(6, firmness="soft"))).short_roles


def test_a_role_is_never_short_while_somebody_is_unknown() -> None:
    known = staff(booked(6))
    known.tenant.parties["q"] = PartyEntry(party_id="q", external_id="", name="", email="", role="engineer")
    assert not proof(*chain(8), due=1, people=known).roles


def test_an_integration_account_does_no_work() -> None:
    assert not may_do(PersonState(person_id="bot", role="engineer", employment="integration"), "engineer")


def test_a_project_without_an_open_go_live_is_not_judged() -> None:
    project = ProjectState(project_id="project", tasks={"t": task("t", 8)})
    assert timeline_of(project, staff(), MONDAY, MONDAY) is None


def test_time_runs_on_working_days_only() -> None:
    calendar = staff().calendars.tenant
    friday = Moment(MONDAY + 4 * DAY, Decimal("0.5"))
    assert after(calendar, friday, Decimal(1)) == (MONDAY + 7 * DAY, Decimal("0.5"))
    assert after(calendar, friday, Decimal("0.5")) == (MONDAY + 4 * DAY, Decimal(1))


HOURS = st.lists(st.integers(1, 60), min_size=1, max_size=6)


@given(HOURS, st.integers(-5, 40))
def test_the_earliest_date_is_feasible_and_the_working_day_before_it_is_not(hours: list[int], due: int) -> None:
    found = proof(*chain(*hours), due=due)
    ends_in = (found.earliest_on - MONDAY).days
    assert not proof(*chain(*hours), due=ends_in).is_impossible
    assert proof(*chain(*hours), due=ends_in - 1).is_impossible


@given(HOURS, st.integers(1, 60))
def test_more_work_never_ends_earlier(hours: list[int], more: int) -> None:
    assert proof(*chain(*hours, more), due=0).earliest_on >= proof(*chain(*hours), due=0).earliest_on


@given(HOURS)
def test_a_chain_takes_its_hours_in_whole_days(hours: list[int]) -> None:
    assert proof(*chain(*hours), due=0).days_needed == -(-sum(hours) // 8)
