"""Which clause of what was sold a request is about, and how far a project has crept beyond it. Pure.

Character 3- to 5-gram hashing (2^18 places) with document-frequency weights over the clauses, and
lexical evidence: words and concepts that the request shares with a clause. The three best are for a
person to confirm; no score here decides alone that something is in scope.
"""

from __future__ import annotations

import math
import zlib
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from plan.lexicon import STOP, concepts_in, content_of, stem, words_of

PLACES = 1 << 18
SIZES = (3, 4, 5)
TOP = 3
MATCHING_SCORE = 0.34
"""From here on a clause is said to match; chosen so that an unrelated clause rarely reaches it."""
NO_HOURS, HUNDRED = Decimal(0), Decimal(100)
Key = TypeVar("Key", bound=Hashable)
SHAPE, LEXICAL, CONCEPT = 0.6, 0.4, 0.4


@dataclass(frozen=True, slots=True)
class Match:
    """A clause, how well it fits (0 to 1, rounded to four places), and the words of the request that say so."""

    item_id: str
    score: float
    words: tuple[str, ...]


class Clauses:
    """The clauses of a project, or of a tenant, made ready for many requests."""

    def __init__(self, items: Mapping[str, str]) -> None:
        self.item_ids = sorted(items)
        self.texts = dict(items)
        self.words = {item_id: words_of(items[item_id]) for item_id in self.item_ids}
        self.stems = {
            item_id: {stem(word) for word in words if word not in STOP} for item_id, words in self.words.items()
        }
        self.concepts = {item_id: frozenset(concepts_in(words)) for item_id, words in self.words.items()}
        grams = {item_id: Counter(_grams(words)) for item_id, words in self.words.items()}
        self._gram_weight = _weights(grams.values(), len(self.item_ids))
        self._stem_weight = _weights(self.stems.values(), len(self.item_ids))
        self._rare = math.log(1 + len(self.item_ids)) + 1
        self._postings: dict[int, list[tuple[str, float]]] = defaultdict(list)
        for item_id, counts in grams.items():
            vector = self._vector(counts)
            for place, weight in vector.items():
                self._postings[place].append((item_id, weight))

    def match(self, text: str, top: int = TOP) -> list[Match]:
        """The clauses nearest to the text, best first; those that share nothing are left out."""
        words = words_of(text)
        shapes, found = self._shapes(words), concepts_in(words)
        matches = [self._match(item_id, words, found, shapes.get(item_id, 0.0)) for item_id in self.item_ids]
        best = sorted((match for match in matches if match.score > 0), key=lambda m: (-m.score, m.item_id))
        return best[:top]

    def _match(self, item_id: str, words: Sequence[str], found: Mapping[str, list[int]], shape: float) -> Match:
        asked = {stem(word): word for word in words if word not in STOP}
        shared = asked.keys() & self.stems[item_id]
        whole = sum(self._stem_weight.get(each, self._rare) for each in asked)
        lexical = sum(self._stem_weight[each] for each in shared) / whole if whole else 0.0
        common = sorted(found.keys() & self.concepts[item_id])
        meant = {words[at] for concept in common for at in found[concept]}
        known = (1 - SHAPE * shape) * (1 - LEXICAL * lexical) * (1 - CONCEPT * bool(common))
        named = tuple(
            dict.fromkeys(word for word in words if word in meant or (word not in STOP and stem(word) in shared))
        )
        return Match(item_id, round(1 - known, 4), named)

    def _shapes(self, words: Sequence[str]) -> dict[str, float]:
        """Cosine with each clause."""
        total: dict[str, float] = defaultdict(float)
        for place, weight in self._vector(Counter(_grams(words))).items():
            for item_id, other in self._postings.get(place, ()):
                total[item_id] += weight * other
        return total

    def _vector(self, counts: Mapping[int, int]) -> dict[int, float]:
        raw = {g: (1 + math.log(n)) * self._gram_weight.get(g, self._rare) for g, n in counts.items()}
        length = math.sqrt(sum(weight * weight for weight in raw.values())) or 1.0
        return {place: weight / length for place, weight in raw.items()}


def match(text: str, items: Mapping[str, str]) -> list[Match]:
    """The three nearest clauses (id -> text) that match; empty where none does."""
    return [each for each in Clauses(items).match(text) if each.score >= MATCHING_SCORE]


def unexplained(text: str, clause: str) -> tuple[str, ...]:
    """Words of a request that its clause does not account for: what would stretch it."""
    words, held = words_of(text), words_of(clause)
    common = concepts_in(words).keys() & concepts_in(held).keys()
    meant = {at for concept in common for at in concepts_in(words)[concept]}
    stems = {stem(word) for word in held}
    loose = (word for at, word in enumerate(words) if at not in meant)
    return tuple(dict.fromkeys(word for word in content_of(list(loose)) if stem(word) not in stems))


def creep_percent(unapproved_hours: Decimal, baseline_hours: Decimal | None) -> Decimal | None:
    """Unapproved hours over baseline hours, in percent to two places; None without a baseline."""
    if not baseline_hours:
        return None
    return (unapproved_hours * HUNDRED / baseline_hours).quantize(Decimal("0.01"))


def passed_at(hours: Iterable[Decimal], limit: Decimal) -> int | None:
    """Small asks accumulate: which of them, counted from 0 in order, brings the sum to the limit; None for none."""
    total = NO_HOURS
    for number, each in enumerate(hours):
        total += each
        if total >= limit:
            return number
    return None


def _grams(words: Iterable[str]) -> Iterable[int]:
    for word in words:
        padded = f" {word} "
        for size in SIZES:
            for start in range(max(len(padded) - size, 0) + 1):
                yield zlib.crc32(padded[start : start + size].encode()) % PLACES


def _weights(documents: Iterable[Iterable[Key]], count: int) -> dict[Key, float]:
    frequency = Counter(key for document in documents for key in set(document))
    return {key: math.log((1 + count) / (1 + n)) + 1 for key, n in frequency.items()}
