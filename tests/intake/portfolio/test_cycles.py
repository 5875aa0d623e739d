"""Links on a circle, and only those, are found."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from intake.portfolio.cycles import circles

TASKS = st.sampled_from("abcdefg")


def reaches(start: str, end: str, links: set[tuple[str, str]]) -> bool:
    seen, todo = set(), [start]
    while todo:
        at = todo.pop()
        if at == end:
            return True
        if at not in seen:
            seen.add(at)
            todo += [target for task, target in links if task == at]
    return False


@given(links=st.sets(st.tuples(TASKS, TASKS), max_size=16))
def test_exactly_the_links_on_a_circle_are_named_with_one(links: set[tuple[str, str]]) -> None:
    found = circles(sorted(links))
    assert set(found) == {(task, target) for task, target in links if reaches(target, task, links)}
    for (task, target), circle in found.items():
        assert circle[:2] == (task, target)
        assert circle[-1] == task
        assert all(step in links for step in pairwise(circle))


def test_a_long_chain_is_no_trouble() -> None:
    chain = [(str(number), str(number + 1)) for number in range(20_000)]
    assert circles(chain) == {}
