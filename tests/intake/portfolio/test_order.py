"""Rows and facts keep the order of the log wherever that is possible."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from intake.portfolio.order import arranged, longest_rise

FACTS = st.lists(st.integers(0, 3), min_size=1, max_size=2)


@given(places=st.permutations(range(7)))
def test_no_longer_rise_exists(places: list[int]) -> None:
    rise = longest_rise(places)
    assert rise == sorted(rise)
    assert [place for place in places if place in rise] == rise
    assert not any(list(longer) == sorted(longer) for longer in combinations(places, len(rise) + 1))


@given(rows=st.lists(FACTS, max_size=8))
def test_an_order_that_was_possible_is_found_again(rows: list[list[int]]) -> None:
    # The log's order of an import: by instant, then by row.
    places = sorted((instant, row, number) for row, facts in enumerate(rows) for number, instant in enumerate(facts))
    numbered = [
        [(instant, places.index((instant, row, number))) for number, instant in enumerate(facts)]
        for row, facts in enumerate(rows)
    ]
    order = arranged(numbered)
    assert sorted(order) == list(range(len(rows)))
    again = sorted(
        (instant, line, number) for line, row in enumerate(order) for number, instant in enumerate(rows[row])
    )
    assert [(instant, order[line], number) for instant, line, number in again] == places


def test_rows_that_contradict_each_other_are_all_kept() -> None:
    assert sorted(arranged([[("a", 0), ("b", 3)], [("a", 1), ("b", 2)]])) == [0, 1]
