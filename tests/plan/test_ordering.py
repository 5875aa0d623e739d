from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plan.ordering import longest_path, topological_order
from store.errors import Invalid

pairs = st.tuples(st.integers(0, 11), st.integers(0, 11))
acyclic = st.lists(pairs.filter(lambda p: p[0] < p[1]).map(lambda p: (str(p[0]), str(p[1]))), max_size=40)


def test_the_longest_path_of_a_published_size_is_exact() -> None:
    durations = {"start": 0, "a": 8, "b": 4, "c": 6, "d": 3, "e": 8, "end": 0}
    edges = [("start", "a"), ("start", "b"), ("a", "c"), ("b", "c"), ("b", "d"), ("c", "e"), ("d", "e"), ("e", "end")]
    assert longest_path(durations, edges).length == 22
    assert longest_path(durations, edges).task_ids == ("start", "a", "c", "e", "end")


def test_an_empty_network_has_length_zero() -> None:
    assert longest_path({}, []).length == 0


@given(acyclic, st.lists(st.integers(0, 9), min_size=12, max_size=12))
def test_the_longest_path_is_as_long_as_the_best_of_all_paths(edges: list[tuple[str, str]], lengths: list[int]) -> None:
    @cache
    def through(task_id: str) -> int:
        return lengths[int(task_id)] + max((through(b) for b, a in edges if a == task_id), default=0)

    durations = {str(n): length for n, length in enumerate(lengths)}
    path = longest_path(durations, edges)
    assert path.length == max(through(task_id) for task_id in durations)
    assert path.length == sum(durations[task_id] for task_id in path.task_ids)
    assert set(zip(path.task_ids, path.task_ids[1:], strict=False)) <= set(edges)


@given(acyclic)
def test_predecessors_come_first(edges: list[tuple[str, str]]) -> None:
    order = topological_order([str(n) for n in reversed(range(12))], edges)
    assert sorted(order, key=int) == [str(n) for n in range(12)]
    assert all(order.index(before) < order.index(after) for before, after in edges)


def test_a_cycle_is_refused_and_printed() -> None:
    edges = [("a", "b"), ("b", "c"), ("c", "d"), ("d", "b"), ("d", "e")]
    with pytest.raises(Invalid, match="b -> c -> d -> b") as refused:
        topological_order("abcde", edges)
    assert refused.value.code == "schedule.cycle"
    assert refused.value.data["task_ids"] == ["b", "c", "d"]


def test_a_task_that_waits_for_itself_is_a_cycle() -> None:
    with pytest.raises(Invalid, match="a -> a"):
        topological_order(["a"], [("a", "a")])


@given(st.permutations([str(n) for n in range(8)]), acyclic)
def test_the_printed_cycle_is_one(ring: list[str], more: list[tuple[str, str]]) -> None:
    edges = [*more, *zip(ring, [*ring[1:], ring[0]], strict=True)]
    with pytest.raises(Invalid) as refused:
        topological_order([str(n) for n in range(12)], edges)
    cycle = refused.value.data["task_ids"]
    assert isinstance(cycle, list)
    assert set(zip(cycle, [*cycle[1:], cycle[0]], strict=True)) <= set(edges)


def test_a_dependency_on_an_unknown_task_is_refused() -> None:
    with pytest.raises(Invalid, match="'z'"):
        topological_order(["a"], [("a", "z")])
