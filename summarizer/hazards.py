"""Risks that somebody names, and blockers that stop work now."""

from __future__ import annotations

from summarizer.claims import Claim, claim, longest
from summarizer.items import Track
from summarizer.sentences import Sentence, rx
from summarizer.talk import Talk

_RISK = rx(
    r"\brisks?\b|\bworr(?:y|ies|ied)\b|\bnervous\b|\bconcern(?:s|ed)?\b|\bafraid of\b"
    r"|\bkeeps me (?:up|awake)\b|\bscares me\b"
    r"|\bdanger\b|\bi'd flag\b|\bflagging\b|\bred flag\b|\bmy fear\b|\bi fear\b"
)
_NO_RISK = rx(
    r"\brisk and compliance\b|\brisk officer\b|\brisk (?:team|department|management)\b|\bno risk\b"
    r"|\bnot a risk\b|\bwhat(?:'s| is)? (?:worrying|the risk)|\bworrying you\b|\bany risks\b"
    r"|\bdon't worry\b|\bno worries\b|\bconcerned with\b|\brisk and\b"
)
_IF = rx(r"^\W*(?:and |but |because |which means |so )?(?:if|without|unless|once)\b|\bif\b")
_HARM = rx(
    r"\b(?:no|can't|cannot|won't|not|never|nobody|gone|lose|fall(?:s)? over|down|late|slips?"
    r"|two times|twice|blame|problem|behind|must wait|tight|delay|miss|stuck)\b|n't\b"
)
_ALSO = rx(r"^\W*(?:and )?(?:also|another|one more|the other)\b")

_STOPS = rx(
    r"\b(?:i|we|nobody|you) (?:can't|cannot|can not|can do nothing|am not able"
    r"|'re not able)\b.*\b(?:until|till|without|before)\b|\buntil\b.*\b(?:i|we|nobody) (?:can't"
    r"|cannot)\b|\bwithout\b.*\b(?:i|we) (?:can do nothing|can't|cannot)\b"
    r"|\bnothing(?:'s| is)? (?:can|going to|works?|happens?|moves?|will)\b.*\b(?:until|till|before"
    r"|without)\b|\bcan't .* anything .* until\b|\b(?:we're|we are|i'm|i am|it's"
    r"|it is) (?:completely |currently |totally )?blocked\b"
    r"|\b(?:it's|everything's|that's|we're|i'm|is|are) (?:completely |currently |still )?(?:stuck"
    r"|on hold|locked out)\b|\bnothing (?:moves|starts|happens)\b"
)
_NOW = rx(
    r"\bstuck\b|\bblock(?:s|ed|er|ing)\b|\bat the moment\b|\bright now\b|\bfrozen\b|\bis down\b"
    r"|\bon hold\b|\bwaiting (?:on|for)\b|\bnothing('s| can)\b|\bi can do nothing\b"
    r"|\bthey've had\b|\bnot answering\b|\bmissed\b|\bhold(?:s|ing) (?:us|me|it|everything) up\b"
    r"|\btoday\b|\bcurrently\b|\bha(?:sn't|ven't)\b|\bstill (?:no|not|waiting)\b|\bnot yet\b|\bno access\b"
)
_LATER = rx(r"\b(?:go|be|goes|going) live\b|\banyway\b|\bsigned order\b|\bwould\b|\bon hours\b|\bpay them\b|\bif\b")


def risks(talk: Talk) -> list[Claim]:
    found: list[Claim] = []
    for cue in range(1, min(talk.recap, talk.last + 1)):
        marks = [
            s for s in talk.sentences(cue) if _RISK.search(s.said) and not _NO_RISK.search(s.said) and not s.is_question
        ]
        if marks:
            _note(found, _content(talk, cue, marks), cue)
        elif (also := _also(talk, cue, found)) is not None:
            _note(found, also, cue)
    return found


def _note(found: list[Claim], content: Sentence | None, cue: int) -> None:
    if content is None:
        return
    for known in found:
        if known.cue == content.cue or (cue - max(known.cues) <= 4 and content.cue in known.cues):
            known.cues.add(cue)
            return
    new = claim("risk", [content], cites=[cue], confidence="0.75")
    found.append(new)


def _content(talk: Talk, cue: int, marks: list[Sentence]) -> Sentence | None:
    """The feared thing: an "if" in this cue or shortly before, else the longest sentence beside the word risk."""
    own = _feared(talk, cue)
    if own is not None:
        return own
    for before in talk.preceding(cue, 6):
        feared = _feared(talk, before)
        if feared is not None:
            return feared
    others = [s for s in talk.sentences(cue) if s not in marks and not s.is_question and s.words >= 6]
    return longest(others) or longest(s for s in marks if s.words >= 9)


def _feared(talk: Talk, cue: int) -> Sentence | None:
    said = [s for s in talk.sentences(cue) if not s.is_question and s.words >= 6]
    return next((s for s in said if _IF.search(s.said) and _HARM.search(s.said)), None) or next(
        (
            s
            for s in said
            if _IF.search(s.said) and _RISK.search(talk.said(cue)) and not rx(r"\bi can\b").search(s.said)
        ),
        None,
    )


def _also(talk: Talk, cue: int, found: list[Claim]) -> Sentence | None:
    """ "And also ...": one more of what was just called a risk."""
    if not found or cue - max(found[-1].cues) > 2 or not _ALSO.search(talk.said(cue)):
        return None
    return _feared(talk, cue)


def blockers(talk: Talk) -> list[Claim]:
    """What stops work now, with the words that say so."""
    found: list[Claim] = []
    for cue in range(1, min(talk.recap, talk.last + 1)):
        stops = [s for s in talk.sentences(cue) if _stops(s)]
        around = (cue, *talk.following(cue, 1), *talk.preceding(cue, 1))
        is_repeated = any(cue - max(known.cues) <= 4 for known in found)
        if stops and not is_repeated and any(_NOW.search(talk.said(n)) for n in around):
            new = claim("blocker", stops[:1], confidence="0.70")
            new.track = _waits_on(talk, cue)
            found.append(new)
    return found


def _stops(sentence: Sentence) -> bool:
    return bool(_STOPS.search(sentence.said)) and not sentence.is_question and not _LATER.search(sentence.said)


def _waits_on(talk: Talk, cue: int) -> Track:
    if _AWAITS.search(talk.said(cue)):
        return "approval"
    return "customer" if talk.side(cue) != "vendor" or _THEIRS.search(talk.said(cue)) else "internal"


_AWAITS = rx(
    r"\b(?:okayed|approv\w+|sign(?:ed|ature)?|board|permission|insurers|cleared|consent|authori[sz]\w+|legal)\b"
)
_THEIRS = rx(r"\byour?\b")
