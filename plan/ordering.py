"""The order of a network's tasks: predecessors first, cycles refused, longest path exact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from store.errors import Invalid


@dataclass(frozen=True, slots=True)
class LongestPath:
    """The length of a network's longest path and one path of that length, first task first."""

    length: int
    task_ids: tuple[str, ...]


def topological_order(task_ids: Sequence[str], edges: Iterable[tuple[str, str]]) -> list[str]:
    """The tasks with every predecessor before its successors; ties keep the order given.

    `edges` are (predecessor, successor). `Invalid` prints the cycle where there is one, and names
    a task that an edge mentions but the network does not have.
    """
    successors: dict[str, list[str]] = {task_id: [] for task_id in task_ids}
    waits = dict.fromkeys(task_ids, 0)
    for before, after in edges:
        if before not in successors or after not in successors:
            raise _unknown(before if before not in successors else after)
        successors[before].append(after)
        waits[after] += 1
    order = [task_id for task_id, count in waits.items() if count == 0]
    for task_id in order:  # grows while it is read
        for after in successors[task_id]:
            waits[after] -= 1
            if waits[after] == 0:
                order.append(after)
    if len(order) < len(successors):
        raise _cyclic(_cycle(successors, {task_id for task_id, count in waits.items() if count}))
    return order


def longest_path(durations: Mapping[str, int], edges: Iterable[tuple[str, str]]) -> LongestPath:
    """The critical path of finish-to-start links without lag; durations are whole numbers >= 0.

    Length of the forward pass, Kelley and Walker 1959. Of equal ends the one furthest down the order wins.
    """
    links = list(edges)
    order = topological_order(list(durations), links)
    predecessors: dict[str, list[str]] = {task_id: [] for task_id in order}
    for before, after in links:
        predecessors[after].append(before)
    finish: dict[str, int] = {}
    driver: dict[str, str | None] = {}
    for task_id in order:
        driver[task_id] = max(predecessors[task_id], key=finish.__getitem__, default=None)
        finish[task_id] = durations[task_id] + max((finish[p] for p in predecessors[task_id]), default=0)
    last = max(reversed(order), key=finish.__getitem__, default=None)
    return LongestPath(finish[last] if last is not None else 0, driving_chain(last, driver))


def driving_chain(last: str | None, driver: Mapping[str, str | None]) -> tuple[str, ...]:
    """The chain that ends in `last`, following each task's driving predecessor back."""
    chain: list[str] = []
    while last is not None:
        chain.append(last)
        last = driver[last]
    return tuple(reversed(chain))


def _cycle(successors: Mapping[str, Sequence[str]], stuck: set[str]) -> list[str]:
    """One cycle among the tasks that were never free; each of them has a predecessor that is stuck too."""
    before = {after: task_id for task_id in successors if task_id in stuck for after in successors[task_id]}
    walked: dict[str, None] = {}
    task_id = next(task_id for task_id in successors if task_id in stuck)
    while task_id not in walked:
        walked[task_id] = None
        task_id = before[task_id]
    path = list(walked)
    cycle = path[path.index(task_id) :][::-1]
    turn = cycle.index(min(cycle))
    return cycle[turn:] + cycle[:turn]


def _cyclic(cycle: Sequence[str]) -> Invalid:
    return Invalid(
        "schedule.cycle",
        f"The dependencies form a cycle: {' -> '.join([*cycle, cycle[0]])}.",
        remedy="Remove one of these dependencies.",
        data={"task_ids": list(cycle)},
    )


def _unknown(task_id: str) -> Invalid:
    return Invalid(
        "schedule.unknown_task",
        f"A dependency names the task {task_id!r}, which the plan does not have.",
        remedy="Add the task or remove the dependency.",
        data={"task_id": task_id},
    )
