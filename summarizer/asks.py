"""Requests beyond what was sold, and questions that stay open."""

from __future__ import annotations

from summarizer.claims import Claim, claim, longest
from summarizer.items import Modality
from summarizer.sentences import Sentence, rx
from summarizer.talk import Talk

_REQUEST = rx(
    r"\b(?:would|will|is|are) [\w ]{2,40} (?:be )?possible\b|"
    r"\b(?:can|could|couldn't|can't|would|will) (?:we|you|it|that|this|the|they|there) \b"
    r"|\bis there (?:just |also |maybe |any chance )|\bwould it be possible\b|\bany chance\b"
    r"|\bwant the .* doing\b|\bis \w+, a switch\b|\bwe(?:'d| would) (?:also |really )?(?:like|love"
    r"|want) (?:to have |to add |you to )|\bhow about (?:adding|including)\b|\bis that included\b"
)
_NOT_SCOPE = rx(
    r"^\W*(?:who|when|what|where|how|which|why|and who|and when|so who|and what)\b|\bhear me\b"
    r"|\bsee (?:it|the|my)\b|\b(?:can|could) (?:we|you|i) (?:just )?(?:ask|start|jump|talk|move"
    r"|speak|go|repeat|say|be cheeky)\b"
    r"|\bget an exception\b|\bgive us a status\b|\bhelp if\b|\bsend me\b|\bget me\b"
)
_PRICED = rx(
    r"\bchange (?:order|request)\b|\bprice (?:it|that|for)\b|\b(?:isn't|aren't|not|n't"
    r"|never) in (?:the |our |this |these )?(?:order|scope|package|contract|hours|paper|plan)"
    r"|\boutside\b|\bextra\b|\bas a wish\b|\bon the list\b|\bin the list\b"
    r"|\bwould be (?:additional|extra|a change)|\bnot approving it today\b"
    r"|\bdo not decide this today\b|\bquote\b|\bnot sold\b|\bseparate (?:project|package|entity)\b"
    r"|\bseparately\b"
    r"|\boutside (?:what|the|of)\b|\bnot covered\b|\bvariation\b|\bstatement of work\b"
    r"|\badditional (?:cost|work|effort|fee|hours)\b|\bcosts? extra\b|\bchange control\b"
    r"|\bprice (?:that|it|this) (?:up|separately)|\bnot (?:budgeted|in the budget|included)\b"
    r"|\bwe'd have to (?:quote|price)\b|\bout of scope\b"
)
_DECLINED = rx(
    r"\bsay(?:ing)? no\b(?! *, i'm saying)|\bwe don't (?:do|build|make|offer|support|provide)\b"
    r"|\bthen no\b|\bnot this year\b|\bhard no\b|\bstay away\b|^\W*(?:no|nope)\b"
    r"|\bno, (?:i'm )?sorry\b|\bafraid (?:not|we can't|that's a no)\b"
    r"|\bwe (?:can't|cannot|won't) (?:do|build|offer|support|take)\b|\bnot something we\b"
    r"|\bturned down\b|\bin the exclusions\b|\bthe existing base, no\b|\bnot going to happen\b"
    r"|\bout of the question\b|\bwe don't touch\b|\bnot on the table\b|\bnot going to happen\b"
    r"|\bcan't offer\b|\bi have to say no\b|\bthat's a no\b|\bwe never\b"
)
_GRANTED = rx(
    r"\bwe(?:'ll| will) include\b|\bno charge\b|\bno extra (?:cost|charge)\b|\bas included\b"
    r"|\bit's standard\b|\bon (?:the house|us)\b|\bthrow (?:it|that) in\b|\bwe(?:'ll| can"
    r"| will) absorb\b|\bi'll (?:absorb|swallow) (?:it|that)\b|\bfree of charge\b"
    r"|\bgoodwill\b.*\byes\b"
    r"|\bpart of the package\b|\bsqueeze (?:that|it) in\b|\bwithin the hours\b"
    r"|\bhappy to include\b|\bconsider it done\b|\byes, (?:that's )?included\b|\bwon't charge\b"
    r"|\bno additional charge\b|\bwe'll (?:just )?do (?:it|that) (?:for free|anyway)\b"
)
_KIND_NO = rx(
    r"\bi'm not saying no\b|\bno(?:,| -)? (?:that's fine|problem|worries|rush)\b|\bno idea\b"
    r"|\bno charge\b|\bsay no to you\b|\bi don't want to say (?:yes|no)\b"
)

_OPEN = rx(
    r"\b(?:as an?|that's an?|an|the|so|so an) open (?:question|point|item|issue)\b"
    r"|^\W*open (?:question|point|item)\b|\bleave (?:that|it|this|that one|this one"
    r"|it all)(?: \w+)? (?:as )?(?:an? )?open\b|\bput it (?:down )?as (?:an? )?open\b"
    r"|\bparking (?:that|it|this)\b"
    r"|\bpark (?:that|it|this)\b|\b(?:it|that|this) is open\b|\bit's open\b|\bstays? open\b"
    r"|\bremains? open\b|\bleave (?:that|it|this) as a question\b|\balso a question\b"
    r"|\bquestion for (?:us|later|the list)\b|\bas (?:an )?open\b"
    r"|\bkeep (?:that|it|this) open\b|\bstill open\b|\bleft open\b|\btake (?:that|it"
    r"|this) offline\b|\bno answer (?:yet|today)\b|\bput (?:that|it) on the (?:open|parking)\b"
    r"|\bparking lot\b|\bunanswered\b"
)
_STATED = rx(r"\b(?:nobody|no one|i don't|we don't) knows? (?:who|what|whether|if|which|how|when|where)\b")


def scope_asks(talk: Talk) -> list[Claim]:
    """A customer's request that the answer shows to be more than was sold."""
    found: list[Claim] = []
    for cue in range(1, min(talk.recap, talk.last + 1)):
        if talk.side(cue) == "vendor":
            continue
        asks = [s for s in talk.sentences(cue) if _is_request(s) and not _moves_a_date(s, talk)]
        if not asks or any(cue - known.cue <= 4 and cue in known.cues for known in found):
            continue
        outcome, cites = _outcome(talk, cue)
        if outcome is None:
            continue
        new = claim("scope_ask", _with_subject(talk, asks), cites=cites, confidence="0.75")
        new.modality = outcome
        found.append(new)
    return found


def _is_request(sentence: Sentence) -> bool:
    is_asked = sentence.is_question or rx(r"\bdoing as well\b|\bwould love\b").search(sentence.said) is not None
    return is_asked and _REQUEST.search(sentence.said) is not None and not _NOT_SCOPE.search(sentence.said)


def _moves_a_date(sentence: Sentence, talk: Talk) -> bool:
    return bool(rx(r"\bmake it\b|\bmove it\b").search(sentence.said) and talk.days(sentence.said, sentence.cue))


def _with_subject(talk: Talk, asks: list[Sentence]) -> list[Sentence]:
    """The sentence before "Can that go in?" says what "that" is."""
    first = asks[0]
    if not rx(r"\b(?:that|it|this|just)\b").search(first.said):
        return asks
    before = [
        s
        for s in talk.sentences(first.cue)
        if s.index in (first.index - 1, first.index - 2) and s.words >= 2 and not s.is_question
    ]
    return [*before[-2:], *asks]


def _outcome(talk: Talk, cue: int) -> tuple[Modality | None, list[int]]:
    """What became of the ask within the next cues; nothing where no answer speaks of scope."""
    cites: list[int] = []
    outcome: Modality | None = None
    for reply in talk.following(cue, 5):
        if outcome is not None and reply - cue > 1 and _starts_anew(talk, reply):
            break
        verdict = _verdict(talk, reply, is_customer=talk.side(reply) == "customer")
        if verdict is None:
            continue
        # A vendor's price may still be turned down by the customer, a refusal stays one.
        if outcome is None or (outcome == "proposed" and verdict == "declined"):
            outcome = verdict
        if outcome == verdict:
            cites.append(reply)
    return outcome, cites


def _starts_anew(talk: Talk, cue: int) -> bool:
    return any(
        _is_request(s) or rx(r"^\W*(?:let's|next|okay, (?:dates|so)|can i)\b").search(s.said)
        for s in talk.sentences(cue)
    )


def _verdict(talk: Talk, cue: int, *, is_customer: bool) -> Modality | None:
    said = _KIND_NO.sub(" ", talk.said(cue))
    if is_customer:
        return "declined" if rx(r"\bthen no\b|^\W*no\. |\bnot this year\b|\bleave it out\b").search(said) else None
    if _GRANTED.search(talk.said(cue)):
        return "committed"
    if _PRICED.search(said) and not rx(r"\bsay(?:ing)? no\b|\bin the exclusions\b").search(said):
        return "proposed"
    if _DECLINED.search(said):
        return "declined"
    return "proposed" if _PRICED.search(said) else None


def open_questions(talk: Talk) -> list[Claim]:
    """What somebody said to leave open: the question itself, and the words that parked it."""
    found: list[Claim] = []
    for cue in range(1, min(talk.recap, talk.last + 1)):
        marks = [s for s in talk.sentences(cue) if _OPEN.search(s.said)]
        if not marks:
            continue
        near = next((known for known in found if cue - max(known.cues) <= 3), None)
        if near is not None and not any(s.is_question for s in marks):
            near.cues.add(cue)
            continue
        question = _question(talk, cue, marks)
        if question is not None:
            found.append(claim("open_question", [question], cites=[cue], confidence="0.75"))
    return found


def _question(talk: Talk, cue: int, marks: list[Sentence]) -> Sentence | None:
    own = [s for s in talk.sentences(cue) if (s.is_question and s.words >= 5) or _STATED.search(s.said)]
    if own:
        return longest(own)
    before = [s for n in talk.preceding(cue, 6) for s in talk.sentences(n) if s.is_question and s.words >= 5]
    return longest(before) or longest(marks)
