"""Decisions in their final form: what was taken back later is none."""

from __future__ import annotations

from summarizer.claims import Claim, claim, quote_of
from summarizer.project_dates import names_event
from summarizer.sentences import Sentence, rx
from summarizer.talk import Talk

_STATES = rx(
    r"\b(?:that's|this is|it's) (?:the|my|our) decision\b|\bdecision (?:made|from me|is|taken)\b"
    r"|\bwe(?:'ve| have)? decided (?:to|on|that|against)\b|\bi(?:'ve| have)? decided\b|\bwe(?:'ll"
    r"| will)? go with\b|\bwe're going with\b"
    r"|\bwe(?:'ll| will)? (?:take|choose|pick) (?:the )?option\b|\blet's go (?:with|for)\b"
    r"|\bso it's decided\b|\bwe go (?!live|home|over|into|through|ahead|to|on|down|back)\w+"
    r"|\blet's (?:say|settle on|stick with) (?:we|that|option)\b|\bfinal answer\b"
    r"|\bwe're (?:settling|standardi[sz]ing) on\b"
    r"|\b(?:that's|it's|then it's|so it's) (?:settled|decided|final|agreed)\b|\bwe(?:'ve"
    r"| have)? agreed (?:to|on)\b|\blet's (?:stay|stick) with\b|\bwe(?:'ll| will) (?:start"
    r"|begin|stay|stick) with\b|\bwe're (?:dropping|keeping|starting with)\b|\bi'm deciding\b"
    r"|\bdecision:"
)
_RULE = rx(
    r"\b(?:i|we) (?:need|have|want) to (?:approve|see|sign off|okay) (?:every|each|all)\b"
    r"|\bnothing (?:goes|gets|is) .* (?:without|until|before) (?:me|my|i)\b|\b(?:every|each|all"
    r"|any) .* (?:goes|go) through me\b"
)
_CADENCE = rx(
    r"\bweekly\b|\bevery (?:other )?(?:week|fortnight|mon|tues|wednes|thurs|fri)|\b(?:mon|tues"
    r"|wednes|thurs|fri)days at\b|\bmeet (?:every|on )|\bbi-?weekly\b|\bstand-?up\b|\bsteering\b"
    r"|\b(?:mon|tues|wednes|thurs|fri)day, at\b"
)
_PROPOSES = rx(r"\b(?:let's|shall we|we(?:'ll| will| could| should)|how about|i suggest)\b")
_TIMED = rx(r"\b(?:mon|tues|wednes|thurs|fri)days?\b")
_AGREES = rx(r"\b(?:agreed|works|suits|let's do (?:that|it)|yes|perfect|fine|done|good|okay|deal)\b")
_CONFIRMS = rx(
    r"\b(?:lock(?:ing)? (?:that|it) in|is that final|final)\?|\bso that's (?:decided|settled"
    r"|agreed)\b|\bis that a decision\b"
)
_POINTER = rx(
    r"^\W*(?:so |okay, |and )?(?:that's|this is|it's) (?:the|my|our) decision\W*$"
    r"|^\W*(?:decision made|agreed|final|decided)\W*$|^\W*(?:that's|it's) (?:settled|decided|final|agreed)\b"
)
_TAKEN_BACK = rx(
    r"\btake (?:it|that) back\b|\bchange (?:it|that)\b|\bscrap that\b|\bthen no\b"
    r"|\bon second thoughts?\b|\bactually,? no\b|\blet's not\b|\bthen we change\b|\bforget (?:that"
    r"|it)\b|\bjust buy it\b|\bi'm against\b|\bnot (?:built-in|that)\b|\bchanged my mind\b"
    r"|\bwait\b|\bhang on\b|\breverse\b|\bsorry\b"
)
_NO_DECISION = rx(
    r"\b(?:no|not|nothing|don't|do not|haven't|isn't|un)\b ?(?:a )?decid|\bno decision\b"
    r"|\bdo not decide\b|\bnot decide|\bif we\b|\bshould we\b|\bmight\b|\bcould\b"
    r"|\bhaven't decided\b"
)


def decisions(talk: Talk) -> list[Claim]:
    found: list[Claim] = []
    for cue in range(1, talk.last + 1):
        new = _rhythm(talk, cue)
        if cue < talk.recap:
            new = _stated(talk, cue) or new or _confirmed(talk, cue)
        is_rhythm = new is not None and _AGREES.search(talk.said(cue)) is not None
        if new is None or any(abs(new.cue - known.cue) <= (3 if is_rhythm else 1) for known in found):
            continue
        if found and _replaces(talk, found[-1], new):
            found.pop()
        found.append(new)
    return [known for known in found if not _is_revoked(talk, known)]


def _stated(talk: Talk, cue: int) -> Claim | None:
    said = [s for s in talk.sentences(cue) if (_STATES.search(s.said) or _RULE.search(s.said)) and not s.is_question]
    said = [s for s in said if not _NO_DECISION.search(s.said)]
    if not said or (names_event(talk.said(cue)) and talk.days(talk.said(cue), cue)):
        return None
    return claim("decision", _spelled_out(talk, said), confidence="0.75")


def _spelled_out(talk: Talk, said: list[Sentence]) -> list[Sentence]:
    """ "That's the decision." points at the sentence before it."""
    first = said[0]
    if _POINTER.search(first.said) and first.index:
        return [*(s for s in talk.sentences(first.cue) if s.index == first.index - 1), *said]
    return said


def _rhythm(talk: Talk, cue: int) -> Claim | None:
    """A standing meeting that one proposes and another agrees to."""
    said = talk.sentences(cue)
    asked = talk.preceding(cue, 2)
    is_asked = any(
        talk.speaker(n) != talk.speaker(cue)
        and (talk.asks(n) or _PROPOSES.search(talk.said(n)))
        and _CADENCE.search(talk.said(n))
        and _TIMED.search(talk.said(n))
        for n in asked
    )
    if not is_asked or not said or talk.asks(cue) or not _AGREES.search(talk.said(cue)) or talk.refuses(cue):
        return None
    return claim("decision", said, cites=[n for n in asked[:1] if _CADENCE.search(talk.said(n))], confidence="0.75")


def _confirmed(talk: Talk, cue: int) -> Claim | None:
    """ "Final?" - the words before it were the decision."""
    following = talk.following(cue, 1)
    if (
        not following
        or not _CONFIRMS.search(talk.said(following[0]))
        or talk.speaker(following[0]) == talk.speaker(cue)
    ):
        return None
    said = [
        s
        for s in talk.sentences(cue)
        if s.words >= 5 and not s.is_question and not rx(r"^\W*(?:okay, )?change it").search(s.said)
    ]
    return claim("decision", said[:1], cites=following, confidence="0.65") if said else None


def _replaces(talk: Talk, known: Claim, new: Claim) -> bool:
    """A later decision shortly after words that take something back stands in for the earlier one."""
    if new.cue - known.cue > 12 or _RULE.search(quote_of(known, talk)):
        return False
    between = [*range(known.cue + 1, new.cue), new.cue]
    return any(_TAKEN_BACK.search(talk.said(n)) for n in between) and not _CADENCE.search(talk.said(new.cue))


def _is_revoked(talk: Talk, known: Claim) -> bool:
    after = talk.following(known.cue, 12)
    return any(
        rx(r"\btake (?:it|that) back\b|\bscrap that\b|\bforget what i said\b").search(talk.said(n))
        for n in after
        if n < talk.recap
    )
