"""What a customer's message asks for: something new, something that was sold, or nothing. Pure.

Cue rules in English, German and Spanish over sentences. A request is out of scope when no clause
matches it, or when it stretches the one it matches: it says itself that it comes on top and brings
something the clause does not have, or it names more, other or longer than the clause does. A person
decides; this only says what to look at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from plan.lexicon import concepts_in, content_of, plain, words_of
from plan.scope import MATCHING_SCORE, Clauses, Match, unexplained

Kind = Literal["out_of_scope_ask", "in_scope_question", "status_request", "holiday", "answer", "chit_chat"]
ORDER: tuple[Kind, ...] = ("out_of_scope_ask", "in_scope_question", "status_request", "holiday", "answer", "chit_chat")

_AGREED = (
    r"as (per|agreed|planned|contracted|discussed|ordered|you set up|we listed)|\bwe listed\b|under the (plan"
    r"|contract|rules)"
    r"|according to|(the|our) contract|agreed|ready for you to|wie (vereinbart|geplant|besprochen"
    r"|vertraglich)|laut vertrag"
    r"|vereinbarte|segun (contrato|lo acordado)|acordad"
)
_ON_TOP = (
    r"\b(also|too|as well|in addition|additional(ly)?|as an extra|extra|on top|besides|new requirement|furthermore"
    r"|one more|another|not discuss(ed)?|did not discuss|not (part of|in) the (contract|plan)|came up"
    r"|forgot to mention"
    r"|zusatzlich|auch noch|auch|ausserdem|daruber hinaus|noch (ein|eine|einen|dazu)|weitere|neue anforderung"
    r"|nicht besprochen"
    r"|ademas|tambien|adicional|otro|otra|nuevo requisito|no lo hablamos|de paso)\b"
)
_MORE = (
    r"\b(second|third|fourth|two more|more people|further|other (system|database|provider|site)|longer|extend"
    r"|until the end"
    r"|weekends?|nights?|around the clock|offline|on site|live|every \w+ minutes|in place of|instead of"
    r"|separate|own (filter|accounts?|version)|back into"
    r"|(write|writes|send|flow|go|report|push) [a-z ]{0,30}back|separat\w*|eigene[mnrs]?|propi[oa]s?"
    r"|both ways|down to|in french|in italian|in polish|in spanish|in german|by region|by language|videos?"
    r"|films?|movies"
    r"|sister company|subsidiary|suppliers?|partners?|zweite\w*|dritte\w*|wochenende\w*|nachts"
    r"|rund um die uhr|vor ort"
    r"|offlinefahig|zuruck\w*|feldebene|franzosisch|polnisch|italienisch|regionen|videos?|filme"
    r"|schwesterfirma|lieferanten"
    r"|segund[oa]|tercer[oa]?|fines? de semana|noches?|sin conexion|vuelta|en frances|en italiano|videos?"
    r"|filial|proveedores)\b"
)
_WISH = (
    r"\b(can|could|would|will) (you|we|it|the|our|i)\b|\b(can|could) [a-z ]{3,40} (get|have|be|come|run"
    r"|work)\b|\bplease\b|\bwe (would )?(also )?(need|want|like|wish)"
    r"|\b(wants?|asks?|would like|is asking|requests?)\b|(would|could) (be|help|get)\b|would be (nice|great"
    r"|good|useful|helpful)"
    r"|it would help|should (also |now )?(be|come|go|write|have|get|include)|new requirement|would like"
    r"|\bhook\b|put one in"
    r"|konnen sie|konnten sie|kann (es|die|der|das|man)|konnen (die|wir|sie)|konnten wir|\bbitte\b"
    r"|wir (brauchen|wollen|hatten|mochten)|mochten?\b"
    r"|\bware\b|machen sie|sollte[n]?\b|musste[n]?\b|gern(e)?\b|neue anforderung|geht das"
    r"|pueden|podrian|podemos|necesitamos|queremos|nos gustaria|quisieramos|seria (util|bueno)|por favor"
    r"|nuevo requisito"
)
_STATUS = (
    r"where (do )?we stand|state of (things|play)|any news|heard nothing|how is it going|update on progress"
    r"|status (update|report)?"
    r"|what is the status|short update|when (do|will) we (go live|launch)|on track|wo stehen wir"
    r"|etwas neues zum termin|nichts gehort"
    r"|wie geht es voran|wie ist der stand|como vamos|en que punto|novedades sobre la fecha"
    r"|estado del proyecto|sin noticias"
    r"|still the date|is the date|timeline still"
)
_AWAY = (
    r"\b(i am|we are|i will be|office is|i'm) (away|out|closed|on (leave|holiday|vacation))|\bmy leave\b"
    r"|out of office|on vacation|annual leave"
    r"|im urlaub|abwesend|geschlossen|bin vom|nicht im (buro|haus)|de vacaciones|estare fuera|oficina (esta )?cerrad"
)
_ANSWER = (
    r"^(here (is|are|it is|you)|done on our side|sorry (for the|it took|about)|attached|please find"
    r"|find attached|as requested|we sent)"
    r"|here it is|please find it attached|in the shared folder|entschuldigung fur|anbei|hier ist|hier ein"
    r"|bei uns erledigt|im anhang"
    r"|perdon por|adjunto|aqui esta|hecho por nuestra parte"
)
_QUESTION = (
    r"\?|who is responsible|question about|do you have an update|have a comment|will test|frage (zu|zum|zur)|pregunta"
)
_GREETING = re.compile(
    r"^\s*(hi|hello|dear|hallo|guten tag|liebe\w*|hola|buenos dias|buenas tardes)\b[^,:\n]{0,40}[,:]\s*", re.IGNORECASE
)
_CLOSING = re.compile(
    r"\n\s*(best|kind|regards|thanks|cheers|viele|mit freundlichen|beste|saludos|un saludo|atentamente)\b.*",
    re.IGNORECASE | re.DOTALL,
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message, or a sentence of it, is taken for.

    `quote` is the sentence, `matches` its nearest clauses, `clause_id` the one it belongs to or
    stretches, None where none matches. `is_stretch`: the clause is matched and gone beyond.
    """

    kind: Kind
    quote: str
    matches: tuple[Match, ...] = ()
    clause_id: str | None = None
    is_stretch: bool = False


def read(text: str, clauses: Clauses) -> Reading:
    """The weightiest sentence decides: an ask for something new before anything else."""
    readings = [read_sentence(sentence, clauses) for sentence in sentences(text)]
    return min(readings, key=lambda reading: ORDER.index(reading.kind), default=Reading("chit_chat", ""))


def sentences(text: str) -> list[str]:
    """The sentences between greeting and signature."""
    body = _CLOSING.sub("", _GREETING.sub("", text))
    return [piece for piece in (part.strip() for part in _SENTENCE.split(body)) if piece]


def read_sentence(sentence: str, clauses: Clauses) -> Reading:
    """One sentence alone."""
    said = plain(sentence)
    for kind, cues in _PLAIN_KINDS:
        if _has(cues, said):
            return Reading(kind, sentence)
    words = words_of(sentence)
    if not content_of(words) and not concepts_in(words):
        return Reading("in_scope_question" if "?" in said else "chit_chat", sentence)
    if not _has(_WISH, said) and not _has(_QUESTION, said) and not _has(_ON_TOP, said):
        return Reading("chit_chat", sentence)
    return _about_work(sentence, said, clauses)


def _about_work(sentence: str, said: str, clauses: Clauses) -> Reading:
    matches = tuple(clauses.match(sentence))
    best = matches[0] if matches and matches[0].score >= MATCHING_SCORE else None
    clause_id = best.item_id if best else None
    is_request = _has(_WISH, said) and not _has(_AGREED, said)
    is_stretch = bool(best) and is_request and _stretches(sentence, said, clauses, best)
    is_new = is_request and (best is None or is_stretch)
    return Reading("out_of_scope_ask" if is_new else "in_scope_question", sentence, matches, clause_id, is_stretch)


def _stretches(sentence: str, said: str, clauses: Clauses, best: Match | None) -> bool:
    clause = clauses.texts[best.item_id] if best else ""
    goes_on = [found[0] for found in re.finditer(_MORE, said) if found[0] not in plain(clause)]
    return bool(goes_on) or (_has(_ON_TOP, said) and bool(unexplained(sentence, clause)))


def _has(cues: str, said: str) -> bool:
    return re.search(cues, said) is not None


_PLAIN_KINDS: Iterable[tuple[Kind, str]] = (("answer", _ANSWER), ("holiday", _AWAY), ("status_request", _STATUS))
