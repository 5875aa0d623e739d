"""Whose days a project slipped by."""

from collections import Counter
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from plan.attribution import Cause, Delay, delay_of, shares
from store.projections.projects.state import ProjectState, Task
from tests.plan.journeys import TENANT, day, move, project, task

D = Decimal


def delay(state: ProjectState, as_of: int = 60) -> Delay:
    return delay_of(state, TENANT, day(as_of))


def causes(state: ProjectState, as_of: int = 60) -> dict[str, Decimal]:
    return {cause.value: days for cause, days in delay(state, as_of).by_cause.items()}


def chain(*tasks: Task, due: int = 10, live: int | None = None, **settings: object) -> ProjectState:
    last = task("live", due, live, tasks[-1].task_id, milestone="go_live", begun=live)
    return project(*tasks, last, due=due, live=live, **settings)  # type: ignore[arg-type]


def test_days_waited_for_the_customer_are_the_customers() -> None:
    state = chain(task("build", 3, 3), task("data", 6, 10, "build", track="customer"), live=14)
    assert causes(state) == {"customer": D(4)}
    assert delay(state).slipped_days == 4
    assert [lost.day for lost in delay(state).days] == [day(n) for n in (7, 8, 9, 10)]


def test_each_kind_of_work_has_its_own_cause() -> None:
    assert causes(chain(task("sign", 6, 9, track="approval"), live=13)) == {"approval": D(3)}
    assert causes(chain(task("build", 6, 9, begun=0), live=13)) == {"estimate": D(3)}
    assert causes(chain(task("build", 6, 9, begun=8), live=13)) == {"capacity": D(1), "estimate": D(2)}
    assert causes(chain(task("build", 6, 9, waits=5), live=13)) == {"customer": D(3)}


def test_work_added_after_the_first_plan_is_scope_as_a_whole() -> None:
    extra = task("extra", 20, 23, "build", created=15)
    assert causes(chain(task("build", 18, 18), extra, due=22, live=27)) == {"scope": D(5)}


def test_days_on_hold_are_nobodys_fault_and_shown() -> None:
    state = chain(
        task("data", 6, 10, track="customer"), live=14, moves=[move("on_hold", day(7)), move("active", day(9))]
    )
    assert causes(state) == {"customer": D(2), "on_hold": D(2)}


def test_time_won_back_is_taken_from_the_days_lost_last() -> None:
    build = task("build", 3, 5)
    data = task("data", 6, 10, "build", track="customer")
    test = task("test", 8, 9 + 1, "data")
    found = delay(chain(build, data, test, live=12))
    assert found.slipped_days == 2
    assert found.won_back_days == 2
    assert found.by_cause == {Cause.ESTIMATE: D(2)}


def test_a_head_start_is_used_up_before_any_day_is_lost() -> None:
    state = chain(task("build", 5, 2), task("data", 6, 8, "build", track="customer"), live=12)
    assert causes(state) == {"customer": D(2)}


def test_concurrent_delay_is_split_equally() -> None:
    tasks = [task("data", 6, 9, track="customer"), task("sign", 6, 9, track="approval"), task("build", 6, 7)]
    live = task("live", 10, 13, "data", "sign", "build", milestone="go_live")
    assert causes(project(*tasks, live, due=10, live=13)) == {
        "customer": D("1.33"),
        "approval": D("1.34"),
        "estimate": D("0.33"),
    }


def test_a_plan_without_links_is_walked_by_its_due_dates() -> None:
    tasks = [task("build", 3, 3), task("data", 6, 12, track="customer"), task("test", 9, 15)]
    assert causes(project(*tasks, due=9, live=15)) == {"customer": D(6)}


def test_an_open_project_has_slipped_by_the_days_since_its_date() -> None:
    state = chain(task("data", 6, None, track="customer", begun=None))
    assert delay(state, as_of=9).slipped_days == 0
    late = delay(state, as_of=15)
    assert (late.slipped_days, late.is_final) == (5, False)
    assert late.by_cause == {Cause.CUSTOMER: D(5)}


def test_what_is_not_known_has_a_reason_and_no_zero() -> None:
    assert (delay(project(due=None)).slipped_days, delay(project(due=None)).reason) == (None, "no_commitment")
    assert causes(project(due=10, live=12)) == {"unknown": D(2)}


def test_a_circle_of_links_ends() -> None:
    state = chain(task("a", 4, 9, "b"), task("b", 5, 8, "a"), live=13)
    assert sum(causes(state).values()) == 3


numbers = st.integers(0, 40)
tracks = st.sampled_from(["internal", "customer", "approval"])


@st.composite
def plans(draw: st.DrawFn) -> ProjectState:
    """Any tasks, any links, any order of dates: also plans that contradict themselves."""
    count = draw(st.integers(0, 7))
    tasks = [
        task(
            str(n),
            draw(st.none() | numbers),
            draw(st.none() | numbers),
            *draw(st.lists(st.integers(0, 7).map(str), max_size=3)),
            begun=draw(st.none() | numbers),
            track=draw(tracks),
            milestone=draw(st.sampled_from(["", "", "go_live", "success"])),
            created=draw(numbers),
        )
        for n in range(count)
    ]
    held = sorted(draw(st.lists(numbers, max_size=2, unique=True)))
    moves = [move(status, day(n)) for status, n in zip(("on_hold", "active"), held, strict=False)]
    return project(*tasks, due=draw(numbers), live=draw(st.none() | numbers), moves=moves, signed=draw(numbers))


@given(plans(), numbers)
def test_the_causes_add_up_to_the_slip_exactly(state: ProjectState, as_of: int) -> None:
    found = delay(state, as_of)
    assert found.slipped_days is not None
    assert len(found.days) == found.slipped_days
    assert sum(found.by_cause.values(), D(0)) == found.slipped_days
    assert max(Counter(lost.day for lost in found.days).values(), default=0) <= 1
    assert all(lost.causes for lost in found.days)


@given(plans(), numbers, st.integers(0, 30))
def test_any_part_of_the_days_adds_up_too(state: ProjectState, as_of: int, until: int) -> None:
    part = [lost for lost in delay(state, as_of).days if lost.day <= day(until)]
    assert sum(shares(part).values(), D(0)) == len(part)
