"""`Name: text`: where a speaker's label ends and the words begin."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

_SENTENCE = re.compile(r"[?!;]|\d\d?[.:]\d\d\b")
_LABEL = re.compile(r"([^:<>\n]{1,60}): (.*)", re.DOTALL)
# A heading is no person, whatever stands before its colon.
_HEADINGS = frozenset(
    {"action", "actions", "agenda", "attendees", "date", "decision", "decisions", "example", "fyi", "goal", "goals"}
    | {"http", "https", "next", "note", "notes", "ps", "question", "questions", "re", "recap", "reminder", "summary"}
    | {"time", "title", "todo", "topic", "update", "warning"}
)
_PARTICLES = frozenset(
    {"al", "bin", "da", "de", "del", "den", "der", "di", "do", "dos", "du", "el", "la", "le", "of", "van", "von", "y"}
    | {"zu", "und", "and"}
)
# A label that comes back this often is somebody, however it is written ("marc | example").
_OFTEN = 3


def split_speaker(text: str) -> tuple[str, str]:
    """`(speaker, words)`; the speaker is empty where the line begins with no name."""
    found = _LABEL.match(text)
    if found and is_name(found[1].strip()):
        return found[1].strip(), found[2].strip()
    return "", text


@lru_cache(maxsize=4096)
def is_name(label: str) -> bool:
    """Whether a label before a colon can be somebody's name: few words, hardly one of them an ordinary word."""
    words = label.split()
    if not words or len(words) > 7 or not label[0].isalnum() or label.casefold() in _HEADINGS:
        return False
    if _SENTENCE.search(label):
        return False
    ordinary = [word for word in words[1:] if word.islower() and word.isalpha() and word not in _PARTICLES]
    return len(ordinary) <= (1 if len(words) <= 2 else 0)


def repeated_labels(texts: Iterable[str], share_named: float) -> frozenset[str]:
    """Labels among lines without a speaker that must be names after all.

    Where nearly every line has a speaker the exporter writes one always, so a short label is one too.
    """
    found = Counter(label[1].strip() for text in texts if (label := _LABEL.match(text)))
    possible = {label: count for label, count in found.items() if not _SENTENCE.search(label)}
    is_rule = share_named >= 0.8
    return frozenset(
        label for label, count in possible.items() if count >= _OFTEN or (is_rule and len(label.split()) <= 4)
    )


def split_label(text: str, labels: frozenset[str]) -> tuple[str, str]:
    """As `split_speaker`, for labels that are known."""
    found = _LABEL.match(text)
    if found and found[1].strip() in labels:
        return found[1].strip(), found[2].strip()
    return "", text
