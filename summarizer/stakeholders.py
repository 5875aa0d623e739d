"""People with a say or a part who are not on the call."""

from __future__ import annotations

import re

from summarizer.claims import Claim, claim
from summarizer.people import full_names, looks_like_name
from summarizer.sentences import Sentence, rx
from summarizer.talk import Talk

_ROLE = (
    r"(?:(?:she|he)(?:'s| is|'ll| has| does| runs| needs| wants| signs| looks| handles)|runs|our"
    r"|their|the one who|who(?:'s| is| runs| does| signs)|(?:the |our "
    r"|a )?(?:[\w-]+ ){0,3}(?:director|manager|officer|secretary|counsel|steward|lawyer"
    r"|accountant|ceo|cfo|cio|cto|vp|president|head|lead|owner|chair(?:man|woman|person)?|partner"
    r"|controller|supervisor|coordinator|architect|dpo|buyer|treasurer|nurse|matron|dean|principal"
    r"|foreman|consultant|auditor|chief|sponsor)\b)"
)
_BEFORE = rx(
    r"\b(?:our|the|my|their) (?:[\w-]+ ){0,3}[\w-]+,(?: that's)? *$|\b(?:that's|it's|is|be|and"
    r"|also) *$|^\W*$"
)
_AFTER = rx(
    rf"^(?:'s)?(?:[,.]? (?:and )?{_ROLE}| at the \w+| from (?:the |our )?[a-z]\w+| in (?:legal"
    rf"|procurement|finance|security|operations|compliance)|, who\b|\. (?:she|he)\b)"
)
_ASKED = rx(r"\bwho(?:'s|se| is| are| can| does| else)?\b|\blast name\b|\banyone else\b")
_TITLED = re.compile(r"\b(?:Dr\.?|Professor|Prof\.?|Mrs\.?|Mr\.?|Ms\.?) ([A-ZÀ-Ý][\wà-ÿ'-]+)\b")
_ROLE_OF = rx(
    r"\b(?:that's|this is|'s|is) (?:our|their|the) (?:[\w-]+ ){0,3}(?:vp|director|manager|officer"
    r"|head|lead|lawyer|counsel|secretary|steward|accountant|ceo|cfo|cio|cto)\b"
)


def stakeholders(talk: Talk) -> list[Claim]:
    """Each absent person once, where they are introduced with a role."""
    found: list[Claim] = []
    named: set[str] = set()
    for sentence in talk.every_sentence():
        if sentence.cue >= talk.recap:
            break
        for name, start, end in _names(sentence):
            if name in named or talk.people.is_speaker(name) or talk.people.is_speaker(name.split()[0]):
                continue
            if not _is_introduced(talk, sentence, start, end):
                continue
            named.add(name)
            tail = [
                s
                for s in talk.sentences(sentence.cue)
                if s.index == sentence.index + 1 and rx(r"^\W*(?:he|she)\b").search(s.said)
            ]
            found.append(claim("stakeholder", [sentence, *tail], confidence="0.75"))
    return found


def _names(sentence: Sentence) -> list[tuple[str, int, int]]:
    names = []
    for match in full_names(sentence.said):
        end = match.start() + len(f"{match[1]} {match[2]}")
        names.append((f"{match[1]} {match[2]}", match.start(), end))
    titled = [match for match in _TITLED.finditer(sentence.text) if looks_like_name(match[1])]
    return [*names, *((match[0], match.start(), match.end()) for match in titled)]


def _is_introduced(talk: Talk, sentence: Sentence, start: int, end: int) -> bool:
    """A role beside the name, or an answer to the question who."""
    before, after = sentence.said[:start], sentence.said[end:]
    following = [s.said for s in talk.sentences(sentence.cue) if s.index == sentence.index + 1]
    if _AFTER.search(after) or (_BEFORE.search(before) and before.strip() and rx(r"\b(?:our|the|my)\b").search(before)):
        return True
    said = talk.said(sentence.cue)
    if not after.strip(" .") and following and rx(r"^\W*(?:he|she)\b").search(following[0]):
        return True
    is_answer = any(_ASKED.search(talk.said(n)) and talk.asks(n) for n in talk.preceding(sentence.cue, 1))
    return (
        is_answer and len(before.split()) <= 2 and not rx(r"\blast name\b").search(talk.said(sentence.cue - 1))
    ) or _ROLE_OF.search(said) is not None
