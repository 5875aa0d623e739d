"""Links that lie on a circle of dependencies. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence

Link = tuple[str, str]


def circles(links: Iterable[Link]) -> dict[Link, tuple[str, ...]]:
    """Each link that lies on a circle, with one such circle: its tasks in order, the first one again at the end."""
    follows: dict[str, list[str]] = {}
    for task, depends_on in links:
        follows.setdefault(task, []).append(depends_on)
        follows.setdefault(depends_on, [])
    knots = _knots(follows)
    return {
        (task, depends_on): _circle(task, depends_on, follows, knots)
        for task, targets in follows.items()
        for depends_on in targets
        if knots[task] == knots[depends_on]
    }


def _knots(follows: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Tasks that reach each other have the same number (Tarjan's strongly connected components, without recursion)."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    knots: dict[str, int] = {}
    path: list[str] = []
    for root in follows:
        if root in order:
            continue
        order[root] = low[root] = len(order)
        path.append(root)
        work = [(root, iter(follows[root]))]
        while work:
            task, targets = work[-1]
            target = next((target for target in targets if target not in knots), None)
            if target is None:
                work.pop()
                _close(task, order, low, knots, path)
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[task])
            elif target in order:
                low[task] = min(low[task], order[target])
            else:
                order[target] = low[target] = len(order)
                path.append(target)
                work.append((target, iter(follows[target])))
    return knots


def _close(task: str, order: dict[str, int], low: dict[str, int], knots: dict[str, int], path: list[str]) -> None:
    if low[task] != order[task]:
        return
    while True:
        member = path.pop()
        knots[member] = order[task]
        if member == task:
            return


def _circle(
    task: str, depends_on: str, follows: Mapping[str, Sequence[str]], knots: Mapping[str, int]
) -> tuple[str, ...]:
    """The shortest way back from `depends_on` to `task`."""
    came_from = {depends_on: ""}
    queue = deque([depends_on])
    while queue and task not in came_from:
        at = queue.popleft()
        for target in follows[at]:
            if target not in came_from and knots[target] == knots[task]:
                came_from[target] = at
                queue.append(target)
    back = [task]
    while back[-1] != depends_on:
        back.append(came_from[back[-1]])
    return (task, *reversed(back))
