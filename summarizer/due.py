"""The day by which a task is to be done, as the speakers say it around the promise."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from summarizer.claims import Claim
from summarizer.dates import Said
from summarizer.sentences import rx
from summarizer.talk import Talk

_BY = rx(r"(?:\bby|\buntil|\btill|\bbefore|\bfor|\bon|\bthe|\bat|let's say|,)\W*$")
_DEADLINE = rx(r"(?:\bby|\buntil|\btill|\bon|\bin|\bsay),? *$|^\W*$")
_NOT = rx(r"\b(?:not|since|from|after|was|between)\W*$")
_NOTHING = rx(r"\b(?:nothing|no one|nobody|never)\b[^;.!?]*$")
_NEED = rx(r"\b(?:done|ready|need it|need them|needed)\b")
_UNSURE = rx(r"\bnot (?:going to )?put a date\b|\bno date\b|\bhasn't promised\b")


def due_of(talk: Talk, item: Claim) -> date | None:
    """Looks into the quote, then what follows it in the cue, then the request, then the confirmation."""
    said = _in_quote(talk, item) or _around(talk, item) or _in_request(talk, item)
    if said is None:
        return _in_reply(talk, item) if item.owner is None or item.modality == "committed" else None
    if _UNSURE.search(talk.said(item.cue)):
        return None
    return _confirmed(talk, item, said)


def best(days: Sequence[Said], text: str) -> Said | None:
    """The day after "by" or "on"; a day with its month before a weekday; one that is denied, never."""
    fit = [said for said in days if not any(denial.search(text[: said.start]) for denial in (_NOT, _NOTHING))]
    return max(fit, key=lambda said: (bool(_BY.search(text[: said.start])), said.is_full, said.is_bare), default=None)


def _in_quote(talk: Talk, item: Claim) -> Said | None:
    text = talk.said(item.cue)
    quoted = [s.said for s in talk.sentences(item.cue) if s.start >= item.start and s.end <= item.end]
    text = "  ".join(quoted)
    return best(talk.days(text, item.cue), text)


def _around(talk: Talk, item: Claim) -> Said | None:
    """Other sentences of the cue: what follows the quote, or comes before it with a "by"."""
    for sentence in talk.sentences(item.cue):
        days = talk.days(sentence.said, item.cue)
        if sentence.start >= item.end and (found := best(days, sentence.said)):
            return found
    for sentence in talk.sentences(item.cue):
        if sentence.end <= item.start:
            days = [
                d
                for d in talk.days(sentence.said, item.cue)
                if rx(r"\b(?:by|until|till)(?: the)? *$").search(sentence.said[: d.start])
            ]
            if days:
                return days[0]
    return None


def _in_request(talk: Talk, item: Claim) -> Said | None:
    for before in talk.preceding(item.cue, 1):
        if talk.speaker(before) == talk.speaker(item.cue):
            continue
        for sentence in talk.sentences(before):
            if sentence.is_question and not rx(r"^\W*(?:when|what|so)\b").search(sentence.said):
                days = [
                    d
                    for d in talk.days(sentence.said, before)
                    if rx(r"\b(?:by|until|till|on|before)(?: the)? *$").search(sentence.said[: d.start])
                ]
                if days:
                    return days[0]
    return None


def _in_reply(talk: Talk, item: Claim) -> date | None:
    """A day that is agreed in the next words, for a task without one."""
    if item.owner is not None:
        return None
    for cue in talk.following(item.cue, 2):
        text = talk.said(cue)
        days = [d for d in talk.days(text, cue) if rx(r"\b(?:by|until|till)(?: the)? *$").search(text[: d.start])]
        if days and _NEED.search(text):
            return days[0].day
    return None


def _confirmed(talk: Talk, item: Claim, said: Said) -> date:
    """Where the speakers say the date as well, it is that: "a week from Tuesday, so the seventeenth"."""
    if said.is_full or said.is_bare:
        return said.day
    for cue in talk.following(item.cue, 2):
        for other in talk.days(talk.said(cue), cue):
            is_date = other.is_full or other.is_bare
            if is_date and abs(other.day - said.day) <= timedelta(days=8):
                return other.day
    for cue in talk.following(item.cue, 2):
        text = talk.said(cue)
        for other in talk.days(text, cue):
            if rx(r"this week|next week").search(text[other.start : other.end]) and abs(
                other.day - said.day
            ) == timedelta(days=7):
                return other.day
    return said.day
