"""Which language a transcript is in, by its commonest words."""

from __future__ import annotations

import re
from collections import Counter

from summarizer.transcript import Transcript

_COMMON = {
    "en": {"the", "and", "is", "it", "you", "we", "that", "to", "of", "have", "what", "for", "i'm", "not", "this"},
    "de": {"der", "die", "das", "und", "ist", "ich", "wir", "nicht", "sie", "es", "ein", "dann", "auch", "mit", "den"},
    "es": {"el", "los", "que", "y", "es", "lo", "por", "para", "con", "una", "no", "se", "del", "pero", "las", "muy"},
    "fr": {"le", "les", "et", "est", "vous", "nous", "que", "pas", "une", "des", "dans", "pour", "je", "du", "c'est"},
}
NAMES = {"en": "English", "de": "German", "es": "Spanish", "fr": "French"}


def language_of(transcript: Transcript) -> str:
    """Two letters, or "" where nothing can be told. The words decide; what the file says only breaks a tie."""
    words = Counter(word for cue in transcript.cues for word in re.findall(r"[\w']+", cue.text.casefold()))
    hits = {language: sum(words[word] for word in common) for language, common in _COMMON.items()}
    best = max(hits.values())
    if best * 20 < sum(words.values()) or best < 3:
        return transcript.language[:2].casefold()
    return next(language for language, count in hits.items() if count == best)
