"""Items by their marker words, for languages with a short word list: fewer are found, and only plain ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from summarizer.claims import Claim, claim, longest
from summarizer.dates import Said
from summarizer.due import best
from summarizer.items import Modality, Track
from summarizer.people import full_names, looks_like_name
from summarizer.sentences import Sentence
from summarizer.talk import Talk


@dataclass(frozen=True, slots=True)
class Words:
    """Patterns of one language. `named` captures the name; `events` maps an event to its words."""

    days: Callable[[str, date], list[Said]]
    vendor: re.Pattern[str]
    customer: re.Pattern[str]
    accepts: re.Pattern[str]
    recap: re.Pattern[str]
    why: re.Pattern[str]
    success: re.Pattern[str]
    want: re.Pattern[str]
    picture: re.Pattern[str]
    sold: re.Pattern[str]
    request: re.Pattern[str]
    priced: re.Pattern[str]
    declined: re.Pattern[str]
    granted: re.Pattern[str]
    opened: re.Pattern[str]
    decides: re.Pattern[str]
    undecided: re.Pattern[str]
    takes_back: re.Pattern[str]
    risk: re.Pattern[str]
    feared: re.Pattern[str]
    stops: re.Pattern[str]
    event: re.Pattern[str]
    promise: re.Pattern[str]
    empty: re.Pattern[str]
    offer: re.Pattern[str]
    might: re.Pattern[str]
    first: re.Pattern[str]
    somebody: re.Pattern[str]
    named: re.Pattern[str]
    approval: re.Pattern[str]
    role: re.Pattern[str]
    moved: re.Pattern[str]
    wish: re.Pattern[str]


def marked_items(talk: Talk, words: Words) -> list[Claim]:
    """All items that the words mark. The reading back adds nothing."""
    finder = _Finder(talk, words)
    parts = (
        finder.goals(),
        finder.scope(),
        finder.asks(),
        finder.opened(),
        finder.decisions(),
        finder.dates(),
        finder.risks(),
        finder.blockers(),
        finder.stakeholders(),
        finder.actions(),
    )
    return [found for part in parts for found in part]


def is_marked_kickoff(talk: Talk, words: Words) -> bool:
    """Two of: somebody asks why, asks how success will be seen, says what was sold."""
    finder = _Finder(talk, words)
    has_scope = any(words.sold.search(s.said) for s in talk.every_sentence() if s.cue <= talk.last * 2 // 3)
    return bool(finder.asked_why) + bool(finder.asked_success) + has_scope >= 2


class _Finder:
    def __init__(self, talk: Talk, words: Words) -> None:
        self.talk = talk
        self.words = words
        half = talk.last // 2
        self.end = self._first(words.recap, after=half) or talk.last + 1
        self.asked_why = self._first(words.why) or 0
        self.asked_success = self._first(words.success, after=self.asked_why, asking=True) or 0

    def _first(self, pattern: re.Pattern[str], *, after: int = 0, asking: bool = False) -> int | None:
        talk = self.talk
        return next(
            (
                s.cue
                for s in talk.every_sentence()
                if s.cue > after and pattern.search(s.said) and (not asking or talk.asks(s.cue))
            ),
            None,
        )

    def _sentences(self, pattern: re.Pattern[str], *, asking: bool = False) -> Iterator[Sentence]:
        for sentence in self.talk.every_sentence():
            if sentence.cue < self.end and sentence.is_question == asking and pattern.search(sentence.said):
                yield sentence

    def goals(self) -> Iterator[Claim]:
        talk, words = self.talk, self.words
        asker = talk.speaker(self.asked_why)
        end = self.asked_success or min(self.end, self.asked_why + 12)
        for cue in range(self.asked_why + 1, end) if self.asked_why else ():
            wants = [s for s in talk.sentences(cue) if words.want.search(s.said) and not s.is_question and s.words >= 5]
            if wants and talk.speaker(cue) != asker and talk.side(cue) != "vendor":
                yield claim("goal", wants[:1], confidence="0.65")
        for cue in talk.following(self.asked_success, 3) if self.asked_success else ():
            scenes = [s for s in talk.sentences(cue) if words.picture.search(s.said) and s.words >= 7]
            if scenes and talk.side(cue) != "vendor":
                yield claim("success_milestone", scenes[:1], confidence="0.65")
                return

    def scope(self) -> Iterator[Claim]:
        for cue in range(1, min(self.end, self.talk.last + 1)):
            said = [s for s in self.talk.sentences(cue) if self.words.sold.search(s.said) and not s.is_question]
            is_answer = self.words.priced.search(self.talk.said(cue)) or self.words.declined.search(self.talk.said(cue))
            if said and self.talk.side(cue) == "vendor" and not is_answer and said[0].words >= 4:
                yield claim("scope_commitment", said[:1], confidence="0.65")

    def asks(self) -> Iterator[Claim]:
        for sentence in self._sentences(self.words.request, asking=True):
            if self.talk.side(sentence.cue) == "vendor":
                continue
            for reply in self.talk.following(sentence.cue, 3):
                verdict = self._verdict(reply)
                if verdict is not None:
                    new = claim("scope_ask", [sentence], cites=[reply], confidence="0.65")
                    new.modality = verdict
                    yield new
                    break

    def _verdict(self, cue: int) -> Modality | None:
        said = self.talk.said(cue)
        if self.talk.side(cue) == "customer":
            return None
        if self.words.granted.search(said):
            return "committed"
        if self.words.declined.search(said):
            return "declined"
        return "proposed" if self.words.priced.search(said) else None

    def opened(self) -> Iterator[Claim]:
        last = -9
        for mark in self._sentences(self.words.opened):
            if mark.cue - last <= 3:
                continue
            last = mark.cue
            asked = [s for n in self.talk.preceding(mark.cue, 5) for s in self.talk.sentences(n) if s.is_question]
            question = mark if mark.words >= 9 else longest(s for s in asked if s.words >= 4)
            if question is not None:
                yield claim("open_question", [question], cites=[mark.cue], confidence="0.65")

    def decisions(self) -> Iterator[Claim]:
        found: list[Claim] = []
        for sentence in self._sentences(self.words.decides):
            if self.words.undecided.search(sentence.said):
                continue
            is_date = self.words.event.search(sentence.said) and self.talk.days(sentence.said, sentence.cue)
            if sentence.words < 3 or is_date:
                continue
            if found and sentence.cue - found[-1].cue <= 8 and self._is_taken_back(found[-1].cue, sentence.cue):
                found.pop()
            if not found or sentence.cue - found[-1].cue > 1:
                found.append(claim("decision", [sentence], confidence="0.65"))
        yield from (known for known in found if not self._is_taken_back(known.cue, known.cue + 6))

    def _is_taken_back(self, start: int, end: int) -> bool:
        return any(
            self.words.takes_back.search(self.talk.said(n)) for n in range(start + 1, min(end, self.talk.last) + 1)
        )

    def dates(self) -> Iterator[Claim]:
        found: dict[str, Claim] = {}
        for sentence in self._sentences(self.words.event):
            said = best(self.talk.days(sentence.said, sentence.cue), sentence.said)
            pattern = self.words
            is_loose = any(p.search(sentence.said) for p in (pattern.wish, pattern.promise, pattern.moved))
            if said is None or not said.is_full or is_loose:
                continue
            event = pattern.event.search(sentence.said)
            new = claim("date_commitment", [sentence], confidence="0.65")
            new.due = said.day
            found[event[0].casefold() if event else ""] = new
        yield from found.values()

    def risks(self) -> Iterator[Claim]:
        for mark in self._sentences(self.words.risk):
            cues = [mark.cue, *self.talk.preceding(mark.cue, 3)]
            feared = next((s for n in cues for s in self.talk.sentences(n) if self._is_feared(s)), None)
            beside = longest(s for s in self.talk.sentences(mark.cue) if not s.is_question and s.words >= 5)
            content = feared if feared is not None and feared.cue == mark.cue else beside or feared
            if content is not None:
                yield claim("risk", [content], cites=[mark.cue], confidence="0.65")

    def _is_feared(self, sentence: Sentence) -> bool:
        return bool(self.words.feared.search(sentence.said)) and not sentence.is_question and sentence.words >= 5

    def blockers(self) -> Iterator[Claim]:
        for sentence in self._sentences(self.words.stops):
            new = claim("blocker", [sentence], confidence="0.60")
            new.track = "approval" if self.words.approval.search(self.talk.said(sentence.cue)) else "customer"
            yield new

    def stakeholders(self) -> Iterator[Claim]:
        named: set[str] = set()
        for sentence in self._sentences(self.words.role):
            for match in full_names(sentence.said):
                name = f"{match[1]} {match[2]}"
                is_new = name not in named and not self.talk.people.is_speaker(match[2])
                if is_new and not self.talk.people.is_speaker(match[1]) and name in self.talk.people.absent:
                    named.add(name)
                    yield claim("stakeholder", [sentence], confidence="0.60")

    def actions(self) -> Iterator[Claim]:
        found: list[Claim] = []
        for cue in range(1, self.talk.last + 1):
            new = self._action(cue)
            if new is None:
                continue
            known = next((k for k in reversed(found) if self._is_same(k, new)), None)
            if known is None:
                found.append(new)
                continue
            known.cues.add(cue)
            # Said again at once: the later day is the corrected one.
            known.due = (new.due or known.due) if cue < self.end else known.due
        yield from found

    def _is_same(self, known: Claim, new: Claim) -> bool:
        if known.owner != new.owner or known.modality != new.modality:
            return False
        is_near = new.cue < self.end and new.cue - max(known.cues) <= 2
        return is_near or (new.cue >= self.end and known.due == new.due)

    def _action(self, cue: int) -> Claim | None:
        rules = (self._somebody, self._named, self._offer, self._might, self._promise)
        for sentence in self.talk.sentences(cue):
            for rule in rules if cue < self.end else (self._promise,):
                new = rule(sentence)
                if new is not None:
                    return self._completed(new)
        return None

    def _completed(self, new: Claim) -> Claim:
        whole = self.talk.text(new.cue)
        texts = (whole[new.start : new.end], whole[new.end :])
        said = next((day for text in texts if (day := best(self.talk.days(text, new.cue), text))), None)
        new.due = said.day if said else None
        new.track = self._track(new)
        return new

    def _track(self, new: Claim) -> Track:
        if self.words.approval.search(self.talk.said(new.cue)):
            return "approval"
        side = self.talk.people.side(new.owner) if new.owner else "customer"
        side = self.talk.side(new.cue) if side == "unknown" else side
        return "internal" if side == "vendor" else "customer"

    def _somebody(self, sentence: Sentence) -> Claim | None:
        if sentence.is_question or not self.words.somebody.search(sentence.said):
            return None
        new = claim("action_item", [sentence], confidence="0.60")
        new.modality = "proposed"
        return new

    def _named(self, sentence: Sentence) -> Claim | None:
        match = None if sentence.is_question else self.words.named.search(sentence.said)
        if match is None or not looks_like_name(match["name"].split()[-1]) or self.words.wish.search(sentence.said):
            return None
        new = claim("action_item", [sentence], confidence="0.60")
        new.owner = self.talk.people.resolve(match["name"])
        return new

    def _offer(self, sentence: Sentence) -> Claim | None:
        if not sentence.is_question or not self.words.offer.search(sentence.said):
            return None
        replies = self.talk.following(sentence.cue, 1)
        if not replies or not self.words.accepts.search(self.talk.said(replies[0])):
            return None
        new = claim("action_item", [sentence], cites=replies, confidence="0.70")
        new.owner = self.talk.speaker(sentence.cue) or None
        return new

    def _might(self, sentence: Sentence) -> Claim | None:
        is_hedged = self.words.might.search(sentence.said) and self.talk.days(sentence.said, sentence.cue)
        is_own = self.words.first.search(sentence.said)
        if sentence.is_question or not is_hedged or not is_own:
            return None  # what somebody else might do is nobody's promise
        new = claim("action_item", [sentence], confidence="0.60")
        new.owner = self.talk.speaker(sentence.cue) or None
        new.modality = "tentative"
        return new

    def _promise(self, sentence: Sentence) -> Claim | None:
        said = sentence.said
        is_promise = self.words.promise.search(said) and not self.words.empty.search(said)
        if sentence.is_question or not is_promise or self.words.might.search(said):
            return None
        text = self.talk.text(sentence.cue)[sentence.start :]
        if not self.talk.days(text, sentence.cue):
            return None  # without a day the words alone are too weak
        new = claim("action_item", [sentence], confidence="0.65")
        new.owner = self.talk.speaker(sentence.cue) or None
        return new
