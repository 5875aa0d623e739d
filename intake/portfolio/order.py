"""In which order rows stand in an exported file, and which facts keep the log's order. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Sequence
from heapq import heapify, heappop, heappush
from itertools import pairwise


def arranged(rows: Sequence[Sequence[tuple[Hashable, int]]]) -> list[int]:
    """An order of rows in which facts of the same instant keep their places; row numbers, from 0.

    A row is given by its facts as (instant, place in the log). Where two facts want the opposite of two
    others, the rows concerned stand at the end.
    """
    at: dict[Hashable, list[tuple[int, int]]] = {}
    for row, facts in enumerate(rows):
        for instant, place in facts:
            at.setdefault(instant, []).append((place, row))
    after: dict[int, set[int]] = {}
    waits = [0] * len(rows)
    for group in at.values():
        for (_place, first), (_next, second) in pairwise(sorted(group)):
            if first != second and second not in after.setdefault(first, set()):
                after[first].add(second)
                waits[second] += 1
    ready = [(facts[0][1], row) for row, facts in enumerate(rows) if not waits[row]]
    heapify(ready)
    order = []
    while ready:
        _place, row = heappop(ready)
        order.append(row)
        for follower in after.get(row, ()):
            waits[follower] -= 1
            if not waits[follower]:
                heappush(ready, (rows[follower][0][1], follower))
    placed = set(order)
    return [*order, *(row for row in range(len(rows)) if row not in placed)]


def longest_rise(places: Sequence[int]) -> list[int]:
    """A longest rising subsequence of distinct numbers."""
    ends: list[int] = []
    end_at: list[int] = []
    before: list[int] = []
    for at, place in enumerate(places):
        length = bisect_left(ends, place)
        before.append(end_at[length - 1] if length else -1)
        ends[length : length + 1] = [place]
        end_at[length : length + 1] = [at]
    rise = []
    at = end_at[-1] if end_at else -1
    while at >= 0:
        rise.append(places[at])
        at = before[at]
    return rise[::-1]
