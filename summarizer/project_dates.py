"""Dates of the project: go-live, pilot, workshop, freeze and the like, each once and as it stands at the end."""

from __future__ import annotations

import re

from summarizer.claims import Claim, claim
from summarizer.dates import Said
from summarizer.due import best
from summarizer.sentences import Sentence, rx
from summarizer.talk import Talk

_EVENTS = {
    "go_live": r"go(?:es|ing)?[- ]live|goes live|go-lives?|live on|production start|is live|are live|be live",
    "launch": r"launch(?:es|ed)?|roll-?out|opening|all (?:sellers|users|sites|stores|members)",
    "pilot": r"pilot",
    "workshop": r"workshops?|design sessions?",
    "freeze": r"freeze|code freeze",
    "rehearsal": r"rehearsal|dry run|dress rehearsal|mock run",
    "port": r"port|ports|porting",
    "beta": r"beta|soft launch|data load|load test|first (?:site|store|clinic|branch|school)|opens",
    "delivery": r"delivered|delivery|handed over|hand-?over",
    "test": r"uat|acceptance(?: test(?:s|ing)?)?|user testing|parallel run",
    "cutover": r"cut-?over|switch-?over|migration weekend|switch off|decommission",
    "training": r"training",
    "start": r"starts? (?:on|the)|begins? (?:on|the)|kicks off",
    "phase": r"phase (?:one|two|three|1|2|3)|first wave|second wave|wave (?:one|two)|milestone"
    r"|steering (?:committee|board)|review meeting|inspection|audit|contract (?:ends|expires)"
    r"|licen[cs]e (?:ends|expires)",
}
_EVENT = re.compile("|".join(rf"(?P<{key}>\b(?:{words})\b)" for key, words in _EVENTS.items()), re.IGNORECASE)
_TASK = rx(
    r"\b(?:i'll|i will|i can|i might|could you|can you|shall i|you need to|has to|must"
    r"|will (?:send|ring|have|do))\b|\bsign[- ]?off\b|\bapproval\b|\bis over\b|\bi(?:'ve"
    r"| have) put\b"
)
_REJECTS = rx(
    r"^\W*(?:no\b|er, hang on|wait|that's a joke|it can't|we can't|hang on|not that|oh no"
    r"|uh, that's|thirtieth|hm)|\bcan't be\b|\bscrap that\b|\bnot that day\b"
)
_PAST = rx(
    r"\b(?:was|were|had|last|before i knew|i said|said .* to the team|we'd said|sales put|put down"
    r"|contract says|originally|the offer says|planned for|pencilled|provisionally)\b"
)
_WISH = rx(
    r"\bnice to have\b|\bit'd be nice\b|\bwouldn't say\b|\bwon't write\b|\bmaybe\b|\bsometime\b"
    r"|\bideally\b|\bwhat if\b"
)
_ANOTHER = re.compile(r"^\W*(?:[Aa]nd|[Tt]hen) ([A-ZÀ-Ý][\w-]+)\b")


_SUPPOSES = rx(r"^\W*(?:so |and |but |then )?(?:if|unless|when)\b")
_SETTLES = rx(r"\b(?:that's the|let's say|it is|works|agreed|what about|make it|fixed|then|fine)\b")


def names_event(text: str) -> bool:
    return _EVENT.search(text) is not None


def date_commitments(talk: Talk) -> list[Claim]:
    found: dict[str, Claim] = {}
    for cue in range(1, min(talk.recap, talk.last + 1)):
        for sentence in talk.sentences(cue):
            said = best(talk.days(sentence.said, cue), sentence.said)
            key = _key(talk, sentence) if said else None
            if said is None or key is None or not _is_day(said):
                continue
            is_own = _EVENT.search(sentence.said) is not None
            near = [k for k in found.values() if k.due == said.day and cue - max(k.cues) <= 6]
            if near and not is_own and key not in found:
                near[-1].cues.add(cue)
                continue
            _note(found, key, sentence, said, talk)
    return [known for known in found.values() if known.modality == "committed"]


def _is_day(said: Said) -> bool:
    return said.is_full or said.is_bare


def _key(talk: Talk, sentence: Sentence) -> str | None:
    """Which event the sentence dates; a short answer takes the event of the question before it."""
    if any(pattern.search(sentence.said) for pattern in (_TASK, _WISH, _SUPPOSES)):
        return None
    event = _EVENT.search(sentence.said) or _beside(talk, sentence)
    another = _ANOTHER.search(sentence.said)
    if (
        event is None
        and another
        and sentence.index
        and _EVENT.search(talk.sentences(sentence.cue)[sentence.index - 1].said)
    ):
        return another[1]
    if event is not None:
        return _subject(event, sentence)
    for before in talk.preceding(sentence.cue, 1):
        asked = _EVENT.search(talk.said(before))
        is_settling = (talk.asks(before) or _SETTLES.search(sentence.said)) and not rx(r"\bif\b").search(sentence.said)
        if asked and is_settling and not _TASK.search(talk.said(before)) and sentence.words <= 16:
            return _subject(asked, sentence)
    return _again(talk, sentence)


def _beside(talk: Talk, sentence: Sentence) -> re.Match[str] | None:
    """ "Sixth of July. Agreed, that's the go-live date.": the next short sentence names the event."""
    following = [s for s in talk.sentences(sentence.cue) if s.index == sentence.index + 1 and s.words <= 8]
    if sentence.words > 8 or not following or talk.days(following[0].said, sentence.cue):
        return None
    return _EVENT.search(following[0].said)


def _subject(event: re.Match[str], sentence: Sentence) -> str:
    key = next(name for name, text in event.groupdict().items() if text)
    if key == "go_live" and (
        named := re.match(r"\W*(?:so |and |okay, )?([A-ZÀ-Ý][a-zà-ÿ]+) (?:goes )?live", sentence.said)
    ):
        return named[1] if named[1].casefold() not in ("go", "be", "goes") else key
    return key


def _again(talk: Talk, sentence: Sentence) -> str | None:
    """ "Let's say the nineteenth": still the event of two cues ago, when a day is settled."""
    if not _SETTLES.search(sentence.said):
        return None
    for before in talk.preceding(sentence.cue, 4):
        asked = _EVENT.search(talk.said(before))
        if asked:
            return _subject(asked, sentence)
    return None


def _note(found: dict[str, Claim], key: str, sentence: Sentence, said: Said, talk: Talk) -> None:
    """The latest words win; a question only asks, unless what follows accepts it."""
    replies = talk.following(sentence.cue, 1)
    is_rejected = any(_REJECTS.search(talk.said(n)) and talk.speaker(n) != sentence.speaker for n in replies)
    is_denied = _REJECTS.search(sentence.said) is not None
    is_firm = not (sentence.is_question or is_denied or is_rejected or _PAST.search(sentence.said))
    new = claim("date_commitment", [sentence], confidence="0.80" if is_firm else "0.50")
    new.due = said.day
    new.modality = "committed" if is_firm else "proposed"
    known = found.get(key)
    if known is not None and known.due == new.due:
        known.cues |= new.cues
        if is_firm and known.modality != "committed":
            new.cues |= known.cues
            found[key] = new
        return
    if known is None or is_firm or known.modality != "committed":
        found[key] = new
