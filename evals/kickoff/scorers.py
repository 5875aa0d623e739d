"""Precision and recall per kind, and the accuracy of owner, day, modality and track over matched items.

A gold item matches one predicted item of its kind when their cited cues share one; as many pairs as possible,
the closest first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from evals.kickoff.dataset import Call
from summarizer.items import KINDS

Json = dict[str, Any]
FIGURES = ("citation", "cue", "owner", "due", "modality", "track", "is_kickoff")


@dataclass(slots=True)
class Tally:
    """`counts`: kind -> gold, predicted, matched. `right`: figure -> right, of."""

    counts: dict[str, list[int]] = field(default_factory=lambda: {kind: [0, 0, 0] for kind in KINDS})
    right: dict[str, list[int]] = field(default_factory=lambda: {name: [0, 0] for name in FIGURES})
    trap_hits: int = 0

    def note(self, name: str, *, is_right: bool) -> None:
        self.right[name][0] += is_right
        self.right[name][1] += 1


def score(call: Call, predicted: Json, tally: Tally) -> None:
    """Adds one call to the tally."""
    gold, items = call.gold["items"], predicted["items"]
    for entry in gold:
        tally.counts[entry["kind"]][0] += 1
    for entry in items:
        tally.counts[entry["kind"]][1] += 1
        tally.note("citation", is_right=_is_cited(entry, call))
    pairs = match(gold, items)
    for left, right in pairs:
        _note_pair(tally, gold[left], items[right])
    trapped = {cue for trap in call.gold["traps"] for cue in trap["cues"]}
    matched = {right for _, right in pairs}
    tally.trap_hits += sum(1 for at, entry in enumerate(items) if at not in matched and set(entry["cues"]) & trapped)
    tally.note("is_kickoff", is_right=predicted["call"]["is_kickoff"] == call.gold["call"]["is_kickoff"])


def _note_pair(tally: Tally, gold: Json, item: Json) -> None:
    tally.counts[gold["kind"]][2] += 1
    for cue in item["cues"]:
        tally.note("cue", is_right=cue in gold["cues"])
    tally.note("modality", is_right=gold["modality"] == item["modality"])
    if gold["kind"] == "action_item":
        tally.note("owner", is_right=_name(gold["owner"]) == _name(item["owner"]))
        tally.note("track", is_right=gold["track"] == item["track"])
    if gold["kind"] in ("action_item", "date_commitment"):
        tally.note("due", is_right=gold["due"] == item["due"])


def match(gold: list[Json], items: list[Json]) -> list[tuple[int, int]]:
    """Pairs of indexes: a maximum matching that begins with the closest pairs."""
    options = {
        left: sorted(
            (right for right, item in enumerate(items) if item["kind"] == entry["kind"] and _shared(entry, item)),
            key=lambda right, entry=entry: (_closeness(entry, items[right]), -right),  # type: ignore[misc]
            reverse=True,
        )
        for left, entry in enumerate(gold)
    }
    order = sorted(
        ((_closeness(gold[left], items[right]), -left, -right) for left, found in options.items() for right in found),
        reverse=True,
    )
    taken: dict[int, int] = {}
    for _, minus_left, minus_right in order:
        if -minus_left not in taken.values() and -minus_right not in taken:
            taken[-minus_right] = -minus_left
    for left in options:
        if left not in taken.values():
            _augment(left, options, taken, set())
    return sorted((left, right) for right, left in taken.items())


def _augment(left: int, options: dict[int, list[int]], taken: dict[int, int], seen: set[int]) -> bool:
    for right in options[left]:
        if right in seen:
            continue
        seen.add(right)
        if right not in taken or _augment(taken[right], options, taken, seen):
            taken[right] = left
            return True
    return False


def _shared(gold: Json, item: Json) -> set[int]:
    return set(gold["cues"]) & set(item["cues"])


def _closeness(gold: Json, item: Json) -> tuple[object, ...]:
    union = set(gold["cues"]) | set(item["cues"])
    return (
        round(len(_shared(gold, item)) / len(union), 6),
        _squeezed(gold["quote"]) == _squeezed(item["quote"]),
        _name(gold["owner"]) == _name(item["owner"]),
        gold["due"] == item["due"],
        gold["modality"] == item["modality"],
        _squeezed(gold["text"]) == _squeezed(item["text"]),
    )


def _is_cited(item: Json, call: Call) -> bool:
    cues = [call.main.cue(number) for number in item["cues"]]
    quote = _squeezed(item["quote"])
    return bool(quote) and all(cues) and any(cue is not None and quote in _squeezed(cue.text) for cue in cues)


def _name(name: str | None) -> str | None:
    return _squeezed(name).casefold() or None if name else None


def _squeezed(text: str) -> str:
    return " ".join(str(text).split())


def f1(gold: int, predicted: int, matched: int) -> float | None:
    """None where there is nothing to find and nothing was found."""
    return 2 * matched / (gold + predicted) if gold + predicted else None


def micro(tally: Tally) -> list[int]:
    return [sum(column) for column in zip(*tally.counts.values(), strict=True)]


def differing_forms(predictions: Iterable[tuple[str, Json]]) -> list[str]:
    """Renderings of one call whose items differ from the first rendering's."""
    (_, first), *others = predictions
    return [name for name, found in others if _essence(found) != _essence(first)]


def _essence(predicted: Json) -> list[Json]:
    return [{key: value for key, value in item.items() if key != "times"} for item in predicted["items"]]
