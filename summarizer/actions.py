"""Action items: who promised to do what, was asked and accepted, or was named for it."""

from __future__ import annotations

from collections.abc import Iterator

from summarizer.claims import Claim, claim
from summarizer.due import due_of
from summarizer.people import looks_like_name
from summarizer.sentences import Sentence, rx
from summarizer.talk import Talk
from summarizer.tracks import is_approval, track_of

# Words after "I'll" that promise nothing to anybody, or only a note of the call.
_EMPTY = (
    r"(?:be|have to|need|never|say|tell|admit|use|see|talk|speak|let you (?:know|go)|leave it|stop"
    r"|shut|bet|give you that|take (?:it|that) back"
    r"|say|come (?:back )?to that|start|go (?:first|next|on)|hand over|pass|jump|try not"
    r"|probably regret|miss|love|hate|remember|believe"
    r"|take that one|get (?:to|back to) that|not|only|just say|read|recap|summari[sz]e|share my"
    r"|mute|wait|ignore|survive|live with|stick with"
    r"|put (?:that|it|this|you)|(?:note|log|park|record|mark|flag|minute|write|jot) |keep (?:it"
    r"|that)|call (?:that|it)|add (?:that|it|this)|count|manage|drop off)\b"
)
_PROMISE = rx(
    rf"\b(?:i'll|i will|i'm going to|i shall)(?: (?:just|also|then|definitely|personally|gladly"
    rf"|go and))? (?!{_EMPTY})[a-z-]{{2,}}"
)
# What is done while the call goes on is no task, unless a day is said.
_IN_CALL = rx(
    r"\b(?:i'll|i will|i'm going to) (?:just |also |then |quickly )?(?:go\b|echo|skip|continue"
    r"|keep|proceed|move on|cover|walk|show|present|explain"
    r"|mention|highlight|touch|drop (?:the|a) link|drop .* chat|paste|post .* chat|link\b|add one"
    r"|open|switch|turn|give (?:it|the) (?:caveat|a)|begin|try|stick|hop|join|writ(?:e|ing) (?:it"
    r"|that) down)"
    r"|\bwriting (?:it|that|this) down\b"
)
_CAN = rx(
    r"\bi can (?:do|send|get|give|have|share|bring|provide|take|prepare|set|write|check|arrange"
    r"|come)\b(?! you (?:\w+day|the \w+(?:th|nd|st|rd)))|\bthat i can give\b"
)
_PLAIN = rx(
    r"\bi (?:write|send|push|prepare|make|do|take|give|bring|check|organi[sz]e|arrange"
    r"|deliver) (?:it|this|the|you|a|that|them)\b"
    r"|\b(?:you(?:'ll| will)|you) (?:have|get) (?:it|them|the|those|everything|a)\b|\bso you can (?:log|start|test)\b"
    r"|^\W*(?:leave (?:that|it) (?:to|with) me|i'm on (?:that|it)|mine\b)|\bthat's on me\b|\bi owe you\b"
    r"|\blet me (?:send|get|prepare|draft|check|write|set up)\b|\bhappy to do (?:that|it)\b"
    r"|\bi've got (?:that|this) one\b|\byou'll (?:get|have) .* from me\b|\bi'm (?:sending"
    r"|preparing|writing|booking|setting|ordering)\b|\bit'll be with you\b"
)
_WE = rx(r"\bwe(?:'ll| will) (?:send|prepare|provide|deliver|set up|get|share|check|give|arrange|write|book|draft) ")
_OFFER = rx(
    r"\b(?:shall i|should i|shouldn't i|why don't i|would it help if i|do you want me to"
    r"|want me to|how about i|would you like me to"
    r"|can i send|could i send|what if i (?:send|come|do))\b"
)
_ASK = rx(
    r"\b(?:could|can|would|will) you (?:please |maybe |also |then |just )?(?!be\b|have\b|hear|see|guys|say"
    r"|tell me|imagine|repeat|give me an idea)[a-z]+"
)
_DIRECT = rx(
    r"^\W*(?:and |so |okay |then )?([A-ZÀ-Ý][\w'-]+), (?:you(?:'ll)? (?:need|have|must|should)"
    r"|i need you to|please)\b"
)
_SOMEBODY = rx(
    r"\b(?:somebody|someone|some one|anybody) (?:(?!who|said|told|that"
    r"|stuck)[\w'-]+ ){0,5}?(?:also )?(?:needs? to|has to|have to|must|should|ought to"
    r"|will have to|has got to)\b"
    r"|\bwe(?:'ll)? (?:still |also )?need (?:someone|somebody) (?:to|who)\b|\bthere's nobody for\b"
)
_NAMELESS = rx(
    r"\b(?:without an? (?:name|owner)|no (?:name|owner)(?: yet| for now)?\b|leave it blank"
    r"|nobody yet|owner to be found|who(?:ever)? it is, i don't know)"
)
_MIGHT = rx(
    r"\bi (?:might|may) (?:be able to |also |even )?[a-z]+|\bi could (?:maybe|probably|possibly"
    r"|perhaps)\b|\b(?:maybe|perhaps) i (?:can|could)\b"
    r"|\bi(?:'ll| will) (?:try|see if|do my best)\b|\bif (?:it's|that's|it is) (?:a )?(?:yes|ok"
    r"|okay|approved),? (?:then )?i (?:can|could|will)\b"
    r"|\bi(?:'d)? (?:hope|hoped) to (?:get|send|have)\b"
    r"|\bi should be able to\b|\bi'm hoping to (?:get|send|have|finish)\b|\bi'd like to try\b"
)
_WE_COULD = rx(r"\b(?:we could|we can) (?:run|set up|do|hold|arrange|organi[sz]e|put on) (?:a|an|the|another)\b")
_HEDGE = rx(
    r"\bno promises?\b|\bdon't hold me\b|\bcan't (?:promise|swear)\b|\bcannot promise\b"
    r"|\bnot (?:a )?promis|\bhasn't promised\b|\bnot promising\b|\bhopefully\b"
    r"|\bif i (?:find|get|have) (?:the )?time\b|\bnot sure\b|\bi'd hope\b|\bdon't count on\b"
    r"|\bif all goes well\b|\bfingers crossed\b|\bdon't quote me\b|\bprobably\b|\bi might\b"
)
_MUSING = rx(
    r"\bi (?:suppose|guess)\b|\bif i'm bored\b|\bdon't write\b|\bnot writing\b|\bsomeday\b"
    r"|\bone day\b|\bin theory\b|\bjust thinking\b|\bignore me\b|\bthinking out loud\b"
    r"|\bwould be (?:fun|cool)\b|\bin my dreams\b|\bif i win\b|\bone of these days\b|\bhypothetically\b"
    r"|\b(?:just )?(?:kidding|joking)\b"
)
_DROPPED = rx(
    r"\bnot writing\b|\bnot allowed\b|\bdon't (?:write|be|bother|do that)\b|\bno need\b"
    r"|\bplease don't\b|\bmaybe\. let's see\b"
)
_PERSON = rx(
    r"([A-ZÀ-Ý][\w-]+(?: [A-ZÀ-Ý][\w-]+)?)(?:'s got to|'ll|'s going to| has to| have to| has got to| will"
    r"| needs to| must| is going to| should) (?!be\b|have to be|like\b|want\b|love\b|hate\b|know\b"
    r"|say\b|probably|never|not\b|need\b)([a-z]+)"
)
_PRONOUN = rx(
    r"\b(?:he|she)(?: (?:said|says|told me|promised|reckons|thinks) (?:he|she)(?:'d|'ll| would"
    r"| will)|'ll| will)\b"
)
_CONDITIONAL = rx(r"^\W*(?:if|when|once|unless|what if|until|because)\b")


def actions(talk: Talk) -> list[Claim]:
    """Every action item of the call, each once, with all the cues that speak of it."""
    found: list[Claim] = []
    for cue in range(1, talk.last + 1):
        for new in _in_cue(talk, cue):
            _keep(found, new, talk)
    for item in found:
        _cite_recap(item, talk)
    return found


def _in_cue(talk: Talk, cue: int) -> Iterator[Claim]:
    sentences = talk.sentences(cue)
    if not sentences:
        return
    for rule in (_named, _absent, _promised, _offered, _asked, _directed, _hedged, _ownerless, _suggested):
        new = rule(talk, cue, sentences)
        if new is not None:
            yield new
            # One person's promise is one item, however many sentences it takes.
            return


def _named(talk: Talk, cue: int, sentences: tuple[Sentence, ...]) -> Claim | None:
    """Somebody else is said to do it: "Helen will ring them"."""
    if cue >= talk.recap:
        return None
    for sentence in sentences:
        if sentence.is_question or _CONDITIONAL.search(sentence.said):
            continue
        for match in _PERSON.finditer(sentence.said):
            name = match[1].split()[-1] if not looks_like_name(match[1].split()[0]) else match[1]
            if (
                not match[1][0].isupper()
                or not match[2].islower()
                or not looks_like_name(name.split()[0])
                or not _may_act(talk, name)
            ):
                continue
            owner = talk.people.resolve(name)
            return _action(talk, [sentence], owner, is_hedged=bool(_HEDGE.search(talk.said(cue))), confidence="0.75")
    return None


def _absent(talk: Talk, cue: int, sentences: tuple[Sentence, ...]) -> Claim | None:
    """ "She said she'd do it by Friday", of somebody who was named just before and is not here."""
    for sentence in sentences:
        if sentence.is_question or cue >= talk.recap or not _PRONOUN.search(sentence.said):
            continue
        near = [talk.said(n) for n in (cue, *talk.preceding(cue, 3))]
        owner = next((name for text in near for name in talk.people.absent if name in text), None)
        if owner is not None and talk.days(sentence.said, cue):
            new = _action(talk, [sentence], owner, is_hedged=bool(_HEDGE.search(talk.said(cue))), confidence="0.60")
            if any(is_approval(text) for text in near):
                new.track = "approval"
            return new
    return None


def _may_act(talk: Talk, name: str) -> bool:
    """A name heard more than once, or one that is given in full somewhere."""
    if talk.people.is_known(name):
        return True
    return sum(name.split(maxsplit=1)[0] in cue.text for cue in talk.transcript.cues) > 1


def _promised(talk: Talk, cue: int, sentences: tuple[Sentence, ...]) -> Claim | None:
    answers = talk.preceding(cue, 1)
    is_answer = bool(answers) and (talk.asks(answers[0]) or _needs(talk.said(answers[0])))
    said = [s for s in sentences if _promises(s, talk, is_answer=is_answer)]
    if cue < talk.why_question and not any(talk.days(s.said, cue) for s in said):
        return None  # "I'll be doing the configuration" introduces somebody
    if not said:
        return None
    if any(_MIGHT.search(s.said) for s in said) or _MUSING.search(talk.said(cue)):
        return _hedged(talk, cue, sentences)
    owner = talk.speaker(cue) or None
    if all(_WE.search(s.said) and not _PROMISE.search(s.said) for s in said):
        owner = None
    is_hedged = bool(
        rx(r"no promise|don't hold me|can't (?:promise|swear)|hopefully|if i (?:find|get|have) (?:the )?time").search(
            talk.said(cue)
        )
    )
    new = _action(talk, said, owner, is_hedged=is_hedged, confidence="0.80")
    _add_ask(new, talk)
    return new


def _promises(sentence: Sentence, talk: Talk, *, is_answer: bool) -> bool:
    said = sentence.said
    if sentence.is_question and not rx(r"\b(?:okay|ok|all right|yes|right)\?$").search(sentence.text):
        return False
    if _PROMISE.search(said):
        if _IN_CALL.search(said) and not talk.days(said, sentence.cue):
            return False
        return not rx(r"\bi'll [^,.]* (?:list of risks|risks?|as a maybe|with no owner|in the minutes)\b").search(said)
    has_day = bool(talk.days(said, sentence.cue))
    if sentence.cue >= talk.recap or _CONDITIONAL.search(said):
        return False
    if _WE.search(said):
        return has_day
    return bool(
        (_CAN.search(said) or _PLAIN.search(said))
        and not _IN_CALL.search(said)
        and (has_day or (is_answer and not rx(r"^\W*(?:i take|i make)").search(said)))
        and not _EMPTY_PLAIN.search(said)
    )


_EMPTY_PLAIN = rx(r"\b(?:i take it|i get it|you have the|you get a lot|i make a (?:report|note)|you have a)\b")
_NEED = rx(r"\b(?:i need|we need|we'd need|i'd need|needs to give|has to give|who can|who owns|send me|get me)\b")


def _needs(said: str) -> bool:
    return _NEED.search(said) is not None


def _offered(talk: Talk, cue: int, sentences: tuple[Sentence, ...]) -> Claim | None:
    """ "Shall I send it tomorrow?" is a promise once somebody says yes."""
    offers = [s for s in sentences if _OFFER.search(s.said) and s.is_question]
    if not offers:
        return None
    replies = [n for n in talk.following(cue, 3) if talk.speaker(n) != talk.speaker(cue)]
    if not replies or talk.refuses(replies[0]) or not any(talk.accepts(n) or _takes(talk, n) for n in replies):
        return None
    # A date may follow the question in a sentence of its own.
    tail = [s for s in sentences if s.index == offers[-1].index + 1 and talk.days(s.said, cue)]
    new = _action(talk, [*offers, *tail], talk.speaker(cue) or None, confidence="0.80")
    new.cues.update(n for n in replies[:1])
    return new


def _takes(talk: Talk, cue: int) -> bool:
    return rx(r"\bthat'd (?:help|be)|\bthat would\b|\bif you want\b|\bgo for it\b").search(talk.said(cue)) is not None


def _asked(talk: Talk, cue: int, sentences: tuple[Sentence, ...]) -> Claim | None:
    """A request that the other accepted without promising in words of their own."""
    asks = [s for s in sentences if _ASK.search(s.said) and s.is_question]
    if not asks or cue >= talk.recap:
        return None
    replies = talk.following(cue, 1)
    if not replies or talk.speaker(replies[0]) == talk.speaker(cue):
        return None
    reply = replies[0]
    if (
        not talk.accepts(reply)
        or _promised(talk, reply, talk.sentences(reply))
        or talk.refuses(reply)
        or rx(r"\bnot\b").search(talk.said(reply))
    ):
        return None
    if talk.side(cue) == "customer" and not talk.days(talk.said(cue), cue):
        return None
    new = _action(talk, asks, talk.speaker(reply) or None, confidence="0.65")
    new.cues.add(reply)
    return new


def _directed(talk: Talk, cue: int, sentences: tuple[Sentence, ...]) -> Claim | None:
    """ "Bo, you need to ..." and Bo says yes."""
    for sentence in sentences:
        match = _DIRECT.search(sentence.said)
        replies = talk.following(cue, 1)
        if not match or not match[1][0].isupper() or not replies or not talk.people.is_speaker(match[1]):
            continue
        day_said = talk.days(talk.said(replies[0]), replies[0])
        if talk.accepts(replies[0]) or day_said:
            new = _action(talk, [sentence], talk.people.resolve(match[1]), confidence="0.70")
            new.cues.add(replies[0])
            return new
    return None


def _hedged(talk: Talk, cue: int, sentences: tuple[Sentence, ...]) -> Claim | None:
    """ "I might get it to you by Friday": tentative; a mere thought or one that was turned down is no item."""
    is_hedged = _HEDGE.search(talk.said(cue)) is not None
    said = [s for s in sentences if _might(s.said, is_hedged=is_hedged) and not s.is_question]
    if not said or _MUSING.search(talk.said(cue)) or cue >= talk.recap:
        return None
    if any(_DROPPED.search(talk.said(n)) for n in talk.following(cue, 2)):
        return None
    if said[0].words < 8 and not talk.days(said[0].said, cue):
        return None
    if rx(r"\bi (?:might|may) (?:be|have|need|not|regret|sound|miss|look|ask|know|say|seem)\b(?! able)").search(
        said[0].said
    ):
        return None
    new = _action(talk, said[:1], talk.speaker(cue) or None, is_hedged=True, confidence="0.60")
    _add_ask(new, talk)
    return new


def _might(said: str, *, is_hedged: bool) -> bool:
    return bool(_MIGHT.search(said) or (is_hedged and rx(r"\bi could\b").search(said)))


def _ownerless(talk: Talk, cue: int, sentences: tuple[Sentence, ...]) -> Claim | None:
    if cue >= talk.recap:
        return None
    for sentence in sentences:
        is_task = (
            _SOMEBODY.search(sentence.said) and not sentence.is_question and not _CONDITIONAL.search(sentence.said)
        )
        is_nameless = _NAMELESS.search(sentence.said) and rx(r"\b(?:put|leave|write|down)\b").search(sentence.said)
        if not is_task and not is_nameless:
            continue
        if is_task and any(_claims(talk, n) for n in talk.following(cue, 2)):
            return None
        new = _action(talk, [sentence], None, confidence="0.60")
        new.modality = "proposed"
        near = talk.following(cue, 3)
        new.cues.update(
            n for n in near if _NAMELESS.search(talk.said(n)) or rx(r"\bfind someone\b").search(talk.said(n))
        )
        return new
    return None


def _claims(talk: Talk, cue: int) -> bool:
    """Whether somebody takes the ownerless task."""
    said = talk.said(cue)
    return rx(r"^\W*(?:that's me|me\b|i do that|that'll be me|for \w+, yeah)").search(said) is not None or any(
        _PROMISE.search(s.said) and not s.is_question for s in talk.sentences(cue)
    )


def _suggested(talk: Talk, cue: int, sentences: tuple[Sentence, ...]) -> Claim | None:
    """ "We could run a workshop", neither taken nor turned down."""
    said = [s for s in sentences if _WE_COULD.search(s.said) and not s.is_question]
    replies = talk.following(cue, 1)
    if not said or _MUSING.search(talk.said(cue)) or cue >= talk.recap or not replies or talk.side(cue) != "vendor":
        return None
    if talk.refuses(replies[0]) or not rx(r"\b(?:might|good|like|maybe|think|nice|useful)\b").search(
        talk.said(replies[0])
    ):
        return None
    new = _action(talk, said[:1], None, confidence="0.50")
    new.modality = "proposed"
    new.cues.add(replies[0])
    return new


def _action(
    talk: Talk, sentences: list[Sentence], owner: str | None, *, is_hedged: bool = False, confidence: str
) -> Claim:
    new = claim("action_item", sentences, confidence=confidence)
    new.owner = owner
    new.modality = "tentative" if is_hedged else "committed"
    new.due = due_of(talk, new)
    new.track = track_of(talk, new)
    return new


def _add_ask(new: Claim, talk: Talk) -> None:
    """The question or need that the promise answers is a further citation."""
    for before in talk.preceding(new.cue, 1):
        if talk.speaker(before) != talk.speaker(new.cue) and (
            talk.asks(before) or _needs(talk.said(before)) or _SOMEBODY.search(talk.said(before))
        ):
            new.cues.add(before)


_CORRECTS = rx(r"\blet me correct\b|\bactually\b|\bcorrection\b|\bmake that\b|\bi meant\b")
_THIN = rx(r"\b(?:it|him|her|them|that|so|this)\b")


def _keep(found: list[Claim], new: Claim, talk: Talk) -> None:
    """Adds a new item, or its cues to the one that it repeats."""
    for known in reversed(found):
        gap = new.cue - max(n for n in known.cues if n <= new.cue)
        if gap > 3:
            continue
        is_echo = new.cue in known.cues or (known.owner == new.owner and _is_echo(known, new, talk, gap))
        if is_echo:
            known.cues.update(new.cues)
            known.due = known.due or new.due
            if _CORRECTS.search(talk.said(new.cue)):
                known.cue, known.start, known.end = new.cue, new.start, new.end
            return
        if known.owner is None and new.owner is None and known.modality == new.modality:
            known.cues.update(new.cues)
            known.due = known.due or new.due
            return
    found.append(new)


def _is_echo(known: Claim, new: Claim, talk: Talk, gap: int) -> bool:
    if new.due is not None and new.due == known.due:
        return True
    quote = talk.text(known.cue)[known.start : known.end]
    said = talk.text(new.cue)[new.start : new.end]
    if new.due is not None:
        # "I can send you one" - "I'll have that with you by Friday"
        is_more_exact = known.due is None and len(quote.split()) <= 7
        if is_more_exact:
            known.cue, known.start, known.end = new.cue, new.start, new.end
        is_same = known.due is None and len(said.split()) <= 10 and _THIN.search(said) is not None
        return is_more_exact or is_same
    quote = talk.text(new.cue)[new.start : new.end]
    is_short = len(quote.split()) <= 9
    return gap <= 3 and is_short and _THIN.search(quote) is not None


def _cite_recap(item: Claim, talk: Talk) -> None:
    """Cues of the reading back that name the owner and the day."""
    first = item.owner.split()[0] if item.owner else None
    for cue in range(max(talk.recap, item.cue + 1), talk.last + 1):
        text = talk.said(cue)
        is_named = first is not None and (
            first in text or (talk.speaker(cue) == item.owner and rx(r"\bi\b|\bme\b").search(text))
        )
        if is_named and item.due and any(said.day == item.due for said in talk.days(text, cue)):
            item.cues.add(cue)
