"""Who takes part, for which side, and who is spoken of without being there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import pairwise

from summarizer.questions import SUCCESS, WHY
from summarizer.sentences import blanked, rx
from summarizer.transcript import Participant, Transcript

# A lookahead, so that "That's Anna Berg" yields Anna Berg and not That's Anna.
_FULL_NAME = re.compile(r"\b(?=([A-ZÀ-Ý][\w'’-]+) ([A-ZÀ-Ý][\w'’-]*[a-zà-ÿ])(?:'s)?\b)")
_NO_NAMES = frozenset(
    {"frau", "herr", "herrn", "señor", "señora", "don", "doña"}
    | {
        "somebody",
        "someone",
        "nobody",
        "everyone",
        "everybody",
        "anyone",
        "anybody",
        "people",
        "legal",
        "infra",
        "support",
    }
    | {"action", "and", "april", "are", "at", "august", "black", "but", "can", "ceo", "cfo", "christmas"}
    | {"cio", "could", "cto", "december", "decision", "did", "do", "does", "dr", "east", "easter", "excel"}
    | {"february", "first", "for", "friday", "from", "good", "google", "great", "he", "hello", "here", "hi"}
    | {"how", "i", "if", "in", "is", "it", "it's", "january", "july", "june", "last", "let's", "march", "may"}
    | {"maybe", "microsoft", "monday", "mr", "mrs", "ms", "my", "new", "next", "no", "north", "not", "november"}
    | {"october", "oh", "okay", "old", "on", "once", "open", "our", "perfect", "question", "right", "risk"}
    | {"saturday", "second", "september", "she", "should", "slack", "so", "sorry", "south", "sunday", "teams"}
    | {"thank", "thanks", "thanksgiving", "that", "the", "then", "there", "these", "they", "this", "those"}
    | {"thursday", "tuesday", "united", "vp", "was", "we", "wednesday", "well", "west", "what", "when", "who"}
    | {"why", "will", "with", "would", "yes", "you", "your", "zoom"}
)

_VENDOR_SAYS = rx(
    r"\b(?:you(?:'ve| have)? (?:bought|signed up for|ordered)|what (?:was|we|you) (?:sold|bought)"
    r"|(?:we|sales) (?:sold|put down)|scope we sold"
    r"|your (?:first )?port of call|(?:it's|is) a change order|(?:need|needs) a change (?:order"
    r"|request)|price it (?:up )?as a change"
    r"|not in (?:scope|the package|the order)|not part of this phase|the contract says"
    r"|on our side it's|from our side is"
    r"|i(?:'d be| would be|'m)? lead(?:ing)? (?:the project|implementations)|i run implementations|in your own words"
    r"|why (?:are you|you're|you've|do you|now)|tell me why|what would success|(?:we"
    r"|which we) don't (?:do|build|make)"
    r"|you'll be working with|my colleague|with me is|together with me|we(?:'ll| will) configure"
    r"|i(?:'ll| will) build)\b"
)
_CUSTOMER_SAYS = rx(
    r"\b(?:i run (?:the|month|a)|our (?:board|customers|sellers|dealers|members|auditors|system"
    r"|team leaders|users|patients|guests)"
    r"|one of my|i(?:'m the one who| )? ?signed (?:it|that)|this is my project|can (?:you|it"
    r"|we) (?:also|just)|could you (?:also|do our|guys)"
    r"|we(?:'ve| have) got a system|we (?:want|lose|sell|are insurance)|i do the money"
    r"|at the minute|i want (?:it|one|to have|them)"
    r"|our legal|the consumer of)\b"
)
_VENDOR_ROLE = rx(
    r"\b(?:running the (?:rollout|project|implementation)|specialist|customer success|project manager at"
    r"|onboarding manager|implementation (?:manager|lead|consultant)"
    r"|solutions? (?:consultant|architect|engineer)"
    r"|integration (?:engineer|developer)|delivery (?:lead|manager)|engagement manager"
    r"|voice engineer|customer success"
    r"|professional services|project lead|data engineer|technical consultant|implementation|integration engineer)\b"
)
_CUSTOMER_ROLE = rx(
    r"\b(?:cfo|coo|ceo|cto|cio|chief|treasurer|accounts payable|i manage|practice manager"
    r"|office manager|reception|general manager|owner|headteacher|bursar"
    r"|operations director|finance (?:manager|controller|director)|controller|head of"
    r"|co-?founder|it manager|look after it"
    r"|actuary|vp of|managing director|marketing|warehouse manager|run (?:the site|the building"
    r"|the contact)|risk and compliance"
    r"|lead engineer|infrastructure|it apps|security\b|edi|box office|payroll)\b"
)
Says = tuple[re.Pattern[str], re.Pattern[str]]
_TITLE = re.compile(r"^(?:herrn?|frau|señora?|sra?|don|doña|mr|mrs|ms)\.? ")


class People:
    """Speakers and absent persons. A name is resolved only where one person can be meant."""

    def __init__(
        self,
        transcript: Transcript,
        hints: Iterable[Participant] = (),
        sides: Mapping[str, str] | None = None,
        says: Says | None = None,
    ) -> None:
        self.speakers = transcript.speakers
        self._hints = {_key(p.name): p for p in (*transcript.participants, *hints)}
        known = {_key(name): side for name, side in (sides or {}).items()}
        known = {key: p.side for key, p in self._hints.items() if p.side != "unknown"} | known
        self._sides = _guessed_sides(transcript, known, says or (_VENDOR_SAYS, _CUSTOMER_SAYS))
        self.absent = _absent(transcript)

    def side(self, name: str) -> str:
        return self._sides.get(_key(name), "unknown")

    def participants(self) -> tuple[Participant, ...]:
        return tuple(
            Participant(
                name=name, side=self.side(name), role=hint.role if (hint := self._hints.get(_key(name))) else ""
            )
            for name in self.speakers
        )

    def resolve(self, spoken: str) -> str | None:
        """The full name for a name as spoken; the spoken form for somebody absent; None where two may be meant."""
        key = _TITLE.sub("", _key(spoken))
        for names in (self.speakers, self.absent):
            found = [name for name in names if _key(name) == key or key in _key(name).split()]
            if len(found) == 1:
                return found[0]
            if found:
                return None
        return spoken

    def is_known(self, spoken: str) -> bool:
        key = _key(spoken)
        return any(key in _key(name).split() for name in (*self.speakers, *self.absent))

    def is_speaker(self, name: str) -> bool:
        return any(_key(name) == _key(speaker) or _key(name) in _key(speaker).split() for speaker in self.speakers)


def looks_like_name(word: str) -> bool:
    """Whether a capitalised word may be a person's."""
    return (
        word[:1].isupper()
        and not word.isupper()
        and "'" not in word.removesuffix("'s")
        and word.casefold().removesuffix("'s") not in _NO_NAMES
    )


def full_names(text: str) -> list[re.Match[str]]:
    """First and last name beside each other; ordinary capitalised words are left out."""
    return [m for m in _FULL_NAME.finditer(text) if looks_like_name(m[1]) and looks_like_name(m[2])]


def _key(name: str) -> str:
    return " ".join(name.casefold().split())


def _absent(transcript: Transcript) -> tuple[str, ...]:
    """People who are named in full and do not speak."""
    speaking = {part for name in transcript.speakers for part in _key(name).split()}
    found: dict[str, None] = {}
    for cue in transcript.cues:
        for match in full_names(blanked(cue.text)):
            name = f"{match[1]} {match[2].removesuffix(chr(39) + 's')}"
            if not set(_key(name).split()) & speaking:
                found[name] = None
    return tuple(found)


def _guessed_sides(transcript: Transcript, known: Mapping[str, str], says: Says) -> dict[str, str]:
    """Votes of what each speaker says and is called; the hints outrank them."""
    votes: Counter[str] = Counter()
    for cue in transcript.cues:
        if not cue.speaker:
            continue
        key, said = _key(cue.speaker), blanked(cue.text)
        is_early = cue.number <= max(20, len(transcript.cues) // 6)
        votes[key] += 2 * len(says[0].findall(said)) - 2 * len(says[1].findall(said))
        if is_early and _is_about_self(cue.speaker, said):
            votes[key] += 3 * bool(_VENDOR_ROLE.search(said)) - 3 * bool(_CUSTOMER_ROLE.search(said))
    _add_answers(transcript, votes)
    sides = {key: "vendor" if vote > 0 else "customer" for key, vote in votes.items() if vote}
    sides.update(known)
    for speaker in transcript.speakers:
        sides.setdefault(_key(speaker), _introduced(transcript, speaker, sides))
    return sides


def _is_about_self(speaker: str, said: str) -> bool:
    """A title counts for whoever gives it with their name, or says "I"; others' titles are theirs."""
    words = set(re.findall(r"[\w'-]+", said.casefold()))
    return bool(words & {"i", "i'm", "i'd", "i'll", "i've", "my"} or words & set(_key(speaker).split()))


def _add_answers(transcript: Transcript, votes: Counter[str]) -> None:
    """Who asks how success will be seen sells; who answers buys."""
    half = len(transcript.cues) // 2
    for asked, answered in pairwise(transcript.cues[:half]):
        is_asked = WHY.search(asked.text) or SUCCESS.search(asked.text)
        if is_asked and asked.text.rstrip().endswith("?") and asked.speaker != answered.speaker:
            votes[_key(asked.speaker)] += 2
            votes[_key(answered.speaker)] -= 2


def _introduced(transcript: Transcript, speaker: str, sides: Mapping[str, str]) -> str:
    """The side of whoever first names somebody who says little, near the beginning."""
    first = speaker.split(maxsplit=1)[0]
    for cue in transcript.cues[: max(20, len(transcript.cues) // 6)]:
        if cue.speaker != speaker and re.search(rf"\b{re.escape(first)}\b", cue.text):
            return sides.get(_key(cue.speaker), "unknown")
    return "unknown"
