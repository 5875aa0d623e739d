"""Sentences of a cue with their offsets, and what of them counts as said by the speaker."""

from __future__ import annotations

import itertools
import re
from functools import lru_cache

import msgspec

from summarizer.transcript import Cue

_END = re.compile(
    r"(?<!\bDr)(?<!\bMr)(?<!\bMs)(?<!\bMrs)(?<!\bSt)(?<!\bHr)(?<!\bFr)([.!?…]+[\"'”’)]?)\s+(?=[^a-zà-ÿ\s])"
)
_STAGE = re.compile(r"\[[^\]]*\]")
_FILLER = re.compile(
    r"\b(?:um+|uh+|erm?|hmm?|äh+m?|eh),?(?=\s)|(?<=, )(?:you know|i mean),|(?<=,) like,", re.IGNORECASE
)
_QUOTED = re.compile(r"[\"“„«]([^\"“”„«»]{12,}?)[\"”“»]|\bquote\b[,:]?\s(.{4,}?)\bunquote\b", re.IGNORECASE)
_REPORTS = re.compile(r"\W*(?:[\w']+\W+){0,4}(?:says?|said|reads?|wrote|writes|goes|quote|like)\W*", re.IGNORECASE)
# A line that speaks to a machine is material, whoever says it and however it asks.
_TO_MACHINES = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instruction|prompt|rule|context"
    r"|above)s?\b|\bsystem prompt\b"
    r"|\b(?:note to|dear|attention)\b.{0,20}\b(?:ai|a\.i\.|llm|assistant|bot|language model|summari[sz]er)s?\b"
    r"|\b(?:ai|a\.i\.|llm|language model|chatbot)\b.{0,20}\b(?:assistant|agent|model|tool|reading"
    r"|must|should|please)\b"
    r"|\byou are (?:now )?an? (?:ai|assistant|language model)\b",
    re.IGNORECASE,
)


class Sentence(msgspec.Struct, frozen=True, kw_only=True):
    """`text` is verbatim; `said` has the same length, with stage directions, fillers and quoted matter blanked out.

    `start` and `end` are offsets in the cue's text. `index` counts sentences of the cue from 0.
    """

    cue: int
    index: int
    text: str
    said: str
    start: int
    end: int
    speaker: str

    @property
    def is_question(self) -> bool:
        return self.text.rstrip("\"'”’) ").endswith("?")

    @property
    def words(self) -> int:
        return len(re.findall(r"[\w'-]+", self.said))


def sentences_of(cue: Cue) -> tuple[Sentence, ...]:
    """The sentences that the speaker asserts or asks; wholly quoted or machine-directed ones are left out."""
    said = blanked(cue.text)
    bounds = [0, *(match.end() for match in _END.finditer(cue.text)), len(cue.text)]
    found = []
    for start, end in itertools.pairwise(bounds):
        text = cue.text[start:end].rstrip()
        words = said[start : start + len(text)]
        is_report = len(words.split()) < len(text.split()) and _REPORTS.fullmatch(words)
        if re.search(r"\w", words) and not is_report:
            found.append((start, text, words))
    return tuple(
        Sentence(
            cue=cue.number, index=index, text=text, said=words, start=start, end=start + len(text), speaker=cue.speaker
        )
        for index, (start, text, words) in enumerate(found)
    )


def blanked(text: str) -> str:
    """`text` at the same length, with what nobody asserts replaced by spaces."""
    if _TO_MACHINES.search(text):
        return " " * len(text)
    said = text.replace("’", "'")
    for pattern in (_QUOTED, _STAGE, _FILLER):
        said = pattern.sub(lambda match: " " * len(match[0]), said)
    return said


@lru_cache(maxsize=1024)
def rx(pattern: str) -> re.Pattern[str]:
    """A pattern in which a space is any white space, case ignored."""
    return re.compile(re.sub(r" ([*?]?)", lambda space: r"\s" + (space[1] or "+"), pattern), re.IGNORECASE)
