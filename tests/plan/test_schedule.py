import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plan.calendar import Calendar, weekly
from plan.schedule import Link, LinkType, Schedule, ScheduledTask, Task, leeway_days, schedule
from store.errors import Invalid

MONDAY = date(2024, 6, 10)
WEEK = weekly("Europe/Berlin", range(1, 6), Decimal(8))
THREE_DAYS = weekly("America/New_York", [1, 2, 3], Decimal(8), [date(2024, 7, 3)])
SIX_DAYS = weekly("Asia/Kolkata", range(1, 7), Decimal(8))


def day(number: int) -> date:
    """The working day so many working days after the Monday."""
    return WEEK.add_working_days(MONDAY, number)


def task(name: str, days: int, planned: date | None = None, calendar: Calendar = WEEK) -> Task:
    return Task(name, calendar, days, planned)


def chain(*names: str) -> list[Link]:
    return [Link(before, after) for before, after in pairwise(names)]


def run(tasks: Sequence[Task], links: Sequence[Link] = (), as_of: date = MONDAY) -> Schedule:
    return schedule(tasks, links, as_of=as_of)


def dates(scheduled: ScheduledTask) -> tuple[date, date]:
    return scheduled.start_on, scheduled.finish_on


def test_a_task_works_from_its_start_to_its_due_day_inclusive() -> None:
    plan = run([task("a", 3, MONDAY)])
    assert dates(plan.tasks["a"]) == (MONDAY, day(2))


@pytest.mark.parametrize(
    ("kind", "lag", "starts", "ends"),
    [
        ("FS", 0, 3, 4),
        ("FS", 2, 5, 6),
        ("FS", -1, 2, 3),
        ("SS", 0, 0, 1),
        ("SS", 2, 2, 3),
        ("FF", 0, 1, 2),
        ("FF", 1, 2, 3),
        ("SF", 4, 3, 4),
    ],
)
def test_each_link_type_holds_back_its_own_end(kind: str, lag: int, starts: int, ends: int) -> None:
    plan = run([task("a", 3, MONDAY), task("b", 2)], [Link("a", "b", LinkType(kind), lag)])
    assert dates(plan.tasks["b"]) == (day(starts), day(ends))


def test_an_early_finish_pulls_its_successors_forward() -> None:
    done = Task("a", WEEK, 3, MONDAY, MONDAY, MONDAY)
    plan = run([done, task("b", 2, day(3)), task("c", 1, day(5))], chain("a", "b", "c"))
    assert dates(plan.tasks["b"]) == (day(1), day(2))
    assert dates(plan.tasks["c"]) == (day(3), day(3))


def test_a_late_finish_pushes_its_successors_back() -> None:
    done = Task("a", WEEK, 3, MONDAY, MONDAY, day(6))
    plan = run([done, task("b", 2, day(3))], chain("a", "b"), as_of=day(6))
    assert dates(plan.tasks["b"]) == (day(7), day(8))


def test_a_planned_gap_absorbs_lateness_and_is_not_pulled_forward() -> None:
    for finished, starts in ((0, 5), (4, 5), (6, 7)):
        done = Task("a", WEEK, 3, MONDAY, MONDAY, day(finished))
        plan = run([done, task("b", 1, day(5))], chain("a", "b"), as_of=day(finished))
        assert plan.tasks["b"].start_on == day(starts)


def test_unfinished_work_cannot_finish_before_as_of() -> None:
    started = Task("a", WEEK, 2, MONDAY, started_on=MONDAY)
    plan = run([started, task("b", 2, MONDAY)], as_of=day(10))
    assert dates(plan.tasks["a"]) == (MONDAY, day(10))
    assert dates(plan.tasks["b"]) == (day(10), day(11))


def test_known_remaining_work_replaces_what_is_left_of_the_duration() -> None:
    started = Task("a", WEEK, 2, MONDAY, started_on=MONDAY, remaining_days=4)
    assert run([started], as_of=day(3)).tasks["a"].finish_on == day(6)


def test_work_that_started_too_early_keeps_its_start() -> None:
    early = Task("b", WEEK, 2, day(3), started_on=MONDAY)
    plan = run([task("a", 3, MONDAY), early], chain("a", "b"))
    assert dates(plan.tasks["b"]) == (MONDAY, day(1))


def test_finished_work_has_no_float_and_drives_nothing() -> None:
    done = Task("a", WEEK, 1, MONDAY, MONDAY, MONDAY)
    plan = run([done, task("b", 2, day(1))], chain("a", "b"))
    assert plan.tasks["a"].total_float_days is None
    assert plan.tasks["a"].free_float_days is None
    assert plan.critical_path == ("b",)


def test_each_party_works_on_its_own_calendar() -> None:
    tasks = [task("a", 5, MONDAY, THREE_DAYS), task("b", 1, calendar=SIX_DAYS), task("c", 1, calendar=WEEK)]
    plan = run(tasks, chain("a", "b", "c"))
    assert plan.tasks["a"].finish_on == date(2024, 6, 18)
    assert plan.tasks["b"].finish_on == date(2024, 6, 19)
    assert plan.tasks["c"].finish_on == date(2024, 6, 20)


def test_a_lag_counts_the_working_days_of_the_successor() -> None:
    plan = run([task("a", 3, MONDAY), task("b", 1, calendar=THREE_DAYS)], [Link("a", "b", LinkType.FS, 1)])
    assert plan.tasks["b"].start_on == date(2024, 6, 18)


def test_work_that_may_finish_on_a_day_off_finishes_on_the_next_working_day() -> None:
    saturday = Task("a", SIX_DAYS, 6, MONDAY)
    plan = run([saturday, task("b", 1)], [Link("a", "b", LinkType.FF)])
    assert plan.tasks["a"].finish_on == date(2024, 6, 15)
    assert plan.tasks["b"].finish_on == date(2024, 6, 17)


def test_a_point_happens_on_the_day_it_waits_for_and_takes_none() -> None:
    plan = run([task("a", 3, MONDAY), task("m", 0), task("b", 1)], chain("a", "m", "b"))
    assert dates(plan.tasks["m"]) == (day(2), day(2))
    assert plan.tasks["b"].start_on == day(3)


def test_floats_of_a_textbook_network() -> None:
    tasks = [task("a", 3, MONDAY), task("b", 4), task("c", 2), task("d", 5), task("e", 1)]
    links = [Link("a", "b"), Link("a", "c"), Link("b", "d"), Link("c", "e"), Link("e", "d")]
    plan = run(tasks, links)
    assert plan.critical_path == ("a", "b", "d")
    assert {i: t.total_float_days for i, t in plan.tasks.items()} == {"a": 0, "b": 0, "c": 1, "d": 0, "e": 1}
    assert {i: t.free_float_days for i, t in plan.tasks.items()} == {"a": 0, "b": 0, "c": 0, "d": 0, "e": 1}
    assert [i for i, t in plan.tasks.items() if t.is_critical] == ["a", "b", "d"]
    assert plan.finish_on == day(11)


def test_float_is_measured_to_the_target_and_later_work_is_not_critical() -> None:
    tasks = [task("a", 3, MONDAY), task("live", 1), task("after", 5), task("aside", 2, MONDAY)]
    plan = schedule(tasks, chain("a", "live", "after"), as_of=MONDAY, target_id="live")
    assert plan.finish_on == day(3)
    assert plan.critical_path == ("a", "live")
    assert plan.tasks["aside"].total_float_days == 7
    assert not plan.tasks["after"].is_critical


def test_a_date_that_cannot_be_kept_makes_float_negative() -> None:
    tasks = [task("a", 3, MONDAY), task("live", 1), task("after", 5)]
    plan = schedule(tasks, chain("a", "live", "after"), as_of=MONDAY, target_id="live", due_on=day(1))
    assert [t.total_float_days for t in plan.tasks.values()] == [-2, -2, 0]


def test_leeway_is_committed_less_forecast_in_working_days() -> None:
    late = replace(task("a", 3, MONDAY), committed_on=MONDAY)
    assert run([late]).tasks["a"].leeway_days == -2
    assert leeway_days(WEEK, date(2024, 6, 17), date(2024, 6, 14)) == 1
    assert leeway_days(WEEK, date(2024, 6, 14), date(2024, 6, 17)) == -1


def test_a_cycle_is_refused_with_its_tasks() -> None:
    with pytest.raises(Invalid, match="a -> b -> a"):
        run([task("a", 1), task("b", 1)], chain("a", "b", "a"))


def test_a_plan_without_tasks_or_with_doubles_is_refused() -> None:
    for tasks in ([], [task("a", 1), task("a", 1)], [task("a", -1)]):
        with pytest.raises(Invalid):
            run(tasks)
    with pytest.raises(Invalid, match="no task 'z'"):
        schedule([task("a", 1)], [], as_of=MONDAY, target_id="z")


def test_ten_thousand_tasks_take_less_than_a_second() -> None:
    tasks = [task(str(n), n % 5, calendar=(WEEK, SIX_DAYS)[n % 2]) for n in range(10_000)]
    kinds = ((1, LinkType.FS), (7, LinkType.SS))
    links = [Link(str(max(0, n - gap)), str(n), kind) for n in range(1, 10_000) for gap, kind in kinds]
    began = time.process_time()
    run(tasks, links)
    assert time.process_time() - began < 1


link_types = st.sampled_from(LinkType)


@st.composite
def networks(draw: st.DrawFn, party: st.SearchStrategy[Calendar]) -> tuple[list[Task], list[Link]]:
    count = draw(st.integers(1, 9))
    tasks = [task(str(n), draw(st.integers(0, 4)), calendar=draw(party)) for n in range(count)]
    ends = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)).filter(lambda e: e[0] < e[1])
    pairs = draw(st.lists(ends, max_size=14)) if count > 1 else []
    return tasks, [Link(str(a), str(b), draw(link_types), draw(st.integers(-1, 3))) for a, b in pairs]


one_party = networks(st.just(WEEK))
many_parties = networks(st.sampled_from([WEEK, THREE_DAYS, SIX_DAYS]))


@given(many_parties)
def test_float_is_never_negative_without_a_committed_date(network: tuple[list[Task], list[Link]]) -> None:
    for scheduled in run(*network).tasks.values():
        assert scheduled.total_float_days is not None
        assert scheduled.free_float_days is not None
        assert 0 <= scheduled.free_float_days <= scheduled.total_float_days


@given(one_party)
def test_float_is_zero_along_a_full_path(network: tuple[list[Task], list[Link]]) -> None:
    plan = run(*network)
    path = [plan.tasks[i] for i in plan.critical_path]
    assert path[0].driver_id is None
    assert path[0].start_on == MONDAY
    assert path[-1].finish_on == plan.finish_on
    assert [t.total_float_days for t in path] == [0] * len(path)


@given(many_parties)
def test_every_link_is_kept(network: tuple[list[Task], list[Link]]) -> None:
    tasks, links = network
    plan, by_id = run(tasks, links), {t.task_id: t for t in tasks}
    for link in links:
        before, after = plan.tasks[link.predecessor_id], plan.tasks[link.successor_id]
        successor = by_id[link.successor_id]
        held = after.start_on if link.type.is_to_start else after.finish_on
        at = before.finish_on if link.type.is_from_finish else before.start_on
        if link.type is LinkType.FS and successor.duration_days > 0:
            assert successor.calendar.working_days_between(at, held) >= 1 + link.lag_days
        else:
            first = successor.calendar.on_or_after(at)
            assert successor.calendar.working_days_between(first, held) >= link.lag_days


@given(many_parties.filter(lambda n: all(k.type is LinkType.FS for k in n[1]) or len(n[1]) < 3), st.data())
def test_float_is_exactly_what_a_task_can_lose(network: tuple[list[Task], list[Link]], data: st.DataObject) -> None:
    tasks, links = network[0], [replace(k, type=LinkType.FS) for k in network[1]]
    plan = run(tasks, links)
    longer = data.draw(st.sampled_from([t for t in tasks if t.duration_days] or [task("0", 1)]))
    slack = plan.tasks[longer.task_id].total_float_days or 0

    def finish(days: int) -> date:
        changed = replace(longer, duration_days=longer.duration_days + days)
        return run([changed if t.task_id == longer.task_id else t for t in tasks], links).finish_on

    if longer in tasks:
        assert finish(slack) == plan.finish_on
        assert finish(slack + 1) > plan.finish_on


@given(many_parties, st.integers(0, 20))
def test_the_forecast_never_lies_before_as_of(network: tuple[list[Task], list[Link]], later: int) -> None:
    as_of = MONDAY + timedelta(later)
    started = [replace(t, started_on=MONDAY) if int(t.task_id) % 2 else t for t in network[0]]
    assert all(t.finish_on >= as_of for t in run(started, network[1], as_of).tasks.values())
