"""A transcript made ready for the rules: sentences, sides, and who answered what."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cached_property

from summarizer.dates import Said, days_in
from summarizer.people import People
from summarizer.questions import WHY
from summarizer.sentences import Sentence, rx, sentences_of
from summarizer.transcript import Transcript

_ACCEPTS = rx(
    r"^\W*(?:oh |ah |hm |and )?(?:yes|yeah|yep|yup|sure|ok|okay|perfect|great|awesome|please"
    r"|that'd|that would|cool|done"
    r"|absolutely|of course|sounds good|works for|that works|fine|no problem|agreed|correct|will do|deal|go ahead"
    r"|that's me|certainly|lovely|brilliant|i can do|happy to|it would be|good|very good|super|definitely)\b"
)
_REFUSES = rx(
    r"\b(?:no|nope|not allowed|don't (?:do|build|make|offer|support)|can't do|cannot do"
    r"|i'd rather not|not this|hard no"
    r"|stay away|not a chance|won't be|excluded|exclusions)\b"
)
_SOFT_NO = rx(r"\bno (?:problem|worries|rush|doubt|idea|one|charge|promises|name|owner|bother)\b|\bsaying no\b")
_RECAP = rx(
    r"\b(?:let me|i'll|let's|shall i|i will|can i) (?:just )?(?:quickly )?(?:read (?:it |that "
    r"|this )?back|recap|summari[sz]e)\b"
    r"|\b(?:to recap|so shortly|the read-?back|quick recap|in summary|to sum up|to summari[sz]e|let me sum up)\b"
    r"|\b(?:going|run|go|running) (?:back )?(?:through|over) (?:the|what) (?:actions|action items|who|list|we)\b"
)

ReadDays = Callable[[str, date], list[Said]]


class Talk:
    """What the rules ask about a call. Cue numbers count from 1."""

    def __init__(self, transcript: Transcript, people: People, held_on: date, read_days: ReadDays = days_in) -> None:
        self._read_days = read_days
        self.transcript = transcript
        self.people = people
        self.held_on = held_on
        self.last = len(transcript.cues)
        self._sentences: Mapping[int, tuple[Sentence, ...]] = {cue.number: sentences_of(cue) for cue in transcript.cues}

        self._said = {cue: "  ".join(s.said for s in found) for cue, found in self._sentences.items()}
        self._days: dict[tuple[str, int], list[Said]] = {}

    def sentences(self, cue: int) -> tuple[Sentence, ...]:
        return self._sentences.get(cue, ())

    def every_sentence(self) -> Iterator[Sentence]:
        for number in range(1, self.last + 1):
            yield from self.sentences(number)

    def text(self, cue: int) -> str:
        found = self.transcript.cue(cue)
        return found.text if found else ""

    def said(self, cue: int) -> str:
        """The cue without what its speaker does not assert."""
        return self._said.get(cue, "")

    def speaker(self, cue: int) -> str:
        found = self.transcript.cue(cue)
        return found.speaker if found else ""

    def side(self, cue: int) -> str:
        return self.people.side(self.speaker(cue))

    def following(self, cue: int, count: int) -> list[int]:
        """The next cues in which something is asserted."""
        found: list[int] = []
        at = cue + 1
        while at <= self.last and len(found) < count:
            if self.sentences(at):
                found.append(at)
            at += 1
        return found

    def preceding(self, cue: int, count: int) -> list[int]:
        """The cues before in which something is asserted, nearest first."""
        found: list[int] = []
        at = cue - 1
        while at >= 1 and len(found) < count:
            if self.sentences(at):
                found.append(at)
            at -= 1
        return found

    def accepts(self, cue: int) -> bool:
        return _ACCEPTS.search(self.said(cue)) is not None and not self.refuses(cue)

    def refuses(self, cue: int) -> bool:
        return _REFUSES.search(_SOFT_NO.sub(" ", self.said(cue))) is not None

    def asks(self, cue: int) -> bool:
        return any(sentence.is_question for sentence in self.sentences(cue))

    @cached_property
    def why_question(self) -> int:
        """The cue that asks the customer why; 0 where nobody does."""
        asked = (s.cue for s in self.every_sentence() if WHY.search(s.said) and self.side(s.cue) != "customer")
        return next(asked, 0)

    @cached_property
    def recap(self) -> int:
        """The first cue of the reading back; beyond the last cue where there is none."""
        third = self.last // 2
        return next((s.cue for s in self.every_sentence() if s.cue > third and _RECAP.search(s.said)), self.last + 1)

    def days(self, text: str, cue: int) -> list[Said]:
        """Days in a text of `cue`; a bare "the ninth" takes the month that was said with that day shortly before."""
        key = (text, cue)
        if key not in self._days:
            self._days[key] = [
                self._placed(said, cue) for said in self._read_days(text.replace("’", "'"), self.held_on)
            ]
        return self._days[key]

    def _placed(self, said: Said, cue: int) -> Said:
        if not said.is_bare:
            return said
        for before in range(cue, max(0, cue - 25), -1):
            for other in self._full_days.get(before, ()):
                if other.day == said.day.day:
                    return Said(day=other, start=said.start, end=said.end, is_full=True)
        return said

    @cached_property
    def _full_days(self) -> dict[int, list[date]]:
        return {
            cue.number: [said.day for said in self._read_days(cue.text.replace("’", "'"), self.held_on) if said.is_full]
            for cue in self.transcript.cues
        }
