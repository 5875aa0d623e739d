"""What was sold, left out or limited, as the vendor states it."""

from __future__ import annotations

import re

from summarizer.asks import scope_asks
from summarizer.claims import Claim, claim
from summarizer.sentences import Sentence, rx
from summarizer.talk import Talk

_NUMBER = (
    r"(?:\d[\d,.]*|a (?:hundred|thousand|dozen)|one|two|three|four|five|six|seven|eight|nine|ten"
    r"|eleven|twelve|\w+teen|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[- ]\w+)?"
    r"|\w+ hundred(?: and [\w-]+)?(?: thousand)?|[\w-]+ thousand)"
)
_THING = (
    r"(?:day|hour|session|scanner|number|environment|terminal|source|seat|sku|carrier|site"
    r"|building|user|licen[cs]e|integration|workshop|interface|location|country|countries|language"
    r"|report|dashboard|workflow|product|connection|store|module|template|record|year|month|round"
    r"|form|api|entit(?:y|ies)|brand|warehouse|clinic|school|branch(?:es)?|compan(?:y|ies)"
    r"|system)s?"
)
_SOLD = rx(
    r"\b(?:you(?:'ve| have)? (?:bought|ordered|signed up for|purchased)|(?:what )?(?:was|we) sold"
    r"|we(?:'ve| have) sold|scope we sold|in (?:the )?scope (?:there are|there is|is|are|we have"
    r"|you have)"
    r"|(?:what's|what is) (?:in|included|sold|in scope)\b|the (?:order|contract|package|price"
    r"|order form|statement of work|proposal) (?:covers|includes|says)|(?:is|are|it's"
    r"|that's) (?:all )?included|in the price"
    r"|included in (?:the|that)|covers|fixed fee|fixed price|not to exceed|a cap of|capped at"
    r"|services budget|budget is|effort (?:from our side )?is|hours of|days of)\b"
    r"|\b(?:signed for|confirm the (?:package|scope|order)|you're getting|we quoted|the (?:quote"
    r"|sow) (?:is|has|says|covers)|licen[cs]es? for)\b"
)
_OUT = rx(
    r"\b(?:not part of (?:this|the)|explicitly excluded|is excluded|are excluded|out of scope"
    r"|not in scope|'s out\b|is out\b|not included|not the full|only\b.{0,40}\bnot\b)"
    r"|\b(?:we left out|not covered|(?:is|are|was|were)n't (?:covered|included|part of)|excludes"
    r"|taken out|leaving out|does not include|doesn't include)\b"
)
_LIMIT = rx(
    rf"\b(?:up to|at most|a maximum of|no more than|not more than|limited to|a cap of|capped at"
    rf"|not to exceed)\b|\b{_NUMBER} (?:[\w-]+ ){{0,3}}{_THING}\b"
)
_PHASE = rx(
    r"\bscope\b|\bwhat (?:was|we|you) (?:sold|bought|have bought)\b|\bwhat's in\b"
    r"|\bin the contract\b|\byou(?:'ve| have)? bought\b|\bplay back\b|\b(?:the|your) (?:package|order form)\b"
)
_TOPIC_ENDS = rx(r"\b(?:timeline|dates|talk about|let's talk|go-live|go live|access|approach|moving (?:on|along))\b")
_ACCEPTED = rx(rf"\bwe(?:'ll| will) (?:port|do|take|include|cover|deliver|migrate|set up|configure) {_NUMBER}\b")
_OWN_PLAN = rx(r"\bi(?:'ll| will| need| would|'d)\b|\bi want\b")


def scope_commitments(talk: Talk) -> list[Claim]:
    """Vendor statements of what is sold and limited: all of them while scope is the topic, else only plain ones."""
    window = _window(talk)
    found: list[Claim] = []
    answers = {cue for ask in scope_asks(talk) if ask.modality != "committed" for cue in ask.cues}
    for cue in range(1, min(talk.recap, talk.last + 1)):
        if talk.side(cue) == "customer" or cue in answers:
            continue
        is_sold = _SOLD.search(talk.said(cue)) is not None
        said = [s for s in talk.sentences(cue) if _states(s, is_topic=cue in window, is_sold=is_sold)]
        if said:
            _merge(found, claim("scope_commitment", said, confidence="0.75"), talk)
    return found


def _window(talk: Talk) -> range:
    start = next(
        (
            s.cue
            for s in talk.every_sentence()
            if _PHASE.search(s.said) and talk.side(s.cue) != "customer" and not _is_agenda(s)
        ),
        None,
    )
    if start is None:
        return range(0)
    end = next(
        (
            cue
            for cue in range(start + 1, talk.last + 1)
            if talk.side(cue) != "customer"
            and any(_TOPIC_ENDS.search(s.said) and s.words <= 9 for s in talk.sentences(cue))
        ),
        talk.last + 1,
    )
    return range(start, min(end, start + 25))


def _is_agenda(sentence: Sentence) -> bool:
    return rx(r"\bagenda\b|\bplan for today\b|\bwho does what\b").search(sentence.said) is not None


def _states(sentence: Sentence, *, is_topic: bool, is_sold: bool) -> bool:
    said = sentence.said
    if sentence.is_question or rx(r"^\W*(?:if|when|how|do you)\b").search(said):
        return False
    if _ACCEPTED.search(said):
        return True
    has_limit, _is_own, is_out = (pattern.search(said) is not None for pattern in (_LIMIT, _SOLD, _OUT))
    if rx(r"\bwhy\b").search(said) or _is_agenda(sentence) or (sentence.words <= 6 and not has_limit and not is_out):
        return False
    if is_topic:
        return (
            (is_sold and sentence.words >= 5)
            or ((has_limit or is_out) and not _OWN_PLAN.search(said) and sentence.words >= 3)
            or _lists(said)
        )
    return (is_sold and has_limit and not _OWN_PLAN.search(said)) or (
        is_out and rx(r"\bexcluded\b|\bnot part of\b|\bout of scope\b").search(said) is not None
    )


def _lists(said: str) -> bool:
    """ "Receiving, putaway, packing and shipping for the one building." """
    return (
        re.search(r"\w, [\w ]+(?:,| and) .*\w", said) is not None
        and rx(r"\b(?:for the|connection|migration|portal|storefront|access to|in (?:your|the))\b").search(said)
        is not None
        and not _OWN_PLAN.search(said)
    )


def _merge(found: list[Claim], new: Claim, talk: Talk) -> None:
    """A number that is corrected within a few cues is one commitment: the last one stands."""
    words = _things(talk, new)
    for known in found:
        is_near = new.cue - known.cue <= 6
        if is_near and words & _things(talk, known) and new.cue != known.cue:
            known.cues |= new.cues
            known.cue, known.start, known.end = new.cue, new.start, new.end
            return
    found.append(new)


def _things(talk: Talk, found: Claim) -> set[str]:
    text = talk.text(found.cue)[found.start : found.end]
    return {
        match[1].casefold().rstrip("s")
        for match in re.finditer(rf"{_NUMBER}\s+(?:[\w-]+\s+)?({_THING})\b", text, re.IGNORECASE)
    } - {"one"}
