"""Whether a call is a kickoff: people introduce themselves, say why, what was sold, and how they will know."""

from __future__ import annotations

from summarizer.questions import SUCCESS, WHY
from summarizer.sentences import rx
from summarizer.talk import Talk

_NAMED = rx(
    r"\bkick[- ]?off\b|\bkick off with\b|\bproject start\b|\bprojektauftakt\b"
    r"|\breunión de (?:arranque|inicio)\b|\bréunion de lancement\b"
)
_INTRODUCES = rx(
    r"\bi(?:'m| am|'d be) (?:the |your |an? |leading |doing )|\bi'm \w+, (?:i|the|and|from)\b"
    r"|\bi (?:run|lead|look after|do) (?:the|it)\b|\bround of (?:names|introductions)\b"
    r"|\bmy name is\b"
    r"|^\W*[A-ZÀ-Ý]\w+ [A-ZÀ-Ý]\w+, [\w ]+\.|^\W*i'm [A-ZÀ-Ý]\w+"
)
_SCOPE = rx(
    r"\b(?:what (?:was|you|we) (?:sold|bought)|you(?:'ve)? bought|scope we sold|in scope"
    r"|what's in\b|the contract|the package|the order)\b"
)
_RUNNING = rx(
    r"\b(?:since (?:the )?(?:kick-?off|last (?:week|call|time|meeting))|status (?:update|call"
    r"|meeting)|last week's|sprint|retro(?:spective)?|as discussed last)\b"
)


def is_kickoff(talk: Talk) -> bool:
    """Three of its four marks at least; talk of a running project counts against it."""
    early = max(20, talk.last // 4)
    introductions = sum(1 for s in talk.every_sentence() if s.cue <= early and _INTRODUCES.search(s.said))
    marks = [
        introductions >= 2,
        any(WHY.search(s.said) or SUCCESS.search(s.said) for s in talk.every_sentence() if s.cue <= talk.last // 2 + 5),
        any(_SCOPE.search(s.said) for s in talk.every_sentence()),
        _NAMED.search(talk.transcript.title) is not None or any(_NAMED.search(s.said) for s in talk.every_sentence()),
    ]
    running = sum(1 for s in talk.every_sentence() if _RUNNING.search(s.said))
    return sum(marks) - min(2, running) >= 3
