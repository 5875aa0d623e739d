"""Goals and the success milestone: what the customer answers when asked why, and how they would know."""

from __future__ import annotations

from summarizer.claims import Claim, claim, longest
from summarizer.questions import SUCCESS
from summarizer.sentences import Sentence, rx
from summarizer.talk import Talk

_WANT = rx(
    r"\b(?:i|we)(?:'d| would)? (?:really |just )?(?:want|like|love|need)\b(?! (?:to (?:ask|say|add"
    r"|bring|know|check|understand first|jump|raise)\b|the (?:soc|report)))"
    r"|\bgoal (?:one|two|three|number|is)\b|\b(?:main|first|big|second|other) (?:goal|aim"
    r"|thing) is\b|\bwhat (?:i|we)(?:'d)? (?:want|like|need)\b"
    r"|\bthe (?:goal|aim|purpose|idea|point) is\b|\bso that we\b|\bwe(?:'re| are) (?:aiming|hoping"
    r"|trying) (?:for|to)\b|\bi need us\b|\bit has to\b|\bget (?:it|that|this) down to\b"
    r"|\bthe target is\b|\bget rid of\b|\bwe(?:'ve| have) (?:got )?to (?:get|cut|bring|reduce"
    r"|stop)\b|\bi(?:'d| would) be happy (?:with|if)\b|\bmy (?:goal|target|aim)\b|\bwe'd (?:like"
    r"|love|want)\b"
)
_PICTURE = rx(
    r"^\W*(?:(?:honestly|well|i think|for me|so|oh|probably|easy|simple|hm|and"
    r"|it's)\W+)*(?:the (?:day|first|moment|morning|week|month)|when|if|first|once|on the day)\b"
)
_VAGUE = rx(
    r"\bi suppose\b|\bi guess\b|\bbroadly\b|\bmaybe\b|\bcould be\b|\bi think\b|\bpossibly\b"
    r"|\bperhaps\b|\bsort of\b|\bi wouldn't\b"
)
_NO_ANSWER = rx(r"\bi don't know\b|\bno idea\b|\bi can't say\b|\bhard to say\b|\bgood question\b|\bask me\b")


def goals(talk: Talk) -> list[Claim]:
    """The customer's wants between the question why and the question of success."""
    asked = talk.why_question
    end = min(_success_question(talk) or talk.last, asked + 25)
    found: list[Claim] = []
    if not asked:
        return found
    for cue in range(asked + 1, end + 1):
        if talk.side(cue) == "vendor" or cue == _success_question(talk):
            continue
        wants = [s for s in talk.sentences(cue) if _WANT.search(s.said) and not s.is_question and s.words >= 5]
        if wants:
            new = claim("goal", wants, confidence="0.75")
            new.modality = "tentative" if _VAGUE.search(talk.said(cue)) else "committed"
            found.append(new)
    return found


def success_milestones(talk: Talk) -> list[Claim]:
    """The scene that the customer paints when asked how they would know that it worked."""
    asked = _success_question(talk)
    if asked is None:
        return []
    for cue in talk.following(asked, 4):
        if talk.side(cue) == "vendor":
            continue
        scenes = [s for s in talk.sentences(cue) if _PICTURE.search(s.said) and not s.is_question and s.words >= 7]
        scene = scenes[0] if scenes else None
        if scene is not None:
            return [_milestone(talk, scene)]
    return _plain_answer(talk, asked)


def _plain_answer(talk: Talk, asked: int) -> list[Claim]:
    for cue in talk.following(asked, 2):
        if talk.side(cue) == "vendor" or _NO_ANSWER.search(talk.said(cue)) or _VAGUE.search(talk.said(cue)):
            continue
        answer = longest(s for s in talk.sentences(cue) if not s.is_question and s.words >= 9)
        if answer is not None:
            return [_milestone(talk, answer)]
    return []


def _milestone(talk: Talk, scene: Sentence) -> Claim:
    new = claim("success_milestone", [scene], confidence="0.75")
    new.modality = "tentative" if _VAGUE.search(talk.said(scene.cue)) else "committed"
    return new


def _success_question(talk: Talk) -> int | None:
    early = talk.last * 2 // 3
    return next(
        (
            s.cue
            for s in talk.every_sentence()
            if s.cue <= early and SUCCESS.search(s.said) and talk.side(s.cue) != "customer" and talk.asks(s.cue)
        ),
        None,
    )
